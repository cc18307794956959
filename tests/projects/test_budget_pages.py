"""The pages of the money of a file: lines, quotes, what the fund pays, and the national form."""

import csv
import io
from typing import Any

import openpyxl
import pypdf
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from citizen.db import db
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import services
from citizen.projects.models import BudgetLine
from citizen.web import printing
from tests import factories


@pytest.fixture
def bearer(client: FlaskClient) -> Person:
    found = factories.person()
    factories.login(client, found)
    return found


@pytest.fixture
def project(bearer: Person) -> PicProject:
    fund = factories.pic_fund(required_documents=["Attestation d’assurance"], excluded_items=["alcool"])
    return factories.pic_draft(factories.pic_call(fund), factories.actor(bearer))


def words(answer: Any) -> str:
    return (
        " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split()).replace("\u202f", " ").replace("\u00a0", " ")
    )


def add(client: FlaskClient, project: PicProject, account: str, label: str, amount: str) -> Any:
    return client.post(f"/projets/{project.id}/budget", data={"account": account, "label": label, "amount": amount})


def line(project: PicProject, label: str) -> BudgetLine:
    db.session.expire_all()
    return next(one for one in db.session.get_one(PicProject, project.id).lines if one.label == label)


def test_the_words_of_a_line_say_its_account(client: FlaskClient, project: PicProject) -> None:
    assert add(client, project, "expense", "Goûter pour tous", "80,50").status_code == 303
    assert add(client, project, "income", "Participation des gens", "80,50").status_code == 303
    page = words(client.get(f"/projets/{project.id}/budget"))
    assert "repas, boissons, produits · compte 601, « Achats matières et fournitures »" in page
    assert line(project, "Participation des gens").account == "70"
    assert "Budget à l’équilibre" in page


def test_a_line_is_changed_in_place_and_errors_stay_with_it(client: FlaskClient, project: PicProject) -> None:
    path = f"/projets/{project.id}/budget/{line(project, 'Location de jeux').id}"
    assert 'value="Location de jeux"' in client.get(path).text
    refused = client.post(path, data={"account": "604", "label": "Deux animateurs", "amount": "beaucoup"})
    assert refused.status_code == 422
    assert "Deux animateurs" in refused.text and "Écrivez un montant en euros" in refused.text
    assert client.post(path, data={"account": "604", "label": "Deux animateurs", "amount": "620"}).status_code == 303
    assert (line(project, "Deux animateurs").account, line(project, "Deux animateurs").amount_cents) == ("604", 620_00)
    assert "Il manque 20 € de recettes" in words(client.get(f"/projets/{project.id}/budget"))
    assert client.get(f"/projets/{project.id}/budget/999999").status_code == 404


def test_an_expense_may_become_an_income(client: FlaskClient, project: PicProject) -> None:
    path = f"/projets/{project.id}/budget/{line(project, 'Location de jeux').id}"
    client.post(path, data={"account": "74com", "label": "La commune", "amount": "600"})
    assert (line(project, "La commune").side, line(project, "La commune").nature) == ("income", "other")


def attach(client: FlaskClient, project: PicProject, **values: str) -> Any:
    data: dict[str, Any] = values | {"file": (io.BytesIO(factories.QUOTE), "devis.pdf")}
    return client.post(f"/projets/{project.id}/documents", data=data)


def test_quotes_are_compared_beside_their_line(client: FlaskClient, project: PicProject) -> None:
    number = str(line(project, "Location de jeux").id)
    assert "sans devis" in words(client.get(f"/projets/{project.id}/budget"))
    assert f'<option selected value="{number}">' in client.get(f"/projets/{project.id}/documents?ligne={number}").text
    assert attach(client, project, kind="quote", line=number, amount="580").status_code == 303
    assert attach(client, project, kind="quote", line=number, amount="640", caption="Autre magasin").status_code == 303
    page = words(client.get(f"/projets/{project.id}/budget"))
    assert "sans devis" not in page
    assert "Le moins cher de 2 devis : 580 €." in page and "La ligne compte 20 € de plus." in page


@pytest.mark.parametrize("wrong", [{"line": "0"}, {"line": "x"}, {"amount": "0"}, {"amount": "cher"}, {"kind": "required:7"}])
def test_a_quote_that_makes_no_sense_is_refused(client: FlaskClient, project: PicProject, wrong: dict[str, str]) -> None:
    answer = attach(client, project, **({"kind": "quote"} | wrong))
    assert answer.status_code == 422
    db.session.expire_all()
    assert len(db.session.get_one(PicProject, project.id).attachments) == 1


def test_a_quote_of_a_line_of_somebody_else_is_refused(client: FlaskClient, project: PicProject) -> None:
    other = factories.pic_draft()
    assert attach(client, project, kind="quote", line=str(other.lines[0].id)).status_code == 422


