"""Final reports of the demonstration: what came, what it cost line by line with its tickets, pictures, and the account."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from citizen import clock
from citizen.db import db
from citizen.demo import papers
from citizen.demo.dossier import Stage
from citizen.files.services import Prepared
from citizen.kernel.access import Actor
from citizen.pic import services as pic
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicProject
from citizen.projects import ending, outturn, recounting
from citizen.projects.models import Project

OBSTACLES = (
    "La pluie du matin, vite oubliée.",
    "Le matériel est arrivé en retard.",
    "Peu de jeunes au début, beaucoup à la fin.",
)
DIFFERENTLY = (
    "Commencer l’affichage trois semaines avant.", "Prévoir plus de bancs à l’ombre.", "Se partager l’accueil par demi-heure.",
)  # fmt: skip
SEEN = {
    "active-citizenship": "Trois d’entre nous n’avaient jamais tenu un budget.",
    "collective-interest": "Des gens de toutes les rues sont venus, et c’était gratuit.",
    "local-need": "On nous redemande déjà la suite.",
}


@dataclass(frozen=True)
class Told:
    """What a team tells: its words, how many came, what it cost in all (cents), what is drawn on its picture."""

    story: str
    learnt: str
    people: int
    cost_cents: int
    scene: str = ""


def write(stage: Stage, actor: Actor, project_id: int, day: int, told: Told) -> None:
    """The whole report, not yet sent."""
    with stage.days.at(day, stage.cast.dice.randint(9, 20)):
        project = db.session.get_one(Project, project_id)
        _tell(actor, project, told)
        _spend(actor, project, told.cost_cents)
        if told.scene and project_id % 2:
            picture = stage.album.picture(told.scene)
            _show(actor, project_id, picture)
        if isinstance(project, PicProject):
            marks = {one.slug: (3 + (project_id + one.number) % 2, SEEN[one.slug]) for one in CONDITIONS}
            pic.see_afterwards(actor, project_id, marks)


def send(stage: Stage, actor: Actor, project_id: int, day: int, told: Told) -> None:
    """The report, whole and sent."""
    write(stage, actor, project_id, day, told)
    with stage.days.at(day, 21):
        recounting.send(actor, project_id)


def close(stage: Stage, reviewer: Actor, project_id: int, day: int) -> None:
    with stage.days.at(day, 10):
        ending.close(reviewer, project_id)


def _tell(actor: Actor, project: Project, told: Told) -> None:
    rank, people = project.id, told.people
    held_on = min(project.starts_on or clock.today(), clock.today())
    ages = {
        "children": people // 4,
        "teenagers": people // 8,
        "young": people // 10,
        "adults": people // 3,
        "seniors": people // 9,
    }
    recounting.write(
        actor, project.id, held_on=held_on, place=project.place or "Dans le quartier", participants=people,
        from_quarter=people * 4 // 5, newcomers=people // 3, women=people * 11 // 20 if rank % 2 else None, volunteers=max(3, people // 12),
        story=told.story, learnt=told.learnt, obstacles=OBSTACLES[rank % 3], differently=DIFFERENTLY[rank // 3 % 3],
        will_go_on=True if rank % 4 else None, paperwork_minutes=60 + rank % 7 * 30 if rank % 3 else None,
        **(ages if rank % 5 else {}),
    )  # fmt: skip


def _spend(actor: Actor, project: Project, cost_cents: int) -> None:
    """The cost shared between the lines as they were planned; a ticket for each."""
    rows = outturn.rows(project)
    planned = [row for row in rows if row.account.side == "expense"]
    if not planned:
        recounting.add_line(
            actor, project.id, side="expense", nature=min(project.paid_natures), label="Travaux", spent_cents=cost_cents
        )
        return
    whole = sum(row.account.planned for row in planned)
    amounts = {row.key: cost_cents * row.account.planned // whole for row in planned}
    amounts[planned[0].key] += cost_cents - sum(amounts.values())
    incomes = {row.key: row.account.planned for row in rows if row.account.side == "income"}
    recounting.tell_spending(actor, project.id, amounts | incomes)
    if project.scheme == "pic":
        for row in planned[: len(planned) - (project.id % 4 == 0)]:  # a ticket is lost now and then
            _attach(actor, project, row.key, [(row.account.label, amounts[row.key] // 100)])


def _attach(actor: Actor, project: Project, key: str, lines: Sequence[tuple[str, int]]) -> None:
    shop = papers.SHOPS[project.id % len(papers.SHOPS)]
    ticket = papers.quote(project.title, shop, lines, f"{clock.today():%d/%m/%Y}", kind="FACTURE")
    recounting.add_receipt(actor, project.id, key, stream=io.BytesIO(ticket.content), filename=ticket.name)


def _show(actor: Actor, project_id: int, picture: Prepared) -> None:
    recounting.add_picture(
        actor, project_id, stream=io.BytesIO(picture.content), filename=picture.name, caption="Le moment, dessiné par l’équipe",
        shows_people=False, has_consent=False, consent_kept_by="",
    )  # fmt: skip
