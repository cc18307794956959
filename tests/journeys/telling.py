"""What stories have in common: a letter opened, an account made, an idea written, a file lodged, told and finished."""

import re
from collections.abc import Callable

from sqlalchemy import select

from citizen.db import db
from citizen.mail.models import Letter
from tests.journeys.site import Site, sees, sign_in

QUESTIONS = ("Que voulez-vous faire", "Qui porte", "C’est pour quand", "À quoi sert")


def letter_to(email: str) -> str:
    """The link of the newest letter to this address."""
    db.session.rollback()
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first()
    assert body is not None
    found = re.search(r"https?://[^/\s]+(/\S+)", body)
    assert found is not None
    return found[1]


def sign_up(site: Site, name: str, email: str, password: str) -> None:
    """A new account, its address confirmed by the letter."""
    site.open("/inscription")
    site.fill("Nom affiché", name)
    site.fill("Adresse", email)
    site.fill("Mot de passe", password)
    site.press("Créer mon compte")
    site.open(letter_to(email))
    site.press("Oui, c’est bien mon adresse")
    sign_in(site, email, password)


def propose(site: Site, *answers: str, because: str, title: str, story: str, quarter: str, call: str) -> None:
    """The four questions, the reason they are given, the idea, where it will be lodged."""
    site.open("/proposer")
    for question, answer in zip(QUESTIONS, answers, strict=True):
        site.choose(answer, group=question)
    site.press("Voir l’aide qui convient")
    sees(site, because)
    site.follow("Écrire mon idée")
    site.fill("Votre idée en quelques mots", title)
    site.fill("Racontez-la", story)
    site.fill("Commune et quartier", quarter)
    site.press("Enregistrer mon idée")
    site.choose(call)
    site.press("Choisir et continuer")


def write_budget(site: Site, *lines: tuple[str, str, str]) -> None:
    """Lines (kind, what for, amount) that balance."""
    for kind, label, amount in lines:
        site.fill("Qu’est-ce que c’est", kind)
        site.fill("Pour quoi", label)
        site.fill("Montant", amount)
        site.press("Ajouter")
    sees(site, "Budget à l’équilibre")


def lodge(site: Site, *, state: str = "Déposé") -> int:
    """The number of the project, once nothing is missing and it is lodged."""
    site.follow("Relire et déposer")
    sees(site, "Tout y est")
    site.press("Déposer le dossier")
    sees(site, "Votre dossier est déposé", state)
    found = re.search(r"/projets/(\d+)", site.path)
    assert found is not None
    return int(found[1])


def take_up(site: Site, title: str, step: str) -> None:
    """From one's own space, the project that waits for this step."""
    site.open("/mon-espace")
    sees(site, title, step)
    site.follow(title)


def give_news(site: Site, text: str) -> None:
    site.follow("Donner des nouvelles")
    site.fill("Les nouvelles", text)
    site.press("Publier")
    sees(site, text)


def report(
    site: Site,
    story: str,
    *,
    people: str,
    costs: dict[str, str],
    on: str = "",
    seen: Callable[[Site], None] | None = None,
) -> None:
    """Page after page, as on a phone; ``costs`` by line, planned or not; ``seen`` fills the page of the scheme."""
    site.follow("Écrire le bilan")
    if on:
        site.fill("Quel jour", on)
    site.press("Enregistrer et continuer")
    site.fill("Combien de personnes sont venues", people)
    site.press("Enregistrer et continuer")
    for label, cost in costs.items():
        if label in site.text():
            site.fill(label, cost)
    site.press("Enregistrer et continuer")
    for label, cost in costs.items():
        site.follow("Les dépenses")
        if label not in site.text():
            site.follow("Ajouter une dépense")
            site.fill("Pour quoi", label)
            site.fill("Montant", cost)
            site.press("Ajouter")
    site.follow("Le récit")
    site.fill("Qu’avez-vous fait", story)
    site.press("Enregistrer et continuer")
    if seen:
        seen(site)
    site.follow("Relire et envoyer")
    sees(site, "Tout y est", story)
    site.press("Envoyer le bilan")
    sees(site, "Bilan déposé")


def accept_report(site: Site) -> None:
    """The reviewer reads it, then accepts it."""
    site.follow("Lire le bilan et l’accepter")
    site.press("Accepter le bilan et clore")
    sees(site, "Terminé", "Le bilan")
