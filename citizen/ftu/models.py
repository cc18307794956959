"""FTU: works proposed for a place, the commune's study, the campaign that finances them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen.ballots import queries as ballots
from citizen.committees.models import BeforeCommittee
from citizen.db import db
from citizen.ftu.committee import ACTIONS, WAITS_IN
from citizen.ftu.conditions import ASKED, Land
from citizen.ftu.phases import Calendar, Days, Phase, completed_by, supported_on
from citizen.ftu.rules import EXITS, FTU, LINKS, Facts
from citizen.funds.models import Call, Fund
from citizen.kernel.access import REGION, Role
from citizen.kernel.lifecycle import Step
from citizen.kernel.words import N_
from citizen.places.models import Perimeter
from citizen.projects.idea_models import supports_of
from citizen.projects.models import Decision, Project
from citizen.projects.rules import CommonFacts
from citizen.projects.steps import OPINIONS
from citizen.web.filters import say

if TYPE_CHECKING:
    from citizen.ftu.idea_models import CostLine, Opinion

if TYPE_CHECKING:
    from citizen.ftu.works_models import UsePoll, WorksMoney


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


class FtuFund(Fund):
    """A commune's works fund."""

    rules = FTU
    keepers = frozenset({Role.COMMUNE_OFFICER})

    __mapper_args__ = {"polymorphic_identity": "ftu"}


campaign_perimeter = Table(
    "campaign_perimeter",
    db.metadata,
    Column("campaign_id", ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True),
    Column("perimeter_id", ForeignKey("perimeter.id"), primary_key=True),
)


class CampaignPhase(db.Model):
    """The days of one phase; those of the proposals are the call's own."""

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    first_on: Mapped[date]
    last_on: Mapped[date]

    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(phase for phase in Phase if phase is not Phase.PROPOSE)})", name="kind"),
        CheckConstraint("first_on <= last_on", name="first_before_last"),
    )


class Campaign(Call):
    """One round of the fund: residents propose from ``opens_on`` to ``closes_on``, then comes what its calendar says.

    ``perimeters`` are the quarters where works may be proposed; none: every quarter of the commune.
    """

    id: Mapped[int] = mapped_column(ForeignKey("funding_call.id"), primary_key=True)
    phases: Mapped[list[CampaignPhase]] = relationship(
        order_by=CampaignPhase.first_on, cascade="all, delete-orphan", lazy="selectin"
    )
    perimeters: Mapped[list[Perimeter]] = relationship(secondary=campaign_perimeter, order_by=Perimeter.name)

    __mapper_args__ = {"polymorphic_identity": "ftu"}

    @property
    def on(self) -> str:
        """What the journal knows it by."""
        return f"call:{self.id}"

    @property
    def calendar(self) -> dict[Phase, Days]:
        """The days of each phase that it has, in their order."""
        known = {Phase.PROPOSE: Days(self.opens_on, self.closes_on)}
        known |= {Phase(row.kind): Days(row.first_on, row.last_on) for row in self.phases}
        return {phase: known[phase] for phase in Phase if phase in known}

    def set_calendar(self, calendar: Calendar) -> None:
        """Other days, already judged."""
        self.opens_on, self.closes_on = calendar[Phase.PROPOSE].first, calendar[Phase.PROPOSE].last
        rows = {row.kind: row for row in self.phases}
        wanted: dict[Phase, Days] = {phase: days for phase, days in calendar.items() if phase is not Phase.PROPOSE}
        self.phases = [rows.get(phase) or CampaignPhase(kind=phase.value) for phase in wanted]
        for row in self.phases:
            days = wanted[Phase(row.kind)]
            row.first_on, row.last_on = days.first, days.last

    @property
    def vote_opens_on(self) -> date:
        return self.calendar[Phase.VOTE].first

    @property
    def vote_closes_on(self) -> date:
        return self.calendar[Phase.VOTE].last


