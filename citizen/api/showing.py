"""The lists of the API: what each is called, may be asked, reads and shows, from the values that the public pages show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from marshmallow import Schema

from citizen import clock
from citizen.api import queries, schemas
from citizen.ballots import queries as ballots
from citizen.ballots.models import Poll
from citizen.ballots.showing import bars, face
from citizen.funds.models import Call, Fund
from citizen.nqe.models import ProgrammeEvent
from citizen.places.contract_models import CityContract
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.region.rules import COLUMNS, Initiative
from citizen.web.filters import say
from citizen.web.views import settings

Row = dict[str, Any]


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a page."""
    return settings().base_url.rstrip("/") + url_for(endpoint, **values)


def euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def initiative(one: Initiative) -> Row:
    return {column.name: column.value(one) for column in COLUMNS} | {"montant_accorde": euros(one.granted_cents)}


def commune(one: Commune) -> Row:
    return {
        "code": one.code, "nom": one.name, "departement": one.departement, "habitants": one.population,
        "codes_postaux": one.postal_codes, "intercommunalite": one.intermunicipality_siren,
        "adresse": address("region.commune", code=one.code),
    }  # fmt: skip


def intermunicipality(one: Intermunicipality) -> Row:
    return {
        "siren": one.siren, "nom": one.name, "nature": one.kind, "habitants": one.population,
        "adresse": address("region.intermunicipality", siren=one.siren),
    }  # fmt: skip


def quarter(one: Perimeter) -> Row:
    return {
        "code": one.code, "nom": one.name, "type": one.kind, "version": one.version, "en_vigueur_du": one.valid_from,
        "en_vigueur_au": one.valid_until, "departement": one.departement, "habitants": one.population, "longitude": one.lon,
        "latitude": one.lat, "communes": [town.code for town in one.communes], "adresse": address("region.quarter", code=one.code),
        "contour": address("region.outline", code=one.code),
    }  # fmt: skip


def quarter_whole(versions: Sequence[Perimeter]) -> Row:
    return quarter(versions[0]) | {"versions": [quarter(version) for version in versions]}


def contract(one: CityContract) -> Row:
    return {
        "numero": one.id, "titre": one.title, "commence_le": one.starts_on, "finit_le": one.ends_on,
        "revue_prevue_le": one.review_due_on, "revue_tenue_le": one.review_held_on,
        "intercommunalites": [group.siren for group in one.intermunicipalities], "communes": one.towns,
        "quartiers": [perimeter.code for perimeter in one.perimeters], "adresse": address("region.contract", slug=one.slug),
    }  # fmt: skip


def contract_whole(one: CityContract) -> Row:
    signatories = [{"nom": who.name, "genre": who.kind, "signe_le": who.signed_on} for who in one.signed_by]
    sites = [
        {"nom": site.name, "interet": site.kind, "quartiers": [perimeter.code for perimeter in site.perimeters]}
        for site in one.renewal_sites
    ]
    return contract(one) | {"texte": one.about, "revoyure": one.review_clause, "signataires": signatories, "sites": sites}


def fund(one: Fund) -> Row:
    newest = one.rulesets[-1] if one.rulesets else None
    return {
        "numero": one.id, "titre": one.title, "dispositif": one.scheme, "tenu_par": one.organisation.name,
        "commune": one.commune_code, "fonds_parent": one.parent_id, "communes": [town.code for town in one.communes],
        "quartiers": [perimeter.code for perimeter in one.perimeters], "regles_version": newest and newest.version,
        "regles_adoptees_le": newest and newest.adopted_on, "adresse": address("funds.rules", fund_id=one.id),
    }  # fmt: skip


def call(one: Call) -> Row:
    return {
        "numero": one.id, "titre": one.title, "dispositif": one.scheme, "fonds": one.fund_id, "ouvre_le": one.opens_on,
        "ferme_le": one.closes_on, "ouverte": one.is_open(clock.today()), "enveloppe": euros(one.envelope_cents),
        "promis": euros(one.committed_cents), "adresse": address("funds.rules", fund_id=one.fund_id),
    }  # fmt: skip


def poll(one: Poll) -> Row:
    found = face(one)
    return {
        "numero": one.id, "titre": one.title, "campagne": one.call_id, "etat": found.moment, "ouvre_a": one.opens_at,
        "ferme_a": one.closes_at, "regle": say(found.rule.title), "choix_au_plus": one.max_choices,
        "enveloppe": euros(one.envelope_cents), "adresse": address("ballots.ballot", poll_id=one.id),
    }  # fmt: skip


def poll_whole(one: Poll) -> Row:
    options = [
        {
            "numero": option.number, "projet": option.project_id, "titre": option.title, "secteur": option.sector,
            "cout": euros(option.cost_cents),
        }
        for option in one.options
    ]  # fmt: skip
    turnout = [{"jour": day, "personnes": people} for day, people in ballots.turnout_by_day(one)]
    return poll(one) | {"projets": options, "participation": turnout}


def result(one: Poll) -> Row:
    return {
        "numero": one.id, "titre": one.title, "campagne": one.call_id, "depouille_a": one.tallied_at,
        "bulletins": one.ballot_count, "enveloppe": euros(one.envelope_cents), "regle": say(face(one).rule.title),
        "adresse": address("ballots.result", poll_id=one.id),
    }  # fmt: skip


