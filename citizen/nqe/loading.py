"""A programme read from a spreadsheet (CSV, XLSX, ODS) or a calendar file (ICS): dates that stand, and what is wrong, line by line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar

from citizen.clock import LOCAL
from citizen.kernel.words import N_, Words, plain
from citizen.nqe.clocks import repeated
from citizen.nqe.models import AUDIENCES, KINDS, PERMITS
from citizen.web.forms import clean
from citizen.web.spreadsheets import Wrong, rows

MOST = 200
WORDS = {
    "sport": "sport", "culture": "culture", "developpement durable": "sustainable",
    "tout public": "all", "tout le monde": "all", "enfants": "children", "ados": "teenagers", "adolescents": "teenagers",
    "familles": "families", "adultes": "adults", "aines": "seniors", "seniors": "seniors",
    "aucune": "none", "a demander": "needed", "demandee": "asked", "obtenue": "obtained",
}  # fmt: skip
HEADS = {
    "titre": "title", "jour": "on", "date": "on", "debut": "starts_at", "fin": "ends_at", "lieu": "place", "quartier": "quarter",
    "genre": "kind", "public": "audience", "temps fort": "is_highlight", "accessible": "is_accessible",
    "s il pleut ou s il fait trop chaud": "fallback", "repli": "fallback", "places": "capacity", "autorisation": "permit",
    "a savoir": "details", "latitude": "lat", "longitude": "lon",
}  # fmt: skip
MUST = {"title": N_("le titre"), "on": N_("le jour"), "starts_at": N_("l’heure de début"), "place": N_("le lieu")}
LENGTHS = {"title": 100, "place": 150, "details": 2000, "fallback": 500}


@dataclass
class Loaded:
    """What a file holds; each fault is (line, sentence)."""

    dates: list[dict[str, Any]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def take(self, line: int, read: Callable[[], list[dict[str, Any]]]) -> None:
        """Adds what one line says, or what is wrong with it."""
        try:
            self.dates += [one | {"line": line} for one in read()]
        except Wrong as error:
            self.faults.append((line, error.args[0]))
        if len(self.dates) > MOST:
            raise Wrong(Words("%(most)d dates au plus dans un fichier.", most=MOST))


def load(content: bytes, name: str) -> Loaded:
    """Reads the file by what it is; Wrong says what to do with one that cannot be read."""
    is_calendar = b"BEGIN:VCALENDAR" in content[:2000].upper() or name.lower().endswith(".ics")
    found = (_from_calendar(content) if is_calendar else _from_sheet(content)) if content.strip() else Loaded()
    if not found.dates and not found.faults:
        raise Wrong(N_("Ce fichier ne contient aucune date."))
    return found


# --- Spreadsheets ---


def _from_sheet(content: bytes) -> Loaded:
    found, lines = Loaded(), rows(content)
    heads = [HEADS.get(plain(cell), "") for cell in next(lines, (0, []))[1]]
    absent = [words for name, words in MUST.items() if name not in heads]
    if absent:
        raise Wrong(Words("Il manque des colonnes : %(names)s. Prenez notre modèle.", names=", ".join(absent)))
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            found.take(line, lambda cells=cells: [_date_of(dict(zip(heads, cells, strict=False)))])  # type: ignore[misc]
    return found


def _date_of(cells: dict[str, str]) -> dict[str, Any]:
    """One line as the values of a date; empty cells take what is usual."""
    typed = {name: clean(value).removeprefix("'") for name, value in cells.items() if name}
    for name, words in MUST.items():
        if not typed.get(name):
            raise Wrong(Words("Il manque %(what)s.", what=words))
    for name, most in LENGTHS.items():
        if len(typed.get(name, "")) > most:
            raise Wrong(Words("« %(text)s… » est trop long : %(most)d signes au plus.", text=typed[name][:20], most=most))
    return {
        "title": _one_line(typed["title"]), "on": _day(typed["on"]).isoformat(), "starts_at": _hour(typed["starts_at"]),
        "ends_at": _hour(typed["ends_at"]) if typed.get("ends_at") else None, "place": _one_line(typed["place"]),
        "quarter": typed.get("quarter", "")[:150], "kind": _choice(typed.get("kind", ""), KINDS, "culture"),
        "audience": _choice(typed.get("audience", ""), AUDIENCES, "all"),
        "permit": _choice(typed.get("permit", ""), PERMITS, "none"),
        "is_highlight": _yes(typed.get("is_highlight", "")), "is_accessible": _yes(typed.get("is_accessible", "")),
        "fallback": typed.get("fallback", ""), "details": typed.get("details", ""), "capacity": _count(typed.get("capacity", "")),
        "lat": _degrees(typed.get("lat", ""), 90), "lon": _degrees(typed.get("lon", ""), 180),
    }  # fmt: skip


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(text: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text.split(" ")[0], pattern).date()  # noqa: DTZ007  a day on a wall, without a zone
        except ValueError:
            continue
        if 1990 <= found.year <= 2200:
            return found
    raise Wrong(Words("« %(text)s » n’est pas un jour comme 12/06/2027.", text=text[:30]))


def _hour(text: str) -> str:
    spelled = text.lower().replace(" ", "").replace("h", ":").removesuffix(":")
    parts = spelled.split(":")
    if len(parts) <= 3 and all(part.isascii() and part.isdigit() for part in parts):
        hours, minutes = int(parts[0][:3]), int(parts[1][:3]) if len(parts) > 1 else 0
        if hours < 24 and minutes < 60:
            return f"{hours:02}:{minutes:02}"
    raise Wrong(Words("« %(text)s » n’est pas une heure comme 14:30.", text=text[:30]))


def _choice(text: str, known: tuple[str, ...], usual: str) -> str:
    found = WORDS.get(plain(text), plain(text)) if text else usual
    if found not in known:
        raise Wrong(Words("« %(text)s » n’est pas dans la liste.", text=text[:30]))
    return found


def _yes(text: str) -> bool:
    if plain(text) in ("", "non", "n", "0", "faux", "false"):
        return False
    if plain(text) in ("oui", "o", "1", "x", "vrai", "true"):
        return True
    raise Wrong(Words("Écrivez oui ou non, pas « %(text)s ».", text=text[:30]))


def _count(text: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 7 and 0 < int(text) <= 100_000:
        return int(text)
    raise Wrong(Words("« %(text)s » n’est pas un nombre de places.", text=text[:30]))


def _degrees(text: str, most: int) -> float | None:
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = float("nan")
    if not -most <= found <= most:
        raise Wrong(Words("« %(text)s » n’est pas une coordonnée.", text=text[:30]))
    return found


# --- Calendar files ---

READING = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError)  # of a broken file


def _from_calendar(content: bytes) -> Loaded:
    try:
        events = Calendar.from_ical(content).walk("VEVENT")
    except READING:
        raise Wrong(N_("Ce fichier de calendrier ne se lit pas.")) from None
    found = Loaded()
    for number, event in enumerate(events, start=1):
        found.take(number, lambda event=event: _event_dates(event))  # type: ignore[misc]
    return found


def _event_dates(event: Any) -> list[dict[str, Any]]:
    """The dates of one event, each time it comes back."""
    try:
        starts, ends = _moments(event)
        days = [starts.date(), *_again(event, starts.date())]
        title, place, details = (clean(str(event.get(name, ""))) for name in ("SUMMARY", "LOCATION", "DESCRIPTION"))
    except READING:
        raise Wrong(N_("Cet événement ne se lit pas.")) from None
    cells = {"title": title[:100], "place": place[:150], "details": details[:2000], "starts_at": f"{starts:%H:%M}",
             "ends_at": f"{ends:%H:%M}" if ends else ""}  # fmt: skip
    return [_date_of(cells | {"on": day.isoformat()}) for day in days]


def _moments(event: Any) -> tuple[datetime, datetime | None]:
    """When it starts and ends, on the quarter's clock."""
    told = [event[name].dt if name in event else None for name in ("DTSTART", "DTEND")]
    if told[0] is None or not isinstance(told[0], datetime):
        raise Wrong(N_("Il manque l’heure de début."))
    starts, ends = (_local(one) if isinstance(one, datetime) else None for one in told)
    assert starts is not None
    if "DURATION" in event and ends is None:
        ends = starts + event["DURATION"].dt
    if ends and not timedelta() < ends - starts <= timedelta(hours=24):
        raise Wrong(N_("Une date dure moins d’un jour : faites-en plusieurs."))
    return starts, ends


