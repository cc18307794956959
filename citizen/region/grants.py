"""Grants as the national schema wants them: who gives, who receives, when, under which act.

Source: schéma « subventions » 2.1.1 (SCDL), décret n° 2017-779 du 5 mai 2017.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from citizen.ftu.works_models import Milestone, WorksMoney
from citizen.funds.models import Call, Fund, LedgerEntry, Ruleset
from citizen.people.models import Organisation
from citizen.projects.models import Decision, Project
from citizen.region.queries import stream, supported
from citizen.region.rules import in_euros, named

TITLE = 255  # of the 256 of the schema: a formula gets an apostrophe more
_RNA = re.compile(r"W\d{9}")
NAMED = dict.fromkeys(("organisation.name", "organisation.siret", "organisation.rna"), named)


class Grant(NamedTuple):
    """What was attributed, by whom and to whom; ``terms`` are those of its rules, None when an act says how it is paid."""

    project: int | None
    title: str
    cents: int
    decided_on: date
    reference: str | None
    ends_on: date | None
    giver: tuple[str | None, ...]  # kind, name, SIRET
    taker: tuple[str | None, ...]  # kind, name, SIRET, RNA
    terms: dict[str, Any] | None = None
    first_paid: date | None = None
    last_paid: date | None = None
    times: int | None = None

    @property
    def rna(self) -> str | None:
        """The number that the national schema knows."""
        return self.taker[3] if _RNA.fullmatch(self.taker[3] or "") else None

    @property
    def lacks(self) -> str:
        """Why it cannot stand in the national schema: « group », « taker » or « giver »; empty when it can."""
        if self.taker[0] in (None, "group"):
            return "group"
        return "taker" if not (self.taker[2] or self.rna) else "" if self.giver[2] else "giver"

    @property
    def conditions(self) -> str:
        if self.terms is None:
            return "selon l’acte"
        return "unique" if len(self.terms.get("instalments", ())) == 1 else "échelonné"

    @property
    def days(self) -> str:
        """The day of the payment, else the first and the last days when money may leave."""
        if self.conditions == "unique" and self.times == 1 and self.first_paid:
            return self.first_paid.isoformat()
        first = self.first_paid or self.decided_on
        last = max(day for day in (first, self.last_paid, self.ends_on) if day)
        return f"{first}/{last}"

    @property
    def cells(self) -> tuple[Any, ...]:
        """The sixteen columns of the national schema."""
        return (
            named(*self.giver[:2]), self.giver[2], self.decided_on.isoformat(), self.reference or "", named(*self.taker[:2]), self.taker[2],
            self.rna, self.title[:TITLE], in_euros(self.cents), "aide en numéraire", self.conditions, self.days, None, "non",
            "1.00", None,
        )  # fmt: skip


def grants() -> Iterator[Grant]:
    """Aid to the projects of associations, the Region's share of the works of communes, what it gives to the funds of residents."""
    yield from chain(_aids(), _shares(), _allotments())


def _aids() -> Iterator[Grant]:
    giver, taker, entry = aliased(Organisation), aliased(Organisation), LedgerEntry
    paid = (
        select(entry.project_id, func.min(entry.day).label("first"), func.max(entry.day).label("last"), func.count().label("times"))
        .where(entry.kind.in_(("payment", "overpayment"))).group_by(entry.project_id).subquery()
    )  # fmt: skip
    act = select(Decision.project_id, func.max(Decision.id).label("id")).where(Decision.outcome == "granted")
    newest = act.group_by(Decision.project_id).subquery()
    query = (
        select(
            Project.id, Project.title, Project.granted_cents, Project.decided_on, Decision.act_reference, Project.ends_on,
            giver.kind, giver.name, giver.siret, taker.kind, taker.name, taker.siret, taker.rna,
            Ruleset.terms, paid.c.first, paid.c.last, paid.c.times,
        )
        .join(Call, Call.id == Project.call_id).join(Fund, Fund.id == Call.fund_id).join(giver, giver.id == Fund.organisation_id)
        .outerjoin(taker, taker.id == Project.organisation_id).join(Ruleset, Ruleset.id == Project.ruleset_id)
        .outerjoin(newest, newest.c.project_id == Project.id).outerjoin(Decision, Decision.id == newest.c.id)
        .outerjoin(paid, paid.c.project_id == Project.id)
        .where(supported(), Project.scheme != "ftu", Project.granted_cents > 0).order_by(Project.id)
    )  # fmt: skip
    for row in stream(query, NAMED):
        yield Grant._make((*row[:6], row[6:9], row[9:13], *row[13:]))


def _region() -> tuple[str | None, ...]:
    query = select(Organisation.kind, Organisation.name, Organisation.siret).where(Organisation.kind == "region")
    return next((tuple(row) for row in stream(query.order_by(Organisation.id), NAMED)), ("region", None, None))


def _shares() -> Iterator[Grant]:
    region = _region()
    query = (
        select(
            Project.id, Project.title, WorksMoney.agreed_cents, WorksMoney.answered_on, WorksMoney.reference,
            func.max(Milestone.planned_on), Organisation.kind, Organisation.name, Organisation.siret, Organisation.rna,
        )
        .join(WorksMoney, WorksMoney.project_id == Project.id).outerjoin(Milestone, Milestone.project_id == Project.id)
        .join(Call, Call.id == Project.call_id).join(Fund, Fund.id == Call.fund_id)
        .join(Organisation, Organisation.id == Fund.organisation_id)
        .where(supported(), WorksMoney.agreed_cents > 0)
        .group_by(Project.id, WorksMoney.project_id, Organisation.id).order_by(Project.id)
    )  # fmt: skip
    for row in stream(query, NAMED):
        yield Grant._make((*row[:6], region, row[6:], None, None, None, None))


def _allotments() -> Iterator[Grant]:
    """What the Region gives, by an act, to the association that manages a fund of residents' projects."""
    entry, region = LedgerEntry, _region()
    query = (
        select(
            Fund.title, Call.title, entry.amount_cents, entry.day, entry.reference, Call.closes_on,
            Organisation.kind, Organisation.name, Organisation.siret, Organisation.rna,
        )
        .join(Call, Call.id == entry.call_id).join(Fund, Fund.id == Call.fund_id).join(Organisation, Organisation.id == Fund.organisation_id)
        .where(entry.kind == "allotment_in", Call.scheme == "pic").order_by(entry.id)
    )  # fmt: skip
    for fund, call, *row in stream(query, {**NAMED, "ledger_entry.reference": _allotments}):
        title = call if call.startswith(fund) else f"{fund}, {call}"
        yield Grant._make((None, title, *row[:4], region, tuple(row[4:]), None, None, None, None))


def left_out() -> Counter[str]:
    """How many grants the national schema has no place for, by what they lack."""
    return Counter(one.lacks for one in grants() if one.lacks)
