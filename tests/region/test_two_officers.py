"""Two officers of the Region at the same instant: on one file, on one quarter, the second is told and undoes nothing."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen.db import db
from citizen.journal.models import Event
from citizen.kernel.access import Actor
from citizen.mail.models import Letter
from citizen.nqe import registration
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import Reading
from citizen.people.models import Person
from citizen.places import contracts
from citizen.places.contract_models import contract_perimeter
from citizen.projects import services as projects
from citizen.region import bulk
from tests import factories, summers
from tests.people.test_races import at_once
from tests.region.seeding import Region

pytestmark = pytest.mark.slow


@pytest.fixture
def officers(app: Flask) -> list[Actor]:
    return [factories.actor(summers.region_officer()) for _rank in range(2)]


@pytest.fixture
def lodged(app: Flask) -> NqeProject:
    """A file that waits for the Region."""
    quarters = [summers.priority_quarter("QN08002M", "Étouvie", "80021", "248000531")]
    project = summers.nqe_draft(summers.edition(), quarters=quarters)
    return projects.lodge(factories.actor(db.session.get_one(Person, project.bearer_id)), project.id)  # type: ignore[return-value]


def test_one_of_two_takes_the_file_and_the_other_is_told_whose_it_is(
    app: Flask, lodged: NqeProject, officers: list[Actor]
) -> None:
    number, told = lodged.id, []
    db.session.rollback()

    def take(rank: int) -> None:
        mine = officers[rank].person_id
        try:
            registration.instruct(officers[rank], number, seen="", officer_id=mine, marks={}, words=f"Lu par {mine}.")
        except Exception as error:
            told.append(str(error))
            raise

    assert at_once(app, 2, take) == Counter(done=1, Invalid=1)
    reading = db.session.get_one(Reading, number)
    assert reading.words == f"Lu par {reading.officer_id}."
    assert reading.officer is not None
    assert reading.officer.name in told[0]
    registration.instruct(officers[0], number, seen=registration.stamp(reading), officer_id=None, marks={}, words="Relu.")


def test_two_who_admit_the_same_files_admit_each_once(app: Flask, lodged: NqeProject, officers: list[Actor]) -> None:
    number, before = lodged.id, db.session.scalar(select(func.count(Letter.id))) or 0
    db.session.rollback()
    ends: list[str] = []

    def admit(rank: int) -> None:
        (outcome,) = bulk.carry_out(officers[rank], "admit", [number], {})
        ends.append(outcome.why)

    at_once(app, 2, admit)
    assert sorted(map(bool, ends)) == [False, True]
    admitted = select(func.count(Event.id)).where(Event.subject == f"project:{number}", Event.to_state == "admissible")
    assert db.session.scalar(admitted) == 1
    assert db.session.scalar(select(func.count(Letter.id))) == before + 4


def test_a_quarter_enters_one_of_two_contracts(app: Flask, place: Region, officers: list[Actor]) -> None:
    made = [contracts.open_contract(officers[0], title=title, sirens=[]).id for title in ("Lille", "Loos")]
    db.session.rollback()

    def hold(rank: int) -> None:
        contracts.change(officers[rank], made[rank], sirens=[], communes=[], perimeter_ids=[place.oliveaux])

    assert at_once(app, 2, hold) == Counter(done=1, Invalid=1)
    assert len(db.session.execute(select(contract_perimeter)).all()) == 1
