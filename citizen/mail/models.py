"""The outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from citizen.db import db


class Letter(db.Model):
    """One e-mail to send; its text and its enclosure (« name », « type », « text ») are erased once it has left.

    One that is untraced is erased whole, and says the day it was written, not the hour.
    """

    __tablename__ = "outbox_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    enclosure: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    is_untraced: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (Index("ix_outbox_letter_next_try_at_id", "next_try_at", "id"),)
