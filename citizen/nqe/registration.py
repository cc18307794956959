"""Around a registration: partners who accept by a mailed link, opinions asked by a link, the Region's instruction."""

import secrets
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.mail import services as mail
from citizen.nqe import letters, services
from citizen.nqe.models import NqeProject, Partner
from citizen.nqe.registration_models import LEVELS, Reading, TownOpinion
from citizen.people import links
from citizen.people.models import Duty, Person
from citizen.people.signing import hashed
from citizen.projects import letters as project_letters
from citizen.projects import requests
from citizen.projects import services as projects
from citizen.web.filters import say

MAX_PARTNERS = 50
MAX_OPINIONS = 20
LASTS = timedelta(days=15)


# --- Partners ---


def add_partner(actor: Actor, project_id: int, *, name: str, role: str, has_agreed: bool = False,
                share_cents: int | None = None, email: str = "") -> NqeProject:  # fmt: skip
    """One more partner around the lead; with an address, a link leaves at once. ``has_agreed``: its letter is held on paper."""

    def change(project: NqeProject) -> None:
        if len(project.partners) >= MAX_PARTNERS:
            raise Invalid("name", _("%(count)d partenaires au plus.", count=MAX_PARTNERS))
        if name.casefold() in {partner.name.casefold() for partner in project.partners}:
            raise Invalid("name", _("Ce partenaire est déjà dans la liste."))
        project.partners.append(Partner(name=name, role=role, has_agreed=has_agreed, share_cents=share_cents))

    with transaction():
        project = services.write(actor, project_id, change)
        if email:
            db.session.flush()
            ask_partner(actor, project_id, project.partners[-1].id, email)
        return project


def ask_partner(actor: Actor, project_id: int, partner_id: int, email: str) -> None:
    """Mails a link that serves once, in place of the one before; what was said before no longer stands."""

    def change(project: NqeProject) -> None:
        partner = next((one for one in project.partners if one.id == partner_id), None)
        if partner is None:
            raise Invalid("email", _("Ce partenaire n’est plus dans la liste."))
        partner.email, token = requests.addressed(actor, project.on, email), secrets.token_urlsafe(32)
        partner.token_hash, partner.expires_at = hashed(token), clock.now() + LASTS
        partner.has_agreed, partner.answered_at, partner.signed_by = False, None, ""
        journal.record(actor, project.on, "partner_asked")
        url = links.address("registration.partner", token=token)
        subject = _("%(name)s vous propose de faire l’été ensemble", name=actor.name)
        mail.write(partner.email, subject, "nqe_partner", project=project, partner=partner, inviter=actor.name, url=url)

    services.write(actor, project_id, change)


def asked_partner(token: str) -> Partner | None:
    """The partner of this link, until it has answered or the link expires."""
    query = select(Partner).where(Partner.token_hash == hashed(token), Partner.expires_at > clock.now())
    return db.session.scalars(query).one_or_none()


def project_of(partner: Partner) -> NqeProject:
    """The project that a partner is asked about."""
    return db.session.get_one(NqeProject, partner.project_id)


def answer_partner(token: str, *, is_agreed: bool, signed_by: str) -> None:
    """The partner's word, signed by somebody; the link is used up and the team is told."""
    with transaction():
        partner = asked_partner(token)
        project = projects.locked(partner.project_id) if partner else None
        partner = asked_partner(token)  # of two answers at once, the second finds nothing
        if partner is None or project is None:
            raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
        partner.has_agreed, partner.answered_at, partner.signed_by = is_agreed, clock.now(), signed_by
        partner.token_hash = partner.expires_at = None
        journal.record(Actor(), project.on, "partner_agreed" if is_agreed else "partner_declined")
        told = _("%(name)s a dit oui.", name=partner.name) if is_agreed else _("%(name)s a dit non.", name=partner.name)
        project_letters.tell_one(project.bearer, project, told)


def set_agreement(actor: Actor, project_id: int, partner_id: int, *, has_agreed: bool) -> NqeProject:
    """Notes a letter that the team holds on paper, or that it no longer stands; a link that waits serves no more."""

    def change(project: NqeProject) -> None:
        for partner in project.partners:
            if partner.id == partner_id:
                partner.has_agreed, partner.answered_at, partner.signed_by = has_agreed, None, ""
                partner.token_hash = partner.expires_at = None

    return services.write(actor, project_id, change)


def remove_partner(actor: Actor, project_id: int, partner_id: int) -> NqeProject:
    """Takes a partner away; one that is not there stays away."""

    def change(project: NqeProject) -> None:
        project.partners = [partner for partner in project.partners if partner.id != partner_id]

    return services.write(actor, project_id, change)


# --- Opinions ---


