"""What settles an equality: announced, and the same for anyone who does it again."""

import hashlib
from fractions import Fraction

from citizen.tally.profile import Project
from citizen.tally.ties import Tie, key_of

PROJECTS = [Project("10", 5, lodged=2), Project("2", 5, lodged=1), Project("3", Fraction(9, 2), lodged=3)]


def order(*rules: Tie, **draw: str) -> list[str]:
    return [project.id for project in sorted(PROJECTS, key=key_of(rules, **draw))]


def test_each_rule_orders_as_it_says() -> None:
    assert order() == order(Tie.ID) == ["10", "2", "3"], "as text, like the reference library"
    assert order(Tie.CHEAPER) == ["3", "10", "2"]
    assert order(Tie.LODGED) == ["2", "10", "3"]
    assert order(Tie.CHEAPER, Tie.LODGED) == ["3", "2", "10"]


def test_the_draw_is_the_documented_one_and_changes_with_its_number_and_its_text() -> None:
    digests = {one.id: hashlib.sha256(f"7 12 31/Loto du 3 mai/{one.id}".encode()).hexdigest() for one in PROJECTS}
    assert order(Tie.DRAW, number="7 12 31", text="Loto du 3 mai") == sorted(digests, key=digests.__getitem__)
    orders = {tuple(order(Tie.DRAW, number=str(number), text="x")) for number in range(60)}
    assert len(orders) == 6, "every order can come out"
    assert {tuple(order(Tie.DRAW, number="1", text=str(text))) for text in range(60)} == orders
