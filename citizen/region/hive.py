"""Publishing a supported project, and taking it back: an act of the Region, or of who keeps the fund when the Region lets them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from citizen import clock
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.journal import services as journal
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.projects import outturn
from citizen.projects import services as projects
from citizen.projects.models import Project
from citizen.region import queries
from citizen.region.hive_models import Collection, CollectionItem, MonthPicture, Publication, PublishingDelegation


@dataclass(frozen=True)
class Sheet:
    """What whoever publishes answers: the texts as reread, the picture, and the points of the checklist."""

    summary: str
    story: str = ""
    differently: str = ""
    cover_id: int | None = None
    cover_words: str = ""
    has_consents: bool = False
    names_region: bool = False
    is_reread: bool = False


def publish(actor: Actor, project_id: int, sheet: Sheet) -> Publication:
    """Shows a supported project to all; Invalid for the first point of the checklist that lacks, NotNow when it is shown already."""
    with transaction():
        project = _judged(actor, project_id)
        if not project.is_public or not project.where_it_stands.is_supported:
            raise NotNow(_("Seul un projet soutenu, que tout le monde peut lire, se publie."))
        if queries.open_publication(project_id):
            raise NotNow(_("Ce projet est déjà publié."))
        _require(sheet, project)
        project.published_at = clock.now()
        publication = Publication(
            project_id=project_id, published_at=project.published_at, published_by=actor.person_id, **vars(sheet)
        )  # fmt: skip
        db.session.add(publication)
        db.session.flush()
        journal.record(actor, project.on, "published")
        return publication


def reread(actor: Actor, project_id: int, sheet: Sheet) -> Publication:
    """Other texts or another picture for what is shown, under the same checklist; NotNow when it is not shown."""
    with transaction():
        project = _judged(actor, project_id)
        publication = _shown(project_id)
        _require(sheet, project)
        for name, value in vars(sheet).items():
            setattr(publication, name, value)
        journal.record(actor, project.on, "publication_reread")
        return publication


def withdraw(actor: Actor, project_id: int, reason: str) -> None:
    """Takes it back from everywhere at once, with the reason; what was published stays in the history."""
    with transaction():
        project = _judged(actor, project_id)
        publication = _shown(project_id)
        if not reason.strip():
            raise Invalid("reason", _("Dites pourquoi, en une phrase."))
        project.published_at = None
        publication.withdrawn_at, publication.withdrawn_by = clock.now(), actor.person_id
        publication.withdrawn_reason = reason.strip()
        journal.record(actor, project.on, "publication_withdrawn", reason=reason.strip())


def delegate(actor: Actor, fund_id: int, *, is_given: bool) -> None:
    """Lets who keeps this fund publish, or no longer: the Region alone decides."""
    _require_region(actor)
    with transaction():
        fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
        given = db.session.get(PublishingDelegation, fund_id, populate_existing=True)
        if is_given is (given is not None):
            return
        if given:
            db.session.delete(given)
        else:
            db.session.add(PublishingDelegation(fund_id=fund_id, given_at=clock.now(), given_by=actor.person_id))
        journal.record(actor, fund.on, "publishing_delegated" if is_given else "publishing_taken_back")


def choose_picture(actor: Actor, project_id: int, attachment_id: int, month: date, *, credit: str, words: str) -> None:
    """The picture of a month, in place of another if there was one: of a published project, with everybody's agreement."""
    with transaction():
        project = _of_region(actor, project_id)
        _shown(project_id)
        if attachment_id not in {one.id for one in outturn.public_pictures(project)}:
            raise Invalid("picture", _("Cette image ne peut pas être montrée : un accord manque."))
        first = month.replace(day=1)
        chosen = {
            "attachment_id": attachment_id, "project_id": project_id, "credit": credit.strip(), "words": words.strip(),
            "chosen_at": clock.now(), "chosen_by": actor.person_id,
        }  # fmt: skip
        insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
        row = insert(MonthPicture).values(month=first, **chosen)
        db.session.execute(row.on_conflict_do_update(index_elements=["month"], set_=chosen))
        journal.record(actor, project.on, "picture_of_month", reason=f"{first:%Y-%m}")


def make_collection(actor: Actor, *, title: str, text: str, is_shown: bool) -> Collection:
    """An empty collection."""
    _require_region(actor)
    with transaction():
        made = Collection(title=title, text=text, is_shown=is_shown, made_at=clock.now(), made_by=actor.person_id)
        db.session.add(made)
        db.session.flush()
        journal.record(actor, f"collection:{made.id}", "made")
        return made


def write_collection(actor: Actor, collection_id: int, *, title: str, text: str, is_shown: bool) -> None:
    """Its name, its words, and whether everybody reads it."""
    with transaction():
        kept = _collection(actor, collection_id)
        kept.title, kept.text, kept.is_shown = title, text, is_shown
        journal.record(actor, f"collection:{kept.id}", "written")


def remove_collection(actor: Actor, collection_id: int) -> None:
    """The initiatives stay published."""
    with transaction():
        db.session.delete(_collection(actor, collection_id))
        journal.record(actor, f"collection:{collection_id}", "removed")


def place_in_collection(actor: Actor, collection_id: int, project_id: int, move: str) -> None:
    """Puts an initiative in (« ajouter »), takes it out (« retirer »), or moves it one place (« haut », « bas »)."""
    with transaction():
        kept = _collection(actor, collection_id)
        order = [item.project_id for item in kept.items]
        if move == "ajouter" and project_id not in order:
            _shown(project_id)
            kept.items.append(CollectionItem(project_id=project_id, position=len(order)))
        elif move == "retirer":
            kept.items = [item for item in kept.items if item.project_id != project_id]
        elif project_id in order and move in ("haut", "bas"):
            here = order.index(project_id)
            there = max(0, min(len(order) - 1, here + (1 if move == "bas" else -1)))
            order.insert(there, order.pop(here))
            for item in kept.items:
                item.position = order.index(item.project_id)
        journal.record(actor, f"collection:{kept.id}", "arranged")


def _collection(actor: Actor, collection_id: int) -> Collection:
    _require_region(actor)
    kept = db.session.get(Collection, collection_id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise NotNow(_("Cette collection n’existe plus."))
    return kept


def _require_region(actor: Actor) -> None:
    if not actor.holds(Role.REGION_OFFICER, REGION):
        raise Forbidden("region")


def _of_region(actor: Actor, project_id: int) -> Project:
    _require_region(actor)
    return projects.locked(project_id)


def _judged(actor: Actor, project_id: int) -> Project:
    project = projects.locked(project_id)
    if not queries.may_publish(actor, project):
        raise Forbidden("publish")
    return project


def _shown(project_id: int) -> Publication:
    query = select(Publication).where(Publication.project_id == project_id, Publication.withdrawn_at.is_(None))
    publication = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if publication is None:
        raise NotNow(_("Ce projet n’est pas publié."))
    return publication


def _require(sheet: Sheet, project: Project) -> None:
    """Each point of the checklist, and only pictures of which the consents are recorded."""
    if not sheet.summary.strip():
        raise Invalid("summary", _("Écrivez ce que tout le monde lira."))
    for name in ("has_consents", "names_region", "is_reread"):
        if not getattr(sheet, name):
            raise Invalid(name, _("Vérifiez ce point avant de publier."))
    if sheet.cover_id and sheet.cover_id not in {one.id for one in outturn.public_pictures(project)}:
        raise Invalid("cover_id", _("Cette image ne peut pas être montrée : un accord manque."))
    if sheet.cover_id and not sheet.cover_words.strip():
        raise Invalid("cover_words", _("Dites ce que montre l’image."))
