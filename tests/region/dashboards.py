"""A small region whose every figure is counted by hand, and what its dashboard tells."""

import csv
import io
from datetime import UTC, date, datetime

from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots.models import Poll
from citizen.db import db, transaction
from citizen.ftu.models import FtuProject
from citizen.ftu.works_models import Milestone, UseAnswer, UsePoll
from citizen.funds.models import LedgerEntry
from citizen.projects.models import Decision
from citizen.projects.steering_models import TeamCount
from citizen.region.steering_models import PromiseDay
from tests.region import seeding

Told = dict[tuple[str, str], str]


def told(client: FlaskClient, indicator: str, query: str = "", side: int = 0) -> Told:
    """The figures of an indicator, by group and line, as the download gives them; of one side of a comparison."""
    answer = client.get(f"/tableau-de-bord/{indicator}.csv?{query}")
    assert answer.status_code == 200
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff")), delimiter=";"))
    places = list(dict.fromkeys((row["Territoire"], row["Années"]) for row in rows))
    mine = [row for row in rows if (row["Territoire"], row["Années"]) == places[side]] if rows else []
    return {(row["Groupe"], row["Ligne"].replace("\xa0", " ")): row["Valeur"] for row in mine}


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def add(*rows: object) -> None:
    with transaction():
        db.session.add_all(rows)


def counted_region(place: seeding.Region) -> seeding.Region:
    """Four granted projects in two years, a refusal, a promise kept and a broken one, a vote, declarations."""
    lodged = date(2026, 4, 1)
    early = place.project("Ancien", state="closed", granted_cents=1_000_00, decided_on=date(2026, 5, 1), created_at=moment(date(2026, 3, 2)),
                          lodged_at=moment(lodged), ends_on=date(2026, 8, 1))  # fmt: skip
    new = place.project("Nouveau", granted_cents=500_00, decided_on=date(2027, 2, 1), created_at=moment(date(2027, 1, 22)))
    bench = place.project(
        "Banc", FtuProject, granted_cents=2_000_00, decided_on=date(2027, 3, 1), created_at=moment(date(2027, 2, 9))
    )
    far = place.project("Ciné", commune_code="80021", perimeter_id=None, granted_cents=700_00, decided_on=date(2027, 3, 5))
    place.project("Refusé", FtuProject, state="inadmissible", better_exit="pic", changed_at=moment(date(2027, 2, 3)))
    place.project("Trop tard", state="rejected", changed_at=moment(date(2026, 6, 1)))
    place.project("Brouillon", state="draft", changed_at=moment(date(2026, 6, 1)))
    seeding.report(early, participants=140, volunteers=12)
    add(
        *(Decision(project_id=one.id, outcome="granted", amount_cents=one.granted_cents, reason="Bon.", decided_on=one.decided_on)
          for one in (early, new, bench)),
        TeamCount(project_id=early.id, people=20, women=14, young=3, declared_at=clock.now()),
        TeamCount(project_id=new.id, people=15, women=8, young=None, declared_at=clock.now()),
        PromiseDay(project_id=early.id, slug="answered", due_on=date(2026, 5, 2), done_on=date(2026, 5, 1)),
        PromiseDay(project_id=early.id, slug="paid", due_on=date(2026, 6, 1), done_on=None),
        PromiseDay(project_id=new.id, slug="answered", due_on=date(2027, 3, 9), done_on=None),
        PromiseDay(project_id=new.id, slug="paid", due_on=date(2027, 6, 9), done_on=None),
        Milestone(project_id=bench.id, kind="opening", promised_on=date(2027, 3, 8), planned_on=date(2027, 3, 8), done_on=date(2027, 3, 7)),
        UsePoll(project_id=bench.id, months=6, opened_on=date(2027, 3, 1), closes_on=date(2027, 4, 1), asked=30),
        Poll(call_id=place.ftu.id, title="Vote", electorate="J’habite Loos", max_choices=3, envelope_cents=1, tallied_at=moment(date(2027, 2, 20)),
             opens_at=moment(date(2027, 2, 1)), closes_at=moment(date(2027, 2, 19)), ballot_count=110),
    )  # fmt: skip
    add(
        *(UseAnswer(id=f"a{n}", project_id=bench.id, months=6, used="often" if n < 9 else "no", works="yes") for n in range(12))
    )
    with transaction():
        for kind, source, target, day in (
            ("commitment", "available", "promised", early.decided_on), ("payment", "promised", "paid", date(2026, 5, 11)),
        ):  # fmt: skip
            db.session.add(LedgerEntry(call_id=early.call_id, project_id=early.id, kind=kind, source=source, target=target,
                                       amount_cents=1_000_00, day=day, at=clock.now()))  # fmt: skip
            db.session.flush()
    assert far.id
    return place
