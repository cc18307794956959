"""A programme of twenty dates typed on a phone: dates that come back, files, what stands in the way."""

import io
from datetime import date, time

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from citizen.db import transaction
from citizen.kernel.access import Actor
from citizen.nqe import programme
from citizen.nqe.clocks import Slot, are_together, free_days, metres, repeated
from citizen.nqe.models import Edition, NqeProject
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from tests import factories, summers
from tests.counting import counted
from tests.nqe.answers import ODD, stored

SHEET = """Titre;Jour;Début;Fin;Lieu;Quartier;Genre;Public;Temps fort;Accessible;Repli;Places;Autorisation
Bal;10/07/2027;20h;23:30;Place;Étouvie;culture;Tout public;oui;oui;Salle;200;demandée
Foot;2027-07-14;14:00;;Stade;pigeonnier;Sport;Adolescents;;non;;;
"""
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//FR
BEGIN:VEVENT
UID:1
DTSTART:20270707T160000Z
DTEND:20270707T180000Z
RRULE:FREQ=WEEKLY;COUNT=3
SUMMARY:Atelier
LOCATION:Jardin
END:VEVENT
END:VCALENDAR
"""


def send(team: FlaskClient, draft: NqeProject, text: str | bytes, name: str = "dates.csv") -> str:
    """The page that shows what was read."""
    body = text.encode() if isinstance(text, str) else text
    answer = team.post(
        f"/nqe/{draft.id}/programme/fichier", data={"file": (io.BytesIO(body), name)}, follow_redirects=True,
        content_type="multipart/form-data",
    )  # fmt: skip
    return answer.text


def add(team: FlaskClient, draft: NqeProject) -> int:
    """How many dates are there once the file is taken."""
    team.post(f"/nqe/{draft.id}/programme/fichier/ajouter", follow_redirects=True)
    return len(stored(draft).programme)


# Dates that come back


def test_a_date_comes_back_every_week_until_the_end(team: FlaskClient, draft: NqeProject) -> None:
    first = draft.programme[0]
    page = f"/nqe/{draft.id}/programme/{first.id}/repeter"
    assert "La fête de l’eau" in team.get(page).text
    assert team.post(page, data={"every": "7", "until": "2027-08-01"}).status_code == 303
    days = [(event.on, event.starts_at, event.title) for event in stored(draft).programme]
    assert days == [(date(2027, 7, 3 + 7 * week), time(14), "La fête de l’eau") for week in range(5)]
    assert team.post(page, data={"every": "14", "until": "2027-08-01"}).status_code == 422, "they are all there"
    assert team.post(page, data={"every": "7", "until": "2028-08-01"}).status_code == 422, "after the season"
    assert stored(draft).ends_on == date(2027, 7, 31)


def test_an_odd_repetition_adds_nothing(team: FlaskClient, draft: NqeProject) -> None:
    for odd in (*ODD, "2020-01-01"):
        answer = team.post(f"/nqe/{draft.id}/programme/{draft.programme[0].id}/repeter", data={"every": "7", "until": odd})
        assert answer.status_code == 422, odd
    assert len(stored(draft).programme) == 1


def test_the_same_form_sent_twice_repeats_once(team: FlaskClient, draft: NqeProject) -> None:
    page = f"/nqe/{draft.id}/programme/{draft.programme[0].id}/repeter"
    for _turn in range(2):
        team.post(page, data={"every": "7", "until": "2027-07-20", "once": "une-cle"})
    assert len(stored(draft).programme) == 3


# Files


def test_a_sheet_is_shown_then_added_whole(team: FlaskClient, draft: NqeProject) -> None:
    page = send(team, draft, SHEET)
    assert "2 dates, sans erreur" in page
    assert len(stored(draft).programme) == 1, "nothing yet"
    assert add(team, draft) == 3
    bal, foot = stored(draft).programme[1:]
    assert (bal.title, bal.on, bal.starts_at, bal.ends_at) == ("Bal", date(2027, 7, 10), time(20), time(23, 30))
    assert (bal.is_highlight, bal.is_accessible, bal.capacity, bal.permit, bal.fallback) == (True, True, 200, "asked", "Salle")
    assert (foot.kind, foot.audience, foot.is_accessible, foot.ends_at) == ("sport", "teenagers", False, None)
    assert {bal.perimeter.name, foot.perimeter.name} == {"Étouvie", "Pigeonnier"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (";10/07/2027;20h;;Place;", "Il manque le titre"),
        ("Bal;hier;20h;;Place;", "n’est pas un jour"),
        ("Bal;10/07/2027;25h;;Place;", "n’est pas une heure"),
        ("Bal;10/07/2027;20h;19:00;Place;", "La fin vient avant le début"),
        ("Bal;10/12/2027;20h;;Place;", "hors de la saison"),
        ("Bal;10/07/2027;20h;;Place;Mars", "n’est pas un quartier du projet"),
        ("La fête de l’eau;03/07/2027;14:00;;Place;", "déjà au programme"),
    ],
)
def test_one_wrong_line_is_told_and_nothing_is_added(team: FlaskClient, draft: NqeProject, line: str, words: str) -> None:
    page = send(team, draft, f"Titre;Jour;Début;Fin;Lieu;Quartier\nSoupe;11/07/2027;12:00;;Parc;\n{line}\n")
    assert words in page
    assert "Ligne 3" in page
    assert add(team, draft) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "aucune date"), (b"PK\x03\x04rest", "ne se lit pas"), (b"\xd0\xcf\x11\xe0rest", "XLSX, ODS ou CSV"), (b"a;b\n1;2\n", "Il manque des colonnes"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "ne se lit pas"), (b"x" * 600_000, "trop gros"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_one_is_refused_with_what_to_do(
    team: FlaskClient, draft: NqeProject, body: bytes, words: str
) -> None:
    assert words in send(team, draft, body)


def test_a_calendar_comes_with_its_repetitions_on_our_clock(team: FlaskClient, draft: NqeProject) -> None:
    assert "3 dates, sans erreur" in send(team, draft, CALENDAR, "ete.ics")
    assert add(team, draft) == 4
    assert [(each.on.day, each.starts_at, each.ends_at) for each in stored(draft).programme[1:]] == [
        (7, time(18), time(20)), (14, time(18), time(20)), (21, time(18), time(20)),
    ]  # fmt: skip


def test_what_is_taken_away_comes_back_the_same(team: FlaskClient, draft: NqeProject) -> None:
    send(team, draft, SHEET)
    add(team, draft)
    seen = [(each.title, each.on, each.starts_at, each.perimeter_id, each.audience) for each in stored(draft).programme]
    sheet = team.get(f"/nqe/{draft.id}/programme.csv").data
    for event in list(stored(draft).programme):
        team.post(f"/nqe/{draft.id}/programme/{event.id}/retirer")
    send(team, draft, sheet)
    assert add(team, draft) == len(seen)
    assert [(each.title, each.on, each.starts_at, each.perimeter_id, each.audience) for each in stored(draft).programme] == seen
    entries = Calendar.from_ical(team.get(f"/nqe/{draft.id}/programme.ics").data).walk("VEVENT")
    assert len(entries) == len(seen)
    assert "Titre;Jour;Début" in team.get("/nqe/modele-de-programme.csv").text


def test_a_file_may_be_forgotten_and_a_stranger_sees_none(team: FlaskClient, draft: NqeProject, client: FlaskClient) -> None:
    send(team, draft, SHEET)
    team.post(f"/nqe/{draft.id}/programme/fichier/oublier")
    assert "dates.csv" not in team.get(f"/nqe/{draft.id}/programme/fichier").text
    factories.login(client, factories.person())
    for page in ("fichier", "fichier/ajouter"):
        assert client.post(f"/nqe/{draft.id}/programme/{page}").status_code == 404
    assert client.get(f"/nqe/{draft.id}/programme.csv").status_code == 404


# What stands in the way


def slot(hour: int, *, on: int = 10, lat: float = 50.0, ends: int | None = None) -> Slot:
    return Slot(1, date(2027, 7, on), time(hour), time(ends) if ends else None, 3.0, lat)


def test_evenings_hours_and_distances() -> None:
    assert are_together(slot(18), slot(21)), "the same evening"
    assert not are_together(slot(10), slot(14))
    assert are_together(slot(10, ends=15), slot(14))
    assert are_together(slot(23, ends=2), slot(1, on=11)), "after midnight"
    assert round(metres(slot(10), slot(10, lat=50.01))) == 1112
    assert repeated(date(2027, 7, 1), 7, date(2027, 7, 15)) == [date(2027, 7, 8), date(2027, 7, 15)]
    free = free_days(slot(20), [slot(20, on=11), slot(20, on=9)], 2000, date(2027, 7, 1), date(2027, 7, 31))
    assert free == [date(2027, 7, 8), date(2027, 7, 12), date(2027, 7, 13)]


@pytest.fixture
def neighbour(summer: Edition, quarters: list[Perimeter], draft: NqeProject, bearer: Actor) -> NqeProject:
    """Another association, the same evening, one kilometre away."""
    other = factories.actor(factories.person())
    project = summers.nqe_draft(summer, other, quarters=quarters, title="Un été au Pigeonnier")
    summers.nqe_date(bearer, draft.id, title="Bal", on=date(2027, 7, 20), starts_at=time(20), ends_at=None, lon=2.3, lat=49.9)
    summers.nqe_date(
        other, project.id, title="Cinéma", on=date(2027, 7, 20), starts_at=time(22), ends_at=None, lon=2.3, lat=49.909
    )
    return project


def test_two_leads_see_each_other_with_free_evenings(team: FlaskClient, draft: NqeProject, neighbour: NqeProject) -> None:
    page = team.get(f"/nqe/{draft.id}/programme").text
    assert "un projet encore en préparation" in page
    assert "Cinéma" not in page, "a draft is its team's"
    other = factories.actor(neighbour.bearer)
    projects.lodge(other, neighbour.id)
    page = team.get(f"/nqe/{draft.id}/programme").text
    assert "« Cinéma » de" in page
    assert "Libres autour" in page
    assert [(one.event.title, one.metres // 10) for one in programme.clashes(stored(neighbour))] == [("Cinéma", 100)]


def test_far_or_cancelled_dates_are_in_nobodys_way(draft: NqeProject, neighbour: NqeProject) -> None:
    assert len(programme.clashes(stored(draft))) == 1
    with transaction():
        stored(neighbour).programme[-1].lat = 50.5
    assert programme.clashes(stored(draft)) == []


def test_the_page_asks_as_much_for_many_dates(
    team: FlaskClient, draft: NqeProject, neighbour: NqeProject, bearer: Actor
) -> None:
    with counted() as few:
        team.get(f"/nqe/{draft.id}/programme")
    for day in range(1, 29):
        summers.nqe_date(bearer, draft.id, title="Jeux", on=date(2027, 8, day), lon=2.3, lat=49.9)
    with counted() as many:
        team.get(f"/nqe/{draft.id}/programme")
    assert len(many) == len(few)
