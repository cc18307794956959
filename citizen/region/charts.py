"""The dashboard's charts: each indicator as rows, for one scope or two beside each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, zip_longest

from flask_babel import format_decimal
from flask_babel import gettext as _

from citizen.ftu.rules import EXITS
from citizen.kernel.money import euros
from citizen.kernel.words import N_
from citizen.pic.conditions import CONDITIONS
from citizen.places.rules import KIND_LABELS
from citizen.projects import listing
from citizen.region.comparison import Scope
from citizen.region.definitions import FEW, INDICATORS, UNITS, YEAR, Indicator, Row, Unit, part_shown, percent, quantile
from citizen.region.statistics import Reading
from citizen.web.filters import say
from citizen.web.sheets import Cell, euros_cell

HALF, NINE_TENTHS = Fraction(1, 2), Fraction(9, 10)
AGES = ((30, N_("Un mois au plus")), (90, N_("Un à trois mois")), (10**6, N_("Plus de trois mois")))
LEAST_DECISIONS, SLOWEST, LONG = 5, 10, 12
PROMISES = {"answered": N_("Réponse du comité"), "paid": N_("Premier versement"), "reported": N_("Bilan de l’équipe")}
HIDDEN, UNKNOWN = N_("trop peu de personnes"), "—"
Rows = Iterator[Row]


def scheme_name(code: str) -> str:
    return _("Idée") if code == "idea" else code.upper()


def _sums(reading: Reading, key: int, column: int) -> dict[int | str, int]:
    """Supported projects (column 2) or their cents (3), by scheme (key 0) or by year (1)."""
    found: dict[int | str, int] = {}
    for row in reading.supported:
        found[row[key]] = found.get(row[key], 0) + int(row[column])
    return found


def _supported(key: int, column: int) -> Callable[[Reading], Rows]:
    def rows(reading: Reading) -> Rows:
        sums = _sums(reading, key, column)
        if key:
            return (Row(str(year), sums.get(year, 0)) for year in reading.scope.years)
        return (Row(scheme_name(code), sums.get(code, 0)) for code in ("pic", "ftu", "nqe"))

    return rows


def _per_resident(reading: Reading) -> Rows:
    sums, people = _sums(reading, 1, 3), reading.residents
    return (Row(str(year), round(Fraction(sums.get(year, 0), people)) if people else None) for year in reading.scope.years)


def _by_state(counts: Mapping[tuple[str, str], int]) -> Rows:
    for code, name, state in listing.stages():
        if (code, name) in counts:
            yield Row(say(state.label), counts[code, name], scheme_name(code))


def _delay(slug: str) -> Callable[[Reading], Rows]:
    def rows(reading: Reading) -> Rows:
        found = reading.delays[slug]
        for code in ("pic", "ftu", "nqe"):
            if code in found:
                yield Row(_("La moitié en moins de"), quantile(found[code], HALF), scheme_name(code))
                yield Row(_("Neuf sur dix en moins de"), quantile(found[code], NINE_TENTHS), scheme_name(code))

    return rows


def _promises(reading: Reading) -> Rows:
    for slug, label in PROMISES.items():
        if slug in reading.promises:
            yield Row(say(label), percent(*reading.promises[slug]), "PIC")
    kept, all_ = reading.milestones
    if all_:
        yield Row(_("Étapes des travaux"), percent(kept, all_), "FTU")


def _votes(reading: Reading) -> Rows:
    for year in reading.scope.years if reading.scope.territory.kind != "quartier" else ():
        ballots, residents = reading.votes.get(year, (0, 0))
        is_hidden = 0 < ballots < FEW
        yield Row(str(year), Fraction(1000 * ballots, residents) if residents and not is_hidden else None, is_hidden=is_hidden)


def _reasons(reading: Reading) -> Rows:
    for one in CONDITIONS:
        yield Row(say(one.title), reading.missed_conditions.get(one.slug, 0), "PIC")
    for exit_, words in EXITS.items():
        if exit_ in reading.advised_exits:
            yield Row(say(words), reading.advised_exits[exit_], "FTU")


def _bearers(reading: Reading) -> Rows:
    for slug, label in (("women", _("Femmes")), ("young", _("Jeunes"))):
        part, people = reading.bearers[slug]
        shown = part_shown(part, people)
        yield Row(label, shown, is_hidden=bool(people) and shown is None)


def _participants(reading: Reading) -> Rows:
    for place, group in enumerate((_("Participations"), _("Bénévoles"))):
        yield from (Row(str(year), reading.reports.get(year, (0, 0))[place], group) for year in reading.scope.years)


def _never(reading: Reading) -> Rows:
    for kind, label in KIND_LABELS.items():
        own = [is_reached for _code, _name, found, is_reached in reading.quarters if found == kind]
        if own:
            yield Row(_("jamais touchés"), own.count(False), say(label).capitalize())
            yield Row(_("en tout"), len(own), say(label).capitalize())


def _works(reading: Reading) -> Rows:
    return (Row(str(year), reading.works.get(year, 0)) for year in reading.scope.years)


def _uses(reading: Reading) -> Rows:
    for months, (used, answers) in reading.uses.items():
        value = percent(used, answers) if answers >= FEW else None
        yield Row(_("%(count)d mois", count=months), value, is_hidden=value is None)


def _envelopes(reading: Reading) -> Rows:
    envelope, promised, paid = reading.envelopes
    labels = (_("Enveloppe"), _("Promis"), _("Payé"), _("Reste à promettre"))
    return (Row(*one) for one in zip(labels, (envelope, promised, paid, envelope - promised), strict=True))


def _waiting(reading: Reading) -> Rows:
    for rank, (most, words) in enumerate(AGES):
        least = AGES[rank - 1][0] if rank else -(10**6)
        yield Row(say(words), sum(count for _state, days, count in reading.waiting if least < days <= most))


def _slow_funds(reading: Reading) -> Rows:
    known = {title: found for title, found in reading.slow_funds.items() if sum(found.values()) >= LEAST_DECISIONS}
    medians = {title: quantile(found, HALF) or 0 for title, found in known.items()}
    return (Row(title, days) for title, days in sorted(medians.items(), key=lambda one: (-one[1], one[0]))[:SLOWEST])


ROWS: dict[str, Callable[[Reading], Rows]] = {
    "argent": _supported(1, 3), "argent-dispositif": _supported(0, 3), "argent-habitant": _per_resident,
    "projets": _supported(1, 2), "projets-dispositif": _supported(0, 2), "etapes": lambda reading: _by_state(reading.states),
    "delai-decision": _delay("delai-decision"), "delai-paiement": _delay("delai-paiement"), "delai-bilan": _delay("delai-bilan"),
    "promesses": _promises, "votes": _votes, "refus": lambda reading: _by_state(reading.refusals), "refus-raisons": _reasons,
    "porteurs": _bearers, "participants": _participants, "jamais-touches": _never, "chantiers": _works, "usages": _uses,
    "enveloppes": _envelopes, "attentes": _waiting, "fonds-lents": _slow_funds,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a chart: a row for each scope, in their order."""

    label: str
    group: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Chart:
    """An indicator over one scope or two."""

    indicator: Indicator
    lines: tuple[Line, ...]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        return [(group, list(lines)) for group, lines in groupby(self.lines, key=lambda line: line.group)]

    @property
    def is_long(self) -> bool:
        """Its groups stand beside each other, each in its own table."""
        return len(self.lines) > LONG and len(self.groups) > 1

    @property
    def most(self) -> float:
        return float(max((row.value or 0 for line in self.lines for row in line.rows), default=0))

    @property
    def is_empty(self) -> bool:
        return not any(row.value or row.is_hidden for line in self.lines for row in line.rows)

    def words(self, row: Row) -> str:
        """The value as a person reads it."""
        if row.value is None:
            return say(HIDDEN) if row.is_hidden else UNKNOWN
        match self.indicator.unit:
            case Unit.EUROS:
                cents = int(row.value)
                return euros(cents // 100 * 100 if cents >= 1000_00 else cents)
            case Unit.DAYS:
                return _("%(count)s jours", count=format_decimal(int(row.value))) if row.value != 1 else _("1 jour")
            case Unit.PERCENT:
                return f"{row.value} %"
            case Unit.RATE:
                return format_decimal(round(float(row.value), 1))
        return format_decimal(int(row.value))

    def cell(self, row: Row) -> Cell:
        """The value as a spreadsheet adds it up."""
        if row.value is None:
            return None
        match self.indicator.unit:
            case Unit.EUROS:
                return euros_cell(int(row.value))
            case Unit.RATE:
                return Decimal(row.value.numerator) / row.value.denominator
        return int(row.value)


def chart(indicator: Indicator, readings: Sequence[Reading]) -> Chart:
    """The rows of each scope, matched by what they are of; the years of two periods, by their order."""
    sides = [list(ROWS[indicator.slug](reading)) for reading in readings]
    if indicator.rows == YEAR and len({tuple(reading.scope.years) for reading in readings}) > 1:
        return Chart(indicator, tuple(_years_together(sides)))
    keyed = [{(row.group, row.label): row for row in side} for side in sides]
    known = _in_order(keyed)
    groups = list(dict.fromkeys(group for group, _label in known))
    absent = 0 if indicator.unit in (Unit.COUNT, Unit.EUROS) else None
    return Chart(indicator, tuple(
        Line(label, group, tuple(side.get((group, label), Row(label, absent, group)) for side in keyed))
        for group, label in sorted(known, key=lambda key: groups.index(key[0]))
    ))  # fmt: skip


def _in_order(sides: Sequence[Iterable[tuple[str, str]]]) -> list[tuple[str, str]]:
    """What the sides are of, each once: what the first has not comes after what it follows in its own."""
    known: list[tuple[str, str]] = []
    for side in sides:
        at = 0
        for key in side:
            if key not in known:
                known.insert(at, key)
            at = known.index(key) + 1
    return known


def _years_together(sides: Sequence[Sequence[Row]]) -> Iterator[Line]:
    for group in dict.fromkeys(row.group for side in sides for row in side):
        own = [[row for row in side if row.group == group] for side in sides]
        for rows in zip_longest(*own):
            label = " / ".join(row.label if row else UNKNOWN for row in rows)
            yield Line(label, group, tuple(row or Row("", None) for row in rows))


def charts(readings: Sequence[Reading], *, is_internal: bool) -> dict[str, list[Chart]]:
    """What everybody may see, or what only those who steer see, by theme."""
    shown = [one for one in INDICATORS if one.is_internal == is_internal]
    return {theme: [chart(one, readings) for one in own] for theme, own in groupby(shown, key=lambda one: one.theme)}


def sheet_rows(found: Iterable[Chart], scopes: Sequence[Scope]) -> Iterator[list[Cell]]:
    """One row for each figure, with all that is needed to read it alone."""
    for one in found:
        about = one.indicator
        for line in one.lines:
            for scope, row in zip(scopes, line.rows, strict=True):
                yield [
                    say(about.title), line.group, row.label or line.label, say(scope.territory.name), scope.period, one.cell(row),
                    say(UNITS[about.unit]), say(about.definition),
                ]  # fmt: skip
