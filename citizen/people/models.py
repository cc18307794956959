"""People, their sign-ins, their organisations and the duties they hold on something."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.kernel.access import Role


class Person(db.Model):
    """An account. ``email`` is lower case; ``verified_at`` is when the address answered.

    ``demo_role`` is shown on the sign-in page of a demonstration; the account opens there in one click.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    verified_at: Mapped[datetime | None]
    is_suspended: Mapped[bool] = mapped_column(default=False)
    demo_role: Mapped[str | None]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class SignIn(db.Model):
    """One open session on one device; ``token_hash`` is what the cookie's token hashes to."""

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Link(db.Model):
    """A single-use link sent by mail, bound to its purpose; only its hash is kept."""

    __tablename__ = "mailed_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Attempt(db.Model):
    """Tries counted for one act on one address; ``key`` is a hash, so that no list of addresses can be read here."""

    key: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


class Organisation(db.Model):
    """A resident group, an association, a commune, an intermunicipality or the Region.

    ``contact`` is how everybody may reach it (a desk, a telephone, an address of its own); a group of residents has none.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    rna: Mapped[str | None] = mapped_column(unique=True)
    siret: Mapped[str | None] = mapped_column(unique=True)
    contact: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    members: Mapped[list["Membership"]] = relationship(back_populates="organisation", order_by="Membership.id")

    __table_args__ = (
        CheckConstraint("kind IN ('group', 'association', 'commune', 'intermunicipality', 'region')", name="kind"),
        CheckConstraint("kind <> 'group' OR contact = ''", name="group_has_no_contact"),
    )


class Membership(db.Model):
    """A person in an organisation."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation: Mapped[Organisation] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("organisation_id", "person_id"),)


class Duty(db.Model):
    """A role held on something: « fund_manager » on « fund:3 »."""

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Enum(Role, native_enum=False, length=30, values_callable=lambda roles: [*roles]))
    on: Mapped[str]

    __table_args__ = (UniqueConstraint("person_id", "role", "on"), Index("ix_duty_on_role", "on", "role"))
