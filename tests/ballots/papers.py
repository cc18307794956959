"""Paper votes that tests need: people of a list who sign, boxes with their sheets, readers."""

from itertools import count

from citizen import clock
from citizen.ballots import paper, preparation, recounting
from citizen.ballots.models import Poll, Voter
from citizen.ballots.paper_models import PaperBox
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from tests.works import works_officer

_numbers = count(1)


def on_the_roll(poll: Poll, how_many: int = 1) -> list[int]:
    """People whom the desk wrote on the roll."""
    made = [
        Voter(poll_id=poll.id, origin="desk", last_name=f"Nom{number}", first_name="Zoé", search_name=f"nom{number} zoe")
        for number in (next(_numbers) for _one in range(how_many))
    ]
    with transaction():
        db.session.add_all(made)
    return [one.id for one in made]


def signed(poll: Poll, officer: Actor, how_many: int) -> list[int]:
    """As many people who signed for a paper ballot."""
    lines = on_the_roll(poll, how_many)
    for line in lines:
        paper.sign(officer, poll.id, line)
    return lines


def a_box(poll: Poll, officer: Actor, *ballots: str) -> int:
    """A box in which these ballots were found, with its sheet; the vote is closed."""
    made = paper.add_box(officer, poll.id, place="Mairie", held_on=poll.opens_at.astimezone(clock.LOCAL).date())
    fill(officer, made.id, ballots)
    return made.id


def fill(officer: Actor, box_id: int, ballots: tuple[str, ...], **figures: int) -> None:
    told = {"supplied": 100, "unused": 100 - len(ballots), "spoiled": 0, "found": len(ballots),
            "blank": ballots.count("blanc"), "void": ballots.count("nul")}  # fmt: skip
    paper.fill_sheet(officer, box_id, **(told | figures))


def read(reader: Actor, box_id: int, *ballots: str) -> None:
    for number, typed in enumerate(ballots, start=1):
        recounting.enter(reader, box_id, number, typed)


def read_twice(box_id: int, *ballots: str) -> list[Actor]:
    """Two people of the commune read the same."""
    readers = [works_officer(), works_officer()]
    for reader in readers:
        read(reader, box_id, *ballots)
    return readers


def pile(box_id: int) -> preparation.Pile:
    return preparation.pile_of(db.session.get_one(PaperBox, box_id))
