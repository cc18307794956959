"""The summers of the demonstration: an edition opened, programmes written, decided, lived, told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from citizen import clock
from citizen.db import db
from citizen.demo import dossier, nqe_days, nqe_seasons, reports
from citizen.demo.dossier import Plan, Stage
from citizen.demo.nqe_seasons import Season
from citizen.demo.nqe_stories import NQE_STORIES
from citizen.demo.places import Quarter
from citizen.demo.reports import Told
from citizen.demo.stories import Moment, NqeStory
from citizen.funds import services as funds
from citizen.funds.models import Fund
from citizen.kernel.access import Actor
from citizen.nqe import services as nqe
from citizen.nqe.eco_grid import eco_lines
from citizen.nqe.models import PUBLICS, Edition, NqeFund, NqeProject, Partner, ProgrammeEvent
from citizen.people.models import Organisation
from citizen.people.rules import Kind
from citizen.places.models import Perimeter
from citizen.projects import ending, reporting
from citizen.projects import services as life
from citizen.projects.steps import HAS_MONEY, S


@dataclass
class Lead:
    """An association that carries summers, who speaks for it, and where."""

    association: Organisation
    bearer: Actor
    quarters: list[Quarter]
    rank: int


@dataclass
class Summer:
    """An edition at work."""

    stage: Stage
    season: Season
    edition: Edition
    officer: Actor
    lodged: int  # when files come in: the first day, counted from today
    decided: int
    agenda: list["ToDecide"] | None = None  # where a committee decides: what waits for its session


@dataclass
class ToDecide:
    """A registration that waits for the session, what becomes of it there, and what follows once it is told."""

    project_id: int
    goal: S
    asked: int
    follow: Callable[[], None]


def open_region(stage: Stage, places: dict[str, Quarter]) -> tuple[Fund, list[Lead]]:
    """The Region's fund, and the associations that will carry a summer."""
    with stage.days.at(-1000):
        region = stage.cast.public_body(Kind.REGION, "Région Hauts-de-France (démonstration)")
        fund = funds.create_fund(
            stage.cast.admin, NqeFund, title="Nos quartiers d’été", organisation_id=region.id,
            adopted_on=stage.days.on(-1010), act_reference="Commission permanente, règlement de l’été",
            terms={"is_decided_by_committee": False},
        )  # fmt: skip
    leads = []
    for rank, (name, departement, quarters) in enumerate(nqe_seasons.LEADS):
        bearer = stage.cast.account("president") if rank == 0 else stage.cast.official()
        leads.append(Lead(stage.cast.association(name, departement, bearer), bearer, [places[one] for one in quarters], rank))
    return fund, leads


def open_summers(stage: Stage, fund: Fund, *, is_small: bool) -> list[Summer]:
    """Two summers past and the one to come, filing open now; in a whole demonstration a committee decides of the last."""
    ahead = nqe_seasons.summer_ahead(stage.days.today)
    return [_open(stage, fund, ahead - back, rank, sits=back == 0 and not is_small) for rank, back in enumerate((2, 1, 0))]


def _open(stage: Stage, fund: Fund, year: int, rank: int, *, sits: bool) -> Summer:
    days, theme, officer = stage.days, nqe_seasons.THEMES[rank], stage.cast.account("region")
    season = Season(year, date(year - 1, 11, 2), date(year, 2, 3), date(year, 6, 21), date(year, 9, 20))
    if rank == 2:
        season = Season(year, days.on(-70), min(days.on(75), date(year, 6, 1)), season.starts_on, season.ends_on)
    lodged = days.offset(season.opens_on) + 12
    decided = -8 if rank == 2 else days.offset(date(year, 4, 14))
    with days.at(days.offset(season.opens_on) - 5):
        if sits:
            act = "Commission permanente, la décision en séance"
            funds.adopt_ruleset(officer, fund.id, terms={}, adopted_on=clock.today(), act_reference=act)
        edition = nqe.open_edition(
            officer, fund.id, year=year, theme_title=theme.title, theme_text=theme.text, axes=theme.axes, opens_on=season.opens_on,
            closes_on=season.closes_on, season_starts_on=season.starts_on, season_ends_on=season.ends_on,
            envelope_cents=nqe_seasons.ENVELOPE * 100,
        )  # fmt: skip
    return Summer(stage, season, edition, officer, lodged, decided, [] if sits else None)


