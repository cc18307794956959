"""Opening funds and calls, adopting rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.envelope_models import Envelope
from citizen.funds.models import Call, CallFunder, Fund, Ruleset
from citizen.journal import services as journal
from citizen.kernel.access import PLATFORM, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.words import slug as slug_of
from citizen.people import services as people
from citizen.places.models import Commune, Perimeter
from citizen.web.filters import day, say

Funders = Sequence[tuple[str, int]]  # (name, percent) of who pays an envelope, in the order shown


def keeps(actor: Actor, kept: Fund | Envelope) -> bool:
    """Who writes its rules: its managers; for a commune's or the Region's fund, and above the calls, their officers."""
    return bool(actor.roles_on(kept.targets) & kept.keepers)


def require_keeper(actor: Actor, fund: Fund) -> None:
    """Forbidden to who does not keep the fund."""
    if not keeps(actor, fund):
        raise Forbidden(fund.on)


def may_look_after(actor: Actor, fund: Fund) -> bool:
    """Who sets a fund's name, territory, sub-funds and periods: who keeps it, or an administrator for an association."""
    is_helped = Role.FUND_MANAGER in fund.keepers and actor.holds(Role.ADMINISTRATOR, PLATFORM)
    return is_helped or keeps(actor, fund)


def _look_after(actor: Actor, fund_id: int) -> Fund:
    """The fund, held until the transaction ends; Forbidden to who does not look after it."""
    fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
    if not may_look_after(actor, fund):
        raise Forbidden(fund.on)
    return fund


def adopt_ruleset(actor: Actor, fund_id: int, *, terms: dict[str, Any], adopted_on: date, act_reference: str) -> Ruleset:
    """A new version of the fund's rules; projects already lodged keep theirs."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update=True)
        require_keeper(actor, fund)
        _refuse_future(adopted_on)
        return _adopt(actor, fund, terms, adopted_on, act_reference)


def _refuse_future(adopted_on: date) -> None:
    if adopted_on > clock.today():
        raise Invalid("adopted_on", _("L’acte n’est pas encore pris : mettez le jour où il l’a été."))


def _adopt(actor: Actor, fund: Fund, terms: Mapping[str, Any], adopted_on: date, act_reference: str) -> Ruleset:
    newest = db.session.scalars(
        select(Ruleset).where(Ruleset.fund_id == fund.id).order_by(Ruleset.version.desc()).limit(1)
    ).one_or_none()
    if newest and adopted_on < newest.adopted_on:
        raise Invalid("adopted_on", _("La version précédente a été adoptée le %(day)s.", day=day(newest.adopted_on)))
    whole = fund.rules.default_terms() | dict(terms)
    refuse_faults(fund, whole)
    ruleset = Ruleset(
        fund_id=fund.id, version=newest.version + 1 if newest else 1, terms=whole, adopted_on=adopted_on,
        act_reference=act_reference,
    )  # fmt: skip
    db.session.add(ruleset)
    db.session.flush()
    journal.record(actor, fund.on, "ruleset_adopted", reason=act_reference)
    return ruleset


def refuse_faults(fund: Fund, terms: Mapping[str, Any]) -> None:
    """Invalid for the first term that contradicts another."""
    for name, sentence in fund.rules.faults(terms):
        raise Invalid(f"term_{name}", say(sentence))


def create_fund(
    actor: Actor, kind: type[Fund], *, title: str, slug: str = "", organisation_id: int, commune_code: str | None = None,
    perimeter_ids: Iterable[int] = (), terms: dict[str, Any] | None = None, adopted_on: date, act_reference: str,
) -> Fund:  # fmt: skip
    """A fund of ``kind`` with the first version of its rules; administrators only."""
    if not actor.holds(Role.ADMINISTRATOR):
        raise Forbidden("create_fund")
    with transaction():
        perimeters = db.session.scalars(select(Perimeter).where(Perimeter.id.in_(list(perimeter_ids)))).all()
        fund = kind(
            slug=slug or _free_slug(title),
            title=title,
            organisation_id=organisation_id,
            commune_code=commune_code,
            perimeters=list(perimeters),
        )
        db.session.add(fund)
        db.session.flush()
        journal.record(actor, fund.on, "created")
        _adopt(actor, fund, terms or {}, adopted_on, act_reference)
        return fund


def change_fund(
    actor: Actor, fund_id: int, *, title: str, perimeter_ids: Iterable[int], commune_codes: Iterable[str]
) -> Fund:  # fmt: skip
    """Its name, its quarters, and the communes that it takes whole; its address stays."""
    with transaction():
        fund = _look_after(actor, fund_id)
        fund.title = title
        fund.perimeters = list(db.session.scalars(select(Perimeter).where(Perimeter.id.in_(list(perimeter_ids)))))
        fund.communes = list(db.session.scalars(select(Commune).where(Commune.code.in_(list(commune_codes)))))
        journal.record(actor, fund.on, "changed")
        return fund


def present(actor: Actor, fund_id: int, contact: str) -> None:
    """How everybody may reach the organisation that keeps the fund, written by who keeps it."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
        require_keeper(actor, fund)
        fund.organisation.contact = contact
        journal.record(actor, fund.on, "contact_changed")


