"""The works funds played from end to end: proposed, studied, voted, counted, validated, made."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, islice

from citizen.ballots import services as ballots
from citizen.ballots.models import Poll
from citizen.ballots.rules import Elector
from citizen.db import db
from citizen.demo import council, dossier, ftu_gather, ftu_towns, listed, paper, papers, reports, sites
from citizen.demo.dossier import Plan, Stage
from citizen.demo.ftu_stories import FTU_STORIES
from citizen.demo.ftu_towns import Round, TownStory
from citizen.demo.places import Quarter
from citizen.demo.reports import Told
from citizen.demo.stories import FtuStory
from citizen.ftu import services as ftu
from citizen.ftu import validation
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.ftu.phases import Days
from citizen.ftu.terms import Terms
from citizen.ftu.validation import KINDS, Act, Choice
from citizen.funds import services as funds
from citizen.kernel.access import Actor, Role
from citizen.people.rules import Kind
from citizen.projects import ending, joining, supports
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.projects.steps import S


@dataclass
class Town:
    """A commune at work."""

    stage: Stage
    told: TownStory
    fund: FtuFund
    officer: Actor
    places: list[Quarter]
    quarters: "cycle[Quarter]"
    stories: "cycle[FtuStory]"
    told_by: dict[int, tuple[FtuStory, Actor]]


def open_town(stage: Stage, told: TownStory, places: dict[str, Quarter], officer: Actor, rank: int) -> Town:
    """The commune, its fund with its rules, and the officer who runs it."""
    quarters = [places[name] for name in told.quarters]
    with stage.days.at(-600):
        town = stage.cast.public_body(Kind.COMMUNE, f"Ville de {told.commune}")
        fund = funds.create_fund(
            stage.cast.admin, FtuFund, title=f"Fonds de travaux urbains de {told.commune}", organisation_id=town.id,
            commune_code=quarters[0].commune, perimeter_ids=[quarter.perimeter_id for quarter in quarters], terms=told.terms,
            adopted_on=stage.days.on(-610), act_reference=f"{KINDS[told.act].capitalize()} n° {600 + rank}",
        )  # fmt: skip
        officer = stage.cast.serve(officer, Role.COMMUNE_OFFICER, f"commune:{quarters[0].commune}")
    assert isinstance(fund, FtuFund)
    stories = cycle(FTU_STORIES[rank * 5 % 12 :] + FTU_STORIES[: rank * 5 % 12])
    return Town(stage, told, fund, officer, quarters, cycle(quarters), stories, {})


def play(town: Town, round_: Round) -> None:
    """One campaign, as far as it has gone."""
    days = town.stage.days
    with days.at(round_.opens - 5):
        campaign = ftu.open_campaign(
            town.officer, town.fund.id, title=f"{town.told.commune}, {round_.name}",
            opens_on=days.on(round_.opens), closes_on=days.on(round_.closes), envelope_cents=round_.envelope * 100,
            vote_opens_on=days.on(round_.vote_opens), vote_closes_on=days.on(round_.vote_closes),
            perimeter_ids=[quarter.perimeter_id for quarter in town.places],
            phases={phase: Days(days.on(first), days.on(last)) for phase, (first, last) in round_.phases.items()},
        )  # fmt: skip
    for goal in round_.stopped:
        _stopped(town, round_, campaign, goal)
    if S.IDEA in round_.stopped:
        _join(town, round_, campaign)
    for _rank in range(round_.on_ballot):
        _study(town, _lodged(town, round_, campaign), min(round_.closes + town.stage.cast.dice.randint(3, 20), -1))
    if round_.on_ballot:
        _vote(town, round_, campaign)
    if round_.phases:
        ftu_gather.play(town, campaign)


def _stopped(town: Town, round_: Round, campaign: Campaign, goal: S) -> None:
    """A proposal that waits for its study, or that ended before the vote."""
    dice, stage = town.stage.cast.dice, town.stage
    if goal is S.DRAFT:
        _draft(town, campaign, town.stage.cast.somebody(), -2)
        return
    if goal is S.IDEA:
        _idea(town, round_, campaign)
        return
    project_id = _lodged(town, round_, campaign)
    day = min(round_.closes + 2, -1)
    match goal:
        case S.ADMISSIBLE:
            _study(town, project_id, day)
        case S.INADMISSIBLE:
            better, reason = dice.choice(ftu_towns.NOT_FEASIBLE)
            with stage.days.at(day, 15):
                ftu.study(town.officer, project_id, is_feasible=False, reason=reason, better_exit=better)
        case S.INCOMPLETE:
            dossier.step(stage, town.officer, project_id, day, "ask_completion", ftu_towns.COMPLETION)
        case S.WITHDRAWN:
            _story, bearer = town.told_by[project_id]
            dossier.step(
                stage,
                bearer,
                project_id,
                day,
                "withdraw",
                "Le bailleur a posé le banc que nous demandions : tant mieux !",
                hour=20,
            )


def _idea(town: Town, round_: Round, campaign: Campaign) -> int:
    """An idea that residents support; its file is not whole yet."""
    stage, dice = town.stage, town.stage.cast.dice
    bearer = stage.cast.somebody()
    project_id = _draft(town, campaign, bearer, min(round_.opens + dice.randint(2, 7), -4))
    with stage.days.at(-3, 21):
        ftu.share(bearer, project_id, link=dice.choice(campaign.ruleset.terms["proposer_links"]))
    for neighbour in dice.sample(stage.cast.residents, min(dice.randint(2, 14), len(stage.cast.residents))):
        if neighbour.person_id != bearer.person_id:
            with stage.days.at(-2, dice.randint(8, 22)):
                supports.support(neighbour, project_id)
    return project_id


def _join(town: Town, round_: Round, campaign: Campaign) -> None:
    """Two teams had the same idea: one goes in favour of the other."""
    going, staying = (_idea(town, round_, campaign) for _turn in range(2))
    proposer, other = (town.told_by[number][1] for number in (going, staying))
    if proposer.person_id == other.person_id:
        return
    with town.stage.days.at(-2, 23):
        asked = joining.propose(
            proposer, going, staying, way="mine", words="Nos deux idées se touchent : faisons-les ensemble."
        )
    with town.stage.days.at(-1, 19):
        joining.answer(other, asked.id, is_accepted=True)


def _lodged(town: Town, round_: Round, campaign: Campaign) -> int:
    """A proposal written and lodged while the campaign was open."""
    dice = town.stage.cast.dice
    day = dice.randint(round_.opens + 7, min(round_.closes, -2))
    bearer = town.stage.cast.somebody()
    project_id = _draft(town, campaign, bearer, day)
    with town.stage.days.at(day, 22, dice.randint(0, 59)):
        life.lodge(bearer, project_id)
    return project_id


def _draft(town: Town, campaign: Campaign, bearer: Actor, day: int) -> int:
    stage, dice, story = town.stage, town.stage.cast.dice, next(town.stories)
    spot, is_private = next(town.quarters).spot(dice), dice.random() < 0.2
    title = story.title.format(de=spot.de)
    project_id = dossier.begin(
        stage, bearer, day - dice.randint(1, 6), FtuProject, campaign.id, title=title, summary=story.summary, spot=spot
    )
    terms = Terms(**campaign.ruleset.terms)
    estimate = round(story.cost * dice.uniform(0.7, 0.95) / 100) * 100

    def write(project: Project) -> None:
        assert isinstance(project, FtuProject)
        works = Plan(
            stage.days.on(day + 200), stage.days.on(day + 230), [("Travaux et mobilier", estimate)], estimate, is_works=True
        )
        dossier.describe(
            project, text=f"{story.text}\n\n{story.solution}", themes=[terms.themes[story.theme]], spot=spot, plan=works
        )
        dossier.gather(stage, project, bearer, 3)
        project.need, project.solution, project.visible_change = story.need, story.solution, story.change
        project.inclusion_women, project.inclusion_disabled, project.inclusion_seniors = (
            story.women,
            story.disabled,
            story.seniors,
        )
        project.is_lasting, project.land, project.estimate_cents = True, "private" if is_private else "public", estimate * 100
        if is_private:
            agreement = papers.letter(
                "Accord du propriétaire",
                ["Nous donnons notre accord à ces travaux,", f"{spot.place}, {spot.quarter.name}."],
                "accord.pdf",
            )
            dossier.attach(bearer, project, agreement, "agreement", "Accord écrit du bailleur")

    dossier.write(stage, bearer, project_id, day, write)
    town.told_by[project_id] = story, bearer
    return project_id


def _study(town: Town, project_id: int, day: int) -> None:
    story, _bearer = town.told_by[project_id]
    cost = round(story.cost * town.stage.cast.dice.uniform(0.9, 1.08) / 50) * 50_00
    with town.stage.days.at(day, 15, 30):
        ftu_gather.cost(town, project_id, cost)
        ftu.study(
            town.officer,
            project_id,
            is_feasible=True,
            reason=story.study,
            cost_cents=cost,
            upkeep=story.upkeep,
            safety=story.safety,
            inclusion={
                "women": ("ok", story.women),
                "disabled": ("improve", ftu_towns.IMPROVE),
                "seniors": ("ok", story.seniors),
            },
        )


def _vote(town: Town, round_: Round, campaign: Campaign) -> None:
    """The vote announced, opened, counted, and followed, as far as its days allow."""
    days = town.stage.days
    with days.at(min(round_.vote_opens - 4, -3), 9):
        poll = ftu.announce_poll(
            town.officer, campaign.id, opens_on=days.on(round_.vote_opens), closes_on=days.on(round_.vote_closes),
            announcement=ftu_towns.ANNOUNCEMENT, draw_text=ftu_towns.DRAW if "draw" in town.told.terms.get("ties", "") else "",
        )  # fmt: skip
        electors: Iterable[Elector] = (
            listed.load(town.stage, town.officer, poll) if round_.is_listed else _residents(town, round_)
        )
    _cast_ballots(town, round_, poll, islice(electors, round_.voters))
    paper.play(town.stage, town.officer, poll, round_)
    if not round_.is_counted:
        return
    with days.at(round_.vote_closes + 2, 10):
        results = ftu.count_poll(town.officer, poll.id, draw_number=ftu_towns.DRAWN)
        retained = [result.option.project_id for result in results if result.is_selected]
    goals = dict(zip(retained, cycle(round_.outcomes), strict=False))
    if town.told.terms.get("committee_role") == "after":
        council.hear(town.stage, town.fund, town.officer, round_.vote_closes + 2, goals)
    for project_id, goal in goals.items():
        _decided(town, project_id, round_.vote_closes + 5, goal)


def _residents(town: Town, round_: Round) -> list[Actor]:
    residents = town.stage.cast.residents
    return town.stage.cast.dice.sample(residents, min(round_.voters, len(residents)))


def _cast_ballots(town: Town, round_: Round, poll: Poll, electors: Iterable[Elector]) -> None:
    """Most voters live in the first quarter and like what is near: there the rules of a count part."""
    dice = town.stage.cast.dice
    options = [option.id for option in poll.options]
    liked = [dice.uniform(0.2, 1.0) ** 2 for _option in options]
    voters = list(electors)
    moments = sorted((dice.randint(round_.vote_opens, min(round_.vote_closes, -1)), dice.randint(8, 22)) for _voter in voters)
    for voter, moment in zip(voters, moments, strict=True):
        home = town.told.quarters[0 if dice.random() < 0.7 else -1]
        near = [like * (12 if one.sector == home else 1) for one, like in zip(poll.options, liked, strict=True)]
        chosen = list(dict.fromkeys(dice.choices(options, near, k=dice.randint(1, poll.max_choices))))
        with town.stage.days.at(*moment):
            ballots.vote(voter, poll.id, chosen, is_eligible=True)


def _decided(town: Town, project_id: int, day: int, goal: S) -> None:
    """The commune's act, the works, the residents' word afterwards."""
    if goal is S.SELECTED:
        return
    stage, (story, bearer) = town.stage, town.told_by[project_id]
    project = db.session.get_one(FtuProject, project_id)
    cost, act = project.studied_cost_cents, Act(
        town.told.act, f"n° {stage.days.on(day).year}-{project_id:03d}", stage.days.on(day), "chapitre 21, article 2128"
    )  # fmt: skip
    with stage.days.at(day, 17):
        if goal is S.REJECTED:
            validation.decide(town.officer, Choice(project_id, "reject", ftu_towns.REFUSED), act)
            return
        validation.decide(town.officer, Choice(project_id, "grant", ftu_towns.VALIDATED, cost), act)
    dossier.followed(stage, project_id, 2)
    if goal is S.CANCELLED:
        with stage.days.at(day + 60):
            ending.cancel(town.officer, project_id, ftu_towns.CANCELLED)
        return
    sites.play(stage, town.officer, project_id, day, goal, story.scene)
    dossier.tell(stage, bearer, project_id, min(day + 90, -1), "Les marques sont au sol : le chantier commence lundi.")
    if goal is S.GRANTED:
        return
    dossier.tell(
        stage, bearer, project_id, day + 150, "C’est fini ! Venez voir, c’est encore mieux que sur le plan.", story.scene
    )
    people = stage.cast.dice.randint(25, 140)
    learnt = "Visiter le lieu avec les services fait gagner des semaines."
    real = (cost or 0) * (93 + project_id % 12) // 100
    sites.account(stage, town.officer, project_id, day + 120, cost or 0, real)
    told = Told(story.report, learnt, people, real)
    reports.send(stage, bearer, project_id, day + 180, told)
    if goal is S.CLOSED:
        reports.close(stage, town.officer, project_id, day + 200)
        sites.use(stage, town.officer, project_id)
