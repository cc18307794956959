"""The calendar of the season: its filters, its size, its file."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import update

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.nqe import agenda, season, services
from citizen.nqe.feed import moments
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.places.models import Perimeter
from citizen.projects import ending
from citizen.projects import services as projects
from citizen.projects.models import Project
from tests import summers

SATURDAY = datetime(2027, 7, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def dates(draft: NqeProject, bearer: Actor, officer: Actor, quarters: list[Perimeter]) -> NqeProject:
    """A granted project: the feast on 3 July in Étouvie, and three more dates."""
    for values in (
        {"title": "Tournoi", "on": date(2027, 7, 4), "kind": "sport", "is_accessible": True, "perimeter_id": quarters[1].id},
        {"title": "Cinéma", "on": date(2027, 7, 10), "starts_at": time(22), "ends_at": time(0, 30)},
        {"title": "Adieux", "on": date(2027, 9, 1), "starts_at": time(9), "ends_at": None},
    ):
        summers.nqe_date(bearer, draft.id, **values)
    return summers.nqe_granted(draft, officer)


def shown(client: FlaskClient, address: str) -> set[str]:
    page = client.get(address)
    assert page.status_code == 200
    return {title for title in ("La fête de l’eau", "Tournoi", "Cinéma", "Adieux") if title in page.text}


ALL = {"La fête de l’eau", "Tournoi", "Cinéma", "Adieux"}


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("/agenda", ALL),
        ("/agenda?quand=aujourdhui", {"La fête de l’eau"}),
        ("/agenda?quand=week-end", {"La fête de l’eau", "Tournoi"}),
        ("/agenda?quand=saison", ALL),
        ("/agenda?jour=2027-07-10", {"Cinéma"}),
        ("/agenda?mois=2027-09", {"Adieux"}),
        ("/agenda?mois=2027-09&quand=aujourdhui", {"Adieux"}),
        ("/agenda?genre=sport", {"Tournoi"}),
        ("/agenda?accessible=1", {"Tournoi"}),
        ("/agenda?quartier=QN08002M", {"Tournoi"}),
        ("/agenda?commune=80021", {"La fête de l’eau", "Tournoi"}),
        ("/agenda?commune=80021&genre=culture", {"La fête de l’eau"}),
        ("/agenda?commune=59350", set()),
        ("/agenda?jour=nonsense&mois=x&quand=y&genre=z&page=-4", ALL),
        ("/agenda?page=99", set()),
        ("/agenda?commune=%00%ED%A0%80&quartier=" + "x" * 5_000, set()),
    ],
)
def test_the_address_says_what_is_shown(client: FlaskClient, dates: NqeProject, address: str, titles: set[str]) -> None:
    with clock.at(SATURDAY):
        assert shown(client, address) == titles


def test_a_moved_date_is_found_on_both_days(client: FlaskClient, dates: NqeProject, bearer: Actor) -> None:
    feast = dates.programme[0]
    services.move_date(
        bearer, dates.id, feast.id, on=date(2027, 7, 20), starts_at=time(10), ends_at=None, place="Le gymnase", note="Orage."
    )
    assert "La fête de l’eau" in shown(client, "/agenda?jour=2027-07-03")
    assert "C’était prévu le 3 juillet 2027 à 14 h." in client.get("/agenda?jour=2027-07-20").text
    assert shown(client, "/agenda?jour=2027-07-19") == set()


def test_what_is_past_leaves_the_list_but_stays_in_the_season(client: FlaskClient, dates: NqeProject) -> None:
    with clock.at(SATURDAY + timedelta(days=30)):
        assert shown(client, "/agenda") == {"Adieux"}
        assert shown(client, "/agenda?quand=saison") == ALL


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2027, 6, 28), date(2027, 7, 3), date(2027, 7, 4)),
        (date(2027, 7, 2), date(2027, 7, 3), date(2027, 7, 4)),
        (date(2027, 7, 3), date(2027, 7, 3), date(2027, 7, 4)),
        (date(2027, 7, 4), date(2027, 7, 4), date(2027, 7, 4)),
    ],
)
def test_this_weekend(day: date, first: date, last: date) -> None:
    wanted = season.asked({"quand": "week-end"}, day)
    assert (wanted.first, wanted.last) == (first, last)


def test_an_empty_agenda_has_a_drawing_and_a_way_on(client: FlaskClient) -> None:
    page = client.get("/agenda").text
    assert "Rien ici pour l’instant" in page
    assert 'class="drawing"' in page


def test_only_supported_projects_are_there(client: FlaskClient, draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    event = draft.programme[0].id
    assert shown(client, "/agenda?quand=saison") == set()
    assert client.get(f"/agenda/{event}").status_code == 404
    assert client.get(f"/agenda/{event}.ics").status_code == 404
    projects.lodge(bearer, draft.id)
    assert shown(client, "/agenda?quand=saison") == set()


def test_a_project_that_left_for_another_scheme_leaves_no_date(client: FlaskClient, draft: NqeProject) -> None:
    event, summer = draft.programme[0].id, draft.call
    won = {
        "scheme": "idea",
        "state": "granted",
        "granted_cents": 1_00,
        "decided_on": clock.today(),
        "lodged_at": clock.now(),
        "is_public": True,
    }
    with transaction():
        table = Project.__table__
        held = {"call_id": summer.id, "ruleset_id": summer.ruleset_id}
        db.session.execute(update(table).where(table.c.id == draft.id).values(**won, **held))
    assert shown(client, "/agenda?quand=saison") == set()
    assert client.get(f"/agenda/{event}").status_code == 404


def test_a_cancelled_project_leaves_the_list_and_its_dates_say_it(
    client: FlaskClient, dates: NqeProject, officer: Actor
) -> None:
    ending.cancel(officer, dates.id, "L’association s’arrête.")
    assert shown(client, "/agenda?quand=saison") == set()
    assert "Le projet entier est annulé." in client.get(f"/agenda/{dates.programme[0].id}").text


def test_the_page_of_a_date_tells_all_and_carries_its_data(client: FlaskClient, dates: NqeProject) -> None:
    page = client.get(f"/agenda/{dates.programme[0].id}").text
    for words in (
        '"@type": "Event"', '"startDate": "2027-07-03T14:00:00+02:00"', "EventScheduled", "samedi 3 juillet 2027, de 14 h à 18 h", "Place du Pays d’Auge, Étouvie, Commune 80021", "Temps fort", dates.title,
    ):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize("number", ["0", "999999", "2147483647", "99999999999999", "x"])
def test_a_date_that_does_not_exist(client: FlaskClient, number: str) -> None:
    assert client.get(f"/agenda/{number}").status_code == 404
    assert client.get(f"/agenda/{number}.ics").status_code == 404


# The file


def entries(client: FlaskClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {
        str(event["summary"]).replace("\N{NO-BREAK SPACE}", " "): event
        for event in Calendar.from_ical(answer.data).walk("VEVENT")
    }


def test_the_file_holds_the_season_in_the_time_of_the_quarter(client: FlaskClient, dates: NqeProject) -> None:
    with clock.at(SATURDAY + timedelta(days=30)):
        found = entries(client, "/agenda.ics")
    assert set(found) == ALL
    feast = found["La fête de l’eau"]
    assert feast["uid"] == f"date-{dates.programme[0].id}@localhost"
    assert feast["dtstart"].dt == datetime(2027, 7, 3, 12, 0, tzinfo=UTC)
    assert feast["dtstart"].params["TZID"] == "Europe/Paris"
    assert found["Cinéma"]["dtend"].dt - found["Cinéma"]["dtstart"].dt == timedelta(hours=2, minutes=30)
    assert found["Adieux"]["dtend"].dt - found["Adieux"]["dtstart"].dt == timedelta(hours=2)
    zones = Calendar.from_ical(client.get("/agenda.ics").data).walk("VTIMEZONE")
    assert [str(zone["tzid"]) for zone in zones] == ["Europe/Paris"]
    zone = zones[0].to_tz(lookup_tzid=False)
    for month, day, hour in ((3, 28, 1), (3, 28, 4), (7, 3, 14), (10, 30, 23), (10, 31, 4)):
        true = datetime(2027, month, day, hour, tzinfo=clock.LOCAL)
        assert true.replace(tzinfo=zone).utcoffset() == true.utcoffset(), "for readers that know no zones"


def test_the_file_follows_the_filters(client: FlaskClient, dates: NqeProject) -> None:
    assert set(entries(client, "/agenda.ics?genre=sport")) == {"Tournoi"}
    assert set(entries(client, "/agenda.ics?quartier=QN08001M")) == {"La fête de l’eau"}
    assert set(entries(client, f"/agenda/{dates.programme[2].id}.ics")) == {"Cinéma"}
    assert entries(client, "/agenda.ics?jour=2030-01-01") == {}


def test_a_date_keeps_its_identity_when_it_moves_or_is_cancelled(client: FlaskClient, dates: NqeProject, bearer: Actor) -> None:
    feast, game = dates.programme[:2]
    services.move_date(
        bearer, dates.id, feast.id, on=date(2027, 7, 5), starts_at=time(10), ends_at=None, place="Le gymnase", note="Orage."
    )
    services.cancel_date(bearer, dates.id, game.id, note="Canicule.")
    found = entries(client, "/agenda.ics")
    moved, cancelled = found["DÉPLACÉ : La fête de l’eau"], found["ANNULÉ : Tournoi"]
    assert (moved["uid"], moved["sequence"]) == (f"date-{feast.id}@localhost", 1)
    assert (moved["dtstart"].dt, moved["status"]) == (datetime(2027, 7, 5, 8, 0, tzinfo=UTC), "CONFIRMED")
    assert (cancelled["status"], cancelled["uid"]) == ("CANCELLED", f"date-{game.id}@localhost")
    assert "Canicule." in cancelled["description"]


@pytest.mark.parametrize(
    ("on", "starts", "ends", "hours"),
    [
        (date(2027, 10, 30), time(23), time(4), 6),  # the clocks go back in the night
        (date(2027, 3, 27), time(23), time(4), 4),  # and forward
        (date(2027, 3, 28), time(1), None, 2),
        (date(2027, 7, 3), time(23), time(4), 5),
    ],
)
def test_nights_when_the_clocks_change(on: date, starts: time, ends: time | None, hours: int) -> None:
    begins, finishes = moments(ProgrammeEvent(on=on, starts_at=starts, ends_at=ends))
    assert finishes.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=hours)


def test_the_file_is_sent_again_only_when_something_changed(client: FlaskClient, dates: NqeProject, bearer: Actor) -> None:
    first = client.get("/agenda.ics", headers={"Accept-Encoding": "br, gzip"})
    again = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "br, gzip"}
    unchanged = client.get("/agenda.ics", headers=again)
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert client.get("/agenda.ics?genre=sport", headers=again).status_code == 200
    services.cancel_date(bearer, dates.id, dates.programme[0].id, note="Canicule.")
    assert client.get("/agenda.ics", headers=again).status_code == 200


# The size


def fill(project: NqeProject, count: int) -> None:
    """Many dates in one go, each in one of forty new quarters."""
    with transaction():
        places = [quarter_row(number) for number in range(40)]
        first = date(2027, 6, 21)
        project.programme += [
            ProgrammeEvent(
                title=f"Date {number}", on=first + timedelta(days=number % 90), starts_at=time(14), place="Ici", kind="sport",
                perimeter=places[number % 40], changed_at=clock.now(),
            )
            for number in range(count)
        ]  # fmt: skip


def quarter_row(number: int) -> Perimeter:
    return Perimeter(
        code=f"QNX{number}", name=f"Quartier {number}", search_name=f"quartier {number}", kind="priority", version="2024",
        valid_from=date(2024, 1, 1), departement="80",
    )  # fmt: skip


@pytest.mark.parametrize("address", ["/agenda", "/agenda?quand=saison&page=2", "/agenda.ics", "/nqe/editions/2027"])
def test_a_page_asks_the_same_for_twenty_dates_and_for_four_hundred(
    granted: NqeProject,
    queries: Callable[[str], int],
    address: str,
) -> None:
    fill(granted, 60)
    few = queries(address)
    db.session.expire_all()
    with transaction():
        db.session.get_one(NqeProject, granted.id).programme = []
    for place in db.session.query(Perimeter).filter(Perimeter.code.like("QNX%")):
        with transaction():
            db.session.delete(place)
    fill(db.session.get_one(NqeProject, granted.id), 400)
    assert queries(address) == few
    assert few <= 12


@pytest.mark.slow
def test_a_page_of_two_thousand_dates_stays_small(client: FlaskClient, granted: NqeProject) -> None:
    fill(granted, 2_000)
    page = client.get("/agenda")
    assert page.text.count("/agenda/") <= agenda.PER_PAGE + 5
    assert len(page.data) < 80_000
    assert "2 001 dates".replace(" ", "\u202f", 1) in page.text or "2001 dates" in page.text
    book = Calendar.from_ical(client.get("/agenda.ics").data)
    assert len(book.walk("VEVENT")) == 2_001
