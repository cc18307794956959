"""Points, outlines, holes, parts and distances."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citizen.places.geometry import Outline, Placed, inner_point, locate_among, metres_per_degree, simplified
from citizen.places.rules import Kind, Status
from tests.places.shapes import square

RING_ROAD = Outline([[square(3.0, 50.0), square(3.0, 50.0, 0.005)]])
TWO_ISLANDS = Outline([[square(3.0, 50.0)], [square(3.1, 50.0)]])


def test_a_hole_is_not_inside() -> None:
    assert RING_ROAD.contains(3.0075, 50.0)
    assert not RING_ROAD.contains(3.0, 50.0)
    assert not RING_ROAD.contains(3.02, 50.0)


def test_every_part_counts() -> None:
    assert TWO_ISLANDS.contains(3.0, 50.0)
    assert TWO_ISLANDS.contains(3.1, 50.0)
    assert not TWO_ISLANDS.contains(3.05, 50.0)


def test_the_limit_of_a_hole_is_a_limit() -> None:
    along, _up = metres_per_degree(50.0)
    assert RING_ROAD.metres_to_limit(3.004, 50.0) == pytest.approx(0.001 * along, rel=1e-6)


@pytest.mark.parametrize(("lat", "along", "up"), [(0.0, 111_319.5, 110_574.3), (50.0, 71_695.8, 111_229.1)])
def test_a_degree_has_its_known_length_in_metres(lat: float, along: float, up: float) -> None:
    assert metres_per_degree(lat) == pytest.approx((along, up), rel=1e-5)


@st.composite
def stars(draw: st.DrawFn) -> tuple[list[list[float]], float, float, bool]:
    """A star-shaped ring around (3, 50), a point between its middle and beyond one of its sides, and whether that is inside."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.002, 0.02), min_size=count, max_size=count))
    corners = [
        (math.cos(2 * math.pi * n / count) * radius, math.sin(2 * math.pi * n / count) * radius)
        for n, radius in enumerate(radii)
    ]
    side, along = draw(st.integers(0, count - 1)), draw(st.floats(0.0, 1.0))
    (x, y), (next_x, next_y) = corners[side], corners[(side + 1) % count]
    share = draw(st.one_of(st.floats(0.0, 0.999), st.floats(1.001, 3.0)))
    ring = [[3 + a, 50 + b] for a, b in [*corners, corners[0]]]
    return ring, share * (x + along * (next_x - x)), share * (y + along * (next_y - y)), share < 1


@settings(max_examples=300, deadline=None)
@given(stars())
def test_between_the_middle_and_the_limit_is_inside_and_beyond_is_outside(
    drawn: tuple[list[list[float]], float, float, bool],
) -> None:
    ring, x, y, is_inside = drawn
    assert Outline([[ring]]).contains(3 + x, 50 + y) is is_inside


@settings(max_examples=100, deadline=None)
@given(stars())
def test_the_inner_point_is_inside(drawn: tuple[list[list[float]], float, float, bool]) -> None:
    assert Outline([[drawn[0]]]).contains(*inner_point([[drawn[0]]]))


def test_the_inner_point_avoids_the_hole() -> None:
    assert RING_ROAD.contains(*inner_point(RING_ROAD.parts))


@settings(max_examples=100, deadline=None)
@given(stars(), st.floats(1, 500))
def test_a_lighter_drawing_stays_near_the_limit_and_closed(
    drawn: tuple[list[list[float]], float, float, bool], metres: float
) -> None:
    [[thin]] = simplified([[drawn[0]]], metres=metres, digits=6)
    assert thin[0] == thin[-1]
    assert len(thin) >= 4
    limit = Outline([[thin]])
    assert all(limit.metres_to_limit(lon, lat) <= metres + 0.2 for lon, lat in drawn[0])


def placed(number: int, outline: Outline, kind: Kind = Kind.PRIORITY) -> Placed:
    return Placed(number, f"QD{number}", f"Quartier {number}", kind, "2024", date(2024, 1, 1), None, outline)


def test_inside_tells_the_distance_to_the_limit() -> None:
    found = locate_among([placed(1, TWO_ISLANDS)], 3.1, 50.0, near_metres=100)
    assert (found.status, found.perimeter_id, found.metres) == (Status.INSIDE, 1, round(0.01 * metres_per_degree(50.0)[0]))


@pytest.mark.parametrize("place", [(3.01, 50.0), (3.01, 50.01), (2.99, 49.99), (3.0, 50.01), (3.0, 49.99)])
def test_on_the_limit_or_a_corner_is_inside(place: tuple[float, float]) -> None:
    assert locate_among([placed(1, TWO_ISLANDS)], *place, near_metres=0).status is Status.INSIDE


@pytest.mark.parametrize(("near", "status", "known_id"), [(72, Status.NEAR, 1), (71, Status.OUTSIDE, None)])
def test_the_setting_decides_between_near_and_outside(near: float, status: Status, known_id: int | None) -> None:
    found = locate_among([placed(1, TWO_ISLANDS)], 3.011, 50.0, near_metres=near)  # 0.001° east: 71.7 m
    assert (found.status, found.perimeter_id, found.code, found.metres) == (status, known_id, "QD1", 72)


def test_the_nearest_limit_wins_even_when_its_box_is_further() -> None:
    corner = Outline([[[[3.0, 50.0], [3.02, 50.0], [3.02, 50.02], [3.0, 50.0]]]])  # its box holds the point, its limit is far
    square_near = Outline([[square(3.001, 50.02, 0.003)]])
    found = locate_among([placed(1, corner), placed(2, square_near)], 3.002, 50.016, near_metres=500)
    assert found.perimeter_id == 2


def test_a_priority_quarter_says_more_than_what_surrounds_it() -> None:
    around = [placed(1, TWO_ISLANDS, Kind.COMMUNE), placed(2, TWO_ISLANDS, Kind.LIVED_IN), placed(3, TWO_ISLANDS)]
    assert locate_among(around, 3.0, 50.0, near_metres=100).perimeter_id == 3


def test_without_any_outline_it_is_outside_of_nothing() -> None:
    found = locate_among([], 3.0, 50.0, near_metres=100)
    assert (found.status, found.kind, found.metres) == (Status.OUTSIDE, None, None)
