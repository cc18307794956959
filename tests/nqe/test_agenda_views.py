"""Week, month, map, what is near, and the feeds of the agenda."""

import tracemalloc
from collections.abc import Callable
from datetime import date, time
from xml.etree import ElementTree as Xml

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.nqe import agenda, services
from citizen.nqe.agenda_views import drawn
from citizen.nqe.feed import calendar_of
from citizen.nqe.ground import Spot
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.season import Near, asked
from citizen.places.models import Perimeter
from tests.nqe.test_agenda import ALL, SATURDAY, dates, entries, fill, shown  # noqa: F401  « dates » is a fixture

WEEK, MONTH, MAP = "/agenda?vue=semaine", "/agenda?vue=mois", "/agenda?vue=carte"


@pytest.fixture
def placed(dates: NqeProject, quarters: list[Perimeter]) -> NqeProject:  # noqa: F811
    """The same dates, in two quarters seven kilometres apart; one more at an address of its own."""
    with transaction():
        for quarter, (lat, lon) in zip(quarters, ((49.90, 2.26), (49.90, 2.36)), strict=True):
            found = db.session.get_one(Perimeter, quarter.id)
            found.lat, found.lon = lat, lon
        cinema = db.session.get_one(NqeProject, dates.id).programme[2]
        cinema.lat, cinema.lon = 49.95, 2.26
        cinema.audience, cinema.project.programme[1].audience = "families", "seniors"
    return dates


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        (f"{WEEK}&jour=2027-07-03", {"La fête de l’eau", "Tournoi"}),
        (f"{WEEK}&jour=2027-07-05", {"Cinéma"}),
        (f"{WEEK}&jour=2027-08-05", set()),
        (f"{WEEK}&jour=x", {"La fête de l’eau", "Tournoi"}),
        (f"{MONTH}&mois=2027-07", {"La fête de l’eau", "Tournoi", "Cinéma"}),
        (f"{MONTH}&mois=2027-07&genre=sport", {"Tournoi"}),
        (f"{MONTH}&mois=2027-12", set()),
        ("/agenda?vue=inconnue", ALL),
        ("/agenda?autour=49.90,2.26&rayon=2", {"La fête de l’eau"}),
        ("/agenda?autour=49.90,2.26&rayon=10", {"La fête de l’eau", "Tournoi", "Cinéma"}),
        ("/agenda?autour=49.9049,2.2649", {"La fête de l’eau"}),
        ("/agenda?autour=50.63,3.06", set()),
        ("/agenda?autour=nan,nan", ALL),
        ("/agenda?autour=1e400,3", ALL),
        ("/agenda?autour=91,3,4", ALL),
        ("/agenda?public=children", {"La fête de l’eau", "Cinéma", "Adieux"}),
        ("/agenda?public=seniors", {"La fête de l’eau", "Tournoi", "Adieux"}),
        ("/agenda?public=x", ALL),
        ("/agenda?porteur=999999", set()),
        ("/agenda?porteur=99999999999999999999", ALL),
    ],
)
def test_each_view_shows_what_the_address_asks(client: FlaskClient, placed: NqeProject, address: str, titles: set[str]) -> None:
    with clock.at(SATURDAY):
        assert shown(client, address) == titles


def test_a_place_is_known_to_a_kilometre_only() -> None:
    assert asked({"autour": "49.912345,2.268765", "rayon": "5"}, date(2027, 7, 3)).near == Near(49.91, 2.27, 5)


def test_the_association_that_leads_has_its_own_agenda(client: FlaskClient, placed: NqeProject) -> None:
    page = client.get(f"/agenda?porteur={placed.organisation_id}")
    assert placed.organisation is not None and placed.organisation.name in page.text
    assert "La fête de l’eau" in page.text


def test_the_map_is_drawn_without_a_script_and_listed(client: FlaskClient, placed: NqeProject) -> None:
    page = BeautifulSoup(client.get(f"{MAP}&quand=saison").text, "html.parser")
    drawing = BeautifulSoup(str(page.find("noscript")), "html.parser")
    assert len(drawing.find_all("circle")) == 3
    links = {link["href"]: link.get_text() for link in page.select(".rows a")}
    assert links == {
        "/agenda?quand=saison&quartier=QN08001M": "Étouvie", "/agenda?quand=saison&quartier=QN08002M": "Pigeonnier",
    }  # fmt: skip
    points = client.get("/agenda/points.geojson?quand=saison").get_json()["features"]
    assert sorted(point["properties"]["title"] for point in points) == [
        "Pigeonnier (1)", "Place du Pays d’Auge (1)", "Étouvie (1)",
    ]  # fmt: skip


