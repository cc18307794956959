"""Names as they are searched, numbers as they are typed."""

import pytest

from citizen.kernel.findings import Invalid
from citizen.places.rules import point, searchable


@pytest.mark.parametrize(
    ("name", "sought"),
    [
        ("Étouvie", "etouvie"),
        ("Nœux-les-Mines", "noeux les mines"),
        ("Bruay-sur-l'Escaut", "bruay sur l escaut"),
        ("ÇÀ  et_là", "ca et la"),
    ],
)
def test_a_name_is_searched_without_accents_nor_dashes(name: str, sought: str) -> None:
    assert searchable(name) == sought


def test_a_point_is_read_with_a_point_or_a_comma() -> None:
    assert point(" 3,0586 ", "-50.63") == (3.0586, -50.63)


@pytest.mark.parametrize(
    "typed", ["", "nan", "inf", "-inf", "1e999", "1e2", "181", "abc", "3.", "٣", "1_0", "9" * 500, "3.0 4.0", "\x00"]
)
def test_what_is_no_longitude_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid, match="écrivez un nombre entre -180 et 180") as refusal:
        point(typed, "50")
    assert refusal.value.field == "lon"


def test_a_latitude_stops_at_the_pole() -> None:
    with pytest.raises(Invalid, match="entre -90 et 90"):
        point("3", "90.1")
