"""What is needed before a registration comes to a session, and before it is decided there."""

from citizen.kernel.findings import Finding
from citizen.kernel.words import N_, Words
from citizen.nqe.terms import Facts, Terms
from citizen.projects.rules import finding

RULESET = N_("Règlement de l’édition")
HEARD = frozenset({"inscribe", "defer"})  # only where the committee decides


def goes_to_session(_facts: Facts, terms: Terms) -> Finding:
    """The rules of the edition send it before the committee. Source: règlement de l'édition (décision)."""
    return finding(
        "in-session", terms.has_committee, N_("La décision se prend en séance"),
        N_("Ce règlement demande une séance.") if terms.has_committee
        else N_("Dans cette édition, le service inscrit la délibération de la Commission permanente."),
        N_("Le règlement de l’édition dit si la décision se prend en séance."), RULESET, N_("Inscrivez la délibération."),
    )  # fmt: skip


def instructed(facts: Facts, _terms: Terms) -> Finding:
    """The Region has read the file, line by line of its grid. Source: règlement de l'édition (instruction)."""
    return finding(
        "instructed", facts.is_instructed, N_("Le dossier est instruit"),
        N_("La grille de lecture est remplie.") if facts.is_instructed else N_("La grille de lecture n’est pas encore remplie."),
        N_("Chaque ligne de la grille de lecture a son avis avant la séance."), RULESET, N_("Remplissez la grille de lecture."),
    )  # fmt: skip


def opinions_in(facts: Facts, _terms: Terms) -> Finding:
    """Who was asked an opinion has answered, or had the time to. Source: règlement de l'édition (avis)."""
    return finding(
        "opinions", not facts.awaited, N_("Les avis demandés sont arrivés"),
        Words("Avis encore attendus : %(names)s.", names=", ".join(facts.awaited)) if facts.awaited
        else N_("Aucun avis n’est attendu."),
        N_("La commune et l’intercommunalité gardent jusqu’au bout le temps qui leur est laissé."), RULESET,
        N_("Attendez leur réponse, ou la fin du délai."),
    )  # fmt: skip


def on_agenda(facts: Facts, terms: Terms) -> Finding:
    """Where the committee decides, the file is on its agenda. Source: règlement de l'édition (décision)."""
    return finding(
        "on-agenda", facts.is_on_agenda or not terms.has_committee, N_("Inscrit à une séance"),
        N_("Le dossier est inscrit à une séance.") if facts.is_on_agenda
        else N_("Le dossier n’est inscrit à aucune séance.") if terms.has_committee
        else N_("Dans cette édition, aucune séance n’est demandée."),
        N_("Le comité décide des dossiers de son ordre du jour."), RULESET, N_("Inscrivez le dossier à une séance."),
    )  # fmt: skip


def bearer_heard(facts: Facts, terms: Terms) -> Finding:
    """Somebody of the team was heard, where presence is compulsory. Source: règlement de l'édition (présence)."""
    return finding(
        "heard", facts.is_heard or not terms.bearer_presence_required, N_("L’équipe a été entendue"),
        N_("L’équipe a présenté son projet.") if facts.is_heard else N_("L’équipe n’a pas présenté son projet."),
        N_("Le règlement dit si l’équipe présente son projet avant la décision."), RULESET,
        N_("Notez que l’équipe a été entendue, ou ajournez."),
    )  # fmt: skip
