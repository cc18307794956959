"""What the API says and what it may be asked, field by field, in words that its description repeats."""

import re
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from citizen.api.rules import CURSOR, FARTHEST
from citizen.ballots.rules import MOMENT_LABELS, Moment
from citizen.nqe.models import AUDIENCES, KINDS, STATUSES
from citizen.places.rules import QUARTERS, RenewalKind, SignatoryKind
from citizen.region.rules import COLUMNS, DECIMAL, DEPARTEMENTS, STATES, WHOLE

SCHEMES = ("pic", "ftu", "nqe")
MOST, USUAL = 100, 50
COMMUNE, QUARTER, SIREN = r"^(?:[0-9]{2}|2[AB])[0-9]{3}$", r"^[A-Za-z0-9-]{2,20}$", r"^[0-9]{9}$"


def _told(field: type[fields.Field[Any]], about: str, **more: Any) -> Any:
    """A field of an answer: always there, described, null when it may be unknown."""
    return field(required=True, metadata={"description": about}, **more)


def text(about: str, **more: Any) -> Any:
    return _told(fields.String, about, **more)


def whole(about: str, **more: Any) -> Any:
    return _told(fields.Integer, about, **more)


def decimal(about: str, **more: Any) -> Any:
    return _told(fields.Float, about, **more)


def yes_or_no(about: str, **more: Any) -> Any:
    return _told(fields.Boolean, about, **more)


def day(about: str, **more: Any) -> Any:
    return _told(fields.Date, about, **more)


def moment(about: str, **more: Any) -> Any:
    return _told(fields.AwareDateTime, about, **more)


def many(schema: Any, about: str) -> Any:
    return fields.List(schema, required=True, metadata={"description": about})


MAYBE = {"allow_none": True}
ADDRESS = "Adresse de sa page sur ce site."
LIST_OF = {"communes": many(fields.String(), "Codes Insee des communes.")}


def one_of(*known: str) -> dict[str, Any]:
    return {"validate": validate.OneOf(known)}


# The fields of a project are the columns of the open data: same names, same words, same values.
_KINDS: dict[str, type[fields.Field[Any]]] = {WHOLE: fields.Integer, DECIMAL: fields.Float}
_ALWAYS = {"numero", "adresse", "dispositif", "titre", "etat"}
_CLOSED = {"etat": tuple(STATES.values()), "dispositif": tuple(scheme.upper() for scheme in SCHEMES)}
Project = Schema.from_dict(
    {
        column.name: _told(
            _KINDS.get(column.kind, fields.String), column.about, allow_none=column.name not in _ALWAYS,
            **(one_of(*_CLOSED[column.name]) if column.name in _CLOSED else {}),
        )
        for column in COLUMNS
    },
    name="Projet",
)  # fmt: skip

Commune = Schema.from_dict(
    {
        "code": text("Code Insee."), "nom": text("Nom."), "departement": text("Code du département."),
        "habitants": whole("Population.", **MAYBE), "codes_postaux": many(fields.String(), "Codes postaux."),
        "intercommunalite": text("SIREN de son intercommunalité.", **MAYBE), "adresse": text(ADDRESS),
    },
    name="Commune",
)  # fmt: skip

Intermunicipality = Schema.from_dict(
    {
        "siren": text("Numéro SIREN."), "nom": text("Nom."), "nature": text("CC, CA, CU ou METRO ; vide : non précisée."),
        "habitants": whole("Population.", **MAYBE), "adresse": text(ADDRESS),
    },
    name="Intercommunalite",
)  # fmt: skip

