"""The commune's act: its reference and budget line, what it does not follow and why, one project or a whole list."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu import validation
from citizen.ftu.models import FtuProject
from citizen.ftu.validation import Act, Choice
from citizen.ftu.works_models import WorksAct
from citizen.kernel.findings import Invalid
from citizen.mail.models import Letter
from tests import councils
from tests.factories import actor, login, person
from tests.ftu.test_vote import counted, promised_elsewhere
from tests.works import act, granted, refused, works_officer


def voted() -> tuple[object, dict[str, FtuProject]]:
    """20 000 and 8 000 euros selected, 15 000 left out, in an envelope of 30 000."""
    officer = works_officer()
    return officer, counted(officer, [20_000_00, 15_000_00, 8_000_00], [[0], [0], [0, 1], [1], [2]])


def said(project: FtuProject) -> str:
    """What the public page says of what the commune does not follow."""
    kept = db.session.get_one(WorksAct, project.decisions[-1].id)
    return validation.departure(kept.departs_from, "grant" if project.state == "granted" else "reject")


def test_an_act_has_its_kind_its_reference_its_day_and_its_line(app: Flask) -> None:
    officer, found = voted()
    works = granted(officer, found["Projet 1"].id, 20_000_00)
    kept = db.session.get_one(WorksAct, works.decisions[0].id)
    assert (kept.kind, kept.reference, kept.budget_line, kept.departs_from) == ("deliberation", "n° 2027-45", "chapitre 21", "")
    assert kept.acted_on == clock.today()
    with pytest.raises(DatabaseError), transaction():
        kept.reference = "autre"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Act("lettre", "n° 1", clock.today()), "kind"), (Act("order", " ", clock.today()), "reference"),
        (Act("order", "n° 1", clock.today() + timedelta(days=4000)), "acted_on"),
    ],
)  # fmt: skip
def test_an_act_that_is_none_is_refused(app: Flask, wrong: Act, field: str) -> None:
    officer, found = voted()
    with pytest.raises(Invalid) as error:
        validation.decide(officer, Choice(found["Projet 1"].id, "reject", "Non."), wrong)
    assert error.value.field == field


def test_what_is_not_followed_is_said(app: Flask) -> None:
    officer, found = voted()
    assert said(refused(officer, found["Projet 1"].id, "Une conduite de gaz passe dessous.")).startswith("Le vote avait retenu")
    taken = granted(officer, found["Projet 2"].id, 15_000_00, "L’école rouvre à côté.")
    assert taken.state == "granted"
    assert said(taken).startswith("Le vote n’avait pas retenu")
    assert said(granted(officer, found["Projet 3"].id, 8_000_00)) == ""


def test_an_unfavourable_opinion_may_not_be_followed(app: Flask) -> None:
    officer = works_officer()
    works = counted(officer, [6_000_00], [[0]], terms={"committee_role": "after"})["Projet 1"]
    with clock.at(clock.now() + timedelta(days=60)):
        councils.heard(officer, works, "unfavourable")
        works = granted(officer, works.id, 6_000_00, "Le vote est clair.")
        assert said(works).startswith("Le comité avait donné un avis défavorable")


def test_a_reason_is_needed_whatever_is_decided(app: Flask) -> None:
    officer, found = voted()
    for number in (found["Projet 1"].id, found["Projet 2"].id):
        with pytest.raises(Invalid):
            granted(officer, number, 1_00, " ")


def test_a_list_is_decided_whole_or_not_at_all(app: Flask) -> None:
    officer, found = voted()
    promised_elsewhere(officer, found["Projet 3"], 5_000_00)
    both = [
        Choice(found[f"Projet {rank}"].id, "grant", "Comme le vote.", cents) for rank, cents in ((1, 20_000_00), (3, 8_000_00))
    ]
    call_id = found["Projet 1"].call_id
    letters = db.session.query(Letter).count()
    with pytest.raises(Invalid, match="enveloppe") as error:
        validation.decide_all(officer, call_id, both, act())
    assert error.value.field == f"action_{found['Projet 3'].id}"
    assert db.session.get_one(FtuProject, found["Projet 1"].id, populate_existing=True).state == "selected"
    assert validation.decide_all(officer, call_id, both[:1], act(), is_trial=True) == 5_000_00
    assert db.session.get_one(FtuProject, found["Projet 1"].id, populate_existing=True).state == "selected"
    assert db.session.query(Letter).count() == letters, "a trial writes to nobody"
    assert validation.decide_all(officer, call_id, both[:1], act()) == 5_000_00
    assert db.session.get_one(FtuProject, found["Projet 1"].id, populate_existing=True).state == "granted"
    with pytest.raises(Invalid):
        validation.decide_all(officer, call_id + 1, both[1:], act())


def test_the_list_is_seen_before_it_is_published(app: Flask, client: FlaskClient) -> None:
    who = person(duties=[("commune_officer", "commune:59360")])
    _officer, found = voted()
    one, left_out, three = (found[f"Projet {rank}"] for rank in (1, 2, 3))
    address = f"/ftu/campagnes/{one.call_id}/valider"
    with clock.at(clock.now() + timedelta(days=60)):
        login(client, who)
        assert "Plus tard" in client.get(address).text
        wanted = {
            f"action_{one.id}": "reject", f"reason_{one.id}": "Une conduite de gaz.", f"action_{left_out.id}": "grant",
            f"amount_{left_out.id}": "15000", f"reason_{left_out.id}": "L’école rouvre.", f"action_{three.id}": "",
            "kind": "order", "reference": "n° 12", "acted_on": clock.today().isoformat(), "budget_line": "",
        }  # fmt: skip
        assert client.post(address, data=wanted | {"reference": ""}).status_code == 422
        seen = client.post(address, data=wanted)
        assert seen.status_code == 200
        assert "Le vote avait retenu ce projet ; la commune ne le suit pas, parce que : Une conduite de gaz." in " ".join(
            seen.text.split()
        )
        assert "Il restera 15 000 €" in seen.text.replace("\u202f", " ").replace("\u00a0", " ")
        seal = BeautifulSoup(seen.text, "html.parser").find("button", attrs={"name": "confirm"})["value"]
        assert db.session.get_one(FtuProject, one.id, populate_existing=True).state == "selected"
        again = client.post(address, data=wanted | {"reference": "n° 13", "confirm": seal})
        assert "Voici ce qui va se passer" in again.text, "something else is seen again before it is published"
        assert client.post(address, data=wanted | {"confirm": seal}).status_code == 303
    assert db.session.get_one(FtuProject, one.id, populate_existing=True).state == "rejected"
    assert db.session.get_one(FtuProject, left_out.id, populate_existing=True).state == "granted"
    public = " ".join(client.get(f"/projets/{left_out.id}", follow_redirects=True).text.split())
    assert "Le vote n’avait pas retenu ce projet ; la commune le valide, parce que" in public
    assert "L’école rouvre." in public
    assert actor(who).person_id
