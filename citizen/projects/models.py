"""Projects: one row, one address, from the idea to the closed file; each scheme adds its columns in a table of its own."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen import clock
from citizen.db import append_only, db, guard
from citizen.funds.models import Call, Ruleset
from citizen.kernel.access import REGION
from citizen.kernel.findings import Finding
from citizen.kernel.lifecycle import State, Step
from citizen.kernel.scheme import Scheme
from citizen.kernel.words import N_
from citizen.people.models import Organisation, Person
from citizen.places.models import Commune, Perimeter
from citizen.projects.budget import Attachment, BudgetLine, budget_of
from citizen.projects.reports import Closing, FinalReport
from citizen.projects.rules import Budget, CommonFacts
from citizen.projects.steps import DECISIONS, HAS_MONEY, IDEA, LODGED, S, Taken
from citizen.projects.team_models import WHOLE, FormerMember, Handover, Helper, Hiding, Point, TeamMember, TeamTask, Version

_LISTED = ", ".join(f"'{state}'" for state in S)
_WITH_MONEY = ", ".join(f"'{state}'" for state in HAS_MONEY)
_OUTCOMES = ", ".join(f"'{one.outcome}'" for one in DECISIONS.values())
_LODGED = ", ".join(f"'{state}'" for state in LODGED)


class Project(db.Model):
    """What residents want to do, at every moment of its life. The plain class is an idea that has no scheme yet."""

    rules: ClassVar[Scheme] = IDEA
    sections: ClassVar[tuple[tuple[str, str], ...]] = ()  # (endpoint, label) of the scheme's own form pages
    # what the team writes, by page of the file: (column, words); it is kept at each lodging, compared, and may be asked for
    written: ClassVar[dict[str, tuple[tuple[str, str], ...]]] = {
        "writing.text": (
            ("title", N_("Nom du projet")), ("summary", N_("Le projet en deux phrases")), ("description", N_("Le récit du projet")),
            ("themes", N_("Thèmes")), ("starts_on", N_("Premier jour")), ("ends_on", N_("Dernier jour")),
        ),
        "writing.place": (("place", N_("Le lieu, en mots")),),
    }  # fmt: skip
    own_letters: ClassVar[frozenset[str]] = frozenset()  # steps of which the team reads in a letter of the scheme's own
    step_pages: ClassVar[dict[str, str]] = {}  # action -> endpoint of the steps that ask more than a reason
    report_sections: ClassVar[tuple[tuple[str, str], ...]] = ()  # the scheme's own pages of the final report
    paid_natures: ClassVar[frozenset[str]] = frozenset({"operating"})  # the expenses that its aid may pay
    is_paid_to_team: ClassVar[bool] = True  # else who grants also pays the bills

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[str]
    state: Mapped[str] = mapped_column(default=S.IDEA)
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[list[str]] = mapped_column(default=list)
    bearer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("funding_call.id"), index=True)
    ruleset_id: Mapped[int | None] = mapped_column(ForeignKey("ruleset.id"))  # set when lodged, kept for ever
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("commune.code"))
    perimeter_id: Mapped[int | None] = mapped_column(ForeignKey("perimeter.id"))
    place: Mapped[str] = mapped_column(default="")
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    location: Mapped[str] = mapped_column(default="")
    is_location_confirmed: Mapped[bool | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    cost_cents: Mapped[int] = mapped_column(default=0)
    requested_cents: Mapped[int] = mapped_column(default=0)
    granted_cents: Mapped[int | None]
    decided_on: Mapped[date | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]  # the last step, shown as « nouveauté »
    lodged_at: Mapped[datetime | None]
    is_public: Mapped[bool] = mapped_column(default=True)
    published_at: Mapped[datetime | None]  # while the Region shows it; written with its publications alone
    advised: Mapped[str] = mapped_column(default="", server_default="")  # where it fits better, in demarcation.BOUNDARIES
    search_text: Mapped[str] = mapped_column(Text, default="")

    bearer: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    call: Mapped[Call | None] = relationship()
    ruleset: Mapped[Ruleset | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    perimeter: Mapped[Perimeter | None] = relationship()
    team: Mapped[list[TeamMember]] = relationship(order_by=TeamMember.id, cascade="all, delete-orphan")
    former: Mapped[list[FormerMember]] = relationship(order_by=FormerMember.person_id, cascade="all, delete-orphan")
    tasks: Mapped[list[TeamTask]] = relationship(order_by=TeamTask.id, cascade="all, delete-orphan")
    helpers: Mapped[list[Helper]] = relationship(order_by=Helper.id, cascade="all, delete-orphan")
    handover: Mapped[Handover | None] = relationship(cascade="all, delete-orphan")
    points: Mapped[list[Point]] = relationship(order_by=Point.id, cascade="all, delete-orphan")
    versions: Mapped[list[Version]] = relationship(order_by=Version.number, viewonly=True)
    lines: Mapped[list[BudgetLine]] = relationship(order_by="BudgetLine.side, BudgetLine.id", cascade="all, delete-orphan")
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.id", cascade="all, delete-orphan")
    news: Mapped[list["News"]] = relationship(order_by="News.at.desc()", cascade="all, delete-orphan")
    hidings: Mapped[list[Hiding]] = relationship(order_by=Hiding.id, cascade="all, delete-orphan")
    decisions: Mapped[list["Decision"]] = relationship(order_by="Decision.id")
    report: Mapped[FinalReport | None] = relationship(cascade="all, delete-orphan")
    closing: Mapped[Closing | None] = relationship(viewonly=True)

    __mapper_args__ = {"polymorphic_on": "scheme", "polymorphic_identity": "idea"}
    __table_args__: tuple[Any, ...] = (
        CheckConstraint(f"state IN ({_LISTED})", name="state"),
        CheckConstraint("location IN ('', 'inside', 'near', 'outside')", name="location"),
        CheckConstraint(f"(state IN ({_WITH_MONEY})) = (granted_cents IS NOT NULL)", name="granted_has_amount"),
        CheckConstraint("(granted_cents IS NULL) OR (granted_cents > 0 AND decided_on IS NOT NULL)", name="granted_has_day"),
        CheckConstraint(f"(state NOT IN ({_LODGED})) OR (call_id IS NOT NULL)", name="lodged_in_a_call"),
        CheckConstraint(
            f"(state NOT IN ({_LODGED})) OR (lodged_at IS NOT NULL AND ruleset_id IS NOT NULL)", name="lodged_has_rules"
        ),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="starts_before_it_ends"),
        Index("ix_project_is_public_changed_at", "is_public", "changed_at", "id"),
        # all that the dashboard reads of a project: it is answered from the index alone
        Index(
            "ix_project_steering",
            "scheme",
            "state",
            "is_public",
            "decided_on",
            "granted_cents",
            "created_at",
            "lodged_at",
            "changed_at",
            "ends_on",
            "perimeter_id",
            "commune_code",
        ),
        Index("ix_project_decided_on", "decided_on"),  # the first and the last decision
        Index("ix_project_commune_code", "commune_code"),
        Index("ix_project_perimeter_id", "perimeter_id"),
    )

    @property
    def on(self) -> str:
        return f"project:{self.id}"

    @property
    def targets(self) -> frozenset[str]:
        """All that a duty towards this project may be held on."""
        fund = self.call.fund.on if self.call else ""
        return frozenset({self.on, fund, f"organisation:{self.organisation_id}", f"commune:{self.commune_code}", REGION})

    @property
    def where_it_stands(self) -> State:
        return self.rules.lifecycle.states[self.state]

    @property
    def terms(self) -> Any:
        """The rules it is judged by: those it was lodged under, else those its fund has in force, else the scheme's defaults."""
        ruleset = self.ruleset or (self.call.fund.ruleset_on(clock.today()) if self.call else None)
        return self.rules.terms_type(**(ruleset.terms if ruleset else self.rules.default_terms()))

    @property
    def budget(self) -> Budget:
        return budget_of(self.lines)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The documents that its rules ask by name."""
        return tuple(getattr(self.terms, "required_documents", ()))

    def line_findings(self) -> dict[int, Finding]:
        """What its rules say of each expense, by number; nothing unless the scheme says so."""
        return {}

    def facts(self, common: CommonFacts) -> Any:
        """What its rules judge; a scheme adds its own columns to what is common."""
        return common

    def offers(self, step: Step) -> bool:
        """Whether its rules know this step of its scheme: the others show nowhere."""
        return True

    def bars(self, person_id: int | None) -> bool:
        """Whether this person had a part or was recused: who has a link with a project does not read it to judge it."""
        return self.had_part(person_id)

    def had_part(self, person_id: int | None) -> bool:
        """Whether this person left the team of the lodged file, or helped to write it: they never judge it either."""
        left = [one.person_id for one in self.former] + [
            one.person_id for one in self.helpers if one.consented_at and one.ended_at
        ]
        return person_id is not None and person_id in left

    def closed_to_supports(self, today: date) -> str:
        """Why residents may not support it on that day; empty when they may."""
        return ""

    @property
    def real_cost_cents(self) -> int | None:
        """What it really cost, where it is not the team who pays the bills; None until it is known."""
        return None

    @property
    def counted(self) -> dict[str, Any]:
        """Columns of the final report that the scheme knows already: shown filled, for the team to correct."""
        return {}

    @property
    def hidden(self) -> frozenset[str]:
        """What of it the public does not see, by ``Hiding.key``."""
        return frozenset(one.key for one in self.hidings if one.lifted_at is None)

    @property
    def is_hidden(self) -> bool:
        """Whether the public sees nothing of it."""
        return WHOLE in self.hidden

    @property
    def marks_afterwards(self) -> tuple[int, ...]:
        """The scheme's own marks, given by the team once it is done."""
        return ()

    @property
    def member_ids(self) -> frozenset[int]:
        """The people who own the project."""
        return frozenset({self.bearer_id, *(member.person_id for member in self.team if member.person_id)})

    @property
    def helping(self) -> list[Helper]:
        """Those who write with the group's consent."""
        return [helper for helper in self.helpers if helper.is_helping]

    @property
    def team_ids(self) -> frozenset[int]:
        """The people who write the project: they never judge it."""
        return self.member_ids | {helper.person_id for helper in self.helping}


