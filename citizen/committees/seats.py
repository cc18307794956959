"""Who sits in a committee: named by the fund's manager, invited by e-mail, seated when they accept, until a day."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select

from citizen import clock
from citizen.committees import queries
from citizen.committees.models import Seat
from citizen.committees.quorum import OFFICES
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.journal import services as journal
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.people import identifiers, links, rules
from citizen.people import queries as people
from citizen.people import services as accounts
from citizen.web.filters import say


def add(
    actor: Actor, fund_id: int, *, name: str, college: str, email: str = "", office: str = "member",
    starts_on: date | None = None, ends_on: date | None = None,
) -> Seat:  # fmt: skip
    """A new seat. With an address the person is invited to take it from their account; without, the seat has a name only."""
    with transaction():
        fund = _kept_fund(actor, fund_id)
        address = _address(fund_id, email)
        seat = Seat(
            fund_id=fund_id, person_id=None, name=_name(name), email=address, college=college, is_voting=_votes(fund, college),
            office=office, starts_on=starts_on or clock.today(), ends_on=ends_on,
        )  # fmt: skip
        _check(seat)
        db.session.add(seat)
        db.session.flush()
        journal.record(actor, fund.on, "seat_given")
        if address:
            url = links.address("sitting.accept", seat_id=seat.id)
            mail.write(address, _("Une invitation à siéger au comité"), "seat", fund=fund, url=url)
        return seat


def accept(actor: Actor, seat_id: int) -> Seat:
    """The person invited takes the seat: the account whose address has answered is the one that was invited."""
    accounts.require_verified(actor)
    with transaction():
        seat = _held(seat_id)
        if seat.person_id == actor.person_id:
            return seat
        if not queries.is_invited(actor, seat):
            raise Forbidden("seat")
        if seat.ends_on and seat.ends_on < clock.today():
            raise NotNow(_("Ce mandat est terminé."))
        others = [one for one in queries.seats_of(seat.fund_id) if one.person_id == actor.person_id]
        if any(_meet(seat, one) for one in others):
            raise NotNow(_("Vous siégez déjà à ce comité."))
        seat.person_id = actor.person_id
        assert actor.person_id is not None
        accounts.give_duty(actor, actor.person_id, Role.COMMITTEE_MEMBER, seat.fund.on)
        journal.record(actor, seat.fund.on, "seat_taken")
        return seat


def change(actor: Actor, seat_id: int, *, college: str, office: str, ends_on: date | None) -> Seat:
    """Another college, another office, another last day; a term that is over gives the duty back."""
    with transaction():
        seat = _held(seat_id)
        fund = _kept_fund(actor, seat.fund_id)
        seat.college, seat.is_voting, seat.office, seat.ends_on = college, _votes(fund, college), office, ends_on
        _check(seat)
        journal.record(actor, fund.on, "seat_changed")
        db.session.flush()
        _give_back_duties(actor, fund)
        return seat


def end(actor: Actor, seat_id: int) -> Seat:
    """Ends the term today: the person no longer sits."""
    with transaction():
        seat = _held(seat_id)
        fund = _kept_fund(actor, seat.fund_id)
        seat.ends_on = max(seat.starts_on, clock.today() - timedelta(days=1))
        journal.record(actor, fund.on, "seat_ended")
        db.session.flush()
        _give_back_duties(actor, fund, ended=seat)
        return seat


def _give_back_duties(actor: Actor, fund: Fund, ended: Seat | None = None) -> None:
    """Whoever has no seat left in office, or to come, is of the committee no more."""
    seats = queries.seats_of(fund.id)
    staying = {one.person_id for one in seats if one is not ended and (one.ends_on is None or one.ends_on >= clock.today())}
    for person_id in {one.person_id for one in seats if one.person_id} - staying:
        accounts.withdraw_duty(actor, person_id, Role.COMMITTEE_MEMBER, fund.on)


def close_terms(actor: Actor, fund: Fund) -> None:
    """Gives back the duties of terms that ended by themselves; part of the opening of a session."""
    _give_back_duties(actor, fund)


def _kept_fund(actor: Actor, fund_id: int) -> Fund:
    """The fund, held, for its manager."""
    fund = db.session.get_one(Fund, fund_id, with_for_update={"of": Fund.__table__})
    if Role.FUND_MANAGER not in queries.roles_on_fund(actor, fund):
        raise Forbidden("seats")
    return fund


def _held(seat_id: int) -> Seat:
    return db.session.get_one(Seat, seat_id, with_for_update={"of": Seat.__table__}, populate_existing=True)


def _name(typed: str) -> str:
    name = rules.shown_name(typed)
    if fault := rules.name_fault(name):
        raise Invalid("name", say(fault))
    return name


def _address(fund_id: int, typed: str) -> str:
    if not typed.strip():
        return ""
    address = identifiers.email_address(typed)
    if address is None:
        raise Invalid("email", _("Écrivez une adresse comme prenom@exemple.fr."))
    in_office = or_(Seat.ends_on.is_(None), Seat.ends_on >= clock.today())
    holder = people.person_at(address)
    same = or_(Seat.email == address, Seat.person_id == (holder.id if holder else 0))
    if db.session.scalar(select(Seat.id).where(Seat.fund_id == fund_id, in_office, same)):
        raise Invalid("email", _("Cette personne a déjà un siège."))
    return address


def _votes(fund: Fund, college: str) -> bool:
    terms = queries.terms_on(fund, clock.today())
    if college not in (*terms.voting_colleges, *terms.advisory_colleges):
        raise Invalid("college", _("Choisissez un collège du règlement."))
    return college in terms.voting_colleges


def _check(seat: Seat) -> None:
    if seat.ends_on and seat.ends_on < seat.starts_on:
        raise Invalid("ends_on", _("Le mandat finit avant de commencer."))
    if seat.office not in OFFICES:
        raise Invalid("office", _("Choisissez une fonction."))
    with db.session.no_autoflush:
        others = [one for one in queries.seats_of(seat.fund_id) if one.id != seat.id and one.office == seat.office]
    if seat.office != "member" and any(_meet(seat, one) for one in others):
        raise Invalid("office", _("Quelqu’un d’autre tient cette fonction : changez d’abord la sienne."))


def _meet(one: Seat, other: Seat) -> bool:
    """Whether both terms share a day."""
    return one.starts_on <= (other.ends_on or date.max) and other.starts_on <= (one.ends_on or date.max)
