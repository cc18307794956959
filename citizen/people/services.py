"""Accounts: signing up, proving one's address, signing in and out, changing one's password; duties given."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.people import attempts, identifiers, links, passwords, queries, rules
from citizen.people.models import Duty, Person, SignIn
from citizen.people.signing import hashed
from citizen.web.filters import say

SHORT_SESSION, LONG_SESSION = timedelta(days=1), timedelta(days=30)


def sign_up(email: str, name: str, password: str) -> None:
    """Opens an account and sends what proves the address; says the same whether or not the account existed."""
    address, name, password_hash = _checked(email, name, password)
    with transaction():
        if attempts.take_try("sign_up", address):
            return
        if queries.person_at(address):
            mail.write(address, _("Vous avez déjà un compte"), "already_signed_up", reset_url=links.address("people.forgotten"))
            return
        _send_verification(_add(address, name, password_hash))


def create_person(
    email: str, name: str, password: str = "", *, is_verified: bool = False, demo_role: str | None = None,
    password_hash: str | None = None,
) -> Person:  # fmt: skip
    """An account made without letter (command line, demonstration, tests); a ``password_hash`` made once saves the work."""
    if password_hash is None:
        address, name, password_hash = _checked(email, name, password)
    else:
        address, name = _address(email), _name(name)
    with transaction():
        if queries.person_at(address):
            raise Invalid("email", _("Cette adresse a déjà un compte."))
        person = _add(address, name, password_hash)
        person.demo_role = demo_role
        person.verified_at = clock.now() if is_verified else None
    return person


def _checked(email: str, name: str, password: str) -> tuple[str, str, str]:
    """Address, name and hashed password; hashed before anything is looked up, so that time tells nothing."""
    address, name = _address(email), _name(name)
    return address, name, _hashed(password, address)


def _address(email: str) -> str:
    address = identifiers.email_address(email)
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    return address


def _name(typed: str) -> str:
    name = rules.shown_name(typed)
    if fault := rules.name_fault(name):
        raise Invalid("name", say(fault))
    return name


def _hashed(password: str, address: str) -> str:
    if fault := rules.password_fault(password, address):
        raise Invalid("password", say(fault))
    return passwords.hashed(password)


def _add(address: str, name: str, password_hash: str) -> Person:
    person = Person(email=address, name=name, password_hash=password_hash, created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    journal.record(Actor(person.id), f"person:{person.id}", "signed_up")
    return person


def ask_verification(actor: Actor) -> None:
    """Sends the proving letter again."""
    with transaction():
        person = _self(actor)
        if person.verified_at is None and not attempts.take_try("verify", person.email):
            _send_verification(person)


def _send_verification(person: Person) -> None:
    """The letter says no word that the person typed: it may go to somebody who asked nothing."""
    url = links.address("people.verify", token=links.make(person.id, links.VERIFY))
    mail.write(person.email, _("Confirmez votre adresse"), "verify", url=url)


def verify(token: str) -> None:
    """The address has answered."""
    with transaction():
        person = links.use(token, links.VERIFY)
        person.verified_at = clock.now()
        links.cancel(person.id, links.VERIFY)
        journal.record(Actor(person.id), f"person:{person.id}", "verified")


def require_verified(actor: Actor) -> None:
    """NotNow until the actor's address has answered; Forbidden to nobody."""
    if not actor.is_signed_in:
        raise Forbidden("verified")
    if not queries.is_verified(actor):
        raise NotNow(_("Confirmez d’abord votre adresse : ouvrez le lien que nous vous avons envoyé par e-mail."))


def request_reset(email: str) -> None:
    """Sends a link that lets one choose a new password, if the address has an account; says the same otherwise."""
    address = queries.kept_address(email)
    with transaction():
        wait = attempts.take_try("reset", address)
        person = queries.person_at(address)
        if person and not person.is_suspended and not wait:
            url = links.address("people.reset", token=links.make(person.id, links.RESET))
            mail.write(address, _("Choisissez un nouveau mot de passe"), "reset", url=url)


def reset(token: str, password: str) -> None:
    """A new password by mailed link; every session and every other such link ends. It does not prove the address anew."""
    link = queries.open_link(token, links.RESET)
    person = db.session.get_one(Person, link.person_id) if link else None
    password_hash = _hashed(password, person.email if person else "")
    with transaction():
        person = links.use(token, links.RESET)
        _set_password(person, password_hash)
        attempts.forget("sign_in", person.email)
        journal.record(Actor(person.id), f"person:{person.id}", "password_reset")


