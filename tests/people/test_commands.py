"""The `citizen user` commands."""

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from citizen.kernel.access import Role
from citizen.people import queries, services
from citizen.people.commands import user
from tests import factories


def test_an_administrator_is_made_at_the_command_line(app: Flask) -> None:
    roles = ["--role", "administrator:platform", "--role", "fund_manager:fund:3"]
    typed = ["create", "Chef@exemple.fr", "La cheffe", *roles, "--password-stdin"]
    answer = CliRunner().invoke(user, typed, input="un mot de passe long\n")
    assert answer.exit_code == 0, answer.output
    who = queries.person_at("chef@exemple.fr")
    assert factories.actor(who).duties == {(Role.ADMINISTRATOR, "platform"), (Role.FUND_MANAGER, "fund:3")}
    assert who.verified_at
    services.sign_in("chef@exemple.fr", "un mot de passe long")
    assert "administrator\tplatform\tchef@exemple.fr" in CliRunner().invoke(user, ["list-duties"]).output


def test_a_role_is_given_and_withdrawn(app: Flask) -> None:
    who, run = factories.person(), CliRunner()
    assert run.invoke(user, ["duty", who.email, "fund_manager:fund:3"]).exit_code == 0
    assert factories.actor(who).holds(Role.FUND_MANAGER, "fund:3")
    assert run.invoke(user, ["duty", who.email, "fund_manager:fund:3", "--withdraw"]).exit_code == 0
    assert not factories.actor(who).holds(Role.FUND_MANAGER)
    assert run.invoke(user, ["duty", "personne@exemple.fr", "fund_manager:fund:3"]).exit_code == 1


def test_an_account_is_shut_at_once_and_opened_again(app: Flask, client: FlaskClient) -> None:
    who, run = factories.person(), CliRunner()
    factories.login(client, who)
    assert run.invoke(user, ["suspend", who.email, "--reason", "Messages injurieux"]).exit_code == 0
    assert client.get("/mon-espace").status_code == 303
    assert client.post("/connexion", data={"email": who.email, "password": factories.PASSWORD}).status_code == 422
    assert run.invoke(user, ["suspend", who.email, "--reason", "Excuses reçues", "--lift"]).exit_code == 0
    factories.login(client, who)
    assert client.get("/mon-espace").status_code == 200


def test_the_password_is_asked_twice_and_never_shown(app: Flask) -> None:
    answer = CliRunner().invoke(user, ["create", "a@exemple.fr", "A"], input="un mot de passe long\nun mot de passe long\n")
    assert answer.exit_code == 0
    assert "long" not in answer.output


@pytest.mark.parametrize(
    ("arguments", "password"),
    [
        (["create", "pas une adresse", "A"], "un mot de passe long"),
        (["create", "a@exemple.fr", "A"], "court"),
        (["create", "a@exemple.fr", "A", "--role", "roi:platform"], "un mot de passe long"),
        (["create", "a@exemple.fr", "A", "--role", "administrator"], "un mot de passe long"),
        (["create", "a@exemple.fr", "A", "--role", "anyone:platform"], "un mot de passe long"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_made(app: Flask, arguments: list[str], password: str) -> None:
    answer = CliRunner().invoke(user, [*arguments, "--password-stdin"], input=password + "\n")
    assert answer.exit_code == 1
    assert "Error: " in answer.output
    assert queries.person_at("a@exemple.fr") is None
