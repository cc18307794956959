"""What a decision is called: the official sentence, and the one that is easy to read."""

from collections.abc import Sequence

from citizen.kernel.money import euros
from citizen.kernel.words import N_, Words


def settled_words(
    action: str, *, title: str, asked_cents: int, amount_cents: int | None, failing: Sequence[str], asked: str
) -> tuple[str, str]:
    """The official sentence of a decision, and the one easy to read. Source: règlement du fonds, notification."""
    official, easy = SENTENCES["part" if action == "grant" and (amount_cents or 0) < asked_cents else action]
    words = {
        "title": title, "amount": euros(amount_cents or 0), "wanted": euros(asked_cents), "asked": asked or "…",
        "conditions": ", ".join(failing),
    }  # fmt: skip
    return Words(official, **words), Words(easy, **words)


SENTENCES = {
    "grant": (
        N_("Le comité accorde %(amount)s au projet « %(title)s »."),
        N_("Bonne nouvelle : votre projet reçoit %(amount)s."),
    ),
    "part": (
        N_("Le comité accorde %(amount)s au projet « %(title)s », sur %(wanted)s demandés."),
        N_("Votre projet reçoit %(amount)s. Vous aviez demandé %(wanted)s."),
    ),
    "defer": (
        N_("Le comité ajourne le projet « %(title)s ». Il demande : %(asked)s"),
        N_("Le comité n’a pas encore décidé. Il vous demande : %(asked)s Ensuite, il regarde de nouveau votre projet."),
    ),
    "reject": (
        N_("Le comité n’accorde pas d’aide au projet « %(title)s ». Condition non remplie : %(conditions)s."),
        N_("Votre projet ne reçoit pas d’aide. Il manque ceci : %(conditions)s. Ce que vous pouvez faire : %(asked)s"),
    ),
}
