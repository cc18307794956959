"""The Region's envelopes of the year: one for each scheme, a contract's, calls under them, transfers agreed and awaited."""

from sqlalchemy import select

from citizen.db import db
from citizen.demo.dossier import Stage
from citizen.funds import envelopes
from citizen.funds.envelope_models import Envelope
from citizen.funds.envelopes import key_of
from citizen.funds.models import Call
from citizen.kernel.access import REGION, Actor, Role
from citizen.places.queries import contracts

VOTED = {"pic": 400_000_00, "ftu": 600_000_00, "nqe": 250_000_00}
ACT = "Commission permanente, délibération inventée n° {}"


def play(stage: Stage) -> None:
    """Voted in the winter, passed on in the spring; the last proposals are a few days old."""
    officer = stage.cast.account("region")
    colleague = stage.cast.serve(stage.cast.official(), Role.REGION_OFFICER, REGION)
    with stage.days.at(-50):
        roots = {scheme: _vote(stage, officer, scheme, rank) for rank, scheme in enumerate(VOTED)}
        known = contracts()
        above = _part(stage, officer, roots["pic"], known[0].title, known[0].id) if known else roots["pic"]
    today = stage.days.today
    calls = db.session.scalars(select(Call).where(Call.opens_on <= today, Call.closes_on >= today).order_by(Call.id)).all()
    with stage.days.at(-40):
        for rank, call in enumerate(calls):
            under = above if call.scheme == "pic" and rank == 0 else roots[call.scheme]
            envelopes.attach(officer, under.id, call.id)
            envelopes.allot(officer, under.id, key_of(call), 1_500_00, act_reference=ACT.format(30 + rank))
    with stage.days.at(-20):
        moved = _propose(
            officer, roots["ftu"], roots["pic"], 25_000_00, "Trois communes ont reporté leur campagne à l’automne."
        )
    with stage.days.at(-18):
        envelopes.decide(colleague, moved, is_approved=True)
    first = next((call for call in calls if call.scheme == "pic"), None)
    with stage.days.at(-3):
        _propose(officer, roots["nqe"], roots["ftu"], 10_000_00, "Deux étés ont été retirés, des travaux attendent.")
        if first:
            _propose(colleague, above, first, 3_000_00, "Le comité a refusé quatre projets faute d’argent.")


def _vote(stage: Stage, officer: Actor, scheme: str, rank: int) -> Envelope:
    day = stage.days.on(-50)
    return envelopes.open_envelope(
        officer, scheme=scheme, year=day.year, title=f"{scheme.upper()} {day.year}, Région", act_reference=ACT.format(10 + rank),
        adopted_on=day, amount_cents=VOTED[scheme],
    )  # fmt: skip


def _part(stage: Stage, officer: Actor, above: Envelope, title: str, contract_id: int) -> Envelope:
    return envelopes.open_envelope(
        officer, parent_id=above.id, title=title, contract_id=contract_id, act_reference=ACT.format(20),
        adopted_on=stage.days.on(-50), amount_cents=60_000_00,
    )  # fmt: skip


def _propose(who: Actor, giver: Envelope, taker: Envelope | Call, cents: int, reason: str) -> int:
    return envelopes.propose(who, key_of(giver), key_of(taker), cents, act_reference=ACT.format(40), reason=reason).id
