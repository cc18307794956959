"""What every project of the demonstration does the same way: be born, be written, be followed, tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from citizen import clock
from citizen.demo.days import Days
from citizen.demo.people import Cast
from citizen.demo.pictures import Album
from citizen.demo.places import Spot
from citizen.files import services as files
from citizen.files.services import Prepared
from citizen.kernel.access import Actor
from citizen.projects import reporting
from citizen.projects import services as life
from citizen.projects.models import Attachment, BudgetLine, News, Project, TeamMember

TASKS = ("les devis et le budget", "l’affichage et l’accueil", "le matériel", "les courses", "les photos et le bilan")


@dataclass
class Stage:
    """What the whole play shares."""

    days: Days
    cast: Cast
    album: Album


@dataclass(frozen=True)
class Plan:
    """When a project happens and what it costs, in whole euros; ``asked`` is what the fund is asked for."""

    starts_on: date
    ends_on: date
    costs: Sequence[tuple[str, int]]
    asked: int
    other: int = 0
    gift: tuple[str, int] | None = None
    is_works: bool = False


def begin(
    stage: Stage, bearer: Actor, day: int, kind: type[Project], call_id: int, *, title: str, summary: str, spot: Spot
) -> int:
    """An idea, soon oriented into a scheme; its number."""
    hour = stage.cast.dice.randint(8, 20)
    with stage.days.at(day, hour, stage.cast.dice.randint(0, 59)):
        project = life.propose(
            bearer, title=title, summary=summary, commune_code=spot.quarter.commune, perimeter_id=spot.quarter.perimeter_id
        )
        project_id = project.id
    with stage.days.at(day, 21):
        life.orient(bearer, project_id, kind, call_id)
    return project_id


def describe(project: Project, *, text: str, themes: list[str], spot: Spot, plan: Plan) -> None:
    """Text, place, dates and budget."""
    project.description, project.themes = text, themes
    project.starts_on, project.ends_on = plan.starts_on, plan.ends_on
    life.put(
        project,
        spot.quarter.commune,
        spot.quarter.perimeter_id,
        place=f"{spot.place}, {spot.quarter.name}",
        lon=spot.lon,
        lat=spot.lat,
    )
    project.lines = list(_lines(plan))


def _lines(plan: Plan) -> list[BudgetLine]:
    """Expenses, and income that balances them: the aid, other money, the rest from the group."""
    nature = "capital" if plan.is_works else "operating"
    lines = [BudgetLine(side="expense", nature=nature, label=label, amount_cents=amount * 100) for label, amount in plan.costs]
    own = sum(amount for _label, amount in plan.costs) - plan.asked - plan.other
    incomes = (
        ("grant", "Aide demandée", plan.asked),
        ("other", "Participation de la commune", plan.other),
        ("own", "Caisse du groupe", own),
    )
    lines += [
        BudgetLine(side="income", nature=kind, label=label, amount_cents=amount * 100)
        for kind, label, amount in incomes
        if amount
    ]
    if plan.gift:
        label, amount = plan.gift
        lines.append(BudgetLine(side="valued", nature="volunteer", label=label, amount_cents=amount * 100))
    return lines


def gather(stage: Stage, project: Project, bearer: Actor, size: int) -> None:
    """A team of ``size`` people from different homes; the bearer presents."""
    project.team.append(
        TeamMember(name=bearer.name, household=1, person_id=bearer.person_id, task="le projet", is_presenter=True)
    )
    for rank in range(2, size + 1):
        task = TASKS[(project.id + rank) % len(TASKS)]
        project.team.append(TeamMember(name=stage.cast.name(), household=rank - rank // 4, task=task))


def attach(actor: Actor, project: Project, prepared: Prepared, kind: str, caption: str, line: BudgetLine | None = None) -> None:
    """Keeps a document that was examined beforehand; inside an act that allows it. A quote is of its line."""
    document = files.keep(actor, prepared)  # the lines have their numbers from here
    priced = {"line_id": line.id, "amount_cents": line.amount_cents} if line else {}
    project.attachments.append(Attachment(document_id=document.id, kind=kind, caption=caption, **priced))


def tell(stage: Stage, actor: Actor, project_id: int, day: int, text: str, scene: str = "") -> None:
    """News, with a picture when there is a scene."""
    if not scene:
        with stage.days.at(day, stage.cast.dice.randint(9, 20)):
            reporting.tell(actor, project_id, text)
        return

    def add(project: Project) -> None:
        if scene:
            attach(actor, project, stage.album.picture(scene), "photo", "Dessin de l’équipe")
        project.news.append(News(text=text, author_id=actor.person_id, at=clock.now()))

    with stage.days.at(day, stage.cast.dice.randint(9, 20)):
        life.take(actor, project_id, "tell", effect=add)


def step(stage: Stage, actor: Actor, project_id: int, day: int, action: str, reason: str = "", hour: int = 10) -> None:
    """A step of the table, that day."""
    with stage.days.at(day, hour):
        life.take(actor, project_id, action, reason=reason)


def write(stage: Stage, actor: Actor, project_id: int, day: int, change: Callable[[Project], None]) -> None:
    """What the team writes, that day."""
    with stage.days.at(day, 21, 30):
        life.edit(actor, project_id, change)


def followed(stage: Stage, project_id: int, number: int) -> None:
    """Some residents want the news."""
    for resident in stage.cast.dice.sample(stage.cast.residents, min(number, len(stage.cast.residents))):
        life.follow(resident, project_id, is_following=True)
