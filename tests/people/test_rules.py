"""What an account must look like, and how long one waits."""

from datetime import timedelta

import pytest

from citizen.people import identifiers, rules


@pytest.mark.parametrize("number", ["W595012345", "W9R1000123", "W2A0001234"])
def test_an_rna_number_is_recognised(number: str) -> None:
    assert rules.is_rna(number)


@pytest.mark.parametrize(
    "number", ["", "595012345", "W59501234", "W5950123456", "w595012345", "W59501234é", "W595012345\n", "W5 95012345"]
)
def test_anything_else_is_not_an_rna_number(number: str) -> None:
    assert not rules.is_rna(number)


def test_an_rna_number_may_be_typed_loosely() -> None:
    assert identifiers.rna_number(" w59 5012345 ") == "W595012345"
    assert identifiers.rna_number("x595012345") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("73282932000075", None),  # wrong key
        ("7328293200007", None),
        ("35600000049837", "35600000049837"),  # La Poste: its own rule
        ("35600000049838", None),
        ("abc", None),
        ("", None),
    ],
)
def test_a_siret_obeys_its_official_key(typed: str, kept: str | None) -> None:
    assert identifiers.siret_number(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Amina@Exemple.FR ", "amina@exemple.fr"),
        ("a@b", None),
        ("pas une adresse", None),
        ("a@exemple.fr\r\nBcc: x@exemple.fr", None),
        ("é@exemple.fr", None),
        ("x" * 300 + "@exemple.fr", None),
        ("a@exemplé.fr", "a@xn--exempl-gva.fr"),
        ("", None),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str | None) -> None:
    assert identifiers.email_address(typed) == kept


@pytest.mark.parametrize(
    "password",
    [
        "", "neuf sign", "azertyuiop", "MotDePasse123", "1234567890", "aaaaaaaaaaaa", "amina@exemple.fr", " Amina@Exemple.fr",
        "xyz" * 67,
    ],
)  # fmt: skip
def test_a_weak_password_is_refused(password: str) -> None:
    assert rules.password_fault(password, "amina@exemple.fr")


@pytest.mark.parametrize("password", ["dix signes", "toutenminuscules", "été à la plage", "xy z" * 50])
def test_length_is_the_only_composition_asked(password: str) -> None:
    assert not rules.password_fault(password, "amina@exemple.fr")


def test_the_list_of_known_passwords_only_holds_those_that_length_lets_through() -> None:
    assert all(rules.MIN_PASSWORD <= len(known) <= rules.MAX_PASSWORD for known in rules.COMMON_PASSWORDS)
    assert all(known == known.lower() for known in rules.COMMON_PASSWORDS)


def test_ten_guesses_in_the_first_hour_and_two_in_each_following_one() -> None:
    clock, tries = timedelta(), []
    while clock < timedelta(hours=3):
        tries.append(clock)
        clock += rules.wait_after(len(tries)) or timedelta(seconds=1)
    assert sum(moment < timedelta(hours=1) for moment in tries) <= 10
    assert sum(timedelta(hours=1) <= moment < timedelta(hours=2) for moment in tries) == 2
    assert rules.wait_after(10_000) == timedelta(minutes=30)


@pytest.mark.parametrize("typed", ["/", "/projets?page=2#a", "/pic/déposer", "/connexion?suite=/x"])
def test_a_page_of_ours_may_be_come_back_to(typed: str) -> None:
    assert rules.local_path(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "", "projets", "//evil.fr", "///evil.fr", "/\\evil.fr", "\\\\evil.fr", "https://evil.fr", "javascript:alert(1)", "data:text/html,x",
        "/x\r\nLocation: https://evil.fr", "/\t/evil.fr", "/\n/evil.fr", " //evil.fr", "/\u202e/", "/" + "x" * 2_000, "//[",
        "/\x00",
    ],
)  # fmt: skip
def test_no_other_place_may(typed: str) -> None:
    assert rules.local_path(typed) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Amina \n B. ", "Amina B."),
        ("Bob\u202eneimdA", "BobneimdA"),
        ("A\x00\x1b[31m", "A[31m"),
        ("\u200b\u200b", ""),
        ("<b>", "<b>"),  # shown as it is: pages escape it
    ],
)
def test_a_name_is_one_visible_line(typed: str, shown: str) -> None:
    assert rules.shown_name(typed) == shown
