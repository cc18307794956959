"""What a stopwatch learns: nothing. Tries with and without account are interleaved, so that a busy machine slows both."""

import statistics
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.people import attempts, passwords
from citizen.people.models import Person
from tests import factories

pytestmark = pytest.mark.slow
ROUNDS = 12


@pytest.fixture
def strong(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Person:
    """An account whose password is hashed as on an open site; tries are not slowed down."""
    monkeypatch.setattr(passwords, "_current", lambda: passwords._tools(False))
    monkeypatch.setattr(attempts.rules, "wait_after", lambda _tries: attempts.timedelta())
    return factories.services.create_person("presente@exemple.fr", "Amina", factories.PASSWORD, is_verified=True)


def medians(act: Callable[[str], object]) -> tuple[float, float]:
    """Median seconds with and without account, the first round left out."""
    taken: dict[str, list[float]] = {"presente": [], "absente": []}
    for number in range(ROUNDS + 1):
        for who, email in (("presente", "presente@exemple.fr"), ("absente", f"absente{number}@exemple.fr")):
            started = time.perf_counter()
            act(email)
            taken[who].append(time.perf_counter() - started)
    return statistics.median(taken["presente"][1:]), statistics.median(taken["absente"][1:])


@pytest.mark.parametrize(
    ("address", "data", "factor"),
    [
        ("/connexion", {"password": "pas le bon mot"}, 1.5),
        ("/inscription", {"name": "Amina", "password": factories.PASSWORD}, 1.5),
        ("/mot-de-passe-oublie", {}, 1.2),
    ],
)
def test_time_does_not_tell_whether_there_is_an_account(
    strong: Person, client: FlaskClient, address: str, data: dict[str, str], factor: float
) -> None:
    """Decidim #8537."""
    present, absent = medians(lambda email: client.post(address, data={**data, "email": email}))
    print(f"{address}: {present * 1000:.1f} ms with an account, {absent * 1000:.1f} ms without")
    assert max(present, absent) / min(present, absent) < factor
