"""The pages of accounts, as a browser sees them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from citizen import config
from citizen.app import create_app
from citizen.db import db
from citizen.kernel.access import NOBODY, Role
from citizen.people import organisations, passwords, queries, services
from citizen.people.models import Person, SignIn
from citizen.web.security import limiter
from tests import factories
from tests.conftest import NOON
from tests.counting import counted
from tests.people.mailbag import last_link

PASSWORD = factories.PASSWORD
NEW = "un tout nouveau mot de passe"


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The same site, as a demonstration."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], is_demo=True))
    return app


def test_from_sign_up_to_a_proved_address(client: FlaskClient) -> None:
    answer = client.post("/inscription", data={"name": "Amina", "email": "Amina@exemple.fr", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/courrier-envoye")
    link = last_link("amina@exemple.fr")
    for _ in range(3):  # a mail scanner opens the link before the person does
        assert client.get(link).status_code == 200
    assert queries.person_at("amina@exemple.fr").verified_at is None
    assert client.post(link).location == "/connexion"
    assert queries.person_at("amina@exemple.fr").verified_at == NOON
    assert client.post(link).status_code == client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/connexion", {"password": "pas le bon mot"}),
        ("/inscription", {"name": "Xavière", "password": PASSWORD}),
        ("/mot-de-passe-oublie", {}),
    ],
)
def test_the_answer_is_the_same_with_and_without_account(client: FlaskClient, address: str, data: dict[str, str]) -> None:
    """Decidim #8537."""
    factories.person("presente@exemple.fr")
    heard = set()
    for email in ("presente@exemple.fr", "absente1@exemple.fr"):
        answer = client.post(address, data={**data, "email": email})
        names = tuple(name for name, _value in answer.headers)
        heard.add((answer.status_code, answer.location, answer.content_length, names, answer.text.replace(email, "")))
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("suite", "then"),
    [
        ("/projets?page=2", "/projets?page=2"),
        ("", "/mon-espace"),
        ("//evil.fr", "/mon-espace"),
        ("/\\evil.fr", "/mon-espace"),
        ("https://evil.fr", "/mon-espace"),
        ("/x\r\nSet-Cookie: a=b", "/mon-espace"),
    ],
)
def test_one_comes_back_to_a_page_of_ours_only(client: FlaskClient, suite: str, then: str) -> None:
    """CVE-2023-32693."""
    who = factories.person()
    page = client.get("/connexion", query_string={"suite": suite})
    kept = re.search(r'name="suite" type="hidden" value="([^"]*)"', page.text)
    assert kept
    assert "evil" not in kept[1]
    answer = client.post("/connexion", data={"email": who.email, "password": PASSWORD, "suite": suite})
    assert (answer.status_code, answer.location) == (303, then)


def test_a_closed_page_sends_to_sign_in_and_back(client: FlaskClient) -> None:
    who = factories.person()
    answer = client.get("/mon-compte")
    assert answer.location == "/connexion?suite=/mon-compte"
    page = client.get(answer.location)
    assert 'value="/mon-compte"' in page.text
    assert client.post(answer.location, data={"email": who.email, "password": PASSWORD}).location == "/mon-compte"


def test_a_cookie_copied_before_signing_out_opens_nothing(app: Flask, client: FlaskClient) -> None:
    factories.login(client, factories.person())
    thief = app.test_client()
    thief.set_cookie("citizen", client.get_cookie("citizen").value)
    assert thief.get("/mon-compte").status_code == 200
    client.post("/deconnexion")
    assert thief.get("/mon-compte").status_code == client.get("/mon-compte").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_signing_in_changes_the_cookie(client: FlaskClient) -> None:
    who = factories.person()
    client.get("/connexion?suite=/projets")
    factories.login(client, who)
    first = client.get_cookie("citizen").value
    factories.login(client, who)
    assert client.get_cookie("citizen").value != first
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_a_new_password_closes_the_other_devices_and_keeps_this_one(app: Flask, client: FlaskClient) -> None:
    who, phone = factories.person(), app.test_client()
    factories.login(phone, who)
    factories.login(client, who)
    answer = client.post("/mon-compte/mot-de-passe", data={"current": PASSWORD, "password": NEW})
    assert answer.location == "/mon-compte"
    assert client.get("/mon-compte").status_code == 200
    assert phone.get("/mon-compte").status_code == 303


