"""Opening funds and calls, adopting rules."""

from collections.abc import Iterable
from datetime import date
from itertools import chain, count
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.models import Call, Fund, Ruleset
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.words import slug as slug_of
from citizen.places.models import Perimeter


def require_keeper(actor: Actor, fund: Fund) -> None:
    """Who looks after a fund: its managers; for a commune's or the Region's fund, their officers."""
    if not actor.roles_on(fund.targets) & fund.keepers:
        raise Forbidden(f"fund:{fund.id}")


def adopt_ruleset(actor: Actor, fund_id: int, *, terms: dict[str, Any], adopted_on: date, act_reference: str) -> Ruleset:
    """A new version of the fund's rules; projects already lodged keep theirs."""
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update=True)
        require_keeper(actor, fund)
        if adopted_on > clock.today():
            raise Invalid("adopted_on", _("L’acte n’est pas encore pris : mettez le jour où il l’a été."))
        return _adopt(actor, fund, terms, adopted_on, act_reference)


def _adopt(actor: Actor, fund: Fund, terms: dict[str, Any], adopted_on: date, act_reference: str) -> Ruleset:
    latest = db.session.scalar(select(func.max(Ruleset.version)).where(Ruleset.fund_id == fund.id)) or 0
    ruleset = Ruleset(
        fund_id=fund.id, version=latest + 1, terms=fund.rules.default_terms() | terms,
        adopted_on=adopted_on, act_reference=act_reference,
    )  # fmt: skip
    db.session.add(ruleset)
    db.session.flush()
    journal.record(actor, fund.on, "ruleset_adopted", reason=act_reference)
    return ruleset


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


def _free_slug(title: str) -> str:
    """An address for the fund that no other has."""
    wanted = slug_of(title)
    taken = set(db.session.scalars(select(Fund.slug).where(Fund.slug.startswith(wanted))))
    return next(name for name in chain([wanted], (f"{wanted}-{n}" for n in count(2))) if name not in taken)


def open_call(
    actor: Actor, kind: type[Call], fund_id: int, *, title: str, opens_on: date, closes_on: date, envelope_cents: int,
    **own: Any,
) -> Call:  # fmt: skip
    """Opens a call of ``kind`` (with its ``own`` columns) under the newest rules of the fund."""
    if closes_on < opens_on:
        raise Invalid("closes_on", _("La fin vient avant le début."))
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update=True)
        require_keeper(actor, fund)
        newest = select(Ruleset.id).where(Ruleset.fund_id == fund_id).order_by(Ruleset.version.desc()).limit(1)
        call = kind(
            fund_id=fund_id, ruleset_id=db.session.scalar(newest), title=title, opens_on=opens_on, closes_on=closes_on, **own
        )  # fmt: skip
        db.session.add(call)
        db.session.flush()
        ledger.endow(actor, call.id, envelope_cents)
        journal.record(actor, f"call:{call.id}", "opened")
        return call
