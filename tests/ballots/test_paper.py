"""Paper ballots: who signs, what a box holds, ballots read twice, and their count with those online."""

import pytest
from flask import Flask
from sqlalchemy import select

from citizen import clock
from citizen.ballots import box as urn
from citizen.ballots import chain, desk, paper, preparation, queries, recording, recounting, services, verifying
from citizen.ballots.models import Ballot, Participation, Poll
from citizen.ballots.rules import Channel, Mark, read_paper, require_sheet
from citizen.db import db
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from tests.ballots.papers import a_box, fill, on_the_roll, pile, read, read_twice, signed
from tests.factories import actor, person
from tests.works import announced_poll, works_officer

THIRTY = tuple(["1 2"] * 14 + ["3"] * 12 + ["blanc"] * 3 + ["nul"])


@pytest.fixture
def officer(app: Flask) -> Actor:
    return works_officer()


@pytest.fixture
def poll(officer: Actor) -> Poll:
    """Three works, two choices at most."""
    return announced_poll(officer, [12_000_00, 11_000_00, 9_000_00], terms={"max_choices": 2})


def vote(poll: Poll, who: object, *positions: int) -> str:
    return services.vote(who, poll.id, [poll.options[place].id for place in positions], is_eligible=True)


def line_of(poll: Poll, who: Actor) -> int:
    found = queries.voter_of(poll.id, who)
    assert found is not None
    return found.id


# --- signatures ---


def test_paper_prevails_over_a_vote_online_which_leaves_the_box(poll: Poll, officer: Actor) -> None:
    voter = actor(person())
    with clock.at(poll.opens_at):
        receipt = vote(poll, voter, 0)
        assert paper.sign(officer, poll.id, line_of(poll, voter))
        with pytest.raises(NotNow, match="déjà participé"):
            vote(poll, voter, 1)
    assert db.session.get(Ballot, receipt) is None
    assert [(one.channel, one.receipt) for one in db.session.scalars(select(Participation))] == [("paper", None)]
    said = recording.lines(poll.id)
    assert [line.kind for line in said[1:]] == ["ballot", "paper_prevails"]
    assert said[2].told == {"withdrawn": said[1].told["commitment"]}
    assert chain.faults(said) == []


def test_the_signed_sheet_may_be_entered_after_closing_and_not_after_the_count(poll: Poll, officer: Actor) -> None:
    voter, [line, late] = actor(person()), on_the_roll(poll, 2)
    with clock.at(poll.opens_at):
        vote(poll, voter, 0)
    with clock.at(poll.closes_at):
        assert not paper.sign(officer, poll.id, line)
        assert paper.sign(officer, poll.id, line_of(poll, voter))
        a_box(poll, officer, "1", "2")
        assert queries.turnout(poll.id) == 2
        [box] = preparation.boxes(poll.id)
        read_twice(box.id, "1", "2")
        services.tally(officer, poll.id)
        with pytest.raises(NotNow, match="déjà dépouillé"):
            paper.sign(officer, poll.id, late)
    days = {one.voted_on for one in db.session.scalars(select(Participation))}
    assert max(days) == poll.last_minute.astimezone(clock.LOCAL).date(), "nobody took part after the last day"
    assert verifying.faults(poll) == []


def test_nobody_signs_before_the_opening_nor_twice_nor_after_a_vote_at_the_desk(poll: Poll, officer: Actor) -> None:
    [line, other] = on_the_roll(poll, 2)
    with pytest.raises(NotNow):
        paper.sign(officer, poll.id, line)
    with clock.at(poll.opens_at):
        assert desk.check_in(officer, poll.id, line, Channel.PAPER) == ""
        with pytest.raises(NotNow, match="déjà participé"):
            paper.sign(officer, poll.id, line)
        from citizen.ballots.rules import AtDesk

        vote(poll, AtDesk(other), 0)
        with pytest.raises(NotNow, match="déjà participé"):
            paper.sign(officer, poll.id, other)
        with pytest.raises(Forbidden):
            paper.sign(actor(person()), poll.id, other)


