"""Four questions that lead to the right scheme, with the reason. Source: cadre régional 2024-2030, les trois dispositifs."""

from dataclasses import dataclass

from citizen.kernel.words import N_


@dataclass(frozen=True)
class Question:
    """One question and its answers, each (value, words)."""

    name: str
    label: str
    answers: tuple[tuple[str, str], ...]


QUESTIONS = (
    Question("what", N_("Que voulez-vous faire ?"), (
        ("moment", N_("Un moment ensemble : fête, sortie, atelier, nettoyage…")),
        ("place", N_("Améliorer un lieu : un banc, des jeux, un jardin…")),
        ("season", N_("Un été de rendez-vous : concerts, sport, cinéma en plein air…")),
    )),
    Question("who", N_("Qui porte l’idée ?"), (
        ("residents", N_("Des habitantes et des habitants")),
        ("association", N_("Une association")),
        ("several", N_("Plusieurs associations ensemble")),
    )),
    Question("when", N_("C’est pour quand ?"), (
        ("soon", N_("Bientôt, dans les prochaines semaines")),
        ("summer", N_("L’été, sur plusieurs dates")),
        ("lasting", N_("Pour longtemps : ce qui est fait reste")),
    )),
    Question("money", N_("À quoi sert l’argent ?"), (
        ("running", N_("Des dépenses du moment : location, repas, matériel prêté, intervenants")),
        ("works", N_("Des travaux ou du mobilier dans la rue ou au pied des immeubles")),
        ("programme", N_("Une programmation gratuite, à plusieurs endroits")),
    )),
)  # fmt: skip

# Each answer speaks for a scheme, with its reason.
REASONS = {
    ("what", "moment"): ("pic", N_("Un moment à vivre ensemble est un projet d’initiative citoyenne.")),
    ("what", "place"): ("ftu", N_("Transformer un lieu relève du fonds de travaux urbains.")),
    ("what", "season"): ("nqe", N_("Un été de rendez-vous entre dans Nos Quartiers d’Été.")),
    ("who", "residents"): ("pic", N_("Un groupe d’habitants peut porter un PIC sans créer d’association.")),
    ("who", "several"): ("nqe", N_("Nos Quartiers d’Été réunit plusieurs partenaires autour d’une association.")),
    ("when", "soon"): ("pic", N_("Le PIC répond vite : un comité se réunit souvent.")),
    ("when", "summer"): ("nqe", N_("Nos Quartiers d’Été se déroule pendant la saison d’été.")),
    ("when", "lasting"): ("ftu", N_("Ce qui reste en place est un aménagement.")),
    ("money", "running"): ("pic", N_("Le PIC paie des dépenses du moment, jamais d’équipement.")),
    ("money", "works"): ("ftu", N_("Le fonds de travaux urbains paie des travaux légers, faits par la commune.")),
    ("money", "programme"): ("nqe", N_("La Région soutient une programmation gratuite dans plusieurs quartiers.")),
}
WEIGHTS = {"what": 3, "money": 2}
SCHEMES = ("pic", "ftu", "nqe")


@dataclass(frozen=True)
class Advice:
    """A scheme, best first, with the reasons that speak for it."""

    scheme: str
    score: int
    reasons: tuple[str, ...]


def advise(answers: dict[str, str]) -> list[Advice]:
    """The three schemes, the one that fits best first; the nature of the project weighs most."""
    spoken = [(name, *REASONS[name, value]) for name, value in answers.items() if (name, value) in REASONS]
    found = [
        Advice(
            scheme,
            sum(WEIGHTS.get(name, 1) for name, code, _reason in spoken if code == scheme),
            tuple(reason for _name, code, reason in spoken if code == scheme),
        )
        for scheme in SCHEMES
    ]
    return sorted(found, key=lambda advice: -advice.score)
