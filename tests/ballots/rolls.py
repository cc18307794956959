"""A roll and those who come to a ballot by it, for tests."""

from datetime import timedelta

from sqlalchemy import func, select

from citizen import clock
from citizen.ballots import codes, roll, services, signing
from citizen.ballots.models import Ballot, Participation, Poll, Voter
from citizen.ballots.rules import RollKind, WithCode
from citizen.db import db
from citizen.kernel.access import Actor

LIST = "numero;nom;prenom\n1;Lefebvre;Anne\n2;Ben Salem;Karim\n3;Ducasse;Zoé\n"


def listed(officer: Actor, poll: Poll) -> Poll:
    """The poll on the commune's list of three people."""
    with clock.at(poll.opens_at - timedelta(days=1)):
        roll.set_kind(officer, poll.id, RollKind.LISTED)
        assert not roll.keep_list(officer, poll.id, LIST.encode()).faults
        assert roll.confirm_list(officer, poll.id) == 3
    return poll


def line(poll: Poll, number: str) -> Voter:
    return db.session.scalars(select(Voter).where(Voter.poll_id == poll.id, Voter.list_number == number)).one()


def with_code(letter: codes.Letter) -> WithCode:
    return WithCode(signing.hashed(letter.code))


def cast(poll: Poll, elector: object, *positions: int) -> str:
    return services.vote(elector, poll.id, [poll.options[position].id for position in positions], is_eligible=True)  # type: ignore[arg-type]


def box() -> tuple[int, int]:
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Ballot, Participation))  # type: ignore[return-value]
