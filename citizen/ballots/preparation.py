"""What the paper of a vote still needs before its count: sheets, readings, differences, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from citizen.ballots.models import Ballot, Participation, Voter
from citizen.ballots.paper_models import PaperBox, PaperEntry, PaperGap, PaperReading
from citizen.ballots.rules import FEW, Channel, Mark, Origin
from citizen.db import db
from citizen.kernel.words import Words, plain
from citizen.people.models import Person

Read = tuple[str, str]  # the mark, and the numbers of the projects
READERS = 2
MOST_FOUND = 20


@dataclass
class Pile:
    """Ballots that are read together: a box, and the small ones mixed with it before it was opened."""

    box: PaperBox
    mixed: list[PaperBox]
    readers: dict[int, int] = field(default_factory=dict)  # turn -> person
    entries: dict[int, dict[int, Read]] = field(default_factory=dict)  # turn -> number -> what was read

    @property
    def boxes(self) -> list[PaperBox]:
        return [self.box, *self.mixed]

    @property
    def is_counted(self) -> bool:
        """Whether every box has its sheet."""
        return all(box.found is not None for box in self.boxes)

    @property
    def size(self) -> int:
        return sum(box.found or 0 for box in self.boxes)

    def read_by(self, turn: int) -> dict[int, Read]:
        return self.entries.get(turn, {})

    def is_read(self, turn: int) -> bool:
        return len(self.read_by(turn)) == self.size

    @property
    def is_read_twice(self) -> bool:
        return self.is_counted and all(self.is_read(turn) for turn in (1, READERS))

    @property
    def differences(self) -> list[int]:
        """The ballots that the two read otherwise; known once both have read them all."""
        if not self.is_read_twice:
            return []
        first, second = self.read_by(1), self.read_by(READERS)
        return [number for number in sorted(first) if first[number] != second[number]]

    @property
    def unsettled(self) -> list[int]:
        return [number for number in self.differences if number not in self.read_by(3)]

    def turn_of(self, person_id: int | None) -> int | None:
        return next((turn for turn, reader in self.readers.items() if reader == person_id), None)

    def asked_of(self, turn: int) -> list[int]:
        """The ballots that this reader has still to read."""
        numbers = self.differences if turn > READERS else range(1, self.size + 1)
        return [number for number in numbers if number not in self.read_by(turn)]

    @property
    def final(self) -> dict[int, Read]:
        """What each ballot says, once the two agree or a third settled."""
        settled = self.read_by(3)
        return {
            number: settled.get(number, read) if number in self.differences else read
            for number, read in self.read_by(1).items()
        }

    def marked(self, mark: Mark) -> int:
        return sum(read == mark for read, _chosen in self.final.values())


def boxes(poll_id: int) -> Sequence[PaperBox]:
    return db.session.scalars(select(PaperBox).where(PaperBox.poll_id == poll_id).order_by(PaperBox.number)).all()


def piles(poll_id: int) -> list[Pile]:
    """Every pile of a poll with what was read of it."""
    every = boxes(poll_id)
    found = {box.id: Pile(box, [one for one in every if one.mixed_into_id == box.id]) for box in every if not box.mixed_into_id}
    readings = select(PaperReading).where(PaperReading.box_id.in_(found)).order_by(PaperReading.turn)
    for reading in db.session.scalars(readings):
        found[reading.box_id].readers[reading.turn] = reading.person_id
    columns = (PaperEntry.box_id, PaperEntry.turn, PaperEntry.number, PaperEntry.mark, PaperEntry.chosen)
    for box_id, turn, number, mark, chosen in db.session.execute(select(*columns).where(PaperEntry.box_id.in_(found))):
        found[box_id].entries.setdefault(turn, {})[number] = (mark, chosen)
    return list(found.values())


def pile_of(box: PaperBox) -> Pile:
    """The pile in which the ballots of this box are read."""
    host = box.mixed_into_id or box.id
    return next(pile for pile in piles(box.poll_id) if pile.box.id == host)


@dataclass(frozen=True)
class Paper:
    """The paper of a poll as a whole: signatures on one side, ballots found on the other."""

    signatures: int
    piles: list[Pile]
    gap: PaperGap | None

    @property
    def found(self) -> int:
        return sum(pile.size for pile in self.piles)

    @property
    def difference(self) -> int:
        return self.found - self.signatures

    @property
    def is_explained(self) -> bool:
        return self.difference in (0, self.gap.difference if self.gap else 0)

    @property
    def obstacles(self) -> list[Words]:
        """What stands between this paper and the count, in the order in which it is done."""
        if not self.signatures and not self.piles:
            return []
        said = [words for pile in self.piles for words in _of_pile(pile)]
        if not said and not self.is_explained:
            said.append(Words("%(people)d signatures et %(ballots)d bulletins papier : expliquez la différence avant de dépouiller.",
                              people=self.signatures, ballots=self.found))  # fmt: skip
        return said


def paper_of(poll_id: int) -> Paper:
    signed = select(func.count()).where(Participation.poll_id == poll_id, Participation.channel == Channel.PAPER)
    return Paper(db.session.scalar(signed) or 0, piles(poll_id), db.session.get(PaperGap, poll_id))


def _of_pile(pile: Pile) -> list[Words]:
    number = pile.box.number
    if waiting := [box.number for box in pile.boxes if box.found is None]:
        return [Words("Urne %(number)d : sa feuille n’est pas remplie.", number=one) for one in waiting]
    if not pile.is_read_twice:
        return [Words("Urne %(number)d : ses bulletins ne sont pas encore lus par deux personnes.", number=number)]
    if pile.unsettled:
        return [Words("Urne %(number)d : %(left)d bulletins lus de deux façons attendent une troisième personne.",
                      number=number, left=len(pile.unsettled))]  # fmt: skip
    said = []
    for mark, written, word in (
        (Mark.BLANK, sum(box.blank or 0 for box in pile.boxes), "blancs"),
        (Mark.VOID, sum(box.void or 0 for box in pile.boxes), "nuls"),
    ):
        if pile.marked(mark) != written:
            said.append(Words("Urne %(number)d : sa feuille dit %(written)d bulletins " + word + ", les lectures en disent %(read)d.",
                              number=number, written=written, read=pile.marked(mark)))  # fmt: skip
    return said


def must_mix(pile: Pile, every: Sequence[Pile]) -> bool:
    """Few ballots alone would tell what a neighbour chose: they are mixed with another box, if there is one."""
    return 0 < pile.size < FEW and sum(one.size > 0 or not one.is_counted for one in every) > 1


@dataclass(frozen=True)
class Line:
    """A line of the roll at the desk: its name, and how it took part."""

    id: int
    name: str
    list_number: str
    channel: str | None


def people(poll_id: int, words: str) -> list[Line]:
    """Lines of the roll whose name or number answers to these words, the first ones by name; accounts by the name they gave."""
    parts, typed = plain(words).split(), " ".join(words.split())
    if not parts:
        return []
    owner = aliased(Person)
    query = (
        select(Voter, owner.name, Participation.channel).outerjoin(owner, owner.id == Voter.person_id)
        .outerjoin(Participation, Participation.voter_id == Voter.id).where(Voter.poll_id == poll_id, Voter.struck_at.is_(None))
        .where(or_(Voter.list_number == typed, Voter.search_name.contains(parts[0]), Voter.search_name == ""))
    )  # fmt: skip
    found = [
        Line(voter.id, f"{voter.last_name} {voter.first_name}".strip() or account or "", voter.list_number or "", channel)
        for voter, account, channel in db.session.execute(query)
    ]  # fmt: skip
    named = [one for one in found if one.name and (one.list_number == typed or all(part in plain(one.name) for part in parts))]
    return sorted(named, key=lambda one: (plain(one.name), one.id))[:MOST_FOUND]


def roll_by_name(poll_id: int) -> Sequence[Voter]:
    """The lines to print for signatures: those with a name, whoever took part already or not."""
    query = select(Voter).where(
        Voter.poll_id == poll_id, Voter.struck_at.is_(None), Voter.origin.in_((Origin.LIST, Origin.DESK))
    )
    return db.session.scalars(query.order_by(Voter.search_name, Voter.list_number, Voter.id)).all()


def marks(poll_id: int) -> dict[str, int]:
    """How many ballots on paper a counted poll has: valid, blank, void."""
    query = select(Ballot.paper, func.count()).where(Ballot.poll_id == poll_id, Ballot.paper.is_not(None))
    return {str(row[0]): row[1] for row in db.session.execute(query.group_by(Ballot.paper))}


def published(poll_id: int) -> tuple[dict[str, int], str]:
    """What the result says of the paper: how many ballots, blank and void ones when they are many enough, and what was explained."""
    found, gap = marks(poll_id), db.session.get(PaperGap, poll_id)
    told = {"all": sum(found.values())} | (found if sum(found.values()) >= FEW else {})
    return (told if found else {}), gap.reason if gap else ""
