"""The public pages of the region: what they show, what they find, how much they ask of the database."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from citizen.ftu.models import FtuProject
from citizen.region import exporting
from tests.region import seeding
from tests.region.seeding import Region

PAGES = [
    "/", "/communes/59360", "/quartiers/QN05946M", "/initiatives", "/initiatives/carte", "/initiatives/points.geojson",
    "/initiatives?quartier=hors", "/initiatives?q=projet&annee=2027&theme=Culture&departement=59", "/donnees", "/donnees/projets.csv",
    "/donnees/projets.geojson",
]  # fmt: skip


def words(client: FlaskClient, address: str) -> str:
    """What a page says, without its tags."""
    response = client.get(address)
    assert response.status_code == 200
    text = re.sub(r"<[^>]+>", " ", response.text)
    return " ".join(html.unescape(text).split())


def test_every_page_opens_on_an_empty_region(client: FlaskClient, place: Region) -> None:
    assert {address: client.get(address).status_code for address in PAGES} == dict.fromkeys(PAGES, 200)


def test_a_page_asks_the_database_the_same_for_five_and_for_sixty_projects(
    place: Region, queries: Callable[[str], int]
) -> None:
    list(seeding.many(place, 5))
    exporting.publish()
    few = {address: queries(address) for address in PAGES}
    list(seeding.many(place, 55))
    exporting.publish()
    assert {address: queries(address) for address in PAGES} == few
    assert max(few.values()) <= 16


def test_an_unknown_place_is_not_found(client: FlaskClient, place: Region) -> None:
    codes = ("99999", "%00", "%FF", "2B033")
    pages = ("/communes/{}", "/quartiers/{}", "/quartiers/{}/contour.geojson")
    assert {client.get(page.format(code)).status_code for page in pages for code in codes} == {404}


def test_home_shows_what_is_open_with_its_countdown_and_what_is_new(client: FlaskClient, place: Region) -> None:
    place.project("Un été en fanfare")
    shown = words(client, "/")
    assert "Encore 20 jours" in shown
    assert "Campagne 2027" in shown
    assert "L’été des quartiers : Les fanfares" in shown
    assert "Un été en fanfare" in shown
    assert 'action="/lieux/chercher"' in client.get("/").text


def test_a_commune_shows_its_quarters_its_calls_and_its_projects(client: FlaskClient, place: Region) -> None:
    place.project("Un banc au soleil", FtuProject, state="granted", granted_cents=120000)
    shown = words(client, "/communes/59360")
    assert "Les Oliveaux" in shown
    assert "Contour en vigueur depuis le 1er janvier 2024 (version 2024)." in shown
    assert "Ancien contour (version 2014) : il a compté du 1er janvier 2015 au 31 décembre 2023." in shown
    assert "Campagne 2027" in shown
    assert "Un banc au soleil" in shown
    assert "FTU Fonds de travaux urbains 1 1 1 200 € 0 €" in shown


def test_a_commune_shows_neither_the_calls_nor_the_projects_of_another(client: FlaskClient, place: Region) -> None:
    place.project("Un banc au soleil", FtuProject)
    shown = words(client, "/communes/80021")
    assert "Campagne 2027" not in shown
    assert "Un banc au soleil" not in shown
    assert "Été 2027" in shown, "the Region's edition is open to all"


def test_a_quarter_shows_its_own_projects_and_those_of_the_summer_that_come_to_it(client: FlaskClient, place: Region) -> None:
    place.project("Un banc au soleil", FtuProject)
    tour = place.project("La fanfare en tournée")
    seeding.visits(tour, "QN08001M")
    shown = words(client, "/quartiers/QN08001M")
    assert "La fanfare en tournée" in shown
    assert "Un banc au soleil" not in shown
    assert "Un banc au soleil" in words(client, "/quartiers/QN05946M")


def test_the_outline_of_a_quarter_is_drawn_even_when_it_is_no_longer_in_force(client: FlaskClient, place: Region) -> None:
    answer = client.get("/quartiers/QP059061/contour.geojson")
    assert answer.mimetype == "application/geo+json"
    (feature,) = answer.get_json(force=True)["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"] == {"name": "Les Oliveaux"}


FOUND = {
    "?dispositif=ftu": {"Banc"}, "?dispositif=nqe": {"Fanfare à vélo", "Ciné"}, "?departement=80": {"Ciné"},
    "?commune=80021": {"Ciné"}, "?theme=Santé": {"Banc"}, "?annee=2026": {"Ciné"}, "?q=velo": {"Fanfare à vélo"},
    "?q=FANFARE+VÉLO&dispositif=nqe": {"Fanfare à vélo"}, "?annee=jamais": {"Banc", "Fanfare à vélo", "Ciné"},
    "?dispositif=autre": set(), "?q=%00%25_%27": {"Banc", "Fanfare à vélo", "Ciné"}, "?theme=San%25": set(),
}  # fmt: skip


@pytest.mark.parametrize("gallery", ["/initiatives", "/initiatives/carte"])
def test_the_filters_of_the_address_hold_in_the_gallery_beside_the_map_and_on_it(
    client: FlaskClient, place: Region, gallery: str
) -> None:
    place.project("Fanfare à vélo")
    place.project("Banc", FtuProject, themes=["Santé", "Culture"])
    place.project("Ciné", commune_code="80021", perimeter_id=None, decided_on=date(2026, 5, 1))
    texts = {address: client.get(gallery + address).text for address in FOUND}
    assert {address: {title for title in FOUND["?annee=jamais"] if title in text} for address, text in texts.items()} == FOUND
    counted = {
        address: client.get("/initiatives/points.geojson" + address).get_json(force=True)["features"] for address in FOUND
    }
    sums = {address: sum(one["properties"]["count"] for one in found) for address, found in counted.items()}
    assert sums == {address: len(titles) for address, titles in FOUND.items()}


def test_the_gallery_offers_only_what_would_find_something(client: FlaskClient, place: Region) -> None:
    place.project(themes=["Santé"])
    place.project("Brouillon", state="draft", themes=["Secrets"], commune_code="80021")
    text = client.get("/initiatives").text
    options = set(re.findall(r'<option value="([^"]+)"', text))
    assert options == {"pic", "ftu", "nqe", "59", "59360", "Santé", "2027"}


def test_the_gallery_turns_its_pages_and_keeps_the_filters(client: FlaskClient, place: Region) -> None:
    list(seeding.many(place, 60))
    text = client.get("/initiatives?dispositif=nqe&page=2").text
    assert text.count('<article class="card') == 6
    assert 'href="/initiatives?dispositif=nqe&amp;page=1"' in text
    assert 'href="/initiatives/carte?dispositif=nqe"' in text


def test_the_map_has_one_marker_by_quarter_that_leads_to_its_list(client: FlaskClient, place: Region) -> None:
    list(seeding.many(place, 3))
    place.project("Ciné", commune_code="80021", perimeter_id=None, lon=2.30012345, lat=49.9)
    place.project("Nulle part", commune_code=None, perimeter_id=None)
    found = client.get("/initiatives/points.geojson?dispositif=nqe").get_json(force=True)["features"]
    told = {one["properties"]["title"]: one for one in found}
    assert {name: one["properties"]["count"] for name, one in told.items()} == {"Les Oliveaux, Loos": 2, "Amiens": 1, "": 1}
    assert told["Amiens"]["geometry"]["coordinates"] == [2.3, 49.9]
    assert told[""]["geometry"] is None
    quarter = words(client, told["Les Oliveaux, Loos"]["properties"]["url"])
    assert "2 initiatives" in quarter
    assert "Ciné" not in quarter
    assert "Ciné" in words(client, told["Amiens"]["properties"]["url"])


def test_the_fields_are_explained_one_by_one(client: FlaskClient, place: Region) -> None:
    from citizen.region.rules import COLUMNS

    shown = words(client, "/donnees")
    assert all(f"{column.name} {column.kind} {column.about}" in shown for column in COLUMNS)
    assert "Licence Ouverte 2.0" in shown
