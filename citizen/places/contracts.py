"""City contracts written by the Region: facts, perimeters, signatories, renewal sites, publication; or loaded from a file."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.words import Words, slug
from citizen.places import spreadsheets
from citizen.places.contract_models import CityContract, RenewalSite, Signatory, contract_perimeter
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.reading import Problem, Refused, UnknownFile
from citizen.places.rules import QUARTERS, searchable
from citizen.places.spreadsheets import ContractRow


def _require_region(actor: Actor) -> None:
    if not actor.holds(Role.REGION_OFFICER, REGION):
        raise Forbidden("contracts")


def _held(actor: Actor, contract_id: int) -> CityContract:
    """The contract, held until the transaction ends; Forbidden to all but the Region's officers."""
    _require_region(actor)
    return db.session.get_one(CityContract, contract_id, with_for_update=True, populate_existing=True)


def _record(actor: Actor, contract: CityContract, action: str, reason: str = "") -> None:
    journal.record(actor, contract.on, action, reason=reason)


def open_contract(actor: Actor, *, title: str, sirens: Iterable[str]) -> CityContract:
    """A new draft, with the intermunicipalities that lead it."""
    _require_region(actor)
    with transaction():
        if db.session.scalar(select(CityContract.id).where(CityContract.slug == slug(title))):
            raise Invalid("title", _("Un contrat a déjà ce nom."))
        contract = CityContract(slug=slug(title), title=title, search_name=searchable(title))
        contract.intermunicipalities = _among(Intermunicipality, Intermunicipality.siren, sirens)
        db.session.add(contract)
        db.session.flush()
        _record(actor, contract, "opened", title)
        return contract


def change(
    actor: Actor, contract_id: int, *, sirens: Iterable[str], communes: Iterable[str], perimeter_ids: Iterable[int], **facts: Any
) -> CityContract:  # fmt: skip
    """Everything of a contract but its signatories and renewal sites; its address stays."""
    with transaction():
        contract = _held(actor, contract_id)
        wanted = _among(Perimeter, Perimeter.id, perimeter_ids)
        _fill(contract, facts)
        contract.intermunicipalities = _among(Intermunicipality, Intermunicipality.siren, sirens)
        contract.communes = _among(Commune, Commune.code, communes)
        _hold(contract, wanted)
        _record(actor, contract, "changed")
        return contract


def _among(model: Any, column: Any, keys: Iterable[Any]) -> list[Any]:
    """The rows of these keys; those that nobody knows are left out."""
    return list(db.session.scalars(select(model).where(column.in_(list(keys)))))


def _fill(contract: CityContract, facts: dict[str, Any]) -> None:
    """Its plain columns, checked together; raises Invalid."""
    told = {
        name: facts.get(name, getattr(contract, name)) for name in ("starts_on", "ends_on", "review_due_on", "review_held_on")
    }
    first, last, due, held = told.values()
    if first and last and last < first:
        raise Invalid("ends_on", _("La fin vient avant le début."))
    if due and ((first and due < first) or (last and due > last)):
        raise Invalid("review_due_on", _("La revue à mi-parcours a lieu pendant le contrat."))
    _refuse_future("review_held_on", held, _("Cette revue n’a pas encore eu lieu."))
    for name, value in facts.items():
        setattr(contract, name, value)
    contract.search_name = searchable(contract.title)


def _hold(contract: CityContract, wanted: list[Perimeter]) -> None:
    """Its quarters; one belongs to one contract at a time. A renewal site loses those that leave."""
    ids = sorted(one.id for one in wanted)
    if any(one.kind not in QUARTERS for one in wanted):
        raise Invalid("perimeters", _("Un contrat tient des quartiers, pas des communes entières."))
    # contracts that want the same quarter take turns
    db.session.scalars(select(Perimeter.id).where(Perimeter.id.in_(ids)).order_by(Perimeter.id).with_for_update()).all()
    with db.session.no_autoflush:
        _refuse_taken(contract, ids)
    contract.perimeters = wanted
    for site in contract.renewal_sites:
        site.perimeters = [one for one in site.perimeters if one.id in ids]
    db.session.flush()