def test_a_lost_phone_is_closed_from_another(app: Flask, client: FlaskClient) -> None:
    who, phone = factories.person(), app.test_client()
    factories.login(phone, who)
    factories.login(client, who)
    client.post("/mon-compte/sessions")
    assert phone.get("/mon-compte").status_code == client.get("/mon-compte").status_code == 303


def test_a_role_taken_back_is_gone_at_the_next_page(app: Flask, client: FlaskClient) -> None:
    who = factories.person()
    group = factories.organisation(factories.actor(who))
    factories.login(client, who)
    assert client.get(f"/organisations/{group.id}").status_code == 200
    services.withdraw_duty(NOBODY, who.id, Role.ORGANISATION_MEMBER, f"organisation:{group.id}")
    assert client.get(f"/organisations/{group.id}").status_code == 404


def test_pages_of_signed_in_people_are_kept_nowhere(client: FlaskClient) -> None:
    factories.login(client, factories.person())
    assert client.get("/mon-compte").headers["Cache-Control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask, client: FlaskClient) -> None:
    who = factories.person()
    answer = client.post("/connexion", data={"email": who.email, "password": PASSWORD, "stay": "y"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie
    answer = app.test_client().post("/connexion", data={"email": who.email, "password": PASSWORD})
    assert "Expires" not in answer.headers["Set-Cookie"]


def test_over_https_the_cookie_belongs_to_this_host_alone(tmp_path: Path) -> None:
    settings = config.read({}, data=tmp_path, base_url="https://citizen.exemple.fr")
    site = create_app(settings, TESTING=True)
    assert site.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert site.config["SESSION_COOKIE_SECURE"]


def test_without_its_token_a_form_is_refused(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    who = factories.person()
    factories.login(client, who)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    ours = ("/mon-compte/nom", "/mon-compte/suppression", "/mon-compte/sessions")
    for address in (*ours, "/deconnexion", "/connexion", "/inscription"):
        answer = client.post(address, data={"name": "Mallory", "email": who.email, "password": PASSWORD})
        assert answer.status_code == 400, address
    assert db.session.get(Person, who.id).name == who.name


def test_a_name_is_text_on_every_page(client: FlaskClient) -> None:
    """CVE-2026-23891."""
    attack = "<script>alert(1)</script>"
    who = factories.person(name=attack)
    group = organisations.create(factories.actor(who), "group", "<svg onload=alert(1)>")
    factories.login(client, who)
    theirs = f"/organisations/{group.id}"
    for address in ("/mon-compte", "/mon-compte/nom", "/organisations", theirs, f"{theirs}/nom"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "<svg onload" not in page
    assert "&lt;script&gt;alert(1)" in client.get("/mon-compte").text


def test_what_was_typed_stays_when_something_is_wrong(client: FlaskClient) -> None:
    answer = client.post("/inscription", data={"name": "Amina", "email": "amina@exemple.fr", "password": "court"})
    assert answer.status_code == 422
    assert 'value="Amina"' in answer.text
    assert "court" not in answer.text.replace("courrier", "")
    assert "10 caractères au moins" in answer.text


@pytest.mark.parametrize("address", ["/connexion", "/inscription", "/mot-de-passe-oublie"])
@pytest.mark.parametrize(
    "data",
    [
        {},
        {"email": "", "name": "", "password": ""},
        {"email": "a" * 100_000, "name": "b" * 100_000, "password": "c" * 100_000},
        {"email": "a@exemple.fr\x00", "name": "\x00\ud7ff", "password": "\x00" * 12},
        {"email": b"\xff\xfe@exemple.fr", "name": b"\xff", "password": b"\xff" * 12},
        {"email": ["a@exemple.fr", "b@exemple.fr"], "name": ["a", "b"], "password": [PASSWORD, "x"]},
        {"email": "a'; DROP TABLE person;--@exemple.fr", "name": "%(x)s {{ 7*7 }}", "password": "%s%s%s%s%s%s"},
    ],
)
def test_bad_input_is_answered_in_words(client: FlaskClient, address: str, data: dict[str, object]) -> None:
    assert client.post(address, data=data).status_code in (303, 422)
    assert "49" not in client.post(address, data=data).text or "7*7" in str(data)


def test_numbers_from_elsewhere_are_not_found(client: FlaskClient) -> None:
    stranger, who = factories.organisation(), factories.person()
    factories.organisation(factories.actor(who))
    factories.login(client, who)
    for number in (stranger.id, 999_999, 2**31 - 1, 2**31, 10**30, "abc", "-1"):
        for page in ("", "/nom", "/invitations"):
            assert client.get(f"/organisations/{number}{page}").status_code == 404
        assert client.post(f"/organisations/{number}/depart").status_code in (404, 405)
    assert client.get(f"/organisations/{stranger.id}/invitation/xyz").status_code == 410


def test_an_unproved_person_is_told_and_may_ask_again(client: FlaskClient) -> None:
    who = factories.person(verified=False)
    factories.login(client, who)
    assert "pas encore confirmée" in client.get("/mon-compte").text
    client.post("/mon-compte/verification")
    client.post(last_link(who.email))
    assert "pas encore confirmée" not in client.get("/mon-compte").text


def test_a_forgotten_password_is_chosen_anew(client: FlaskClient) -> None:
    who = factories.person()
    client.post("/mot-de-passe-oublie", data={"email": who.email})
    link = last_link(who.email)
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "court"}).status_code == 422
    assert client.post(link, data={"password": NEW}).location == "/connexion"
    assert client.post(link, data={"password": NEW}).status_code == 410
    assert client.post("/connexion", data={"email": who.email, "password": NEW}).status_code == 303


def test_an_account_is_erased_from_its_page(client: FlaskClient) -> None:
    who = factories.person()
    factories.login(client, who)
    assert client.post("/mon-compte/suppression", data={"password": "pas le bon mot"}).status_code == 422
    assert client.post("/mon-compte/suppression", data={"password": PASSWORD}).status_code == 303
    assert db.session.get(Person, who.id).name == "habitant·e"
    assert client.get("/mon-compte").status_code == 303


def test_a_demonstration_opens_its_accounts_in_one_press(demo: Flask, client: FlaskClient) -> None:
    amina, other = factories.person(name="Amina", demo_role="Habitante"), factories.person(name="Zacharie")
    page = client.get("/connexion").text
    assert "Habitante" in page
    assert "Zacharie" not in page
    assert client.post(f"/connexion/demonstration/{other.id}").status_code == 404
    assert client.post("/connexion/demonstration/999").status_code == 404
    assert client.get(f"/connexion/demonstration/{amina.id}").status_code == 405
    assert client.post(f"/connexion/demonstration/{amina.id}", data={"suite": "//evil.fr"}).location == "/mon-espace"
    assert "Amina" in client.get("/mon-compte").text


def test_elsewhere_no_account_opens_without_its_password(client: FlaskClient) -> None:
    amina = factories.person(name="Amina", demo_role="Habitante")
    assert client.post(f"/connexion/demonstration/{amina.id}").status_code == 404
    assert "Habitante" not in client.get("/connexion").text


def test_one_machine_may_not_try_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CONSUL #5254; a forged X-Forwarded-For does not count, since no proxy is declared."""
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)  # put back afterwards
    monkeypatch.setattr(passwords, "_current", lambda: passwords._tools(True))
    site = create_app(config.read({}, data=tmp_path), WTF_CSRF_ENABLED=False)
    with site.app_context():
        with db.engine.begin() as connection:
            db.metadata.create_all(connection)
        guess = {"email": "absente@exemple.fr", "password": "pas le bon mot"}
        codes = [
            site.test_client().post("/connexion", data=guess, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
            for n in range(25)
        ]  # fmt: skip
        db.engine.dispose()
    assert codes == [422] * 20 + [429] * 5


def test_a_signed_in_page_asks_the_database_few_questions(client: FlaskClient) -> None:
    who = factories.person(duties=[(Role.FUND_MANAGER, f"fund:{n}") for n in range(30)])
    for _ in range(5):
        factories.organisation(factories.actor(who))
    factories.login(client, who)
    with counted() as statements:
        assert client.get("/mon-compte").status_code == 200
    assert len(statements) <= 5
