"""Small made-up quarters, squares around a point."""

from typing import Any


def square(lon: float, lat: float, half: float = 0.01) -> list[list[float]]:
    """A closed ring of ``half`` degrees on each side."""
    west, south, east, north = lon - half, lat - half, lon + half, lat + half
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def quarter(
    code: str = "QD9001", name: str = "Les Tilleuls", lon: float = 3.0, lat: float = 50.0, **told: Any
) -> dict[str, Any]:
    """A GeoJSON feature in the shape of the official file; ``geometry`` and properties may be told."""
    geometry = told.pop("geometry", {"type": "MultiPolygon", "coordinates": [[square(lon, lat)]]})
    properties = {
        "code_qp": code, "lib_qp": name, "insee_dep": "59", "insee_com": ["59360"], "lib_com": ["Loos"],
        "siren_epci": ["200093201"], "lib_epci": ["Métropole Européenne de Lille"], "population": 1200, **told,
    }  # fmt: skip
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
