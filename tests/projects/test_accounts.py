"""Plain words and the accounts of the national form."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from citizen.db import db, transaction
from citizen.projects import accounts
from citizen.projects.accounts import ACCOUNTS, FORM, LABELS, of_side, suggest
from citizen.projects.budget import Attachment, BudgetLine
from tests import factories

SUGGESTED = [
    ("expense", "Location de tables et de bancs", "613"),
    ("expense", "Jeux en bois, à la journée", "613"),
    ("expense", "Groupe de musique du quartier", "622"),
    ("expense", "Boissons et pain", "601"),
    ("expense", "Thé, café et goûter", "601"),
    ("expense", "Le théâtre", "60x"),
    ("expense", "Peinture", "60x"),
    ("expense", "Affiches", "623"),
    ("expense", "Car pour la mer", "625"),
    ("expense", "Carton", "60x"),
    ("expense", "Assurance de la journée", "616"),
    ("expense", "Sacem", "65"),
    ("income", "Participation des familles", "70"),
    ("income", "Ville de Roubaix", "74com"),
    ("income", "CAF du Nord", "74orgasoc"),
    ("income", "Autre", "750"),
    ("valued", "Prêt de la salle", "861"),
    ("valued", "Douze voisins", "864"),
]


@pytest.mark.parametrize(("side", "label", "code"), SUGGESTED)
def test_words_lead_to_an_account(side: str, label: str, code: str) -> None:
    assert suggest(label, of_side(side)).code == code


def test_every_account_stands_on_the_form() -> None:
    sides = {"expense": FORM["expense"], "income": FORM["income"], "valued": FORM["given"]}
    for one in ACCOUNTS:
        assert (one.row or one.code, one.official) in sides[one.side]
        assert not one.mirror or one.mirror in dict(FORM["received"])
    assert len(LABELS) == sum(len(rows) for rows in FORM.values())
    assert len({one.code for one in ACCOUNTS}) == len(ACCOUNTS)
    assert [accounts.account(code).number for code in ("60x", "74com", "613", "RESSPROPRES")] == ["60", "74", "613", ""]


@pytest.mark.parametrize(
    ("given", "account", "nature"),
    [
        ({"side": "expense", "nature": "operating", "label": "Location"}, "613", "operating"),
        ({"side": "expense", "nature": "capital", "label": "Location"}, "21", "capital"),
        ({"side": "income", "nature": "own", "label": "La caisse"}, "RESSPROPRES", "own"),
        ({"account": "758", "label": "Cagnotte"}, "758", "other"),
    ],
)
def test_a_line_knows_its_account(given: dict[str, Any], account: str, nature: str) -> None:
    line = BudgetLine(amount_cents=1, **given)
    assert (line.account, line.nature) == (account, nature)


def test_the_schema_refuses_an_account_of_the_other_side(app: Flask) -> None:
    project = factories.pic_draft()
    with pytest.raises(IntegrityError, match="ck_budget_line_account"), transaction():
        db.session.execute(text("UPDATE budget_line SET account = '758' WHERE side = 'expense'"))
    assert project.id


def test_a_quote_is_of_a_line_of_its_own_project(app: Flask) -> None:
    one, other = factories.pic_draft(), factories.pic_draft()
    stranger = other.lines[0].id
    with pytest.raises(IntegrityError, match="the line is of another project"), transaction():
        db.session.get_one(Attachment, one.attachments[0].id).line_id = stranger
    with transaction():
        db.session.get_one(Attachment, one.attachments[0].id).line_id = one.lines[0].id
    with transaction():
        db.session.delete(db.session.get_one(BudgetLine, one.lines[0].id))
    assert db.session.get_one(Attachment, one.attachments[0].id).line_id is None
