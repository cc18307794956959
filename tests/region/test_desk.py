"""The desk of the Region's officers."""

from flask.testing import FlaskClient

from citizen.ftu.models import FtuProject
from citizen.kernel.access import REGION, Role
from tests import factories
from tests.counting import counted
from tests.region import seeding
from tests.region.seeding import Region


def officer(client: FlaskClient) -> None:
    factories.login(client, factories.person(duties=[(Role.REGION_OFFICER, REGION)]))


def test_the_desk_is_for_region_officers(client: FlaskClient, place: Region) -> None:
    assert client.get("/region").status_code == 303
    factories.login(client, factories.person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]))
    assert client.get("/region").status_code == 403


def test_the_desk_shows_what_waits_for_the_region_and_nothing_else(client: FlaskClient, place: Region) -> None:
    place.project("À lire", state="submitted")
    place.project("À décider", state="admissible")
    place.project("Pour la commune", FtuProject, state="submitted")
    place.project("En écriture", state="draft")
    place.project("Déjà décidé", state="granted")
    officer(client)
    text = client.get("/region").text
    waiting = text[text.index("Ce qui vous attend") : text.index("Les périodes ouvertes")]
    shown = [title for title in ("À lire", "À décider", "Pour la commune", "En écriture", "Déjà décidé") if title in waiting]
    assert shown == ["À lire", "À décider"]
    assert "2 dossiers attendent la Région." in text


def test_the_desk_asks_the_database_the_same_for_five_and_for_sixty_files(client: FlaskClient, place: Region) -> None:
    officer(client)
    counts = []
    for more in (5, 55):
        for number in range(more):
            place.project(f"Dossier {number}", state="submitted")
        list(seeding.many(place, more))
        with counted() as statements:
            assert client.get("/region").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
