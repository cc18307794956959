"""Letters: written with the act, sent once, never lost, forgotten afterwards."""

import smtplib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_string, policy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen import clock
from citizen.config import Settings
from citizen.db import db, transaction
from citizen.mail import queries, services
from citizen.mail.models import Letter
from tests.conftest import NOON
from tests.mail.smtp import Box, server


@pytest.fixture
def settings(app: Flask) -> Settings:
    return app.config["SETTINGS"]


@pytest.fixture
def box() -> Iterator[Box]:
    with server() as box:
        yield box


def waiting_count() -> int:
    """Letters not sent yet."""
    return db.session.scalar(select(func.count()).where(Letter.sent_at.is_(None))) or 0


def write(count: int = 1, to: str = "amina@exemple.fr") -> None:
    with transaction():
        for number in range(count):
            services.write(to, f"Été n° {number}", "reset", url=f"http://localhost:8000/{number}")


def test_a_letter_goes_with_its_act_or_not_at_all(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        services.write("amina@exemple.fr", "Bonjour", "reset", url="x")
        raise ZeroDivisionError
    assert waiting_count() == 0


def test_a_letter_arrives_once_in_french_and_its_text_is_erased(app: Flask, settings: Settings, box: Box) -> None:
    write()
    assert services.send_waiting(replace(settings, smtp_url=box.url)) == (1, 0)
    assert services.send_waiting(replace(settings, smtp_url=box.url)) == (0, 0)
    (text,) = box.messages
    message = message_from_string(text, policy=policy.default)
    assert message["Subject"] == "Été n° 0"
    assert message["To"] == "amina@exemple.fr"
    assert "http://localhost:8000/0" in message.get_content()
    kept = db.session.scalars(select(Letter)).one()
    assert (kept.body, kept.sent_at) == ("", NOON)


def test_a_file_goes_with_its_letter_and_is_erased_with_it(app: Flask, settings: Settings, box: Box) -> None:
    text = "BEGIN:VCALENDAR\r\nSUMMARY:Séance\r\nEND:VCALENDAR\r\n"
    with transaction():
        enclosure = services.Enclosure("seance.ics", "text/calendar; method=REQUEST", text)
        services.write("amina@exemple.fr", "Séance du 12", "reset", url="x", enclosure=enclosure)
    services.send_waiting(settings)  # into the local folder, which the page of letters shows and other tests write to
    (shown,) = [letter for letter in queries.delivered(settings.mail_folder) if letter.subject == "Séance du 12"]
    assert ("x" in shown.body, list(shown.enclosures)) == (True, ["seance.ics"])
    assert db.session.scalars(select(Letter)).one().enclosure is None
    with transaction():
        services.write("amina@exemple.fr", "La séance", "reset", url="x", enclosure=enclosure)
    services.send_waiting(replace(settings, smtp_url=box.url))
    part = next(message_from_string(box.messages[-1], policy=policy.default).iter_attachments())
    assert (part.get_filename(), part["Content-Type"].params["method"]) == ("seance.ics", "REQUEST")
    assert part.get_payload(decode=True) == text.encode()


def test_a_server_that_refuses_loses_nothing(app: Flask, settings: Settings) -> None:
    write(3)
    with server("refuse") as box:
        assert services.send_waiting(replace(settings, smtp_url=box.url)) == (0, 3)
        assert services.send_waiting(replace(settings, smtp_url=box.url)) == (0, 0)  # it waits before trying again
        assert waiting_count() == 3
        box.mode = "accept"
        with clock.at(NOON + timedelta(minutes=3)):
            assert services.send_waiting(replace(settings, smtp_url=box.url)) == (3, 0)
    assert len(box.messages) == 3


def test_a_server_that_is_not_there_loses_nothing(app: Flask, settings: Settings) -> None:
    write()
    assert services.send_waiting(replace(settings, smtp_url="smtp://127.0.0.1:1")) == (0, 1)
    assert waiting_count() == 1


def test_a_server_that_hangs_is_given_up(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Impatient(smtplib.SMTP):
        def __init__(self, host: str, port: int, timeout: float) -> None:
            assert timeout <= 30
            super().__init__(host, port, timeout=0.3)

    monkeypatch.setattr(smtplib, "SMTP", Impatient)
    write()
    with server("hang") as box:
        assert services.send_waiting(replace(settings, smtp_url=box.url)) == (0, 1)
    assert waiting_count() == 1


def test_while_a_server_hangs_the_site_goes_on_writing(app: Flask, settings: Settings) -> None:
    write()
    with server("hang") as box:
        thread = threading.Thread(target=_send, args=(app, replace(settings, smtp_url=box.url), []))
        thread.start()
        time.sleep(0.3)  # the sender is waiting for the greeting
        started = time.monotonic()
        write(5)
        assert time.monotonic() - started < 1
        box.stop.set()
        thread.join()
    assert waiting_count() == 6


def test_nothing_is_held_in_the_database_while_a_letter_travels(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow server must not keep a transaction open: the database would end it, and the letter would leave twice."""
    held = []
    monkeypatch.setattr(services, "carrier", lambda _settings: lambda _message: held.append(db.session().in_transaction()))
    write()
    services.send_waiting(settings)
    assert held == [False]


def test_a_letter_that_cannot_be_written_down_stops_no_other(app: Flask, settings: Settings, box: Box) -> None:
    write(1, to="amina@exemple.fr\r\nBcc: tous@exemple.fr")
    write(1, to="boris@exemple.fr")
    assert services.send_waiting(replace(settings, smtp_url=box.url)) == (1, 1)
    assert "boris" in box.messages[0]


def test_a_letter_is_given_up_after_some_days_and_the_health_page_says_so(client: FlaskClient, settings: Settings) -> None:
    write()
    tries = 0
    for day in range(20):
        with clock.at(NOON + timedelta(days=3 * day)):
            tries += services.send_waiting(replace(settings, smtp_url="smtp://127.0.0.1:1"))[1]
    assert tries == services.MAX_TRIES
    assert waiting_count() == 1
    assert "en retard" in client.get("/sante").text


def _send(app: Flask, settings: Settings, sums: list[tuple[int, int]]) -> None:
    with clock.at(NOON), app.app_context():
        sums.append(services.send_waiting(settings))


def test_two_senders_at_once_never_send_the_same_letter(app: Flask, settings: Settings, box: Box) -> None:
    write(40)
    sums: list[tuple[int, int]] = []
    threads = [threading.Thread(target=_send, args=(app, replace(settings, smtp_url=box.url), sums)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    subjects = Counter(str(message_from_string(text, policy=policy.default)["Subject"]) for text in box.messages)
    assert subjects == Counter({f"Été n° {number}": 1 for number in range(40)})
    assert sum(sent for sent, _failed in sums) == 40
    assert db.session.scalar(select(func.count()).where(Letter.body != "")) == 0


def test_on_a_demonstration_letters_are_read_on_a_page(app: Flask, client: FlaskClient, settings: Settings) -> None:
    write(2)
    assert "Été n° 1" not in client.get("/courrier").text
    services.send_waiting(settings)
    page = client.get("/courrier").text
    assert "Été n° 1" in page
    assert "amina@exemple.fr" in page
    assert 'href="http://localhost:8000/1"' in page


def test_elsewhere_nobody_reads_the_letters(client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(client.application.config, "SETTINGS", replace(settings, is_development=False))
    assert client.get("/courrier").status_code == 404
