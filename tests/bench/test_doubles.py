"""Looking for double funding and usual prices among 10,000 files against among 300: it hardly takes longer."""

import pytest
from flask import Flask
from sqlalchemy import insert, select

from citizen.db import db, transaction
from citizen.kernel.words import plain
from citizen.pic.models import PicProject
from citizen.projects.doubles import doubles_of
from citizen.projects.models import BudgetLine, Project
from citizen.projects.prices import usual_prices
from tests import factories
from tests.bench.filling import WORDS
from tests.bench.test_list import seconds

pytestmark = pytest.mark.bench


def taken(count: int) -> float:
    """The best time of both look-ups with ``count`` lodged files around, all in the same quarter."""
    mine, other = factories.pic_lodged(), factories.pic_lodged()
    number, table = mine.id, Project.__table__
    like = dict(db.session.execute(select(table).where(table.c.id == other.id)).mappings().one())
    like |= {"perimeter_id": mine.perimeter_id, "starts_on": mine.starts_on}
    told = [f"{WORDS[rank % 12]} des voisins et {WORDS[rank // 12 % 12]} numéro {rank}" for rank in range(count)]
    line = {"account": "613", "side": "expense", "nature": "operating", "label": "Location de jeux", "amount_cents": 1}
    first = other.id + 1
    with transaction():
        rows = enumerate(told, first)
        db.session.execute(
            insert(table), [like | {"id": rank, "title": title, "search_text": plain(title)} for rank, title in rows]
        )
        db.session.execute(insert(BudgetLine.__table__), [line | {"project_id": first + rank} for rank in range(count)])

    def look() -> None:
        one = db.session.get_one(PicProject, number)
        doubles_of(one)
        usual_prices(one.lines)
        db.session.rollback()

    look()
    return min(seconds(look, 1) for _ in range(9))


TIMES: dict[int, float] = {}


@pytest.mark.parametrize("count", [300, 10_000])
def test_looking_around_a_file_stays_quick(app: Flask, count: int) -> None:
    TIMES[count] = taken(count)
    print(f"\nautour d’un dossier parmi {count} : {TIMES[count] * 1000:.1f} ms")
    assert TIMES[count] < TIMES[300] * 12, "thirty-three times the files, not thirty-three times the time"
