"""The journal's lines: whatever is changed, added, moved or removed is found, given the digest that was posted."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from citizen.ballots import chain
from citizen.ballots.chain import Line

COLUMNS = ("number", "day", "kind", "content", "hash")


def made(ballots: int = 300) -> list[Line]:
    """A vote of forty days, some of whose voters change their mind."""
    lines = [chain.extend(0, chain.START, "2027-05-01", "announced", {"poll": 1, "title": "Travaux d’été"})]
    for number in range(ballots):
        told = {"commitment": chain.commitment(1, f"{number:032x}", f"R{number}", [number % 7, 9])}
        kind = "replaced" if number % 10 == 9 else "ballot"
        gone = {"withdrawn": lines[-1].told["commitment"]} if kind == "replaced" else {}
        day = f"2027-06-{1 + number * 28 // ballots:02d}"
        lines.append(chain.extend(lines[-1].number, lines[-1].hash, day, kind, told | gone))
    lines.append(chain.extend(lines[-1].number, lines[-1].hash, "2027-06-30", "closed", {"turnout": ballots * 9 // 10}))
    return lines


JOURNAL = made()
POSTED = [(day.day, day.digest) for day in chain.days(JOURNAL)]


def test_a_journal_as_it_was_written_has_no_fault() -> None:
    assert chain.faults(JOURNAL, POSTED) == []
    assert [chain.read(line.text) for line in JOURNAL] == JOURNAL
    assert chain.days(JOURNAL)[-1].turnout == chain.turnout(JOURNAL) == 270
    assert len(chain.in_box(JOURNAL)) == 270


def flipped(value: object, dice: random.Random) -> object:
    """The value with one bit changed."""
    if isinstance(value, int):
        return value ^ (1 << dice.randrange(20))
    data = bytearray(str(value).encode())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(7)
    return data.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("column", COLUMNS)
def test_one_byte_changed_in_a_column_is_found(column: str) -> None:
    dice = random.Random(column)
    for place in (dice.randrange(len(JOURNAL)) for _turn in range(200)):
        wrong = replace(JOURNAL[place], **{column: flipped(getattr(JOURNAL[place], column), dice)})
        [fault] = chain.faults([*JOURNAL[:place], wrong, *JOURNAL[place + 1 :]], POSTED)
        assert f"Ligne {place + 1} " in fault or f"Ligne {place + 2} " in fault, (place, fault)


def rewritten(lines: Sequence[Line]) -> list[Line]:
    """The same lines by somebody who holds the database: numbers and hashes made right again."""
    again: list[Line] = []
    for line in lines:
        number, previous = (again[-1].number, again[-1].hash) if again else (0, chain.START)
        again.append(chain.extend(number, previous, line.day, line.kind, line.told))
    return again


def removed(lines: list[Line], dice: random.Random) -> list[Line]:
    place = dice.randrange(1, len(lines) - 1)
    return lines[:place] + lines[place + 1 :]


def doubled(lines: list[Line], dice: random.Random) -> list[Line]:
    place = dice.randrange(1, len(lines))
    return lines[:place] + lines[place - 1 : place] + lines[place:]


def swapped(lines: list[Line], dice: random.Random) -> list[Line]:
    place = dice.randrange(1, len(lines) - 1)
    return [*lines[:place], lines[place + 1], lines[place], *lines[place + 2 :]]


def cut(lines: list[Line], dice: random.Random) -> list[Line]:
    return lines[: dice.randrange(1, len(lines))]


def stuffed(lines: list[Line], dice: random.Random) -> list[Line]:
    place = dice.randrange(1, len(lines) - 1)
    told = {"commitment": chain.commitment(1, "f" * 32, "FAUX", [dice.randrange(9)])}
    return [*lines[:place], chain.extend(place, lines[place - 1].hash, lines[place].day, "ballot", told), *lines[place:]]


@pytest.mark.parametrize("change", [removed, doubled, swapped, stuffed])
@pytest.mark.parametrize("is_rewritten", [False, True], ids=["as it is", "rewritten after"])
def test_lines_removed_added_or_moved_are_found(change: Callable[..., list[Line]], is_rewritten: bool) -> None:
    for seed in range(30):
        wrong = change(list(JOURNAL), random.Random(seed))
        assert chain.faults(rewritten(wrong) if is_rewritten else wrong, POSTED), seed


def test_a_tail_cut_off_is_found_by_the_posted_digest_and_by_it_alone() -> None:
    for seed in range(200):
        short = cut(list(JOURNAL), random.Random(seed))
        assert [fault for fault in chain.faults(short, POSTED) if "récrit ou coupé" in fault], len(short)
    assert chain.faults(JOURNAL[:150]) == [], "without a digest nobody knows that there was more"


def test_the_digest_posted_during_a_day_still_holds_when_the_day_went_on() -> None:
    middle = JOURNAL[150]
    assert chain.faults(JOURNAL, [(middle.day, middle.hash)]) == []
    assert chain.faults(JOURNAL, [("2027-05-20", JOURNAL[0].hash)]) == [], "a quiet day keeps the digest of the day before"
    assert chain.faults(JOURNAL, [("2027-06-20", middle.hash)]), "the digest of another day"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("replaced", {"commitment": "n", "withdrawn": "nobody's"}),
        ("ballot", {"commitment": JOURNAL[1].told["commitment"]}),
        ("day", {"turnout": 3}),
    ],
    ids=["withdraws what is not there", "the same ballot again", "another turnout"],
)
def test_lines_that_contradict_the_ones_before_are_found(kind: str, content: dict[str, object]) -> None:
    before = JOURNAL[:-1]
    wrong = chain.extend(before[-1].number, before[-1].hash, "2027-06-30", kind, content)
    assert chain.faults([*before, wrong]) == [f"Ligne {wrong.number} : elle contredit les précédentes."]


def test_no_ballot_enters_after_the_closing() -> None:
    late = chain.extend(JOURNAL[-1].number, JOURNAL[-1].hash, "2027-06-30", "ballot", {"commitment": "late"})
    assert chain.faults([*JOURNAL, late])


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "12", "null", '{"number":1}', JOURNAL[3].text + " ", JOURNAL[3].text.replace(":", ": ", 1), "[" * 100_000,
     JOURNAL[3].text.replace('"kind":"ballot"', '"kind":["ballot"]')],
    ids=range(10),
)  # fmt: skip
def test_a_line_written_otherwise_is_not_read(text: str) -> None:
    with pytest.raises(chain.Unreadable):
        chain.read(text)


def test_a_commitment_does_not_tell_the_choice_without_its_nonce() -> None:
    first, second = (chain.commitment(1, nonce, "R", [1, 2]) for nonce in ("a" * 32, "b" * 32))
    assert first != second
    assert first == chain.commitment(1, "a" * 32, "R", [2, 1]), "the order of the choices is not kept"
