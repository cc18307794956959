"""The file of transfers that a bank takes: SEPA pain.001, in the version the bank wants, checked against its schema."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError

_REFUSED = re.compile(r"[^\w/?:().,'+ -]|_")  # letters lose their accents later, in the library
VERSIONS = ("pain.001.001.09", "pain.001.001.03")


@dataclass(frozen=True)
class Account:
    """An account at a bank, at either end of a transfer."""

    holder: str
    iban: str
    bic: str = ""

    def fields(self) -> dict[str, str]:
        return {"name": plain(self.holder)[:70], "IBAN": self.iban} | ({"BIC": self.bic} if self.bic else {})


@dataclass(frozen=True)
class Transfer:
    """Money to send: whole cents, and what the receiver reads on the statement."""

    to: Account
    cents: int
    label: str
    reference: str


def plain(words: str) -> str:
    """Words with the signs that banks take. Source: European Payments Council, SEPA character set."""
    return " ".join(_REFUSED.sub(" ", words.replace("’", "'")).split())


class BadFile(Exception):
    """The file would not pass the bank's schema."""


def transfer_file(payer: Account, transfers: Sequence[Transfer], on: date, version: str = VERSIONS[0]) -> bytes:
    """The file, valid for ``version``; BadFile when something in it is not."""
    config: dict[str, Any] = payer.fields() | {"batch": True, "currency": "EUR"}
    file = SepaTransfer(config, schema=version)
    for one in transfers:
        file.add_payment(
            one.to.fields() | {
                "amount": one.cents, "execution_date": on, "description": plain(one.label)[:140], "endtoend_id": one.reference[:35],
            }
        )  # fmt: skip
    try:
        return bytes(file.export(validate=True))
    except ValidationError as error:
        raise BadFile(str(error.__cause__ or error)) from error
