"""Works funds and votes that tests need, made by calling the services."""

from datetime import date, timedelta
from itertools import count
from typing import Any, cast

from citizen import clock
from citizen.ballots import queries as ballots
from citizen.ballots.models import Poll
from citizen.ballots.pages import Booth
from citizen.ballots.rules import Elector
from citizen.db import db, transaction
from citizen.ftu import services as ftu
from citizen.ftu import validation
from citizen.ftu.models import Campaign, FtuFund, FtuProject
from citizen.ftu.terms import THEMES
from citizen.ftu.validation import Act, Choice
from citizen.funds import services as funds
from citizen.funds.models import Fund
from citizen.kernel.access import Actor, Role
from citizen.places.models import Commune, Perimeter
from citizen.projects import services as projects
from citizen.projects.models import Project
from tests.factories import actor, administrator, organisation, person

_numbers = count(1)
JUDGED = dict.fromkeys(("women", "disabled", "seniors"), ("ok", ""))  # what a study found for each group


def works_quarter(code: str = "59360", commune: str = "Loos", quarter: str = "QN05936M") -> Perimeter:
    """A commune and its quarter, found again when asked twice."""
    known = db.session.scalar(db.select(Perimeter).where(Perimeter.code == quarter))
    if known:
        return known
    with transaction():
        place = db.session.get(Commune, code) or Commune(
            code=code, name=commune, search_name=commune.lower(), departement=code[:2]
        )
        made = Perimeter(
            code=quarter, name="Les Oliveaux", search_name="les oliveaux", kind="priority", version="2024",
            valid_from=date(2024, 1, 1), departement=code[:2], communes=[place],
        )  # fmt: skip
        db.session.add(made)
    return made


def works_officer(code: str = "59360") -> Actor:
    """Somebody of the commune's services."""
    return actor(person(duties=[(Role.COMMUNE_OFFICER, f"commune:{code}")]))


def works_fund(terms: dict[str, Any] | None = None) -> Fund:
    """A works fund of Loos with its first rules."""
    works_quarter()
    return funds.create_fund(
        administrator(), FtuFund, title=f"Petits travaux {next(_numbers)}", organisation_id=organisation(kind="commune").id,
        commune_code="59360", terms=terms, adopted_on=clock.today(), act_reference="délibération 12",
    )  # fmt: skip


def campaign(
    officer: Actor | None = None,
    *,
    envelope_cents: int = 30_000_00,
    terms: dict[str, Any] | None = None,
    perimeter_ids: tuple[int, ...] = (),
) -> Campaign:
    """A campaign of Loos: proposals from today for twenty days, the vote from the fortieth to the fiftieth."""
    fund, today = works_fund(terms), clock.today()
    return ftu.open_campaign(
        officer or works_officer(), fund.id, title=f"Campagne {next(_numbers)}", opens_on=today, closes_on=today + timedelta(days=20),
        envelope_cents=envelope_cents, vote_opens_on=today + timedelta(days=40), vote_closes_on=today + timedelta(days=50),
        perimeter_ids=perimeter_ids,
    )  # fmt: skip


def works_written(project: Project, **values: Any) -> None:
    """Fills in all that lodging asks of works; ``values`` replace some of it."""
    quarter = works_quarter()
    told = {
        "description": "Le banc est cassé depuis deux ans, plus personne ne s’assoit sur la place. " * 2,
        "themes": [THEMES[3]], "commune_code": "59360", "perimeter_id": quarter.id, "location": "inside", "place": "la place",
        "need": "Personne ne peut plus s’asseoir.", "solution": "Poser trois bancs solides.", "is_lasting": True,
        "visible_change": "Des bancs neufs en deux semaines.", "land": "public",
        "inclusion_women": "Un éclairage pour s’y sentir bien.", "inclusion_disabled": "Un passage assez large.",
        "inclusion_seniors": "Des dossiers et des accoudoirs.",
    } | values  # fmt: skip
    for name, value in told.items():
        setattr(project, name, value)


def ftu_draft(
    call: Campaign, bearer: Actor | None = None, *, title: str = "Des bancs place du marché", **values: Any
) -> FtuProject:
    """A project of the campaign, written and not lodged."""
    bearer = bearer or actor(person())
    made = projects.propose(bearer, title=title, summary="Des bancs pour tout le monde.")
    projects.orient(bearer, made.id, FtuProject, call.id)
    return cast(FtuProject, projects.edit(bearer, made.id, lambda project: works_written(project, **values)))


def ftu_lodged(call: Campaign, bearer: Actor | None = None, **values: Any) -> FtuProject:
    """A project lodged in the campaign."""
    bearer = bearer or actor(person())
    made = ftu_draft(call, bearer, **values)
    return cast(FtuProject, projects.lodge(bearer, made.id))


def ftu_studied(call: Campaign, officer: Actor, *, cost_cents: int = 6_500_00, **values: Any) -> FtuProject:
    """A project that the commune's study found feasible at this cost."""
    made = ftu_lodged(call, **values)
    return cast(
        FtuProject,
        ftu.study(
            officer,
            made.id,
            is_feasible=True,
            reason="Le sol est bon.",
            cost_cents=cost_cents,
            upkeep="Par le service espaces verts.",
            safety="Bords arrondis.",
            inclusion=JUDGED,
        ),
    )


def announced_poll(officer: Actor, costs: list[int], **campaign_values: Any) -> Poll:
    """A vote on as many projects as ``costs`` (cents), announced thirty days from now, not open yet."""
    call = campaign(officer, **campaign_values)
    for number, cents in enumerate(costs, start=1):
        ftu_studied(call, officer, cost_cents=cents, title=f"Projet {number}")
    with clock.at(clock.now() + timedelta(days=30)):
        return ftu.announce_poll(
            officer,
            call.id,
            opens_on=call.vote_opens_on,
            closes_on=call.vote_closes_on,
            announcement="Choisissez les travaux de l’été.",
        )


def ftu_idea(call: Campaign, bearer: Actor | None = None, **values: Any) -> FtuProject:
    """An idea shown to everybody, its file not lodged yet."""
    bearer = bearer or actor(person())
    return cast(FtuProject, ftu.share(bearer, ftu_draft(call, bearer, **values).id, link="lives"))


def act(reference: str = "n° 2027-45") -> Act:
    return Act("deliberation", reference, clock.today(), "chapitre 21")


def granted(officer: Actor, project_id: int, cents: int, reason: str = "Comme le vote.") -> FtuProject:
    """The commune's act finances the works."""
    return cast(FtuProject, validation.decide(officer, Choice(project_id, "grant", reason, cents), act()))


def refused(officer: Actor, project_id: int, reason: str = "Le budget a changé.") -> FtuProject:
    """The commune's act does not."""
    return cast(FtuProject, validation.decide(officer, Choice(project_id, "reject", reason), act()))


def chosen_by(poll_id: int, elector: Elector) -> list[int]:
    """What their ballot page shows as chosen: what waits for a confirmation, else what is in the box."""
    poll = db.session.get_one(Poll, poll_id)
    return Booth(poll, elector, *ballots.line_and_acts(poll_id, elector)).choices
