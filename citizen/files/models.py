"""Documents: what is known of each file; the bytes are in the site's folder."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from citizen.db import db


class Document(db.Model):
    """One file kept; ``key`` is its random name on the disk, ``name`` the one people see, ``sha256`` of the bytes kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    media_type: Mapped[str]
    byte_size: Mapped[int]
    sha256: Mapped[str]
    is_image: Mapped[bool]
    width: Mapped[int | None]
    height: Mapped[int | None]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("is_image = (width IS NOT NULL AND height IS NOT NULL)", name="image_has_size"),)
