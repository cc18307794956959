"""City contracts: who signed what, on which perimeters, for how long; the urban-renewal sites they hold."""

from datetime import date, timedelta

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.db import db
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.rules import RenewalKind, SignatoryKind

REVIEW_NOTICE = timedelta(days=90)


def _link(name: str, owner: str, key: str, target: str) -> Table:
    return Table(
        name,
        db.metadata,
        Column(f"{owner.removeprefix('city_')}_id", ForeignKey(f"{owner}.id", ondelete="CASCADE"), primary_key=True),
        Column(key, ForeignKey(target), primary_key=True, index=True),
    )


contract_intermunicipality = _link("contract_intermunicipality", "city_contract", "siren", "intermunicipality.siren")
contract_commune = _link("contract_commune", "city_contract", "commune_code", "commune.code")
contract_perimeter = _link("contract_perimeter", "city_contract", "perimeter_id", "perimeter.id")
renewal_perimeter = _link("renewal_perimeter", "renewal_site", "perimeter_id", "perimeter.id")


class CityContract(db.Model):
    """One « contrat de ville » (« Engagements Quartiers 2030 »); whatever is None or empty is not known.

    ``communes`` are those it names besides those of its perimeters; ``about`` is what everybody should know of it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    search_name: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="draft")
    about: Mapped[str] = mapped_column(Text, default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    review_clause: Mapped[str] = mapped_column(Text, default="")
    review_due_on: Mapped[date | None]
    review_held_on: Mapped[date | None]
    intermunicipalities: Mapped[list[Intermunicipality]] = relationship(
        secondary=contract_intermunicipality, order_by=Intermunicipality.name
    )
    communes: Mapped[list[Commune]] = relationship(secondary=contract_commune, order_by="Commune.name, Commune.code")
    perimeters: Mapped[list[Perimeter]] = relationship(
        secondary=contract_perimeter, order_by="Perimeter.search_name, Perimeter.id"
    )
    signatories: Mapped[list["Signatory"]] = relationship(order_by="Signatory.name, Signatory.id", cascade="all, delete-orphan")
    renewal_sites: Mapped[list["RenewalSite"]] = relationship(
        order_by="RenewalSite.name, RenewalSite.id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("slug <> '' AND title <> ''", name="named"),
    )

    @property
    def on(self) -> str:
        return f"contract:{self.id}"

    @property
    def signed_by(self) -> list["Signatory"]:
        """The signatories as a contract names them: the State and the Region first, then by name."""
        return sorted(self.signatories, key=lambda one: list(SignatoryKind).index(SignatoryKind(one.kind)))

    @property
    def towns(self) -> list[str]:
        """The codes of its communes: those it names, and those of its perimeters."""
        around = {town.code for perimeter in self.perimeters for town in perimeter.communes}
        return sorted({town.code for town in self.communes} | around)

    @property
    def is_public(self) -> bool:
        return self.state == "published"

    def is_over(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    def awaits_review(self, day: date) -> bool:
        """Whether its mid-term review is due soon, or late, and was not held."""
        return self.review_due_on is not None and self.review_held_on is None and day >= self.review_due_on - REVIEW_NOTICE


def _one_of(column: str, kinds: type[SignatoryKind] | type[RenewalKind]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(kind.value) for kind in kinds)})", name=column)


class Signatory(db.Model):
    """An institution that signs a contract; ``signed_on`` None: not yet, or not told."""

    __tablename__ = "contract_signatory"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("city_contract.id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    signed_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("contract_id", "name"), _one_of("kind", SignatoryKind))


class RenewalSite(db.Model):
    """A site of the urban-renewal programme (NPNRU), of national or regional interest."""

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("city_contract.id", ondelete="CASCADE"))
    name: Mapped[str]
    kind: Mapped[str]
    perimeters: Mapped[list[Perimeter]] = relationship(
        secondary=renewal_perimeter, order_by="Perimeter.search_name, Perimeter.id"
    )

    __table_args__ = (UniqueConstraint("contract_id", "name"), _one_of("kind", RenewalKind))
