"""Writing the final report, little by little, by the team and who helps it; only the team sends it."""

from collections.abc import Mapping
from typing import IO, Any

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.files import services as files
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.projects import outturn, services, settlement
from citizen.projects.budget import Attachment
from citizen.projects.models import Project
from citizen.projects.reports import FinalReport, ReportLine, ReportPicture

MAX_RECEIPTS, MAX_PICTURES, MAX_LINES = 60, 30, 60


def write(actor: Actor, project_id: int, **values: Any) -> Project:
    """Keeps some of its columns."""

    def change(project: Project) -> None:
        report = begun(project)
        for name, value in values.items():
            setattr(report, name, value)

    return _edit(actor, project_id, change)


def tell_spending(actor: Actor, project_id: int, amounts: Mapping[str, int | None]) -> Project:
    """What each line really cost or brought, by the key of its row; None is « not told yet »."""

    def change(project: Project) -> None:
        for key, cents in amounts.items():
            _line(project, key).spent_cents = cents
        _total(project)

    return _edit(actor, project_id, change)


def add_line(actor: Actor, project_id: int, *, side: str, nature: str, label: str, spent_cents: int) -> Project:
    """An expense or an income that nobody had planned."""

    def change(project: Project) -> None:
        lines = begun(project).lines
        if len(lines) >= MAX_LINES:
            raise Invalid("label", _("%(count)d lignes au plus.", count=MAX_LINES))
        lines.append(ReportLine(side=side, nature=nature, label=label, spent_cents=spent_cents))
        _total(project)

    return _edit(actor, project_id, change)


def remove_line(actor: Actor, project_id: int, key: str) -> Project:
    """Takes an added line away with its receipts; a line of the budget stays."""

    def change(project: Project) -> None:
        row = _row(project, key)
        if row.line is None or row.line.line_id:
            raise Invalid("label", _("Cette ligne est au budget : écrivez 0 si rien n’a été dépensé."))
        for receipt in row.receipts:
            _drop(actor, project, receipt)
        begun(project).lines.remove(row.line)
        _total(project)

    return _edit(actor, project_id, change)


def add_receipt(actor: Actor, project_id: int, key: str, *, stream: IO[bytes], filename: str) -> Project:
    """A ticket or an invoice of one line."""
    prepared = files.prepare(stream, filename)

    def change(project: Project) -> None:
        line = _line(project, key)
        if sum(one.kind == "receipt" for one in project.attachments) >= MAX_RECEIPTS:
            raise Invalid("file", _("%(count)d documents au plus.", count=MAX_RECEIPTS))
        db.session.flush()
        document = files.keep(actor, prepared)
        project.attachments.append(
            Attachment(document_id=document.id, kind="receipt", caption=line.label, report_line_id=line.id)
        )

    return _edit(actor, project_id, change)


def add_picture(
    actor: Actor, project_id: int, *, stream: IO[bytes], filename: str, caption: str, shows_people: bool, has_consent: bool,
    consent_kept_by: str,
) -> Project:  # fmt: skip
    """A picture, with the consent of who can be recognised on it."""
    if has_consent and not consent_kept_by.strip():
        raise Invalid("consent_kept_by", _("Dites qui garde les accords signés."))
    prepared = files.prepare(stream, filename, images_only=True)

    def change(project: Project) -> None:
        report = begun(project)
        if len(report.pictures) >= MAX_PICTURES:
            raise Invalid("file", _("%(count)d photos au plus.", count=MAX_PICTURES))
        document = files.keep(actor, prepared)
        attachment = Attachment(document_id=document.id, kind="picture", caption=caption)
        project.attachments.append(attachment)
        db.session.flush()
        report.pictures.append(
            ReportPicture(
                attachment_id=attachment.id, shows_people=shows_people, has_consent=shows_people and has_consent,
                consent_kept_by=consent_kept_by if shows_people and has_consent else "",
            )
        )  # fmt: skip

    return _edit(actor, project_id, change)


def remove_paper(actor: Actor, project_id: int, attachment_id: int) -> Project:
    """Takes a receipt or a picture of the report away, its file too; one of another project is not there."""

    def change(project: Project) -> None:
        for attachment in project.attachments:
            if attachment.id == attachment_id and attachment.kind in ("receipt", "picture"):
                report = begun(project)
                report.pictures = [one for one in report.pictures if one.attachment_id != attachment_id]
                db.session.flush()
                _drop(actor, project, attachment)
                return

    return _edit(actor, project_id, change)


def send(actor: Actor, project_id: int) -> Project:
    """Sends the report: nothing may be missing. What a reviewer asked for is answered by this."""

    def seal(project: Project) -> None:
        report = begun(project)
        report.sent_at, report.points = report.sent_at or clock.now(), {}

    return services.take(actor, project_id, "report", effect=seal)


def begun(project: Project) -> FinalReport:
    """The report, born at its first word."""
    if project.report is None:
        project.report = FinalReport(points={})
        db.session.flush()
    return project.report


def _edit(actor: Actor, project_id: int, change: services.Effect) -> Project:
    with transaction():
        return services.edit(actor, project_id, change, action="write_report")


def _row(project: Project, key: str) -> outturn.Row:
    found = next((row for row in outturn.rows(project) if row.key == key), None)
    if found is None:
        raise Invalid("label", _("Cette ligne n’est plus là."))
    return found


def _line(project: Project, key: str) -> ReportLine:
    """The line of the report behind a row, born when the row is first told."""
    row, report = _row(project, key), begun(project)
    if row.line is not None:
        return row.line
    line = ReportLine(line_id=int(key[1:]), side=row.account.side, nature=row.account.nature, label=row.account.label)
    report.lines.append(line)
    return line


def _total(project: Project) -> None:
    db.session.flush()
    begun(project).actual_cost_cents = settlement.total(outturn.spent(project))


def _drop(actor: Actor, project: Project, attachment: Attachment) -> None:
    project.attachments.remove(attachment)
    db.session.flush()
    files.remove(actor, attachment.document_id)
