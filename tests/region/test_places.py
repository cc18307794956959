"""One page for each quarter, commune, intermunicipality and contract: full, empty, former, and the ways between them."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from citizen import clock
from citizen.ballots.models import Poll
from citizen.committees.models import Session
from citizen.db import db, transaction
from citizen.ftu.models import FtuProject
from citizen.funds import ledger
from citizen.funds.models import Call, Fund
from citizen.kernel.access import REGION, Actor, Role
from citizen.nqe.models import ProgrammeEvent
from citizen.people.models import Organisation
from citizen.places import contracts
from citizen.places.contract_models import CityContract
from citizen.places.models import Commune, Intermunicipality, Perimeter
from tests import factories
from tests.region import seeding
from tests.region.seeding import Region

MEL = "200093201"
PLACES = ("/quartiers/QN05946M", "/communes/59360", f"/intercommunalites/{MEL}", "/contrats/contrat-de-lille")


def words(client: FlaskClient, address: str) -> str:
    """What a page says, without its tags."""
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


@pytest.fixture
def officer(place: Region) -> Actor:
    return factories.actor(factories.person(duties=[(Role.REGION_OFFICER, REGION)]))


@pytest.fixture
def contract(place: Region, officer: Actor) -> CityContract:
    """The contract of Lille, published, on the quarter of Loos."""
    with transaction():
        db.session.add(Intermunicipality(siren=MEL, name="Métropole de Lille"))
        db.session.flush()
        db.session.get_one(Commune, "59360").intermunicipality_siren = MEL
    made = contracts.open_contract(officer, title="Contrat de Lille", sirens=[MEL])
    contracts.change(officer, made.id, title="Contrat de Lille", sirens=[MEL], communes=[], perimeter_ids=[place.oliveaux])
    contracts.publish(officer, made.id, is_public=True)
    return made


def lively(place: Region) -> None:
    """Everything that a page of a place may show."""
    works = place.project("Un banc au soleil", FtuProject, granted_cents=1_200_00)
    summer = place.project("Un été en fanfare")
    call, now = place.ftu, clock.now()
    admin = Actor(place.person, "", frozenset({(Role.ADMINISTRATOR, "platform")}))
    for call_id, project_id, cents in ((call.id, works.id, 1_200_00), (place.nqe.id, summer.id, 800_50)):
        ledger.promise(admin, call_id, project_id, cents)
    ledger.pay(admin, place.nqe.id, summer.id, 500_00, reference="1", on=clock.today())
    with transaction():
        poll = {
            "call_id": call.id, "title": "Le vote de Loos", "electorate": "J’habite à Loos", "max_choices": 2, "envelope_cents": 1,
            "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=5),
        }  # fmt: skip
        event = {
            "project_id": summer.id, "title": "Le grand bal", "on": clock.today() + timedelta(days=9), "starts_at": clock.now().time(),
            "place": "Square", "perimeter_id": place.oliveaux, "kind": "culture", "audience": "all",
        }  # fmt: skip
        session = {"fund_id": call.fund_id, "held_at": now + timedelta(days=12), "place": "Mairie de Loos"}
        db.session.add_all([Poll(**poll), ProgrammeEvent(changed_at=now, **event), Session(**session)])
        db.session.get_one(Fund, call.fund_id).organisation.contact = "Accueil de la mairie\n03 20 00 00 00"
        db.session.get_one(Organisation, place.association).contact = "cuivres@exemple.test"


SAID = (
    "Un banc au soleil", "Un été en fanfare", "Campagne 2027", "Été 2027", "Le vote de Loos", "Le grand bal", "Mairie de Loos",
    "Ensemble 2 2 2 000,50 € 500 €", "Accueil de la mairie 03 20 00 00 00", "Les Cuivres 2 projets soutenus cuivres@exemple.test",
)  # fmt: skip


@pytest.mark.parametrize("address", PLACES)
def test_the_page_of_a_place_shows_all_that_happens_there_and_names_nobody(
    client: FlaskClient, place: Region, contract: CityContract, address: str
) -> None:
    lively(place)
    shown = words(client, address)
    assert [one for one in SAID if one not in shown] == []
    assert [one for one in seeding.SECRETS if one in shown] == []


@pytest.mark.parametrize("address", PLACES)
def test_an_empty_page_says_what_to_do(client: FlaskClient, place: Region, contract: CityContract, address: str) -> None:
    with transaction():
        db.session.query(Call).update({"closes_on": clock.today() - timedelta(days=1), "opens_on": date(2026, 1, 1)})
    shown = words(client, address)
    for nothing in (
        "Aucune période de dépôt n’est ouverte", "Aucun vote n’a encore eu lieu ici", "Aucune date n’est annoncée ici", "Aucune séance n’est fixée",
        "Aucun projet ici pour l’instant", "Coordonnées pas encore données", "Aucune association n’a encore porté",
    ):  # fmt: skip
        assert nothing in shown, nothing
    text = client.get(address).text
    assert text.count('href="/proposer"') >= 3 and 'href="/aide"' in text


def test_another_place_shows_nothing_of_it(client: FlaskClient, place: Region, contract: CityContract) -> None:
    lively(place)
    for address in ("/communes/80021", "/quartiers/QN08001M"):
        shown = words(client, address)
        assert [one for one in SAID if one in shown] == ["Été 2027"], "the Region's edition is open to all"


@pytest.mark.parametrize("address", PLACES)
def test_a_page_asks_the_same_whatever_happens_there(
    client: FlaskClient, place: Region, contract: CityContract, queries: Callable[[str], int], address: str
) -> None:
    lively(place)
    list(seeding.many(place, 3))
    few = queries(address)
    list(seeding.many(place, 40))
    with transaction():
        loos = db.session.get_one(Commune, "59360")
        more = [seeding.perimeter(f"QN0596{number}M", f"Quartier {number}", [loos], lon=None, lat=None) for number in range(9)]
        db.session.get_one(CityContract, contract.id).perimeters.extend(more)
        for number in range(9):
            town = Commune(code=f"5990{number}", name="Voisine", search_name="voisine", departement="59", postal_codes=[])
            town.intermunicipality_siren = MEL
            db.session.add(town)
    assert queries(address) == few <= 25


def links(client: FlaskClient, address: str) -> set[str]:
    return set(re.findall(r'href="(/(?:quartiers|communes|intercommunalites|contrats)[^"?#]*)"', client.get(address).text))


def test_each_place_leads_up_and_down(client: FlaskClient, place: Region, contract: CityContract) -> None:
    quarter, town, group, signed = PLACES
    assert links(client, quarter) >= {town, group, signed}
    assert links(client, town) >= {quarter, group, signed}
    assert links(client, group) >= {quarter, town, signed}
    assert links(client, signed) >= {quarter, town, group}
    assert links(client, "/contrats") >= {signed}
    crumbs = re.findall(
        r"<li>(?:<a[^>]*>|<span[^>]*>)([^<]+)<", client.get(quarter).text.split("Fil d’Ariane", 1)[1].split("</nav>")[0]
    )
    assert crumbs == ["Accueil", "Contrats de ville", "Contrat de Lille", "Métropole de Lille", "Loos", "Les Oliveaux"]


def test_a_former_outline_says_so_and_leads_to_the_quarters_of_today(
    client: FlaskClient, place: Region, contract: CityContract
) -> None:
    place.project("Un ancien projet", perimeter_id=db.session.query(Perimeter).filter_by(code="QP059061").one().id)
    shown = words(client, "/quartiers/QP059061")
    assert "Ce contour n’est plus en vigueur. Les quartiers d’aujourd’hui à Loos" in shown
    assert "Ancien contour (version 2014) : il a compté du 1er janvier 2015 au 31 décembre 2023." in shown
    assert "Un ancien projet" in shown and "Un ancien projet" not in words(client, "/quartiers/QN05946M")
    assert "Contrat de Lille" not in shown
    assert "Les anciens contours" in words(client, "/communes/59360")


def test_a_code_known_as_a_whole_commune_leads_to_it(client: FlaskClient, place: Region) -> None:
    answer = client.get("/quartiers/59360")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/communes/59360")


def test_projects_are_read_by_scheme_and_page_by_page(client: FlaskClient, place: Region, contract: CityContract) -> None:
    list(seeding.many(place, 30))
    text = client.get(f"{PLACES[3]}?dispositif=ftu&page=2").text
    assert "15 projets, à toutes les étapes" in html.unescape(re.sub(r"\s+", " ", text))
    cards = re.findall(
        r'<article class="card scheme link-card (\w+)"><p class="cluster"><abbr',
        re.sub(r">\s+<", "><", text.split('id="projets"')[1]),
    )
    assert cards == ["ftu"] * 3
    assert "dispositif=ftu&amp;page=1" in text
    assert "Aucun projet de cette sorte ici" in words(client, f"{PLACES[0]}?dispositif=pic")
    assert "30 projets" in words(client, f"{PLACES[0]}?dispositif=%00'--&page=-3")


def test_what_is_not_known_of_a_contract_is_said(client: FlaskClient, contract: CityContract, officer: Actor) -> None:
    unknown = "ses dates, qui l’a signé, sa clause de revoyure, la date de sa revue à mi-parcours, ses sites de renouvellement urbain."
    assert unknown in words(client, PLACES[3])
    told: dict[str, Any] = {
        "starts_on": date(2024, 1, 1), "ends_on": date(2030, 12, 31), "review_clause": "Tous les trois ans.", "about": "Un accord.",
        "review_due_on": date(2027, 6, 30),
    }  # fmt: skip
    ids = [one.id for one in contract.perimeters]
    contracts.change(officer, contract.id, title="Contrat de Lille", sirens=[MEL], communes=[], perimeter_ids=ids, **told)
    contracts.add_signatory(officer, contract.id, name="Ville de Loos", kind="commune", signed_on=date(2024, 6, 28))
    contracts.add_site(officer, contract.id, name="Loos sud", kind="national", perimeter_ids=ids)
    shown = words(client, PLACES[3])
    assert "Ce qui n’est pas encore connu ici" not in shown
    for said in (
        "1er janvier 2024", "31 décembre 2030", "prévue le 30 juin 2027", "Ville de Loos commune, le 28 juin 2024", "Tous les trois ans.",
        "Loos sud intérêt national : Les Oliveaux",
    ):  # fmt: skip
        assert said in shown, said


def test_a_contract_in_preparation_is_nowhere(client: FlaskClient, contract: CityContract, officer: Actor) -> None:
    contracts.publish(officer, contract.id, is_public=False)
    assert {client.get(path).status_code for path in (PLACES[3], "/contrats/contrat-de-lille/contours.geojson")} == {404}
    for path in ("/contrats", "/lieux/chercher?q=contrat", *PLACES[:3]):
        assert "Contrat de Lille" not in client.get(path).text, path


HOSTILE = ("x", "%00", "%FF", "..%2F..", "'--", "a" * 3000, "²", "%E2%80%AEx", "1e400", "-1")


@pytest.mark.parametrize(
    "page", ["/quartiers/{}", "/communes/{}", "/intercommunalites/{}", "/contrats/{}", "/contrats/{}/contours.geojson"]
)
def test_an_address_that_names_nothing_is_not_found(client: FlaskClient, contract: CityContract, page: str) -> None:
    assert {client.get(page.format(code)).status_code for code in HOSTILE} == {404}


def test_the_outlines_of_a_contract_lead_to_its_quarters(client: FlaskClient, contract: CityContract) -> None:
    for address in ("/contrats/contrat-de-lille/contours.geojson", f"/intercommunalites/{MEL}/contours.geojson"):
        (feature,) = client.get(address).get_json(force=True)["features"]
        assert feature["properties"] == {"name": "Les Oliveaux", "url": "/quartiers/QN05946M"}


def test_the_search_finds_intermunicipalities_and_contracts(client: FlaskClient, contract: CityContract) -> None:
    assert links(client, "/lieux/chercher?q=metropole") == {PLACES[2], "/contrats"}
    assert links(client, "/lieux/chercher?q=CONTRAT+de+lille") == {PLACES[3], "/contrats"}
    assert links(client, f"/lieux/chercher?q={MEL}") == {PLACES[2], "/contrats"}


def test_the_fund_of_a_whole_commune_serves_its_quarters(client: FlaskClient, place: Region) -> None:
    with transaction():
        fund = db.session.get_one(Fund, place.ftu.fund_id)
        fund.commune_code, fund.communes = None, [db.session.get_one(Commune, "59360")]
    assert "Campagne 2027" in words(client, "/quartiers/QN05946M")
    assert "Campagne 2027" not in words(client, "/communes/80021")


def test_who_keeps_a_fund_says_how_to_reach_them(client: FlaskClient, place: Region) -> None:
    address = f"/fonds/{place.ftu.fund_id}/contact"
    factories.login(client, factories.person())
    assert client.get(address).status_code == 403
    factories.login(client, factories.person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]))
    assert client.post(address, data={"contact": "x" * 600}).status_code == 422
    assert client.post(address, data={"contact": "Guichet B"}).status_code == 303
    assert "Guichet B" in words(client, "/communes/59360")


def test_every_place_is_listed_from_the_departement_down(
    client: FlaskClient, contract: CityContract, queries: Callable[[str], int]
) -> None:
    shown = words(client, "/lieux")
    assert "Nord Métropole de Lille Loos : Les Oliveaux Somme Intercommunalité à préciser Amiens : Étouvie" in shown
    assert {*PLACES[:3]} <= links(client, "/lieux") and "/quartiers/QP059061" not in links(client, "/lieux")
    assert queries("/lieux") == 1


def test_search_engines_find_the_address_of_each_place(client: FlaskClient, contract: CityContract) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 — our own answer
    texts = [url.text or "" for url in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    found = {re.sub(r"^https?://[^/]+", "", text) for text in texts}
    assert {*PLACES, "/contrats", "/communes/80021"} <= found and "/quartiers/QP059061" not in found
    assert {client.get(path).status_code for path in found} == {200}
