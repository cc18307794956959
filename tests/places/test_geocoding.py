"""Address search, against a small server of the documented shape on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from citizen.places import geocoding
from tests.places.conftest import REFERENCE

EXAMPLE = REFERENCE / "exemples_api" / "geoplateforme_geocodage_search.json"


class Geocoder(ThreadingHTTPServer):
    """Answers ``status`` and ``answer``; remembers what was asked."""

    status = 200
    answer: Any = None
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Geocoder

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        answer = self.server.answer
        self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def log_message(self, *_args: Any) -> None:
        """Silent."""


@pytest.fixture
def geocoder(app: Flask) -> Iterator[Geocoder]:
    """A geocoder of this machine, set for the site."""
    server = Geocoder()
    server.answer = json.loads(EXAMPLE.read_text(encoding="utf-8"))["reponse"]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, geocoder_url=f"http://127.0.0.1:{server.server_port}/geocodage/")
    yield server
    app.config["SETTINGS"] = before
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_is_off_by_default(app: Flask) -> None:
    assert not geocoding.is_on()
    assert geocoding.search("69 rue René Boileau") == geocoding.Answer()


def test_the_documented_answer_is_understood(geocoder: Geocoder) -> None:
    found = geocoding.search("  69 rue   rené boileau ", citycode="80021")
    assert found.candidates == (geocoding.Candidate("69 Rue Rene Boileau 80090 Amiens", 2.332334, 49.876029, "80021"),)
    [asked] = geocoder.asked
    assert urlsplit(asked).path == "/geocodage/search"
    values = parse_qs(urlsplit(asked).query)
    assert (values["q"], values["citycode"], values["limit"]) == (["69 rue rené boileau"], ["80021"], ["5"])


def test_an_empty_answer_says_so(geocoder: Geocoder) -> None:
    geocoder.answer = json.loads(EXAMPLE.read_text(encoding="utf-8"))["reponse_vide"]
    assert geocoding.search("zzzz") == geocoding.Answer(message=geocoding.NOTHING)


@pytest.mark.parametrize("coarse", ["municipality", "street"])
def test_a_town_or_a_street_is_too_coarse(geocoder: Geocoder, coarse: str) -> None:
    geocoder.answer["features"][0]["properties"]["type"] = coarse
    assert geocoding.search("amiens") == geocoding.Answer(message=geocoding.COARSE)


def test_too_few_letters_are_not_sent(geocoder: Geocoder) -> None:
    assert geocoding.search(" a-1 ,").message == ""
    assert geocoding.search("é ?").message == geocoding.SHORT
    assert len(geocoder.asked) == 1


def test_a_long_text_is_cut(geocoder: Geocoder) -> None:
    geocoding.search("rue " * 1000)
    assert len(parse_qs(urlsplit(geocoder.asked[0]).query)["q"][0]) <= 200


@pytest.mark.parametrize(("status", "message"), [(429, geocoding.BUSY), (500, geocoding.ASLEEP), (404, geocoding.ASLEEP)])
def test_a_refusal_says_what_to_do_instead(geocoder: Geocoder, status: int, message: str) -> None:
    geocoder.status = status
    assert geocoding.search("69 rue René Boileau") == geocoding.Answer(message=message)


def test_a_redirection_is_not_followed(geocoder: Geocoder) -> None:
    geocoder.status, geocoder.location = 302, f"http://localhost:{geocoder.server_port}/ailleurs"
    assert geocoding.search("69 rue René Boileau").message == geocoding.ASLEEP
    assert len(geocoder.asked) == 1


PLACE = {"geometry": {"coordinates": [2.3, 49.8]}, "properties": {"type": "housenumber", "label": "x", "citycode": "80021"}}


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>", b"\xff", b"[" * 100_000, {}, [], None, {"features": 3}, {"features": [None]}, {"features": [{}]},
        *({"features": [PLACE | {"geometry": {"coordinates": place}}]} for place in ([None, 1], [999, 1], [1], ["nan", 1])),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_answer(geocoder: Geocoder, answer: Any) -> None:
    geocoder.answer = answer
    assert geocoding.search("69 rue René Boileau") == geocoding.Answer(message=geocoding.ASLEEP)


def test_nobody_at_the_address_is_no_answer(geocoder: Geocoder, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], geocoder_url="http://127.0.0.1:1"))
    assert geocoding.search("69 rue René Boileau").message == geocoding.ASLEEP


@pytest.mark.parametrize("address", ["file:///etc", "ftp://127.0.0.1", "data.geopf.fr"])
def test_only_the_web_is_asked(app: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], geocoder_url=address))
    assert geocoding.search("passwd") == geocoding.Answer(message=geocoding.ASLEEP)


def test_a_slow_server_is_not_waited_for(geocoder: Geocoder, monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = threading.Event()
    monkeypatch.setattr(geocoding, "SECONDS", 0.2)
    monkeypatch.setattr(Handler, "do_GET", lambda _self: asleep.wait(5))
    start = time.monotonic()
    assert geocoding.search("69 rue René Boileau").message == geocoding.ASLEEP
    assert time.monotonic() - start < 3
    asleep.set()
