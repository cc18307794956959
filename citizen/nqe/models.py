"""The Region's fund for the summer, its yearly editions, the projects of a season and their programmes."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, func, or_, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from citizen import clock
from citizen.committees.models import BeforeCommittee
from citizen.db import db
from citizen.files.models import Document
from citizen.funds.models import Call, Fund
from citizen.kernel.access import Role
from citizen.kernel.lifecycle import Step
from citizen.kernel.words import N_
from citizen.nqe.committee import HEARD
from citizen.nqe.eco_grid import eco_lines
from citizen.nqe.rules import NQE, YEAR_ZERO, edition_number
from citizen.nqe.terms import Date, Facts
from citizen.places.models import Perimeter, perimeter_intermunicipality
from citizen.places.rules import Kind
from citizen.projects.models import Project
from citizen.projects.rules import CommonFacts
from citizen.projects.steps import S

if TYPE_CHECKING:
    from citizen.nqe.registration_models import Reading, TownOpinion
    from citizen.nqe.season_models import EventDay, Quote, SummerReport

KINDS = ("sport", "culture", "sustainable")
STATUSES = ("planned", "moved", "cancelled")
AUDIENCES = ("all", "children", "teenagers", "families", "adults", "seniors")
MOVED = text("planned_on IS NOT NULL")
PERMITS = ("none", "needed", "asked", "obtained")
PUBLICS = ("staying", "isolated", "children", "teenagers", "families", "women", "seniors", "disabled")

project_quarter = Table(
    "project_quarter",
    db.metadata,
    Column("project_id", ForeignKey("nqe_project.id", ondelete="CASCADE"), primary_key=True),
    Column("perimeter_id", ForeignKey("perimeter.id"), primary_key=True, index=True),
)


class NqeFund(Fund):
    """The Region's own money for the summer; its officers adopt the rules and open the editions."""

    rules = NQE
    keepers = frozenset({Role.REGION_OFFICER})
    __mapper_args__ = {"polymorphic_identity": "nqe"}