def test_each_piece_of_the_rules_is_asked_by_name(client: FlaskClient, project: PicProject) -> None:
    page = words(client.get(f"/projets/{project.id}/documents"))
    assert "Attestation d’assurance à joindre" in page
    assert "Dans les documents, joignez : Attestation d’assurance." in page
    assert attach(client, project, kind="required:0", caption="ignorée").status_code == 303
    page = words(client.get(f"/projets/{project.id}/documents"))
    assert "Attestation d’assurance jointe" in page and "Dans les documents, joignez" not in page


def test_what_the_fund_does_not_pay_is_said_beside_the_line(client: FlaskClient, project: PicProject) -> None:
    add(client, project, "601", "Bière et alcool", "50")
    add(client, project, "601", "Cocktail sans alcool", "50")
    add(client, project, "641", "Animatrice", "100")
    add(client, project, "RESSPROPRES", "Notre caisse", "200")
    page = words(client.get(f"/projets/{project.id}/budget"))
    assert page.count("Le fonds ne paie pas cette dépense.") == 2
    assert "Le règlement du fonds exclut : alcool." in page and "Le fonds ne paie pas de salaire." in page
    db.session.expire_all()
    found = db.session.get_one(PicProject, project.id).line_findings()
    assert sorted(one.is_met for one in found.values()) == [False, False, True, True]


def test_a_price_far_from_the_others_is_noticed_once_five_files_know_it(client: FlaskClient, project: PicProject) -> None:
    for rank in range(5):
        if rank == 4:
            assert "D’habitude" not in words(client.get(f"/projets/{project.id}/budget"))
        factories.pic_granted(cents=(200 + 10 * rank) * 100, amount_cents=100_00)
    factories.login(client, db.session.get_one(Person, project.bearer_id))
    page = words(client.get(f"/projets/{project.id}/budget"))
    assert "D’habitude : entre 210 € et 230 €." in page
    path = f"/projets/{project.id}/budget/{line(project, 'Location de jeux').id}"
    client.post(path, data={"account": "613", "label": "Location de jeux", "amount": "230"})
    assert "D’habitude" not in words(client.get(f"/projets/{project.id}/budget"))


def test_the_national_form_balances_in_whole_euros(client: FlaskClient, project: PicProject) -> None:
    add(client, project, "601", "=1+1", "33,50")
    add(client, project, "604", "Conteuse", "33,50")
    add(client, project, "756", "Cotisations", "66,33")
    add(client, project, "864", "Douze voisins", "100")
    answer = client.get(f"/projets/{project.id}/budget.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    charges, produits, emplois, ressources = ([list(row) for row in sheet.values] for sheet in book)
    assert charges[-1] == ["", "Total des charges", 667] and produits[-1] == ["", "Total des produits", 667]
    assert [row for row in charges if row[0] == "613"] == [["613", "Locations", 600]]
    assert next(row for row in produits if row[1] == "Insuffisance prévisionnelle (déficit)")[2] == 1
    assert emplois[-1][2] == ressources[-1][2] == 100
    rows = list(
        csv.reader(io.StringIO(client.get(f"/projets/{project.id}/budget.csv").text.removeprefix("\ufeff")), delimiter=";")
    )
    assert rows[0] == ["Compte", "Intitulé", "Montant en euros"]
    assert [row[2] for row in rows if row[1].startswith("Total des ")] == ["667", "667", "100", "100"]


@pytest.mark.skipif(printing._printer() is None, reason="WeasyPrint is absent")
def test_the_whole_file_reads_on_paper(client: FlaskClient, project: PicProject) -> None:
    answer = client.get(f"/projets/{project.id}/dossier.pdf")
    assert answer.mimetype == "application/pdf"
    book = pypdf.PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in book.pages).split())
    for told in (project.title, "Awa demande les devis", "Location de jeux", "Total", "613 Locations", "devis.pdf", "Nour"):
        assert told in text, told
    assert "@" not in text
    assert book.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_only_the_team_and_who_judges_take_the_file_away(app: Flask, client: FlaskClient, project: PicProject) -> None:
    paths = [f"/projets/{project.id}/{name}" for name in ("budget.csv", "budget.xlsx", "dossier.pdf")]
    factories.login(client, factories.person())
    assert {client.get(path).status_code for path in paths} == {404}
    lodged = factories.pic_lodged()
    assert {client.get(path.replace(str(project.id), str(lodged.id))).status_code for path in paths} == {404}
    assert lodged.call is not None
    manager = factories.manager_of(lodged.call.fund)
    factories.login(client, db.session.get_one(Person, manager.person_id))
    assert {client.get(path.replace(str(project.id), str(lodged.id))).status_code for path in paths} == {200}


def test_nobody_else_changes_a_line(client: FlaskClient, project: PicProject) -> None:
    number = line(project, "Location de jeux").id
    factories.login(client, factories.person())
    assert client.get(f"/projets/{project.id}/budget/{number}").status_code == 404


def test_the_lines_of_an_idea_are_written_too(client: FlaskClient, bearer: Person) -> None:
    idea = services.propose(factories.actor(bearer), title="Un goûter", summary="Tous ensemble.")
    assert client.get(f"/projets/{idea.id}/budget").status_code == 200
    assert client.get(f"/projets/{idea.id}/documents").status_code == 200