def _local(moment: datetime) -> datetime:
    return (moment.astimezone(LOCAL) if moment.tzinfo else moment).replace(tzinfo=None)


def _again(event: Any, first: date) -> list[date]:
    """The days on which it comes back: every so many days or weeks; other rules are refused rather than guessed."""
    if "RRULE" not in event:
        return []
    rule = {
        name: values[0] if isinstance(values, list) and len(values) == 1 else values for name, values in event["RRULE"].items()
    }
    step = {"DAILY": 1, "WEEKLY": 7}.get(str(rule.pop("FREQ", "")))
    interval, count, until = rule.pop("INTERVAL", 1), rule.pop("COUNT", None), rule.pop("UNTIL", None)
    day = str(rule.pop("BYDAY", ""))
    rule.pop("WKST", None)
    usual = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[first.weekday()]
    if step is None or rule or day not in ("", usual) or "EXDATE" in event or not (count or until) or not 0 < interval < 400:
        raise Wrong(N_("Cette répétition n’est pas simple : écrivez ses dates une à une."))
    if until:
        last = _local(until).date() if isinstance(until, datetime) else until
    else:
        last = first + timedelta(days=step * interval * (min(count, MOST + 1) - 1))
    return repeated(first, step * interval, min(last, first + timedelta(days=400)))


def as_values(stored: dict[str, Any]) -> dict[str, Any]:
    """A stored date with its day and hours as the programme keeps them."""
    ends = stored["ends_at"]
    return {name: value for name, value in stored.items() if name not in ("line", "quarter")} | {
        "on": date.fromisoformat(stored["on"]), "starts_at": time.fromisoformat(stored["starts_at"]),
        "ends_at": time.fromisoformat(ends) if ends else None,
    }  # fmt: skip
