"""Voting: one ballot each, changed until closing, counted once, and nothing told before."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.ballots import box, queries, services
from citizen.ballots.models import Ballot, BallotChoice, DraftBallot, Participation, Poll, Voter
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.journal.models import Event
from citizen.kernel.access import NOBODY
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from tests.factories import actor, person
from tests.works import announced_poll, chosen_by, works_officer

INSTANT = timedelta(microseconds=1)


@pytest.fixture
def poll(app: Flask) -> Poll:
    """Three works under 30 000 €, up to three choices, announced."""
    return announced_poll(works_officer(), [12_000_00, 11_000_00, 9_000_00])


def ids(poll: Poll) -> list[int]:
    return [option.id for option in poll.options]


def cast(poll: Poll, who, *positions: int) -> str:
    return services.vote(who, poll.id, [ids(poll)[position] for position in positions], is_eligible=True)


def counts() -> tuple[int, int, int]:
    """Ballots, participations, choices."""
    return tuple(db.session.scalar(select(func.count()).select_from(model)) for model in (Ballot, Participation, BallotChoice))


def test_a_vote_gives_a_receipt_by_page_and_by_mail(poll: Poll) -> None:
    voter = person()
    with clock.at(poll.opens_at):
        receipt = cast(poll, actor(voter), 1, 0)
    assert chosen_by(poll.id, actor(voter)) == [ids(poll)[1], ids(poll)[0]]
    letter = db.session.scalars(select(Letter).where(Letter.to == voter.email).order_by(Letter.id.desc())).first()
    assert receipt in letter.body
    assert "Projet" not in letter.body, "the letter never says what was chosen"


def test_the_same_vote_sent_twice_gives_the_same_receipt_and_one_ballot(poll: Poll) -> None:
    voter = actor(person())
    with clock.at(poll.opens_at):
        assert cast(poll, voter, 0, 1) == cast(poll, voter, 1, 0) == cast(poll, voter, 0, 1)
    assert counts() == (1, 1, 2)


def test_a_changed_vote_replaces_the_ballot(poll: Poll) -> None:
    voter, other = actor(person()), actor(person())
    with clock.at(poll.opens_at):
        kept, first = cast(poll, other, 0), cast(poll, voter, 0, 1)
        second = cast(poll, voter, 2)
    assert first != second
    assert counts() == (2, 2, 2)
    assert set(db.session.scalars(select(Ballot.receipt))) == {kept, second}


@pytest.mark.parametrize(
    ("chosen", "words"),
    [([], "au moins un"), ([0, 0], "deux fois"), ([0, 1, 2, 3], "n’est pas dans ce vote"), ([-1], "n’est pas dans ce vote")],
)
def test_a_ballot_that_does_not_hold_is_refused_next_to_its_field(poll: Poll, chosen: list[int], words: str) -> None:
    known = dict(enumerate(ids(poll)))
    asked = [known.get(position, 2**31) for position in chosen]
    for act in (
        lambda: services.vote(actor(person()), poll.id, asked, is_eligible=True),
        lambda: services.keep_draft(actor(person()), poll.id, asked),
    ):
        with clock.at(poll.opens_at), pytest.raises(Invalid, match=words) as refused:
            act()
        assert refused.value.field == "choices"
    assert counts() == (0, 0, 0)


def test_too_many_choices_are_refused_with_their_number(app: Flask) -> None:
    poll = announced_poll(works_officer(), [1_00, 2_00, 3_00], terms={"max_choices": 2})
    with clock.at(poll.opens_at), pytest.raises(Invalid, match="2 choix au plus : vous en avez coché 3"):
        cast(poll, actor(person()), 0, 1, 2)


def test_an_option_of_another_poll_is_refused(poll: Poll) -> None:
    other = announced_poll(works_officer(), [1_000_00])
    with clock.at(poll.opens_at), pytest.raises(Invalid):
        services.vote(actor(person()), poll.id, ids(other), is_eligible=True)


def test_who_does_not_declare_or_has_no_verified_address_or_no_account_does_not_vote(poll: Poll) -> None:
    with clock.at(poll.opens_at):
        with pytest.raises(Invalid) as refused:
            services.vote(actor(person()), poll.id, ids(poll)[:1], is_eligible=False)
        assert refused.value.field == "is_eligible"
        for nobody in (NOBODY, actor(person(verified=False))):
            with pytest.raises(Forbidden):
                cast(poll, nobody, 0)
    assert counts() == (0, 0, 0)


def test_the_vote_is_open_from_its_first_instant_to_the_last_before_closing(poll: Poll) -> None:
    voter = actor(person())
    for moment in (poll.opens_at - INSTANT, poll.closes_at, poll.closes_at + INSTANT):
        with clock.at(moment), pytest.raises(NotNow):
            cast(poll, voter, 0)
        with clock.at(moment), pytest.raises(NotNow):
            services.keep_draft(voter, poll.id, ids(poll)[:1])
    for moment in (poll.opens_at, poll.closes_at - INSTANT):
        with clock.at(moment):
            cast(poll, actor(person()), 0)
    assert counts()[0] == 2


def test_what_is_chosen_and_not_confirmed_is_kept_and_never_counted(poll: Poll) -> None:
    voter, officer = person(), works_officer()
    with clock.at(poll.opens_at):
        services.keep_draft(actor(voter), poll.id, ids(poll)[:2])
        services.keep_draft(actor(voter), poll.id, ids(poll)[1:])
    assert chosen_by(poll.id, actor(voter)) == ids(poll)[1:]
    assert queries.turnout(poll.id) == 0
    with clock.at(poll.closes_at):
        ftu.count_poll(officer, poll.id)
    assert [result.votes for result in queries.results(poll.id)] == [0, 0, 0]
    assert db.session.scalar(select(func.count()).select_from(DraftBallot)) == 0


def test_confirming_empties_the_draft(poll: Poll) -> None:
    voter = person()
    with clock.at(poll.opens_at):
        services.keep_draft(actor(voter), poll.id, ids(poll)[:2])
        cast(poll, actor(voter), 2)
    assert chosen_by(poll.id, actor(voter)) == ids(poll)[2:]


def test_nothing_is_counted_before_closing_and_only_once_after(poll: Poll) -> None:
    officer = works_officer()
    with clock.at(poll.closes_at - INSTANT), pytest.raises(NotNow):
        services.tally(officer, poll.id)
    with clock.at(poll.closes_at):
        services.tally(officer, poll.id)
        with pytest.raises(NotNow):
            services.tally(officer, poll.id)
    with clock.at(poll.closes_at), pytest.raises(Forbidden):
        services.tally(actor(person()), announced_poll(officer, [1_00]).id)


def test_the_count_erases_who_cast_which_ballot_and_keeps_who_took_part(poll: Poll) -> None:
    with clock.at(poll.opens_at):
        receipts = sorted(cast(poll, actor(person()), 0) for _voter in range(12))
    with clock.at(poll.closes_at):
        services.tally(works_officer(), poll.id)
    assert counts()[:2] == (12, 12)
    assert set(db.session.scalars(select(Participation.receipt))) == {None}
    assert queries.receipts(poll.id) == receipts
    assert db.session.get_one(Poll, poll.id).ballot_count == 12


def test_no_receipt_is_published_before_the_count(poll: Poll) -> None:
    with clock.at(poll.opens_at):
        cast(poll, actor(person()), 0)
    assert queries.receipts(poll.id) == []


def test_a_box_that_differs_from_the_people_is_not_counted(poll: Poll) -> None:
    with clock.at(poll.opens_at):
        cast(poll, actor(person()), 0)
    with transaction():
        db.session.execute(insert(Ballot).values(receipt="STUFFED", poll_id=poll.id))
    with clock.at(poll.closes_at), pytest.raises(box.BoxDiffersError):
        services.tally(works_officer(), poll.id)
    assert db.session.get_one(Poll, poll.id).tallied_at is None


def test_the_schema_refuses_what_the_services_never_do(poll: Poll) -> None:
    voter, other = person(), announced_poll(works_officer(), [1_000_00])
    with clock.at(poll.opens_at):
        receipt = cast(poll, actor(voter), 0)
    first, second, third = ids(poll)
    line, day = db.session.scalars(select(Voter.id)).one(), clock.today()
    free = {"last_name": "", "first_name": "", "search_name": "", "added_reason": "", "struck_reason": ""}
    for table, row in [
        ("participation", {"poll_id": poll.id, "voter_id": line, "channel": "desk", "voted_on": day}),
        ("participation", {"poll_id": poll.id, "voter_id": line + 1, "channel": "desk", "voted_on": day}),
        ("voter", free | {"id": 1, "poll_id": poll.id, "person_id": voter.id, "origin": "code"}),
        ("voter", free | {"id": 1, "poll_id": poll.id, "origin": "account"}),
        ("voter", free | {"id": 1, "poll_id": poll.id, "origin": "list"}),
        ("voter", free | {"id": 1, "poll_id": poll.id, "origin": "code", "last_name": "Lefebvre"}),
        ("ballot", {"receipt": receipt, "poll_id": poll.id}),
        ("ballot_choice", {"receipt": receipt, "poll_id": poll.id, "option_id": first, "rank": 2}),
        ("ballot_choice", {"receipt": receipt, "poll_id": poll.id, "option_id": second, "rank": 1}),
        ("ballot_choice", {"receipt": receipt, "poll_id": poll.id, "option_id": second, "rank": 0}),
        ("ballot_choice", {"receipt": receipt, "poll_id": poll.id, "option_id": second, "rank": 4}),
        ("ballot_choice", {"receipt": receipt, "poll_id": poll.id, "option_id": ids(other)[0], "rank": 2}),
        ("ballot_choice", {"receipt": receipt, "poll_id": other.id, "option_id": third, "rank": 2}),
    ]:
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(insert(db.metadata.tables[table]).values(row))
    assert counts() == (1, 1, 1)


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO ballot (receipt, poll_id) VALUES ('LATE', :poll)", "UPDATE ballot_choice SET rank = 2 WHERE poll_id = :poll"],
)
def test_a_counted_box_stays_shut_in_the_schema(poll: Poll, statement: str) -> None:
    with clock.at(poll.opens_at):
        cast(poll, actor(person()), 0)
    with clock.at(poll.closes_at):
        services.tally(works_officer(), poll.id)
    with pytest.raises(IntegrityError, match="the poll is counted"), transaction():
        db.session.execute(text(statement), {"poll": poll.id})


def test_a_count_before_closing_is_refused_by_the_schema(poll: Poll) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE poll SET tallied_at = opens_at, ballot_count = 0"))


def test_neither_the_journal_nor_the_ballot_says_who_chose_what_or_when(poll: Poll) -> None:
    before = db.session.scalar(select(func.count()).select_from(Event))
    voter = actor(person())
    events = db.session.scalar(select(func.count()).select_from(Event))
    with clock.at(poll.opens_at + timedelta(hours=3)):
        cast(poll, voter, 0, 1)
        cast(poll, voter, 2)
    assert db.session.scalar(select(func.count()).select_from(Event)) == events >= before
    assert set(Ballot.__table__.columns.keys()) == {"receipt", "poll_id", "nonce", "paper"}
    assert set(BallotChoice.__table__.columns.keys()) == {"receipt", "poll_id", "option_id", "rank"}
    assert db.session.scalars(select(Participation.voted_on)).one() == poll.opens_at.astimezone(clock.LOCAL).date()


def test_ballots_keep_no_hidden_order(poll: Poll) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    for table in ("ballot", "ballot_choice", "participation", "draft_ballot", "voter", "voter_code", "desk_ticket"):
        assert "WITHOUT ROWID" in db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :table"), {"table": table})


def test_the_order_of_the_list_is_each_voter_s_own_and_stable(app: Flask) -> None:
    poll = announced_poll(works_officer(), [cents * 100 for cents in range(1, 7)])
    orders = {voter: [option.id for option in queries.shuffled_options(poll, str(voter))] for voter in range(60)}
    assert all(sorted(order) == sorted(ids(poll)) for order in orders.values())
    assert orders[7] == [option.id for option in queries.shuffled_options(poll, "7")]
    assert {order[0] for order in orders.values()} == set(ids(poll)), "each project comes first for somebody"


def test_titles_and_costs_are_frozen_at_the_announcement(poll: Poll) -> None:
    project = poll.options[0].project
    with transaction():
        project.title, project.cost_cents = "Autre chose", 1
    again = db.session.get_one(Poll, poll.id, populate_existing=True)
    assert (again.options[0].title, again.options[0].cost_cents) == ("Projet 1", 12_000_00)


def test_results_keep_their_reasons_translatable(poll: Poll) -> None:
    with clock.at(poll.opens_at):
        for _voter in range(11):
            cast(poll, actor(person()), 0, 2)
    with clock.at(poll.closes_at):
        services.tally(works_officer(), poll.id)
    found = queries.results(poll.id)
    assert [(row.votes, row.is_selected, row.remaining_cents) for row in found] == [
        (11, True, 30_000_00),
        (11, True, 21_000_00),
        (0, False, 9_000_00),
    ]
    assert json.dumps([row.said for row in found])
    assert (
        " ".join(found[2].reasons)
        == "Il a 0 voix, il en faut au moins 1. 11 voix de plus, devant « Projet 1 », et il était retenu."
    )
