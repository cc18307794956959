"""Pages of organisations and of their invitations."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.people.mailbag import last_link


def test_an_invitation_is_accepted_by_a_press_not_by_a_visit(app: Flask, client: FlaskClient) -> None:
    owner, guest = factories.person(), factories.person()
    group = factories.organisation(factories.actor(owner))
    factories.login(client, owner)
    client.post(f"/organisations/{group.id}/invitations", data={"email": guest.email})
    link = last_link(guest.email)
    assert client.get(link).status_code == client.post(link).status_code == 410  # not theirs
    other = app.test_client()
    factories.login(other, guest)
    assert other.get(link).status_code == 200
    assert other.get(f"/organisations/{group.id}").status_code == 404
    assert other.post(link).location == f"/organisations/{group.id}"
    assert other.get(f"/organisations/{group.id}").status_code == 200


def test_inviting_says_the_same_to_everyone(client: FlaskClient) -> None:
    factories.login(client, owner := factories.person())
    group = factories.organisation(factories.actor(owner))
    heard = set()
    for email in (factories.person().email, "absente@exemple.fr"):
        answer = client.post(f"/organisations/{group.id}/invitations", data={"email": email}, follow_redirects=True)
        heard.add(answer.text)
    assert len(heard) == 1


def test_an_organisation_is_opened_renamed_and_left(app: Flask, client: FlaskClient) -> None:
    who = factories.person()
    factories.login(client, who)
    answer = client.post("/organisations/nouvelle", data={"kind": "association", "name": "Les jardins", "rna": "W59"})
    assert answer.status_code == 422
    answer = client.post("/organisations/nouvelle", data={"kind": "association", "name": "Les jardins", "rna": "w595012345"})
    assert "Les jardins" in client.get(answer.location).text
    client.post(f"{answer.location}/nom", data={"name": "Les grands jardins"})
    assert "Les grands jardins" in client.get("/organisations").text
    assert client.post(f"{answer.location}/depart").status_code == 409


@pytest.mark.parametrize("kind", ["commune", "region", "", "x"])
def test_the_form_of_organisations_opens_no_public_body(client: FlaskClient, kind: str) -> None:
    factories.login(client, factories.person())
    assert client.post("/organisations/nouvelle", data={"kind": kind, "name": "Lille"}).status_code == 422
