"""A budget in plain words and the accounts of the national subsidy form (Cerfa 12156), in its order.

Source: formulaire unique de demande de subvention (loi n° 2000-321, art. 9-1), budget du projet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from citizen.kernel.words import N_, plain


@dataclass(frozen=True)
class Account:
    """What a line is, in plain words; ``row`` is where it stands on the form, ``mirror`` the row that balances a value in kind."""

    code: str
    side: str  # "expense", "income", "valued"
    nature: str  # "operating", "capital", "grant", "own", "other", "volunteer"
    words: str
    hints: tuple[str, ...] = ()  # beginnings of words, without accents, that lead here
    row: str = ""
    mirror: str = ""

    @property
    def number(self) -> str:
        """« 613 », « 74 »: the account as people know it; empty where the form gives none."""
        return "".join(sign for sign in self.code if sign.isdigit())

    @property
    def official(self) -> str:
        """What the national form calls it."""
        return LABELS[self.row or self.code]


def _spent(code: str, words: str, *hints: str, nature: str = "operating") -> Account:
    return Account(code, "expense", nature, words, hints)


def _got(code: str, words: str, *hints: str, nature: str = "other", row: str = "") -> Account:
    return Account(code, "income", nature, words, hints, row)


def _valued(code: str, mirror: str, words: str, *hints: str) -> Account:
    return Account(code, "valued", "volunteer", words, hints, mirror=mirror)


# The first whose words are found wins: « location de tables » is a hire before it is a table.
ACCOUNTS = (
    _spent("613", N_("location"), "location", "louer", "loue ", "a la journee", "barnum", "chapiteau", "gonflable"),
    _spent("616", N_("assurance"), "assurance"),
    _spent("625", N_("transport, déplacement"), "transport", "autocar", "bus ", "car ", "cars ", "minibus", "train", "deplacement",
           "carburant", "essence"),
    _spent("623", N_("affiches, publicité"), "affich", "flyer", "tract", "impression", "imprim", "photocopie", "banderole",
           "prospectus", "communication"),
    _spent("615", N_("entretien, réparation"), "reparation", "entretien", "menage", "nettoyage"),
    _spent("622", N_("artiste ou personne payée sur facture"), "honoraire", "cachet", "artiste", "musicien", "conteu", "clown",
           "comedien", "fanfare", "orchestre", "groupe de musique", "dj "),
    _spent("604", N_("intervenant, prestation"), "intervenant", "intervention", "animateur", "animatrice", "animation", "atelier",
           "spectacle", "concert", "prestation", "traiteur", "securite", "secour", "projection", "formation", "entrees", "billet"),
    _spent("601", N_("repas, boissons, produits"), "repas", "gouter", "boisson", "buffet", "pain", "cafe", "the ", "soupe",
           "ingredient", "nourriture", "epicerie", "fruit", "legume", "farine", "pique nique", "alimentation", "collation"),
    _spent("618", N_("livres, documentation"), "livre", "documentation", "abonnement"),
    _spent("641", N_("paie d’une personne"), "salaire", "paie ", "remuneration"),
    _spent("645", N_("cotisations sur une paie"), "cotisations sociales", "charges sociales"),
    _spent("65", N_("droits d’auteur (Sacem), autres frais"), "sacem", "droits d auteur", "adhesion"),
    _spent("635", N_("taxe, droit de place"), "taxe", "droit de place", "droits de place"),
    _spent("62x", N_("poste, téléphone, banque"), "timbre", "frais postaux", "telephone", "banque", "frais bancaires"),
    _spent("CHGFIXE", N_("part des frais de la structure"), "frais de structure", "frais de fonctionnement", "frais generaux"),
    _spent("21", N_("équipement ou travaux qui durent"), "ordinateur", "enceinte", "mobilier urbain", "equipement", "travaux",
           "banc ", "achat de sono", "videoprojecteur", nature="capital"),
    _spent("60x", N_("matériel à consommer")),
    _got("74ici", N_("aide demandée ici"), "aide demandee", "aide du fonds", nature="grant", row="74region"),
    _got("74com", N_("commune"), "commune", "mairie", "ville"),
    _got("74orgasoc", N_("CAF ou autre organisme social"), "caf ", "organisme social", "msa "),
    _got("74epci", N_("intercommunalité"), "agglo", "metropole", "intercommun"),
    _got("74dep", N_("Département"), "departement"),
    _got("74region", N_("autre aide de la Région"), "region"),
    _got("74etat", N_("État"), "etat ", "prefecture"),
    _got("74fe", N_("Europe"), "europe", "fse", "feder"),
    _got("74x", N_("bailleur ou autre organisme public"), "bailleur"),
    _got("74aidespriv", N_("fondation ou entreprise"), "fondation", "entreprise"),
    _got("70", N_("participation des gens, vente"), "participation", "vente", "buvette", "entree", "billet", "tombola"),
    _got("758", N_("don d’argent"), "don ", "dons ", "cagnotte", "mecenat"),
    _got("756", N_("cotisations des membres"), "cotisation", "adhesion", nature="own"),
    _got("RESSPROPRES", N_("argent du groupe ou de l’association"), "caisse", "argent du groupe", "fonds propres", "apport",
         nature="own"),
    _got("750", N_("autre recette")),
    _valued("861", "871", N_("prêt de salle ou de matériel"), "pret", "salle", "camion", "mise a disposition"),
    _valued("860", "875", N_("don en nature"), "don ", "dons ", "offert", "recup"),
    _valued("864", "870", N_("temps des bénévoles")),
)  # fmt: skip
_BY_CODE = {account.code: account for account in ACCOUNTS}
PUBLIC = frozenset(account.code for account in ACCOUNTS if account.code.startswith("74")) - {"74aidespriv"}

# What the form calls its rows, in its order: what has rows under it is their total.
FORM: dict[str, tuple[tuple[str, str], ...]] = {
    "expense": (
        ("60", N_("Achats")), ("601", N_("Achats matières et fournitures")), ("604", N_("Prestations de services")),
        ("60x", N_("Autres fournitures")),
        ("61", N_("Services extérieurs")), ("613", N_("Locations")), ("615", N_("Entretien et réparation")),
        ("616", N_("Assurance")), ("618", N_("Documentation")),
        ("62", N_("Autres services extérieurs")), ("622", N_("Rémunérations intermédiaires et honoraires")),
        ("623", N_("Publicité, publication")), ("625", N_("Déplacements, missions")), ("62x", N_("Services bancaires, autres")),
        ("63", N_("Impôts et taxes")), ("631", N_("Impôts et taxes sur rémunération")), ("635", N_("Autres impôts et taxes")),
        ("64", N_("Charges de personnel")), ("641", N_("Rémunération des personnels")), ("645", N_("Charges sociales")),
        ("647", N_("Autres charges de personnel")),
        ("65", N_("Autres charges de gestion courante")), ("66", N_("Charges financières")),
        ("67", N_("Charges exceptionnelles")), ("68", N_("Dotation aux amortissements, provisions et engagements")),
        ("69", N_("Impôt sur les bénéfices, participation des salariés")),
        ("CHGFIXE", N_("Charges fixes de fonctionnement")), ("FRAISFIN", N_("Frais financiers")), ("AUTINDIRECT", N_("Autres")),
        ("21", N_("Investissement (hors de ce formulaire)")), ("EXCPREV", N_("Excédent prévisionnel (bénéfice)")),
    ),
    "income": (
        ("70", N_("Vente de produits finis, de marchandises, prestations de services")),
        ("73", N_("Dotations et produits de tarification")),
        ("74", N_("Subventions d’exploitation")), ("74etat", N_("État")), ("74region", N_("Conseil régional")),
        ("74dep", N_("Conseil départemental")), ("74epci", N_("Communautés de communes ou d’agglomérations")),
        ("74com", N_("Communes")), ("74orgasoc", N_("Organismes sociaux")), ("74fe", N_("Fonds européens")),
        ("74agenceserv", N_("Agence de services et de paiement (emplois aidés)")),
        ("74x", N_("Autres établissements publics")), ("74aidespriv", N_("Aides privées (fondation)")),
        ("75", N_("Autres produits de gestion courante")), ("756", N_("Cotisations")), ("758", N_("Dons manuels, mécénat")),
        ("750", N_("Autres produits de gestion courante")),
        ("76", N_("Produits financiers")), ("77", N_("Produits exceptionnels")),
        ("78", N_("Reprises sur amortissements, dépréciations et provisions")),
        ("789", N_("Report de ressources affectées des exercices antérieurs")), ("79", N_("Transfert de charges")),
        ("RESSPROPRES", N_("Ressources propres affectées au projet")), ("INSUFPREV", N_("Insuffisance prévisionnelle (déficit)")),
    ),
    "given": (
        ("86", N_("Emplois des contributions volontaires en nature")), ("860", N_("Secours en nature")),
        ("861", N_("Mise à disposition gratuite de biens et services")), ("862", N_("Prestations")),
        ("864", N_("Personnel bénévole")),
    ),
    "received": (
        ("87", N_("Contributions volontaires en nature")), ("870", N_("Bénévolat")), ("871", N_("Prestations en nature")),
        ("875", N_("Dons en nature")),
    ),
}  # fmt: skip
LABELS = {code: label for rows in FORM.values() for code, label in rows}


def account(code: str) -> Account:
    """The account of a line."""
    return _BY_CODE[code]


def is_known(code: str) -> bool:
    """Whether lines may stand under this account."""
    return code in _BY_CODE


def codes_of(side: str, nature: str) -> tuple[str, ...]:
    """The accounts of this nature."""
    return tuple(one.code for one in ACCOUNTS if (one.side, one.nature) == (side, nature))


def suggest(label: str, candidates: Iterable[Account]) -> Account:
    """The first account whose words the label holds, else the last: the most ordinary of its side."""
    kept, text = list(candidates), f" {plain(label)} "
    return next((one for one in kept if any(f" {hint}" in text for hint in one.hints)), kept[-1])


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The words that carry the meaning, without their endings: « jeux » and « jeu » are the same."""
    return frozenset(word.rstrip("sx")[:7] for word in plain(text).split() if len(word) > 3 and not word.isdigit())


