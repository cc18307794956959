"""What the public page of works shows: from the proposal to the use, who has the ball, the days promised and kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.ballots import queries as ballots
from citizen.ftu import polling, works
from citizen.ftu.milestones import KINDS
from citizen.ftu.models import Campaign, FtuProject
from citizen.ftu.phases import Phase
from citizen.ftu.polling import Use
from citizen.ftu.review import results_of
from citizen.ftu.works_models import Milestone, WorksMoney
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.projects.idea_models import supports_of
from citizen.projects.showing import Entry
from citizen.web.filters import day, say

HOLDERS = {
    "team": N_("C’est à l’équipe."), "residents": N_("C’est aux habitants."), "commune": N_("C’est à la commune."),
    "committee": N_("C’est au comité."),
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One moment of works: done on a day, or promised, and whose it is."""

    label: str
    holder: str
    done_on: date | None
    promised: str = ""
    detail: str = ""


def journey(project: FtuProject) -> list[Entry]:
    """Each moment with its day; the first that is not done is now, unless the project has stopped."""
    moments, entries, is_now_shown = list(_moments(project)), [], False
    has_stopped = project.where_it_stands.is_final and not project.where_it_stands.is_supported
    for one in moments:
        if one.done_on:
            entries.append(Entry(say(one.label), day(one.done_on), "done", one.detail))
        elif not has_stopped:
            said = " ".join(filter(None, (one.detail, "" if is_now_shown else say(HOLDERS[one.holder]))))
            entries.append(Entry(say(one.label), one.promised, "next" if is_now_shown else "now", said))
            is_now_shown = True
    return entries


def _moments(project: FtuProject) -> Iterator[Moment]:
    known = supports_of(project.id).total
    since = project.lodged_at or project.shared_at
    yield Moment(N_("Proposé"), "team", _local(since), _promised(project, Phase.PROPOSE))
    if known:
        yield Moment(N_("Soutenu"), "residents", _local(since), detail=ngettext("%(num)s soutien", "%(num)s soutiens", known))
    yield Moment(N_("Étudié"), "commune", _local(project.studied_at), _promised(project, Phase.STUDY))
    vote, review = _vote(project), _review(project)
    both = (review, vote) if project.terms.committee_role == "before" else (vote, review)
    yield from (one for one in both if one)
    yield _validated(project)
    if project.state in ("granted", "report_submitted", "closed"):
        yield from _works(project)


def _local(moment: Any) -> date | None:
    return moment.astimezone(clock.LOCAL).date() if moment else None


def _promised(project: FtuProject, phase: Phase) -> str:
    days = project.call.calendar.get(phase) if isinstance(project.call, Campaign) else None
    return say(days.words) if days else ""


def _vote(project: FtuProject) -> Moment | None:
    if project.terms.committee_role == "decides":
        return None
    poll = ballots.poll_of(project.call_id) if project.call_id else None
    found = results_of([project.id]).get(project.id)
    detail = ""
    if found:
        said = _("retenu") if found.is_selected else _("non retenu")
        detail = said.capitalize()
        if found.shows_votes:
            detail = ngettext("%(num)s voix : %(said)s", "%(num)s voix : %(said)s", found.votes, said=said)
    done_on = _local(poll.tallied_at) if poll and found else None
    return Moment(N_("Voté par les habitants"), "residents", done_on, _promised(project, Phase.VOTE), detail)


def _review(project: FtuProject) -> Moment | None:
    if not project.terms.has_committee:
        return None
    said = project.opinion
    detail = say(said.taken.words) if said else ""
    done_on = said.decided_on if said else None
    return Moment(N_("Examiné par le comité"), "committee", done_on, _promised(project, Phase.COMMITTEE), detail)


def _validated(project: FtuProject) -> Moment:
    acts = [one for one in project.decisions if one.outcome in ("granted", "rejected")]
    latest = acts[-1] if acts and project.state not in ("draft", "submitted", "admissible") else None
    detail = "" if latest is None else euros(latest.amount_cents) if latest.amount_cents else _("non validé")
    promised = _promised(project, Phase.VALIDATION)
    return Moment(N_("Validé par la commune"), "commune", latest.decided_on if latest else None, promised, detail)


def _works(project: FtuProject) -> Iterator[Moment]:
    """Each milestone, then the use of the place."""
    found, today = works.milestones_of(project.id), clock.today()
    for kind, words in KINDS.items():
        one = found.get(kind)
        promised = _("prévu le %(day)s", day=day(one.planned_on)) if one else ""
        yield Moment(words.label, "commune", one.done_on if one else None, promised, _about(one, today) if one else "")
    for use in polling.uses_of(project):
        done_on = use.poll.replied_on or (use.poll.closes_on if use.is_over else None)
        label = _("Utilisé : %(months)d mois après", months=use.poll.months)
        yield Moment(label, "residents", done_on, _("réponses jusqu’au %(day)s", day=day(use.poll.closes_on)), use_words(use))


def _about(one: Milestone, today: date) -> str:
    """How late, why, who is responsible, what remains to mend."""
    late = one.stage.late_days(today)
    parts = [
        ngettext("%(num)s jour de retard sur le %(day)s promis", "%(num)s jours de retard sur le %(day)s promis", late,
                 day=day(one.promised_on)) if late else "",
        one.cause or (_("la cause n’est pas encore dite") if late else ""), one.responsible,
        _("réserves : %(words)s", words=one.reservations) if one.reservations else "",
    ]  # fmt: skip
    return " · ".join(filter(None, parts))


def use_words(use: Use) -> str:
    """What may be said of the answers: no figure while they are few."""
    if not use.is_over:
        return _("Les personnes qui suivent répondent en ce moment.")
    if use.used is None or use.works is None:
        return (
            _("Quelques personnes ont répondu, trop peu pour publier des chiffres.")
            if use.answers
            else _("Personne n’a répondu.")
        )
    return _("%(answers)d réponses : %(used)d utilisent le lieu, %(works)d disent qu’il marche bien.",
             answers=use.answers, used=use.used["often"] + use.used["sometimes"], works=use.works["yes"])  # fmt: skip


def money(project: FtuProject) -> list[tuple[str, str]]:
    """Who pays the works, and what they really cost."""
    kept = works.money_of(project.id)
    found = [(_("Financé par l’acte de la commune"), euros(project.granted_cents))] if project.granted_cents else []
    return [*found, *_region(kept), *([(_("Coût réel"), euros(kept.real_cents))] if kept and kept.real_cents else [])]


def _region(kept: WorksMoney | None) -> list[tuple[str, str]]:
    if kept is None or kept.asked_cents is None:
        return []
    asked = _("%(amount)s demandés le %(day)s", amount=euros(kept.asked_cents), day=day(kept.asked_on))
    if kept.agreed_cents is None:
        return [(_("Part de la Région"), _("%(asked)s, réponse attendue", asked=asked))]
    answer = _("refusé") if not kept.agreed_cents else _("%(amount)s accordés", amount=euros(kept.agreed_cents))
    return [(_("Part de la Région"), f"{asked}, {answer} ({day(kept.answered_on)}, {kept.reference})")]
