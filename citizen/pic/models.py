"""PIC projects, funds and calls, and what the committee judges of each condition."""

from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen import clock
from citizen.clock import LOCAL
from citizen.committees.models import AgendaItem, BeforeCommittee, Session
from citizen.db import append_only, db, trigger
from citizen.funds.models import Call, Fund
from citizen.kernel.findings import Finding
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_
from citizen.pic.conditions import CONDITIONS
from citizen.pic.rules import line_paid
from citizen.pic.steps import PIC
from citizen.pic.terms import Facts
from citizen.projects.models import Project
from citizen.projects.rules import CommonFacts
from citizen.projects.steps import HAS_MONEY


def _answer() -> Mapped[str]:
    return mapped_column(Text, default="", server_default="")


class PicFund(Fund):
    """A fund of a managing association, decided by a committee of residents."""

    rules: ClassVar[Scheme] = PIC
    sessions: Mapped[list[Session]] = relationship(viewonly=True, order_by=(Session.held_at, Session.id))

    __mapper_args__ = {"polymorphic_identity": "pic"}


class PicCall(Call):
    """A year of a PIC fund."""

    rules: ClassVar[Scheme] = PIC

    __mapper_args__ = {"polymorphic_identity": "pic"}


class PicProject(BeforeCommittee, Project):
    """What a team answers to the three conditions."""

    __tablename__ = "pic_project"

    rules: ClassVar[Scheme] = PIC
    sections: ClassVar[tuple[tuple[str, str], ...]] = (("pic.conditions", N_("Les trois conditions")),)
    report_sections: ClassVar[tuple[tuple[str, str], ...]] = (("pic.afterwards", N_("Les trois conditions, après")),)
    written: ClassVar[dict[str, tuple[tuple[str, str], ...]]] = Project.written | {
        "pic.conditions": (
            ("task_sharing", N_("Qui fait quoi dans l’équipe")),
            ("learning", N_("Ce que le groupe veut apprendre")),
            ("is_first_project", N_("Premier projet ensemble")),
            ("help_received", N_("Qui aide le groupe")),
            ("is_open_to_all", N_("Ouvert à tout le monde")),
            ("price_cents", N_("Le prix pour une personne")),
            ("publicity", N_("Comment les gens le sauront")),
            ("accessibility", N_("L’accueil des personnes handicapées")),
            ("is_anyone_paid", N_("Quelqu’un de l’équipe est payé")),
            ("need_spotted", N_("Comment le besoin a été vu")),
            ("need_evidence", N_("Ce qui montre le besoin")),
            ("why_now", N_("Pourquoi maintenant")),
        )
    }
    own_letters: ClassVar[frozenset[str]] = frozenset({"grant", "reject", "defer"})
    step_pages: ClassVar[dict[str, str]] = {
        "inscribe": "committees.inscribe", "grant": "passage.of_project", "reject": "passage.of_project",
        "defer": "passage.of_project",
        "give_bank": "money.give_bank", "agree": "money.agree",
    }  # fmt: skip

    id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    task_sharing: Mapped[str] = _answer()
    learning: Mapped[str] = _answer()
    is_first_project: Mapped[bool | None]
    help_received: Mapped[str] = _answer()
    is_open_to_all: Mapped[bool | None]
    price_cents: Mapped[int | None]
    publicity: Mapped[str] = _answer()
    accessibility: Mapped[str] = _answer()
    is_anyone_paid: Mapped[bool | None]
    need_spotted: Mapped[str] = _answer()
    need_evidence: Mapped[str] = _answer()
    why_now: Mapped[str] = _answer()
    afterwards: Mapped[list["PicAfterwards"]] = relationship(order_by="PicAfterwards.condition", cascade="all, delete-orphan")
    judgements: Mapped[list["PicJudgement"]] = relationship(
        secondary=AgendaItem.__table__, viewonly=True, order_by="PicJudgement.agenda_item_id, PicJudgement.condition"
    )

    __mapper_args__ = {"polymorphic_identity": "pic"}
    __table_args__ = (CheckConstraint("price_cents IS NULL OR price_cents >= 0", name="price"),)

    @property
    def marks_afterwards(self) -> tuple[int, ...]:
        """How far each condition held, as the team sees it once it is done."""
        return tuple(one.mark for one in self.afterwards if one.words)

    @property
    def last_judgements(self) -> dict[str, "PicJudgement"]:
        """What the committee judged the last time, by condition."""
        latest = max((one.agenda_item_id for one in self.judgements), default=None)
        return {one.condition: one for one in self.judgements if one.agenda_item_id == latest}

    @property
    def next_session(self) -> Session | None:
        """Where it is inscribed, else the first session that leaves the notice its rules ask."""
        if self.waiting:
            return self.waiting.session
        fund = self.call.fund if self.call else None
        since = self.lodged_at.astimezone(LOCAL).date() if self.lodged_at else clock.today()
        coming = (one for one in fund.sessions if one.closed_at is None) if isinstance(fund, PicFund) else ()
        notice = self.terms.notice
        return next((one for one in coming if one.held_on >= max(clock.today(), since + notice)), None)

    def _seen_from_fund(self, location: str) -> str:
        """Eligible: a quarter that this very fund keeps, or anywhere in a commune that it takes whole.

        Source: cadre régional, territoires (liste par fonds).
        """
        fund = self.call.fund if self.call else None
        if fund is None or not location:
            return location
        if self.commune_code in {one.code for one in fund.communes}:
            return "inside"
        if fund.perimeters:
            return location if self.perimeter_id in {one.id for one in fund.perimeters} else "outside"
        return location if fund.covers(self.commune_code) else "outside"

    def facts(self, common: CommonFacts) -> Facts:
        """What its rules judge."""
        waiting = self.waiting
        return self.judged_facts(
            common, {one.condition: one.verdict for one in self.judgements if waiting and one.agenda_item_id == waiting.id}
        )

    def judged_facts(self, common: CommonFacts, verdicts: dict[str, str]) -> Facts:
        """What its rules judge, with these words of the committee, released or not."""
        session, waiting = self.next_session, self.waiting
        own: dict[str, Any] = {name: getattr(self, name) for name in ANSWERS}
        return Facts(
            **(vars(common) | {"location": self._seen_from_fund(common.location)}),
            **own,
            lodged_on=self.lodged_at.astimezone(LOCAL).date() if self.lodged_at else None,
            session_on=session.held_on if session else None,
            is_on_agenda=waiting is not None,
            is_heard=waiting is not None and waiting.is_heard,
            verdicts=tuple(verdicts.items()),
            pieces=tuple(one.caption for one in self.attachments if one.kind == "required"),
        )

    def line_findings(self) -> dict[int, Finding]:
        """Whether the fund pays each expense."""
        terms = self.terms
        return {line.number: line_paid(line, terms) for line in self.budget.lines}