def test_a_signature_entered_on_the_wrong_line_is_taken_back(poll: Poll, officer: Actor) -> None:
    voter = actor(person())
    with clock.at(poll.opens_at):
        vote(poll, voter, 0)
        paper.sign(officer, poll.id, line_of(poll, voter))
        paper.unsign(officer, poll.id, line_of(poll, voter))
        assert queries.turnout(poll.id) == 0
        with pytest.raises(NotNow):
            paper.unsign(officer, poll.id, line_of(poll, voter))
        vote(poll, voter, 1)
    assert recording.box_faults(poll.id) == []
    assert queries.turnout(poll.id) == 1


# --- what a reader types, what a sheet says ---


@pytest.mark.parametrize(
    ("typed", "read"),
    [("3 7 12", (Mark.VALID, [3, 7, 12])), ("12,7;3", (Mark.VALID, [3, 7, 12])), (" 3 ", (Mark.VALID, [3])), ("BLANC", (Mark.BLANK, [])),
     ("b", (Mark.BLANK, [])), ("Nul", (Mark.VOID, [])), ("007", (Mark.VALID, [7]))],
)  # fmt: skip
def test_a_ballot_as_it_is_typed(typed: str, read: object) -> None:
    assert read_paper(typed, range(1, 13), 3) == read


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "numéros des projets"), ("trois", "numéros des projets"), ("3 blanc", "numéros des projets"), ("-3", "numéros"), ("٣", "numéros"),
     ("3 3", "deux fois"), ("3 13", "projet 13"), ("0", "projet 0"), ("1 2 3 4", "Tapez « nul »"), ("99999999999", "numéros")],
)  # fmt: skip
def test_what_is_no_ballot_says_what_to_type(typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_paper(typed, range(1, 13), 3)


@pytest.mark.parametrize(
    ("figures", "field"),
    [((100, 101, 0, 0, 0, 0), "unused"), ((100, 60, 50, 0, 0, 0), "unused"), ((100, 60, 5, 36, 0, 0), "found"), ((100, 60, 5, 35, 20, 16), "blank")],
)  # fmt: skip
def test_a_sheet_that_does_not_add_up_is_refused_beside_its_figure(figures: tuple[int, ...], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        require_sheet(*figures)
    assert refused.value.field == field
    require_sheet(100, 60, 5, 35, 20, 15)


# --- reading ---


def test_each_reader_reads_alone_and_only_whole_readings_are_compared(poll: Poll, officer: Actor) -> None:
    first, second, third = (works_officer() for _reader in range(3))
    with clock.at(poll.closes_at):
        number = a_box(poll, officer, *["1"] * 12)
        read(first, number, *["1"] * 12)
        read(second, number, *["1"] * 5)
        assert pile(number).differences == []
        assert recounting.next_turn(pile(number), third.person_id) is None, "a third reads only what differs"
        with pytest.raises(Forbidden):
            recounting.enter(third, number, 6, "1")
        recounting.enter(first, number, 3, "2 3")  # corrected by its own reader while the other reads
        for left in range(6, 13):
            recounting.enter(second, number, left, "1" if left != 9 else "nul")
        assert pile(number).differences == [3, 9]
        for reader in (first, second):
            with pytest.raises(NotNow, match="ne changent plus"):
                recounting.enter(reader, number, 3, "1")
        with pytest.raises(Invalid, match="pas de bulletin 4"):
            recounting.enter(third, number, 4, "1")
        recounting.enter(third, number, 3, "1")
        recounting.enter(third, number, 9, "1")
        assert pile(number).unsettled == []
        assert set(pile(number).final.values()) == {("valid", "1")}
        with pytest.raises(Forbidden):
            recounting.enter(works_officer(), number, 3, "1")


def test_one_person_is_never_both_readers(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.closes_at):
        number = a_box(poll, officer, *["1"] * 12)
        read(officer, number, *["1"] * 12)
        assert recounting.next_turn(pile(number), officer.person_id) == 1
        recounting.enter(officer, number, 1, "2")
        assert set(pile(number).readers) == {1}


def test_few_ballots_are_mixed_with_another_box_before_they_are_read(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.closes_at):
        small, large = a_box(poll, officer, "1", "2"), a_box(poll, officer, *["1"] * 12)
        with pytest.raises(NotNow, match="Moins de 11"):
            recounting.enter(officer, small, 1, "1")
        paper.mix(officer, small, large)
        assert pile(small).size == 14
        with pytest.raises(Forbidden):
            recounting.enter(officer, small, 1, "1")
        recounting.enter(officer, large, 14, "1")
        with pytest.raises(NotNow, match="déjà numérotés"):
            paper.mix(officer, small, None)


def test_ballots_are_read_only_between_the_closing_and_the_count(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.opens_at):
        made = paper.add_box(officer, poll.id, place="Mairie", held_on=clock.today())
        for act in (lambda: fill(officer, made.id, ("1",)), lambda: recounting.enter(officer, made.id, 1, "1")):
            with pytest.raises(NotNow, match="pas fermé"):
                act()
        with pytest.raises(Invalid, match="pas un jour du vote"):
            paper.add_box(officer, poll.id, place="Mairie", held_on=poll.closes_at.astimezone(clock.LOCAL).date())
        with pytest.raises(Forbidden):
            paper.add_box(actor(person()), poll.id, place="Mairie", held_on=clock.today())


# --- the count ---


def test_the_count_waits_for_each_thing_in_turn_then_counts_both_channels(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.opens_at):
        for position in (0, 0, 1):
            vote(poll, actor(person()), position)
        signed(poll, officer, 31)
    third = works_officer()

    def refused(words: str) -> None:
        with pytest.raises(NotNow, match=words):
            services.tally(officer, poll.id)
        assert db.session.get_one(Poll, poll.id).tallied_at is None

    with clock.at(poll.closes_at):
        refused("31 signatures et 0 bulletins")
        made = paper.add_box(officer, poll.id, place="Mairie", held_on=poll.opens_at.astimezone(clock.LOCAL).date())
        refused("sa feuille n’est pas remplie")
        fill(officer, made.id, THIRTY, blank=2)
        refused("pas encore lus par deux personnes")
        readers = [works_officer(), works_officer()]
        read(readers[0], made.id, *THIRTY)
        refused("pas encore lus par deux personnes")
        read(readers[1], made.id, *THIRTY[:-1], "1")
        refused("1 bulletins lus de deux façons")
        recounting.enter(third, made.id, 30, "nul")
        refused("sa feuille dit 2 bulletins blancs, les lectures en disent 3")
        fill(officer, made.id, THIRTY)
        refused("31 signatures et 30 bulletins papier")
        paper.explain(officer, poll.id, "Une personne a signé et gardé son bulletin.")
        results = {one.option.number: one.votes for one in services.tally(officer, poll.id)}
    assert results == {1: 16, 2: 15, 3: 12}
    assert db.session.get_one(Poll, poll.id).ballot_count == 3 + 26
    assert preparation.marks(poll.id) == {"valid": 26, "blank": 3, "void": 1}
    assert queries.turnout(poll.id) == 34
    assert len(queries.receipts(poll.id)) == 3
    assert verifying.faults(poll) == []
    last = recording.lines(poll.id)[-1].told
    assert (last["turnout"], last["ballots"], last["paper"]) == (34, 29, {"valid": 26, "blank": 3, "void": 1})
    with clock.at(poll.closes_at), pytest.raises(NotNow):
        recounting.enter(third, made.id, 30, "1")


def test_few_paper_ballots_are_counted_and_the_journal_does_not_say_how_many_were_blank(poll: Poll, officer: Actor) -> None:
    with clock.at(poll.opens_at):
        for _voter in range(12):
            vote(poll, actor(person()), 0)
        signed(poll, officer, 2)
    with clock.at(poll.closes_at):
        number = a_box(poll, officer, "blanc", "1")
        read_twice(number, "blanc", "1")
        services.tally(officer, poll.id)
    said = recording.lines(poll.id)
    assert said[-1].told["paper"] == {"few": 2}
    assert "blank" not in "".join(line.text for line in said)


def test_a_paper_ballot_in_the_database_before_the_count_stops_it(poll: Poll, officer: Actor) -> None:
    from citizen.db import transaction

    with transaction():
        db.session.add(Ballot(receipt="PAPIER-FAUX", poll_id=poll.id, paper="valid"))
    with clock.at(poll.closes_at), pytest.raises(urn.BoxDiffersError):
        services.tally(officer, poll.id)
