"""Numbers of invented organisations: they pass the official controls."""

from itertools import count

from stdnum import iban as iban_numbers
from stdnum import luhn

_ranks = count(1)


def siret() -> str:
    """Another SIRET whose two control keys are right."""
    siren = f"9{next(_ranks) * 7919 % 10_000_000:07d}"
    siren += luhn.calc_check_digit(siren)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")


def rna(departement: str) -> str:
    """Another number as the register of associations writes them."""
    return f"W{departement}{9_000_000 + next(_ranks)}"


def iban() -> str:
    """Another French account number whose two control keys are right, at a bank that does not exist."""
    bank, branch, account = 99999, 59000, next(_ranks) * 104729 % 10**11
    key = 97 - (89 * bank + 15 * branch + 3 * account) % 97
    basic = f"{bank:05d}{branch:05d}{account:011d}{key:02d}"
    return "FR" + iban_numbers.calc_check_digits(f"FR00{basic}") + basic
