"""Stages, tents and cups lent for the summer: never more than there are, whoever asks, even at once."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from citizen import clock
from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.nqe import equipment
from citizen.nqe.models import Edition, NqeProject
from citizen.nqe.registration_models import Equipment, EquipmentDay
from citizen.people.signing import actor_of
from citizen.places.models import Perimeter
from tests import factories, summers
from tests.conftest import NOON
from tests.counting import counted
from tests.nqe.answers import ODD
from tests.people.test_races import at_once

DAY = date(2027, 7, 3)


@pytest.fixture
def lender(app: Flask) -> Actor:
    """Who speaks for an association."""
    person = factories.person()
    factories.organisation(factories.actor(person), kind="association", name="Les Barnums")
    return factories.actor(person)


@pytest.fixture
def tents(lender: Actor) -> Equipment:
    values = {"kind": "tent", "label": "Barnums", "quantity": 6, "place": "Local", "conditions": "Secs."}
    return equipment.offer(lender, None, owner(lender), values)


def owner(lender: Actor) -> int:
    return next(int(on.split(":")[1]) for _role, on in lender.duties if on.startswith("organisation"))


def book(actor: Actor, thing: Equipment, project: NqeProject, quantity: int, days: int = 1) -> None:
    equipment.book(actor, thing.id, project.id, first=DAY, last=DAY + timedelta(days=days - 1), quantity=quantity)


@pytest.fixture
def second(summer: Edition, quarters: list[Perimeter], draft: NqeProject) -> NqeProject:
    return summers.nqe_draft(summer, quarters=quarters, title="Un autre été")


def writer_of(project: NqeProject) -> Actor:
    found = actor_of(project.bearer_id)
    assert found is not None
    return found


def test_the_last_ones_are_said_and_the_next_day_is_free(
    tents: Equipment, draft: NqeProject, second: NqeProject, bearer: Actor
) -> None:
    book(bearer, tents, draft, 4)
    with pytest.raises(Invalid, match="il en reste 2"):
        book(writer_of(second), tents, second, 3)
    with pytest.raises(Invalid, match="3 juillet"):
        equipment.book(writer_of(second), tents.id, second.id, first=DAY - timedelta(days=1), last=DAY, quantity=3)
    assert db.session.scalar(select(func.count()).select_from(EquipmentDay)) == 1, "no day of a refused booking"
    equipment.book(
        writer_of(second), tents.id, second.id, first=DAY + timedelta(days=1), last=DAY + timedelta(days=1), quantity=6
    )
    book(bearer, tents, draft, 6)  # its own booking, said again
    assert dict(equipment.taken(tents.id, DAY)) == {DAY: 6, DAY + timedelta(days=1): 6}


def test_the_schema_refuses_what_the_service_would_let_through(
    tents: Equipment, draft: NqeProject, second: NqeProject, bearer: Actor
) -> None:
    book(bearer, tents, draft, 4)
    row = {"equipment_id": tents.id, "day": DAY, "quantity": 3, "booked_at": clock.now()}
    with pytest.raises(DatabaseError, match="more is booked"), transaction():
        db.session.add(EquipmentDay(project_id=second.id, **row))
    with pytest.raises(DatabaseError, match="less is left"), transaction():
        db.session.execute(text("UPDATE equipment SET quantity = 3"))
    with pytest.raises(DatabaseError, match="more is booked"), transaction():
        db.session.execute(text("UPDATE equipment_day SET quantity = 7"))


def test_the_owner_is_told_and_may_give_back(tents: Equipment, draft: NqeProject, bearer: Actor, lender: Actor) -> None:
    book(bearer, tents, draft, 2, days=3)
    assert "Barnums" in db.session.scalars(select(Letter.subject).order_by(Letter.id.desc())).first()  # type: ignore[operator]
    (run,) = equipment.bookings(equipment_id=tents.id)
    assert (run.first, run.last, run.quantity) == (DAY, DAY + timedelta(days=2), 2)
    with pytest.raises(Forbidden):
        equipment.release(factories.actor(factories.person()), tents.id, draft.id, first=run.first, last=run.last)
    equipment.release(lender, tents.id, draft.id, first=DAY + timedelta(days=1), last=DAY + timedelta(days=1))
    assert [(one.first, one.last) for one in equipment.bookings(project_id=draft.id)] == [
        (DAY, DAY), (DAY + timedelta(days=2), DAY + timedelta(days=2)),
    ]  # fmt: skip


def test_who_may_lend_and_borrow(tents: Equipment, draft: NqeProject, lender: Actor, bearer: Actor) -> None:
    stranger = factories.actor(factories.person())
    values = {"kind": "cups", "label": "Gobelets", "quantity": 3, "place": "Ici", "conditions": ""}
    with pytest.raises(Forbidden):
        equipment.offer(stranger, None, owner(lender), values)
    with pytest.raises(Forbidden):
        equipment.withdraw(stranger, tents.id, is_withdrawn=True)
    with pytest.raises(Forbidden):
        book(stranger, tents, draft, 1)
    book(bearer, tents, draft, 4)
    with pytest.raises(Invalid, match="4 sont déjà"):
        equipment.offer(lender, tents.id, owner(lender), values)
    equipment.withdraw(lender, tents.id, is_withdrawn=True)
    with pytest.raises(NotNow):
        book(bearer, tents, draft, 1, days=2)
    assert equipment.board() == []
    assert len(equipment.bookings(equipment_id=tents.id)) == 1, "what is booked stays booked"


def test_the_board_is_read_and_booked_on_the_phone(
    team: FlaskClient, tents: Equipment, draft: NqeProject, lender: Actor
) -> None:
    assert "Barnums" in team.get("/nqe/materiel?genre=tent").text
    assert "Barnums" not in team.get("/nqe/materiel?genre=cups").text
    page = f"/nqe/materiel/{tents.id}"
    given = {"project": str(draft.id), "quantity": "2", "first": "2027-07-03", "last": "2027-07-04"}
    assert team.post(page, data=given).status_code == 303
    shown = team.get(page).text
    assert "il en reste 4" in shown
    assert "Un été à Étouvie" in shown
    for field in given:
        for odd in ODD:
            assert team.post(page, data=given | {field: odd}).status_code == 422, (field, odd)
    assert "2 × Barnums" in team.get(f"/nqe/{draft.id}/programme").text
    team.post(f"{page}/rendre", data={"project": str(draft.id), "first": "2027-07-03", "last": "2027-07-04"})
    assert "Rien n’est réservé" in team.get(page).text
    assert team.get(f"{page}/modifier").status_code == 403
    assert team.post(f"{page}/retirer").status_code == 403
    client = team.application.test_client()
    assert client.get("/nqe/materiel").status_code == 303


def test_an_association_lends_on_the_phone(client: FlaskClient, lender: Actor, tents: Equipment) -> None:
    from citizen.people.models import Person

    factories.login(client, db.session.get_one(Person, lender.person_id))
    given = {
        "organisation": str(owner(lender)),
        "kind": "cups",
        "label": "Gobelets",
        "quantity": "300",
        "place": "Ici",
        "conditions": "",
    }
    assert client.post("/nqe/materiel/preter", data=given).status_code == 303
    assert "Gobelets" in client.get("/nqe/materiel").text
    assert client.post(f"/nqe/materiel/{tents.id}/modifier", data=given | {"label": "Tentes"}).status_code == 303
    assert "Tentes" in client.get(f"/nqe/materiel/{tents.id}").text
    client.post(f"/nqe/materiel/{tents.id}/retirer")
    assert "n’est plus proposé" in client.get(f"/nqe/materiel/{tents.id}").text
    for field in given:
        for odd in ODD:
            assert client.post("/nqe/materiel/preter", data=given | {field: odd}).status_code in (303, 422), (field, odd)


def test_the_board_asks_as_much_for_many_things(team: FlaskClient, tents: Equipment, lender: Actor) -> None:
    with counted() as few:
        team.get("/nqe/materiel")
    for rank in range(5):
        values = {"kind": "games", "label": f"Jeu {rank}", "quantity": 1, "place": "Local", "conditions": ""}
        equipment.offer(lender, None, owner(lender), values)
    with counted() as many:
        team.get("/nqe/materiel")
    assert len(many) == len(few)


@pytest.mark.slow
def test_twenty_teams_at_once_never_hold_more_than_six_tents(
    app: Flask, tents: Equipment, summer: Edition, quarters: list[Perimeter]
) -> None:
    teams = []
    for rank in range(20):
        project = summers.nqe_draft(summer, quarters=quarters, title=f"Été {rank}")
        teams.append((writer_of(project), project.id))
    number = tents.id
    db.session.rollback()

    def act(rank: int) -> None:
        actor, project_id = teams[rank]
        with clock.at(NOON):
            equipment.book(actor, number, project_id, first=DAY, last=DAY + timedelta(days=1), quantity=2)

    ended = at_once(app, 20, act)
    assert ended == Counter(done=3, Invalid=17)
    assert dict(equipment.taken(number, DAY)) == {DAY: 6, DAY + timedelta(days=1): 6}