def _refuse_taken(contract: CityContract, ids: list[int]) -> None:
    other, first, last = CityContract, contract.starts_on, contract.ends_on
    together = [other.id != contract.id] if contract.id else []
    together += [or_(other.ends_on.is_(None), other.ends_on >= first)] if first else []
    together += [or_(other.starts_on.is_(None), other.starts_on <= last)] if last else []
    taken = (
        select(Perimeter.name, other.title)
        .join(contract_perimeter, contract_perimeter.c.perimeter_id == Perimeter.id)
        .join(other, other.id == contract_perimeter.c.contract_id)
        .where(Perimeter.id.in_(ids), *together)
        .order_by(Perimeter.name)
    )
    if found := db.session.execute(taken.limit(1)).first():
        words = _("« %(quarter)s » est déjà dans « %(contract)s » aux mêmes dates.", quarter=found[0], contract=found[1])
        raise Invalid("perimeters", words)


def _refuse_future(field: str, day: date | None, words: str) -> None:
    if day and day > clock.today():
        raise Invalid(field, words)


def add_signatory(actor: Actor, contract_id: int, *, name: str, kind: str, signed_on: date | None) -> Signatory:
    """One more institution."""
    with transaction():
        contract = _held(actor, contract_id)
        _refuse_twice(name, contract.signatories)
        _refuse_future("signed_on", signed_on, _("Cette signature n’a pas encore eu lieu : laissez vide jusque-là."))
        signatory = Signatory(name=name, kind=kind, signed_on=signed_on)
        contract.signatories.append(signatory)
        _record(actor, contract, "signatory_added", name)
        return signatory


def add_site(actor: Actor, contract_id: int, *, name: str, kind: str, perimeter_ids: Iterable[int]) -> RenewalSite:
    """One more urban-renewal site, on quarters of the contract."""
    with transaction():
        contract, wanted = _held(actor, contract_id), set(perimeter_ids)
        _refuse_twice(name, contract.renewal_sites)
        site = RenewalSite(name=name, kind=kind, perimeters=[one for one in contract.perimeters if one.id in wanted])
        contract.renewal_sites.append(site)
        _record(actor, contract, "site_added", name)
        return site


def _refuse_twice(name: str, known: Iterable[Signatory | RenewalSite]) -> None:
    if searchable(name) in {searchable(one.name) for one in known}:
        raise Invalid("name", _("« %(name)s » y est déjà.", name=name))


def remove(actor: Actor, contract_id: int, part: str, number: int) -> None:
    """Takes out a signatory or a renewal site; nothing when it is gone already."""
    with transaction():
        contract = _held(actor, contract_id)
        rows: list[Any] = getattr(contract, part)
        for one in [one for one in rows if one.id == number]:
            rows.remove(one)
            _record(actor, contract, "removed", one.name)


def publish(actor: Actor, contract_id: int, *, is_public: bool) -> None:
    """Shows the contract to everybody, or takes its page back."""
    with transaction():
        contract = _held(actor, contract_id)
        state = "published" if is_public else "draft"
        if contract.state != state:
            journal.record(actor, contract.on, "published" if is_public else "taken_back", before=contract.state, after=state)
            contract.state = state


@dataclass(frozen=True)
class Loaded:
    """How many contracts a file brought, and brought up to date."""

    created: int
    updated: int


def import_file(path: Path) -> Loaded:
    """Loads a file of contracts, all or nothing; raises Refused with every problem. What a line does not tell stays."""
    try:
        return _load(path)
    except Refused as error:
        raise Refused([replace(problem, file=path.name) for problem in error.problems]) from None


