"""Bank account numbers: on no page, in no letter and in no journal, whoever reads."""

import pytest
from sqlalchemy import select

from citizen.db import db
from citizen.journal.models import Event
from citizen.mail.models import Letter
from citizen.payments.models import BankDetails
from tests.house.street import Street
from tests.house.test_rights import ROLES, read_pages


@pytest.mark.slow
def test_no_page_shows_a_bank_number_to_anybody(street: Street) -> None:
    """Every page x every role; the treasurer reads a number by a button that the journal keeps."""
    with street.app.app_context():
        numbers = set(db.session.scalars(select(BankDetails.iban)))
        paths = sorted({path for _rule, _values, path in read_pages(street)})
        written = "\n".join([*db.session.scalars(select(Letter.body)), *db.session.scalars(select(Event.reason))])
    assert len(numbers) > 3
    shown = [number for number in numbers if number in written]
    for role in ROLES:
        for path in paths:
            answer = street.browsers[role].get(path)
            text = (
                answer.get_data(as_text=True).replace(" ", "")
                if answer.mimetype.startswith(("text/", "application/json"))
                else ""
            )
            shown += [f"{role} {path}" for number in numbers if number in text]
            answer.close()
    assert shown == []
