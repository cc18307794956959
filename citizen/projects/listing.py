"""Lists of projects as narrow rows: the public list, what waits for somebody, and choices of places."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, table
from sqlalchemy.orm import joinedload, selectinload

from citizen import clock
from citizen.db import db
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Actor, Role
from citizen.kernel.lifecycle import Lifecycle, State, Step
from citizen.kernel.money import euros
from citizen.kernel.words import plain, slug
from citizen.places.models import Commune, Perimeter, perimeter_commune
from citizen.places.queries import in_force
from citizen.projects import queries
from citizen.projects.models import Project, TeamMember
from citizen.projects.steps import S

PER_PAGE = 25


@cache
def lifecycles() -> dict[str, Lifecycle]:
    """The table of steps of each scheme, by its code."""
    return {kind.rules.code: kind.rules.lifecycle for kind in (Project, *Project.__subclasses__())}


def stages() -> Iterator[tuple[str, str, State]]:
    """(scheme, state, what it is) of every state, scheme after scheme, as a project goes through them."""
    known = lifecycles()
    for code in ("idea", "pic", "ftu", "nqe"):
        for name in S:
            if name in known[code].states:
                yield code, name, known[code].states[name]


@dataclass(frozen=True)
class Row:
    """A project as a list shows it."""

    id: int
    scheme: str
    state: str
    title: str
    summary: str
    commune: str | None
    quarter: str | None
    requested_cents: int
    granted_cents: int | None
    changed_at: datetime

    @property
    def url(self) -> str:
        return url_for("projects.show", project_id=self.id, slug=slug(self.title))

    @property
    def where_it_stands(self) -> State:
        return lifecycles()[self.scheme].states[self.state]

    @property
    def state_label(self) -> str:
        return self.where_it_stands.label

    @property
    def tone(self) -> str:
        return self.where_it_stands.tone

    @property
    def place(self) -> str:
        return ", ".join(filter(None, (self.quarter, self.commune)))

    @property
    def amount(self) -> str | None:
        cents = self.granted_cents or self.requested_cents
        return euros(cents) if cents else None

    @property
    def when(self) -> str | None:
        return None


_project, _commune, _quarter = Project.__table__, Commune.__table__, Perimeter.__table__
# Plain columns of plain tables: a list needs no objects, and half of its time would go into making them.
_LIST = (
    select(
        _project.c.id, _project.c.scheme, _project.c.state, _project.c.title, _project.c.summary, _commune.c.name,
        _quarter.c.name, _project.c.requested_cents, _project.c.granted_cents, _project.c.changed_at,
    )
    .select_from(
        _project.outerjoin(_commune, _commune.c.code == _project.c.commune_code)
        .outerjoin(_quarter, _quarter.c.id == _project.c.perimeter_id)
    )
    .where(_project.c.is_public.is_(True))
    .order_by(_project.c.changed_at.desc(), _project.c.id.desc())
)  # fmt: skip


def rows(condition: ColumnElement[bool], *, limit: int, offset: int = 0) -> list[Row]:
    """Public projects under ``condition``, the one that changed last first."""
    return [Row(*tuple(row)) for row in db.session.connection().execute(_LIST.where(condition).limit(limit).offset(offset))]


def page_of(condition: ColumnElement[bool], number: int, per_page: int = PER_PAGE) -> tuple[list[Row], int]:
    """The ``number``-th page of public projects under ``condition`` and how many there are, in one question."""
    total = select(func.count()).where(_project.c.is_public.is_(True), condition).select_from(_project).scalar_subquery()
    query = _LIST.add_columns(total).where(condition).limit(per_page).offset((number - 1) * per_page)
    found = db.session.connection().execute(query).all()
    if not found and number > 1:
        return [], count(condition)
    return [Row(*row[:-1]) for row in found], found[0][-1] if found else 0


def count(condition: ColumnElement[bool]) -> int:
    """How many public projects stand under ``condition``."""
    return db.session.scalar(select(func.count(Project.id)).where(Project.is_public.is_(True), condition)) or 0


def matching(words: str) -> ColumnElement[bool]:
    """Projects whose text holds every word (or its beginning), accents ignored; true when nothing is asked."""
    asked = plain(words[:200]).split()[:8]
    if not asked:
        return literal_column("1 = 1")
    return holding(asked)


def holding(asked: Sequence[str], *, is_any: bool = False) -> ColumnElement[bool]:
    """Projects whose text holds all of these words (or any of them), each whole or as a beginning."""
    if db.engine.dialect.name == "sqlite":
        found: Any = select(literal_column("rowid")).select_from(table("search_project")).where(
            literal_column("search_project").op("MATCH")((" OR " if is_any else " ").join(f'"{word}"*' for word in asked))
        )  # fmt: skip
        return Project.id.in_(found)
    vector = func.to_tsvector(literal_column("'simple'"), Project.search_text)
    sought = (" | " if is_any else " & ").join(f"{word}:*" for word in asked)
    return vector.op("@@")(func.to_tsquery(literal_column("'simple'"), sought))


def asked_for(filters: Mapping[str, str]) -> ColumnElement[bool]:
    """The condition of the public list; names that are not filters are ignored, values are closed or matched exactly."""
    conditions = [matching(filters.get("q", ""))]
    if filters.get("dispositif"):
        conditions.append(Project.scheme == filters["dispositif"])
    if filters.get("etat"):
        conditions.append(Project.state == filters["etat"])
    if filters.get("commune"):
        conditions.append(Project.commune_code == filters["commune"])
    if filters.get("quartier"):
        conditions.append(Project.perimeter.has(Perimeter.code == filters["quartier"]))
    return and_(*conditions)


def public_states() -> dict[str, str]:
    """The states the public list can be filtered by, with their names."""
    return {
        state: found.label
        for lifecycle in lifecycles().values()
        for state, found in lifecycle.states.items()
        if found.is_public
    }


@dataclass(frozen=True)
class Waiting:
    """A project that waits for the actor, and what it waits for."""

    project: Project
    steps: Sequence[Step]


def waiting_for(actor: Actor, limit: int = 100) -> list[Waiting]:
    """What the actor has to do, the oldest first."""
    projects = db.session.scalars(
        _near(actor).where(_awaits(actor)).order_by(Project.changed_at, Project.id).limit(limit)
    ).unique()
    found = [Waiting(project, [step for step in queries.open_steps(actor, project) if step.is_awaited]) for project in projects]
    return [waiting for waiting in found if waiting.steps]


def borne_by(actor: Actor, limit: int = 100) -> Sequence[Project]:
    """The actor's own projects, the one that changed last first."""
    mine = Project.team.any(TeamMember.person_id == actor.person_id) | (Project.bearer_id == actor.person_id)
    return db.session.scalars(select(Project).where(mine).order_by(Project.changed_at.desc(), Project.id).limit(limit)).all()


