"""What a machine could send without end, and what a log could tell."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from citizen import clock
from citizen.db import db, transaction
from citizen.payments.models import BankDetails
from citizen.web import errors
from citizen.web.security import limiter
from tests import factories, purse

MAILING = (
    "team.invite", "team.invite_helper", "team.offer_place", "team.offer_help", "team.invitation", "sitting.members", "convening.ask",
    "answering.answer", "people.organisation_invite", "writing.team", "nqe.partners", "registration.ask_partner", "registration.partner",
    "registration.ask_opinion", "registration.opinion", "programme.load",
)  # fmt: skip


@pytest.mark.parametrize("endpoint", MAILING)
def test_what_sends_a_letter_or_answers_a_link_is_limited(app: Flask, endpoint: str) -> None:
    view = app.view_functions[endpoint]
    assert limiter.limit_manager.decorated_limits(f"{view.__module__}.{view.__name__}.{view.__name__}"), endpoint


def test_no_log_tells_an_address_nor_a_bank_number(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL writes the refused row under « DETAIL »; SQLAlchemy the values under « parameters »."""
    detail = 'new row violates check "has_one_owner"\nDETAIL:  Failing row contains (1, FR7630006000011234567890189).'
    with app.test_request_context("/projets/1/rib"), caplog.at_level(logging.WARNING):
        errors._raced(IntegrityError("INSERT", {}, Exception(detail)))
    assert "has_one_owner" in caplog.text and "FR76" not in caplog.text
    fund = factories.pic_fund()
    with pytest.raises(DBAPIError) as refused, transaction():
        db.session.add(BankDetails(fund_id=fund.id, person_id=1, holder="Awa", iban=purse.IBANS[0], entered_at=clock.now()))
    assert "hide_parameters=True" in str(refused.value)
