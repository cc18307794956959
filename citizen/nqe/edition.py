"""An edition written by the Region: copied from the last one and read again line by line, its words, its documents."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.files import services as files
from citizen.files.models import Document
from citizen.funds.models import Call
from citizen.journal import services as journal
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.kernel.words import N_
from citizen.nqe import services
from citizen.nqe.models import Edition
from citizen.nqe.registration_models import EditionDocument, EditionDraft

# What a copy brings from last year, that somebody must read again before it is published.
REREAD = {
    "theme": N_("Le thème et son texte"),
    "axes": N_("Les axes"),
    "examples": N_("Les exemples et les questions"),
    "image": N_("L’image"),
    "season": N_("Les dates de la saison"),
    "filing": N_("Les dates de dépôt"),
    "envelope": N_("L’enveloppe"),
    "rules": N_("Les règles en vigueur"),
    "documents": N_("Les documents et le kit de communication"),
}
DAYS = ("season_starts_on", "season_ends_on", "opens_on", "closes_on")
MAX_DOCUMENTS = 30


def draft() -> EditionDraft | None:
    """The next edition while it is written."""
    return db.session.scalars(select(EditionDraft).order_by(EditionDraft.fund_id)).first()


def copy_last(actor: Actor) -> EditionDraft:
    """Last year's edition, a year later, nothing read again yet; the one already begun stays as it is."""
    with transaction():
        _as_region(actor)
        last = db.session.scalars(select(Edition).order_by(Edition.year.desc()).limit(1)).first()
        if last is None:
            raise NotNow(_("Il n’y a pas encore d’édition à reprendre."))
        begun = draft()
        if begun:
            return begun
        texts = {
            name: getattr(last, name) for name in ("theme_title", "theme_text", "axes", "examples", "questions", "image_id")
        }
        content = texts | {"year": last.year + 1, "envelope_cents": last.envelope_cents}
        content |= {name: a_year_later(getattr(last, name)).isoformat() for name in DAYS}
        made = EditionDraft(
            fund_id=last.fund_id, source_id=last.id, content=content, reread=[], saved_at=clock.now(), saved_by=actor.person_id
        )
        db.session.add(made)
        journal.record(actor, f"fund:{last.fund_id}", "edition_copied")
        return made


def a_year_later(day: date) -> date:
    """The same day of the next year; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day + timedelta(days=366)


def save(actor: Actor, values: dict[str, Any], reread: Sequence[str]) -> EditionDraft:
    """What is written of the next edition so far; days come as days."""
    with transaction():
        _as_region(actor)
        kept = _held()
        told = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
        kept.content, kept.reread = kept.content | told, [name for name in REREAD if name in reread]
        kept.saved_at, kept.saved_by = clock.now(), actor.person_id
        return kept


def publish(actor: Actor) -> Call:
    """Opens the edition as it is written, once every line was read again; its documents come along."""
    with transaction():
        _as_region(actor)
        kept = _held()
        unread = [_(label) for name, label in REREAD.items() if name not in kept.reread]
        if unread:
            raise Invalid("reread", _("Il reste à relire : %(lines)s.", lines=", ".join(unread)))
        told = kept.content | {name: date.fromisoformat(kept.content[name]) for name in DAYS}
        opened = services.open_edition(actor, kept.fund_id, **told)
        for one in documents(kept.source_id):
            db.session.add(EditionDocument(edition_id=opened.id, document_id=one.document_id, kind=one.kind, title=one.title))
        db.session.delete(kept)
        return opened


def give_up(actor: Actor) -> None:
    """Forgets the next edition as it was written."""
    with transaction():
        _as_region(actor)
        kept = draft()
        if kept:
            db.session.delete(kept)
            journal.record(actor, f"fund:{kept.fund_id}", "edition_given_up")


def _held() -> EditionDraft:
    query = select(EditionDraft).order_by(EditionDraft.fund_id).with_for_update()
    kept = db.session.scalars(query, execution_options={"populate_existing": True}).first()
    if kept is None:
        raise NotNow(_("Cette édition n’est plus en préparation."))
    return kept


def _as_region(actor: Actor) -> None:
    if not actor.holds(Role.REGION_OFFICER, REGION):
        raise Forbidden("edition")


# --- An edition that is open ---


def _open(actor: Actor, year: int) -> Edition:
    """The edition, held, while its summer is not over: past ones stay as they were."""
    _as_region(actor)
    query = select(Edition).where(Edition.year == year).with_for_update(of=Call.__table__)
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise Forbidden("edition")
    if found.season_ends_on < clock.today():
        raise NotNow(_("Cet été est passé : son édition reste comme elle était."))
    return found


def present(actor: Actor, year: int, *, theme_text: str, examples: str, questions: Sequence[str],
            image: IO[bytes] | None = None, filename: str = "") -> Edition:  # fmt: skip
    """The words and the picture of the theme; the title and the axes stay, for projects answer them."""
    prepared = files.prepare(image, filename, images_only=True) if image is not None else None
    with transaction():
        found = _open(actor, year)
        found.theme_text, found.examples, found.questions = theme_text, examples, list(questions)
        if prepared:
            former, found.image_id = found.image_id, files.keep(actor, prepared).id
            db.session.flush()
            _forget(actor, former)
        journal.record(actor, f"call:{found.id}", "presented")
        return found


def documents(edition_id: int) -> Sequence[EditionDocument]:
    """What can be downloaded about an edition, the texts first."""
    query = select(EditionDocument).where(EditionDocument.edition_id == edition_id)
    return db.session.scalars(query.order_by(EditionDocument.kind.desc(), EditionDocument.title, EditionDocument.id)).all()


def document(year: int, number: int) -> Document | None:
    """One document of that year's edition."""
    query = select(Document).join(EditionDocument).join(Edition, Edition.id == EditionDocument.edition_id)
    return db.session.scalars(query.where(Edition.year == year, EditionDocument.id == number)).one_or_none()


def add_document(actor: Actor, year: int, *, kind: str, title: str, stream: IO[bytes], filename: str) -> None:
    """One more document for everybody."""
    prepared = files.prepare(stream, filename)
    with transaction():
        found = _open(actor, year)
        if len(documents(found.id)) >= MAX_DOCUMENTS:
            raise Invalid("file", _("%(count)d documents au plus.", count=MAX_DOCUMENTS))
        document_id = files.keep(actor, prepared).id
        db.session.add(EditionDocument(edition_id=found.id, document_id=document_id, kind=kind, title=title))
        journal.record(actor, f"call:{found.id}", "document_added")


def remove_document(actor: Actor, year: int, number: int) -> None:
    """Takes a document away; its file goes with the last edition that has it."""
    with transaction():
        found = _open(actor, year)
        row = next((one for one in documents(found.id) if one.id == number), None)
        if row is None:
            return
        db.session.delete(row)
        db.session.flush()
        _forget(actor, row.document_id)
        journal.record(actor, f"call:{found.id}", "document_removed")


def _forget(actor: Actor, document_id: int | None) -> None:
    """The file itself, when no edition shows it any more."""
    uses = select(func.count()).select_from(EditionDocument).where(EditionDocument.document_id == document_id)
    pictures = select(func.count()).select_from(Edition).where(Edition.image_id == document_id)
    drafted = draft()
    if document_id is None or (drafted and drafted.content.get("image_id") == document_id):
        return
    if not (db.session.scalar(uses) or db.session.scalar(pictures)):
        files.remove(actor, document_id)
