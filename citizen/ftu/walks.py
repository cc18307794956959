"""Walks through a quarter: opened, filled point by point on a phone, closed; then ideas find who bears them, and services answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, cast

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.db import db, transaction
from citizen.files import services as files
from citizen.ftu import letters
from citizen.ftu.idea_models import Walk, WalkPoint
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.funds import services as funds
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people import attempts, identifiers, links
from citizen.people.models import Organisation
from citizen.people.services import require_verified
from citizen.projects import services as projects
from citizen.projects.models import Attachment, Project

MOST_POINTS = 80
TITLE = 100


def associations_of(actor: Actor) -> Sequence[Organisation]:
    """The associations for which the actor may open a walk."""
    numbers = [int(on.partition(":")[2]) for on in actor.targets(Role.ORGANISATION_MEMBER)]
    query = select(Organisation).where(Organisation.id.in_(numbers), Organisation.kind == "association")
    return db.session.scalars(query.order_by(Organisation.name, Organisation.id)).all()


def may_open(actor: Actor, fund: FtuFund) -> bool:
    """The commune's officers, and members of an association."""
    return funds.keeps(actor, fund) or bool(associations_of(actor))


def may_walk(actor: Actor, walk: Walk) -> bool:
    """Who opened it, the association it was opened for, the commune's officers."""
    is_member = walk.organisation_id is not None and actor.holds(
        Role.ORGANISATION_MEMBER, f"organisation:{walk.organisation_id}"
    )
    return funds.keeps(actor, walk.fund) or (actor.is_signed_in and actor.person_id == walk.opened_by) or is_member


def may_see(actor: Actor, walk: Walk) -> bool:
    """Everybody, once it is closed."""
    return walk.closed_at is not None or may_walk(actor, walk)


def of_fund(actor: Actor, fund: FtuFund) -> list[Walk]:
    """The walks that the actor may read, the newest first."""
    query = select(Walk).where(Walk.fund_id == fund.id).options(joinedload(Walk.perimeter), joinedload(Walk.fund))
    found = db.session.scalars(query.order_by(Walk.held_on.desc(), Walk.id.desc())).all()
    return [walk for walk in found if may_see(actor, walk)]


def open_walk(
    actor: Actor, fund_id: int, *, perimeter_id: int, title: str, held_on: date, people: str, organisation_id: int | None = None
) -> Walk:
    """A walk of an officer, or of an association of which the actor is a member."""
    require_verified(actor)
    with transaction():
        fund = db.session.get_one(FtuFund, fund_id)
        is_theirs = organisation_id in {one.id for one in associations_of(actor)}
        if not is_theirs and not funds.keeps(actor, fund):
            raise Forbidden("walk")
        walk = Walk(
            fund_id=fund_id, perimeter_id=perimeter_id, title=title, held_on=held_on, people=people, opened_by=actor.person_id,
            organisation_id=organisation_id if is_theirs else None, created_at=clock.now(),
        )  # fmt: skip
        db.session.add(walk)
        db.session.flush()
        journal.record(actor, walk.on, "walk_opened")
        return walk


@dataclass(frozen=True)
class Seen:
    """What is told of one point."""

    kind: str
    sentence: str
    place: str
    lon: float | None = None
    lat: float | None = None


def add_point(actor: Actor, walk_id: int, seen: Seen, *, photo: IO[bytes] | None = None, filename: str = "") -> WalkPoint:
    """One more point, with a photo if there is one."""
    try:
        prepared = files.prepare(photo, filename, images_only=True) if photo is not None else None
    except Invalid as error:
        raise Invalid("photo", error.message) from None
    with transaction():
        walk = _walking(actor, walk_id)
        if len(walk.points) >= MOST_POINTS:
            raise Invalid("sentence", _("%(count)d points au plus.", count=MOST_POINTS))
        point = WalkPoint(
            number=max((one.number for one in walk.points), default=0) + 1, added_by=actor.person_id, at=clock.now(),
            document_id=files.keep(actor, prepared).id if prepared else None, **vars(seen),
        )  # fmt: skip
        walk.points.append(point)
        journal.record(actor, walk.on, "point_added")
        return point


def remove_point(actor: Actor, walk_id: int, number: int) -> None:
    """Takes a mistake away while the walk goes on; its photo too."""
    with transaction():
        walk = _walking(actor, walk_id)
        point = next((one for one in walk.points if one.number == number), None)
        if point is None:
            return
        document_id = point.document_id
        walk.points.remove(point)
        db.session.flush()
        if document_id:
            files.remove(actor, document_id)
        journal.record(actor, walk.on, "point_removed")


def close(actor: Actor, walk_id: int) -> Walk:
    """No more points: everybody reads the walk from now on."""
    with transaction():
        walk = _walking(actor, walk_id)
        if not walk.points:
            raise NotNow(_("La marche n’a encore aucun point."))
        walk.closed_at = clock.now()
        journal.record(actor, walk.on, "walk_closed")
        return walk


# --- What becomes of the points ---


