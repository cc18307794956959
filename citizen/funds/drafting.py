"""The next rules of a fund: drafted as often as wanted, given up, or adopted by an act and never changed afterwards."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import services
from citizen.funds.models import Fund, Ruleset, RulesetDraft
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow


def save(actor: Actor, fund_id: int, terms: Mapping[str, Any]) -> RulesetDraft:
    """Keeps the draft in place of what it said before; Invalid for what does not hold together."""
    with transaction():
        fund = _kept(actor, fund_id)
        services.refuse_faults(fund, terms)
        draft = db.session.get(RulesetDraft, fund_id) or RulesetDraft(fund_id=fund_id)
        draft.terms, draft.saved_at, draft.saved_by = dict(terms), clock.now(), actor.person_id
        db.session.add(draft)
        return draft


def give_up(actor: Actor, fund_id: int) -> None:
    """Forgets the draft; the rules in force stay."""
    with transaction():
        _kept(actor, fund_id)
        if draft := db.session.get(RulesetDraft, fund_id):
            db.session.delete(draft)


def adopt(actor: Actor, fund_id: int, *, seen: str, adopted_on: date, act_reference: str) -> Ruleset:
    """Makes the draft the newest version. ``seen`` is the ``stamp`` of the draft that was read: NotNow when it has changed."""
    with transaction():
        _kept(actor, fund_id)
        draft = db.session.get(RulesetDraft, fund_id)
        if draft is None or stamp(draft) != seen:
            raise NotNow(_("Le projet de règles a changé depuis que vous l’avez lu : relisez-le, puis adoptez-le."))
        ruleset = services.adopt_ruleset(actor, fund_id, terms=draft.terms, adopted_on=adopted_on, act_reference=act_reference)
        db.session.delete(draft)
        return ruleset


def stamp(draft: RulesetDraft) -> str:
    """A word that changes each time the draft is saved."""
    return draft.saved_at.isoformat()


def _kept(actor: Actor, fund_id: int) -> Fund:
    fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__}, populate_existing=True)
    services.require_keeper(actor, fund)
    return fund
