"""Papers and words added to a project: documents, news, an officer's word on the place."""

from typing import IO

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db
from citizen.files import services as files
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.projects import letters, services
from citizen.projects.demarcation import boundary
from citizen.projects.models import Attachment, News, Project
from citizen.web.filters import say

MAX_ATTACHMENTS = 30


def attach(
    actor: Actor, project_id: int, *, kind: str, caption: str, stream: IO[bytes], filename: str,
    line_id: int | None = None, amount_cents: int | None = None,
) -> None:  # fmt: skip
    """Adds a document while the team may write; a quote may be of one expense, with its amount."""
    prepared = files.prepare(stream, filename, images_only=kind == "photo")  # it takes a while: not while others wait

    def add(project: Project) -> None:
        if len(project.attachments) >= MAX_ATTACHMENTS:
            raise Invalid("file", _("%(count)d documents au plus.", count=MAX_ATTACHMENTS))
        if line_id is not None and line_id not in {line.id for line in project.lines if line.side == "expense"}:
            raise Invalid("line", _("Cette dépense n’est plus dans le budget."))
        project.attachments.append(
            Attachment(
                document_id=files.keep(actor, prepared).id,
                kind=kind,
                caption=caption,
                line_id=line_id,
                amount_cents=amount_cents,
            )
        )

    services.edit(actor, project_id, add)


def detach(actor: Actor, project_id: int, attachment_id: int) -> None:
    """Takes a document away, its file too; one of another project is not there."""

    def take_away(project: Project) -> None:
        for attachment in project.attachments:
            if attachment.id == attachment_id:
                project.attachments.remove(attachment)
                db.session.flush()
                files.remove(actor, attachment.document_id)
                return

    services.edit(actor, project_id, take_away)


def tell(
    actor: Actor, project_id: int, text: str, *, photo: IO[bytes] | None = None, filename: str = "", caption: str = ""
) -> None:
    """News to those who follow, with a photo if there is one."""
    prepared = files.prepare(photo, filename, images_only=True) if photo is not None else None

    def add(project: Project) -> None:
        if prepared is not None:
            document = files.keep(actor, prepared)
            project.attachments.append(Attachment(document_id=document.id, kind="photo", caption=caption))
        project.news.append(News(text=text, author_id=actor.person_id, at=clock.now()))
        letters.tell_news(project, text)

    services.take(actor, project_id, "tell", effect=add)


def confirm_place(actor: Actor, project_id: int, *, is_accepted: bool, reason: str) -> None:
    """An officer's word on a place near the limit or outside."""

    def settle(project: Project) -> None:
        project.is_location_confirmed = is_accepted

    services.take(actor, project_id, "confirm_place", reason=reason, effect=settle)


def not_admit(actor: Actor, project_id: int, *, reason: str = "", better: str = "") -> None:
    """Not here: the reason, and what fits instead (a dividing line); both are in the letter and on the page."""
    there = boundary(better)

    def advise(project: Project) -> None:
        project.advised = better

    advice = _("Ce qui conviendrait mieux : %(better)s.", better=say(there.name)) if there else ""
    said = reason.strip() or (say(there.message) if there else "")
    services.take(actor, project_id, "not_admit", reason=f"{said}\n{advice}".strip(), effect=advise)
