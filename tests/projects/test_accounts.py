"""Plain words and the accounts of the national form."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from citizen.db import db, transaction
from citizen.projects import accounts
from citizen.projects.accounts import ACCOUNTS, FORM, LABELS, of_side, sheet, suggest, whole_euros
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


LINES = st.lists(st.tuples(st.sampled_from([one.code for one in ACCOUNTS]), st.integers(1, 500_000)), max_size=12)


@given(LINES)
def test_the_form_balances_whatever_the_cents(lines: list[tuple[str, int]]) -> None:
    found = sheet(lines)
    for rows, total in (
        (found.expenses, found.total), (found.income, found.total), (found.given, found.given_total),
        (found.received, found.given_total),
    ):  # fmt: skip
        groups = {row.number for row in rows if row.is_total}
        leaves = [row.amount for row in rows if not row.is_total]
        assert sum(leaves) == total
        for group in groups:
            under = [row.amount for row in rows if not row.is_total and row.number.startswith(group)]
            assert sum(under) == next(row.amount for row in rows if row.is_total and row.number == group)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**7)))
def test_rounding_keeps_the_total_and_stays_within_a_euro(cents: dict[str, int]) -> None:
    rounded = whole_euros(cents)
    assert sum(rounded.values()) == (sum(cents.values()) + 50) // 100
    assert all(abs(rounded[code] * 100 - cents[code]) < 100 for code in cents)


def test_a_balanced_budget_has_neither_loss_nor_profit() -> None:
    found = sheet([("613", 33_50), ("601", 33_50), ("74ici", 33_33), ("RESSPROPRES", 33_67)])
    assert found.total == 67
    assert not [row for row in (*found.expenses, *found.income) if row.amount and "prévisionnel" in row.label]
