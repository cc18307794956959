"""Who may open the committee's pages, told from the rows of the street, without asking the code under test."""

from collections.abc import Callable

from sqlalchemy import select

from citizen.committees.models import AgendaItem, Seat
from citizen.db import db
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.projects.models import Project
from tests.house.samples import Values

ROOM = frozenset({Role.FUND_MANAGER, Role.COMMITTEE_MEMBER})
NO, ABSENT, YES = {403}, {404}, {200, 302, 303}


def sits(actor: Actor) -> set[int]:
    """There is one committee in the street."""
    return YES if any(role in ROOM for role, _on in actor.duties) else NO


def has_committee(fund: Fund) -> bool:
    terms = fund.rulesets[-1].terms
    return fund.scheme == "pic" or (fund.scheme == "ftu" and terms.get("committee_role", "none") != "none")


def roles_in(actor: Actor, fund: Fund) -> set[Role]:
    """Who keeps the fund manages its committee."""
    keeper = (Role.COMMUNE_OFFICER, f"commune:{fund.commune_code}")
    held = {role for role, on in actor.duties if on == fund.on} & ROOM
    return held | {Role.FUND_MANAGER} if fund.scheme == "ftu" and keeper in actor.duties else held


def in_room(actor: Actor, fund: Fund, roles: frozenset[Role] = ROOM) -> set[int]:
    return ABSENT if not has_committee(fund) else YES if roles_in(actor, fund) & roles else NO


def minutes_of(actor: Actor) -> set[int]:
    """Absent until the session is over."""
    return YES | ABSENT if sits(actor) is YES else NO


def posts(actor: Actor, item: AgendaItem) -> set[int]:
    """The letter of a decision: for the manager and the team, once it is released."""
    may = manages(actor) is YES or actor.person_id == item.project.bearer_id
    return NO if not may else YES if item.decision_id else ABSENT


def enters(actor: Actor, item: AgendaItem) -> set[int]:
    """A file in the room: for who sits or manages, and has no part in it."""
    mates = {item.project.bearer_id, *(member.person_id for member in item.project.team)}
    return NO if actor.person_id in mates else sits(actor)


def manages(actor: Actor) -> set[int]:
    return YES if any(role is Role.FUND_MANAGER for role, _on in actor.duties) else NO


def asks(actor: Actor, fund: Fund) -> set[int]:
    """The committee, the Region, the officers of its communes, and whoever bears a file that waits for a session."""
    if fund.scheme != "pic":
        return ABSENT
    held = {(role, on) for role, on in actor.duties}
    communes = {commune.code for quarter in fund.perimeters for commune in quarter.communes}
    may = {
        (Role.COMMITTEE_MEMBER, fund.on),
        (Role.REGION_OFFICER, "region"),
        *((Role.COMMUNE_OFFICER, f"commune:{code}") for code in communes),
    }
    waiting = db.session.scalars(select(Project).where(Project.scheme == "pic", Project.state.in_(("admissible", "deferred"))))
    bears = any(
        actor.person_id == one.bearer_id and one.call.fund_id == fund.id and one.waiting is None for one in waiting
    )  # fmt: skip
    return YES if held & may or bears else NO


def takes(actor: Actor, seat: Seat) -> set[int]:
    """The page where a seat is taken: for who was invited to it, and who took it."""
    return YES if actor.person_id == seat.person_id else NO


def text(*names: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return dict.fromkeys(names, ("textarea", ("",)))


def chosen(*names: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return dict.fromkeys(names, ("select", ("1",)))


# What is posted in session, by who conducts or sits: forms that show while the committee decides.
IN_SESSION: dict[str, tuple[str, dict[str, tuple[str, tuple[str, ...]]]]] = {
    **dict.fromkeys(("sitting.open_session", "sitting.pause", "sitting.end", "passage.count"), ("manager", {})),
    "sitting.accept": ("committee", {}),
    "sitting.arrive": ("manager", chosen("present")),
    "sitting.leave": ("manager", chosen("seat")),
    "sitting.give_proxy": ("manager", chosen("giver", "holder")),
    "sitting.end_proxy": ("manager", chosen("giver")),
    "sitting.appoint": ("manager", chosen("president", "secretary")),
    "passage.hear": ("manager", {"entendu": ("hidden", ("present",))}),
    "passage.link": ("manager", chosen("seat", "ground")),
    "passage.no_link": ("manager", chosen("seat")),
    "judging.words": (
        "manager",
        chosen("vote", "verdict_1", "verdict_2", "verdict_3") | text("reason_1", "reason_2", "reason_3"),
    ),
    "passage.put": ("manager", chosen("action") | {"amount": ("text", ("100",))} | text("asked")),
    "passage.settle": ("manager", text("sentence", "easy", "asked")),
    "passage.correct": ("manager", text("sentence", "easy", "asked", "reason")),
    "passage.reopen": ("manager", text("reason")),
    "passage.cast": ("committee", {"choice": ("hidden", ("for",))} | chosen("seat")),
    "passage.hands": ("manager", chosen("rest", "seat_1", "count")),
    "passage.urn": ("manager", chosen("seats", "votes_for", "votes_against", "abstentions")),
    "passage.untie": ("manager", {"choice": ("hidden", ("for",))}),
}

COMMITTEES: dict[str, Callable[[Actor, Values], set[int]]] = {
    "convening.ask": lambda actor, values: asks(actor, db.session.get_one(Fund, values["fund_id"])),
    "committees.room": lambda actor, values: in_room(actor, db.session.get_one(Fund, values["fund_id"])),
    "sitting.members": lambda actor, values: in_room(
        actor, db.session.get_one(Fund, values["fund_id"]), frozenset({Role.FUND_MANAGER})
    ),
    "convening.answer_request": lambda actor, _values: manages(actor),
    "convening.prepare": lambda actor, _values: manages(actor),
    "convening.move": lambda actor, _values: manages(actor),
    "convening.cancel": lambda actor, _values: manages(actor),
    "convening.remove_item": lambda actor, _values: manages(actor),
    "committees.session": lambda actor, _values: sits(actor),
    "minutes.show": lambda actor, _values: minutes_of(actor),
    "minutes.pdf": lambda actor, _values: minutes_of(actor),
    "minutes.letter": lambda actor, values: posts(actor, db.session.get_one(AgendaItem, values["item_id"])),
    "sitting.seat": lambda actor, _values: manages(actor),
    "sitting.accept": lambda actor, values: takes(actor, db.session.get_one(Seat, values["seat_id"])),
    "sitting.room": lambda actor, _values: sits(actor),
    "sitting.state": lambda actor, _values: sits(actor),
    "passage.show": lambda actor, values: enters(actor, db.session.get_one(AgendaItem, values["item_id"])),
    "reading.pack": lambda actor, _values: sits(actor),
    "reading.printed": lambda actor, _values: sits(actor),
    "reading.pdf": lambda actor, _values: sits(actor),
    "reading.note": lambda actor, _values: sits(actor),
}
