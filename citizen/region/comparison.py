"""What is looked at: a territory over some years, alone or beside another; days between two columns on both databases."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, extract, func, select

from citizen import clock
from citizen.db import db
from citizen.projects.models import Project
from citizen.region.territory import Territory


def days_between(since: Any, until: Any) -> ColumnElement[int]:
    """Whole days from one day to the other, moments read as their day in UTC."""
    if db.engine.dialect.name == "sqlite":
        return cast(func.julianday(_day(until)) - func.julianday(_day(since)), Integer)
    return _day(until) - _day(since)


def _day(column: Any) -> Any:
    if isinstance(column.type, Date):
        return column
    return func.substr(column, 1, 10) if db.engine.dialect.name == "sqlite" else cast(func.timezone("UTC", column), Date)


def year_of(column: Any) -> ColumnElement[int]:
    # SQLite writes days so that the year comes first: its own calendar takes three times as long
    is_text = db.engine.dialect.name == "sqlite"
    return cast(func.substr(column, 1, 4), Integer) if is_text else extract("year", column)


@dataclass(frozen=True)
class Scope:
    """A territory, from the first of January of one year to the end of another."""

    territory: Territory
    first: int
    last: int

    @property
    def years(self) -> list[int]:
        return list(range(self.first, self.last + 1))

    @property
    def period(self) -> str:
        """« 2024–2026 », « 2026 »."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"

    def during(self, column: Any) -> ColumnElement[bool]:
        """Days of the period; for a moment, on the quarter's clock."""
        since, until = date(self.first, 1, 1), date(self.last + 1, 1, 1)
        if not isinstance(column.type, Date):
            since, until = (datetime.combine(day, time.min, clock.LOCAL) for day in (since, until))
        return (column >= since) & (column < until)


def known_years() -> list[int]:
    """From the year of the first decision, or the last year, to this one."""
    this, first = clock.today().year, db.session.scalar(select(func.min(Project.decided_on)))
    return list(range(min(first.year if first else this, this - 1), this + 1))