def open_subfund(actor: Actor, parent_id: int, *, title: str, adopted_on: date, act_reference: str) -> Fund:
    """A fund for a sector of this one: its territory and rules start from its parent's; who opens it manages it."""
    with transaction():
        parent = _look_after(actor, parent_id)
        if parent.parent_id:
            raise Invalid("title", _("Un secteur ne se divise pas : ouvrez-le dans le fonds principal."))
        _refuse_future(adopted_on)
        fund = type(parent)(
            slug=_free_slug(title), title=title, organisation_id=parent.organisation_id, commune_code=parent.commune_code,
            parent_id=parent.id, perimeters=list(parent.perimeters), communes=list(parent.communes),
        )  # fmt: skip
        db.session.add(fund)
        db.session.flush()
        journal.record(actor, fund.on, "created", reason=parent.title)
        _adopt(actor, fund, parent.ruleset_on(clock.today()).terms, adopted_on, act_reference)
        if actor.person_id and actor.holds(Role.FUND_MANAGER, parent.on):
            people.give_duty(actor, actor.person_id, Role.FUND_MANAGER, fund.on)
        return fund


def _free_slug(title: str) -> str:
    """An address for the fund that no other has."""
    wanted = slug_of(title)
    taken = set(db.session.scalars(select(Fund.slug).where(Fund.slug.startswith(wanted))))
    return next(name for name in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if name not in taken)


def open_call(
    actor: Actor, kind: type[Call], fund_id: int, *, title: str, opens_on: date, closes_on: date, envelope_cents: int,
    funders: Funders = (), **own: Any,
) -> Call:  # fmt: skip
    """Opens a call of ``kind`` (with its ``own`` columns) under the newest rules of the fund; it may say who pays which share."""
    _refuse_backwards(opens_on, closes_on)
    with transaction():
        _look_after(actor, fund_id)
        newest = select(Ruleset.id).where(Ruleset.fund_id == fund_id).order_by(Ruleset.version.desc()).limit(1)
        call = kind(
            fund_id=fund_id, ruleset_id=db.session.scalar(newest), title=title, opens_on=opens_on, closes_on=closes_on,
            funders=_funders(funders), **own,
        )  # fmt: skip
        db.session.add(call)
        db.session.flush()
        ledger.endow(actor, call.id, envelope_cents)
        journal.record(actor, f"call:{call.id}", "opened")
        return call


def change_call(actor: Actor, call_id: int, *, title: str, opens_on: date, closes_on: date, funders: Funders) -> Call:
    """Another name, other days or other funders; the envelope moves by the ledger only."""
    _refuse_backwards(opens_on, closes_on)
    with transaction():
        call = db.session.get_one(Call, call_id, with_for_update={"of": Call.__table__}, populate_existing=True)
        _look_after(actor, call.fund_id)
        call.title, call.opens_on, call.closes_on = title, opens_on, closes_on
        kept = _funders(funders)
        call.funders.clear()
        db.session.flush()  # the former shares leave before the new ones come: their sum never passes the whole
        call.funders.extend(kept)
        journal.record(actor, f"call:{call.id}", "changed")
        return call


def _refuse_backwards(opens_on: date, closes_on: date) -> None:
    if closes_on < opens_on:
        raise Invalid("closes_on", _("La fin vient avant le début."))


def _funders(told: Funders) -> list[CallFunder]:
    """Rows of those who pay, when their shares make the whole and nobody is named twice."""
    if told and sum(percent for _name, percent in told) != 100:
        raise Invalid("funders", _("Le total des parts fait 100 %."))
    if len({name.casefold() for name, _percent in told}) < len(told):
        raise Invalid("funders", _("Un financeur est nommé deux fois."))
    return [CallFunder(position=rank, name=name, percent=percent) for rank, (name, percent) in enumerate(told, start=1)]