def ask_opinion(actor: Actor, project_id: int, *, level: str, body: str, email: str, due_on: date) -> TownOpinion:
    """The Region asks a commune or an intermunicipality what it thinks, until a day; asking again replaces the link."""
    if due_on < clock.today():
        raise Invalid("due_on", _("Ce jour est passé."))
    with transaction():
        project = _instructed(actor, project_id)
        found = next((one for one in project.opinions if (one.level, one.body.casefold()) == (level, body.casefold())), None)
        if found and found.outcome:
            raise Invalid("body", _("Cet avis est déjà donné."))
        if found is None and len(project.opinions) >= MAX_OPINIONS:
            raise Invalid("body", _("%(count)d avis au plus.", count=MAX_OPINIONS))
        opinion = found or TownOpinion(level=level, body=body)
        opinion.email, opinion.asked_at, opinion.due_on = requests.addressed(actor, project.on, email), clock.now(), due_on
        opinion.reminded_at = None
        opinion.token_hash = hashed(letters.ask_opinion(project, opinion))
        if found is None:
            project.opinions.append(opinion)
        journal.record(actor, project.on, "opinion_asked")
        db.session.flush()
        return opinion


def remind_all() -> int:
    """One reminder to each who has not answered three days before the end, unless asked since yesterday; gives how many left."""

    def ask_again(opinion: TownOpinion) -> None:
        opinion.token_hash = hashed(letters.ask_opinion(opinion.project, opinion))

    return requests.remind_all(TownOpinion, ask_again, TownOpinion.asked_at < clock.now() - timedelta(days=1))


def asked_opinion(token: str) -> TownOpinion | None:
    """The opinion that this link asks for, until it is given or too late."""
    query = select(TownOpinion).where(
        TownOpinion.token_hash == hashed(token), TownOpinion.due_on >= clock.today(), TownOpinion.outcome == ""
    )
    return db.session.scalars(query).one_or_none()


def answer_opinion(token: str, *, outcome: str, words: str, signed_by: str) -> None:
    """The opinion, signed; whoever instructs the project is told."""
    if outcome != "favourable" and not words.strip():
        raise Invalid("words", _("Dites pourquoi, en une phrase."))
    with transaction():
        opinion = asked_opinion(token)
        project = projects.locked(opinion.project_id) if opinion else None
        opinion = asked_opinion(token)
        if opinion is None or project is None:
            raise NotNow(_("Ce lien a déjà servi ou n’est plus valable."))
        opinion.outcome, opinion.words, opinion.signed_by, opinion.answered_at = outcome, words, signed_by, clock.now()
        opinion.email = ""
        journal.record(Actor(), project.on, "opinion_given")
        reading = db.session.get(Reading, project.id)
        if reading and reading.officer:
            level = say(LEVELS[opinion.level])
            told = _("L’avis de %(level)s (%(body)s) est arrivé.", level=level, body=opinion.body)
            project_letters.tell_one(reading.officer, project, told)


# --- Instruction ---


def officers() -> list[Person]:
    """The Region's officers who can instruct."""
    held = select(Duty.person_id).where(Duty.role == Role.REGION_OFFICER, Duty.on == REGION)
    query = select(Person).where(Person.id.in_(held), Person.is_suspended.is_(False)).order_by(Person.name, Person.id)
    return list(db.session.scalars(query))


def stamp(reading: Reading | None) -> str:
    """A word that changes each time the instruction is saved."""
    return reading.changed_at.isoformat() if reading else ""


def instruct(actor: Actor, project_id: int, *, seen: str, officer_id: int | None, marks: dict[str, Any], words: str) -> None:
    """Whose the file is, what the grid says, what to remember; whoever is newly assigned is told.

    ``seen`` is the ``stamp`` of the instruction that was read: of two officers who take a file at once, the second is told.
    """
    with transaction():
        project = _instructed(actor, project_id)
        if officer_id is not None and officer_id not in {one.id for one in officers()}:
            raise Invalid("officer", _("Choisissez une personne de la liste."))
        kept = db.session.get(Reading, project_id, populate_existing=True)
        if stamp(kept) != seen:
            whose = kept.officer.name if kept and kept.officer else _("personne encore")
            told = _(
                "Ce dossier a changé depuis que vous l’avez ouvert (il est à : %(name)s). Rouvrez-le avant d’écrire.",
                name=whose,
            )
            raise Invalid("officer", told)
        reading = kept or Reading(project_id=project_id)
        is_new = officer_id not in (None, reading.officer_id, actor.person_id)
        reading.officer_id, reading.marks, reading.words, reading.changed_at = officer_id, marks, words, clock.now()
        db.session.add(reading)
        journal.record(actor, project.on, "instructed")
        if is_new:
            project_letters.tell_one(db.session.get_one(Person, officer_id), project, _("Ce dossier vous est confié."))


def _instructed(actor: Actor, project_id: int) -> NqeProject:
    project = services.of_summer(projects.locked(project_id))
    projects.judge(actor, project, "instruct")
    return project
