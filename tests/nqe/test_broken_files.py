"""Broken spreadsheets and calendars, invented by the thousand: never an error of ours, never half a file."""

import io
import random

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from citizen.nqe.loading import MOST, Loaded, Wrong, as_values, load
from citizen.nqe.models import NqeProject
from tests.nqe.answers import stored
from tests.nqe.test_programme import CALENDAR, SHEET

ODD_CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "=1+1", "\x00", "9" * 40, "31/02/2027", "25h99", "oui", "2027-07-10", "20h", '"', "\ud800", "²", "nan", "1e400", "-0",
                     "10/07/2027", "culture", "Étouvie", "\u202eabc", "tout public"]),
)  # fmt: skip
HEADS = [
    "Titre",
    "Jour",
    "Début",
    "Fin",
    "Lieu",
    "Quartier",
    "Genre",
    "Public",
    "Temps fort",
    "Places",
    "Latitude",
    "Longitude",
]
LINES = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VCALENDAR", "DTSTART:20270707T160000Z", "DTSTART;TZID=Mars/Base:20270707T160000",
     "DTSTART;VALUE=DATE:20270707", "DTSTART:99999999T999999", "DTSTART:20270707T160000Z,20270708T160000Z", "DTEND:20270706T000000Z",
     "DURATION:-P9999D", "DURATION:PT2H", "DURATION:nope", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=DAILY;COUNT=99999999", "RRULE:FREQ=WEEKLY;UNTIL=x",
     "RRULE:FREQ=DAILY;INTERVAL=0;COUNT=3", "RRULE:FREQ=WEEKLY;UNTIL=99991231T000000Z", "RRULE:=;;", "RRULE:FREQ=DAILY;COUNT=-5",
     "RRULE:FREQ=DAILY;INTERVAL=-1;COUNT=5", "EXDATE:20270714T160000Z", "SUMMARY:Bal", "SUMMARY:Fête", "LOCATION:Place", "LOCATION;X=\"\x07:Ici",
     " suite", ":", ";;", "DESCRIPTION:" + "x" * 3000]
)  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """Something like a spreadsheet, with columns that may miss and cells that may be anything."""
    heads = draw(st.one_of(st.just(HEADS), st.permutations(HEADS), st.lists(ODD_CELLS, max_size=6)))
    rows = draw(st.lists(st.lists(ODD_CELLS, max_size=14), max_size=6))
    good = draw(st.booleans())
    lines = [list(heads), *([["Bal", "10/07/2027", "20h", "", "Place"]] if good and list(heads) == HEADS else []), *rows]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(draw(st.sampled_from(";,\t")).join(line) for line in lines)
    return text.encode(draw(st.sampled_from(["utf-8", "utf-16", "cp1252"])), "ignore")


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """Something like a calendar, with lines that may be anywhere."""
    lines = draw(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=25))
    whole = draw(st.booleans())
    inside = ["BEGIN:VEVENT", *lines, "END:VEVENT"] if whole else lines
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *inside, "END:VCALENDAR"]).encode("utf-8", "ignore")


@st.composite
def cut(draw: st.DrawFn) -> bytes:
    """A good file of which some bytes were lost or changed on the way."""
    body = bytearray(draw(st.sampled_from([SHEET, CALENDAR])).encode())
    for place, byte in draw(st.lists(st.tuples(st.integers(0, len(body) - 1), st.integers(0, 255)), min_size=1, max_size=8)):
        body[place] = byte
    return bytes(body[: draw(st.integers(0, len(body)))])


FILES = st.one_of(sheets(), calendars(), cut(), st.binary(max_size=400))


def read(body: bytes) -> Loaded:
    """What is read, each date whole; nothing of a file that is refused."""
    try:
        found = load(body, "x.csv")
    except Wrong:
        return Loaded()
    assert len(found.dates) <= MOST + 400
    for one in found.dates:
        values = as_values(one)
        assert values["title"] and values["place"] and values["on"].year >= 1990
    return found


@given(FILES)
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_thousand_broken_files_are_read_or_refused_in_words(body: bytes) -> None:
    read(body)


def test_the_files_of_this_test_are_not_all_refused() -> None:
    assert len(read(SHEET.encode()).dates) == 2
    assert len(read(CALENDAR.encode()).dates) == 3
    found = read(CALENDAR.replace("COUNT=3", "COUNT=3;BYDAY=MO").encode())
    assert [line for line, _words in found.faults] == [1]


def send(team: FlaskClient, draft: NqeProject, body: bytes) -> None:
    """The whole way: sent, shown, then asked for whatever it said; all of it is there, or none."""
    page = f"/nqe/{draft.id}/programme/fichier"
    answer = team.post(page, data={"file": (io.BytesIO(body), "x.ics")}, content_type="multipart/form-data")
    assert answer.status_code in (303, 422), answer.status
    before = len(stored(draft).programme)
    if answer.status_code == 303:
        shown = team.get(page).text
        added = team.post(f"{page}/ajouter").location.endswith("/programme")
        after = len(stored(draft).programme)
        assert (after > before) == added
        assert added != ("rien n’est ajouté" in shown), shown[:500]
    assert len(stored(draft).programme) == before or answer.status_code == 303


@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_broken_files_sent_by_a_browser_never_break_and_never_half_load(
    team: FlaskClient, draft: NqeProject, count: int
) -> None:
    bodies: list[bytes] = []

    @given(FILES)
    @settings(
        max_examples=count, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None
    )
    def invent(body: bytes) -> None:
        bodies.append(body)

    invent()
    random.Random(4).shuffle(bodies)
    for body in bodies[:count]:
        send(team, draft, body)
