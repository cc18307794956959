"""The catalogue of the open data, for other catalogues: DCAT-AP in JSON-LD; and what Datasette shows of the SQLite file.

Source: DCAT-AP 3, a dataset is a table and its distributions are the files that hold it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from citizen.kernel.words import N_, Words
from citizen.region.columns import TABLES, VIEWS, Table
from citizen.web.filters import say

LICENCE = N_("Licence Ouverte 2.0")
LICENCE_URL = "https://spdx.org/licenses/etalab-2.0.html"
EU = "http://publications.europa.eu/resource/authority"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}  # fmt: skip
# suffix: media type, its name among the file types of the European Union, what it is in a few words
FORMATS = {
    "csv": ("text/csv", "CSV", N_("Un tableau (CSV)")),
    "geojson": ("application/geo+json", "GEOJSON", N_("Une carte (GeoJSON)")),
    "sqlite": ("application/vnd.sqlite3", "", N_("Une base (SQLite)")),
    "pb": ("text/csv", "CSV", N_("Les bulletins (Pabulib)")),
    "ics": ("text/calendar", "ICS", N_("Un calendrier (iCalendar)")),
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file at its address; what is None is not known before it is read."""

    name: str
    url: str
    at: datetime | None = None
    size: int | None = None
    sha256: str | None = None
    rows: int | None = None
    first: str | None = None
    last: str | None = None

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def weight(self) -> Words:
        """Its size, in kilobytes or megabytes."""
        size = self.size or 0
        return (
            Words(N_("%(size)s Mo"), size=f"{size / 1e6:.1f}".replace(".", ","))
            if size > 1e6
            else Words(N_("%(size)s ko"), size=size // 1000 + 1)
        )

    @property
    def what(self) -> str:
        return FORMATS[self.suffix][2]


def described(site: str, publisher: str, files: Mapping[str, Iterable[File]], base: File) -> dict[str, Any]:
    """The catalogue; ``files``: the distributions of each table, ``base``: the one file that holds them all."""
    home = f"{site}/donnees"
    sets = [
        _dataset(home, publisher, name, say(TABLES[name].title), say(TABLES[name].about), found)
        for name, found in files.items()
    ]
    whole = _dataset(
        home,
        publisher,
        "citizen",
        _("Toutes les tables en un fichier"),
        _("Une base SQLite qui s’ouvre dans Datasette."),
        [base],
    )
    return {
        "@context": CONTEXT, "@id": home, "@type": "dcat:Catalog", "dct:title": _fr(_("Données ouvertes des projets de quartier")),
        "dct:description": _fr(_("Les projets soutenus, les aides, les quartiers, les votes, l’été et les promesses.")),
        "dct:publisher": _publisher(home, publisher), "dct:license": _licence(), "dct:language": {"@id": f"{EU}/language/FRA"},
        "foaf:homepage": {"@id": home}, "dct:spatial": _region(), "dcat:dataset": [*sets, whole],
    }  # fmt: skip


def _dataset(home: str, publisher: str, name: str, title: str, about: str, files: Iterable[File]) -> dict[str, Any]:
    found = list(files)
    days = [day for one in found for day in (one.first, one.last) if day]
    moments = [one.at for one in found if one.at]
    told: dict[str, Any] = {
        "@id": f"{home}#{name}", "@type": "dcat:Dataset", "dct:identifier": name, "dct:title": _fr(title), "dct:description": _fr(about),
        "dct:publisher": _publisher(home, publisher), "dct:license": _licence(), "dct:language": {"@id": f"{EU}/language/FRA"},
        "dct:accessRights": {"@id": f"{EU}/access-right/PUBLIC"}, "dcat:landingPage": {"@id": home}, "dct:spatial": _region(),
        "dct:accrualPeriodicity": {"@id": f"{EU}/frequency/DAILY"}, "dcat:theme": {"@id": f"{EU}/data-theme/REGI"},
        "dcat:distribution": [_distribution(one) for one in found],
    }  # fmt: skip
    if moments:
        told["dct:modified"] = _typed(max(moments).isoformat(timespec="seconds"), "dateTime")
    if days:
        told["dct:temporal"] = {
            "@type": "dct:PeriodOfTime", "dcat:startDate": _typed(min(days)[:10], "date"), "dcat:endDate": _typed(max(days)[:10], "date"),
        }  # fmt: skip
    return told


def _distribution(file: File) -> dict[str, Any]:
    media, kind, _words = FORMATS[file.suffix]
    told: dict[str, Any] = {
        "@id": f"{file.url}#fichier", "@type": "dcat:Distribution", "dct:title": _fr(file.name), "dct:license": _licence(),
        "dcat:accessURL": {"@id": file.url}, "dcat:downloadURL": {"@id": file.url},
        "dcat:mediaType": {"@id": f"http://www.iana.org/assignments/media-types/{media}"},
    }  # fmt: skip
    if kind:
        told["dct:format"] = {"@id": f"{EU}/file-type/{kind}"}
    if file.at:
        told["dct:modified"] = _typed(file.at.isoformat(timespec="seconds"), "dateTime")
    if file.size is not None:
        told["dcat:byteSize"] = _typed(str(file.size), "nonNegativeInteger")
    if file.sha256:
        told["spdx:checksum"] = {
            "@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        }  # fmt: skip
    return told


def _fr(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "fr"}


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}


def _publisher(home: str, name: str) -> dict[str, Any]:
    return {"@id": f"{home}#editeur", "@type": "foaf:Agent", "foaf:name": name}


def _licence() -> dict[str, Any]:
    return {"@id": LICENCE_URL, "@type": "dct:LicenseDocument", "dct:title": _fr(say(LICENCE))}


def _region() -> dict[str, Any]:
    """Hauts-de-France in the nomenclature of territorial units of the European Union."""
    return {"@id": "http://data.europa.eu/nuts/code/FRE", "@type": "dct:Location", "rdfs:label": _fr("Hauts-de-France")}


def for_datasette(site: str, publisher: str) -> dict[str, Any]:
    """The metadata with which Datasette serves the SQLite file."""
    about = {"license": say(LICENCE), "license_url": LICENCE_URL, "source": publisher, "source_url": f"{site}/donnees"}
    views = {name: {"description": say(words)} for name, (words, _query) in VIEWS.items()}
    return {
        "title": _("Données ouvertes des projets de quartier"), **about,
        "databases": {"citizen": {**about, "tables": {**{one.name: _table(one) for one in TABLES.values()}, **views}}},
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": say(table.title), "description": say(table.about), "columns": {one.name: say(one.about) for one in table.fields},
        **({"label_column": label} if (label := next((name for name in ("titre", "nom") if name in table.names), "")) else {}),
    }  # fmt: skip
