"""The pages of the final report, as a team, its helper, a reviewer and the public see them."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen import clock
from citizen.db import db
from citizen.kernel.access import Role
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import ending, outturn, recounting, reminding
from tests import factories, reports
from tests.factories import login, person
from tests.reports import after, bearer_of, done, reviewer_of, sent, write


def manager_account(project: PicProject) -> Person:
    return person(duties=[(Role.FUND_MANAGER, project.call.fund.on)])


def test_a_draft_saves_itself_and_shows_what_follows(app: Flask, client: FlaskClient) -> None:
    project = done(granted=500_00, paid=400_00)
    address, key = f"/projets/{project.id}/bilan/depenses", outturn.rows(project)[0].key
    with after(project):
        login(client, project.bearer)
        page = client.get(address).text
        assert "Prévu : 600" in page.replace("\u202f", " ")
        assert "demandés au groupe" not in page and "Écrivez ce que vous avez payé sur chaque ligne" in page
        answer = client.post(address, data={key: "450"}, headers={"X-Draft": "1"})
        assert answer.status_code == 200
        assert "Il reste 50" in answer.text.replace("\u202f", " "), "the account is computed again at once"
        refused = client.post(address, data={key: "beaucoup"})
        assert refused.status_code == 422 and "beaucoup" in refused.text
    assert outturn.rows(project)[0].account.spent == 450_00


def test_people_may_say_that_they_do_not_know(app: Flask, client: FlaskClient) -> None:
    project = done()
    with after(project):
        login(client, project.bearer)
        assert (
            client.post(f"/projets/{project.id}/bilan/personnes", data={"participants": "40", "children": ""}).status_code
            == 303
        )
        db.session.expire_all()
        assert (project.report.participants, project.report.children) == (40, None)
        assert client.post(f"/projets/{project.id}/bilan/personnes", data={"participants": "-3"}).status_code == 422


def test_a_ticket_straight_from_the_camera(app: Flask, client: FlaskClient) -> None:
    project = done()
    address = f"/projets/{project.id}/bilan/depenses/{outturn.rows(project)[0].key}"
    with after(project):
        login(client, project.bearer)
        page = client.get(address).text
        assert 'capture="environment"' in page and 'accept="image/*"' in page
        assert client.post(address, data={}).status_code == 422
        assert client.post(address, data={"photo": (reports.photo(), "ticket.jpg")}).status_code == 303
        assert client.post(address, data={"file": (io.BytesIO(factories.QUOTE), "facture.pdf")}).status_code == 303
        assert outturn.rows(project)[0].account.receipts == 2
        first = outturn.rows(project)[0].receipts[0]
        assert client.post(f"/projets/{project.id}/bilan/documents/{first.id}/retirer").status_code == 303
        assert outturn.rows(project)[0].account.receipts == 1
        assert client.get(f"/projets/{project.id}/bilan/depenses/p999").status_code == 404


def test_a_picture_asks_for_consent(app: Flask, client: FlaskClient) -> None:
    project = done()
    address = f"/projets/{project.id}/bilan/photos"
    said = {"caption": "Le goûter", "shows_people": "yes", "has_consent": "y"}
    with after(project):
        login(client, project.bearer)
        refused = client.post(address, data=said | {"file": (reports.photo(), "a.jpg")})
        assert refused.status_code == 422 and "Dites qui garde" in refused.text
        kept = client.post(address, data=said | {"file": (reports.photo(), "a.jpg"), "consent_kept_by": "Le centre social"})
        assert kept.status_code == 303
        assert (
            client.post(address, data={"caption": "Vue", "shows_people": "yes", "file": (reports.photo(), "b.jpg")}).status_code
            == 303
        )
        page = client.get(address).text
        assert "sera publiée" in page and "jamais publiée" in page


def test_who_helps_reads_the_last_page_without_its_button(app: Flask, client: FlaskClient) -> None:
    project = done()
    helper = person(duties=[(Role.HELPER, project.on)])
    with after(project):
        login(client, helper)
        write(project, 450_00, by=factories.actor(helper))
        page = client.get(f"/projets/{project.id}/bilan/envoyer").text
        assert "L’équipe peut l’envoyer" in page and "Envoyer le bilan</button>" not in page
        assert client.post(f"/projets/{project.id}/bilan/envoyer").status_code == 403


def test_the_reviewer_sees_what_is_far_what_lacks_and_what_follows(app: Flask, client: FlaskClient) -> None:
    project = done(granted=500_00, paid=400_00)
    with after(project):
        login(client, manager_account(project))
        sent(project, 300_00)
        page = client.get(f"/projets/{project.id}/bilan/examiner").text.replace("\u202f", " ")
        for words in ("écart de plus de 20 %", "sans ticket", "100 € seront demandés au groupe", "L’aide due est de 300"):
            assert words in page
        line = project.report.lines[0]
        assert client.get(f"/projets/{project.id}/bilan/examiner/{line.id}").status_code == 200
        assert client.get(f"/projets/{project.id}/bilan/examiner/{line.id + 50}").status_code == 404
        assert (
            client.post(f"/projets/{project.id}/bilan/examiner/{line.id}", data={"reason": "Sans ticket."}).status_code == 303
        )
        assert "Sans ticket." in client.get(f"/projets/{project.id}/bilan/examiner").text
        assert client.post(f"/projets/{project.id}/bilan/examiner/{line.id}/reprendre").status_code == 303
        assert client.post(f"/projets/{project.id}/bilan/examiner").status_code == 303
        page = client.get(f"/projets/{project.id}", follow_redirects=True).text.replace("\u202f", " ")
        assert "Terminé, remboursement attendu" in page and "À rendre au fonds : 100" in page


def test_points_to_see_again_stand_on_their_pages(app: Flask, client: FlaskClient) -> None:
    project = done()
    with after(project):
        sent(project, 450_00)
        login(client, manager_account(project))
        assert client.post(f"/projets/{project.id}/bilan/a-revoir", data={}).status_code == 422
        asked = {"report_spending": "Il manque un ticket.", "pic_afterwards": ""}
        assert client.post(f"/projets/{project.id}/bilan/a-revoir", data=asked).status_code == 303
        login(client, project.bearer)
        assert "Il manque un ticket." in client.get(f"/projets/{project.id}/bilan/depenses").text
        assert "À revoir sur cette page" not in client.get(f"/projets/{project.id}/bilan/recit").text


@pytest.mark.parametrize("people", [10, 11])
def test_the_public_reads_an_accepted_report_and_nothing_private(app: Flask, client: FlaskClient, people: int) -> None:
    project = done(granted=500_00, paid=400_00)
    bearer = bearer_of(project)
    with after(project):
        write(project, 450_00, participants=people, children=4, differently="Plus de bancs.", obstacles="Entre nous.")
        assert "Une belle fête" not in client.get(f"/projets/{project.id}", follow_redirects=True).text
        recounting.add_picture(
            bearer, project.id, stream=reports.photo(), filename="a.jpg", caption="Des enfants", shows_people=True,
            has_consent=False, consent_kept_by="",
        )  # fmt: skip
        recounting.add_receipt(bearer, project.id, outturn.rows(project)[0].key, stream=reports.photo(), filename="t.jpg")
        recounting.send(bearer, project.id)
        ending.close(reviewer_of(project), project.id)
        page = client.get(f"/projets/{project.id}", follow_redirects=True).text
        private = [one.id for one in project.attachments if one.kind in ("picture", "receipt")]
    assert "Une belle fête" in page and "Plus de bancs." in page
    assert ("Enfants" in page) is (people >= 11)
    for words in ("Des enfants", "remboursement", "Versé", "Entre nous", "bilan/papier"):
        assert words not in page
    assert not any(f"documents/{number}" in page for number in private)
    assert {client.get(f"/projets/{project.id}/documents/{number}").status_code for number in private} == {404}


def test_what_follows_is_said_before_the_button(app: Flask, client: FlaskClient) -> None:
    project = done(granted=500_00, paid=400_00)
    login(client, manager_account(project))
    page = client.get(f"/projets/{project.id}/annuler").text.replace("\u202f", " ")
    assert "400 € seront demandés au groupe" in page and "100 € retournent dans l’enveloppe" in page
    with after(project, days=100):
        login(client, manager_account(project))
        page = client.get(f"/projets/{project.id}/clore-sans-bilan").text
        assert "Attendez la relance" in page
        assert client.post(f"/projets/{project.id}/clore-sans-bilan", data={"reason": "Rien."}).status_code == 422
        reminding.remind_all()
        assert client.post(f"/projets/{project.id}/clore-sans-bilan", data={"reason": ""}).status_code == 422
        assert (
            client.post(f"/projets/{project.id}/clore-sans-bilan", data={"reason": "Rien.", "proven": "50"}).status_code == 303
        )
        page = client.get(f"/projets/{project.id}", follow_redirects=True).text.replace("\u202f", " ")
    assert "Clos sans bilan" in page and "À rendre au fonds : 350" in page


def test_the_paper_is_for_the_archives_and_says_no_address(app: Flask, client: FlaskClient) -> None:
    project = done()
    with after(project):
        sent(project, 450_00)
        assert client.get(f"/projets/{project.id}/bilan/papier").status_code == 303
        login(client, project.bearer)
        answer = client.get(f"/projets/{project.id}/bilan/papier")
    assert answer.status_code == 200 and answer.mimetype in ("application/pdf", "text/html")
    assert project.bearer.email.encode() not in answer.data
    assert clock.today() < project.ends_on
