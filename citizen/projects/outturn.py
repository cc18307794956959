"""Reading what a project really was: its account line by line, what its report says, what it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from citizen import clock
from citizen.db import db
from citizen.funds import ledger
from citizen.projects import settlement
from citizen.projects.budget import Attachment, BudgetLine
from citizen.projects.models import Project
from citizen.projects.reminders import KINDS, Calendar
from citizen.projects.reports import BANDS, ReportLine, SentReminder
from citizen.projects.settlement import ReportFacts, Settlement, Spent
from citizen.projects.steps import S

REPORT_DELAY_DAYS = 60  # where the rules of the scheme set none. Source: regulation, default of the configuration object


@dataclass(frozen=True)
class Row:
    """One line of the account as pages show it: planned in the budget, added in the report, or both."""

    key: str  # « p12 »: line 12 of the budget; « n3 »: line 3 of the report
    account: Spent
    receipts: Sequence[Attachment]
    line: ReportLine | None


def rows(project: Project) -> list[Row]:
    """Every expense and every income but the aid itself: those planned first, then those that came."""
    told = project.report.lines if project.report else []
    by_plan = {line.line_id: line for line in told if line.line_id}
    papers: dict[int | None, list[Attachment]] = {}
    for attachment in project.attachments:
        if attachment.kind == "receipt":
            papers.setdefault(attachment.report_line_id, []).append(attachment)
    planned = [line for line in project.lines if line.side == "expense" or line.nature in ("own", "other")]
    pairs: list[tuple[BudgetLine | None, ReportLine | None]] = [(line, by_plan.get(line.id)) for line in planned]
    pairs += [(None, line) for line in told if not line.line_id]
    found = [_row(plan, line, papers.get(line.id, []) if line else []) for plan, line in pairs]
    return sorted(found, key=lambda row: row.account.side)


def _row(plan: BudgetLine | None, line: ReportLine | None, receipts: Sequence[Attachment]) -> Row:
    source = plan or line
    assert source is not None
    account = Spent(
        side=source.side, nature=source.nature, label=source.label, planned=plan.amount_cents if plan else 0,
        spent=line.spent_cents if line else None, receipts=len(receipts), set_aside_reason=line.set_aside_reason if line else "",
    )  # fmt: skip
    return Row(f"p{plan.id}" if plan else f"n{source.id}", account, receipts, line)


def spent(project: Project) -> tuple[Spent, ...]:
    """The account alone."""
    return tuple(row.account for row in rows(project))


def totals(project: Project) -> dict[str, int]:
    """Planned and real, spent and received, and how many expenses are not told yet; the aid is not among the incomes."""
    lines = spent(project)
    return {
        "planned": sum(line.planned for line in lines if line.side == "expense"), "spent": settlement.total(lines),
        "expected": sum(line.planned for line in lines if line.side == "income"),
        "received": settlement.total(lines, "income"),
        "untold": sum(line.spent is None for line in lines if line.side == "expense"),
    }  # fmt: skip


def eligible_cents(project: Project) -> int:
    """What its aid may pay for: what who pays the bills says it cost, else as far as the report says."""
    if project.real_cost_cents is not None:
        return project.real_cost_cents
    return settlement.eligible(spent(project), project.paid_natures)


def settle(project: Project, eligible: int) -> Settlement:
    """What it is due on this cost, under its own version of the rules and what the ledger paid."""
    standing = ledger.of_project(project.id)
    rate = getattr(project.terms, "max_rate_percent", 100)
    return Settlement(project.granted_cents or 0, eligible, rate, standing.paid - standing.refunded)


def report_due_on(project: Project) -> date | None:
    """The last day for the report. Source: règlement du fonds, délai du bilan."""
    over = project.ends_on or project.starts_on
    return over + timedelta(days=getattr(project.terms, "report_delay_days", REPORT_DELAY_DAYS)) if over else None


def calendar(project: Project) -> Calendar:
    """The days that reminders count from."""
    sent = project.report.sent_at if project.report else None
    over = project.ends_on or project.starts_on
    points_due_on = max((one.due_on for one in project.points if one.status == "asked" and one.due_on), default=None)
    return Calendar(
        project.state, project.starts_on, over, report_due_on(project), sent is not None, points_due_on, len(project.versions),
    )  # fmt: skip


def report_facts(project: Project) -> ReportFacts:
    """What the report says, complete."""
    report = project.report
    late = {one.kind for one in KINDS if one.is_late}
    return ReportFacts(
        today=clock.today(),
        held_on=report.held_on if report else None,
        place=report.place if report else "",
        participants=report.participants if report else None,
        parts=tuple(getattr(report, name) or 0 for name in ("from_quarter", "newcomers", "women")) if report else (),
        bands=tuple(getattr(report, name) or 0 for name in BANDS) if report else (),
        story=report.story if report else "",
        lines=spent(project),
        marks=project.marks_afterwards,
        due_on=report_due_on(project),
        late_reminders=sum(one.kind in late for one in reminders_of(project)),
    )


def reminders_of(project: Project) -> Sequence[SentReminder]:
    """Those that left, oldest first."""
    query = db.select(SentReminder).where(SentReminder.project_id == project.id).order_by(SentReminder.id)
    return db.session.scalars(query).all()


def is_published(project: Project) -> bool:
    """Whether everybody reads the report: once it is accepted."""
    return project.state == S.CLOSED and project.closing is not None and project.closing.kind == "accepted"


def public_pictures(project: Project) -> list[Attachment]:
    """The pictures of an accepted report that may be shown: nobody recognisable, or everybody agreed in writing."""
    if project.report is None or not is_published(project):
        return []
    shown = (picture.attachment for picture in project.report.pictures if picture.may_be_shown)
    return [one for one in shown if f"photo-{one.id}" not in project.hidden]
