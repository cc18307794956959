"""While a vote is open, nothing that anybody can fetch depends on what is in the box: two boxes, the same bytes."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, insert, select
from werkzeug.test import TestResponse

from citizen import clock
from citizen.ballots import box, paper, reminding
from citizen.ballots import services as ballots
from citizen.ballots.models import BallotChoice, DraftBallot, Participation, Poll, Voter
from citizen.ballots.rules import AtDesk, Moment
from citizen.db import db, transaction
from citizen.region import exporting
from citizen.web import forms, printing
from citizen.web.sheets import XLSX
from tests.ballots.papers import on_the_roll
from tests.factories import actor, person
from tests.house.conftest import Restore
from tests.house.street import Street
from tests.house.test_rights import ROLES, read_pages

Fetched = dict[tuple[str, str], tuple[int, list[tuple[str, str]], str]]


@pytest.fixture
def poll_id(street: Street, restore: Restore, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The open vote of the street with ballots from home and from the desk, signatures on paper, and its digest of the day.

    Pages are asked for what they say: the keys of their forms and the room left on the disk stay the same.
    """
    monkeypatch.setattr(forms, "token_urlsafe", lambda _length: "once")
    monkeypatch.setattr("flask_wtf.csrf.generate_csrf", lambda: "token")
    monkeypatch.setitem(street.app.jinja_env.globals, "csrf_token", lambda: "token")
    left = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: left)
    monkeypatch.setattr(printing, "pdf", lambda _page: None)  # the page that is printed says as much, and sooner
    with street.app.app_context(), street.app.test_request_context():
        poll = next(one for one in db.session.scalars(select(Poll)) if one.moment(clock.now()) is Moment.OPEN)
        officer, options = street.actor("commune"), [option.id for option in poll.options]
        for place in range(6):
            ballots.vote(actor(person()), poll.id, options[place % 2 :][:2], is_eligible=True)
        for line in on_the_roll(poll, 3):
            ballots.vote(AtDesk(line), poll.id, options[:1], is_eligible=True)
        changed = actor(person())
        for chosen in (options[:1], options[1:2]):
            ballots.vote(changed, poll.id, chosen, is_eligible=True)
        ballots.keep_draft(actor(person()), poll.id, options[:1])
        for line in on_the_roll(poll, 2):
            paper.sign(officer, poll.id, line)
        reminding.post(poll.id)
        exporting.publish()  # the page of the open data tells the sizes of what was written
        number = poll.id
        db.session.remove()
    yield number
    restore()


def other_choices(street: Street, poll_id: int) -> int:
    """Every ballot and draft but those of the people who will look, changed for its opposite; how many."""
    with transaction():
        options = [option.id for option in db.session.get_one(Poll, poll_id).options]
        theirs = select(Voter.id).where(Voter.person_id.in_(street.people.values()))
        kept = set(db.session.scalars(select(Participation.receipt).where(Participation.voter_id.in_(theirs))))
        changed = {receipt: chosen for receipt, (_nonce, chosen) in box.content(poll_id).items() if receipt not in kept}
        for receipt, chosen in changed.items():
            db.session.execute(delete(BallotChoice).where(BallotChoice.receipt == receipt))
            opposite = [option for option in options if option not in chosen][-1:] or options[:1]
            rows = [
                {"receipt": receipt, "poll_id": poll_id, "option_id": option, "rank": rank}
                for rank, option in enumerate(opposite, start=1)
            ]
            db.session.execute(insert(BallotChoice), rows)
        mine = select(Voter.id).where(Voter.poll_id == poll_id, Voter.id.not_in(theirs))
        for draft in db.session.scalars(select(DraftBallot).where(DraftBallot.voter_id.in_(mine))):
            draft.option_ids = options[-1:]
    return len(changed)


def crawled(street: Street, where: tuple[str, ...]) -> Fetched:
    """Every page and every file whose address begins so, by everybody: the status, the headers and the bytes of each answer."""
    with street.app.app_context():
        paths = sorted({path for _rule, _values, path in read_pages(street) if path.startswith(where)})
    found: Fetched = {}
    browsers = street.browsers | {
        "visitor": street.app.test_client()
    }  # with no cookie yet: what everybody sees alike is shared
    for role in ROLES:
        for path in paths:
            answer = browsers[role].get(path)
            headers = [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "Date", "Content-Length")]
            found[role, path] = answer.status_code, headers, hashlib.sha256(content(answer)).hexdigest()
            answer.close()
    return found


def content(answer: TestResponse) -> bytes:
    """The bytes of the answer; those of a workbook but for the moment at which it was made."""
    data = answer.get_data()
    if answer.mimetype != XLSX:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in sorted(book.namelist()) if name != "docProps/core.xml")


VOTES = ("/voter", "/resultats", "/ftu", "/commune", "/donnees", "/tableau-de-bord")


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(VOTES, id="pages of votes", marks=pytest.mark.slow),
        pytest.param(("/",), id="everything", marks=[pytest.mark.bench, pytest.mark.long]),
    ],
)
def test_nothing_fetched_by_anybody_depends_on_what_was_chosen(street: Street, poll_id: int, where: tuple[str, ...]) -> None:
    """The journal's commitments stay as they are: without their nonces, which no page shows, they tell nothing of a choice."""
    before = crawled(street, where)
    assert before["visitor", f"/voter/{poll_id}/journal.jsonl"][0] == 200
    assert before["commune", f"/voter/{poll_id}/papier"][0] == 200
    with street.app.app_context():
        assert other_choices(street, poll_id) >= 10
    after = crawled(street, where)
    assert [where for where, answer in before.items() if after[where] != answer] == []