def offer(actor: Actor, walk_id: int, number: int, *, email: str = "") -> Project | None:
    """An idea becomes a draft of the actor; or of whoever takes the link mailed to ``email``."""
    if not email:
        return _bear(actor, walk_id, number)
    address = identifiers.email_address(email)
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    with transaction():
        point = _settling(actor, walk_id, number, "idea")
        if attempts.take_try(point.walk.on, address):
            raise Invalid("email", _("Une lettre vient de partir à cette adresse : attendez un peu."))
        point.offered_at = clock.now()
        journal.record(actor, point.walk.on, "point_offered")
        letters.offer_point(point, address)
    return None


def offered(token: str) -> WalkPoint | None:
    """The idea that a mailed link offers, while nobody took it and the link is young enough."""
    walk_id, _dash, number = str(letters.number_of(token, "point") or "").partition("-")
    point = db.session.get(WalkPoint, (int(walk_id), int(number))) if walk_id.isdigit() and number.isdigit() else None
    if point is None or point.project_id or not point.offered_at or clock.now() > point.offered_at + links.INVITATION:
        return None
    return point


def take(actor: Actor, token: str) -> Project:
    """Who holds the link bears the idea."""
    point = offered(token)
    if point is None:
        raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
    return _bear(actor, point.walk_id, point.number, is_invited=True)


def _bear(actor: Actor, walk_id: int, number: int, *, is_invited: bool = False) -> Project:
    require_verified(actor)
    with transaction():
        point = _held(walk_id, number) if is_invited else _settling(actor, walk_id, number, "idea")
        if point.project_id:
            raise NotNow(_("Cette idée est déjà devenue un projet."))
        campaign = open_campaign(point.walk.fund)
        if campaign is None:
            raise NotNow(_("Aucune campagne ne prend de propositions en ce moment."))
        project_id = projects.propose(actor, title=point.sentence[:TITLE], summary=point.sentence).id
        projects.orient(actor, project_id, FtuProject, campaign.id)
        projects.edit(actor, project_id, lambda project: _write(actor, project, point))
        point.project_id = project_id
        journal.record(actor, point.walk.on, "point_taken")
        return db.session.get_one(FtuProject, project_id)


def _write(actor: Actor, project: Project, point: WalkPoint) -> None:
    """What the walk saw, in the draft: the words, the place, a copy of the photo."""
    walk = point.walk
    projects.put(project, walk.perimeter.communes[0].code, walk.perimeter_id, place=point.place, lon=point.lon, lat=point.lat)
    cast(FtuProject, project).need = point.sentence
    if point.document:
        project.attachments.append(Attachment(document_id=files.keep(actor, files.again(point.document)).id, kind="photo"))


def open_campaign(fund: FtuFund) -> Campaign | None:
    """The campaign of the fund that takes proposals today, the one that closes first."""
    today = clock.today()
    query = select(Campaign).where(Campaign.fund_id == fund.id, Campaign.opens_on <= today, Campaign.closes_on >= today)
    return db.session.scalars(query.order_by(Campaign.closes_on, Campaign.id)).first()


def send(actor: Actor, walk_id: int, number: int, *, service: str, email: str = "") -> WalkPoint:
    """Upkeep is handed over to a service: by letter, or on the printed list."""
    address = identifiers.email_address(email) if email else ""
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    with transaction():
        point = _settling(actor, walk_id, number, "upkeep")
        funds.require_keeper(actor, point.walk.fund)
        if point.done_at:
            raise NotNow(_("Cet entretien est déjà fait."))
        point.service, point.sent_at = service, clock.now()
        journal.record(actor, point.walk.on, "point_sent", reason=service)
        if address:
            letters.send_point(point, address)
        return point


def settle(actor: Actor, walk_id: int, number: int, *, answer: str, is_done: bool) -> WalkPoint:
    """What the service answers, for everybody to read; done or not yet."""
    with transaction():
        point = _settling(actor, walk_id, number, "upkeep")
        funds.require_keeper(actor, point.walk.fund)
        if not point.sent_at:
            raise NotNow(_("Dites d’abord à quel service cet entretien est transmis."))
        point.answer, point.done_at = answer, clock.now() if is_done else None
        journal.record(actor, point.walk.on, "point_answered")
        return point


def _walking(actor: Actor, walk_id: int) -> Walk:
    """The walk, held, while it goes on and for who walks."""
    walk = _locked(walk_id)
    if not may_walk(actor, walk):
        raise Forbidden("walk")
    if walk.closed_at:
        raise NotNow(_("La marche est close : ses points ne changent plus."))
    return walk


def _settling(actor: Actor, walk_id: int, number: int, kind: str) -> WalkPoint:
    point = _held(walk_id, number)
    if not may_walk(actor, point.walk) or point.kind != kind:
        raise Forbidden("point")
    if point.walk.closed_at is None:
        raise NotNow(_("Fermez d’abord la marche : ses points sont alors publics."))
    return point


def _held(walk_id: int, number: int) -> WalkPoint:
    _locked(walk_id)
    point = db.session.get(WalkPoint, (walk_id, number), populate_existing=True)
    if point is None:
        raise Forbidden("point")
    return point


def _locked(walk_id: int) -> Walk:
    return db.session.get_one(Walk, walk_id, with_for_update={"of": Walk.__table__}, populate_existing=True)