def helped_by(actor: Actor, limit: int = 100) -> Sequence[Project]:
    """The projects that the actor helps to write, the one that changed last first."""
    ids = [int(on.partition(":")[2]) for on in actor.targets(Role.HELPER)]
    return db.session.scalars(
        select(Project).where(Project.id.in_(ids)).order_by(Project.changed_at.desc(), Project.id).limit(limit)
    ).all()


def _near(actor: Actor) -> Select[Any]:
    """Projects towards which the actor holds something."""
    numbers: dict[str, list[str]] = defaultdict(list)
    for _role, on in actor.duties:
        kind, _colon, number = on.partition(":")
        numbers[kind].append(number)
    mine = [
        Project.bearer_id == actor.person_id,
        Project.team.any(TeamMember.person_id == actor.person_id),
        Project.call.has(Call.fund_id.in_([int(number) for number in numbers["fund"]])),
        Project.commune_code.in_(numbers["commune"]),
        Project.id.in_([int(number) for number in numbers["project"]]),
    ]
    if "region" in numbers:
        mine.append(literal_column("1 = 1"))
    return (
        select(Project)
        .where(or_(*mine))
        .options(
            joinedload(Project.call).joinedload(Call.fund),
            joinedload(Project.commune),
            joinedload(Project.team),
            selectinload(Project.former),
            selectinload(Project.helpers),
        )
    )


def _awaits(actor: Actor) -> ColumnElement[bool]:
    """Only the states from which a role of the actor has an awaited step."""
    roles = {role for role, _on in actor.duties} | {Role.BEARER, Role.TEAM}
    pairs = {
        (code, state)
        for code, lifecycle in lifecycles().items()
        for step in lifecycle.steps
        if step.is_awaited and step.who & roles
        for state in step.before
    }
    return or_(*(and_(Project.scheme == code, Project.state == state) for code, state in sorted(pairs)))


def quarter_choices(unknown: str, elsewhere: str) -> dict[str, Any]:
    """Choices of a list grouped by commune: its quarters in force, then the rest of it; values are « code:id »."""
    query = (
        select(Commune.code, Commune.name, Commune.departement, Perimeter.id, Perimeter.name)
        .join(perimeter_commune, perimeter_commune.c.commune_code == Commune.code)
        .join(Perimeter, Perimeter.id == perimeter_commune.c.perimeter_id)
        .where(in_force(), Perimeter.kind != "commune")
        .order_by(Commune.name, Commune.code, Perimeter.name, Perimeter.id)
    )
    choices: dict[str, Any] = {"": unknown}
    for (code, town), found in groupby(db.session.execute(query), lambda row: (row[0], f"{row[1]} ({row[2]})")):
        choices[town] = {f"{code}:{row[3]}": row[4] for row in found} | {f"{code}:": elsewhere}
    return choices


def open_calls(scheme: str, commune_code: str | None) -> Sequence[Call]:
    """Calls of ``scheme`` open today where somebody of this commune may lodge, the one that closes first on top."""
    today = clock.today()
    query = (
        select(Call)
        .where(Call.scheme == scheme, Call.opens_on <= today, Call.closes_on >= today)
        .options(
            joinedload(Call.fund).options(
                selectinload(Fund.communes), selectinload(Fund.perimeters).selectinload(Perimeter.communes)
            )
        )
        .order_by(Call.closes_on, Call.id)
    )
    return [call for call in db.session.scalars(query).unique() if call.fund.covers(commune_code)]
