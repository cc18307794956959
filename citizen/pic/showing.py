"""What PIC pages show: the three conditions as found or as judged, the answers, the promise calendar, the table of rights."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.kernel.access import Role
from citizen.kernel.findings import Finding, Status
from citizen.kernel.money import euros
from citizen.kernel.words import N_, Words
from citizen.pic.conditions import CONDITIONS, Condition
from citizen.pic.forms import ANSWERS_TO, ConditionsForm
from citizen.pic.models import PicFund, PicJudgement, PicProject
from citizen.pic.queries import Followed, followed, promises_if_lodged_today
from citizen.pic.rules import ELIGIBILITY, VERDICTS, Promise, largest_grant_cents
from citizen.pic.steps import DECIDERS
from citizen.pic.terms import Facts
from citizen.projects import queries as projects
from citizen.projects import versions
from citizen.projects.clocks import Holder, Wait, days_of
from citizen.projects.doubles import doubles_among
from citizen.projects.rules import CommonFacts
from citizen.projects.showing import Entry
from citizen.web.access import current_actor
from citizen.web.filters import day, say


@dataclass(frozen=True)
class Sheet:
    """One condition of a project: what the facts say, point by point, and what the team answered."""

    condition: Condition
    finding: Finding
    points: Sequence[Finding]
    answers: Sequence[tuple[str, Any]]


def sheets(project: PicProject) -> list[Sheet]:
    """The three conditions, judged on today's facts."""
    return sheets_of([project])[project.id]


def sheets_of(files: Sequence[PicProject]) -> dict[int, list[Sheet]]:
    """The same of each of these files, read at once."""
    common = projects.common_facts_of(files)
    return {one.id: _sheets(one, one.facts(common[one.id])) for one in files}


def _sheets(project: PicProject, facts: Facts) -> list[Sheet]:
    terms, form = project.terms, ConditionsForm(formdata=None)
    return [
        Sheet(
            condition, condition.finding(facts, terms), condition.found(facts, terms),
            [(form[name].label.text, _said(project, name)) for name in ANSWERS_TO[condition.slug]],
        )
        for condition in CONDITIONS
    ]  # fmt: skip


def presenters(project: PicProject) -> str:
    """Who defends the project before the committee: names, for reviewers only."""
    return ", ".join(member.name for member in project.team if member.is_presenter) or _("Personne n’est encore désigné.")


def autonomy(project: PicProject) -> list[tuple[str, Any]]:
    """What speaks of the group's autonomy: first project or not, what it learns, the help it says and the help recorded."""
    form, days = ConditionsForm(formdata=None), versions.days_of_writing(project)
    said = [(form[name].label.text, _said(project, name)) for name in ("is_first_project", "learning", "help_received")]
    written = [
        _("%(who)s : %(days)d jour(s) d’écriture sur %(all)d", who=helper.signature, days=days.get(helper.person_id, 0),
          all=sum(days.values()))
        for helper in project.helpers if helper.consented_at
    ]  # fmt: skip
    return [*said, (_("Écrit avec l’aide de"), " ; ".join(written) or _("personne"))]


def is_reviewed_by(project: PicProject, roles: Collection[Role]) -> bool:
    """Whether these roles on the project read what the team wrote: its fund's manager and committee, once it is lodged."""
    is_judge = project.lodged_at is not None and not DECIDERS.isdisjoint(roles)
    return is_judge and not project.bars(current_actor().person_id)


def eligibility(project: PicProject) -> list[Finding]:
    """The checks beside the three conditions, judged on today's facts."""
    facts: Any = projects.facts_of(project)
    return [check(facts, project.terms) for check in ELIGIBILITY]


def conditions_as_known(project: PicProject) -> list[Finding]:
    """The three conditions in the same words for all: as the committee judged them, else as the facts say."""
    judged = project.last_judgements
    if judged:
        return [_judged(condition, judged[condition.slug]) for condition in CONDITIONS]
    return [sheet.finding for sheet in sheets(project)]


def _judged(condition: Condition, word: PicJudgement) -> Finding:
    status = Status.MET if word.verdict == "met" else Status.MISSING
    fact = Words("Le comité dit « %(verdict)s » : %(reason)s", verdict=say(VERDICTS[word.verdict]).lower(), reason=word.reason)
    return Finding(condition.slug, status, condition.title, fact, condition.rule, condition.source)


def _said(project: PicProject, name: str) -> str:
    value = project.price_cents if name == "price" else getattr(project, name)
    if value is None or value == "":
        return _("pas de réponse")
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return euros(value) if name == "price" else str(value)


_STATES = {"kept": "done", "late": "now", "waiting": "next"}


