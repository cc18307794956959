"""Intermunicipalities, communes and perimeters; a perimeter exists once for each version of its outline."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db


class Intermunicipality(db.Model):
    """An EPCI. ``kind`` is « CC », « CA », « CU » or « METRO »; ``population`` None: not told."""

    siren: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    population: Mapped[int | None]


class Commune(db.Model):
    """A commune by its INSEE code. ``population`` None: not told."""

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    departement: Mapped[str]
    siren: Mapped[str | None]
    population: Mapped[int | None]
    postal_codes: Mapped[list[str]] = mapped_column(default=list)
    intermunicipality_siren: Mapped[str | None] = mapped_column(ForeignKey("intermunicipality.siren"), index=True)
    intermunicipality: Mapped[Intermunicipality | None] = relationship()
    perimeters: Mapped[list["Perimeter"]] = relationship(
        secondary="perimeter_commune", viewonly=True, order_by="Perimeter.name, Perimeter.id"
    )


perimeter_commune = Table(
    "perimeter_commune",
    db.metadata,
    Column("perimeter_id", ForeignKey("perimeter.id", ondelete="CASCADE"), primary_key=True),
    Column("commune_code", ForeignKey("commune.code"), primary_key=True, index=True),
)
perimeter_intermunicipality = Table(
    "perimeter_intermunicipality",
    db.metadata,
    Column("perimeter_id", ForeignKey("perimeter.id", ondelete="CASCADE"), primary_key=True),
    Column("siren", ForeignKey("intermunicipality.siren"), primary_key=True, index=True),
)


class Perimeter(db.Model):
    """One version of a quarter's outline, in force from ``valid_from`` to ``valid_until`` (both included; None: still).

    ``outline``: coordinates of a GeoJSON MultiPolygon (WGS84), read only when asked for; ``lon`` and ``lat``: a point inside.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    version: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    departement: Mapped[str]
    population: Mapped[int | None]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    outline: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    communes: Mapped[list[Commune]] = relationship(secondary=perimeter_commune, order_by=Commune.name)
    intermunicipalities: Mapped[list[Intermunicipality]] = relationship(
        secondary=perimeter_intermunicipality, order_by=Intermunicipality.name
    )

    __table_args__ = (
        UniqueConstraint("code", "kind", "version"),
        CheckConstraint("kind IN ('priority', 'watch', 'lived_in', 'commune')", name="kind"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
        Index("ix_perimeter_kind_valid_from", "kind", "valid_from"),
    )


class TerritoryStamp(db.Model):
    """One row whose value changes with every import: processes that keep outlines in memory compare it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str]

    __table_args__ = (CheckConstraint("id = 1", name="single"),)
