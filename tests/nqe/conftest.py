"""A summer for the tests: an officer, an association, two quarters, a whole draft, the same one granted."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.db import db
from citizen.kernel.access import Actor
from citizen.nqe import live
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.people.models import Person
from citizen.places.models import Perimeter
from tests import factories, summers
from tests.counting import queries

__all__ = ["queries"]  # a fixture of the house, used here


@pytest.fixture
def officer(app: Flask) -> Actor:
    return factories.actor(summers.region_officer())


@pytest.fixture
def bearer(app: Flask) -> Actor:
    return factories.actor(factories.person())


@pytest.fixture
def summer(officer: Actor) -> Edition:
    return summers.edition(officer)


@pytest.fixture
def quarters(app: Flask) -> list[Perimeter]:
    return [
        summers.priority_quarter("QN08001M", "Étouvie", "80021", "248000531"),
        summers.priority_quarter("QN08002M", "Pigeonnier", "80021", "248000531"),
    ]


@pytest.fixture
def draft(summer: Edition, bearer: Actor, quarters: list[Perimeter]) -> NqeProject:
    return summers.nqe_draft(summer, bearer, quarters=quarters)


@pytest.fixture
def granted(draft: NqeProject, officer: Actor) -> NqeProject:
    return summers.nqe_granted(draft, officer)


@pytest.fixture
def feast(granted: NqeProject, bearer: Actor) -> ProgrammeEvent:
    """The feast of 3 July, four places to book."""
    event = granted.programme[0]
    live.open_bookings(bearer, granted.id, event.id, takes_bookings=True, capacity=4)
    return event


def who(actor: Actor) -> Person:
    """The person behind an actor."""
    return db.session.get_one(Person, actor.person_id)


@pytest.fixture
def team(client: FlaskClient, draft: NqeProject, bearer: Actor) -> FlaskClient:
    factories.login(client, who(bearer))
    return client


@pytest.fixture
def region(client: FlaskClient, officer: Actor) -> FlaskClient:
    factories.login(client, who(officer))
    return client