def of_side(side: str) -> list[Account]:
    """The accounts among which a line of this side is placed."""
    return [one for one in ACCOUNTS if one.side == side]


# --- The form in whole euros ---


@dataclass(frozen=True)
class Row:
    """One row of the form, in whole euros."""

    number: str
    label: str
    amount: int
    is_total: bool = False


@dataclass(frozen=True)
class Sheet:
    """The budget as the form shows it: both totals are equal, and so are both totals of what is given."""

    expenses: tuple[Row, ...]
    income: tuple[Row, ...]
    given: tuple[Row, ...]
    received: tuple[Row, ...]
    total: int
    given_total: int


def sheet(lines: Iterable[tuple[str, int]]) -> Sheet:
    """The form filled with (account, cents) lines; a gap stands as the loss or the profit that the form provides for."""
    cents: dict[str, dict[str, int]] = {"expense": {}, "income": {}, "valued": {}}
    for code, amount in lines:
        kept = cents[account(code).side]
        kept[code] = kept.get(code, 0) + amount
    spent, got, given = whole_euros(cents["expense"]), whole_euros(cents["income"]), whole_euros(cents["valued"])
    gap = sum(spent.values()) - sum(got.values())
    if gap:
        (got if gap > 0 else spent)["INSUFPREV" if gap > 0 else "EXCPREV"] = abs(gap)
    return Sheet(
        _rows("expense", spent), _rows("income", _moved(got, "row")), _rows("given", given),
        _rows("received", _moved(given, "mirror")), sum(spent.values()), sum(given.values()),
    )  # fmt: skip


