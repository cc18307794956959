"""The journal of a vote, read by anybody: each day with its digest, the sheet for the town hall's board, the file."""

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from citizen import clock
from citizen.ballots import recording
from citizen.ballots.chain import KINDS
from citizen.ballots.showing import face, french_day
from citizen.ballots.views import ID, known_poll
from citizen.web.access import public
from citizen.web.filters import day as said_day
from citizen.web.printing import paper

pages = Blueprint("poll_journal", __name__)


@pages.get(f"/voter/{ID}/journal")
@public
def journal(poll_id: int) -> str:
    """The days of the journal, the newest on top."""
    poll = known_poll(poll_id)
    days = [(french_day(one.day), one) for one in reversed(recording.days(poll_id, recording.public_end(poll)))]
    return render_template("ballots/journal.html", poll=poll, face=face(poll), days=days, kinds=KINDS, today=clock.today())


@pages.get(f"/voter/{ID}/journal.jsonl")
@public
def file(poll_id: int) -> Response:
    """The journal, one line of JSON a line: all of it once the vote is closed, before that up to the last evening."""
    end = recording.public_end(known_poll(poll_id))
    body = "".join(f"{line.text}\n" for line in recording.lines(poll_id, end))
    headers = {"Content-Disposition": f'attachment; filename="journal-vote-{poll_id}.jsonl"'}
    return Response(body, mimetype="application/jsonl", headers=headers)


@pages.get(f"/voter/{ID}/journal/<day>")
@public
def sheet(poll_id: int, day: str) -> Response:
    """« Empreinte du jour », to post on the board."""
    poll = known_poll(poll_id)
    found = next((one for one in recording.days(poll_id, recording.public_end(poll)) if one.day == day), None)
    if found is None:
        abort(404)
    when = french_day(found.day)
    title = _("Empreinte du jour : %(day)s", day=said_day(when))
    return paper("ballots/digest.html", title, poll=poll, keeper=poll.call.fund, found=found, is_over=when < clock.today())
