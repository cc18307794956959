"""Why each project was taken or not, in short sentences, all true: what « would have been enough » was counted again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from citizen.kernel.words import Words
from citizen.tally.greedy import Method, Missed, Obstacle, Recounts, Turn, enough
from citizen.tally.profile import Amount, Kind, Profile
from citizen.tally.rule import Outcome, Step, tally

Money = Callable[[Amount], str]


def of_turns(turns: Sequence[Turn], method: Method, money: Money, *, shows_votes: bool = True) -> list[list[Words]]:
    """For each turn of a count under the envelope; nothing of the votes when there are too few ballots."""
    recounts = Recounts(turns, method)
    said = []
    for turn in turns:
        words = [_turn(turn, method, money, shows_votes)]
        if shows_votes and not turn.is_selected:
            words += _missed(recounts.missed_by(turn.entry), money, counts_points=method.counts_points)
        said.append(words)
    return said


def _turn(turn: Turn, method: Method, money: Money, shows_votes: bool) -> Words:
    """What decided; neither votes nor the order of the count when ``shows_votes`` is false."""
    left, cost = money(turn.remaining), money(turn.entry.project.cost)
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


def _missed(missed: Missed, money: Money, *, counts_points: bool = False) -> list[Words]:
    said = []
    if missed.more and missed.overtaken and counts_points:
        passed = {"more": missed.more, "title": missed.overtaken}
        said.append(Words("Avec %(more)d points de plus, il passait avant « %(title)s ».", **passed))
    elif missed.more and missed.overtaken:
        passed = {"more": missed.more, "title": missed.overtaken}
        said.append(Words("Avec %(more)d voix de plus, il passait avant « %(title)s ».", **passed))
    elif missed.more and counts_points:
        said.append(Words("Avec %(more)d points de plus, il était retenu.", more=missed.more))
    elif missed.more:
        said.append(Words("Avec %(more)d voix de plus, il était retenu.", more=missed.more))
    if missed.less:
        said.append(_for_less(missed.less, money))
    return said


def _for_less(less: int, money: Money) -> Words:
    return Words("Avec %(less)s de moins, il était retenu.", less=money(less))


def of_outcome(outcome: Outcome, money: Money, *, recounts: bool = False) -> list[list[Words]]:
    """For each project of the election, in its order. ``recounts`` looks for what would have been enough in an outcome by equal
    shares by counting again, which takes as many counts as halving needs."""
    steps, turns = {step.place: step for step in outcome.steps}, outcome.turns
    by_turn = dict(zip((turn.entry.project.id for turn in turns), turns, strict=True))
    if "mes" not in outcome.rule:
        counted = of_turns(turns, outcome.method, money)
        said = dict(zip(by_turn, counted, strict=True))
        return [said[project.id] for project in outcome.profile.projects]
    words = []
    for place, project in enumerate(outcome.profile.projects):
        step, turn = steps.get(place), by_turn.get(project.id)
        if step and step.price is not None:
            words.append([_bought(step, money)])
        elif step and turn:
            words.append([_turn(turn, outcome.method, money, shows_votes=True)])
        else:
            words.append(_not_bought(outcome, place, turn, money, recounts=recounts))
    return words


def _bought(step: Step, money: Money) -> Words:
    price = money(floor(Fraction(step.price or 0) * 100) / Fraction(100))
    return Words("Ceux qui l’ont choisi l’ont payé ensemble, %(price)s au plus chacun.", price=price)


def _not_bought(outcome: Outcome, place: int, turn: Turn | None, money: Money, *, recounts: bool) -> list[Words]:
    """By equal shares its supporters lacked money; when the rest was then shared out, it did not fit either."""
    project, votes = outcome.profile.projects[place], outcome.profile.votes[place]
    if votes < outcome.method.least:
        return [_too_few(votes, outcome.method)]
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
    return [*said, _for_less(ceil(project.cost - affordable), money)]


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

    said = []
    more = enough(lambda votes: wins(with_more(votes)), profile.turnout) if profile.kind is Kind.APPROVAL else None
    if more:
        said.append(Words("Avec %(more)d bulletins de plus pour lui seul, il était retenu.", more=more))
    less = enough(lambda money: wins(for_less(money)), ceil(chosen.cost) - 1)
    if less:
        said.append(_for_less(less, money))
    return said