def whole_euros(cents: dict[str, int]) -> dict[str, int]:
    """Whole euros whose total is the rounded total: what is left over goes to the largest remainders."""
    rounded = {code: amount // 100 for code, amount in cents.items()}
    left = (sum(cents.values()) + 50) // 100 - sum(rounded.values())
    for code in sorted(cents, key=lambda one: -(cents[one] % 100))[:left]:
        rounded[code] += 1
    return rounded


def _moved(amounts: dict[str, int], where: str) -> dict[str, int]:
    """The amounts by their row of the form, or by the row that mirrors it."""
    moved: dict[str, int] = {}
    for code, amount in amounts.items():
        row = getattr(_BY_CODE[code], where) if code in _BY_CODE else ""
        moved[row or code] = moved.get(row or code, 0) + amount
    return moved


def _rows(part: str, amounts: dict[str, int]) -> tuple[Row, ...]:
    """Every row of this part of the form; a group of two figures adds up what is under it."""
    codes = [code for code, _label in FORM[part]]
    under = {code: [one for one in codes if len(code) == 2 and one.startswith(code)] for code in codes}
    return tuple(
        Row(
            "".join(sign for sign in code if sign.isdigit()), label,
            sum(amounts.get(one, 0) for one in under[code] or [code]), len(under[code]) > 1,
        )
        for code, label in FORM[part]
    )  # fmt: skip