def _set_password(person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    links.cancel(person.id, links.RESET)
    mail.write(person.email, _("Votre mot de passe a changé"), "password_changed", reset_url=links.address("people.forgotten"))


def sign_in(email: str, password: str, *, is_long: bool = False) -> str:
    """The token of a new session, for a day or for thirty; Invalid when refused, in the same words and time with no account."""
    person_id = _recognised(queries.kept_address(email), password)
    if person_id is None:
        raise Invalid("", _("Adresse ou mot de passe incorrect."))
    with transaction():
        return _open_session(person_id, LONG_SESSION if is_long else SHORT_SESSION)


def _recognised(address: str, password: str) -> int | None:
    """The person whose password this is; the try is counted before the answer is known: parallel guesses gain nothing."""
    if wait := attempts.take_try("sign_in", address):
        minutes = -(-int(wait.total_seconds()) // 60)
        words = _("Trop d’essais : attendez %(minutes)d min, ou choisissez un nouveau mot de passe.", minutes=minutes)
        raise Invalid("", words)
    person = queries.person_at(address)
    kept = person.password_hash if person and not person.is_suspended else None
    if not passwords.matches(kept, password) or person is None or kept is None:
        return None
    newer = passwords.hashed(password) if passwords.is_outdated(kept) else kept
    with transaction():
        person = db.session.get_one(Person, person.id, with_for_update=True, populate_existing=True)
        if person.password_hash != kept or person.is_suspended:  # it changed while we were hashing
            return None
        person.password_hash = newer
        attempts.forget("sign_in", address)
        return person.id


def sign_in_demo(person_id: int) -> str:
    """The session of a demonstration account; LookupError for any other account."""
    with transaction():
        person = db.session.get(Person, person_id)
        if person is None or person.demo_role is None or person.is_suspended:
            raise LookupError(person_id)
        return _open_session(person_id, SHORT_SESSION)


def _open_session(person_id: int, lifetime: timedelta) -> str:
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.execute(delete(SignIn).where(SignIn.expires_at < now))
    db.session.add(SignIn(token_hash=hashed(token), person_id=person_id, opened_at=now, expires_at=now + lifetime))
    return token


def sign_out(token: str) -> None:
    """Ends one session: its cookie opens nothing any more."""
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.token_hash == hashed(token)))


def sign_out_everywhere(actor: Actor) -> None:
    """Ends all sessions of the actor."""
    with transaction():
        db.session.execute(delete(SignIn).where(SignIn.person_id == actor.person_id))


def suspend(actor: Actor, person_id: int, *, is_suspended: bool, reason: str) -> None:
    """Shuts an account out, every session at once, or opens it again; an erased one stays shut. The caller judges who may."""
    with transaction():
        person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
        if person.password_hash == passwords.NONE and not is_suspended:
            raise NotNow(_("Ce compte a été effacé."))
        person.is_suspended = is_suspended
        db.session.execute(delete(SignIn).where(SignIn.person_id == person_id))
        journal.record(actor, f"person:{person_id}", "suspended" if is_suspended else "unsuspended", reason=reason)


def _self(actor: Actor) -> Person:
    """The actor's own row, held."""
    if not actor.is_signed_in:
        raise Forbidden("account")
    return db.session.get_one(Person, actor.person_id, with_for_update=True, populate_existing=True)


def change_name(actor: Actor, name: str) -> None:
    """The name shown from now on."""
    name = _name(name)
    with transaction():
        _self(actor).name = name
        journal.record(actor, f"person:{actor.person_id}", "name_changed")


def change_password(actor: Actor, current: str, password: str) -> str:
    """A new password; every session ends, and the token of a new one is given for this device."""
    confirm(actor, current, field="current")
    address = db.session.scalar(select(Person.email).where(Person.id == actor.person_id)) or ""
    password_hash = _hashed(password, address)
    with transaction():
        person = _self(actor)
        _set_password(person, password_hash)
        journal.record(actor, f"person:{person.id}", "password_changed")
        return _open_session(person.id, SHORT_SESSION)


def confirm(actor: Actor, password: str, *, field: str = "password") -> None:
    """Invalid unless this is the actor's password; tries are counted as for signing in."""
    address = db.session.scalar(select(Person.email).where(Person.id == actor.person_id))
    if address is None:
        raise Forbidden("account")
    if _recognised(address, password) != actor.person_id:
        raise Invalid(field, _("Ce n’est pas votre mot de passe actuel."))


def give_duty(actor: Actor, person_id: int, role: Role, on: str) -> None:
    """Makes the person hold ``role`` on ``on``; whether the actor may give it is judged by the caller's use case."""
    with transaction():
        db.session.get_one(Person, person_id, with_for_update=True)
        if not db.session.scalar(select(Duty.id).where(Duty.person_id == person_id, Duty.role == role, Duty.on == on)):
            db.session.add(Duty(person_id=person_id, role=role, on=on))
            journal.record(actor, f"person:{person_id}", "duty_given", reason=f"{role} {on}")


def withdraw_duty(actor: Actor, person_id: int, role: Role, on: str) -> None:
    """Ends it at once: the next page opened knows. The caller judges whether the actor may."""
    with transaction():
        duty = db.session.scalar(select(Duty).where(Duty.person_id == person_id, Duty.role == role, Duty.on == on))
        if duty:
            db.session.delete(duty)
            journal.record(actor, f"person:{person_id}", "duty_withdrawn", reason=f"{role} {on}")