_outline: dict[str, Any] = {
    "code": text("Code officiel, ou celui que la Région donne."), "nom": text("Nom."),
    "type": text("« priority » : prioritaire, « watch » : veille active, « lived_in » : vécu.", **one_of(*QUARTERS)),
    "version": text("Version du contour."), "en_vigueur_du": day("Premier jour du contour."),
    "en_vigueur_au": day("Dernier jour du contour ; vide : toujours en vigueur.", **MAYBE),
    "departement": text("Code du département."), "habitants": whole("Population.", **MAYBE),
    "longitude": decimal("Un point à l’intérieur, WGS84.", **MAYBE), "latitude": decimal("Le même point.", **MAYBE),
    **LIST_OF, "adresse": text(ADDRESS), "contour": text("Adresse du contour en GeoJSON."),
}  # fmt: skip
Quarter = Schema.from_dict(_outline, name="Quartier")
_version = Schema.from_dict(
    {name: _outline[name] for name in ("version", "en_vigueur_du", "en_vigueur_au", "habitants")}, name="VersionDeQuartier"
)
QuarterWhole = Schema.from_dict(
    _outline | {"versions": many(fields.Nested(_version), "Toutes ses versions, la plus récente d’abord.")},
    name="QuartierEntier",
)

_contract: dict[str, Any] = {
    "numero": whole("Numéro du contrat. Il ne change jamais."), "titre": text("Nom."),
    "commence_le": day("Premier jour ; vide : pas encore connu.", **MAYBE), "finit_le": day("Dernier jour ; vide : pas encore connu.", **MAYBE),
    "revue_prevue_le": day("Revue à mi-parcours : le jour prévu.", **MAYBE), "revue_tenue_le": day("Le jour où elle a eu lieu.", **MAYBE),
    "intercommunalites": many(fields.String(), "SIREN des intercommunalités."),
    "communes": many(fields.String(), "Codes Insee des communes : celles qu’il nomme, et celles de ses quartiers."),
    "quartiers": many(fields.String(), "Codes des quartiers."), "adresse": text(ADDRESS),
}  # fmt: skip
Contract = Schema.from_dict(_contract, name="Contrat")
_signatory = Schema.from_dict(
    {
        "nom": text("L’institution."), "genre": text("Ce qu’elle est.", **one_of(*SignatoryKind)),
        "signe_le": day("Jour de sa signature ; vide : pas encore, ou pas connu.", **MAYBE),
    },
    name="Signataire",
)  # fmt: skip
_site = Schema.from_dict(
    {
        "nom": text("Nom."), "interet": text("D’intérêt national ou régional.", **one_of(*RenewalKind)),
        "quartiers": many(fields.String(), "Codes des quartiers."),
    },
    name="SiteDeRenouvellement",
)  # fmt: skip
ContractWhole = Schema.from_dict(
    _contract | {
        "texte": text("Ce qu’il faut en savoir."), "revoyure": text("Ce qui peut être revu."),
        "signataires": many(fields.Nested(_signatory), "L’État et la Région d’abord."),
        "sites": many(fields.Nested(_site), "Sites de renouvellement urbain (NPNRU)."),
    },
    name="ContratEntier",
)  # fmt: skip

Fund = Schema.from_dict(
    {
        "numero": whole("Numéro du fonds. Il ne change jamais."), "titre": text("Titre."),
        "dispositif": text("pic, ftu ou nqe.", **one_of(*SCHEMES)), "tenu_par": text("Qui le tient."),
        "commune": text("Code Insee, quand il est d’une seule commune.", **MAYBE),
        "fonds_parent": whole("Numéro du fonds dont il est un secteur.", **MAYBE), **LIST_OF,
        "quartiers": many(fields.String(), "Codes des quartiers."),
        "regles_version": whole("Version des règles la plus récente.", **MAYBE),
        "regles_adoptees_le": day("Jour où elle a été adoptée.", **MAYBE), "adresse": text(ADDRESS),
    },
    name="Fonds",
)  # fmt: skip

Campaign = Schema.from_dict(
    {
        "numero": whole("Numéro. Il ne change jamais."), "titre": text("Titre."),
        "dispositif": text("pic, ftu ou nqe.", **one_of(*SCHEMES)), "fonds": whole("Numéro du fonds."),
        "ouvre_le": day("Premier jour du dépôt."), "ferme_le": day("Dernier jour du dépôt."),
        "ouverte": yes_or_no("Si l’on peut y déposer aujourd’hui."), "enveloppe": decimal("Enveloppe, en euros."),
        "promis": decimal("Promis à des projets, en euros."), "adresse": text(ADDRESS),
    },
    name="Campagne",
)  # fmt: skip

