"""Around the sessions of the demonstration: minutes signed, invitations sent and answered, a request for one more session."""

from citizen.committees import asking, convening, minutes, preparation, recording
from citizen.committees.rules import proof
from citizen.demo.pic import Room

REASON = "Le tournoi des trois quartiers tombe avant la prochaine séance : l’équipe de foot de la cité n’aura pas sa réponse à temps."


def play(room: Room, *, is_first: bool) -> None:
    """Past sessions have their minutes; the next one is convened, and some have answered; in the first fund somebody asks."""
    stage = room.stage
    for day, session in room.sessions.items():
        if day < 0:
            with stage.days.at(stage.days.offset(session.held_on) + 1, 10):
                _sign(room, session.id)
    coming = next(session for day, session in sorted(room.sessions.items()) if day > 0)
    with stage.days.at(-2, 10):
        convening.convene(room.manager, coming.id)
    with stage.days.at(-1, 20):
        for rank, invitation in enumerate(preparation.invitations(coming.id)):
            if rank % 3 < 2:
                convening.answer(invitation.id, answer="absent" if rank % 3 else "present")
        if is_first:
            member = stage.cast.account("committee").person_id
            assert member is not None
            asking.ask(stage.cast.actor(member), room.fund.id, reason=REASON)


def _sign(room: Room, session_id: int) -> None:
    """Who presided and who kept the minutes sign them."""
    for office in minutes.OFFICES:
        session = recording.session_for_minutes(session_id)
        assert session is not None
        seat = getattr(session, office)
        assert seat is not None
        assert seat.person_id is not None
        signer = room.stage.cast.actor(seat.person_id)
        minutes.sign(signer, session_id, seen=proof(recording.content(session)))
