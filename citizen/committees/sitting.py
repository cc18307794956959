"""A session as it goes: opened, paused, resumed; who comes and leaves, proxies, conflicts, the hearing of each team."""

from flask_babel import gettext as _
from sqlalchemy import delete

from citizen import clock
from citizen.committees import presence, queries, seats
from citizen.committees.models import AgendaItem, Attendance, Proxy, Recusal, Session
from citizen.committees.presence import Room
from citizen.committees.questions import Question, SecretBallot
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.kernel.words import N_
from citizen.projects.rules import french_day
from citizen.web.filters import day

GROUNDS = {
    "bearer": N_("porte le projet"),
    "team": N_("est ou était de l’équipe"),
    "helper": N_("aide l’équipe"),
    "organisation": N_("est de l’organisation qui porte le projet"),
    "household": N_("vit avec quelqu’un de l’équipe"),
    "other": N_("a un autre lien avec le projet"),
}


def room(session_id: int) -> Room:
    """The room, its session held until the transaction ends: every act in session waits for the one before."""
    session = db.session.get_one(Session, session_id, with_for_update={"of": Session.__table__}, populate_existing=True)
    return presence.room_of(session)


def sitting_room(session_id: int) -> Room:
    """The room while the committee sits; NotNow before the opening, during a pause, once closed."""
    found = room(session_id)
    if not found.session.is_sitting:
        raise NotNow(not_sitting(found.session))
    return found


def not_sitting(session: Session) -> str:
    """Why nothing can be done now."""
    if session.closed_at:
        return _("Cette séance est close.")
    if session.paused_at:
        return _("La séance est en pause : reprenez-la d’abord.")
    return _("La séance n’est pas ouverte.")


def require_conductor(actor: Actor, found: Room) -> None:
    if not found.conducts(actor):
        raise Forbidden(f"conduct:{found.session.id}")


def open_session(actor: Actor, session_id: int) -> Session:
    """Opens the session on its day, or resumes it after a pause; a second press changes nothing."""
    with transaction():
        found = room(session_id)
        session = found.session
        require_conductor(actor, found)
        if session.closed_at:
            raise NotNow(not_sitting(session))
        if session.held_on > clock.today():
            raise NotNow(_("La séance n’a pas encore eu lieu : elle est fixée au %(day)s.", day=day(session.held_on)))
        if session.is_sitting:
            return session
        action = "session_resumed" if session.opened_at else "session_opened"
        if session.opened_at is None:
            session.opened_at = clock.now()
            _seat_the_desk(found)
            for stray in found.strays():
                stray.ended_at = clock.now()
            seats.close_terms(actor, session.fund)
            detect(actor, found, [item for item in session.items if item.is_waiting])
        session.paused_at = None
        journal.record(actor, session.fund.on, action, reason=french_day(session.held_on))
        return session


def _seat_the_desk(found: Room) -> None:
    """Who presides and who keeps the minutes, as their seats say, unless it was set for the day."""
    offices = {seat.office: seat.id for seat in found.seats}
    found.session.president_seat_id = found.session.president_seat_id or offices.get("president")
    found.session.secretary_seat_id = found.session.secretary_seat_id or offices.get("secretary")


def appoint(actor: Actor, session_id: int, *, president_id: int | None, secretary_id: int | None) -> Session:
    """Who presides and who keeps the minutes of this session, when it is not as usual."""
    with transaction():
        found = room(session_id)
        require_conductor(actor, found)
        if found.session.closed_at:
            raise NotNow(not_sitting(found.session))
        known = {seat.id for seat in found.seats} | {None}
        if president_id not in known or secretary_id not in known:
            raise Invalid("president", _("Choisissez quelqu’un du comité."))
        found.session.president_seat_id, found.session.secretary_seat_id = president_id, secretary_id
        journal.record(actor, found.session.fund.on, "session_desk")
        return found.session


def pause(actor: Actor, session_id: int) -> Session:
    """Nothing is voted nor settled until somebody resumes, here or on another machine."""
    with transaction():
        found = room(session_id)
        require_conductor(actor, found)
        if found.session.paused_at:
            return found.session
        if not found.session.is_sitting:
            raise NotNow(not_sitting(found.session))
        found.session.paused_at = clock.now()
        journal.record(actor, found.session.fund.on, "session_paused")
        return found.session