def test_a_moved_date_is_on_both_days_of_its_week(client: FlaskClient, dates: NqeProject, bearer: Actor) -> None:  # noqa: F811
    services.move_date(
        bearer,
        dates.id,
        dates.programme[0].id,
        on=date(2027, 7, 1),
        starts_at=time(10),
        ends_at=None,
        place="Ici",
        note="Orage.",
    )
    page = client.get(f"{WEEK}&jour=2027-07-03").text
    assert page.count("La fête de l’eau") == 2
    assert "déplacé au 1er juillet 2027" in page


def test_the_news_feed_says_each_change_again(client: FlaskClient, dates: NqeProject, bearer: Actor) -> None:  # noqa: F811
    def items() -> dict[str, str]:
        answer = client.get("/agenda.rss?genre=culture")
        assert answer.mimetype == "application/rss+xml"
        return {item.findtext("guid", ""): item.findtext("title", "") for item in Xml.fromstring(answer.data).iter("item")}  # noqa: S314  our own

    before = items()
    assert len(before) == 3
    services.cancel_date(bearer, dates.id, dates.programme[0].id, note="Canicule & orage <ce soir>.")
    news = {title for guid, title in items().items() if guid not in before}
    assert len(news) == 1 and news.pop().startswith("ANNULÉ")


def test_feeds_of_a_commune_a_quarter_a_kind_and_a_lead(client: FlaskClient, dates: NqeProject) -> None:  # noqa: F811
    lead = dates.organisation_id
    for asked_for, titles in (
        ("commune=80021", {"La fête de l’eau", "Tournoi"}), ("quartier=QN08002M", {"Tournoi"}), ("genre=sport", {"Tournoi"}),
        (f"porteur={lead}", ALL), ("porteur=424242", set()),
    ):  # fmt: skip
        assert set(entries(client, f"/agenda.ics?{asked_for}")) == titles, asked_for
        assert client.get(f"/agenda.rss?{asked_for}").data.count(b"<item>") == len(titles)


@pytest.mark.parametrize(
    "address", [f"{WEEK}&jour=2027-07-03", f"{MONTH}&mois=2027-07", MAP, "/agenda.rss", "/agenda?autour=49.9,2.2"]
)
def test_no_view_asks_more_of_the_database_for_more_dates(
    granted: NqeProject, queries: Callable[[str], int], address: str
) -> None:
    fill(granted, 40)
    few = queries(address)
    fill_again(granted)
    assert queries(address) == few
    assert few <= 6


def fill_again(project: NqeProject) -> None:
    with transaction():
        again = db.session.get_one(NqeProject, project.id)
        again.programme += [
            ProgrammeEvent(
                title=f"Encore {number}", on=date(2027, 7, 1 + number % 30), starts_at=time(15), place="Là", kind="culture",
                perimeter_id=again.programme[number].perimeter_id, changed_at=clock.now(),
            )
            for number in range(30)
        ]  # fmt: skip


def test_a_calendar_of_two_thousand_dates_is_made_without_growing_memory(granted: NqeProject) -> None:
    fill(granted, 2_000)
    wanted = asked({"quand": "saison"}, date(2027, 3, 10))

    def peak(most: int) -> int:
        tracemalloc.start()
        lines = (line for number, line in enumerate(agenda.stream(wanted)) if number < most)
        size = sum(len(part) for part in calendar_of(lines, base="http://x", address=lambda event: f"http://x/{event.id}"))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > most * 200
        return found

    peak(10)
    few, many = peak(300), peak(2_000)
    print(f"\n300 dates : {few // 1024} Kio, 2 000 dates : {many // 1024} Kio")
    assert many < few * 1.3


def test_on_the_drawn_map_a_name_never_covers_another() -> None:
    """A long one takes more room; the busiest place keeps its own."""
    places = [("Boulevard de la Liberté", 50.3, 3.3), ("Les Oliveaux", 50.305, 3.32), ("Étouvie", 49.9, 2.2), ("", 49.5, 2.9)]
    spots = [Spot(name, None, lat, lon, 9 - rank) for rank, (name, lat, lon) in enumerate(places)]
    assert [one["spot"].name for one in drawn(spots) if one["is_named"]] == ["Boulevard de la Liberté", "Étouvie"]
