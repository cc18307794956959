"""The PIC funds played from end to end: written, lodged, heard, decided, done, told."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle

from citizen.committees import services as committees
from citizen.committees.models import AgendaItem, Session
from citizen.db import db
from citizen.demo import committee, dossier, groups, papers, pic_funds, reports
from citizen.demo.dossier import Plan, Stage
from citizen.demo.pic_stories import PIC_STORIES
from citizen.demo.places import Quarter, Spot
from citizen.demo.reports import Told
from citizen.demo.stories import PicStory
from citizen.funds import drafting
from citizen.funds import services as funds
from citizen.funds.models import Call
from citizen.kernel.access import Actor, Role
from citizen.pic.models import PicCall, PicFund, PicProject
from citizen.pic.terms import Terms
from citizen.projects import ending, reporting, tasks
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.projects.steps import HAS_MONEY, S

DEAR = 0.08  # of the files have a line at twice the usual price
DECIDED = frozenset({S.REJECTED, S.DEFERRED, *HAS_MONEY})


@dataclass
class Room:
    """A fund at work: who keeps it, its two periods, its sessions by day, its stories in turn."""

    stage: Stage
    fund: PicFund
    manager: Actor
    quarters: "cycle[Quarter]"
    calls: list[Call]
    sessions: dict[int, Session]
    stories: "cycle[PicStory]"

    def call_on(self, day: int) -> Call:
        """The period in which one lodges that day."""
        return next(call for call in self.calls if call.is_open(self.stage.days.on(day)))


def open_room(
    stage: Stage, told: pic_funds.FundStory, places: dict[str, Quarter], manager: Actor, rank: int, *, is_small: bool
) -> Room:
    """The association, the fund with its rules, its two periods, its committee and its sessions."""
    quarters = [places[name] for name in told.quarters]
    with stage.days.at(-620):
        keeper = stage.cast.association(told.association, told.departement, manager)
        fund = funds.create_fund(
            stage.cast.admin, PicFund, title=told.title, organisation_id=keeper.id,
            perimeter_ids=[quarter.perimeter_id for quarter in quarters], terms=told.former or told.terms,
            adopted_on=stage.days.on(-640), act_reference="Assemblée générale, règlement intérieur n° 1",
        )  # fmt: skip
    assert isinstance(fund, PicFund)
    manager = stage.cast.serve(manager, Role.FUND_MANAGER, fund.on)
    calls = _open_calls(stage, fund, manager, told)
    committee.seat_everybody(stage, fund, manager, is_first=rank == 0)
    with stage.days.at(-480):
        plan = pic_funds.SMALL_SESSIONS if is_small else pic_funds.SESSIONS
        sessions = {
            # each committee has its own days; the first one sits today
            day: committees.schedule(
                manager, fund.id, held_at=stage.days.moment(day + (rank if day else 3 * rank), 18, 30), place=told.room
            )
            for day, _goals in plan
        }
    stories = cycle(PIC_STORIES[rank * 4 :] + PIC_STORIES[: rank * 4])
    return Room(stage, fund, manager, cycle(quarters), calls, sessions, stories)


def _open_calls(stage: Stage, fund: PicFund, manager: Actor, told: pic_funds.FundStory) -> list[Call]:
    """A year that is over, and the one in progress under the newest rules."""
    opens_on = stage.days.first_of_month(-150)
    before = opens_on.replace(year=opens_on.year - 1)
    calls: list[Call] = []
    for first, following in ((before, opens_on), (opens_on, opens_on.replace(year=opens_on.year + 1))):
        day = stage.days.offset(first) - 10
        with stage.days.at(day):
            if calls and told.former:
                funds.adopt_ruleset(
                    manager,
                    fund.id,
                    terms=told.terms,
                    adopted_on=stage.days.on(day),
                    act_reference="Assemblée générale, règlement n° 2",
                )
            last = stage.days.on(stage.days.offset(following) - 1)
            calls.append(
                funds.open_call(
                    manager, PicCall, fund.id, title=f"{told.title}, {first.year}-{last.year}", opens_on=first, closes_on=last,
                    envelope_cents=told.envelope * 100, funders=told.funders,
                )
            )  # fmt: skip
    _next_rules(stage, fund, manager, told)
    _sector(stage, fund, manager, told)
    return calls


def _next_rules(stage: Stage, fund: PicFund, manager: Actor, told: pic_funds.FundStory) -> None:
    """The rules that its keeper is writing."""
    if told.next:
        with stage.days.at(-2, 21):
            drafting.save(manager, fund.id, fund.rulesets[-1].terms | told.next)


def _sector(stage: Stage, fund: PicFund, manager: Actor, told: pic_funds.FundStory) -> None:
    """A sub-fund that has just opened its first year."""
    if not told.sector:
        return
    with stage.days.at(-9, 11):
        sector = funds.open_subfund(
            manager, fund.id, title=told.sector, adopted_on=stage.days.on(-9),
            act_reference="Assemblée générale, ouverture d’un secteur",
        )  # fmt: skip
        funds.open_call(
            manager, PicCall, sector.id, title=f"{told.sector}, première année", opens_on=stage.days.on(-9),
            closes_on=stage.days.on(300), envelope_cents=4_000_00, funders=told.funders,
        )  # fmt: skip


def play(room: Room, *, is_small: bool) -> None:
    """Every session with its projects, then what waits for none; the past sessions are closed."""
    plan = pic_funds.SMALL_SESSIONS if is_small else pic_funds.SESSIONS
    for day, goals in plan:
        held_on = room.stage.days.offset(room.sessions[day].held_on)
        for goal in goals:
            _heard_project(room, room.sessions[day], held_on, goal)
        if held_on < 0:
            with room.stage.days.at(held_on, 22):
                committees.close(room.manager, room.sessions[day].id)
        elif held_on == 0:
            committee.half_way(room.stage, room.manager, room.sessions[day])
    for goal in pic_funds.SMALL_OUTSIDE if is_small else pic_funds.OUTSIDE:
        _waiting_project(room, goal)


def _heard_project(room: Room, session: Session, held_on: int, goal: S) -> None:
    """A project that goes before this session, and beyond."""
    dice, rules = room.stage.cast.dice, room.call_on(min(held_on - 25, -2)).ruleset
    lodged = min(held_on - rules.terms["filing_notice_days"] - dice.randint(2, 6), -4)
    starts = held_on + dice.randint(9, 24) if held_on < -10 else max(held_on, 0) + dice.randint(20, 50)
    bearer, story = room.stage.cast.resident(), next(room.stories)
    project_id, asked = draft(room, bearer, story, lodged, starts)
    lodge(room, bearer, project_id, lodged)
    with room.stage.days.at(lodged + 1, 9):
        life.take(room.manager, project_id, "admit")
        item = committees.inscribe(room.manager, session.id, project_id)
    if goal in DECIDED:
        decide(room, item.id, held_on, goal, asked)
    if goal in HAS_MONEY:
        _after(room, bearer, story, project_id, held_on, starts, goal)


def _waiting_project(room: Room, goal: S) -> None:
    """A project at an early state, or one that stopped early."""
    bearer, day = room.stage.cast.resident(), -room.stage.cast.dice.randint(5, 12)
    project_id, _asked = draft(room, bearer, next(room.stories), day, 75)
    if goal is S.DRAFT:
        return
    lodge(room, bearer, project_id, day)
    match goal:
        case S.INCOMPLETE:
            groups.ask(room.stage, room.manager, project_id, day + 2)
        case S.INADMISSIBLE:
            with room.stage.days.at(day + 2, 11):
                reporting.not_admit(room.manager, project_id, reason=pic_funds.NOT_ADMITTED, better="durable")
        case S.WITHDRAWN:
            dossier.step(
                room.stage, bearer, project_id, day + 2, "withdraw", "Nous déménageons, une autre équipe reprendra l’idée."
            )
        case S.ADMISSIBLE:
            groups.ask(room.stage, room.manager, project_id, day + 1)
            groups.answer(room.stage, bearer, project_id, day + 2)
            dossier.step(room.stage, room.manager, project_id, day + 3, "admit")


def draft(room: Room, bearer: Actor, story: PicStory, lodged: int, starts: int, call: Call | None = None) -> tuple[int, int]:
    """A whole file that waits to be lodged: its number, and the euros asked for."""
    stage, dice = room.stage, room.stage.cast.dice
    call = call or room.call_on(lodged)
    spot = next(room.quarters).spot(dice)
    terms = Terms(**call.ruleset.terms)
    costs = [(label, round(amount * dice.uniform(0.85, 1.1) / 5) * 5) for label, amount in story.costs]
    if dice.random() < DEAR:
        costs[-1] = (costs[-1][0], costs[-1][1] * 2)
    total = sum(amount for _label, amount in costs)
    most = min(terms.cap_cents(1) // 100, int(total * Fraction(terms.max_rate_percent, 100)))
    day = stage.days.on(starts)
    plan = Plan(day, day, costs, min(total - story.own, most), gift=story.gift)
    title = story.title.format(de=spot.de)
    project_id = dossier.begin(
        stage, bearer, lodged - dice.randint(4, 9), PicProject, call.id, title=title, summary=story.summary, spot=spot
    )

    fill(stage, bearer, project_id, lodged, story, spot, plan, terms.themes[story.theme])
    return project_id, plan.asked


def fill(
    stage: Stage, bearer: Actor, project_id: int, lodged: int, story: PicStory, spot: Spot, plan: Plan, theme: str
) -> None:  # fmt: skip
    """All that a file holds, three days before it is lodged."""
    dice = stage.cast.dice

    def write(project: Project) -> None:
        project.title = story.title.format(de=spot.de)
        dossier.describe(project, text=story.text, themes=[theme], spot=spot, plan=plan)
        dossier.gather(stage, project, bearer, dice.randint(3, 5))
        shop = papers.SHOPS[project.id % len(papers.SHOPS)]
        quote = papers.quote(project.title, shop, plan.costs[:1], f"{stage.days.on(lodged - 2):%d/%m/%Y}")
        dossier.attach(bearer, project, quote, "quote", f"Devis, {shop}", project.lines[0])
        _answer(project, story)

    dossier.write(stage, bearer, project_id, lodged - 3, write)


def _answer(project: Project, story: PicStory) -> None:
    """What the team says of the three conditions."""
    assert isinstance(project, PicProject)
    rank = project.id
    project.task_sharing, project.learning = pic_funds.TASKS[rank % 3], story.learning
    project.is_open_to_all, project.is_anyone_paid, project.price_cents = True, False, 0
    project.is_first_project, project.publicity = bool(rank % 3), pic_funds.PUBLICITY[rank % 4]
    project.accessibility, project.need_spotted = pic_funds.ACCESS[rank % 4], story.need
    project.need_evidence, project.why_now = story.evidence, story.why


def lodge(room: Room, bearer: Actor, project_id: int, day: int) -> None:
    with room.stage.days.at(day, room.stage.cast.dice.randint(9, 22)):
        people = len(life.lodge(bearer, project_id).team)
        if project_id % 2:
            tasks.tell_people(bearer, project_id, people=people, women=people - project_id % 3, young=1)


def decide(room: Room, item_id: int, held_on: int, goal: S, asked: int) -> None:
    """Settled in session, then released."""
    with room.stage.days.at(held_on, 19, 30):
        session_id = db.session.get_one(AgendaItem, item_id).session_id
        committee.begin(room.manager, session_id)
        committee.vote(room.manager, item_id, committee.put(room.manager, item_id, goal, asked))
        committee.release(room.fund, item_id, f"Séance du {room.stage.days.on(held_on):%d/%m/%Y}")


def _after(room: Room, bearer: Actor, story: PicStory, project_id: int, held_on: int, starts: int, goal: S) -> None:
    """What happens once the money is granted."""
    stage, dice = room.stage, room.stage.cast.dice
    dossier.followed(stage, project_id, dice.randint(0, 2))
    if goal is S.CANCELLED:
        with stage.days.at(held_on + 5):
            ending.cancel(room.manager, project_id, "L’équipe n’a pas trouvé de salle à temps : l’argent retourne au fonds.")
        return
    if goal is S.GRANTED:
        dossier.tell(stage, bearer, project_id, min(held_on + 3, -1), story.news, story.scene if project_id % 2 else "")
        return
    day = min(starts + dice.randint(4, 9), -4)
    dossier.tell(stage, bearer, project_id, day - 1, "C’est fait ! Merci à toutes et à tous. Le bilan arrive.", story.scene)
    people = max(12, round(story.people * dice.uniform(0.7, 1.2)))
    cost = db.session.get_one(PicProject, project_id).cost_cents * (92 + project_id % 13) // 100
    told = Told(story.report, story.learnt, people, cost, story.scene)
    reports.send(stage, bearer, project_id, day, told)
    if goal is S.CLOSED:
        reports.close(stage, room.manager, project_id, min(day + dice.randint(3, 8), -1))