def play(summer: Summer, lead: Lead, goal: S, story_rank: int) -> int:
    """One summer of one association; its number."""
    story, dice, bearer = NQE_STORIES[story_rank % len(NQE_STORIES)], summer.stage.cast.dice, lead.bearer
    lodged = min(summer.lodged + dice.randint(0, 40), -14)
    project_id, asked = _draft(summer, lead, story, lodged)
    if goal is S.DRAFT:
        return project_id
    with summer.stage.days.at(lodged, dice.randint(9, 21)):
        life.lodge(bearer, project_id)
    day = lodged + 4
    match goal:
        case S.INCOMPLETE:
            dossier.step(summer.stage, summer.officer, project_id, day, "ask_completion", nqe_seasons.COMPLETION)
        case S.INADMISSIBLE:
            with summer.stage.days.at(day, 11):
                reporting.not_admit(summer.officer, project_id, reason=nqe_seasons.NOT_ADMITTED, better="moment")
        case S.WITHDRAWN:
            dossier.step(
                summer.stage, bearer, project_id, day, "withdraw", "Un partenaire se retire : nous reviendrons l’an prochain."
            )
        case S.ADMISSIBLE:
            dossier.step(summer.stage, summer.officer, project_id, day, "admit")
        case S.REJECTED | S.DEFERRED | S.GRANTED | S.CANCELLED | S.REPORT_SUBMITTED | S.CLOSED:
            _decide(summer, lead, project_id, day, goal, asked)
    if summer.agenda is not None and goal in (S.GRANTED, S.REJECTED, S.DEFERRED):
        summer.agenda.append(ToDecide(project_id, goal, asked, lambda: _after(summer, bearer, project_id, story, goal, asked)))
    elif goal in HAS_MONEY:
        _after(summer, bearer, project_id, story, goal, asked)
    return project_id


def _draft(summer: Summer, lead: Lead, story: NqeStory, lodged: int) -> tuple[int, int]:
    """The whole file: principles, partners, quarters, programme, budget; its number and the euros asked for."""
    stage, dice, home = summer.stage, summer.stage.cast.dice, lead.quarters[0]
    spot = home.spot(dice)
    total = sum(amount for _label, amount in story.costs)
    plan = Plan(
        summer.season.starts_on,
        summer.season.ends_on,
        story.costs,
        round(total * 0.8 / 100) * 100,
        total // 1000 * 100,
        ("Bénévoles de l’été", 3200),
    )
    project_id = dossier.begin(
        stage,
        lead.bearer,
        lodged - dice.randint(8, 11),
        NqeProject,
        summer.edition.id,
        title=home.titled(story.title),
        summary=story.summary,
        spot=spot,
    )

    def write(project: NqeProject) -> None:
        dossier.describe(project, text=story.text, themes=[summer.edition.theme_title], spot=spot, plan=plan)
        dossier.gather(stage, project, lead.bearer, 3)
        _answer(project, summer, lead, story)

    with stage.days.at(lodged - 1):
        nqe.write(lead.bearer, project_id, write)
    return project_id, plan.asked


def _answer(project: NqeProject, summer: Summer, lead: Lead, story: NqeStory) -> None:
    """Who carries it, the four principles, partners, quarters, programme."""
    project.organisation_id = lead.association.id
    project.theme_links = dict(zip(summer.edition.axes, story.links, strict=True))
    project.design, project.delivery, project.evaluation = story.design, story.delivery, story.evaluation
    project.eco_scores = {line.title: 1 + (rank + lead.rank) % 2 for rank, line in enumerate(eco_lines(project.terms.eco_grid))}
    project.is_free, project.is_already_funded = True, lead.rank == nqe_seasons.DEROGATION_LEAD
    project.derogation = nqe_seasons.DEROGATION if project.is_already_funded else ""
    project.partners = [Partner(name=name, role=role, has_agreed=True) for name, role in story.partners]
    project.steering_residents, project.steering = 6 + lead.rank, nqe_seasons.STEERING
    project.publics, project.expected_people = ["staying", "isolated", PUBLICS[2 + lead.rank % 6]], story.people // 10 * 10
    project.quarters = [db.session.get_one(Perimeter, quarter.perimeter_id) for quarter in lead.quarters]
    project.programme = _programme(summer, lead, story)
    project.starts_on, project.ends_on = min(one.on for one in project.programme), max(one.on for one in project.programme)


