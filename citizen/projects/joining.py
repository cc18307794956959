"""Joining forces: two teams agree that one project goes in favour of the other; supports never move by themselves."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people import attempts
from citizen.people import services as people
from citizen.people.models import Person
from citizen.projects import letters, queries, services
from citizen.projects.idea_models import Joining
from citizen.projects.models import Project
from citizen.projects.team_models import TeamMember

WAYS = ("mine", "theirs", "alone")  # which one goes: mine if they accept, theirs if they accept, mine whatever they say


def propose(actor: Actor, project_id: int, other_id: int, *, way: str, words: str = "") -> Joining:
    """The bearer of ``project_id`` proposes to the other team; « alone » is done at once."""
    with transaction():
        mine, other = _both(project_id, other_id)
        services.judge(actor, mine, "merge")
        _refuse_unfit(mine, other)
        if open_between(project_id, other_id):
            raise NotNow(_("Une proposition entre ces deux projets attend déjà une réponse."))
        going, staying = (other, mine) if way == "theirs" else (mine, other)
        asked = None if way == "alone" else other_id
        joining = Joining(project_id=going.id, into_id=staying.id, asked_id=asked, words=words, proposed_at=clock.now())
        db.session.add(joining)
        if way == "alone":
            _settle(joining, is_accepted=True)
            _retire(joining)
        else:
            db.session.flush()
            letters.tell_joining(joining, other)
        return joining


def answer(actor: Actor, joining_id: int, *, is_accepted: bool) -> Joining:
    """The other bearer says yes, and the two teams are one; or no, and nothing changes."""
    with transaction():
        joining = db.session.get_one(Joining, joining_id)
        going, staying = _both(joining.project_id, joining.into_id)
        db.session.refresh(joining)
        asked = going if joining.asked_id == going.id else staying
        if joining.asked_id is None or Role.BEARER not in queries.roles_on(actor, asked):
            raise Forbidden("answer")
        if joining.answered_at:
            raise NotNow(_("Cette proposition a déjà une réponse."))
        _settle(joining, is_accepted=is_accepted)
        if is_accepted:
            services.judge(actor, asked, "merge")
            _refuse_unfit(going, staying)
            _retire(joining)
            _welcome(actor, going, staying)
        else:
            letters.tell_refusal(joining, staying if asked is going else going)
        return joining


def ask_to_join(actor: Actor, project_id: int, *, words: str) -> None:
    """Somebody would be of the team: its bearer reads who, how to answer, and invites."""
    people.require_verified(actor)
    with transaction():
        project = services.locked(project_id)
        services.judge(actor, project, "support")
        if actor.person_id in project.team_ids:
            raise NotNow(_("Vous faites déjà partie de ce projet."))
        person = db.session.get_one(Person, actor.person_id)
        if attempts.take_try(project.on, person.email):
            raise NotNow(_("Votre demande est déjà partie : l’équipe va vous répondre."))
        told = _("%(name)s (%(email)s) aimerait rejoindre votre équipe : « %(words)s ». Écrivez-lui, ou invitez cette personne depuis la page de l’équipe.",
                 name=person.name, email=person.email, words=words)  # fmt: skip
        letters.tell_one(project.bearer, project, told)
        journal.record(actor, f"support:{project_id}", "asked_to_join")


def _settle(joining: Joining, *, is_accepted: bool) -> None:
    joining.is_accepted, joining.answered_at = is_accepted, clock.now()


def _retire(joining: Joining) -> None:
    """The project that goes leads to the one that stays; those who support either read of it."""
    db.session.flush()
    going = services.locked(joining.project_id)
    bearer = Actor(going.bearer_id)  # who answers for the project that goes proposed it or accepts it
    reason = _("Retirée au profit de « %(title)s ».", title=joining.into.title)
    services.take(bearer, going.id, "merge", reason=reason)
    letters.tell_joined(joining)


def _welcome(actor: Actor, going: Project, staying: Project) -> None:
    """Who bore the project that goes is of the team that stays."""
    if going.bearer_id in staying.team_ids:
        return
    home = 1 + max((member.household for member in staying.team), default=0)
    staying.team.append(TeamMember(name=going.bearer.name, household=home, person_id=going.bearer_id, joined_at=clock.now()))
    people.give_duty(actor, going.bearer_id, Role.TEAM, staying.on)


def _both(project_id: int, other_id: int) -> tuple[Project, Project]:
    """The two, locked in the order of their numbers."""
    if db.session.scalar(select(func.count()).select_from(Project).where(Project.id.in_({project_id, other_id}))) != 2:
        raise Invalid("other", _("Choisissez un autre projet que le vôtre."))
    found = {number: services.locked(number) for number in sorted({project_id, other_id})}
    return found[project_id], found[other_id]


def _refuse_unfit(mine: Project, other: Project) -> None:
    step = other.rules.lifecycle.step("merge")
    if not other.is_public or step is None or other.state not in step.before:
        raise Invalid("other", _("Ce projet n’est plus une idée : on ne peut plus s’y joindre."))
    if mine.call_id != other.call_id:
        raise Invalid("other", _("Ces deux projets ne sont pas de la même campagne."))


def open_between(one_id: int, other_id: int) -> Joining | None:
    """The proposal between these two that waits for an answer."""
    both = {one_id, other_id}
    query = select(Joining).where(Joining.project_id.in_(both), Joining.into_id.in_(both), Joining.answered_at.is_(None))
    return db.session.scalars(query).first()


def of_project(project: Project) -> Sequence[Joining]:
    """What was proposed, accepted or refused about this project, oldest first; nothing where projects do not join."""
    if project.rules.lifecycle.step("merge") is None:
        return ()
    query = select(Joining).where(or_(Joining.project_id == project.id, Joining.into_id == project.id))
    return db.session.scalars(query.options(joinedload(Joining.project), joinedload(Joining.into)).order_by(Joining.id)).all()


def others(project: Project) -> Sequence[tuple[int, str]]:
    """(number, title) of what this project may join: the ideas of its campaign that everybody reads."""
    step = project.rules.lifecycle.step("merge")
    query = select(Project.id, Project.title).where(
        Project.call_id == project.call_id, Project.id != project.id, Project.is_public.is_(True),
        Project.state.in_(step.before if step else ()),
    )  # fmt: skip
    return [(number, title) for number, title in db.session.execute(query.order_by(Project.title, Project.id))]
