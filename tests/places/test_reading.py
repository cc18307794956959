"""The formats and their traps: each bad row is told with its number and the reason."""

import json
from typing import Any

import pytest

from citizen.places.reading import Content, PerimeterRow, UnknownFile, read
from citizen.places.rules import Kind
from tests.places.shapes import collection, quarter, square

COLUMNS = "code_qp;lib_qp;insee_dep;insee_com;lib_com;siren_epci;lib_epci"


def told(*features: Any) -> list[str]:
    """The problems of these features, as shown."""
    return [str(problem) for problem in read(json.dumps(collection(*features)).encode()).problems]


def only(data: bytes) -> PerimeterRow:
    [row] = read(data).rows
    assert isinstance(row, PerimeterRow)
    return row


def test_the_traps_of_the_official_csv() -> None:
    line = 'QN00201M;Europe;="02";="02571, 02691";Omissy, Saint-Quentin;="200071892";CA du Saint-Quentinois'
    row = only(("\ufeff" + COLUMNS + "\r\n" + line + "\r\n").encode())
    assert row.communes == {"02571": "Omissy", "02691": "Saint-Quentin"}
    assert row.departement == "02"
    assert row.intermunicipalities == {"200071892": "CA du Saint-Quentinois"}
    assert (row.official_version, row.outline, row.population) == ("2024", None, None)


def test_bars_and_quotes_in_a_csv() -> None:
    line = '"QN05902M";"Cité ""du Lac""";59;59028|59509;Auby|Roost-Warendin;200044618;CA Douaisis Agglo'
    row = only(f"{COLUMNS}\n{line}\n\n".encode())
    assert (row.name, list(row.communes)) == ('Cité "du Lac"', ["59028", "59509"])


def test_a_csv_row_is_told_by_its_line() -> None:
    good = "QN05901M;Ici;59;59360;Loos;200093201;MEL"
    reading = read("\n".join([COLUMNS, good, "QN05902M;Là;59;5936;Loos;200093201;MEL", "trop;court", good]).encode())
    assert [str(problem) for problem in reading.problems] == [
        "ligne 3 : code de commune illisible : « 5936 » (cinq chiffres, comme 02691).",
        "ligne 4 : 2 colonnes au lieu de 7.",
        "ligne 5 : le code QN05901M est déjà au n° 2.",
    ]


def test_a_2014_feature_names_its_communes() -> None:
    feature = {
        "type": "Feature",
        "properties": {"code_qp": "QP059003", "nom_qp": "Asturies", "commune_qp": "Roost-Warendin,  Auby,"},
    }
    row = only(json.dumps(collection(feature)).encode())
    assert (row.official_version, row.departement, row.commune_names) == ("2014", "59", ("Roost-Warendin", "Auby"))


def test_a_kind_may_be_told() -> None:
    assert only(json.dumps(collection(quarter(kind="lived_in"))).encode()).kind is Kind.LIVED_IN


def test_the_point_inside_is_found_when_it_is_not_told() -> None:
    row = only(json.dumps(collection(quarter(lon=3.0, lat=50.0))).encode())
    assert (row.lon, row.lat) == (3.0, 50.0)


