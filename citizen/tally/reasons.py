"""Why each project was taken or not, in short sentences, all true: what « would have been enough » was counted again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from citizen.kernel.words import N_, Words
from citizen.tally.greedy import Entry, Method, Missed, Obstacle, Recounts, Turn, enough
from citizen.tally.profile import Amount, Kind, Profile, Project
from citizen.tally.rule import Outcome, Step, tally

Money = Callable[[Amount], str]


def of_turns(turns: Sequence[Turn], method: Method, money: Money, *, shows_votes: bool = True) -> list[list[Words]]:
    """For each turn of a count under the envelope; nothing of the votes when there are too few ballots."""
    recounts = Recounts(turns, method)
    said = []
    for turn in turns:
        words = [_turn(turn, method, money, shows_votes)]
        if shows_votes and not turn.is_selected:
            words += _enough(recounts.missed_by(turn.entry), money, "points" if method.counts_points else "votes")
        said.append(words)
    return said


def _turn(turn: Turn, method: Method, money: Money, shows_votes: bool) -> Words:
    """What decided; neither votes nor the order of the count when ``shows_votes`` is false."""
    left, cost = money(turn.remaining), money(turn.entry.project.cost)
    if turn.is_of_sector and shows_votes:
        told = {"sector": turn.entry.project.sector, "left": left, "cost": cost}
        return Words("Premier de « %(sector)s », servi d’abord : il restait %(left)s, il en coûte %(cost)s.", **told)
    if turn.is_selected and shows_votes:
        return Words("Il restait %(left)s, il en coûte %(cost)s.", left=left, cost=cost)
    if turn.is_selected:
        return Words("Il en coûte %(cost)s, et l’enveloppe le permet.", cost=cost)
    if turn.entry.project.cost > method.envelope:
        return Words("Il coûte %(cost)s, plus que toute l’enveloppe : %(all)s.", cost=cost, all=money(method.envelope))
    if not shows_votes:
        return Words("Les voix reçues et l’argent de l’enveloppe n’ont pas suffi.")
    if turn.obstacle is Obstacle.VOTES:
        return _too_few(turn.entry.votes, method)
    if turn.obstacle is Obstacle.STOPPED:
        return Words("Le compte s’est arrêté avant lui : un projet mieux placé ne tenait plus dans l’enveloppe.")
    if turn.obstacle is Obstacle.RIVAL:
        return Words("Un projet incompatible avec lui était mieux placé.")
    return Words("Quand son tour est venu, il restait %(left)s pour %(cost)s.", left=left, cost=cost)


def _too_few(votes: int, method: Method) -> Words:
    return Words("Il a %(votes)d voix, il en faut au moins %(least)d.", votes=votes, least=method.least)


# (what is counted, whether somebody is overtaken, whether less money would do too): one sentence
ENOUGH = {
    ("votes", False, False): N_("%(more)d voix de plus, et il était retenu."),
    ("votes", False, True): N_("%(more)d voix de plus, ou %(less)s de moins, et il était retenu."),
    ("votes", True, False): N_("%(more)d voix de plus, devant « %(title)s », et il était retenu."),
    ("votes", True, True): N_("%(more)d voix de plus, devant « %(title)s », ou %(less)s de moins, et il était retenu."),
    ("points", False, False): N_("%(more)d points de plus, et il était retenu."),
    ("points", False, True): N_("%(more)d points de plus, ou %(less)s de moins, et il était retenu."),
    ("points", True, False): N_("%(more)d points de plus, devant « %(title)s », et il était retenu."),
    ("points", True, True): N_("%(more)d points de plus, devant « %(title)s », ou %(less)s de moins, et il était retenu."),
    ("ballots", False, False): N_("%(more)d bulletins de plus pour lui seul, et il était retenu."),
    ("ballots", False, True): N_("%(more)d bulletins de plus pour lui seul, ou %(less)s de moins, et il était retenu."),
}


def _enough(missed: Missed, money: Money, counted: str = "votes") -> list[Words]:
    """What would have been enough, either way, in one sentence; nothing when nothing would."""
    if not missed.more:
        return [Words("%(less)s de moins, et il était retenu.", less=money(missed.less))] if missed.less else []
    told: dict[str, object] = {"more": missed.more}
    told |= {"title": missed.overtaken} if missed.overtaken else {}
    told |= {"less": money(missed.less)} if missed.less else {}
    return [Words(ENOUGH[counted, bool(missed.overtaken), bool(missed.less)], **told)]


def of_outcome(
    outcome: Outcome, money: Money, *, recounts: bool = False, shows_votes: bool = True
) -> list[list[Words]]:  # fmt: skip
    """For each project of the election, in its order. ``recounts`` looks for what would have been enough in an outcome by equal
    shares by counting again, which takes as many counts as halving needs."""
    steps, turns = {step.place: step for step in outcome.steps}, outcome.turns
    by_turn = dict(zip((turn.entry.project.id for turn in turns), turns, strict=True))
    if "mes" not in outcome.rule:
        counted = of_turns(turns, outcome.method, money, shows_votes=shows_votes)
        said = dict(zip(by_turn, counted, strict=True))
        return [said[project.id] for project in outcome.profile.projects]
    words = []
    for place, project in enumerate(outcome.profile.projects):
        step, turn = steps.get(place), by_turn.get(project.id)
        if not shows_votes:
            words.append([_outcome_alone(outcome, project, is_taken=step is not None, money=money)])
        elif step and step.price is not None:
            words.append([_bought(step, money)])
        elif step and turn:
            words.append([_turn(turn, outcome.method, money, shows_votes=True)])
        else:
            words.append(_not_bought(outcome, place, turn, money, recounts=recounts))
    return words


def _outcome_alone(outcome: Outcome, project: Project, *, is_taken: bool, money: Money) -> Words:
    obstacle = None if is_taken else Obstacle.ROOM
    turn = Turn(Entry(project, 0, 0), outcome.method.envelope, obstacle)
    return _turn(turn, outcome.method, money, shows_votes=False)


def _bought(step: Step, money: Money) -> Words:
    price = money(floor(Fraction(step.price or 0) * 100) / Fraction(100))
    return Words("Ceux qui l’ont choisi l’ont payé ensemble, %(price)s au plus chacun.", price=price)


def _not_bought(outcome: Outcome, place: int, turn: Turn | None, money: Money, *, recounts: bool) -> list[Words]:
    """By equal shares its supporters lacked money; when the rest was then shared out, it did not fit either."""
    project, votes = outcome.profile.projects[place], outcome.profile.votes[place]
    told = None
    if votes < outcome.method.least:
        told = _too_few(votes, outcome.method)
    elif any(project.id in group and not group.isdisjoint(outcome.winners) for group in outcome.method.exclusive):
        told = Words("Un projet incompatible avec lui est retenu.")
    if told:
        return [told, *(_found_again(outcome, place, money) if recounts else [])]
    savings = outcome.savings[place] if outcome.savings else Fraction(0)
    had = {"savings": money(floor(savings)), "cost": money(project.cost)}
    said = [Words("Ceux qui l’ont choisi avaient encore %(savings)s ensemble, il en coûte %(cost)s.", **had)]
    if turn:
        said.append(_turn(turn, outcome.method, money, shows_votes=True))
    if recounts:
        return said + _found_again(outcome, place, money)
    # for a price that its supporters, or the rest when its turn came, could pay, it is taken then if it was not before
    affordable = floor(max(savings, turn.remaining if turn else 0))
    if "add1" in outcome.rule or affordable < 1:
        return said
    return said + _enough(Missed(less=ceil(project.cost - affordable)), money)


def _found_again(outcome: Outcome, place: int, money: Money) -> list[Words]:
    profile, chosen = outcome.profile, outcome.profile.projects[place]

    def wins(changed: Profile) -> bool:
        method = outcome.method
        return chosen.id in tally(changed, outcome.rule, method, method.tie).winners

    def for_less(less: int) -> Profile:
        cheaper = replace(chosen, cost=chosen.cost - less)
        return replace(profile, projects=tuple(cheaper if one is chosen else one for one in profile.projects))

    def with_more(more: int) -> Profile:
        alone = (place,)
        return replace(profile, ballots={**profile.ballots, alone: profile.ballots.get(alone, 0) + more})

    more = enough(lambda votes: wins(with_more(votes)), profile.turnout) if profile.kind is Kind.APPROVAL else None
    less = enough(lambda money: wins(for_less(money)), ceil(chosen.cost) - 1)
    return _enough(Missed(more, less=less), money, "ballots")
