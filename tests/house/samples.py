"""What the addresses of the street may name: for every page, real things of each kind, near and far."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from citizen.ballots.models import Poll, Voter
from citizen.ballots.paper_models import PaperBox, PollLine
from citizen.ballots.roll_models import CodeBatch
from citizen.committees.letters import token_of
from citizen.committees.models import AgendaItem, Seat, Session
from citizen.committees.questions import Question
from citizen.committees.records import Convocation, ExtraordinaryRequest
from citizen.db import db
from citizen.ftu.idea_models import Opinion, Walk
from citizen.ftu.letters import token_of as works_token
from citizen.ftu.models import Campaign
from citizen.ftu.works_models import WorksPhoto
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Role
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.nqe.season_models import EventDay
from citizen.payments.models import PaymentBatch, PaymentOrder
from citizen.people.models import Organisation
from citizen.places.contract_models import CityContract, Signatory
from citizen.places.models import Intermunicipality, Perimeter
from citizen.projects import outturn
from citizen.projects.idea_models import Joining
from citizen.projects.models import Attachment, Project
from citizen.projects.showing import OWN_PAGES
from citizen.projects.writing import LAST_SECTIONS, SECTIONS
from citizen.region.hive_models import Collection
from tests.house.street import ELSEWHERE, HERE, Street

# Those who together can open everything, who may do least first.
READERS = (
    "visitor",
    "nobody special",
    "unverified",
    "writer",
    "president",
    "bearer",
    "manager",
    "treasurer",
    "commune",
    "region",
    "administrator",
)
Values = dict[str, Any]
# Pages of a project that judge a step without being named by it, of the summer's projects only when theirs.
JUDGED = {
    "nqe.programme": "edit", "nqe.edit_date": "edit", "nqe.new_date": "edit", "nqe.quarters": "edit", "nqe.remove_quarter": "edit",
    "nqe.change_partner": "edit", "nqe.remove_date": "edit", "writing.remove": "edit",
    "nqe.move_date": "change_date", "nqe.cancel_date": "change_date", "nqe.day": "hold_day", "nqe.bookings": "hold_day", "nqe.count": "hold_day",
    **dict.fromkeys(("nqe.change_incident", "nqe.remove_incident", "nqe.book_for", "nqe.cancel_for"), "hold_day"), "nqe.change_quote": "write_report",
    "nqe.summer_report": "write_report", "nqe.quotes": "write_report", "nqe.remove_quote": "write_report",
    "programme.repeat": "edit", "programme.load": "edit", "programme.settle_file": "edit", "registration.ask_partner": "edit",
    "registration.ask_opinion": "instruct",
    "report.people": "write_report", "report.spending": "write_report", "report.story": "write_report", "report.pictures": "write_report",
    "report.add_line": "write_report", "report.receipts": "write_report", "report.remove_line": "write_report",
    "report.remove_paper": "write_report", "report.send": "write_report", "pic.afterwards": "write_report",
    **dict.fromkeys(("works.account", "works.photograph", "works.photograph_again"), "follow_works"),
    "passage.of_project": "defer", "support.join": "support", "closing.set_aside": "set_aside", "closing.take_back": "set_aside",
}  # fmt: skip

ACTS = {"programme.settle_file": "oublier", "nqe.change_partner": "accord"}
OWNERS = {"programme": "nqe", "registration": "nqe"}  # parts whose pages serve one scheme


def actions_of(endpoint: str, kind: type[Project]) -> set[str]:
    """The steps that this page serves for projects of this kind; empty when it is not theirs."""
    named = {action for action, page in (OWN_PAGES | kind.step_pages).items() if page == endpoint}
    if endpoint in {page for page, _label in (*SECTIONS, *LAST_SECTIONS[:1], *kind.sections)}:
        named.add("edit")
    if endpoint in JUDGED and OWNERS.get(part := endpoint.split(".")[0], part) not in {"nqe", "pic"} - {kind.rules.code}:
        named.add(JUDGED[endpoint])
    return {action for action in named if kind.rules.lifecycle.step(action)}


def projects_for(endpoint: str) -> Iterator[Project]:
    """Of every scheme that the page serves: a project that its step can take now, and one that it cannot; and one stranger."""
    kinds = (Project, *Project.__subclasses__())
    served = [kind for kind in kinds if actions_of(endpoint, kind)]
    strangers = [kind for kind in kinds if kind not in served]
    for kind in (*served, *(strangers[-1:] if served else strangers)):
        mine = db.session.scalars(select(Project).where(Project.scheme == kind.rules.code).order_by(Project.id)).all()
        steps = [step for action in actions_of(endpoint, kind) if (step := kind.rules.lifecycle.step(action))]
        before = {state for step in steps for state in step.before} or {"draft", "idea"}
        yield from [one for one in mine if one.state in before][-1:]
        yield from [one for one in mine if one.state not in before][:1]


def _project_values(rule: Rule) -> Iterator[Values]:
    for project in projects_for(rule.endpoint):
        events = project.programme if isinstance(project, NqeProject) else []
        more = {
            "event_id": events[0].id if events else 1,
            "attachment_id": db.session.scalar(select(Attachment.id).where(Attachment.project_id == project.id)) or 1,
            "number": _row_of(project, rule.endpoint),
            "key": next((row.key for row in outturn.rows(project)), "p1"),
            "photo_id": db.session.scalar(select(WorksPhoto.id).where(WorksPhoto.project_id == project.id)) or 1,
            "line_id": next((line.id for line in project.report.lines), 1) if project.report else 1,
            "joining_id": db.session.scalar(select(Joining.id).where(Joining.asked_id == project.id)) or 1,
            "opinion_id": db.session.scalar(select(Opinion.id).where(Opinion.project_id == project.id)) or 1,
            "slug": "x", "suffix": "csv", "size": "a6", "kind": "budget", "act": ACTS.get(rule.endpoint, "faite"), "word": "accepter",
            "action": "withdraw",
        }  # fmt: skip
        yield {name: value for name, value in more.items() if name in rule.arguments} | {"project_id": project.id}


def _row_of(project: Project, endpoint: str) -> int:
    """A row of the project that the page speaks of: a partner, or a line of its budget."""
    rows: list[Any] = (
        project.partners if endpoint == "registration.ask_partner" and isinstance(project, NqeProject) else project.lines
    )
    return rows[0].id if rows else 1


def _ids(model: Any, *where: Any) -> list[Any]:
    return list(db.session.scalars(select(model.id).where(*where).order_by(model.id)))


def _first(model: Any) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(model.id).limit(1)))


def _first_quarter() -> Any:
    return db.session.scalars(select(Perimeter.code).where(Perimeter.communes.any(code=HERE)).order_by(Perimeter.id)).first()


def _organisations(street: Street) -> list[Any]:
    mine = street.actor("president").targets(Role.ORGANISATION_MEMBER)
    return [*_ids(Organisation)[:1], *(int(on.split(":")[1]) for on in mine)]


def _booked_dates() -> list[Any]:
    return list(db.session.scalars(select(EventDay.event_id).where(EventDay.takes_bookings).order_by(EventDay.event_id)))


KNOWN: dict[str, Callable[[Street], list[Any]]] = {
    "fund_id": lambda _street: _ids(Fund),
    "call_id": lambda _street: _ids(Call, Call.scheme == "pic")[:1],
    "number": lambda _street: [1],
    "batch_id": lambda _street: _ids(PaymentBatch)[-1:],
    "order_id": lambda _street: _ids(PaymentOrder, PaymentOrder.state == "waiting")[-1:],
    "session_id": lambda _street: _ids(Session)[-1:],
    "seat_id": lambda _street: _ids(Seat)[-1:],
    "item_id": lambda _street: _ids(AgendaItem)[-1:],
    "question_id": lambda _street: _ids(Question)[-1:],
    "request_id": lambda _street: _ids(ExtraordinaryRequest)[-1:],
    "settled": lambda _street: ["vider"],
    "lot_id": lambda _street: _ids(CodeBatch)[-1:],
    "poll_id": lambda _street: _ids(Poll),
    "collection_id": lambda _street: _ids(Collection)[:1],
    "day": lambda _street: list(
        db.session.scalars(select(PollLine.day).order_by(PollLine.poll_id.desc(), PollLine.number.desc()))
    )[:1],
    "box_id": lambda _street: _ids(PaperBox)[-1:],
    "voter_id": lambda _street: _ids(Voter)[:1],
    "envelope_id": lambda _street: _ids(Envelope),
    "transfer_id": lambda _street: _ids(EnvelopeTransfer),
    "campaign_id": lambda _street: [_ids(Campaign)[0], _ids(Campaign)[-1]],
    "event_id": lambda _street: [*_ids(ProgrammeEvent)[:1], *_booked_dates()[:1]],
    "walk_id": lambda _street: _ids(Walk),
    "opinion_id": lambda _street: _ids(Opinion)[:1],
    "organisation_id": _organisations,
    "act": lambda _street: ["retirer"],
    "year": lambda _street: sorted(db.session.scalars(select(Edition.year)))[::2],
    "person_id": lambda street: [street.people["resident"]],
    "slug": lambda _street: list(db.session.scalars(select(Fund.slug).where(Fund.scheme == "pic")))[:1],
    "indicator": lambda _street: ["argent", "attentes"],
    "siren": lambda _street: list(db.session.scalars(select(Intermunicipality.siren).order_by(Intermunicipality.siren)))[:1],
    "contract_id": lambda _street: _ids(CityContract)[:1],
    "part": lambda _street: ["signatories"],
    "library": lambda _street: ["leaflet"],
    "name": lambda _street: ["leaflet/leaflet.js"],
    "filename": lambda _street: ["citizen.css"],
    "file": lambda _street: ["projets.csv", "citizen.sqlite"],
}


def tokens_for(street: Street, endpoint: str) -> list[str]:
    """The links that letters carry: of a member and of a team to the committee, else the one that was mailed."""
    if endpoint.startswith("answering."):
        members, teams = (
            _ids(Convocation, Convocation.seat_id.is_not(None)),
            _ids(Convocation, Convocation.project_id.is_not(None)),
        )
        return [token_of(number) for number in (*members[:1], *teams[-1:])]
    if endpoint == "opinions.answer":
        return [works_token(number) for number in _ids(Opinion)[:1]]
    if endpoint == "walks.take":
        return [works_token(f"{number}-1", "point") for number in _ids(Walk)[:1]]
    return [street.tokens.get(endpoint, "perdu")]  # a link that is not ours is answered too


def values_for(street: Street, rule: Rule) -> list[Values]:
    """What to put in this address, inside a context of the street's application."""
    if "project_id" in rule.arguments:
        return list(_project_values(rule))
    if rule.endpoint.startswith("contracts.") and "number" in rule.arguments:
        return [{"contract_id": one.contract_id, "part": "signatories", "number": one.id} for one in _first(Signatory)]
    if "act" in rule.arguments and rule.endpoint == "contracts.publish":
        return [{"contract_id": one.id, "act": "reprendre"} for one in _first(CityContract)]
    if rule.endpoint == "region.contract":
        return [{"slug": one.slug} for one in _first(CityContract)]
    if rule.endpoint == "region.outlines":
        return [{"kind": "contrats", "code": one.slug} for one in _first(CityContract)]
    if "code" in rule.arguments:
        return [{"code": _first_quarter()}] if "quartier" in rule.rule else [{"code": HERE}, {"code": ELSEWHERE}]
    found: list[Values] = [{}]
    for name in sorted(rule.arguments):
        known = tokens_for(street, rule.endpoint) if name == "token" else KNOWN[name](street)
        found = [values | {name: value} for values in found for value in known]
    return found


def address(street: Street, rule: Rule, values: Values) -> str:
    """The path of this page for these values."""
    method = "GET" if "GET" in (rule.methods or ()) else "POST"
    return street.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)


def readable(street: Street) -> list[tuple[str, str]]:
    """(role, path) of every page that answers 200 to somebody, with the first who can read it."""
    found = []
    with street.app.app_context():
        rules = [
            rule for rule in street.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"
        ]
        paths = {address(street, rule, values): None for rule in rules for values in values_for(street, rule)}
    for path in paths:
        for role in READERS:
            answer = street.browsers[role].get(path, buffered=True, follow_redirects="-x" in path)
            if answer.status_code == 200:
                found.append((role, answer.request.path))
                break
    return found