def ring(*places: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [list(places)]}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code_qp": ""}, "code du quartier illisible : «  »."),
        ({"lib_qp": None}, "lib_qp : un nom est attendu, de 200 caractères au plus."),
        ({"lib_qp": "x" * 201}, "lib_qp : un nom est attendu, de 200 caractères au plus."),
        ({"lib_qp": "a\x00b"}, "'a\\x00b' contient un caractère interdit."),
        ({"lib_qp": "\ud800"}, "'\\ud800' contient un caractère interdit."),
        ({"kind": "autre"}, "kind inconnu : « autre » (priority, watch, lived_in, commune)."),
        ({"insee_com": ["2691"]}, "code de commune illisible : « 2691 » (cinq chiffres, comme 02691)."),
        ({"siren_epci": ["12"]}, "SIREN illisible : « 12 » (neuf chiffres)."),
        ({"population": -3}, "population illisible : « -3 »."),
        ({"population": 10**12}, "population illisible : « 1000000000000 »."),
        ({"population": True}, "population illisible : « True »."),
        (
            {"geometry": {"type": "Point", "coordinates": [3, 50]}},
            "contour illisible : un Polygon ou un MultiPolygon est attendu.",
        ),
        ({"geometry": {"type": ["Polygon"]}}, "contour illisible : un Polygon ou un MultiPolygon est attendu."),
        ({"geometry": {"type": "MultiPolygon", "coordinates": []}}, "contour illisible : il manque des coordonnées."),
        (
            {"geometry": ring([3, 50], [3, 51], [4, 50])},
            "contour illisible : un anneau a au moins quatre points et finit où il commence.",
        ),
        ({"geometry": ring([3, 50], [3, 51], [3, 52], [3, 50])}, "contour illisible : un anneau n’entoure aucune surface."),
        ({"geometry": ring([3], [3, 51], [4, 50], [3])}, "contour illisible : un point est une longitude et une latitude."),
        (
            {"geometry": ring([650000, 6900000], [650000, 6900100], [650100, 6900100], [650000, 6900000])},
            "coordonnée illisible : 650000 (degrés WGS84 attendus).",
        ),
    ],
)
def test_a_bad_value_is_told_with_the_number_of_its_object(change: dict[str, Any], reason: str) -> None:
    assert told(quarter("QD1"), quarter("QD2", **change), quarter("QD3")) == [f"objet n° 2 : {reason}"]


def test_a_point_told_outside_its_own_outline_is_refused() -> None:
    feature = quarter()
    feature["properties"] |= {"lon": 50.0, "lat": 3.0}
    assert told(feature) == ["objet n° 1 : le point 50.0, 3.0 est hors du contour."]


def test_what_is_not_an_object_is_told() -> None:
    assert told(quarter(), "rien", {"properties": None}) == [
        "objet n° 2 : ce n’est pas un objet avec des propriétés.",
        "objet n° 3 : ce n’est pas un objet avec des propriétés.",
    ]


def test_a_polygon_with_heights_is_read_as_one_part() -> None:
    flat = [[*place, 12.5] for place in square(3.0, 50.0)]
    row = only(json.dumps(collection(quarter(geometry={"type": "Polygon", "coordinates": [flat]}))).encode())
    assert row.outline == [[square(3.0, 50.0)]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "vide"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"{", "JSON bien écrit"),
        (b'{"features": [NaN]}', "JSON bien écrit"),
        (b"[" * 100_000, "JSON bien écrit"),
        (b'{"features": []}', "format inconnu"),
        (b'[{"code": "59"}]', "format inconnu"),
        (b'{"features": [{"properties": {"siren": "1"}}]}', "format inconnu"),
        (b"a;b\n1;2", "code_qp"),
        (b"code_qp\n" + b"x" * 200_000, "CSV bien écrit"),
    ],
)
def test_a_file_that_is_something_else_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(UnknownFile, match=reason):
        read(data)


def test_communes_and_intermunicipalities_are_told_by_their_content() -> None:
    commune = {"code": "59360", "nom": "Loos", "codesPostaux": ["59120"], "population": 22567, "epci": "200093201"}
    group = {"code": "200093201", "nom": "MEL", "type": "METRO", "populationMunicipale": 5, "membres": [{"code": "59360"}]}
    assert read(json.dumps([commune]).encode()).content is Content.COMMUNES
    assert read(json.dumps([group]).encode()).content is Content.INTERMUNICIPALITIES
    wrong = [commune | {"codesPostaux": ["5912"]}, commune | {"codesPostaux": "59120"}]
    assert [str(problem) for problem in read(json.dumps(wrong).encode()).problems] == [
        "objet n° 1 : code postal illisible : « 5912 ».",
        "objet n° 2 : codesPostaux : une liste est attendue.",
    ]
