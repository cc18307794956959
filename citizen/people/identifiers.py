"""Identifiers checked by their official rules: e-mail addresses, SIRET."""

from email_validator import EmailNotValidError, validate_email
from stdnum.exceptions import ValidationError
from stdnum.fr import siret

from citizen.people import rules


def email_address(typed: str) -> str | None:
    """The address as it is kept (lower case, ASCII), or None when it is not one; nothing is asked from the network."""
    try:
        found = validate_email(rules.normal_email(typed), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return (found.ascii_email or found.normalized).lower()


def siret_number(typed: str) -> str | None:
    """The fourteen digits of a SIRET whose control key is right (La Poste's exception included), or None."""
    try:
        return str(siret.validate(typed))
    except ValidationError:
        return None


def rna_number(typed: str) -> str | None:
    """The ten characters of an RNA number, or None."""
    number = "".join(typed.split()).upper()
    return number if rules.is_rna(number) else None