_ballot: dict[str, Any] = {
    "numero": whole("Numéro du vote. Il ne change jamais."), "titre": text("Titre."), "campagne": whole("Numéro de la campagne."),
    "etat": text("Où en est le vote.", **one_of(*Moment)), "ouvre_a": moment("Quand il ouvre."),
    "ferme_a": moment("Quand il ferme."), "regle": text("La règle du compte, annoncée avant le vote."),
    "choix_au_plus": whole("Combien de projets chacun peut choisir."), "enveloppe": decimal("Enveloppe, en euros."),
    "adresse": text(ADDRESS),
}  # fmt: skip
Ballot = Schema.from_dict(_ballot, name="Vote")
_option: dict[str, Any] = {
    "numero": whole("Numéro sur le bulletin."), "projet": whole("Numéro du projet."), "titre": text("Titre annoncé."),
    "secteur": text("Secteur ; vide : aucun."), "cout": decimal("Coût annoncé, en euros."),
}  # fmt: skip
_turnout = Schema.from_dict({"jour": day("Jour."), "personnes": whole("Combien ont pris part.")}, name="ParticipationDuJour")
BallotWhole = Schema.from_dict(
    _ballot | {
        "projets": many(fields.Nested(Schema.from_dict(_option, name="ProjetDuVote")), "Les projets, par numéro."),
        "participation": many(fields.Nested(_turnout), "Par jour achevé ; jamais un choix avant le dépouillement."),
    },
    name="VoteEntier",
)  # fmt: skip

_result: dict[str, Any] = {
    "numero": whole("Numéro du vote."), "titre": text("Titre."), "campagne": whole("Numéro de la campagne."),
    "depouille_a": moment("Quand il a été dépouillé."), "bulletins": whole("Combien de bulletins."),
    "enveloppe": decimal("Enveloppe, en euros."), "regle": text("La règle qui a décidé."), "adresse": text(ADDRESS),
}  # fmt: skip
Result = Schema.from_dict(_result, name="Resultat")
_outcome = Schema.from_dict(
    _option | {
        "retenu": yes_or_no("Si le projet est retenu."), "voix": whole("Ses voix ; vide quand moins de 11 bulletins.", **MAYBE),
        "explication": text("Pourquoi, en une phrase."),
    },
    name="ResultatDuProjet",
)  # fmt: skip
ResultWhole = Schema.from_dict(
    _result | {
        "votants": whole("Combien de personnes ont pris part."),
        "projets": many(fields.Nested(_outcome), "Dans l’ordre du compte ; par numéro quand moins de 11 bulletins."),
    },
    name="ResultatEntier",
)  # fmt: skip

Event = Schema.from_dict(
    {
        "numero": whole("Numéro de la date. Il ne change jamais."), "titre": text("Titre."), "texte": text("Ce qui s’y passe."),
        "jour": day("Jour."), "debut": text("Heure de début, HH:MM."), "fin": text("Heure de fin, HH:MM.", **MAYBE),
        "lieu": text("Le lieu, en mots."), "quartier": text("Code du quartier.", **MAYBE), **LIST_OF,
        "longitude": decimal("Longitude WGS84.", **MAYBE), "latitude": decimal("Latitude WGS84.", **MAYBE),
        "genre": text("Genre.", **one_of(*KINDS)), "public": text("Pour qui.", **one_of(*AUDIENCES)),
        "etat": text("Prévue, déplacée ou annulée.", **one_of(*STATUSES)), "note": text("Ce qui a changé, et pourquoi."),
        "jour_prevu": day("Jour d’abord annoncé, si elle a été déplacée.", **MAYBE),
        "projet": whole("Numéro du projet."), "projet_titre": text("Titre du projet."),
        "change_a": moment("Dernier changement."), "adresse": text(ADDRESS),
    },
    name="Date",
)  # fmt: skip

