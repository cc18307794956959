"""The demonstration: a lively invented region, made by calling the services, so that it obeys every rule."""

from itertools import cycle

from citizen import clock
from citizen.db import transaction
from citizen.demo import (
    accounts,
    assembly,
    contracts,
    convened,
    endings,
    envelopes,
    ftu,
    hive,
    nqe,
    nqe_days,
    pic,
    purse,
    summer_shared,
)
from citizen.demo.days import Days
from citizen.demo.dossier import Stage
from citizen.demo.ftu_towns import HOUSEHOLDS, SMALL_TOWNS, TOWNS
from citizen.demo.idea_stories import IDEAS
from citizen.demo.nqe_seasons import SMALL_GOALS, THEMES
from citizen.demo.people import Cast
from citizen.demo.pic_funds import FUNDS
from citizen.demo.pictures import Album
from citizen.demo.places import Quarter, import_territory
from citizen.ftu import works
from citizen.mail import services as mail
from citizen.people.models import Person
from citizen.people.queries import demo_accounts

LETTERS_SINCE = -1  # days: the letters of earlier acts are not written


def build_demonstration(*, is_small: bool = False) -> list[Person]:
    """Builds everything or nothing, the first time; gives the demonstration's accounts. ``is_small``: a few projects only."""
    if known := demo_accounts():
        return list(known)
    days = Days(clock.today())
    with transaction(), mail.quiet_before(days.moment(LETTERS_SINCE, 0)):
        places = import_territory()
        with days.at(-1020):
            stage = Stage(days, Cast(days), Album())
        contracts.play(stage)
        _play_pic(stage, places, is_small=is_small)
        _play_ftu(stage, places, is_small=is_small)
        _play_nqe(stage, places, is_small=is_small)
        accounts.propose_ideas(stage, list(places.values())[:16], 2 if is_small else len(IDEAS))
        accounts.follow_some(stage)
        hive.play(stage, places.values())
        envelopes.play(stage)
    return list(demo_accounts())


def _play_pic(stage: Stage, places: dict[str, Quarter], *, is_small: bool) -> None:
    for rank, told in enumerate(FUNDS[:1] if is_small else FUNDS):
        manager = stage.cast.account("manager") if rank == 0 else stage.cast.official()
        room = pic.open_room(stage, told, places, manager, rank, is_small=is_small)
        if rank == 0:
            accounts.granted(room)
            accounts.nearly_ready(room, places["Les Oliveaux"])
        pic.play(room, is_small=is_small)
        purse.play(room, stage.cast.account("treasurer") if rank == 0 else room.manager)
        endings.play(room)
        convened.play(room, is_first=rank == 0)


def _play_ftu(stage: Stage, places: dict[str, Quarter], *, is_small: bool) -> None:
    towns = []
    for rank, told in enumerate(SMALL_TOWNS if is_small else TOWNS):
        officer = stage.cast.account("commune") if rank == 0 else stage.cast.official()
        towns.append(ftu.open_town(stage, told, places, officer, rank))
        for round_ in told.rounds:
            ftu.play(towns[-1], round_)
    ftu.play(towns[0], HOUSEHOLDS)
    with stage.days.at(LETTERS_SINCE - 1):
        works.tell_all()


def _play_nqe(stage: Stage, places: dict[str, Quarter], *, is_small: bool) -> None:
    fund, leads = nqe.open_region(stage, places)
    summer_shared.lend(stage, leads)
    for rank, (summer, theme) in enumerate(zip(nqe.open_summers(stage, fund, is_small=is_small), THEMES, strict=True)):
        if rank == 2:
            summer_shared.present(summer)
        played = []
        for turn, (lead, goal) in enumerate(zip(cycle(leads), SMALL_GOALS[rank] if is_small else theme.goals, strict=False)):
            # each summer of an association tells another story, and a second one of the same summer yet another
            played.append((lead, nqe.play(summer, lead, goal, lead.rank + 3 * rank + 4 * (turn // len(leads)))))
        if rank == 2:
            assembly.meet(summer)
            for lead, project_id in played:
                summer_shared.play(summer, lead, project_id)
            if not is_small:
                nqe.change_dates(summer, *played[1])
            assembly.convene(summer)
        nqe_days.review_day(stage.days, summer.officer, summer.edition)
