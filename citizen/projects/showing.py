"""What the page of one project shows to this visitor: its timeline, who has the ball, what the visitor may do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from citizen.db import db
from citizen.funds import ledger
from citizen.funds.accounts import Standing
from citizen.funds.models import Call
from citizen.journal.models import Event
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Finding, Status
from citizen.kernel.lifecycle import Step
from citizen.kernel.money import euros
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_
from citizen.projects import demarcation, helping, joining, outturn, queries, supports, versions
from citizen.projects.demarcation import Boundary
from citizen.projects.listing import open_calls
from citizen.projects.models import Follow, Project
from citizen.projects.report_forms import BAND_LABELS
from citizen.projects.steps import WRITERS
from citizen.web.filters import moment, say

# Who a step belongs to, as the public reads it: never a person's name.
SUBJECTS = (
    (Role.BEARER, N_("L’équipe")),
    (Role.TEAM, N_("L’équipe")),
    (Role.ORGANISATION_MEMBER, N_("L’organisation qui porte le projet")),
    (Role.HELPER, N_("La personne qui aide l’équipe")),
    (Role.FUND_MANAGER, N_("L’association gestionnaire")),
    (Role.TREASURER, N_("La trésorerie du fonds")),
    (Role.COMMUNE_OFFICER, N_("La commune")),
    (Role.COMMITTEE_MEMBER, N_("Le comité")),
    (Role.REGION_OFFICER, N_("La Région")),
    (Role.RESIDENT, N_("Toute personne qui a un compte")),
)
OWN_PAGES = {
    "edit": "writing.text",
    "orient": "writing.orient",
    "lodge": "writing.lodge",
    "ask_completion": "completing.ask",
    "confirm_place": "reviewing.confirm_place",
    "not_admit": "reviewing.not_admit",
    "tell": "writing.tell",
    "write_report": "report.when",
    "report": "report.send",
    "set_aside": "closing.review",
    "close": "closing.review",
    "return_report": "closing.give_back",
    "close_without": "closing.close_without",
    "cancel": "closing.cancel",
}
SILENT = frozenset({"edit", "support", "give_bank", "write_report", "set_aside"})
ASKED = frozenset({"pic-cap", "cap", "ftu-cap"})
# What happens to the group, as anybody may read it.
TOLD = {
    "proposed": N_("L’idée est née"),
    "oriented": N_("L’équipe a choisi un dispositif"),
    "member_joined": N_("Une personne de plus dans l’équipe"),
    "helper_joined": N_("L’équipe accepte l’aide d’une personne"),
    "helper_left": N_("L’aide à l’équipe s’arrête"),
    "handed_over": N_("Une autre personne de l’équipe porte le projet"),
    "service_answered": N_("Un service de la commune a donné son avis"),
    "owner_answered": N_("Le propriétaire du lieu a répondu"),
    "written_with_help": N_("Une personne qui aide l’équipe a écrit dans le dossier"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    label: str
    when: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class AccountNote:
    """Where the money of an ended project stands."""

    title: str
    words: str
    is_refund: bool


def _account_note(standing: Standing) -> AccountNote:
    words = _("Aide due : %(kept)s. Versé : %(paid)s.", kept=euros(standing.kept), paid=euros(standing.paid))
    if standing.balance < 0:
        return AccountNote(_("À rendre au fonds : %(cents)s", cents=euros(-standing.balance)), words, is_refund=True)
    if standing.balance:
        return AccountNote(_("À verser au groupe : %(cents)s", cents=euros(standing.balance)), words, is_refund=False)
    return AccountNote(_("Le compte est soldé"), words, is_refund=False)


def subject_of(step: Step) -> str:
    """« La commune », « L’équipe »…: whose step it is."""
    return next((say(words) for role, words in SUBJECTS if role in step.who), _("La plateforme"))


@dataclass(frozen=True)
class Right:
    """A line of the public table of rights."""

    label: str
    who: str
    never: str
    before: str
    after: str


def rights_of(scheme: Scheme) -> list[Right]:
    """Who may do what, and when, read from the steps of the scheme."""
    states = scheme.lifecycle.states
    return [
        Right(
            label=say(step.label),
            who=_roles(step.who),
            never=_roles(step.never),
            before=", ".join(say(state.label) for code, state in states.items() if code in step.before),
            after=say(states[step.after].label) if step.after else _("ne change pas"),
        )
        for step in scheme.lifecycle.steps
    ]


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(dict.fromkeys(say(words) for role, words in SUBJECTS if role in roles))


@dataclass(frozen=True)
class Place:
    """Where a file fits better, with the calls where one may lodge today."""

    boundary: Boundary
    calls: Sequence[Call]


MOST_PLACES = 3


def elsewhere(project: Project, findings: Iterable[Finding] = ()) -> list[Place]:
    """Where the file would fit: what its reviewer named first, then what its rules, its budget and its words say."""
    failed = {found.slug for found in findings or queries.findings_for(project, "lodge") if found.status is Status.MISSING}
    if not project.requested_cents:
        failed -= ASKED  # nothing is asked yet: nothing is too big
    said = " ".join((project.title, project.summary, project.description, *(line.label for line in project.lines)))
    named = demarcation.boundary(project.advised)
    found = demarcation.proposals(project.scheme, said, (line.account for line in project.lines), failed)
    kept = list(dict.fromkeys(filter(None, (named, *found))))[:MOST_PLACES]
    return [Place(one, open_calls(one.fits, project.commune_code) if one.is_scheme else ()) for one in kept]


@dataclass(frozen=True)
class Showing:
    """A project, who looks at it, and what happened to it."""

    project: Project
    actor: Actor
    events: Sequence[Event]

    def values(self) -> dict[str, Any]:
        """What the template is given."""
        project, roles = self.project, queries.roles_on(self.actor, self.project)
        return {
            "project": project,
            "roles": roles,
            "is_near": queries.may_read_papers(self.actor, project),
            "steps": queries.open_steps(self.actor, project),
            "pages": OWN_PAGES | project.step_pages,
            "timeline": self.timeline(),
            "awaited": self.awaited(),
            "is_following": self._is_following(),
            "is_writer": bool(roles & WRITERS),
            "may_offer_help": helping.may_offer(self.actor, project),
            "days": versions.days_of_writing(project) if project.helpers else {},
            "refused": {},
            "may_hide": queries.may_hide(self.actor, project),
            "better_places": self._places(),
            "support": supports.standing(self.actor, project),
            "joinings": joining.of_project(project),
        } | self._ending(roles)

    def _ending(self, roles: frozenset[Role]) -> dict[str, Any]:
        """How it ended: the report for everybody once accepted, its account for who is concerned."""
        project, closing = self.project, self.project.closing
        may_read = queries.may_read_report(self.actor, project)
        label, note = say(project.where_it_stands.label), None
        if closing and closing.kind == "without":
            label = _("Clos sans bilan")
        if closing and project.is_paid_to_team and (may_read or roles & {Role.FUND_MANAGER, Role.TREASURER}):
            standing = ledger.of_project(project.id)
            note = _account_note(standing)
            label = _("%(state)s, remboursement attendu", state=label) if standing.balance < 0 else label
        return {
            "state_label": label,
            "account_note": note,
            "is_report_public": outturn.is_published(project) and project.report is not None,
            "public_pictures": outturn.public_pictures(project),
            "may_read_report": may_read,
            "band_labels": BAND_LABELS,
        }

    def _places(self) -> list[Place]:
        """Where a file that was refused may go on, for who may carry it over."""
        is_open = any(step.action == "orient" for step in queries.open_steps(self.actor, self.project))
        return elsewhere(self.project) if is_open and self.project.where_it_stands.is_final else []

    def timeline(self) -> list[Entry]:
        """What happened, oldest first, and what comes next."""
        past = [entry for event in self.events if (entry := self._entry(event))]
        here = self.project.where_it_stands
        if here.next:
            past.append(Entry(say(here.label), _("maintenant"), "now", say(here.next)))
        return past

    def _entry(self, event: Event) -> Entry | None:
        if event.action in SILENT:
            return None
        if event.action in TOLD:
            return Entry(say(TOLD[event.action]), moment(event.at), "done", self._signed(event))
        step = self.project.rules.lifecycle.step(event.action)
        if step is None:
            return None
        return Entry(f"{subject_of(step)} {say(step.past)}", moment(event.at), "done", event.reason)

    def _signed(self, event: Event) -> str:
        """Who wrote for the team, for those who read the papers; nobody else is given a name."""
        if event.action != "written_with_help" or not queries.may_read_papers(self.actor, self.project):
            return ""
        signed = next((one.signature for one in self.project.helpers if one.person_id == event.actor_id), "")
        return _("%(who)s, pour l’équipe", who=signed) if signed else ""

    def awaited(self) -> list[str]:
        """Who has the ball."""
        steps = [step for step in self.project.rules.lifecycle.steps if step.is_awaited and self.project.state in step.before]
        return list(dict.fromkeys(subject_of(step) for step in steps))

    def _is_following(self) -> bool:
        return self.actor.is_signed_in and db.session.get(Follow, (self.project.id, self.actor.person_id)) is not None
