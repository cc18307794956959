"""The count under the envelope: the same for anyone who does it again, with a true reason for each project."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from citizen.kernel.money import euros
from citizen.kernel.words import Words


@dataclass(frozen=True)
class Entry:
    """A project to count; ``seniority`` grows with the moment it was lodged and is different for each."""

    id: int
    title: str
    cost_cents: int
    votes: int
    seniority: int


@dataclass(frozen=True)
class Method:
    """How the vote was announced: past a project that no longer fits the count goes on, or stops (not ``is_skipping``)."""

    envelope_cents: int
    min_votes: int = 1
    is_cheaper_first: bool = True
    is_skipping: bool = True

    def key(self, entry: Entry) -> tuple[int, int, int]:
        """Most votes first; for equal votes the cheaper first (when so announced), then the first lodged."""
        return (-entry.votes, entry.cost_cents if self.is_cheaper_first else 0, entry.seniority)


@dataclass(frozen=True)
class Turn:
    """What the count says when a project's turn comes; ``remaining_cents`` before it takes its part."""

    entry: Entry
    remaining_cents: int
    is_stopped: bool
    is_selected: bool


def count(entries: Sequence[Entry], method: Method) -> list[Turn]:
    """Each project in the order of the count."""
    left, is_stopped, turns = method.envelope_cents, False, []
    for entry in sorted(entries, key=method.key):
        has_votes, has_room = entry.votes >= method.min_votes, entry.cost_cents <= left
        is_selected = has_votes and has_room and not is_stopped
        turns.append(Turn(entry, left, is_stopped, is_selected))
        left -= entry.cost_cents if is_selected else 0
        is_stopped = is_stopped or (has_votes and not has_room and not method.is_skipping)
    return turns


@dataclass(frozen=True)
class Missed:
    """What would have been enough: so many more votes (and before whom), or so much less money; None: nothing would."""

    more_votes: int | None
    overtaken: str | None
    less_cents: int | None


def missed_by(entry: Entry, entries: Sequence[Entry], method: Method) -> Missed:
    """The smallest change of its votes alone, and of its cost alone, that selects a project left out.

    Moving up never leaves less money at one's turn, so one walk over the others finds both.
    """
    others = count([other for other in entries if other.id != entry.id], method)
    more = _more_votes(entry, others, method)
    less = _less_cents(entry, others, method)
    return Missed(more[0] if more else None, more[1] if more else None, less)


def _places(others: Sequence[Turn], method: Method) -> list[tuple[int, bool, Entry | None]]:
    """Each place in the order: money left there, whether the count has stopped, and who stands just behind."""
    places: list[tuple[int, bool, Entry | None]] = [(turn.remaining_cents, turn.is_stopped, turn.entry) for turn in others]
    if not others:
        return [(method.envelope_cents, False, None)]
    last = others[-1]
    left = last.remaining_cents - (last.entry.cost_cents if last.is_selected else 0)
    has_stopped = not method.is_skipping and last.entry.votes >= method.min_votes and not last.is_selected
    return [*places, (left, last.is_stopped or has_stopped, None)]


def _more_votes(entry: Entry, others: Sequence[Turn], method: Method) -> tuple[int, str | None] | None:
    fitting = [behind for left, is_stopped, behind in _places(others, method) if entry.cost_cents <= left and not is_stopped]
    if not fitting:
        return None
    behind, needed = fitting[-1], method.min_votes
    if behind is not None:
        level = replace(entry, votes=behind.votes)
        needed = max(needed, behind.votes + (method.key(level) > method.key(behind)))
    is_overtaking = behind is not None and behind.votes >= max(entry.votes, method.min_votes)
    return needed - entry.votes, behind.title if behind and is_overtaking else None


def _less_cents(entry: Entry, others: Sequence[Turn], method: Method) -> int | None:
    if entry.votes < method.min_votes:
        return None
    best = 0
    for left, is_stopped, behind in _places(others, method):
        if is_stopped or (behind is not None and behind.votes > entry.votes):
            continue
        cost = min(left, entry.cost_cents)
        if behind is not None and method.key(replace(entry, cost_cents=cost)) > method.key(behind):
            # equal votes: it comes first only by being cheaper, or as cheap and lodged earlier
            cost = min(cost, behind.cost_cents - (entry.seniority > behind.seniority)) if method.is_cheaper_first else 0
        best = max(best, cost)
    return entry.cost_cents - best if 0 < best < entry.cost_cents else None


def reasons(turn: Turn, entries: Sequence[Entry], method: Method, *, shows_votes: bool) -> list[Words]:
    """Why, in one to three short sentences; nothing of the votes when there are too few ballots."""
    said = [_obstacle(turn, method, shows_votes)]
    if turn.is_selected or not shows_votes:
        return said
    missed = missed_by(turn.entry, entries, method)
    if missed.more_votes and missed.overtaken:
        passed = {"more": missed.more_votes, "title": missed.overtaken}
        said.append(Words("Avec %(more)d voix de plus, il passait avant « %(title)s ».", **passed))
    elif missed.more_votes:
        said.append(Words("Avec %(more)d voix de plus, il était retenu.", more=missed.more_votes))
    if missed.less_cents:
        said.append(Words("Avec %(less)s de moins, il était retenu.", less=euros(missed.less_cents)))
    return said


def _obstacle(turn: Turn, method: Method, shows_votes: bool) -> Words:
    """What decided; neither votes nor the order of the count when ``shows_votes`` is false."""
    entry, left, cost = turn.entry, euros(turn.remaining_cents), euros(turn.entry.cost_cents)
    if turn.is_selected and shows_votes:
        return Words("Il restait %(left)s, il en coûte %(cost)s.", left=left, cost=cost)
    if turn.is_selected:
        return Words("Il en coûte %(cost)s, et l’enveloppe le permet.", cost=cost)
    if entry.cost_cents > method.envelope_cents:
        return Words("Il coûte %(cost)s, plus que toute l’enveloppe : %(all)s.", cost=cost, all=euros(method.envelope_cents))
    if not shows_votes:
        return Words("Les voix reçues et l’argent de l’enveloppe n’ont pas suffi.")
    if entry.votes < method.min_votes:
        return Words("Il a %(votes)d voix, il en faut au moins %(least)d.", votes=entry.votes, least=method.min_votes)
    if turn.is_stopped:
        return Words("Le compte s’est arrêté avant lui : un projet mieux placé ne tenait plus dans l’enveloppe.")
    return Words("Quand son tour est venu, il restait %(left)s pour %(cost)s.", left=left, cost=cost)