class News(db.Model):
    """What the team tells those who follow."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Decision(db.Model):
    """What a committee, a commune or the Region decided: outcome, amount, reason, act, and the facts judged as evidence."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    outcome: Mapped[str]
    amount_cents: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    act_reference: Mapped[str] = mapped_column(default="")
    evidence: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_on: Mapped[date]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
        CheckConstraint("(outcome = 'granted') = (amount_cents IS NOT NULL)", name="granted_has_amount"),
    )

    @property
    def taken(self) -> Taken:
        """What it is called."""
        return next(one for one in DECISIONS.values() if one.outcome == self.outcome)


append_only("decision")


class Follow(db.Model):
    """Somebody who wants the news by e-mail."""

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (UniqueConstraint("person_id", "project_id"),)


# Full text over search_text, which holds words already without accents: the same answers on both databases.
guard(
    "search_project",
    sqlite="""CREATE VIRTUAL TABLE IF NOT EXISTS search_project USING fts5(search_text, content='project', content_rowid='id')
-- ;
DROP TRIGGER IF EXISTS search_project_insert
-- ;
CREATE TRIGGER search_project_insert AFTER INSERT ON project BEGIN
  INSERT INTO search_project(rowid, search_text) VALUES (NEW.id, NEW.search_text); END
-- ;
DROP TRIGGER IF EXISTS search_project_delete
-- ;
CREATE TRIGGER search_project_delete AFTER DELETE ON project BEGIN
  INSERT INTO search_project(search_project, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text); END
-- ;
DROP TRIGGER IF EXISTS search_project_update
-- ;
CREATE TRIGGER search_project_update AFTER UPDATE OF search_text ON project BEGIN
  INSERT INTO search_project(search_project, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);
  INSERT INTO search_project(rowid, search_text) VALUES (NEW.id, NEW.search_text); END""",
    postgresql="CREATE INDEX IF NOT EXISTS search_project ON project USING gin (to_tsvector('simple', search_text))",
)
