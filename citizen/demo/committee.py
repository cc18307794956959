"""Committees of the demonstration: who sits in which college, sessions held and released, and the one of today, half way."""

from citizen.committees import presence, seats, sitting
from citizen.committees import review as room
from citizen.committees.models import AgendaItem, Session
from citizen.db import db
from citizen.demo import pic_funds
from citizen.demo.dossier import Stage
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.people import queries as people
from citizen.pic import sitting as conditions
from citizen.pic.conditions import CONDITIONS
from citizen.pic.sitting import Judged
from citizen.projects.steps import S

# (college, office) of each seat; the first two are demonstration accounts in the first fund, the last two have no account.
SEATS = (
    ("Habitants", "president"), ("Habitants", "member"), ("Habitants", "secretary"), ("Habitants", "member"),
    ("Associations", "member"), ("Associations", "member"), ("Élus", "member"), ("Techniciens", "member"),
)  # fmt: skip
ACCOUNTS = ("chair", "committee")
NAMELESS = 2


def seat_everybody(stage: Stage, fund: Fund, manager: Actor, *, is_first: bool) -> list[Actor]:
    """Fills the committee; who has an account accepts the seat. Gives the members with an account."""
    members = []
    with stage.days.at(-480, 9):
        for rank, (college, office) in enumerate(SEATS):
            if rank >= len(SEATS) - NAMELESS:
                seats.add(manager, fund.id, name=stage.cast.name(), college=college, office=office)
                continue
            who = stage.cast.account(ACCOUNTS[rank]) if is_first and rank < len(ACCOUNTS) else stage.cast.official()
            assert who.person_id is not None
            email = people.person(who).email
            seat = seats.add(manager, fund.id, name=who.name, college=college, office=office, email=email)
            seats.accept(stage.cast.actor(who.person_id), seat.id)
            members.append(stage.cast.actor(who.person_id))
    return members


def begin(manager: Actor, session_id: int) -> None:
    """The session opens; the last member of the list is late."""
    sitting.open_session(manager, session_id)
    found = presence.room_of(db.session.get_one(Session, session_id))
    sitting.arrive(manager, session_id, [seat.id for seat in found.seats[:-1]])


def put(manager: Actor, item_id: int, goal: S, asked: int) -> int:
    """The team is heard, the conditions are judged, a decision is put to the vote: its question."""
    action = {S.REJECTED: "reject", S.DEFERRED: "defer"}.get(goal, "grant")
    judged = {one.slug: Judged("met", pic_funds.MET[one.slug][item_id % 2]) for one in CONDITIONS}
    wanted = ""
    if action != "grant":
        slug, why, wanted = pic_funds.REFUSED if action == "reject" else pic_funds.DEFERRED
        judged[slug] = Judged("not_met" if action == "reject" else "partly", why)
    sitting.hear(manager, item_id, "present" if item_id % 5 else "phone")
    conditions.note(manager, item_id, judged)
    return room.propose(manager, item_id, action, amount_cents=asked * 100, asked=wanted).id


def vote(manager: Actor, item_id: int, question_id: int) -> None:
    """Hands are raised, one against now and then, and the item is settled."""
    item = db.session.get_one(AgendaItem, item_id)
    voters = list(presence.room_of(item.session).voters(presence.recused_from(item)))
    hands = dict.fromkeys(voters, "for") | ({voters[-1]: "abstain"} if item_id % 3 == 0 else {})
    room.raise_hands(manager, question_id, hands, is_counted=True)
    room.settle(manager, item_id)


def release(fund: Fund, item_id: int, reference: str) -> None:
    """What was settled leaves the room."""
    room.release(Actor(None, "le comité", frozenset({(Role.COMMITTEE_MEMBER, fund.on)})), item_id, act_reference=reference)


def half_way(stage: Stage, manager: Actor, session: Session) -> None:
    """The session of today: one item settled when there are several, one being voted, the others to come."""
    with stage.days.at(0, 0, 5):
        begin(manager, session.id)
        items = list(session.items)
        for rank, item in enumerate(items[:2] or items):
            question_id = put(manager, item.id, S.GRANTED, item.project.requested_cents // 100 - 50 * (rank + 1))
            if rank == 0 and len(items) > 1:
                vote(manager, item.id, question_id)
            else:
                mine = presence.room_of(session).seats
                room.raise_hands(manager, question_id, {one.id: "for" for one in mine[:3] if one.is_voting}, is_counted=False)
