"""Ideas that spread: a finished project taken up elsewhere, where it came from, and the tree of all who took it up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.lifecycle import NotNow
from citizen.projects import listing, outturn
from citizen.projects import services as projects
from citizen.projects.budget import BudgetLine
from citizen.projects.listing import Row
from citizen.projects.models import Project
from citizen.region.hive_models import Descent, Publication
from citizen.region.listing import Card, cards
from citizen.region.queries import open_publication, published

MOST = 500


@dataclass
class Node:
    """A project of the tree and those that began as its copy."""

    row: Row
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """Where a project was taken up from: what it cost and what its team would do differently; None once it is withdrawn."""

    card: Card | None
    lessons: str


def may_be_taken_up(project: Project) -> bool:
    """Whether it is finished, its report accepted, and shown to all."""
    return outturn.is_published(project) and open_publication(project.id) is not None and project.is_public


def take_up(actor: Actor, project_id: int, commune_code: str | None, perimeter_id: int | None) -> Project:
    """A draft of the actor's own, with the words of the publication and the lines of the budget at what they really cost.

    Nothing of the team, of its documents, of its place nor of its answers is copied.
    """
    with transaction():
        origin = projects.locked(project_id)
        publication = open_publication(project_id)
        if publication is None or not may_be_taken_up(origin):
            raise NotNow(_("Ce projet ne peut pas être repris : il n’est plus publié, ou pas encore terminé."))
        idea = projects.propose(
            actor, title=origin.title, summary=publication.summary, commune_code=commune_code, perimeter_id=perimeter_id
        )
        call = next(iter(listing.open_calls(origin.scheme, idea.commune_code)), None)
        draft = projects.orient(actor, idea.id, type(origin), call.id if call else None)

        def write(project: Project) -> None:
            themes = getattr(project.terms, "themes", ())
            project.themes = [theme for theme in origin.themes if theme in themes]
            project.lines.extend(suggested_lines(origin))

        projects.edit(actor, draft.id, write)
        db.session.add(Descent(project_id=draft.id, origin_id=project_id, copied_at=clock.now()))
        journal.record(actor, draft.on, "taken_up", reason=origin.on)
        return draft


def suggested_lines(origin: Project) -> list[BudgetLine]:
    """Its expenses, as new lines: what each really cost, else what was planned."""
    told = {line.line_id: line.spent_cents for line in origin.report.lines} if origin.report else {}
    return [
        BudgetLine(account=line.account, label=line.label, amount_cents=told.get(line.id) or line.amount_cents)
        for line in origin.lines
        if line.side == "expense"
    ]


def origin_of(project_id: int) -> Origin | None:
    """Where it was taken up from, if it was."""
    origin_id = db.session.scalar(select(Descent.origin_id).where(Descent.project_id == project_id))
    if origin_id is None:
        return None
    card = next(iter(cards(Project.id == origin_id, limit=1)), None)
    open_one = (Publication.project_id == origin_id, Publication.withdrawn_at.is_(None))
    return Origin(card, (db.session.scalar(select(Publication.differently).where(*open_one)) or "") if card else "")


def taken_up_from(project_id: int) -> Sequence[Row]:
    """The public projects that began as its copy, the one that changed last first."""
    children = select(Descent.project_id).where(Descent.origin_id == project_id)
    return listing.rows(Project.id.in_(children), limit=MOST)


def tree_of(project_id: int) -> Node | None:
    """The whole tree of a published project, from the oldest of its origins that is still published.

    What is no longer public is left out: those who took it up hang from the nearest that is.
    """
    root_id = _root_of(project_id)
    down = select(Descent.project_id, Descent.origin_id).where(Descent.origin_id == root_id).cte("down", recursive=True)
    down = down.union_all(select(Descent.project_id, Descent.origin_id).join(down, Descent.origin_id == down.c.project_id))
    origins = dict(db.session.execute(select(down.c.project_id, down.c.origin_id).limit(MOST)).all())
    nodes = {row.id: Node(row) for row in listing.rows(Project.id.in_([root_id, *origins]), limit=MOST)}
    for number in sorted(nodes):
        above = origins.get(number)
        while above is not None and above not in nodes:
            above = origins.get(above)
        if above is not None:
            nodes[above].children.append(nodes[number])
    return nodes.get(root_id)


def _root_of(project_id: int) -> int:
    up = select(Descent.project_id, Descent.origin_id).where(Descent.project_id == project_id).cte("up", recursive=True)
    up = up.union_all(select(Descent.project_id, Descent.origin_id).join(up, Descent.project_id == up.c.origin_id))
    above = dict(db.session.execute(select(up.c.project_id, up.c.origin_id)).all())
    shown = set(db.session.scalars(select(Project.id).where(published(), Project.id.in_(above.values()))))
    while (origin := above.get(project_id)) in shown:
        assert origin is not None
        project_id = origin
    return project_id