def arrive(actor: Actor, session_id: int, seat_ids: list[int]) -> None:
    """These members are in the room now; a proxy they had given ends. Who is there already stays."""
    with transaction():
        found = sitting_room(session_id)
        require_conductor(actor, found)
        known, now = {seat.id for seat in found.seats}, clock.now()
        for seat_id in dict.fromkeys(seat_ids):
            if seat_id not in known:
                raise Invalid("present", _("Choisissez quelqu’un du comité."))
            if seat_id not in found.present:
                db.session.add(Attendance(session_id=session_id, seat_id=seat_id, arrived_at=now))
                _end_proxies(found, giver_id=seat_id)


def leave(actor: Actor, session_id: int, seat_id: int) -> None:
    """This member has left the room."""
    with transaction():
        found = sitting_room(session_id)
        require_conductor(actor, found)
        for one in found.attendances:
            if one.seat_id == seat_id and one.left_at is None:
                one.left_at = clock.now()


def give_proxy(actor: Actor, session_id: int, giver_id: int, holder_id: int) -> None:
    """The vote of somebody absent, given to a member of the same college: by the giver, or noted by who conducts."""
    with transaction():
        found = room(session_id)
        session, people = found.session, {seat.id: seat for seat in found.seats}
        giver, holder = people.get(giver_id), people.get(holder_id)
        mine = found.seat_of(actor)
        if not (found.conducts(actor) or (mine is not None and mine.id == giver_id)):
            raise Forbidden(f"proxy:{session_id}")
        if session.closed_at:
            raise NotNow(not_sitting(session))
        if giver is None or holder is None or giver_id == holder_id:
            raise Invalid("holder", _("Choisissez deux membres du comité."))
        if not presence.may_represent(holder, giver):
            raise Invalid("holder", _("Une procuration se donne à un membre votant du même collège."))
        if giver_id in found.present:
            raise Invalid("giver", _("Cette personne est dans la salle : elle vote elle-même."))
        if found.holders.get(giver_id) == holder_id:
            return
        most = found.terms.proxies_per_member
        if list(found.holders.values()).count(holder_id) >= most:
            raise Invalid("holder", _("Cette personne tient déjà %(most)d procurations : c’est le nombre permis.", most=most))
        _end_proxies(found, giver_id=giver_id)
        db.session.flush()
        db.session.add(Proxy(session_id=session_id, giver_id=giver_id, holder_id=holder_id, given_at=clock.now()))


def _end_proxies(found: Room, *, giver_id: int) -> None:
    for one in found.proxies:
        if one.giver_id == giver_id and one.ended_at is None:
            one.ended_at = clock.now()


def end_proxy(actor: Actor, session_id: int, giver_id: int) -> None:
    """Takes a proxy back."""
    with transaction():
        found = room(session_id)
        mine = found.seat_of(actor)
        if not (found.conducts(actor) or (mine is not None and mine.id == giver_id)):
            raise Forbidden(f"proxy:{session_id}")
        _end_proxies(found, giver_id=giver_id)


def item_of(found: Room, item_id: int) -> AgendaItem:
    """An item of this session, held; NotNow once it is released or has left."""
    item = db.session.get_one(AgendaItem, item_id, with_for_update={"of": AgendaItem.__table__}, populate_existing=True)
    call = item.project.call
    if not item.is_waiting or item.session_id != found.session.id or call is None or call.fund_id != found.session.fund_id:
        raise NotNow(_("Ce projet n’attend plus devant cette séance."))
    return item


def conducted(actor: Actor, item_id: int) -> tuple[Room, AgendaItem]:
    """The room and the item, for who conducts it now and has no part in it; both held until the transaction ends."""
    session_id = db.session.get_one(AgendaItem, item_id).session_id
    found = sitting_room(session_id)
    item = item_of(found, item_id)
    require_conductor(actor, found)
    require_no_part(actor, found, item)
    return found, item


