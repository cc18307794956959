"""Who steers a territory sees more of it, and nobody else."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from citizen import clock
from citizen.kernel.access import REGION, Role
from citizen.region.definitions import INDICATORS
from tests.factories import login, person
from tests.region import seeding
from tests.region.dashboards import told

INTERNAL = [one.slug for one in INDICATORS if one.is_internal]


@pytest.mark.parametrize(
    ("role", "on", "place_key", "may"),
    [
        (Role.REGION_OFFICER, REGION, "region", True), (Role.REGION_OFFICER, REGION, "commune:80021", True),
        (Role.COMMUNE_OFFICER, "commune:59360", "commune:59360", True), (Role.COMMUNE_OFFICER, "commune:59360", "quartier:QN05946M", True),
        (Role.COMMUNE_OFFICER, "commune:59360", "commune:80021", False), (Role.COMMUNE_OFFICER, "commune:59360", "region", False),
        (Role.COMMUNE_OFFICER, "commune:59360", "departement:59", False), (Role.ADMINISTRATOR, "platform", "region", False),
    ],
)  # fmt: skip
def test_who_steers_a_territory_sees_more_of_it_and_nobody_else(
    client: FlaskClient, counted: seeding.Region, role: Role, on: str, place_key: str, may: bool
) -> None:
    login(client, person(duties=[(role, on)]))
    page = client.get(f"/tableau-de-bord?territoire={place_key}").text
    assert ("Pour piloter" in page) is may
    for slug in INTERNAL:
        assert client.get(f"/tableau-de-bord/{slug}.csv?territoire={place_key}").status_code == (200 if may else 404)
    everything = client.get(f"/tableau-de-bord/tout.csv?territoire={place_key}").get_data(as_text=True)
    assert ("Dossiers qui attendent une réponse" in everything) is may


def test_a_comparison_with_somebody_else_s_commune_shows_what_everybody_sees(
    client: FlaskClient, counted: seeding.Region
) -> None:
    login(client, person(duties=[(Role.COMMUNE_OFFICER, "commune:59360")]))
    assert "Pour piloter" not in client.get("/tableau-de-bord?territoire=commune:59360&avec=commune:80021").text


def test_what_only_officers_see_is_counted_by_hand_too(client: FlaskClient, counted: seeding.Region) -> None:
    counted.project("En attente", state="submitted", changed_at=clock.now() - timedelta(40))
    login(client, person(duties=[(Role.REGION_OFFICER, REGION)]))
    assert told(client, "attentes") == {
        ("", "Un mois au plus"): "0",
        ("", "Un à trois mois"): "1",
        ("", "Plus de trois mois"): "0",
    }
    assert told(client, "enveloppes", "territoire=commune:59360&de=2027") == {
        ("", "Enveloppe"): "50000,00", ("", "Promis"): "0,00", ("", "Payé"): "0,00", ("", "Reste à promettre"): "50000,00",
    }  # fmt: skip


def test_a_visitor_sees_nothing_of_what_officers_see(client: FlaskClient, counted: seeding.Region) -> None:
    page = client.get("/tableau-de-bord").text
    assert "Pour piloter" not in page
    assert not [secret for secret in seeding.SECRETS if secret in page]
