"""Numbers of invented organisations: they pass the official controls."""

from itertools import count

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
