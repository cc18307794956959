"""Places on a date: first come, a waiting list that moves up, links, letters; followers; a counter without names."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen import clock, config
from citizen.db import db
from citizen.kernel.access import NOBODY, Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail import services as mail
from citizen.mail.models import Letter
from citizen.nqe import booking, letters, live, services
from citizen.nqe.day_forms import telephone
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.season_models import Booking, EventDay, EventFollower
from citizen.people import personal_data
from tests import factories
from tests.nqe.conftest import who

DAY = datetime(2027, 7, 3, 8, 0, tzinfo=UTC)


def book(event: ProgrammeEvent, name: str, people: int = 1) -> Booking:
    return booking.book(event.id, name=name, contact=f"{name.lower()}@exemple.fr", people=people)


def standing(event: ProgrammeEvent) -> dict[str, bool]:
    db.session.rollback()
    rows = db.session.scalars(select(Booking).where(Booking.event_id == event.id).order_by(Booking.id))
    return {row.name: row.is_held for row in rows}


def letters_to(email: str) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id)))


def test_places_go_to_the_first_who_come(feast: ProgrammeEvent) -> None:
    book(feast, "Awa", 3)
    book(feast, "Luc", 2)  # one place is left: not enough
    book(feast, "Nour", 1)  # and nobody overtakes
    assert standing(feast) == {"Awa": True, "Luc": False, "Nour": False}
    assert [booking.turn_of(one) for one in db.session.scalars(select(Booking).order_by(Booking.id))] == [0, 1, 2]
    assert db.session.get_one(EventDay, feast.id).booked == 3


def test_a_place_given_back_goes_to_who_waits_and_they_are_told(feast: ProgrammeEvent) -> None:
    first = book(feast, "Awa", 3).id
    book(feast, "Luc", 2), book(feast, "Nour", 1), book(feast, "Zoé", 2)
    booking.cancel(first)
    assert standing(feast) == {"Luc": True, "Nour": True, "Zoé": False}
    assert "liste d’attente" in letters_to("luc@exemple.fr")[0] and "C’est réservé" in letters_to("luc@exemple.fr")[1]
    assert len(letters_to("zoé@exemple.fr")) == 1
    booking.cancel(first)  # pressed twice
    assert standing(feast) == {"Luc": True, "Nour": True, "Zoé": False}


def test_more_places_move_the_list_up_and_fewer_than_held_are_refused(
    feast: ProgrammeEvent, granted: NqeProject, bearer: Actor
) -> None:
    book(feast, "Awa", 4), book(feast, "Luc", 2)
    live.open_bookings(bearer, granted.id, feast.id, takes_bookings=True, capacity=6)
    assert standing(feast) == {"Awa": True, "Luc": True}
    with pytest.raises(Invalid) as refusal:
        live.open_bookings(bearer, granted.id, feast.id, takes_bookings=True, capacity=5)
    assert refusal.value.field == "capacity"


@pytest.mark.parametrize("people", [5, 10])
def test_more_people_than_places_is_refused(feast: ProgrammeEvent, people: int) -> None:
    with pytest.raises(Invalid):
        book(feast, "Awa", people)


def test_one_contact_books_once(feast: ProgrammeEvent) -> None:
    book(feast, "Awa")
    with pytest.raises(Invalid):
        book(feast, "Awa")


def test_no_booking_for_what_is_past_cancelled_or_open_to_all(
    feast: ProgrammeEvent, granted: NqeProject, bearer: Actor
) -> None:
    with clock.at(DAY + timedelta(days=1)), pytest.raises(NotNow):
        book(feast, "Awa")
    live.open_bookings(bearer, granted.id, feast.id, takes_bookings=False, capacity=4)
    with pytest.raises(NotNow):
        book(feast, "Awa")
    live.open_bookings(bearer, granted.id, feast.id, takes_bookings=True, capacity=4)
    services.cancel_date(bearer, granted.id, feast.id, note="Canicule.")
    with pytest.raises(NotNow):
        book(feast, "Awa")


def test_everybody_concerned_reads_that_the_date_moved(feast: ProgrammeEvent, granted: NqeProject, bearer: Actor) -> None:
    book(feast, "Awa"), booking.book(feast.id, name="Luc", contact="0612345678", people=1)
    booking.follow(NOBODY, feast.id, "nour@exemple.fr")
    booking.follow(NOBODY, feast.id, "silence@exemple.fr")
    booking.follow(NOBODY, feast.id, "awa@exemple.fr")
    for row in db.session.scalars(select(EventFollower).where(EventFollower.email != "silence@exemple.fr")).all():
        booking.confirm(row.id)
    services.move_date(
        bearer, granted.id, feast.id, on=date(2027, 7, 4), starts_at=time(10), ends_at=None, place="Le gymnase", note="Orage."
    )
    assert "Orage." in letters_to("awa@exemple.fr")[-1] and "Orage." in letters_to("nour@exemple.fr")[-1]
    assert sum("Orage." in body for body in letters_to("awa@exemple.fr")) == 1
    assert all("Orage." not in body for body in letters_to("silence@exemple.fr"))
    live.shelter(bearer, granted.id, feast.id, "heat")
    live.shelter(bearer, granted.id, feast.id, "heat")
    assert sum("trop chaud" in body for body in letters_to("nour@exemple.fr")) == 1


def test_a_follower_with_an_account_needs_no_link(feast: ProgrammeEvent) -> None:
    person = factories.person("paul@exemple.fr")
    assert booking.follow(factories.actor(person), feast.id, "Paul@exemple.fr") is True
    assert booking.follow(factories.actor(person), feast.id, "autre@exemple.fr") is False
    assert letters_to("paul@exemple.fr") == []
    assert len(letters_to("autre@exemple.fr")) == 1
    booking.follow(NOBODY, feast.id, "autre@exemple.fr")
    assert len(letters_to("autre@exemple.fr")) <= 2


def test_a_link_does_not_open_a_later_booking_that_took_its_number(feast: ProgrammeEvent) -> None:
    token = letters.token_of(first := book(feast, "Awa"))
    booking.cancel(first.id)
    with clock.at(clock.now() + timedelta(seconds=1)):
        book(feast, "Luc")
    assert letters.row_of(Booking, token) is None
    assert letters.row_of(Booking, "x" + token) is None
    assert letters.row_of(EventFollower, token) is None


def test_names_are_forgotten_thirty_days_after_and_the_count_stays(feast: ProgrammeEvent, tmp_path: Path) -> None:
    book(feast, "Awa", 3)
    booking.follow(NOBODY, feast.id, "nour@exemple.fr")
    with clock.at(DAY + timedelta(days=30)):
        booking.forget_past()
    assert standing(feast) == {"Awa": True}
    assert db.session.scalars(select(EventFollower)).all() == [], "never confirmed"
    mail.send_waiting(config.read({}, data=tmp_path))
    with clock.at(DAY + timedelta(days=31)):
        assert booking.forget_past() == 1
    assert letters_to("awa@exemple.fr") == [], "nor in the outbox"
    assert standing(feast) == {}
    assert db.session.get_one(EventDay, feast.id).booked == 3


def test_an_erased_account_leaves_no_booking(feast: ProgrammeEvent) -> None:
    person = factories.person("awa@exemple.fr")
    book(feast, "Awa")
    personal_data.erase(factories.actor(person), factories.PASSWORD)
    assert standing(feast) == {}


def test_only_the_team_holds_the_day(feast: ProgrammeEvent, granted: NqeProject, officer: Actor) -> None:
    for act in (
        lambda: live.shelter(officer, granted.id, feast.id, "rain"),
        lambda: live.count(NOBODY, granted.id, feast.id, 3),
        lambda: live.open_bookings(officer, granted.id, feast.id, takes_bookings=False, capacity=None),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "0612345678"), ("+33 6 12 34 56 78", "0612345678"), ("0033(0)612345678", "0612345678"),
        ("06.12.34.56.78", "0612345678"), ("612345678", None), ("0012345678", None), ("06123456789", None), ("bonjour", None),
    ],
)  # fmt: skip
def test_telephone_numbers(typed: str, kept: str | None) -> None:
    assert telephone(typed) == kept


# Pages


def test_a_family_books_and_gives_its_place_back(client: FlaskClient, feast: ProgrammeEvent) -> None:
    page = client.get(f"/agenda/{feast.id}").text
    assert "Il reste 4 places." in page
    refused = client.post(f"/agenda/{feast.id}/reserver", data={"name": "Awa", "contact": "bonjour", "people": "2"})
    assert refused.status_code == 422 and "Écrivez une adresse comme" in refused.text and 'value="bonjour"' in refused.text
    done = client.post(
        f"/agenda/{feast.id}/reserver", data={"name": "Awa", "contact": "06 12 34 56 78", "people": "2", "once": "k"}
    )
    assert done.status_code == 303 and done.headers["Location"].startswith("/agenda/reservations/")
    again = client.post(
        f"/agenda/{feast.id}/reserver", data={"name": "Awa", "contact": "06 12 34 56 79", "people": "2", "once": "k"}
    )
    assert again.status_code == 303 and len(standing(feast)) == 1
    mine = client.get(done.headers["Location"])
    assert "2 places vous attendent." in mine.text and "0612345678" not in mine.text
    assert "0612345678" not in client.get(f"/agenda/{feast.id}").text
    assert client.post(done.headers["Location"] + "/annuler").status_code == 303
    assert client.get(done.headers["Location"]).status_code == 404
    assert standing(feast) == {}


def test_interest_is_counted_once_a_browser(client: FlaskClient, feast: ProgrammeEvent) -> None:
    for _press in range(3):
        client.post(f"/agenda/{feast.id}/interesse")
    assert "1 personne intéressée" in client.get(f"/agenda/{feast.id}").text
    other = client.application.test_client()
    other.post(f"/agenda/{feast.id}/interesse")
    assert "2 personnes intéressées" in client.get(f"/agenda/{feast.id}").text
    client.post(f"/agenda/{feast.id}/interesse")
    assert db.session.get_one(EventDay, feast.id).interested == 1


def test_who_follows_confirms_by_a_link_and_stops_by_the_same(client: FlaskClient, feast: ProgrammeEvent) -> None:
    assert client.post(f"/agenda/{feast.id}/suivre", data={"email": "nour"}).status_code == 422
    client.post(f"/agenda/{feast.id}/suivre", data={"email": "nour@exemple.fr"})
    link = "/agenda/suivi/" + letters_to("nour@exemple.fr")[0].rsplit("/agenda/suivi/", 1)[1].split()[0]
    assert "Oui, prévenez-moi" in client.get(link).text
    client.post(f"{link}/oui")
    assert db.session.scalars(select(EventFollower)).one().confirmed_at is not None
    client.post(f"{link}/non")
    assert client.get(link).status_code == 404


def test_the_team_holds_its_day(client: FlaskClient, bearer: Actor, feast: ProgrammeEvent, granted: NqeProject) -> None:
    here = f"/nqe/{granted.id}/jour/{feast.id}"
    book(feast, "Awa")
    with clock.at(DAY):
        factories.login(client, who(bearer))
        assert "La fête de l’eau" in client.get(f"/nqe/{granted.id}/jour").text
        assert "awa@exemple.fr" in client.get(here).text
        assert client.post(f"{here}/plan/pluie").status_code == 303
        assert "Plan B : il pleut" in client.get(f"/agenda/{feast.id}").text
        assert "Plan B : pluie" in client.get("/agenda").text
        assert client.post(f"{here}/plan/prevu").status_code == 303
        assert "Plan B" not in client.get("/agenda").text
        assert client.post(f"{here}/compte", data={"participants": "-4"}).status_code == 422
        assert client.post(f"{here}/compte", data={"participants": "120"}).status_code == 303
        assert "120 personnes" in client.get(f"/nqe/{granted.id}/jour").text
        assert client.post(f"{here}/incident", data={"kind": "hurt", "words": ""}).status_code == 422
        assert client.post(f"{here}/incident", data={"kind": "hurt", "words": "Un genou écorché."}).status_code == 303
        assert "Un genou écorché." in client.get(here).text
        assert "Awa" in client.get(f"{here}/reservations.csv").text
        assert client.post(f"{here}/places", data={"takes_bookings": "y", "capacity": ""}).status_code == 422


def test_who_is_not_of_the_team_reads_no_name(
    client: FlaskClient, region: FlaskClient, feast: ProgrammeEvent, granted: NqeProject
) -> None:
    book(feast, "Awa")
    for path in ("", "/reservations.csv"):
        assert region.get(f"/nqe/{granted.id}/jour/{feast.id}{path}").status_code == 403


def test_a_day_asks_the_same_whatever_its_bookings(
    team: FlaskClient, feast: ProgrammeEvent, granted: NqeProject, bearer: Actor, queries: Callable[[str], int]
) -> None:
    live.open_bookings(bearer, granted.id, feast.id, takes_bookings=True, capacity=100)
    few = queries(f"/agenda/{feast.id}")
    for number in range(20):
        book(feast, f"Famille{number}")
    assert queries(f"/agenda/{feast.id}") == few <= 8