def result_whole(one: Poll) -> Row:
    """With few ballots, the outcome alone, in the order of the projects' numbers."""
    shows_votes, found = face(one).shows_votes, bars(ballots.results(one.id))
    outcomes = [
        {
            "numero": bar.number, "projet": bar.project_id, "titre": bar.title, "secteur": bar.sector, "cout": euros(bar.cost_cents),
            "retenu": bar.is_selected, "voix": bar.votes if shows_votes else None, "explication": bar.sentence,
        }
        for bar in (found if shows_votes else sorted(found, key=lambda bar: bar.number))
    ]  # fmt: skip
    return result(one) | {"votants": ballots.turnout(one.id), "projets": outcomes}


def event(one: ProgrammeEvent) -> Row:
    quarter = one.perimeter
    return {
        "numero": one.id, "titre": one.title, "texte": one.details, "jour": one.on, "debut": f"{one.starts_at:%H:%M}",
        "fin": one.ends_at and f"{one.ends_at:%H:%M}", "lieu": one.place, "quartier": quarter and quarter.code,
        "communes": [town.code for town in quarter.communes] if quarter else [], "longitude": one.lon, "latitude": one.lat,
        "genre": one.kind, "public": one.audience, "etat": "cancelled" if one.is_cancelled else one.status, "note": one.note,
        "jour_prevu": one.planned_on, "projet": one.project_id, "projet_titre": one.project.title, "change_a": one.changed_at,
        "adresse": address("nqe.event", event_id=one.id),
    }  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """One list: its name in addresses, words for it and for one of it, how it is read and shown."""

    name: str
    title: str
    about: str
    key: tuple[str, str]  # the converter and the name of what its address holds
    filters: tuple[str, ...]
    schema: type[Schema]
    read: Callable[[queries.Wanted], Sequence[Any]]
    show: Callable[[Any], Row]
    one: Callable[[Any], Any]
    show_one: Callable[[Any], Row]
    schema_one: type[Schema]
    identifier: str = "numero"


NUMBER = "int(max=2147483647, min=1)"


def _resource(
    name: str, title: str, about: str, key: str, *, filters: str = "", schema: type[Schema], read: Any, show: Any, one: Any,
    show_one: Any = None, schema_one: type[Schema] | None = None, identifier: str = "numero",
) -> Resource:  # fmt: skip
    """A list whose rows are shown whole, unless told."""
    converter = NUMBER if identifier == "numero" else "string"
    return Resource(
        name, title, about, (converter, key), tuple(filters.split()), schema, read, show, one, show_one or show,
        schema_one or schema, identifier,
    )  # fmt: skip


RESOURCES = (
    _resource(
        "projets", "Les projets soutenus", "Ceux que la Région publie ; jamais un brouillon, ni ce qui est retiré ou masqué.", "project_id",
        filters="dispositif departement commune quartier annee", schema=schemas.Project, read=queries.initiatives,
        show=initiative, one=queries.initiative,
    ),
    _resource(
        "communes", "Les communes", "Par code Insee.", "code", filters="departement", schema=schemas.Commune, read=queries.communes,
        show=commune, one=queries.commune, identifier="code",
    ),
    _resource(
        "quartiers", "Les quartiers", "Chacun une fois, par son contour le plus récent.", "code",
        filters="departement commune type en_vigueur", schema=schemas.Quarter, read=queries.quarters, show=quarter,
        one=queries.versions, show_one=quarter_whole, schema_one=schemas.QuarterWhole, identifier="code",
    ),
    _resource(
        "intercommunalites", "Les intercommunalités", "Par SIREN.", "siren", schema=schemas.Intermunicipality,
        read=queries.intermunicipalities, show=intermunicipality, one=queries.intermunicipality, identifier="siren",
    ),
    _resource(
        "contrats", "Les contrats de ville", "Ceux que la Région décrit : qui les signe, sur quels quartiers, jusqu’à quand.", "contract_id",
        filters="commune quartier", schema=schemas.Contract, read=queries.contracts, show=contract, one=queries.contract,
        show_one=contract_whole, schema_one=schemas.ContractWhole,
    ),
    _resource(
        "fonds", "Les fonds", "Qui tient l’argent d’un dispositif, et où.", "fund_id", filters="dispositif commune",
        schema=schemas.Fund, read=queries.funds, show=fund, one=queries.fund,
    ),
    _resource(
        "campagnes", "Les campagnes", "Périodes de dépôt des PIC, campagnes des FTU, éditions de NQE.", "call_id",
        filters="dispositif fonds ouverte", schema=schemas.Campaign, read=queries.calls, show=call, one=queries.call,
    ),
    _resource(
        "votes", "Les votes", "Dates, projets, participation par jour ; jamais un choix avant le dépouillement.", "poll_id",
        filters="etat campagne", schema=schemas.Ballot, read=queries.polls, show=poll, one=queries.poll, show_one=poll_whole,
        schema_one=schemas.BallotWhole,
    ),
    _resource(
        "resultats", "Les résultats", "Des votes dépouillés, projet par projet.", "poll_id", filters="campagne",
        schema=schemas.Result, read=lambda wanted: queries.polls(wanted, is_counted=True), show=result,
        one=lambda number: queries.poll(number, is_counted=True), show_one=result_whole, schema_one=schemas.ResultWhole,
    ),
    _resource(
        "saison", "Les dates de l’été", "L’agenda de Nos quartiers d’été.", "event_id",
        filters="du au commune quartier genre public", schema=schemas.Event, read=queries.dates, show=event, one=queries.date,
    ),
)  # fmt: skip
