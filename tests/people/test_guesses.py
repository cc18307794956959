"""Guessing a password: slower and slower, and never closing the door on its owner."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db
from citizen.kernel.findings import Invalid
from citizen.people import services
from citizen.people.models import Attempt
from tests import factories
from tests.conftest import NOON
from tests.people.mailbag import letters, token_in

PASSWORD = factories.PASSWORD


def test_guesses_wait_longer_and_longer_whether_or_not_there_is_an_account(app: Flask) -> None:
    factories.person("ici@exemple.fr")
    heard = {}
    for email in ("ici@exemple.fr", "absente@exemple.fr"):
        heard[email] = []
        for second in range(5):
            with clock.at(NOON + timedelta(seconds=second)), pytest.raises(Invalid) as refusal:
                services.sign_in(email, "pas le bon mot")
            heard[email].append((refusal.value.field, refusal.value.message))
        with clock.at(NOON + timedelta(seconds=10)), pytest.raises(Invalid) as refusal:
            services.sign_in(email, PASSWORD)
        heard[email].append((refusal.value.field, refusal.value.message))
    assert heard["ici@exemple.fr"] == heard["absente@exemple.fr"]
    assert "1 min" in heard["ici@exemple.fr"][-1][1]


def test_the_right_person_comes_in_after_the_wait_and_starts_anew(app: Flask) -> None:
    who = factories.person()
    for _ in range(5):
        with pytest.raises(Invalid):
            services.sign_in(who.email, "pas le bon mot")
    with clock.at(NOON + timedelta(minutes=1, seconds=1)):
        services.sign_in(who.email, PASSWORD)
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_a_new_password_by_mail_opens_the_door_again(app: Flask) -> None:
    who = factories.person()
    for _ in range(6):
        with pytest.raises(Invalid):
            services.sign_in(who.email, "pas le bon mot")
    services.request_reset(who.email)
    services.reset(token_in(letters(who.email)[0]), "un tout nouveau mot de passe")
    services.sign_in(who.email, "un tout nouveau mot de passe")


def test_nobody_is_buried_under_letters(app: Flask) -> None:
    who = factories.person()
    for _ in range(30):
        services.request_reset(who.email)
        services.sign_up(who.email, "Mallory", PASSWORD)
    assert len(letters(who.email)) == 10


def test_tries_are_forgotten_after_a_quiet_day(app: Flask) -> None:
    with pytest.raises(Invalid):
        services.sign_in("a@exemple.fr", "pas le bon mot")
    with clock.at(NOON + timedelta(days=2)), pytest.raises(Invalid):
        services.sign_in("b@exemple.fr", "pas le bon mot")
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
