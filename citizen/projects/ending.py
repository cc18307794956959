"""How a project ends: report accepted, sent back, closed without, or cancelled; what is due is computed under the lock."""

from collections.abc import Mapping

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.funds import ledger
from citizen.funds.models import Call
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.money import euros
from citizen.projects import letters, outturn, services
from citizen.projects.models import Project
from citizen.projects.reports import Closing
from citizen.projects.settlement import Settlement

KINDS = {"close": "accepted", "close_without": "without", "cancel": "cancelled"}


def close(actor: Actor, project_id: int) -> Project:
    """Accepts the report: the aid is what it is due, the rest goes back to the envelope."""
    with transaction():
        project = services.locked(project_id)
        services.judge(actor, project, "close")
        return _end(actor, project, "close", outturn.eligible_cents(project))


def close_without(actor: Actor, project_id: int, reason: str, *, proven_cents: int = 0) -> Project:
    """The report never came: only what is proven is due; what was paid beyond it is asked back."""
    with transaction():
        return _end(actor, services.locked(project_id), "close_without", proven_cents, reason)


def cancel(actor: Actor, project_id: int, reason: str) -> Project:
    """A granted project that will not happen: nothing is due, and what was paid is asked back."""
    with transaction():
        return _end(actor, services.locked(project_id), "cancel", 0, reason)


def _end(actor: Actor, project: Project, action: str, eligible: int, reason: str = "") -> Project:
    def settle(ended: Project) -> None:
        assert ended.call_id is not None
        db.session.get_one(Call, ended.call_id, with_for_update=True, populate_existing=True)  # no payment in between
        account = outturn.settle(ended, eligible)
        kept = ledger.of_project(ended.id).kept
        ledger.give_back(actor, ended.call_id, ended.id, max(kept - account.due, 0))
        db.session.add(
            Closing(
                project_id=ended.id, kind=KINDS[action], eligible_cents=eligible, closed_on=clock.today(), closed_by=actor.person_id
            )
        )  # fmt: skip
        letters.tell_account(ended, consequence(ended, account))

    return services.take(actor, project.id, action, reason=reason, effect=settle)


def consequence(project: Project, account: Settlement) -> list[str]:
    """What follows, in sentences: said before the button, and in the letter afterwards."""
    said = [_("L’aide due est de %(due)s, pour %(granted)s accordés.", due=euros(account.due), granted=euros(account.granted))]
    if account.balance and project.is_paid_to_team:
        said.append(_("Il reste %(cents)s à verser au groupe.", cents=euros(account.balance)))
    if account.refund:
        said.append(_("%(cents)s seront demandés au groupe, qui les a reçus en trop.", cents=euros(account.refund)))
    if account.released:
        said.append(_("%(cents)s retournent dans l’enveloppe.", cents=euros(account.released)))
    return said


def give_back(actor: Actor, project_id: int, points: Mapping[str, str]) -> Project:
    """Sends the report back with what is to be seen again, page by page; all that was written stays."""
    asked = {page: words.strip() for page, words in points.items() if words.strip()}
    if not asked:
        raise Invalid("", _("Dites au moins un point à revoir : l’équipe saura quoi faire."))

    def mark(project: Project) -> None:
        assert project.report is not None
        project.report.points = asked

    return services.take(actor, project_id, "return_report", reason="\n".join(asked.values()), effect=mark)


def set_aside(actor: Actor, project_id: int, line_id: int, reason: str) -> Project:
    """An expense that is not eligible, with the reason; taken back into account when the reason is empty."""

    def mark(project: Project) -> None:
        lines = project.report.lines if project.report else []
        line = next((one for one in lines if one.id == line_id and one.side == "expense"), None)
        if line is None:
            raise Invalid("reason", _("Cette ligne n’est plus là."))
        line.set_aside_reason = reason.strip()

    return services.take(actor, project_id, "set_aside", reason=reason, effect=mark)