def _load(path: Path) -> Loaded:
    try:
        seen = spreadsheets.read(path.read_bytes())
    except OSError as error:
        raise Refused([Problem(0, Words("le fichier ne s’ouvre pas (%(error)s).", error=error.strerror))]) from None
    except UnknownFile as error:
        raise Refused([Problem(0, error.args[0])]) from None
    if seen.problems:
        raise Refused(seen.problems)
    with transaction():
        loader = _Loader(seen.rows)  # type: ignore[arg-type]
        if problems := [problem for row in loader.rows for problem in loader.load(row)]:
            raise Refused(problems)
    return Loaded(loader.created, len(loader.rows) - loader.created)


class _Loader:
    """The rows of one file, and what they name, read at once."""

    def __init__(self, rows: list[ContractRow]):
        self.rows, self.created = rows, 0
        self._known = {one.slug: one for one in _among(CityContract, CityContract.slug, {row.key for row in rows})}
        sirens, towns = ({code for row in rows for code in getattr(row, name)} for name in ("intermunicipalities", "communes"))
        self._sirens = {one.siren: one for one in _among(Intermunicipality, Intermunicipality.siren, sirens)}
        self._communes = {one.code: one for one in _among(Commune, Commune.code, towns)}
        codes = {code for row in rows for code in (*row.perimeters, *(code for site in row.renewal_sites for code in site[2]))}
        today, found = clock.today(), _among(Perimeter, Perimeter.code, codes)
        # of several versions, the one in force, else the newest
        found.sort(key=lambda one: (one.valid_from <= today <= (one.valid_until or today), one.valid_from, one.id))
        self._perimeters = {one.code: one for one in found}

    def load(self, row: ContractRow) -> list[Problem]:
        """Keeps one contract; what is wrong with it otherwise."""
        named = (
            (row.intermunicipalities, self._sirens),
            (row.communes, self._communes),
            (row.perimeters, self._perimeters),
            ([code for site in row.renewal_sites for code in site[2]], self._perimeters),
        )
        lost = [code for codes, known in named for code in codes if code not in known]
        if lost:
            return [Problem(row.number, Words("code inconnu ici : %(code)s.", code=code), is_line=True) for code in lost]
        try:
            self._keep(row)
        except Invalid as error:
            return [Problem(row.number, error.message, is_line=True)]
        return []

    def _keep(self, row: ContractRow) -> None:
        contract = self._known.get(row.key)
        self.created += contract is None
        contract = contract or CityContract(slug=row.key)
        with db.session.no_autoflush:
            _fill(contract, {"title": row.title, **row.facts})
            db.session.add(contract)
            for name, known in (("intermunicipalities", self._sirens), ("communes", self._communes)):
                if codes := getattr(row, name):
                    setattr(contract, name, [known[code] for code in codes])
        for kind, name, day in row.signatories:
            _refuse_future("signatories", day, _("« %(name)s » n’a pas encore signé à cette date.", name=name))
            signatory = next((one for one in contract.signatories if one.name == name), None) or Signatory(name=name)
            signatory.kind, signatory.signed_on = kind, day or signatory.signed_on
            contract.signatories = [*(one for one in contract.signatories if one is not signatory), signatory]
        for kind, name, codes in row.renewal_sites:
            site = next((one for one in contract.renewal_sites if one.name == name), None) or RenewalSite(name=name)
            site.kind, site.perimeters = kind, [self._perimeters[code] for code in codes] or site.perimeters
            contract.renewal_sites = [*(one for one in contract.renewal_sites if one is not site), site]
        wanted = [self._perimeters[code] for code in row.perimeters] or list(contract.perimeters)
        if outside := {one.name for site in contract.renewal_sites for one in site.perimeters} - {one.name for one in wanted}:
            raise Invalid("perimeters", _("« %(name)s » est d’un site mais pas du contrat.", name=min(outside)))
        _hold(contract, wanted)
        _record(NOBODY, contract, "imported")
