"""What each published table holds, column by column: names that never change, kinds, and what each one means."""

from dataclasses import dataclass, field
from itertools import starmap

from citizen.kernel.words import N_
from citizen.region.rules import COLUMNS, DAY, DECIMAL, TEXT, WHOLE

MOMENT, HOUR, YES_NO = N_("date et heure UTC"), N_("heure HH:MM"), N_("oui ou non")


@dataclass(frozen=True)
class Field:
    """One column."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True)
class Table:
    """One table: a CSV file, and a table of the SQLite file. ``refers``: column -> « table.column » of the same file."""

    name: str
    title: str
    about: str
    fields: tuple[Field, ...]
    key: str
    refers: dict[str, str] = field(default_factory=dict)
    searched: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    dated: str = ""  # the column whose days say which time it covers
    has_map: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.fields)


def _fields(*told: tuple[str, str, str]) -> tuple[Field, ...]:
    return tuple(starmap(Field, told))


_PROJECT = N_("Numéro du projet, comme dans projets.csv.")
_QUARTER = N_("Numéro de la version du quartier, comme dans quartiers.csv.")
_SCHEME = N_("PIC, FTU ou NQE.")

PROJECTS = Table(
    "projets", N_("Les projets soutenus"),
    N_("Une ligne par projet dont l’aide est accordée, jusqu’à son bilan et après."),
    tuple(Field(one.name, one.kind, one.about) for one in COLUMNS),
    key="numero", searched=("titre", "resume", "themes", "association", "commune_nom", "quartier_nom"), dated="date_decision", has_map=True,
    refers={"commune_code": "communes.code", "quartier_numero": "quartiers.numero", "appel_numero": "appels.numero"},
    indexed=("dispositif", "date_decision", "departement"),
)  # fmt: skip

# Source: schéma national « subventions » 2.1.1 (SCDL), décret n° 2017-779 du 5 mai 2017.
GRANTS = Table(
    "subventions", N_("Les subventions, au format national"),
    N_("Le schéma national des données essentielles (SCDL subventions 2.1.1). Une aide y est si celui qui donne a un SIRET et celui qui "
       "reçoit un SIRET ou un numéro RNA : un groupe d’habitants n’en a pas, son projet est dans projets.csv."),
    _fields(
        ("nomAttribuant", TEXT, N_("Qui attribue : la collectivité ou l’association gestionnaire du fonds.")),
        ("idAttribuant", TEXT, N_("Son SIRET.")),
        ("dateConvention", DAY, N_("Jour de l’acte qui attribue.")),
        ("referenceDecision", TEXT, N_("Référence de cet acte.")),
        ("nomBeneficiaire", TEXT, N_("L’association ou la commune qui reçoit.")),
        ("idBeneficiaire", TEXT, N_("Son SIRET.")),
        ("rnaBeneficiaire", TEXT, N_("Son numéro RNA.")),
        ("objet", TEXT, N_("Titre du projet, ou du fonds aidé ; 256 signes au plus.")),
        ("montant", DECIMAL, N_("Montant attribué, en euros.")),
        ("nature", TEXT, N_("« aide en numéraire ».")),
        ("conditionsVersement", TEXT, N_("« unique », « échelonné », ou les conditions en mots.")),
        ("datesPeriodeVersement", TEXT, N_("Jour du versement, ou premier et dernier jours séparés par une barre oblique.")),
        ("idRAE", TEXT, N_("Toujours vide : ce ne sont pas des aides aux entreprises.")),
        ("notificationUE", TEXT, N_("« non » : pas d’aide d’État notifiée.")),
        ("pourcentageSubvention", DECIMAL, N_("Part de celui qui reçoit : 1, il est seul.")),
        ("dispositifAide", TEXT, N_("Vide tant que les dispositifs n’ont pas de numéro national.")),
    ),
    key="", searched=("objet", "nomBeneficiaire"), indexed=("dateConvention", "idAttribuant", "idBeneficiaire"), dated="dateConvention",
)  # fmt: skip

CALLS = Table(
    "appels", N_("Les appels et leurs enveloppes"),
    N_("Une ligne par période de dépôt, campagne ou édition : qui donne, quand, avec combien d’argent."),
    _fields(
        ("numero", WHOLE, N_("Numéro de l’appel.")), ("dispositif", TEXT, _SCHEME), ("titre", TEXT, N_("Son titre.")),
        ("fonds", TEXT, N_("Le fonds qui l’ouvre.")), ("organisme", TEXT, N_("L’organisme qui tient le fonds.")),
        ("commune_code", TEXT, N_("Code Insee, quand le fonds est celui d’une commune.")),
        ("ouvre_le", DAY, N_("Premier jour de dépôt.")), ("ferme_le", DAY, N_("Dernier jour de dépôt.")),
        ("enveloppe", DECIMAL, N_("Argent de l’enveloppe, en euros.")), ("engage", DECIMAL, N_("Ce qui est promis à des projets, en euros.")),
    ),
    key="numero", refers={"commune_code": "communes.code"}, indexed=("dispositif",), dated="ouvre_le",
)  # fmt: skip

POLLS = Table(
    "scrutins", N_("Les votes des habitants"), N_("Une ligne par vote dépouillé."),
    _fields(
        ("numero", WHOLE, N_("Numéro du vote.")), ("adresse", TEXT, N_("Page du résultat.")), ("titre", TEXT, N_("Son titre.")),
        ("appel_numero", WHOLE, N_("Numéro de l’appel, comme dans appels.csv.")),
        ("ouvert_le", MOMENT, N_("Ouverture.")), ("clos_le", MOMENT, N_("Fermeture.")),
        ("bulletins", WHOLE, N_("Bulletins comptés. Vide s’il y en a moins de onze.")),
        ("choix_au_plus", WHOLE, N_("Choix par bulletin, au plus.")), ("enveloppe", DECIMAL, N_("Argent à répartir, en euros.")),
        ("regle", TEXT, N_("Règle du compte, comme « citizen ballot tally » la nomme.")),
        ("bulletins_pb", TEXT, N_("Adresse des bulletins, au format Pabulib. Vide s’il y en a moins de onze.")),
    ),
    key="numero", refers={"appel_numero": "appels.numero"}, searched=("titre",), dated="clos_le",
)  # fmt: skip

RESULTS = Table(
    "resultats", N_("Les résultats des votes"), N_("Une ligne par projet d’un vote dépouillé. Les voix n’y sont qu’à partir de onze bulletins. Les bulletins eux-mêmes sont dans un "
    "fichier par vote, au format Pabulib : leurs adresses sont dans scrutins.csv."),
    _fields(
        ("scrutin", WHOLE, N_("Numéro du vote, comme dans scrutins.csv.")), ("numero", WHOLE, N_("Numéro du projet sur le bulletin.")),
        ("projet", WHOLE, N_("Numéro du projet sur ce site. Vide quand sa page n’est plus publique.")),
        ("titre", TEXT, N_("Titre sur le bulletin. Vide quand la page du projet n’est plus publique.")),
        ("secteur", TEXT, N_("Secteur sur le bulletin.")), ("cout", DECIMAL, N_("Coût annoncé, en euros.")),
        ("voix", WHOLE, N_("Voix. Vide s’il y a moins de onze bulletins.")),
        ("rang", WHOLE, N_("Place dans le compte. Vide s’il y a moins de onze bulletins.")),
        ("retenu", YES_NO, N_("Le projet est retenu.")),
    ),
    key="scrutin numero", refers={"scrutin": "scrutins.numero"}, searched=("titre",), indexed=("projet",),
)  # fmt: skip

SEASON = Table(
    "agenda", N_("Les rendez-vous de l’été"), N_("Une ligne par date de Nos Quartiers d’Été, annulées comprises."),
    _fields(
        ("numero", WHOLE, N_("Numéro de la date.")), ("adresse", TEXT, N_("Sa page.")), ("projet", WHOLE, _PROJECT),
        ("titre", TEXT, N_("Ce qui se passe.")), ("date", DAY, N_("Le jour.")), ("debut", HOUR, N_("Heure de début, à Paris.")),
        ("fin", HOUR, N_("Heure de fin. Vide quand elle n’est pas dite.")), ("lieu", TEXT, N_("L’endroit, en mots.")),
        ("quartier_numero", WHOLE, _QUARTER), ("longitude", DECIMAL, N_("Longitude WGS84, en degrés.")),
        ("latitude", DECIMAL, N_("Latitude WGS84, en degrés.")), ("genre", TEXT, N_("« sport », « culture » ou « sustainable ».")),
        ("public", TEXT, N_("« all », « children », « teenagers », « families », « adults » ou « seniors ».")),
        ("temps_fort", YES_NO, N_("C’est un temps fort.")), ("accessible", YES_NO, N_("Accessible en fauteuil.")),
        ("etat", TEXT, N_("« planned », « moved » ou « cancelled ».")), ("prevu_le", DAY, N_("Le jour d’abord annoncé, quand il a changé.")),
    ),
    key="numero", refers={"projet": "projets.numero", "quartier_numero": "quartiers.numero"}, searched=("titre", "lieu"),
    indexed=("date",), dated="date",
)  # fmt: skip

PROMISES = Table(
    "promesses", N_("Les promesses faites aux projets soutenus"),
    N_("Une ligne par délai promis à un projet, selon le règlement sous lequel il est déposé (PIC), ou par étape des travaux (FTU)."),
    _fields(
        ("projet", WHOLE, _PROJECT), ("dispositif", TEXT, _SCHEME),
        ("promesse", TEXT, N_("PIC : « heard » (comité), « answered » (réponse), « paid » (premier versement), « reported » (bilan). FTU : "
                              "« specification », « order », « start », « end », « acceptance », « opening ».")),
        ("promis_le", DAY, N_("Dernier jour promis.")), ("prevu_le", DAY, N_("Jour prévu aujourd’hui (FTU).")),
        ("fait_le", DAY, N_("Jour où c’est fait. Vide sinon.")),
        ("etat", TEXT, N_("« kept » : tenue. « late » : en retard, ou faite en retard. « waiting » : à venir.")),
    ),
    key="projet promesse", refers={"projet": "projets.numero"}, indexed=("promesse", "etat"), dated="promis_le",
)  # fmt: skip

QUARTERS = Table(
    "quartiers", N_("Les quartiers et leurs chiffres"),
    N_("Une ligne par version d’un périmètre, avec ce qui y est soutenu. Les contours sont dans quartiers.geojson."),
    _fields(
        ("numero", WHOLE, N_("Numéro de cette version du quartier.")), ("code", TEXT, N_("Code officiel.")), ("nom", TEXT, N_("Nom.")),
        ("genre", TEXT, N_("« priority » (QPV), « watch » (veille active), « lived_in » (quartier vécu) ou « commune ».")),
        ("version", TEXT, N_("Année de la géographie.")), ("du", DAY, N_("Premier jour en vigueur.")),
        ("au", DAY, N_("Dernier jour. Vide : encore en vigueur.")), ("departement", TEXT, N_("Code du département.")),
        ("population", WHOLE, N_("Habitants, quand ils sont connus.")),
        ("longitude", DECIMAL, N_("Longitude d’un point intérieur.")), ("latitude", DECIMAL, N_("Latitude d’un point intérieur.")),
        ("projets_pic", WHOLE, N_("Projets PIC soutenus.")), ("projets_ftu", WHOLE, N_("Projets FTU soutenus.")),
        ("projets_nqe", WHOLE, N_("Projets NQE soutenus qui y viennent ; un projet peut venir dans plusieurs quartiers.")),
        ("montant_accorde", DECIMAL, N_("Aides des projets qui y ont leur adresse, en euros.")),
        ("euros_par_habitant", DECIMAL, N_("Ces aides par habitant.")),
        ("dates_ete", WHOLE, N_("Rendez-vous de l’été non annulés.")),
    ),
    key="numero", searched=("nom", "code"), indexed=("code", "departement"), has_map=True,
)  # fmt: skip

COMMUNES = Table(
    "communes", N_("Les communes"), N_("Les communes connues du site, avec leur intercommunalité."),
    _fields(
        ("code", TEXT, N_("Code Insee.")), ("nom", TEXT, N_("Nom.")), ("departement", TEXT, N_("Code du département.")),
        ("population", WHOLE, N_("Habitants, quand ils sont connus.")), ("epci_siren", TEXT, N_("SIREN de l’intercommunalité.")),
        ("epci_nom", TEXT, N_("Son nom.")),
    ),
    key="code", searched=("nom",), indexed=("departement", "epci_siren"),
)  # fmt: skip

CONTRACTS = Table(
    "contrats", N_("Les contrats de ville"), N_("Une ligne par contrat que la Région décrit. Ses quartiers sont dans contrats_quartiers.csv."),
    _fields(
        ("numero", WHOLE, N_("Numéro du contrat.")), ("adresse", TEXT, N_("Sa page.")), ("titre", TEXT, N_("Son nom.")),
        ("commence_le", DAY, N_("Premier jour. Vide quand il n’est pas connu.")), ("finit_le", DAY, N_("Dernier jour. Vide quand il n’est pas connu.")),
        ("revue_prevue_le", DAY, N_("Revue à mi-parcours : le jour prévu.")), ("revue_tenue_le", DAY, N_("Le jour où elle a eu lieu.")),
        ("intercommunalites", TEXT, N_("SIREN des intercommunalités, séparés par un point-virgule.")),
        ("communes", TEXT, N_("Codes Insee des communes, celles de ses quartiers comprises, séparés par un point-virgule.")),
        ("signataires", TEXT, N_("Institutions signataires, l’État et la Région d’abord, séparées par un point-virgule.")),
        ("sites", TEXT, N_("Sites de renouvellement urbain (NPNRU), séparés par un point-virgule.")),
    ),
    key="numero", searched=("titre", "signataires", "sites"), dated="commence_le",
)  # fmt: skip

CONTRACT_QUARTERS = Table(
    "contrats_quartiers", N_("Les quartiers des contrats de ville"), N_("Une ligne par quartier d’un contrat."),
    _fields(
        ("contrat", WHOLE, N_("Numéro du contrat, comme dans contrats.csv.")), ("quartier_numero", WHOLE, _QUARTER),
        ("quartier_code", TEXT, N_("Code officiel du quartier.")),
        ("sites", TEXT, N_("Sites de renouvellement urbain où il se trouve, séparés par un point-virgule.")),
    ),
    key="contrat quartier_numero", refers={"contrat": "contrats.numero", "quartier_numero": "quartiers.numero"},
    indexed=("quartier_code",),
)  # fmt: skip

# Those that others refer to come first.
TABLES = {
    one.name: one
    for one in (COMMUNES, QUARTERS, CONTRACTS, CONTRACT_QUARTERS, CALLS, PROJECTS, GRANTS, POLLS, RESULTS, SEASON, PROMISES)
}  # fmt: skip

SHOWN = (PROJECTS, GRANTS, CALLS, QUARTERS, CONTRACTS, CONTRACT_QUARTERS, POLLS, RESULTS, SEASON, PROMISES, COMMUNES)  # in the order of the page  # fmt: skip

VIEWS = {
    "aides_par_commune": (
        N_("Projets et euros accordés, par commune et dispositif."),
        ("SELECT commune_code, commune_nom, dispositif, count(*) AS projets, round(sum(montant_accorde), 2) AS euros FROM projets "
        "GROUP BY commune_code, commune_nom, dispositif"),
    ),
    "aides_par_annee": (
        N_("Projets et euros accordés, par année de décision et dispositif."),
        ("SELECT substr(date_decision, 1, 4) AS annee, dispositif, count(*) AS projets, round(sum(montant_accorde), 2) AS euros "
        "FROM projets GROUP BY annee, dispositif"),
    ),
    "promesses_tenues": (
        N_("Part des promesses tenues, parmi celles dont le jour est venu."),
        ("SELECT dispositif, promesse, count(*) AS venues, round(100.0 * sum(etat = 'kept') / count(*), 1) AS pourcent_tenues "
        "FROM promesses WHERE etat <> 'waiting' GROUP BY dispositif, promesse"),
    ),
    "projets_retenus": (
        N_("Ce que les habitants ont retenu."),
        ("SELECT s.titre AS vote, s.clos_le, r.titre, r.cout, r.voix FROM resultats r JOIN scrutins s ON s.numero = r.scrutin "
        "WHERE r.retenu = 'oui'"),
    ),
    "quartiers_sans_projet": (
        N_("Quartiers prioritaires en vigueur où rien n’est encore soutenu."),
        ("SELECT code, nom, departement, population FROM quartiers WHERE au IS NULL AND genre = 'priority' "
        "AND projets_pic + projets_ftu + projets_nqe = 0"),
    ),
}  # fmt: skip