ANSWERS = (
    "task_sharing", "learning", "is_open_to_all", "price_cents", "publicity", "accessibility", "is_anyone_paid",
    "need_spotted", "need_evidence", "why_now",
)  # fmt: skip


class PicJudgement(db.Model):
    """The committee's word on one condition of one project, at one passage: « met », « partly » or « not_met », and why."""

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"), primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("condition IN ({})".format(", ".join(f"'{one.slug}'" for one in CONDITIONS)), name="condition"),
        CheckConstraint("verdict IN ('met', 'partly', 'not_met')", name="verdict"),
    )


append_only("pic_judgement")


class PicAfterwards(db.Model):
    """How the team sees one condition once it is done: from 1 (hardly) to 4 (fully), and why. Source: bilan, auto-évaluation."""

    project_id: Mapped[int] = mapped_column(ForeignKey("pic_project.id", ondelete="CASCADE"), primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")

    __table_args__ = (
        CheckConstraint("condition IN ({})".format(", ".join(f"'{one.slug}'" for one in CONDITIONS)), name="condition"),
        CheckConstraint("mark BETWEEN 1 AND 4", name="mark"),
    )


# In session already: nothing is settled as granted while a condition is not judged met.
trigger(
    "pic_outcome_conditions", "outcome", "INSERT",
    f"""NEW.action = 'grant' AND EXISTS (SELECT 1 FROM agenda_item JOIN project ON project.id = agenda_item.project_id
  WHERE agenda_item.id = NEW.agenda_item_id AND project.scheme = 'pic')
  AND (SELECT count(*) FROM condition_word WHERE agenda_item_id = NEW.agenda_item_id AND verdict = 'met') < {len(CONDITIONS)}""",  # noqa: S608
    "PIC: the three conditions are not all judged met",
)  # fmt: skip

# All three conditions or no money, whoever writes. Source: cadre régional 2024-2030, conditions cumulatives.
_WITH_MONEY = ", ".join(f"'{state}'" for state in HAS_MONEY)
_NOT_ALL_MET = f"""NEW.scheme = 'pic' AND NEW.state IN ({_WITH_MONEY}) AND (
  SELECT count(*) FROM pic_judgement WHERE verdict = 'met'
  AND agenda_item_id = (SELECT max(id) FROM agenda_item WHERE project_id = NEW.id)) < {len(CONDITIONS)}"""  # noqa: S608  nothing here was typed by anybody
for _when in ("INSERT", "UPDATE OF state, scheme"):
    trigger(
        f"pic_three_conditions_{_when[:6].lower()}",
        "project",
        _when,
        _NOT_ALL_MET,
        "PIC: the three conditions are not all judged met",
    )
