"""Hiding what has no place here: a whole project, one of its news or photos; with a reason, told to its team, who may answer."""

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.links import address
from citizen.people.models import Person
from citizen.projects import letters, queries, services
from citizen.projects.models import Project
from citizen.projects.steps import TEAM
from citizen.projects.team_models import WHOLE, Hiding
from citizen.web.filters import day


def parts_of(project: Project) -> dict[str, str]:
    """What may be hidden and is not, by key, in words."""
    photos = [one for one in project.attachments if one.kind in ("photo", "picture")]
    found = {WHOLE: _("Le projet entier : son nom, son texte, ses images")}
    found |= {
        f"news-{one.id}": _("La nouvelle du %(day)s : %(text)s", day=day(one.at), text=one.text[:60]) for one in project.news
    }
    found |= {f"photo-{one.id}": _("La photo : %(name)s", name=one.caption or one.document.name) for one in photos}
    return {key: words for key, words in found.items() if key not in project.hidden}


def hide(actor: Actor, project_id: int, part: str, reason: str) -> Hiding:
    """Nobody but the team and who may undo it sees this part any more; the team is told why, and may answer."""
    with transaction():
        project = _watched(actor, project_id)
        if part not in parts_of(project):
            raise Invalid("part", _("Choisissez ce que vous masquez dans la liste."))
        _require(reason, "reason")
        kind, _dash, number = part.partition("-")
        hiding = Hiding(
            news_id=int(number) if kind == "news" else None, attachment_id=int(number) if kind == "photo" else None,
            reason=reason.strip(), hidden_at=clock.now(), hidden_by=actor.person_id,
        )  # fmt: skip
        project.hidings.append(hiding)
        _publish(project)
        journal.record(actor, project.on, "hidden", reason=reason.strip())
        _tell(project, _("Un contenu de votre projet n’est plus visible de tous : %(reason)s Vous pouvez répondre : %(url)s",
                         reason=reason.strip(), url=_page(project)))  # fmt: skip
        return hiding


def show_again(actor: Actor, project_id: int, hiding_id: int, reason: str) -> None:
    """Undoes it, with the reason."""
    with transaction():
        project = _watched(actor, project_id)
        hiding = _open(project, hiding_id)
        _require(reason, "words")
        hiding.lifted_at, hiding.lifted_reason = clock.now(), reason.strip()
        _publish(project)
        journal.record(actor, project.on, "shown_again", reason=reason.strip())
        _tell(project, _("Un contenu de votre projet est de nouveau visible de tous : %(reason)s", reason=reason.strip()))


def answer(actor: Actor, project_id: int, hiding_id: int, words: str) -> None:
    """What the team says of it; who hid it is told."""
    with transaction():
        project = services.locked(project_id)
        if not queries.roles_on(actor, project) & TEAM:
            raise Forbidden("hidden")
        hiding = _open(project, hiding_id)
        _require(words, "words")
        hiding.answer, hiding.answered_at = words.strip(), clock.now()
        journal.record(actor, project.on, "hidden_answered")
        if hider := db.session.get(Person, hiding.hidden_by):
            letters.tell_one(hider, project, _("L’équipe répond sur ce qui est masqué : %(url)s", url=_page(project)))


def _watched(actor: Actor, project_id: int) -> Project:
    project = services.locked(project_id)
    if not queries.may_hide(actor, project):
        raise Forbidden("hide")
    return project


def _open(project: Project, hiding_id: int) -> Hiding:
    hiding = next((one for one in project.hidings if one.id == hiding_id and one.lifted_at is None), None)
    if hiding is None:
        raise NotNow(_("Ce contenu n’est pas masqué."))
    return hiding


def _require(words: str, field: str) -> None:
    if not words.strip():
        raise Invalid(field, _("Dites pourquoi, en une phrase."))


def _publish(project: Project) -> None:
    project.is_public = project.where_it_stands.is_public and not project.is_hidden
    db.session.flush()


def _tell(project: Project, text: str) -> None:
    for person in letters.people_of(project, TEAM):
        letters.tell_one(person, project, text)


def _page(project: Project) -> str:
    return address("hiding.show", project_id=project.id)