Problem = Schema.from_dict(
    {
        "type": text("Toujours « about:blank »."), "title": text("Ce qui s’est passé."), "status": whole("Le code HTTP."),
        "detail": text("Une phrase : ce qui manque, ou quoi faire."),
        "errors": many(
            fields.Nested(
                Schema.from_dict({"parametre": text("Le paramètre."), "message": text("Ce qui ne va pas.")}, name="Faute")
            ),
            "Paramètre par paramètre.",
        ),
    },
    name="Probleme",
)  # fmt: skip


class Whole(fields.Integer):
    """A whole number as it is typed in an address: digits and nothing else."""

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        if not re.fullmatch(r"-?[0-9]{1,10}", value):
            raise ValidationError("Un nombre entier est attendu.")
        return super()._deserialize(value, *rest, **more)


class Day(fields.Date):
    """A day as it is typed in an address."""

    default_error_messages = {"invalid": "Un jour est attendu, comme 2027-06-21."}

    def _deserialize(self, value: Any, *rest: Any, **more: Any) -> Any:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", obj_type=self.OBJ_TYPE, input=value)
        return super()._deserialize(value, *rest, **more)


def _choice(about: str, *known: str) -> Any:
    error = f"Valeurs connues : {', '.join(known)}."
    return fields.String(metadata={"description": about}, validate=validate.OneOf(known, error=error))


def _like(pattern: str, about: str, example: str) -> Any:
    error = f"Ce n’est pas écrit comme attendu, par exemple « {example} »."
    return fields.String(metadata={"description": about}, validate=validate.Regexp(pattern, error=error))


def _between(low: int, high: int, about: str, **more: Any) -> Any:
    error = f"Un nombre de {low} à {high} est attendu."
    return Whole(metadata={"description": about}, validate=validate.Range(low, high, error=error), **more)


FILTERS: dict[str, Any] = {
    "dispositif": _choice("Le dispositif.", *SCHEMES), "departement": _choice("Le département.", *DEPARTEMENTS),
    "commune": _like(COMMUNE, "Code Insee d’une commune connue ici.", "59350"),
    "quartier": _like(QUARTER, "Code d’un quartier connu ici.", "QN05946M"),
    "annee": _between(2015, 2100, "Année de la décision."), "type": _choice("Le type de quartier.", *QUARTERS),
    "en_vigueur": _choice("Si le contour compte aujourd’hui.", "oui", "non"),
    "ouverte": _choice("Si l’on peut y déposer aujourd’hui.", "oui", "non"),
    "fonds": _between(1, FARTHEST, "Numéro d’un fonds."), "campagne": _between(1, FARTHEST, "Numéro d’une campagne."),
    "etat": _choice(
        "Où en est le vote : " + ", ".join(f"{name} ({label})" for name, (label, _tone) in MOMENT_LABELS.items()) + ".", *Moment
    ),
    "du": Day(metadata={"description": "Premier jour."}), "au": Day(metadata={"description": "Dernier jour."}),
    "genre": _choice("Genre de la date.", *KINDS), "public": _choice("Pour qui.", *AUDIENCES),
}  # fmt: skip
PAGING: dict[str, Any] = {
    "limite": _between(1, MOST, "Combien au plus.", load_default=USUAL),
    "curseur": _like(CURSOR, "Le « curseur_suivant » de la page d’avant.", "0000002a"),
}


def asked(name: str, *filters: str) -> type[Schema]:
    """What a list may be asked; anything else is refused with the filters it knows."""
    known = {filter_: FILTERS[filter_] for filter_ in filters} | PAGING
    error = f"Ce filtre n’existe pas ici. Filtres connus : {', '.join(known)}."
    return type(name, (Schema,), known | {"error_messages": {"unknown": error}, "Meta": type("Meta", (), {"unknown": RAISE})})