def _programme(summer: Summer, lead: Lead, story: NqeStory) -> list[ProgrammeEvent]:
    """The dates of a summer: the first highlight opens it, the last one closes it, the rest comes back in between."""
    dice, season = summer.stage.cast.dice, summer.season
    small = [moment for moment in story.programme if not moment.is_highlight]
    between = small * 2 if lead.rank % 2 else small + small[:2]
    highlights = [moment for moment in story.programme if moment.is_highlight]
    told = [highlights[0], *between[:12], *highlights[1:]]
    opening = _saturday(season.starts_on + timedelta(days=dice.randint(0, 14)))
    every = (season.ends_on - opening).days - 7  # the last Saturday is within a week
    dates = []
    for rank, moment in enumerate(told):
        on = opening + timedelta(days=rank * every // (len(told) - 1))
        if moment.is_highlight:
            on = _saturday(on)
        dates.append(_date(moment, on, lead.quarters[rank % len(lead.quarters)], dice.random() < 0.7))
    return dates


def _saturday(day: date) -> date:
    """That day, or the first Saturday after."""
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _date(moment: Moment, on: date, quarter: Quarter, is_accessible: bool) -> ProgrammeEvent:
    return ProgrammeEvent(
        title=moment.title, details=moment.details, on=on, starts_at=time(moment.hour), ends_at=time((moment.hour + moment.length) % 24),
        place=moment.place, perimeter_id=quarter.perimeter_id, lon=quarter.lon, lat=quarter.lat, kind=moment.kind,
        is_highlight=moment.is_highlight, is_accessible=is_accessible,
        fallback=f"S’il pleut, {moment.rain}." if moment.rain else "S’il pleut, annulé la veille avant midi.", capacity=moment.capacity,
        changed_at=clock.now(),
    )  # fmt: skip


def _decide(summer: Summer, lead: Lead, project_id: int, day: int, goal: S, asked: int) -> None:
    """Read, answered on the derogation if one is asked, decided by the Commission permanente unless a committee sits."""
    stage, officer = summer.stage, summer.officer
    dossier.step(stage, officer, project_id, day, "admit")
    act = f"Commission permanente du {stage.days.on(summer.decided):%d/%m/%Y}"
    if lead.rank == nqe_seasons.DEROGATION_LEAD:
        with stage.days.at(day + 1):
            nqe.answer_derogation(officer, project_id, is_granted=True, reason=nqe_seasons.DEROGATION_ANSWER)
    if summer.agenda is not None:
        return
    with stage.days.at(summer.decided, 15):
        if goal is S.REJECTED:
            nqe.reject(officer, project_id, reason=nqe_seasons.REJECTED, act_reference=act)
        else:
            nqe.grant(officer, project_id, amount_cents=asked * 100, reason=nqe_seasons.GRANTED, act_reference=act)


def _after(summer: Summer, bearer: Actor, project_id: int, story: NqeStory, goal: S, asked: int) -> None:
    """The summer itself, and what is told of it."""
    if goal in (S.REJECTED, S.DEFERRED):
        return
    stage, over = summer.stage, summer.stage.days.offset(summer.season.ends_on)
    dossier.followed(stage, project_id, 3)
    if goal is S.CANCELLED:
        with stage.days.at(summer.decided + 30):
            ending.cancel(summer.officer, project_id, nqe_seasons.CANCELLED)
        return
    dossier.tell(
        stage,
        bearer,
        project_id,
        summer.decided + 4,
        "Le programme est dans l’agenda. Choisissez vos dates et venez comme vous êtes.",
    )
    if over > 0:
        nqe_days.book_ahead(stage.days, bearer, project_id)
    if goal is S.GRANTED or over > -20:
        return
    dossier.tell(
        stage,
        bearer,
        project_id,
        over - 30,
        f"Déjà la moitié de l’été ! {story.programme[1].title} revient bientôt.",
        story.scene,
    )
    people = max(60, round(story.people * stage.cast.dice.uniform(0.7, 1.2)))
    nqe_days.count_everybody(stage.days, bearer, project_id, people)
    learnt = "Annoncer le plan de repli la veille, et garder une date libre pour ce que les habitants inventent en route."
    told = Told(story.report, learnt, people, asked * 120, story.scene)
    nqe_days.tell(stage.days, bearer, project_id, over + 9, people)
    reports.send(stage, bearer, project_id, over + 9, told)
    if goal is S.CLOSED:
        reports.close(stage, summer.officer, project_id, over + 17)


def change_dates(summer: Summer, lead: Lead, project_id: int) -> None:
    """One date moved and one cancelled, both with their reason."""
    project = db.session.get_one(NqeProject, project_id)
    moved, cancelled = project.programme[1], project.programme[2]
    with summer.stage.days.at(-2, 18):
        nqe.move_date(
            lead.bearer, project_id, moved.id, on=moved.on + timedelta(days=1), starts_at=moved.starts_at, ends_at=moved.ends_at,
            place=moved.place, note="La place est prise par le marché ce jour-là.",
        )  # fmt: skip
        nqe.cancel_date(
            lead.bearer, project_id, cancelled.id, note="L’intervenant n’est plus libre ; une autre date sera proposée."
        )
