"""Each day: the line of every open vote and its digest, sent to who keeps it so that it is known outside this machine; and those who
chose and did not confirm are told, once, and again on the last day.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.ballots import queries, recording
from citizen.ballots.models import DraftBallot, Poll, Voter
from citizen.ballots.paper_models import PollHead
from citizen.ballots.rules import Moment
from citizen.db import db, transaction
from citizen.funds.letters import keepers_of
from citizen.mail import services as mail
from citizen.people.models import Person


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
        head = db.session.get(PollHead, poll_id, populate_existing=True)
        if head is None:
            return 0
        keepers = keepers_of(poll.call.fund)
        for person in keepers:
            subject = _("Empreinte du jour : %(title)s", title=poll.title)
            mail.write(person.email, subject, "digest", person=person, poll=poll, head=head, day=clock.today())
        return len(keepers)


def remind_all() -> int:
    """Writes the letters that are due today, each at most once whatever happens; gives how many."""
    now = clock.now()
    polls = db.session.scalars(select(Poll.id).where(Poll.opens_at <= now, Poll.closes_at > now).order_by(Poll.id)).all()
    return sum(remind(poll_id) for poll_id in polls)


def remind(poll_id: int) -> int:
    """Those of one vote who have an account and whose choices of an earlier day wait; on the last day, of that day too."""
    with transaction():
        poll = db.session.get_one(Poll, poll_id)
        today = clock.today()
        is_last_day = poll.last_minute.astimezone(clock.LOCAL).date() == today
        due = DraftBallot.reminders < 2 if is_last_day else (DraftBallot.reminders == 0) & (DraftBallot.chosen_on < today)
        waiting = (
            select(DraftBallot, Person).join(Voter, Voter.id == DraftBallot.voter_id).join(Person, Person.id == Voter.person_id)
            .where(Voter.poll_id == poll_id, Voter.struck_at.is_(None), Person.verified_at.is_not(None), due)
            .order_by(DraftBallot.voter_id).with_for_update(of=DraftBallot)
        )  # fmt: skip
        found = db.session.execute(waiting).all()
        for draft, person in found:
            draft.reminders = 2 if is_last_day else 1
            title = _("Votre vote n’est pas encore compté : %(title)s", title=poll.title)
            mail.write(
                person.email, title, "ballot_waiting", is_untraced=True, person=person, poll=poll, is_last_day=is_last_day
            )
        return len(found)
