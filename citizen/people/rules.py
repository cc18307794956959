"""What an account and an organisation must look like, and how long one waits between tries; standard library only."""

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from citizen.kernel.words import N_, Words

ANONYMOUS = N_("habitant·e")
MIN_PASSWORD, MAX_PASSWORD = 10, 200
MAX_CONTACT = 500
MAX_NAME = 80
_RNA = re.compile(r"W\d[A-Z\d]\d{7}")

# The most common ones that reach the length: lists of leaked passwords, in French and English.
_COMMON = """
    0123456789 0987654321 1020304050 1029384756 1122334455 1212121212 123123123123 1231231231 1234512345 123456123456
    1234567890 12345678900 12345678910 1234567891 123456789a 123456789m 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 2000000000
    9876543210 a123456789 abc1234567 abcd123456 abcdefghij abcdef1234 administrateur administrator adminadmin alexandre1
    anniversaire anthony123 aqwzsxedcr azerty12345 azerty123456 azerty1234 azertyazerty azertyuiop azertyuiop1 azertyuiop123
    azertyuiopqsdfghjklm barcelona1 basketball bienvenue1 bonjour123 bonjour1234 camille123 changeme123 changezmoi
    chocolat12 chouchou12 citizen123 coucou1234 doudou1234 elephant12 football10 football123 frederique hautsdefrance
    iloveyou123 iloveyou12 jennifer12 jetaime123 jetaimetoi julien1234 letmein123 liverpool1 lille59000 loulou1234
    manchester marseille13 marseille1 maximilien michael123 mickael123 monmotdepasse motdepasse motdepasse1 motdepasse12
    motdepasse123 nicolas123 p@ssw0rd123 p@ssword123 pass123456 passw0rd123 password01 password10 password11 password12
    password123 password1234 password123456 princess12 princesse1 qsdfghjklm qwerty12345 qwerty123456 qwerty1234
    qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop123 raphael123 roubaix59100 secret1234 sebastien1 soleil1234 starwars123
    sunshine12 superman123 thomas1234 unmotdepasse welcome123 welcome1234
"""
COMMON_PASSWORDS = frozenset(_COMMON.split())


class Kind(StrEnum):
    """What an organisation is."""

    GROUP = "group"
    ASSOCIATION = "association"
    COMMUNE = "commune"
    INTERMUNICIPALITY = "intermunicipality"
    REGION = "region"


KINDS = {
    Kind.GROUP: N_("Collectif d’habitants"),
    Kind.ASSOCIATION: N_("Association"),
    Kind.COMMUNE: N_("Commune"),
    Kind.INTERMUNICIPALITY: N_("Intercommunalité"),
    Kind.REGION: N_("Région"),
}
OPEN_KINDS = (Kind.GROUP, Kind.ASSOCIATION)  # anyone may create them; the others are opened by an administrator


def normal_email(typed: str) -> str:
    """An address as it is compared: lower case, trimmed."""
    return typed.strip().lower()


def shown_name(typed: str) -> str:
    """A name on one line, without the invisible characters that turn text around or break a letter's header."""
    visible = "".join(" " if character.isspace() else character for character in unicodedata.normalize("NFC", typed))
    return " ".join("".join(character for character in visible if unicodedata.category(character)[0] != "C").split())


def name_fault(name: str) -> str:
    """What is wrong with a name; empty when nothing is."""
    if not any(character.isalnum() for character in name):
        return N_("Écrivez un nom.")
    return Words(N_("%(max)d caractères au plus."), max=MAX_NAME) if len(name) > MAX_NAME else ""


def password_fault(password: str, email: str) -> str:
    """What is wrong with a new password; empty when nothing is. No rule of composition: length is what protects."""
    if len(password) < MIN_PASSWORD:
        return Words(N_("%(min)d caractères au moins. Une petite phrase convient très bien."), min=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        return Words(N_("%(max)d caractères au plus."), max=MAX_PASSWORD)
    plain = normal_email(password)
    if plain == normal_email(email) or plain == normal_email(email).split("@")[0]:
        return N_("Le mot de passe ne peut pas être votre adresse.")
    if plain in COMMON_PASSWORDS or len(set(plain)) < 3:
        return N_("Ce mot de passe est trop connu. Choisissez-en un autre.")
    return ""


def wait_after(tries: int) -> timedelta:
    """How long before the next try: nothing for the first ones, then twice as long each time, never more than half an hour.

    At most ten tries in the first hour and two in each following one: guessing is hopeless, and nobody is shut out for good.
    """
    return timedelta(minutes=min(2 ** (tries - 5), 30)) if tries >= 5 else timedelta()


def is_rna(number: str) -> bool:
    """Whether it is written as a number of the national register of associations: W, département, rank.

    Source: arrêté du 14 octobre 2009 (Répertoire national des associations).
    """
    return bool(_RNA.fullmatch(number))


def local_path(typed: str) -> str:
    """The page to come back to, when it is one of ours; empty otherwise."""
    if not typed.startswith("/") or typed.startswith("//") or len(typed) > 2_000:
        return ""
    if "\\" in typed or any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in typed):
        return ""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else typed