class FtuProject(BeforeCommittee, Project):
    """Works on a place: what residents write, then what the commune's study found."""

    rules = FTU
    sections = (("ftu.works", N_("Les travaux")),)
    written: ClassVar = Project.written | {
        "ftu.works": (
            ("need", N_("Ce qui ne va pas")), ("solution", N_("Ce qu’il faudrait faire")),
            ("visible_change", N_("Ce que l’on verra changer")), ("is_lasting", N_("Ce qui est fait reste en place")),
            ("inclusion_women", N_("Ce que cela change pour les femmes")),
            ("inclusion_disabled", N_("Pour les personnes handicapées")), ("inclusion_seniors", N_("Pour les seniors")),
            ("land", N_("À qui est le lieu")), ("estimate_cents", N_("Le coût, à votre avis")),
        )
    }  # fmt: skip
    step_pages: ClassVar = {
        "share": "ftu.share", "support": "support.support", "merge": "support.merge", "cost": "costing.lines",
        "ask_owner": "opinions.ask_owner", "ask_service": "opinions.ask_service", "admit": "ftu.study", "not_feasible": "ftu.study", "put_on_ballot": "ftu.campaign_of",
        "inscribe": "committees.inscribe", **dict.fromkeys((*OPINIONS, "defer"), "passage.of_project"),
        "select": "ftu.campaign_of", "not_select": "ftu.campaign_of", "follow_works": "works.follow", "answer_use": "works.use",
        "grant": "works.validate", "reject": "works.validate",
    }  # fmt: skip

    own_letters: ClassVar[frozenset[str]] = frozenset({"not_feasible"})
    paid_natures: ClassVar[frozenset[str]] = frozenset({"operating", "capital"})  # light works, by their nature
    is_paid_to_team: ClassVar[bool] = False  # the commune pays its works

    id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    need: Mapped[str] = mapped_column(Text, default="", server_default="")
    solution: Mapped[str] = mapped_column(Text, default="", server_default="")
    visible_change: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_lasting: Mapped[bool | None]
    inclusion_women: Mapped[str] = mapped_column(Text, default="", server_default="")
    inclusion_disabled: Mapped[str] = mapped_column(Text, default="", server_default="")
    inclusion_seniors: Mapped[str] = mapped_column(Text, default="", server_default="")
    land: Mapped[str] = mapped_column(default="", server_default="")
    estimate_cents: Mapped[int | None]
    is_feasible: Mapped[bool | None]
    study_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    upkeep: Mapped[str] = mapped_column(Text, default="", server_default="")
    safety: Mapped[str] = mapped_column(Text, default="", server_default="")
    studied_cost_cents: Mapped[int | None]
    studied_at: Mapped[datetime | None]
    better_exit: Mapped[str] = mapped_column(default="", server_default="")
    bearer_link: Mapped[str] = mapped_column(default="", server_default="")  # what who proposes declares
    shared_at: Mapped[datetime | None]
    inclusion_found: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    costs: Mapped[list["CostLine"]] = relationship(
        order_by="CostLine.id", cascade="all, delete-orphan", back_populates="project"
    )
    opinions: Mapped[list["Opinion"]] = relationship(
        order_by="Opinion.id", cascade="all, delete-orphan", back_populates="project"
    )

    works_money: Mapped["WorksMoney | None"] = relationship(viewonly=True)
    use_polls: Mapped[list["UsePoll"]] = relationship(viewonly=True, order_by="UsePoll.months")

    __mapper_args__ = {"polymorphic_identity": "ftu"}
    __table_args__ = (
        CheckConstraint("land IN ('', 'public', 'private')", name="land"),
        CheckConstraint(f"better_exit IN ({_listed(('', *EXITS))})", name="better_exit"),
        CheckConstraint(f"bearer_link IN ({_listed(('', *LINKS))})", name="bearer_link"),
        CheckConstraint("is_feasible IS NULL OR studied_at IS NOT NULL", name="studied_has_moment"),
        CheckConstraint("(is_feasible IS NOT TRUE) OR (studied_cost_cents > 0)", name="feasible_has_cost"),
        CheckConstraint("estimate_cents IS NULL OR estimate_cents >= 0", name="estimate_not_negative"),
    )

    @property
    def targets(self) -> frozenset[str]:
        """The commune that runs the campaign has duties towards it, not the one where the point falls; who bears it has a part."""
        fund = self.call.fund if self.call else None
        return frozenset({self.on, f"organisation:{self.organisation_id}", REGION} | (fund.targets if fund else set()))

    def facts(self, common: CommonFacts) -> Facts:
        """What residents wrote, what the study found and what the vote said, complete."""
        return Facts(
            common=replace(common, call_is_open=common.call_is_open or self._may_be_completed(common.today)),
            need=self.need, solution=self.solution, visible_change=self.visible_change, is_lasting=self.is_lasting,
            inclusion=(self.inclusion_women, self.inclusion_disabled, self.inclusion_seniors),
            land=Land(self.land) if self.land else None,
            agreements=sum(attachment.kind == "agreement" for attachment in self.attachments),
            owner=self._owner(),
            is_in_campaign=self._is_in_campaign(),
            is_feasible=self.is_feasible, study_reason=self.study_reason, upkeep=self.upkeep, safety=self.safety,
            cost_cents=self.studied_cost_cents,
            inclusion_found=self.inclusion_found,
            supports=supports_of(self.id).total,
            vote=ballots.standing_of(self.id),
            opinion=self.opinion.outcome if self.opinion else "",
        )  # fmt: skip

    def closed_to_supports(self, today: date) -> str:
        """The phase of its campaign says when ideas are supported."""
        return say(supported_on(self.call.calendar, today)) if isinstance(self.call, Campaign) else ""

    def _owner(self) -> str:
        """The owner's last answer; « asked » while one is awaited."""
        told = [one.verdict or ASKED for one in self.opinions if one.kind == "owner" and not one.cancelled_at]
        return next((verdict for verdict in reversed(told) if verdict != ASKED), told[-1] if told else "")

    def _may_be_completed(self, today: date) -> bool:
        """An idea proposed in time is completed until the study begins."""
        return self.shared_at is not None and isinstance(self.call, Campaign) and today < completed_by(self.call.calendar)

    @property
    def bearer_link_words(self) -> str:
        return LINKS.get(self.bearer_link, "")

    @property
    def opinion(self) -> Decision | None:
        """What the committee said of it since it was lodged."""
        said = (one.decision for one in reversed(self.agenda_items) if self.lodged_at and one.session.held_at > self.lodged_at)
        return next((one for one in said if one and one.outcome in OPINIONS), None)

    @property
    def real_cost_cents(self) -> int | None:
        return self.works_money.real_cents if self.works_money else None

    @property
    def awaits_committee(self) -> bool:
        return self.state == WAITS_IN.get(self.terms.committee_role) and self.opinion is None

    def offers(self, step: Step) -> bool:
        return self.terms.has_committee if step.action in ACTIONS else step.action != "answer_use" or bool(self.use_polls)

    def waits_for(self, step: Step) -> str:
        """What must come from somebody else before this step can be taken; empty when nothing must."""
        if step.action in ("grant", "reject") and self.terms.has_committee and self.opinion is None:
            return N_("le comité de gestion urbaine donne d’abord son avis : inscrivez le projet à une séance.")
        return ""

    @property
    def better_exit_words(self) -> str:
        return EXITS.get(self.better_exit, "")

    def _is_in_campaign(self) -> bool | None:
        if not isinstance(self.call, Campaign) or self.perimeter_id is None:
            return None
        wanted = {perimeter.id for perimeter in self.call.perimeters}
        return self.perimeter_id in wanted if wanted else self.commune_code == self.call.fund.commune_code
