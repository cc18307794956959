"""Helpers: somebody offers or is invited, the group consents in its own words, and may withdraw its consent at any time."""

from flask_babel import gettext as _

from citizen import clock
from citizen.db import transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people import services as people
from citizen.projects import letters, queries, services, team
from citizen.projects.models import Project
from citizen.projects.steps import PART
from citizen.projects.team_models import Helper, Invitation


def may_offer(actor: Actor, project: Project) -> bool:
    """Whether somebody may offer to help: who sees the project and has no part in it, while it lives."""
    is_new = not any(one.person_id == actor.person_id and one.ended_at is None for one in project.helpers)
    is_open = project.is_public and not project.where_it_stands.is_final
    return actor.is_signed_in and is_open and is_new and not queries.roles_on(actor, project) & PART


def offer(actor: Actor, project_id: int, *, quality: str) -> Helper:
    """Somebody who is not of the project offers to write with the group; nothing opens before the group says yes."""
    people.require_verified(actor)
    assert actor.person_id is not None
    with transaction():
        project = team.alive(services.locked(project_id))
        if not may_offer(actor, project):
            raise Forbidden("help")
        helper = Helper(person_id=actor.person_id, quality=quality, offered_at=clock.now())
        project.helpers.append(helper)
        letters.tell_one(project.bearer, project, _("%(name)s, %(quality)s, propose d’aider votre équipe à écrire son dossier.",
                                                    name=actor.name, quality=quality))  # fmt: skip
        journal.record(actor, project.on, "help_offered")
        return helper


def invite(actor: Actor, project_id: int, *, name: str, quality: str, words: str, email: str) -> Invitation:
    """The group asks somebody to help: its consent is recorded with the invitation, by its bearer."""
    with transaction():
        project = team.as_bearer(actor, project_id)
        _require(words)
        return team.send(actor, project, email, name=name, quality=quality, words=words.strip())


def consent(actor: Actor, project_id: int, helper_id: int, *, words: str) -> None:
    """The group says yes to an offer, in its own words, by its bearer."""
    with transaction():
        project = team.as_bearer(actor, project_id)
        helper = _helper(project, helper_id)
        if helper.consented_at or helper.ended_at:
            raise NotNow(_("Vous avez déjà répondu à cette proposition."))
        _require(words)
        helper.words, helper.consented_at, helper.consented_by = words.strip(), clock.now(), actor.person_id
        people.give_duty(actor, helper.person_id, Role.HELPER, project.on)
        letters.tell_one(helper.person, project, _("L’équipe accepte votre aide : vous pouvez écrire dans le dossier."))
        journal.record(actor, project.on, "helper_joined")


def stop(actor: Actor, project_id: int, helper_id: int) -> None:
    """Ends the help, or turns the offer down: anyone of the group or the helper, at any time, and at once."""
    with transaction():
        project = services.locked(project_id)
        helper = _helper(project, helper_id)
        if actor.person_id not in project.member_ids | {helper.person_id}:
            raise Forbidden("help")
        if helper.ended_at:
            return
        helper.ended_at = clock.now()
        people.withdraw_duty(actor, helper.person_id, Role.HELPER, project.on)
        told = project.bearer if actor.person_id == helper.person_id else helper.person
        letters.tell_one(told, project, _("L’aide de %(name)s à l’équipe s’arrête.", name=helper.person.name))
        journal.record(actor, project.on, "helper_left")


def _helper(project: Project, helper_id: int) -> Helper:
    helper = next((one for one in project.helpers if one.id == helper_id), None)
    if helper is None:
        raise Forbidden("help")
    return helper


def _require(words: str) -> None:
    if not words.strip():
        raise Invalid("words", _("Écrivez l’accord du groupe : il est gardé tel quel."))
