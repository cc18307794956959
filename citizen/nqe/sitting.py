"""What a committee decides of a registration in session: the aid, whole or in part, within the envelope; later; or no."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from citizen.committees import review
from citizen.committees import showing as reading
from citizen.committees.models import AgendaItem
from citizen.db import db
from citizen.kernel.findings import Invalid, blocking
from citizen.kernel.lifecycle import NotReady
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.nqe.committee import bearer_heard, on_agenda
from citizen.nqe.eco_grid import eco_lines, eco_score
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import MARKS, Reading
from citizen.nqe.rules import TO_GRANT, largest_grant_cents
from citizen.projects import queries as projects

# The official sentence, and the one easy to read.
SENTENCES = {
    "grant": (
        N_("Le comité accorde %(amount)s au projet « %(title)s »."),
        N_("Bonne nouvelle : votre été reçoit %(amount)s."),
    ),
    "part": (
        N_("Le comité accorde %(amount)s au projet « %(title)s », sur %(wanted)s demandés."),
        N_("Votre été reçoit %(amount)s. Vous aviez demandé %(wanted)s."),
    ),
    "defer": (
        N_("Le comité ajourne le projet « %(title)s ». Il demande : %(asked)s"),
        N_("Le comité n’a pas encore décidé. Il vous demande : %(asked)s Ensuite, il regarde de nouveau votre projet."),
    ),
    "reject": (
        N_("Le comité n’accorde pas d’aide au projet « %(title)s » : %(asked)s"),
        N_("Votre projet ne reçoit pas d’aide cette année. Pourquoi : %(asked)s"),
    ),
}


IN_THE_ROOM = (on_agenda, bearer_heard)  # what the room itself shows


class SummerPassage(review.Passage):
    """An amount under the request, the cap and the envelope; else what is asked, or why not."""

    proposals = {
        "grant": N_("Accorder, en entier ou en partie"), "defer": N_("Ajourner : le projet revient à une autre séance"),
        "reject": N_("Refuser"),
    }  # fmt: skip
    named = {
        "grant": N_("Accorder %(amount)s"), "defer": N_("Ajourner : %(asked)s"), "reject": N_("Refuser : %(asked)s"),
    }  # fmt: skip
    sentences = SENTENCES
    asks = N_("Ce que dit le comité")
    asks_help = N_("Si vous ajournez : ce qui est demandé. Si vous refusez : pourquoi, en une phrase. Elle sera publiée.")

    def check(self, item: AgendaItem, action: str, amount_cents: int | None, asked: str) -> None:
        if action != "grant":
            if not asked.strip():
                raise Invalid("asked", _("Dites-le en une phrase : elle sera publiée."))
            return
        project: Any = item.project
        facts, terms = project.facts(projects.common_facts(project)), project.terms
        if missing := blocking(check(facts, terms) for check in TO_GRANT):
            raise NotReady(missing)
        most = largest_grant_cents(facts, terms)
        if amount_cents is None or not 0 < amount_cents <= most:
            raise Invalid(
                "amount",
                _("Entre 1 centime et %(most)s : la demande, le plafond et l’enveloppe le permettent.", most=euros(most)),
            )

    def suggested_cents(self, item: AgendaItem) -> int:
        project: Any = item.project
        return max(0, largest_grant_cents(project.facts(projects.common_facts(project)), project.terms))


review.PASSAGES["nqe"] = SummerPassage()


def sheets(files: Sequence[NqeProject]) -> dict[int, dict[str, Any]]:
    """What the committee reads of each registration: its findings, the opinions, what the Region's grid and the eco grid say."""
    numbers = [one.id for one in files]
    loaded = (
        selectinload(NqeProject.reading).joinedload(Reading.officer), selectinload(NqeProject.opinions),
        selectinload(NqeProject.organisation),
    )  # fmt: skip
    db.session.scalars(select(NqeProject).where(NqeProject.id.in_(numbers)).options(*loaded)).all()
    common = projects.common_facts_of(files)
    return {one.id: _sheet(one, one.facts(common[one.id])) for one in files}


def _sheet(project: NqeProject, facts: Any) -> dict[str, Any]:
    lines = eco_lines(project.terms.eco_grid)
    told = [
        (_("Quartiers"), ", ".join(facts.quarters)),
        (_("Partenaires d’accord"), f"{facts.partners_agreed} / {facts.partners_asked}"),
        (_("Programme"), _("%(dates)d dates, %(highlights)d temps forts", dates=len(facts.dates),
                           highlights=sum(one.is_highlight for one in facts.dates))),
        (_("Grille éco-responsable"), f"{eco_score(facts.eco_scores, lines)} / {2 * len(lines)}"),
    ]  # fmt: skip
    return {
        "facts": told, "eco": [(line.title, facts.eco_scores.get(line.title, 0)) for line in lines],
        "findings": [check(facts, project.terms) for check in TO_GRANT if check not in IN_THE_ROOM], "marks": MARKS,
    }  # fmt: skip


reading.SHEETS["nqe"] = reading.PACKS["nqe"] = sheets
