"""One's own data: all of it given, none of it left."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, Table, cast, inspect, or_, select

from citizen import clock
from citizen.committees import seats
from citizen.db import db
from citizen.kernel.findings import Invalid
from citizen.mail import services as mail
from citizen.people import organisations, personal_data, services, signing
from citizen.people.models import Person
from citizen.projects import team
from tests import factories


def tables_holding(word: str) -> list[str]:
    """Names of the tables where some text of some row contains the word."""
    found = []
    for table in db.metadata.sorted_tables:
        text = or_(*(cast(column, String).contains(word) for column in table.columns))
        if db.session.execute(select(table).where(text).limit(1)).first():
            found.append(table.name)
    return found


def test_an_export_names_every_table_that_points_to_a_person(app: Flask) -> None:
    pointing = {
        table for table in inspect(db.engine).get_table_names()
        if any(key["referred_table"] == "person" for key in inspect(db.engine).get_foreign_keys(table))
    }  # fmt: skip
    assert {table.name for table, _ in personal_data.tables_of_people()} == pointing
    assert {"sign_in", "mailed_link", "membership", "duty", "document", "event"} <= pointing


def test_each_receives_their_own_rows_and_no_secret(app: Flask, client: FlaskClient) -> None:
    """CVE-2025-65017: no number in the address, no row of anybody else."""
    amina, boris = factories.person("amina@exemple.fr", "Amina"), factories.person("boris@exemple.fr", "Boris")
    for who in (amina, boris):
        factories.organisation(factories.actor(who), name=f"Collectif de {who.name}")
        services.request_reset(who.email)
    factories.login(client, amina)
    answer = client.get("/mon-compte/donnees.json")
    data = json.loads(answer.text)
    assert data["person"][0]["email"] == "amina@exemple.fr"
    assert {"person", "sign_in", "mailed_link", "membership", "duty", "event", "outbox_letter"} <= data.keys()
    assert "boris" not in answer.text.lower()
    assert {row["person_id"] for table in ("sign_in", "mailed_link", "membership", "duty") for row in data[table]} == {amina.id}
    assert {row["actor_id"] for row in data["event"]} == {amina.id}
    assert "hash" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_invitation_that_waits_forgets_who_erased_their_account(app: Flask) -> None:
    """Nobody answered it yet: only the address in it names the person."""
    project = factories.pic_draft()
    amina = factories.person("amina@exemple.fr", "Amina")
    team.invite(
        factories.actor(project.bearer), project.id, next(one.id for one in project.team if one.name == "Luc"), amina.email
    )
    manager = factories.manager_of(project.call.fund)
    seats.add(manager, project.call.fund_id, name="Amina", email=amina.email, college="Habitants", starts_on=clock.today())
    assert {"team_invitation", "seat"} <= {*tables_holding("amina@exemple.fr")}
    personal_data.erase(factories.actor(amina), factories.PASSWORD)
    assert not {"team_invitation", "seat"} & {*tables_holding("amina@exemple.fr")}


def test_the_export_is_nobody_elses(app: Flask, client: FlaskClient) -> None:
    """CVE-2026-45377: the address alone opens nothing."""
    assert client.get("/mon-compte/donnees.json").status_code == 303


def test_nothing_of_an_erased_person_is_left(app: Flask) -> None:
    who = factories.person("zoe.inconnue@exemple.fr", "Zoé Inconnue")
    session = services.sign_in(who.email, factories.PASSWORD)
    group = factories.organisation(factories.actor(who))
    organisations.invite(factories.actor(who), group.id, factories.person().email)
    services.request_reset(who.email)
    mail.send_waiting(app.config["SETTINGS"])
    services.request_reset(who.email)  # one letter has left, one waits
    assert tables_holding("zoe.inconnue") == ["outbox_letter", "person"]
    personal_data.erase(factories.actor(who), factories.PASSWORD)
    assert tables_holding("zoe.inconnue") == tables_holding("Inconnue") == []
    assert db.session.get(Person, who.id).name == "habitant·e"
    assert signing.visitor(session) is None
    assert signing.actor_of(who.id) is None
    with pytest.raises(Invalid):
        services.sign_in("zoe.inconnue@exemple.fr", factories.PASSWORD)


def test_the_address_of_an_erased_person_may_serve_again(app: Flask) -> None:
    who = factories.person("zoe@exemple.fr")
    personal_data.erase(factories.actor(who), factories.PASSWORD)
    assert factories.person("zoe@exemple.fr").id != who.id


def test_erasing_asks_the_password(app: Flask) -> None:
    who = factories.person()
    with pytest.raises(Invalid):
        personal_data.erase(factories.actor(who), "pas le bon mot")
    assert db.session.get(Person, who.id).email == who.email


def test_a_copied_name_says_what_becomes_of_it(app: Flask) -> None:
    """A table with somebody's number and a name beside it must declare what erasing does to the name."""
    silent = [
        table.name for table, columns in personal_data.tables_of_people()
        if _names_a_person(table, [column.name for column in columns]) and "erased" not in table.columns["name"].info
    ]  # fmt: skip
    assert silent == []


def _names_a_person(table: Table, keys: list[str]) -> bool:
    return "name" in table.columns and "person_id" in keys
