"""What a team writes for others or in haste: a booking by telephone, an incident, words to share; taken back as simply."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen.db import db
from citizen.journal.models import Event
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.nqe import live
from citizen.nqe.models import NqeProject, ProgrammeEvent
from citizen.nqe.season_models import Booking, Incident, Quote
from tests import factories
from tests.nqe.conftest import who
from tests.nqe.test_booking import book, letters_to, standing

CALL = {"first_name": "Jeanne", "contact": "06 12 34 56 78", "people": "2", "has_agreed": "y"}


@pytest.fixture
def here(feast: ProgrammeEvent) -> str:
    return f"/nqe/{feast.project_id}/jour/{feast.id}"


def test_the_team_books_for_who_telephones_and_gives_the_places_back(
    feast: ProgrammeEvent,
    here: str,
    team: FlaskClient,
) -> None:
    book(feast, "Awa", 3)
    page = team.get(here).text
    assert "Réserver pour quelqu’un qui téléphone" in page
    for wrong in ({"has_agreed": ""}, {"first_name": "Jeanne Dupont"}, {"contact": "jeanne"}, {"people": "0"}):
        refused = team.post(f"{here}/reserver", data={name: value for name, value in (CALL | wrong).items() if value})
        assert refused.status_code == 422, wrong
    assert team.post(f"{here}/reserver", data=CALL).status_code == 303
    assert standing(feast) == {"Awa": True, "Jeanne": False}, "in turn, like everybody"
    kept = db.session.scalars(select(Booking).where(Booking.name == "Jeanne")).one()
    assert (kept.contact, kept.has_email) == ("0612345678", False)
    team.post(f"{here}/places", data={"takes_bookings": "y", "capacity": "5"})
    assert standing(feast)["Jeanne"] is True
    assert team.post(f"{here}/reservations/{kept.id}/annuler").status_code == 303
    assert standing(feast) == {"Awa": True}
    told = db.session.scalars(select(Event.reason).where(Event.reason.contains("téléphone"))).all()
    assert len(told) == 2 and not any("Jeanne" in one or "0612" in one for one in told), "the journal names nobody"


def test_only_the_team_gives_back_places_and_only_of_who_has_no_link(
    feast: ProgrammeEvent,
    bearer: Actor,
) -> None:
    awa, stranger = book(feast, "Awa"), factories.actor(factories.person())
    with pytest.raises(NotNow):
        live.cancel_for(bearer, feast.project_id, feast.id, awa.id)
    with pytest.raises(Forbidden):
        live.book_for(stranger, feast.project_id, feast.id, first_name="Jo", telephone="0612345678", people=1)
    assert standing(feast) == {"Awa": True}


def test_an_incident_is_corrected_then_taken_back(
    feast: ProgrammeEvent,
    here: str,
    bearer: Actor,
    officer: Actor,
    team: FlaskClient,
) -> None:
    live.note_incident(bearer, feast.project_id, feast.id, kind="hurt", words="Un bras cassé.", label="x")
    number = db.session.scalars(select(Incident.id)).one()
    assert f"{here}/incident/{number}" in team.get(here).text
    assert team.get(f"{here}/incident/{number}").status_code == 200
    assert team.post(f"{here}/incident/{number}", data={"kind": "hurt", "words": ""}).status_code == 422
    assert team.post(f"{here}/incident/{number}", data={"kind": "other", "words": "Un bras éraflé."}).status_code == 303
    db.session.rollback()
    kept = db.session.scalars(select(Incident)).one()
    assert (kept.kind, kept.words) == ("other", "Un bras éraflé.")
    assert "Un bras éraflé." in letters_to(who(officer).email)[-1]
    assert team.get(f"{here}/incident/{number + 9}").status_code == 404
    assert team.post(f"{here}/incident/{number}/retirer").status_code == 303
    assert team.post(f"{here}/incident/{number}/retirer").status_code == 409
    db.session.rollback()
    assert db.session.scalars(select(Incident)).all() == []
    assert db.session.scalars(select(Event.id).where(Event.reason.contains("incident retiré"))).all()


def test_words_to_share_are_corrected_with_their_agreement(granted: NqeProject, team: FlaskClient) -> None:
    page = f"/nqe/{granted.id}/bilan/paroles"
    team.post(page, data={"words": "Quel été !", "said_by": "Mme Roy", "has_agreed": "y", "consent_kept_by": "Le centre"})
    number = db.session.scalars(select(Quote.id)).one()
    assert f"{page}/{number}" in team.get(page).text
    better = {"words": "Quel bel été !", "said_by": "une voisine", "consent_kept_by": "Le centre"}
    assert team.post(f"{page}/{number}", data=better).status_code == 422, "the agreement is said again"
    assert team.post(f"{page}/{number}", data=better | {"has_agreed": "y"}).status_code == 303
    db.session.rollback()
    kept = db.session.scalars(select(Quote)).one()
    assert (kept.words, kept.said_by) == ("Quel bel été !", "une voisine")
    assert team.get(f"{page}/{number + 9}").status_code == 404