def calendar(promises: Sequence[Promise]) -> list[Entry]:
    """The promise calendar as a timeline: what was due, what was done, kept or not."""
    today = clock.today()
    return [Entry(promise.label, _when(promise), _STATES[promise.state(today)], _kept(promise)) for promise in promises]


def _when(promise: Promise) -> str:
    if promise.done_on:
        return day(promise.done_on)
    return _("avant le %(day)s", day=day(promise.due_on)) if promise.due_on else say(promise.after)


def _kept(promise: Promise) -> str:
    """Whether it was kept, and why its day moved."""
    if promise.due_on is None:
        return ""
    is_late, due = promise.state(clock.today()) == "late", day(promise.due_on)
    said = _("en retard") if is_late else _("promesse tenue") if promise.done_on else ""
    if promise.done_on:
        said = _("promis avant le %(day)s : %(said)s", day=due, said=said)
    stopped = ngettext(
        "%(num)s jour pris par l’équipe pour compléter ne compte pas",
        "%(num)s jours pris par l’équipe pour compléter ne comptent pas", promise.stopped_days,
    ) if promise.stopped_days else ""  # fmt: skip
    return " ; ".join(filter(None, (said, stopped)))


HOLDERS = {
    Holder.BEARER: N_("%(days)d pour l’équipe"),
    Holder.ASSOCIATION: N_("%(days)d pour l’association"),
    Holder.COMMITTEE: N_("%(days)d pour le comité"),
}


def shared_days(waits: Sequence[Wait]) -> str:
    """« 12 jours d’attente : 3 pour l’équipe, 5 pour l’association, 4 pour le comité »."""
    found = days_of(waits)
    parts = ", ".join(say(Words(words, days=found[who])) for who, words in HOLDERS.items() if found.get(who))
    return (
        ngettext(
            "%(num)s jour d’attente : %(parts)s.", "%(num)s jours d’attente : %(parts)s.", sum(found.values()), parts=parts
        )
        if parts
        else ""
    )


def calendar_if_lodged_today(project: PicProject) -> list[Entry]:
    """What a file being written would be promised; nothing without a fund."""
    fund = project.call.fund if project.call else None
    return calendar(promises_if_lodged_today(fund)) if isinstance(fund, PicFund) else []


def project_part(project: PicProject) -> dict[str, Any]:
    """What the project's public page adds for a PIC."""
    one = followed([project])[0] if project.lodged_at else None
    return {
        "conditions": conditions_as_known(project),
        "calendar": calendar(one.promises) if one else calendar_if_lodged_today(project),
        "is_lodged": one is not None,
        "shared_days": shared_days(one.waits) if one else "",
        "is_judged": bool(project.last_judgements),
    }


FOUND = {Status.MET: N_("rempli"), Status.MISSING: N_("il manque quelque chose"), Status.UNKNOWN: N_("on ne peut pas le dire")}


def packs(files: Sequence[PicProject]) -> dict[int, dict[str, Any]]:
    """What the committee's reading pack says of each file: facts, conditions as found, clock, requests alike; read at once."""
    common, alike = projects.common_facts_of(files), doubles_among(files)
    lodged = {one.project.id: one for one in followed(files)}
    return {
        one.id: _pack(one, one.facts(_before(one, common[one.id])), lodged[one.id]) | {"doubles": alike[one.id]}
        for one in files
    }


def _before(project: PicProject, facts: CommonFacts) -> CommonFacts:
    """With all that was left before anything was kept for a decision to come: the pack tells nobody what the session settles."""
    return replace(facts, envelope_left=project.call.remaining_cents + project.call.reserved_cents if project.call else 0)


def _pack(project: PicProject, facts: Facts, one: Followed) -> dict[str, Any]:
    terms, rank = project.terms, facts.requests_this_year + 1
    dates = " – ".join(dict.fromkeys(day(on) for on in (project.starts_on, project.ends_on) if on))
    told = [
        (_("Demande"), euros(project.requested_cents)),
        (_("Coût du projet"), euros(project.cost_cents)),
        (_("Rang dans l’année"), _("demande numéro %(rank)d, plafond %(cap)s", rank=rank, cap=euros(terms.cap_cents(rank)))),
        (_("Au plus"), euros(largest_grant_cents(facts, terms))),
        (_("Reste dans l’enveloppe, avant la séance"), euros(facts.envelope_left)),
        (_("Dates du projet"), dates or _("à préciser")),
        (_("Lieu"), facts.place),
        (_("Objectifs"), ", ".join(say(theme) for theme in project.themes)),
        (_("Devant le comité"), presenters(project)),
    ]
    return {
        "facts": told, "sheets": _sheets(project, facts), "words": FOUND, "calendar": calendar(one.promises),
        "shared_days": shared_days(one.waits),
    }  # fmt: skip