def require_no_part(actor: Actor, found: Room, item: AgendaItem) -> None:
    """Forbidden to who has a part in the project, or was set apart."""
    if presence.is_apart(actor, item, found.seat_of(actor)):
        raise Forbidden(f"item:{item.id}")


def unsettled(item: AgendaItem) -> None:
    """NotNow once the item is settled."""
    if item.outcome:
        raise NotNow(_("Ce point est décidé : rouvrez-le d’abord."))


def hear(actor: Actor, item_id: int, hearing: str) -> AgendaItem:
    """How the team was heard: « present », « phone » or « absent »."""
    with transaction():
        _room, item = conducted(actor, item_id)
        unsettled(item)
        if item.hearing != hearing:
            item.hearing = hearing
            journal.record(actor, item.project.on, "heard" if item.is_heard else "not_heard")
        return item


def detect(actor: Actor, found: Room, items: list[AgendaItem]) -> None:
    """Records the conflicts that can be seen; part of the act that needs them known."""
    for item in items:
        for seat_id, ground in presence.grounds(found.seats, item.project).items():
            if seat_id not in presence.recused_from(item) and item.outcome is None:
                _recuse(actor, item, seat_id, ground, "detected")


def recuse(actor: Actor, item_id: int, seat_id: int, ground: str) -> AgendaItem:
    """A member says, or the secretary notes, a link with the project: neither quorum, reading nor vote on this item.

    What this member had voted on it is void and has to be voted again. Said twice, it stays said.
    """
    with transaction():
        session_id = db.session.get_one(AgendaItem, item_id).session_id
        found = room(session_id)
        item = item_of(found, item_id)
        mine = found.seat_of(actor)
        is_own = mine is not None and mine.id == seat_id
        if not is_own and not found.conducts(actor):
            raise Forbidden(f"recuse:{item_id}")
        if seat_id not in {seat.id for seat in found.seats}:
            raise Invalid("seat", _("Choisissez quelqu’un du comité."))
        if ground not in GROUNDS:
            raise Invalid("ground", _("Dites quel est ce lien."))
        if seat_id in presence.recused_from(item):
            return item
        if found.session.closed_at:
            raise NotNow(not_sitting(found.session))
        unsettled(item)
        _recuse(actor, item, seat_id, ground, "member" if is_own else "secretary")
        return item


def _recuse(actor: Actor, item: AgendaItem, seat_id: int, ground: str, source: str) -> None:
    for question in item.questions:
        if question.result != "void" and any(seat_id in (vote.seat_id, vote.holder_id) for vote in question.votes):
            void(question)
    db.session.flush()
    db.session.add(Recusal(agenda_item_id=item.id, seat_id=seat_id, ground=ground, source=source, at=clock.now()))
    journal.record(actor, passage(item), "recused", reason=ground)
    db.session.flush()
    db.session.refresh(item, ["recusals", "questions"])


def void(question: Question) -> None:
    """A vote that does not count: it is to be voted again."""
    if question.closed_at is None:  # nobody will count its ballots: they would only keep the order in which they came
        db.session.execute(delete(SecretBallot).where(SecretBallot.question_id == question.id))
    question.closed_at, question.result = question.closed_at or clock.now(), "void"


def passage(item: AgendaItem) -> str:
    """What the journal says of an item is kept under."""
    return f"passage:{item.id}"


def deny(actor: Actor, item_id: int, seat_id: int) -> None:
    """A member who has the name of somebody of the team says that there is no link; or the secretary notes it."""
    with transaction():
        found = room(db.session.get_one(AgendaItem, item_id).session_id)
        item = item_of(found, item_id)
        mine = found.seat_of(actor)
        if not (found.conducts(actor) or (mine is not None and mine.id == seat_id)):
            raise Forbidden(f"recuse:{item_id}")
        if seat_id not in denied(item):
            journal.record(actor, passage(item), "no_link", reason=str(seat_id))


def denied(item: AgendaItem) -> set[int]:
    """The seats that said they have no link with the project."""
    return {int(event.reason) for event in queries.said_of(passage(item)) if event.action == "no_link"}
