"""Each evening: the day's line of every open vote, and its digest sent to who keeps it, so that it is known outside this machine."""

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.ballots import queries, recording
from citizen.ballots.models import Poll
from citizen.ballots.paper_models import PollHead
from citizen.ballots.rules import Moment
from citizen.db import db, transaction
from citizen.funds.models import Fund
from citizen.mail import services as mail
from citizen.people.models import Duty, Person


def post_all() -> int:
    """Sends what is due today, once a day and a vote; gives how many left. One transaction a vote."""
    numbers = db.session.scalars(select(Poll.id).where(Poll.tallied_at.is_(None), Poll.opens_at <= clock.now())).all()
    return sum(post(number) for number in numbers)


def post(poll_id: int) -> int:
    """The day's line of this vote, or the one that says that it is over; sent to each of its keepers."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        moment, today = poll.moment(clock.now()), clock.today().isoformat()
        if moment is Moment.OPEN and not recording.has(poll_id, "day", today):
            recording.write(poll_id, "day", turnout=queries.turnout(poll_id))
        elif moment is Moment.CLOSED and not recording.has(poll_id, "closed"):
            recording.close(poll_id, queries.turnout(poll_id))
        else:
            return 0
        head = db.session.get(PollHead, poll_id)
        if head is None:
            return 0
        keepers = keepers_of(poll.call.fund)
        for person in keepers:
            subject = _("Empreinte du jour : %(title)s", title=poll.title)
            mail.write(person.email, subject, "digest", person=person, poll=poll, head=head, day=clock.today())
        return len(keepers)


def keepers_of(fund: Fund) -> list[Person]:
    """Who keeps the fund and can be written to."""
    held = select(Duty.person_id).where(Duty.role.in_(fund.keepers), Duty.on.in_(fund.targets))
    reachable = (Person.verified_at.is_not(None), Person.is_suspended.is_(False))
    return list(db.session.scalars(select(Person).where(Person.id.in_(held), *reachable).order_by(Person.id)))
