"""Outlines on the ground: is a point inside, how far is the limit, a lighter drawing of it; standard library only.

Coordinates are degrees of longitude then latitude (WGS84), nested as in a GeoJSON MultiPolygon. A distance is taken on a flat
map drawn around the point: exact to the centimetre at the scale of a quarter.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from citizen.places.rules import QUARTERS, Kind, Located, Status

Ring = list[list[float]]
MultiPolygon = list[list[Ring]]
ON_THE_LIMIT_METRES = 0.01
DRAWN_WITHIN_METRES = 30


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude, at this latitude (series for the WGS84 ellipsoid)."""
    phi = math.radians(lat)
    along = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return along, 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)


@dataclass(frozen=True)
class Outline:
    """The limits of one perimeter: several parts, each with its outer ring and its holes."""

    parts: MultiPolygon

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        lons, lats = zip(*((place[0], place[1]) for part in self.parts for place in part[0]), strict=True)
        return min(lons), min(lats), max(lons), max(lats)

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the point is in a part and not in one of its holes."""
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north and any(_is_in_part(part, lon, lat) for part in self.parts)

    def metres_to_box(self, lon: float, lat: float, scale: tuple[float, float]) -> float:
        """A distance that the limit is never nearer than, for a point outside; quick."""
        west, south, east, north = self.box
        return math.hypot(max(west - lon, 0.0, lon - east) * scale[0], max(south - lat, 0.0, lat - north) * scale[1])

    def metres_to_limit(self, lon: float, lat: float) -> float:
        """The distance from the point to the nearest limit, holes included."""
        return math.sqrt(min(_square_metres(ring, lon, lat) for part in self.parts for ring in part))


def _is_in_part(part: list[Ring], lon: float, lat: float) -> bool:
    """A line drawn east from the point crosses the limits an odd number of times."""
    return sum(1 for ring in part for crossing in _crossings(ring, lat) if crossing > lon) % 2 == 1


def _crossings(ring: Ring, lat: float) -> Iterator[float]:
    """The longitudes where the ring crosses this latitude."""
    (before_lon, before_lat, *_), *rest = ring
    for lon, here, *_ in rest:
        if (here > lat) != (before_lat > lat):
            yield before_lon + (lat - before_lat) * (lon - before_lon) / (here - before_lat)
        before_lon, before_lat = lon, here


def _square_metres(ring: Ring, lon: float, lat: float) -> float:
    """The square of the distance from the point to the ring."""
    along, up = metres_per_degree(lat)
    flat = [((place[0] - lon) * along, (place[1] - lat) * up) for place in ring]
    nearest = math.inf
    x, y = flat[0]
    for next_x, next_y in flat[1:]:
        nearest = min(nearest, _square_from_origin(x, y, next_x - x, next_y - y))
        x, y = next_x, next_y
    return nearest


def _square_from_origin(x: float, y: float, dx: float, dy: float) -> float:
    """The square of the distance from the origin to the segment that starts at (x, y) and goes by (dx, dy)."""
    length = dx * dx + dy * dy
    if length:
        share = -(x * dx + y * dy) / length
        share = 0.0 if share < 0 else min(share, 1.0)
        x, y = x + share * dx, y + share * dy
    return x * x + y * y


def inner_point(parts: MultiPolygon) -> tuple[float, float]:
    """A longitude and a latitude inside, where the largest part is widest at half its height."""

    def widest(part: list[Ring]) -> tuple[float, float, float]:
        lats = [place[1] for place in part[0]]
        lat = (min(lats) + max(lats)) / 2
        limits = sorted(crossing for ring in part for crossing in _crossings(ring, lat))
        return max((east - west, (west + east) / 2, lat) for west, east in zip(limits[::2], limits[1::2], strict=True))

    _width, lon, lat = max(map(widest, parts))
    return round(lon, 6), round(lat, 6)


@dataclass(frozen=True)
class Placed:
    """A perimeter with what finding a point needs."""

    id: int
    code: str
    name: str
    kind: Kind
    version: str
    valid_from: date
    valid_until: date | None
    outline: Outline

    @cached_property
    def drawing(self) -> MultiPolygon:
        """Its outline, light enough to send every quarter's at once."""
        return simplified(self.outline.parts, metres=DRAWN_WITHIN_METRES, digits=4)

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def locate_among(perimeters: Sequence[Placed], lon: float, lat: float, *, near_metres: float) -> Located:
    """Where the point stands among these perimeters; on the limit is inside, as far as ``near_metres`` is near."""
    inside = [perimeter for perimeter in perimeters if perimeter.outline.contains(lon, lat)]
    if inside:
        # A quarter says more than the whole commune, and a priority quarter more than another.
        found = min(inside, key=lambda perimeter: ((*QUARTERS, Kind.COMMUNE).index(perimeter.kind), perimeter.code))
        return _told(Status.INSIDE, found, found.outline.metres_to_limit(lon, lat))
    nearest, metres = _nearest(perimeters, lon, lat)
    if nearest is None:
        return Located(Status.OUTSIDE)
    if metres <= ON_THE_LIMIT_METRES:
        return _told(Status.INSIDE, nearest, metres)
    return _told(Status.NEAR if metres <= near_metres else Status.OUTSIDE, nearest, metres)


def _nearest(perimeters: Sequence[Placed], lon: float, lat: float) -> tuple[Placed | None, float]:
    """The perimeter whose limit is nearest, and how far; looks no further than boxes allow."""
    scale = metres_per_degree(lat)
    at_least = [perimeter.outline.metres_to_box(lon, lat, scale) for perimeter in perimeters]
    found, metres = None, math.inf
    for number in sorted(range(len(perimeters)), key=at_least.__getitem__):
        if at_least[number] > metres:
            break
        away = perimeters[number].outline.metres_to_limit(lon, lat)
        if away < metres:
            found, metres = perimeters[number], away
    return found, metres


def _told(status: Status, perimeter: Placed, metres: float) -> Located:
    known_id = None if status is Status.OUTSIDE else perimeter.id
    return Located(status, known_id, perimeter.code, perimeter.name, perimeter.kind, perimeter.version, round(metres))


def simplified(parts: MultiPolygon, *, metres: float, digits: int) -> MultiPolygon:
    """The same outline with fewer points, none further than ``metres`` from the limit; for drawing, never for judging."""
    return [[_thinned(ring, metres, digits) for ring in part] for part in parts]


def _thinned(ring: Ring, metres: float, digits: int) -> Ring:
    """Douglas and Peucker's method on the two halves of the ring, which stays a ring of at least four points."""
    along, up = metres_per_degree(ring[0][1])
    flat = [(place[0] * along, place[1] * up) for place in ring]
    half = max(range(len(flat)), key=lambda number: math.dist(flat[0], flat[number]))
    kept = {0, half, len(ring) - 1}
    spans = [(0, half), (half, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        (x, y), (next_x, next_y) = flat[first], flat[last]
        away = [
            (_square_from_origin(x - flat[n][0], y - flat[n][1], next_x - x, next_y - y), n) for n in range(first + 1, last)
        ]
        furthest, number = max(away, default=(0.0, 0))
        if furthest > metres * metres:
            kept.add(number)
            spans += [(first, number), (number, last)]
    thin = [ring[number] for number in sorted(kept)]
    return [[round(place[0], digits), round(place[1], digits)] for place in (thin if len(thin) >= 4 else ring)]