class Edition(Call):
    """One summer: its number, the theme with its axes, and the season."""

    id: Mapped[int] = mapped_column(ForeignKey("funding_call.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    ordinal: Mapped[int] = mapped_column(default=lambda context: edition_number(context.get_current_parameters()["year"]))
    theme_title: Mapped[str]
    theme_text: Mapped[str] = mapped_column(Text, default="")
    axes: Mapped[list[str]] = mapped_column(default=list)
    examples: Mapped[str] = mapped_column(Text, default="", server_default="")
    questions: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    image_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    season_starts_on: Mapped[date]
    season_ends_on: Mapped[date]
    image: Mapped[Document | None] = relationship()

    __mapper_args__ = {"polymorphic_identity": "nqe"}
    __table_args__ = (
        CheckConstraint(f"ordinal = year - {YEAR_ZERO} AND ordinal > 0", name="ordinal"),
        CheckConstraint("season_starts_on <= season_ends_on", name="season"),
    )

    @property
    def theme_axes(self) -> tuple[str, ...]:
        """What a project may hang on: the axes, or the theme itself when it has none."""
        return tuple(self.axes) or (self.theme_title,)


class NqeProject(BeforeCommittee, Project):
    """What an association answers to the four principles."""

    rules = NQE
    sections = (
        ("nqe.principles", N_("Quatre principes")),
        ("registration.steering", N_("Habitants et publics")),
        ("nqe.partners", N_("Partenaires et quartiers")),
        ("nqe.programme", N_("Programme")),
    )
    written: ClassVar = Project.written | {
        "nqe.principles": (
            ("theme_links", N_("Le lien avec le thème de l’année")), ("design", N_("Comment les habitants préparent le projet")),
            ("delivery", N_("Comment ils le font vivre")), ("evaluation", N_("Comment ils diront ce qu’ils en pensent")),
            ("eco_scores", N_("La grille écoresponsable")), ("is_free", N_("Tout est gratuit")),
            ("is_already_funded", N_("La Région aide déjà")), ("derogation", N_("La demande de dérogation")),
        ),
        "registration.steering": (
            ("steering_residents", N_("Les habitants du groupe de pilotage")), ("steering", N_("Ce que le groupe décide")),
            ("publics", N_("Les publics")), ("expected_people", N_("Les personnes attendues")),
        ),
    }  # fmt: skip
    report_sections = (("nqe.summer_report", N_("L’été en chiffres et en paroles")),)
    step_pages = {
        "inscribe": "committees.inscribe",
        **dict.fromkeys(("grant", "reject", "defer"), "nqe.decide"),
        "answer_derogation": "nqe.derogation",
        "instruct": "registration.instruct",
        "agree": "money.agree",
        "give_bank": "money.give_bank",
        "change_date": "nqe.programme",
        "hold_day": "nqe.days",
    }

    id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    theme_links: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    design: Mapped[str] = mapped_column(Text, default="", server_default="")
    delivery: Mapped[str] = mapped_column(Text, default="", server_default="")
    evaluation: Mapped[str] = mapped_column(Text, default="", server_default="")
    eco_scores: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    is_free: Mapped[bool | None]
    is_already_funded: Mapped[bool | None]
    derogation: Mapped[str] = mapped_column(Text, default="", server_default="")
    is_derogation_granted: Mapped[bool | None]
    derogation_answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    steering_residents: Mapped[int | None]
    steering: Mapped[str] = mapped_column(Text, default="", server_default="")
    publics: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    expected_people: Mapped[int | None]

    partners: Mapped[list["Partner"]] = relationship(order_by="Partner.id", cascade="all, delete-orphan")
    opinions: Mapped[list["TownOpinion"]] = relationship(
        back_populates="project", order_by="TownOpinion.id", cascade="all, delete-orphan"
    )
    quarters: Mapped[list[Perimeter]] = relationship(secondary=project_quarter, order_by=(Perimeter.search_name, Perimeter.id))
    programme: Mapped[list["ProgrammeEvent"]] = relationship(
        back_populates="project", cascade="all, delete-orphan",
        order_by="(ProgrammeEvent.on, ProgrammeEvent.starts_at, ProgrammeEvent.id)",
    )  # fmt: skip

    summer: Mapped["SummerReport | None"] = relationship(cascade="all, delete-orphan")
    reading: Mapped["Reading | None"] = relationship(viewonly=True)
    quotes: Mapped[list["Quote"]] = relationship(order_by="Quote.id", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_identity": "nqe"}

    @property
    def edition(self) -> Edition | None:
        return self.call if isinstance(self.call, Edition) else None

    @property
    def own_letters(self) -> frozenset[str]:  # type: ignore[override]  # the committee writes to the team itself
        return frozenset({"grant", "reject", "defer"} if self.awaits_committee else ())

    @property
    def awaits_committee(self) -> bool:
        return bool(self.terms.has_committee)

    def offers(self, step: Step) -> bool:
        return step.action not in HEARD or self.awaits_committee

    @property
    def counted(self) -> dict[str, Any]:
        """What its days already told: who came, where."""
        found = [event.day.participants for event in self.programme if event.day and event.day.participants is not None]
        held = [event.on for event in self.programme if not event.is_cancelled]
        where = ", ".join(quarter.name for quarter in self.quarters)
        return {"participants": sum(found), "held_on": min(held, default=None), "place": where} if found else {}

    @property
    def eco_lines_planned(self) -> list[tuple[str, int]]:
        """(title, points) of the lines of the grid it earns points on."""
        scores = self.eco_scores
        return [(line.title, scores[line.title]) for line in eco_lines(self.terms.eco_grid) if scores.get(line.title)]

    def facts(self, common: CommonFacts) -> Facts:
        """What its articles judge."""
        edition, waiting = self.edition, self.waiting
        return Facts(
            **vars(common), axes=edition.theme_axes if edition else (), theme_links=self.theme_links,
            design=self.design, delivery=self.delivery, evaluation=self.evaluation,
            partners_agreed=sum(partner.has_agreed for partner in self.partners),
            partners_asked=len(self.partners),
            steering_residents=self.steering_residents or 0,
            quarters=tuple(quarter.name for quarter in self.quarters),
            has_lone_quarter=len(self.quarters) < self.terms.min_quarters
            and self._has_lone_quarter(edition.season_starts_on if edition else common.today),
            dates=tuple(Date(event.title, event.on, event.is_highlight) for event in self.programme),
            season_starts_on=edition.season_starts_on if edition else None,
            season_ends_on=edition.season_ends_on if edition else None,
            eco_scores=self.eco_scores, is_free=self.is_free, is_already_funded=self.is_already_funded,
            derogation=self.derogation, is_derogation_granted=self.is_derogation_granted,
            is_instructed=self.reading is not None and self.reading.is_whole(self.terms.reading_grid),
            awaited=tuple(one.body for one in self.opinions if not one.outcome and not one.is_late),
            is_on_agenda=waiting is not None, is_heard=waiting is not None and waiting.is_heard,
        )  # fmt: skip

    def _has_lone_quarter(self, day: date) -> bool:
        """Whether the intermunicipalities of its quarters have a single priority quarter each, that day."""
        link = perimeter_intermunicipality
        own = select(link.c.siren).where(link.c.perimeter_id.in_([quarter.id for quarter in self.quarters]))
        in_force = (Perimeter.valid_from <= day) & or_(Perimeter.valid_until.is_(None), Perimeter.valid_until >= day)
        counts = db.session.scalars(
            select(func.count()).select_from(link).join(Perimeter, Perimeter.id == link.c.perimeter_id)
            .where(link.c.siren.in_(own), Perimeter.kind == Kind.PRIORITY, in_force).group_by(link.c.siren)
        ).all()  # fmt: skip
        return bool(counts) and set(counts) == {1}


class Partner(db.Model):
    """Who makes the project with the lead association, what they do and bring (``share_cents``), and whether they said yes.

    They answer by a mailed link (``answered_at``); without one, the team notes a letter that it holds on paper.
    """

    __tablename__ = "nqe_partner"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    has_agreed: Mapped[bool] = mapped_column(default=False)
    share_cents: Mapped[int | None]
    email: Mapped[str] = mapped_column(default="", server_default="", info={"address": "erased", "erased": ""})
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    signed_by: Mapped[str] = mapped_column(default="", server_default="", info={"erased": "habitant·e"})

    __table_args__ = (
        CheckConstraint("share_cents IS NULL OR share_cents >= 0", name="share"),
        CheckConstraint("(token_hash IS NULL) = (expires_at IS NULL)", name="link_expires"),
    )

    @property
    def standing(self) -> str:
        """« link », « paper », « declined », « asked », « late » or « new »."""
        if self.has_agreed:
            return "link" if self.answered_at else "paper"
        if self.answered_at or self.expires_at is None:
            return "declined" if self.answered_at else "new"
        return "asked" if self.expires_at > clock.now() else "late"


class ProgrammeEvent(db.Model):
    """One date of a programme; ``starts_at`` and ``ends_at`` are hours on the quarter's clock.

    ``planned_on`` and ``planned_at`` are where it stood before it was moved; ``note`` says why it was moved or cancelled.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("nqe_project.id", ondelete="CASCADE"), index=True)
    title: Mapped[str]
    details: Mapped[str] = mapped_column(Text, default="")
    on: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(default="")
    perimeter_id: Mapped[int | None] = mapped_column(ForeignKey("perimeter.id"), index=True)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    kind: Mapped[str]
    audience: Mapped[str] = mapped_column(default="all", server_default="all")
    permit: Mapped[str] = mapped_column(default="none", server_default="none")
    is_highlight: Mapped[bool] = mapped_column(default=False)
    is_accessible: Mapped[bool] = mapped_column(default=False)
    fallback: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="planned")
    note: Mapped[str] = mapped_column(Text, default="")
    planned_on: Mapped[date | None]
    planned_at: Mapped[time | None]
    changes: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    project: Mapped[NqeProject] = relationship(back_populates="programme")
    perimeter: Mapped[Perimeter | None] = relationship()
    day: Mapped["EventDay | None"] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint(f"audience IN {AUDIENCES}", name="audience"),
        CheckConstraint(f"permit IN {PERMITS}", name="permit"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity"),
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="point"),
        CheckConstraint("status = 'planned' OR note <> ''", name="change_is_explained"),
        Index("ix_programme_event_on", "on", "starts_at", "id", "project_id"),
        Index("ix_programme_event_planned_on", "planned_on", sqlite_where=MOVED, postgresql_where=MOVED),
    )

    @property
    def is_cancelled(self) -> bool:
        """Cancelled alone, or with its whole project."""
        return self.status == "cancelled" or self.project.state == S.CANCELLED

    @property
    def is_moved(self) -> bool:
        return self.status == "moved" and not self.is_cancelled
