"""Organisations: created by residents or by an administrator, joined by invitation, renamed, left."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import NOBODY, PLATFORM, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.people import attempts, identifiers, links, queries, rules
from citizen.people import services as people
from citizen.people.models import Membership, Organisation, Person
from citizen.web.filters import say


def create(actor: Actor, kind: str, name: str, *, rna: str = "", siret: str = "") -> Organisation:
    """A new organisation; who opens a group or an association is its first member, public bodies are the administrator's."""
    if kind in rules.OPEN_KINDS:
        people.require_verified(actor)
    elif kind not in rules.KINDS or not actor.holds(Role.ADMINISTRATOR, PLATFORM):
        raise Forbidden("organisation")
    name = _name(name)
    with transaction():
        if same := _already_mine(actor, kind, name):
            return same
        kept = _identifiers(kind, rna, siret)
        organisation = Organisation(kind=kind, name=name, created_at=clock.now(), **kept)
        db.session.add(organisation)
        db.session.flush()
        journal.record(actor, on(organisation.id), "organisation_created")
        if kind in rules.OPEN_KINDS:
            _join(actor, organisation.id, actor.person_id)
    return organisation


def _already_mine(actor: Actor, kind: str, name: str) -> Organisation | None:
    """The one that a first press on the same button has just made."""
    db.session.get_one(Person, actor.person_id, with_for_update=True)
    mine = Membership.person_id == actor.person_id
    query = select(Organisation).join(Membership).where(mine, Organisation.kind == kind, Organisation.name == name)
    return db.session.scalars(query.order_by(Organisation.id).limit(1)).first()


def on(organisation_id: int) -> str:
    """What a duty in this organisation is held on."""
    return f"organisation:{organisation_id}"


def _name(typed: str) -> str:
    name = rules.shown_name(typed)
    if fault := rules.name_fault(name):
        raise Invalid("name", say(fault))
    return name


def _identifiers(kind: str, rna: str, siret: str) -> dict[str, str | None]:
    """The official numbers, each right and not taken; an association has at least one."""
    kept = {"rna": identifiers.rna_number(rna), "siret": identifiers.siret_number(siret)}
    if rna.strip() and not kept["rna"]:
        raise Invalid("rna", _("Un numéro RNA s’écrit W suivi de neuf signes, par exemple W595012345."))
    if siret.strip() and not kept["siret"]:
        raise Invalid("siret", _("Ce SIRET n’est pas juste : 14 chiffres, vérifiez-les un par un."))
    if kind == rules.Kind.ASSOCIATION and not any(kept.values()):
        raise Invalid("rna", _("Donnez le numéro RNA ou le SIRET de l’association."))
    for field, number in kept.items():
        if number and db.session.scalar(select(Organisation.id).where(getattr(Organisation, field) == number)):
            raise Invalid(field, _("Cette association est déjà inscrite : demandez à l’un de ses membres de vous inviter."))
    return kept


def identify(organisation_id: int, siret: str) -> Organisation:
    """Gives an organisation its SIRET: at the command line, for public bodies that were opened without."""
    with transaction():
        organisation = db.session.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
        if organisation is None or not siret.strip():
            raise Invalid("siret", _("Donnez le numéro d’un organisme de ce site et son SIRET."))
        organisation.siret = _identifiers(organisation.kind, "", siret)["siret"]
        journal.record(NOBODY, on(organisation_id), "siret_given")
    return organisation


def _held(actor: Actor, organisation_id: int) -> Organisation:
    """The organisation's row, held, for one of its members or an administrator."""
    if not (actor.holds(Role.ORGANISATION_MEMBER, on(organisation_id)) or actor.holds(Role.ADMINISTRATOR, PLATFORM)):
        raise Forbidden("organisation")
    return db.session.get_one(Organisation, organisation_id, with_for_update=True, populate_existing=True)


def rename(actor: Actor, organisation_id: int, name: str, contact: str = "") -> None:
    """Another name, and how everybody may reach it (never a group of residents), by a member."""
    with transaction():
        organisation = _held(actor, organisation_id)
        organisation.name = _name(name)
        organisation.contact = "" if organisation.kind == rules.Kind.GROUP else contact
        journal.record(actor, on(organisation_id), "organisation_renamed")


def invite(actor: Actor, organisation_id: int, email: str) -> None:
    """Invites the account of this address, if there is one; the answer does not tell."""
    address = identifiers.email_address(email)
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    with transaction():
        organisation = _held(actor, organisation_id)
        wait = attempts.take_try(f"invite:{organisation_id}", address)
        person = queries.person_at(address)
        if person is None or person.is_suspended or wait:
            return
        token = links.make(person.id, links.invitation(organisation_id))
        url = links.address("people.invitation", organisation_id=organisation_id, token=token)
        mail.write(address, _("Une invitation à rejoindre une organisation"), "invitation", organisation=organisation, url=url)
        journal.record(actor, on(organisation_id), "member_invited")


def accept(actor: Actor, organisation_id: int, token: str) -> None:
    """The invited person joins; the link opens nothing to anybody else."""
    with transaction():
        person = links.use(token, links.invitation(organisation_id))
        if person.id != actor.person_id:
            raise Forbidden("invitation")
        _join(actor, organisation_id, person.id)


def _join(actor: Actor, organisation_id: int, person_id: int | None) -> None:
    if person_id is None or _membership(organisation_id, person_id):
        return
    db.session.add(Membership(organisation_id=organisation_id, person_id=person_id))
    people.give_duty(actor, person_id, Role.ORGANISATION_MEMBER, on(organisation_id))


def _membership(organisation_id: int, person_id: int | None) -> Membership | None:
    query = select(Membership).where(Membership.organisation_id == organisation_id, Membership.person_id == person_id)
    return db.session.scalar(query)


def leave(actor: Actor, organisation_id: int) -> None:
    """The actor leaves; the last member may not, since somebody must answer for what it does."""
    with transaction():
        organisation = _held(actor, organisation_id)
        membership = _membership(organisation_id, actor.person_id)
        if membership is None:
            raise Forbidden("organisation")
        count = select(func.count()).where(Membership.organisation_id == organisation.id)
        if (db.session.scalar(count) or 0) < 2:
            raise NotNow(_("Vous en êtes le dernier membre : invitez d’abord quelqu’un."))
        db.session.delete(membership)
        people.withdraw_duty(actor, membership.person_id, Role.ORGANISATION_MEMBER, on(organisation_id))
