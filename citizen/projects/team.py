"""The group: people named, invited and accepted; the bearer's place handed over."""

import secrets
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.people import attempts, identifiers, links
from citizen.people import services as people
from citizen.people.models import Duty, Person
from citizen.people.signing import hashed
from citizen.projects import letters, services
from citizen.projects.models import Follow, Project
from citizen.projects.team_models import FormerMember, Handover, Helper, Invitation, TeamMember

MAX_MEMBERS = 60
LASTS = timedelta(days=15)


# --- People, by name; the household stays between them ---


def add(actor: Actor, project_id: int, *, email: str = "", **values: Any) -> Project:
    """One more person, by name; with an address, an invitation leaves at once. The first one named by the bearer is the bearer."""

    def change(project: Project) -> None:
        if len(project.team) >= MAX_MEMBERS:
            raise Invalid("name", _("%(count)d personnes au plus.", count=MAX_MEMBERS))
        is_self = not project.team and project.bearer_id == actor.person_id
        project.team.append(TeamMember(person_id=project.bearer_id if is_self else None, **values))

    with transaction():
        project = services.edit(actor, project_id, change)
        if email:
            db.session.flush()
            invite(actor, project_id, project.team[-1].id, email)
        return project


def change(actor: Actor, project_id: int, member_id: int, **values: Any) -> Project:
    """What the group says of one of its people."""

    def write(project: Project) -> None:
        for name, value in values.items():
            setattr(member_of(project, member_id), name, value)

    return services.edit(actor, project_id, write)


def remove(actor: Actor, project_id: int, member_id: int) -> None:
    """Takes somebody off the list; somebody who accepted loses every right at once, and only the bearer may do it."""

    def take_off(project: Project) -> None:
        member = next((one for one in project.team if one.id == member_id), None)
        if member is None:
            return
        if member.person_id and actor.person_id not in (project.bearer_id, member.person_id):
            raise Forbidden("remove")
        _part(actor, project, member, "member_removed")

    services.edit(actor, project_id, take_off)


def leave(actor: Actor, project_id: int) -> None:
    """Somebody who accepted goes, whatever the state of the project; the bearer hands the place over first."""
    with transaction():
        project = services.locked(project_id)
        member = next((one for one in project.team if one.person_id == actor.person_id), None)
        if member is None:
            raise Forbidden("leave")
        if actor.person_id == project.bearer_id:
            raise NotNow(_("Vous portez le projet : transmettez d’abord votre place à quelqu’un de l’équipe."))
        letters.tell_one(project.bearer, project, _("%(name)s a quitté l’équipe.", name=member.name))
        _part(actor, project, member, "member_left")


def _part(actor: Actor, project: Project, member: TeamMember, action: str) -> None:
    """The row, the invitation and the rights go together."""
    if project.handover and project.handover.member_id == member.id:
        project.handover = None
    project.team.remove(member)
    _remember(project, member.person_id)
    if member.person_id and member.person_id != project.bearer_id:
        people.withdraw_duty(actor, member.person_id, Role.TEAM, project.on)
        if member.person_id != actor.person_id:
            person = db.session.get_one(Person, member.person_id)
            letters.tell_one(person, project, _("Vous ne faites plus partie de l’équipe."))
    db.session.flush()
    journal.record(actor, project.on, action)


def _remember(project: Project, person_id: int | None) -> None:
    """Who was of the team once the file was lodged had a part in it."""
    if project.lodged_at and person_id and not project.had_part(person_id):
        project.former.append(FormerMember(person_id=person_id, left_at=clock.now()))


# --- Invitations ---


def invite(actor: Actor, project_id: int, member_id: int, email: str) -> Invitation:
    """Mails a link that serves once, in place of the one before; by the bearer."""
    with transaction():
        project = as_bearer(actor, project_id)
        member = member_of(project, member_id)
        if member.person_id:
            raise NotNow(_("Cette personne fait déjà partie de l’équipe."))
        cancel_invitation(actor, project_id, member.invitation.id if member.invitation else 0)
        return send(actor, project, email, member_id=member_id, name=member.name)


