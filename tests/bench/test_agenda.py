"""The agenda of a season of 130 projects and 2,000 dates, against the same page without a database."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from datetime import time as hour
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import insert

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.words import plain
from citizen.nqe import agenda, index
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.places.models import Perimeter
from citizen.projects.models import Project
from tests import summers
from tests.bench.test_list import interleaved

pytestmark = pytest.mark.bench
PROJECTS, DATES, QUARTERS = 130, 2_000, 120
PAGES = ("/agenda", "/agenda?vue=semaine&jour=2027-07-12", "/agenda?vue=mois&mois=2027-07", "/agenda?vue=carte",
         "/agenda?commune=80021&genre=culture", "/agenda?autour=49.90,2.30&rayon=10")  # fmt: skip
READS = ("lines", "count", "weeks", "choices", "days_of_week", "spots", "lead_name")


def fill() -> None:
    """A whole season, written straight into the tables: volume, not behaviour."""
    summer = summers.edition()
    with transaction():
        first = summers.nqe_draft(summer, quarters=[summers.priority_quarter("QN08001M", "Étouvie", "80021", "248000531")])
        moment = clock.now()
        town = db.session.get_one(Perimeter, first.quarters[0].id).communes[0]
        places = [
            Perimeter(
                code=f"QNB{n}", name=f"Quartier numéro {n}", search_name=f"quartier numero {n}", kind="priority", version="2024",
                valid_from=date(2024, 1, 1), departement="80", communes=[town], lat=49.5 + n % 12 / 10, lon=1.9 + n // 12 / 8,
            )
            for n in range(QUARTERS)
        ]  # fmt: skip
        db.session.add_all(places)
        db.session.flush()
        projects = [
            {
                "id": 10_000 + n, "scheme": "nqe", "state": "granted", "title": f"Un été au quartier {n}", "summary": "", "bearer_id": first.bearer_id,
                "themes": [], "commune_code": "80021", "created_at": moment, "changed_at": moment, "is_public": True,
                "search_text": plain(f"un été {n}"), "call_id": summer.id, "ruleset_id": summer.ruleset_id, "lodged_at": moment,
                "granted_cents": 5_000_00, "decided_on": clock.today(), "organisation_id": first.organisation_id,
            }
            for n in range(PROJECTS)
        ]  # fmt: skip
        db.session.execute(insert(Project.__table__), projects)
        db.session.execute(insert(NqeProject.__table__), [{"id": row["id"]} for row in projects])
        db.session.execute(
            insert(ProgrammeEvent.__table__),
            [
                {
                    "project_id": 10_000 + n % PROJECTS, "title": f"Rendez-vous numéro {n} sous les arbres", "details": "Venez nombreux.",
                    "on": date(2027, 6, 21) + timedelta(days=n % 90), "starts_at": hour(10 + n % 10), "ends_at": hour(21), "place": "Sur la place",
                    "perimeter_id": places[n % QUARTERS].id, "kind": ("sport", "culture", "sustainable")[n % 3], "status": "planned",
                    "is_highlight": n % 15 == 0, "is_accessible": n % 2 == 0, "changed_at": moment, "changes": 0, "note": "", "fallback": "",
                }
                for n in range(DATES)
            ],
        )  # fmt: skip


def cpu(act: Callable[[], object]) -> float:
    """Seconds of processor of the best of twenty: what others do on the machine does not count."""
    taken = []
    for _ in range(20):
        started = time.process_time()
        act()
        taken.append(time.process_time() - started)
    return min(taken)


@contextmanager
def known(found: dict[str, Any]) -> Iterator[None]:
    """Inside, the agenda reads nothing: it shows what was ``found``."""
    real = {name: getattr(agenda, name) for name in READS}
    for name, value in found.items():
        setattr(agenda, name, lambda *_asked, _value=value, **_more: _value)
    try:
        yield
    finally:
        for name, value in real.items():
            setattr(agenda, name, value)


@contextmanager
def noting(found: dict[str, Any]) -> Iterator[None]:
    """Inside, what the agenda reads is kept in ``found``."""
    real = {name: getattr(agenda, name) for name in READS}

    def kept(name: str) -> Any:
        def call(*asked: Any, **more: Any) -> Any:
            found[name] = real[name](*asked, **more)
            return found[name]

        return call

    for name in READS:
        setattr(agenda, name, kept(name))
    try:
        yield
    finally:
        for name, value in real.items():
            setattr(agenda, name, value)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_season_keeps_sixty_percent_of_the_pace_of_a_bare_page(app: Flask, address: str) -> None:
    fill()
    client = FlaskClient(app, Response)  # one that only fetches
    found: dict[str, Any] = {}
    with noting(found):
        page = client.get(address).data

    def bare() -> bytes:
        with known(found):
            return bytes(client.get(address).data)

    assert bare() == page
    with_database, without = interleaved(lambda: client.get(address), bare, rounds=30)
    first = cpu(lambda: (index.forget(), client.get(address)))
    print(
        f"\n{address} : {with_database * 1000:.1f} ms, page nue {without * 1000:.1f} ms, rapport {without / with_database:.2f} ;"
        f" première lecture {first * 1000:.1f} ms de processeur"
    )
    assert without / with_database >= 0.60
    assert first < 0.030


def test_the_page_of_a_date_among_two_thousand(app: Flask) -> None:
    fill()
    client = FlaskClient(app, Response)
    number = db.session.query(ProgrammeEvent.id).limit(1).scalar()
    client.get(f"/agenda/{number}")
    taken = cpu(lambda: client.get(f"/agenda/{number}"))
    print(f"\nune date : {taken * 1000:.2f} ms")
    assert taken < 0.030
