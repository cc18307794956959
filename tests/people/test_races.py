"""Several at once: a try, an address, a link count once each."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db
from citizen.kernel.access import NOBODY, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import NotNow
from citizen.mail.models import Letter
from citizen.people import passwords, services
from citizen.people.models import Attempt, Duty, Organisation, Person
from tests import factories
from tests.conftest import NOON
from tests.people.test_accounts import token_in

pytestmark = pytest.mark.slow


def at_once(app: Flask, count: int, act: Callable[[int], object]) -> Counter[str]:
    """How the acts ended: « done » or the name of what was raised."""
    ends: list[str] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        with clock.at(NOON), app.app_context():
            start.wait()
            try:
                act(number)
                ends.append("done")
            except Exception as error:
                ends.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return Counter(ends)


def test_parallel_guesses_gain_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    email, judged = factories.person().email, []
    honest = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, password: judged.append(1) or honest(kept, password))
    ends = at_once(app, 20, lambda number: services.sign_in(email, f"mauvais mot {number}"))
    assert ends == Counter({"Invalid": 20})
    assert len(judged) == 5
    assert db.session.scalar(select(Attempt.tries)) == 5


def test_one_address_signing_up_at_once_makes_one_account(app: Flask) -> None:
    ends = at_once(app, 8, lambda _number: services.sign_up("amina@exemple.fr", "Amina", factories.PASSWORD))
    assert ends == Counter({"done": 8})
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_link_pressed_twice_at_once_serves_once(app: Flask) -> None:
    who = factories.person()
    services.request_reset(who.email)
    token = token_in(db.session.scalars(select(Letter)).one())
    ends = at_once(app, 8, lambda number: services.reset(token, f"un nouveau mot de passe {number}"))
    assert ends == Counter({"done": 1, NotNow.__name__: 7})


def test_a_duty_given_at_once_is_held_once(app: Flask) -> None:
    person_id = factories.person().id
    ends = at_once(app, 8, lambda _number: services.give_duty(NOBODY, person_id, Role.FUND_MANAGER, "fund:3"))
    assert ends == Counter({"done": 8})
    assert db.session.scalar(select(func.count()).select_from(Duty)) == 1


def test_a_button_pressed_twice_opens_one_group(app: Flask) -> None:
    who = factories.actor(factories.person())
    ends = at_once(app, 6, lambda _number: factories.organisation(who, name="Les jardins"))
    assert ends == Counter({"done": 6})
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_one_association_registered_at_once_is_registered_once(app: Flask) -> None:
    actors = [factories.actor(factories.person()) for _ in range(6)]
    ends = at_once(app, 6, lambda number: factories.organisation(actors[number], kind="association", rna="W595012345"))
    assert ends["done"] == 1
    assert set(ends) <= {"done", Invalid.__name__, "IntegrityError"}
