"""A committee at work, made by calling the services: seats, a session opened, who is there, votes, what is settled, the release."""

from collections.abc import Mapping

from citizen.committees import presence, seats, services, sitting, voting
from citizen.committees import review as room
from citizen.committees.models import AgendaItem, Seat
from citizen.committees.models import Session as CommitteeSession
from citizen.committees.questions import Outcome
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.people import queries as people
from citizen.pic import sitting as conditions
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicProject
from citizen.pic.sitting import Judged
from tests import factories

Judgements = Mapping[str, Judged]


def judged(**verdicts: str) -> dict[str, Judged]:
    """The committee's word on each condition, met unless told otherwise: ``judged(local_need="partly")``."""
    return {one.slug: Judged(verdicts.get(one.slug.replace("-", "_"), "met"), "Vu en séance.") for one in CONDITIONS}


def seat(fund: Fund, who: Actor | None = None, *, college: str = "Habitants", office: str = "member", name: str = "") -> Seat:
    """A seat in office; with an account, the person has accepted."""
    email = people.person(who).email if who else ""
    made = seats.add(
        factories.manager_of(fund), fund.id, name=name or (who.name if who else "Sans compte"), college=college, email=email,
        office=office,
    )  # fmt: skip
    return seats.accept(who, made.id) if who else made


def members(fund: Fund, number: int = 3) -> list[Actor]:
    """Members with accounts, residents all, the first one presiding."""
    found = [factories.actor(factories.person()) for _rank in range(number)]
    for rank, who in enumerate(found):
        seat(fund, who, office="president" if rank == 0 else "member")
    return [factories.actor(people.person(who)) for who in found]


def opened(session: CommitteeSession) -> Actor:
    """The session open, everybody there; a committee of two is named when nobody sits yet. Gives the manager."""
    manager = factories.manager_of(session.fund)
    if not presence.room_of(session).seats:
        seat(session.fund, office="president", name="La présidence")
        seat(session.fund, name="Une voisine")
    sitting.open_session(manager, session.id)
    sitting.arrive(manager, session.id, [one.id for one in presence.room_of(session).seats])
    return manager


def everybody(manager: Actor, question_id: int, choice: str = "for") -> None:
    """Everybody who may raises a hand, and the vote is counted."""
    item = db.session.get_one(voting.Question, question_id).item
    voters = presence.room_of(item.session).voters(presence.recused_from(item))
    room.raise_hands(manager, question_id, dict.fromkeys(voters, choice), is_counted=True)


def item_of(project: PicProject) -> AgendaItem:
    assert project.waiting is not None
    return project.waiting


def settled(
    project: PicProject, action: str = "grant", *, cents: int | None = 500_00, asked: str = "Revenez avec un devis.",
    words: Judgements | None = None, hearing: str = "present",
) -> Outcome:  # fmt: skip
    """The item settled in its session, by everybody's vote."""
    item_id = item_of(project).id
    with factories.in_session(project):
        manager = opened(item_of(project).session)
        sitting.hear(manager, item_id, hearing)
        conditions.note(manager, item_id, words or judged())
        everybody(manager, room.propose(manager, item_id, action, amount_cents=cents, asked=asked).id)
        return room.settle(manager, item_id)


def committee(fund: Fund) -> Actor:
    """The committee itself, who takes what it settled."""
    return Actor(None, "le comité", frozenset({(Role.COMMITTEE_MEMBER, fund.on)}))


def decide(project: PicProject, action: str = "grant", *, cents: int | None = 500_00, **verdicts: str) -> None:
    """Settled in session, then released."""
    item_id, session = item_of(project).id, item_of(project).session
    settled(project, action, cents=cents, words=judged(**verdicts))
    with factories.clock.at(session.held_at):
        room.release(committee(session.fund), item_id)


def closed(session: CommitteeSession) -> None:
    """The session over."""
    services.close(factories.manager_of(session.fund), session.id)