def send(actor: Actor, project: Project, email: str, **values: Any) -> Invitation:
    """Keeps the hash of a new link and mails the link itself; part of the caller's transaction."""
    people.require_verified(actor)
    address, token, now = identifiers.email_address(email), secrets.token_urlsafe(32), clock.now()
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    if attempts.take_try(project.on, address):
        raise Invalid("email", _("Plusieurs lettres sont déjà parties à cette adresse : attendez un peu."))
    db.session.execute(delete(Invitation).where(Invitation.expires_at < now))
    invitation = Invitation(
        project_id=project.id, email=address, token_hash=hashed(token), invited_by=actor.person_id, sent_at=now,
        expires_at=now + LASTS, **values,
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    journal.record(actor, project.on, "invited")
    url = links.address("team.invitation", token=token)
    subject = _("%(name)s vous invite", name=actor.name)
    mail.write(address, subject, "team_invitation", project=project, invitation=invitation, inviter=actor.name, url=url)
    return invitation


def cancel_invitation(actor: Actor, project_id: int, invitation_id: int) -> None:
    """Makes the mailed link useless; one of another project is not there."""
    with transaction():
        project = as_bearer(actor, project_id)
        db.session.execute(delete(Invitation).where(Invitation.id == invitation_id, Invitation.project_id == project.id))
        db.session.expire(project, ["team"])
        journal.record(actor, project.on, "invitation_cancelled")


def open_invitation(token: str, *, is_held: bool = False) -> Invitation | None:
    """The invitation of this link, while nobody answered it."""
    query = select(Invitation).where(Invitation.token_hash == hashed(token), Invitation.expires_at > clock.now())
    return db.session.scalars(query.with_for_update() if is_held else query).one_or_none()


def invited_to(invitation: Invitation) -> Project:
    """The project of an invitation."""
    return db.session.get_one(Project, invitation.project_id)


def accept(actor: Actor, token: str) -> Project:
    """The person of that address joins, as one of the team or as a helper; nobody else may, and the link is used up."""
    with transaction():
        project, invitation = _answered(token)
        person = db.session.get(Person, actor.person_id) if actor.is_signed_in else None
        if person is None or person.email != invitation.email:
            raise Forbidden("invitation")
        people.require_verified(actor)
        if person.id in project.team_ids:
            raise NotNow(_("Vous faites déjà partie de ce projet."))
        if invitation.member:
            invitation.member.person_id, invitation.member.joined_at = person.id, clock.now()
            people.give_duty(actor, person.id, Role.TEAM, project.on)
        else:
            project.helpers.append(
                Helper(
                    person_id=person.id, quality=invitation.quality, words=invitation.words, offered_at=clock.now(),
                    consented_at=invitation.sent_at, consented_by=invitation.invited_by,
                )
            )  # fmt: skip
            people.give_duty(actor, person.id, Role.HELPER, project.on)
        journal.record(actor, project.on, "member_joined" if invitation.member else "helper_joined")
        letters.tell_one(project.bearer, project, _("%(name)s a accepté votre invitation.", name=invitation.name))
        db.session.delete(invitation)
        if db.session.get(Follow, (project.id, person.id)) is None:
            db.session.add(Follow(project_id=project.id, person_id=person.id))
        return project


def decline(token: str) -> Project:
    """Who holds the link says no: the link is used up, and the name leaves the list that it was on."""
    with transaction():
        project, invitation = _answered(token)
        letters.tell_one(project.bearer, project, _("%(name)s a décliné votre invitation.", name=invitation.name))
        if invitation.member:
            project.team.remove(invitation.member)
        else:
            db.session.delete(invitation)
        journal.record(Actor(), project.on, "invitation_declined")
        return project


def _answered(token: str) -> tuple[Project, Invitation]:
    invitation = open_invitation(token)
    project = services.locked(invitation.project_id) if invitation else None
    invitation = open_invitation(token, is_held=True)  # of two answers at once, the second finds nothing
    if invitation is None or project is None:
        raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
    return project, invitation


# --- The bearer's place ---


def offer_place(actor: Actor, project_id: int, member_id: int) -> None:
    """The bearer asks somebody of the team to bear the project."""
    with transaction():
        project = as_bearer(actor, project_id)
        member = member_of(project, member_id)
        if member.person_id is None or member.person_id == project.bearer_id:
            raise NotNow(_("Seule une personne qui a accepté l’invitation peut porter le projet."))
        project.handover = None
        db.session.flush()
        project.handover = Handover(member_id=member_id, offered_at=clock.now())
        journal.record(actor, project.on, "place_offered")
        person = db.session.get_one(Person, member.person_id)
        letters.tell_one(person, project, _("%(name)s vous propose de porter le projet à sa place.", name=actor.name))


def answer_place(actor: Actor, project_id: int, *, is_accepted: bool) -> None:
    """Both agree, or nothing changes; the bearer may take the offer back."""
    with transaction():
        project = services.locked(project_id)
        handover = project.handover
        heir = handover.member.person_id if handover else None
        may = {heir} if is_accepted else {heir, project.bearer_id}
        if handover is None or actor.person_id not in may:
            raise Forbidden("handover")
        project.handover = None
        if is_accepted and heir:
            former = project.bearer
            db.session.execute(
                delete(Duty).where(
                    Duty.on == project.on, Duty.person_id.in_([former.id, heir]), Duty.role.in_([Role.BEARER, Role.TEAM])
                )
            )
            people.give_duty(actor, heir, Role.BEARER, project.on)
            if any(member.person_id == former.id for member in project.team):
                people.give_duty(actor, former.id, Role.TEAM, project.on)
            else:
                _remember(project, former.id)
            project.bearer_id = heir
            letters.tell_one(former, project, _("%(name)s porte maintenant le projet.", name=actor.name))
        journal.record(actor, project.on, "handed_over" if is_accepted else "place_declined")


def member_of(project: Project, member_id: int) -> TeamMember:
    """Somebody of this team; Forbidden for another's."""
    member = next((one for one in project.team if one.id == member_id), None)
    if member is None:
        raise Forbidden("member")
    return member


def as_bearer(actor: Actor, project_id: int) -> Project:
    """The project, held, for its bearer alone, while it lives."""
    project = services.locked(project_id)
    if actor.person_id != project.bearer_id:
        raise Forbidden("bearer")
    return alive(project)


def alive(project: Project) -> Project:
    """NotNow once it is over."""
    if project.where_it_stands.is_final:
        raise NotNow(_("Ce projet est terminé : son équipe ne change plus."))
    return project
