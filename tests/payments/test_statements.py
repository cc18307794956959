"""Statements: exact shares of each funder, the same figures on page, paper and spreadsheet."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from citizen import clock
from citizen.db import db, transaction
from citizen.funds.models import CallFunder, Fund
from citizen.kernel.access import REGION, Role
from citizen.kernel.money import split
from citizen.payments import statements
from citizen.pic.models import PicProject
from citizen.projects import reporting
from citizen.projects import services as life
from tests import factories, purse
from tests.payments.test_paying import AFTER

MARCH, APRIL = (date(2027, 3, 1), date(2027, 3, 31)), (date(2027, 4, 1), date(2027, 4, 30))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def project(app: Flask) -> PicProject:
    """333.33 euros granted in March and 80 % of it paid in April, by the Region and a town, 70/30."""
    made = purse.granted_with_bank(amount_cents=333_33, title="=HYPERLINK(1)")
    with transaction():
        db.session.add_all(
            CallFunder(call_id=made.call_id, position=rank, name=name, percent=percent)
            for rank, (name, percent) in enumerate((("Région", 70), ("Commune", 30)), 1)
        )
    with clock.at(AFTER):
        purse.paid(purse.treasurer_of(made.call.fund), made.call.fund, reference="VIR 9")
    return made


def fund_of(project: PicProject) -> Fund:
    db.session.expire_all()
    return db.session.get_one(PicProject, project.id).call.fund


def cells(table: statements.Table) -> dict[str, dict[str, str]]:
    """first cell -> head -> the rest, without narrow spaces."""
    written = {str(row[0]): [statements.shown(cell).replace("\u202f", "") for cell in row] for row in table.rows}
    return {name: dict(zip(table.head, row, strict=True)) for name, row in written.items()}


def test_each_funder_bears_its_share_to_the_cent(project: PicProject) -> None:
    _envelopes, march, _moves = statements.statement(fund_of(project), *MARCH)
    _envelopes, april, moves = statements.statement(fund_of(project), *APRIL)
    assert [cells(march)[name]["Accordé"] for name in ("Région", "Commune", "Total")] == ["233,33€", "100€", "333,33€"]
    assert [cells(april)[name]["Versé"] for name in ("Région", "Commune", "Total")] == ["186,66€", "80€", "266,66€"]
    assert cells(april)["Total"]["Accordé"] == "0€", "another month"
    assert [row[3] for row in moves.rows] == ["VIR 9"]


@given(
    cents=st.integers(0, 10**9), percents=st.lists(st.integers(1, 50), min_size=1, max_size=4).filter(lambda p: sum(p) < 100)
)
def test_shares_always_add_up(cents: int, percents: list[int]) -> None:
    assert sum(split(cents, [*percents, 100 - sum(percents)])) == cents


def test_the_year_has_the_common_indicators_and_names_nobody(project: PicProject) -> None:
    tables = statements.yearly(fund_of(project), 2027)
    told = cells(tables[0])
    assert told["Projets reçus"]["Valeur"] == told["Projets accordés"]["Valeur"] == "1"
    assert told["Montant accordé"]["Valeur"] == "333,33€"
    assert told["Montant versé"]["Valeur"] == "266,66€"
    assert told["Réponses dans le délai promis"]["Valeur"] == "1 sur 1"
    assert told["Premiers versements dans le délai promis"]["Valeur"] == "1 sur 1"
    assert told["Projets accordés à une équipe dont c’est le premier"]["Valeur"] == "1"
    assert project.bearer.name not in str(tables) and "Awa" not in str(tables)
    assert cells(statements.yearly(fund_of(project), 2026)[0])["Projets reçus"]["Valeur"] == "0"


def test_the_days_that_a_team_takes_to_complete_its_file_are_not_the_funds_delay(app: Flask) -> None:
    made = factories.pic_lodged()
    manager, lodged = factories.manager_of(made.call.fund), clock.now()
    with clock.at(lodged + timedelta(days=5)):
        life.take(manager, made.id, "ask_completion", reason="Un devis daté, merci.")
    with clock.at(lodged + timedelta(days=20)):
        life.lodge(purse.bearer_of(made), made.id)
    with clock.at(lodged + timedelta(days=40)):
        reporting.not_admit(manager, made.id, reason="Le besoin est privé.", better="private")
        year = clock.today().year
        assert cells(statements.yearly(fund_of(made), year)[0])["Réponses dans le délai promis"]["Valeur"] == "1 sur 1"


def test_page_paper_and_spreadsheet_say_the_same(client: FlaskClient, project: PicProject) -> None:
    fund = project.call.fund
    page = f"/tresorerie/{fund.id}/etat?du=2027-03-01&au=2027-04-30"
    with clock.at(AFTER):
        factories.login(client, factories.person(duties=[(Role.COMMITTEE_MEMBER, fund.on)]))
        assert "233,33" in client.get(page).text
        paper = PdfReader(io.BytesIO(client.get(page + "&format=pdf").get_data()))
        sheet = client.get(page + "&format=xlsx")
    root = paper.trailer["/Root"]
    assert root["/Lang"] == "fr" and root["/MarkInfo"]["/Marked"]
    text = "\n".join(one.extract_text() for one in paper.pages)
    assert "Part de chaque financeur" in text and "233,33" in text and text.index("Région") < text.index("Total")
    assert sheet.mimetype == XLSX
    book = openpyxl.load_workbook(io.BytesIO(sheet.get_data()))
    values = [cell for one in book for row in one.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in values)
    assert {233.33, f"{project.id}. =HYPERLINK(1)"} <= {cell.value for cell in values}


@pytest.mark.parametrize(
    ("role", "on", "status"),
    [
        (Role.TREASURER, "fund", 200), (Role.FUND_MANAGER, "fund", 200), (Role.REGION_OFFICER, REGION, 200),
        (Role.ADMINISTRATOR, "platform", 403), (Role.TREASURER, "fund:999", 403),
    ],
)  # fmt: skip
def test_the_office_the_committee_and_the_region_read_it(
    client: FlaskClient, project: PicProject, role: Role, on: str, status: int
) -> None:
    fund = project.call.fund
    with clock.at(AFTER):
        factories.login(client, factories.person(duties=[(role, fund.on if on == "fund" else on)]))
        for page in ("etat", "bilan/2027", "bilan/2027?format=pdf", "bilan/2027?format=xlsx", "etat?du=hier&au=2999-01-01"):
            assert client.get(f"/tresorerie/{fund.id}/{page}").status_code == status
