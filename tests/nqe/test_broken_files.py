"""Broken spreadsheets and calendars, invented by the thousand: never an error of ours, never half a file."""

import io
import random
import zipfile
from datetime import date, time
from xml.sax.saxutils import escape

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

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


def workbook(table: list[list[object]]) -> bytes:
    """A workbook (XLSX) with this table, days and hours as a spreadsheet keeps them."""
    told = io.BytesIO()
    with Workbook(told, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        day, hour = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                page.write(row, column, cell, day if isinstance(cell, date) else hour if isinstance(cell, time) else None)
    return told.getvalue()


def ods(table: list[list[str]], *, rest: str = "") -> bytes:
    """The same as an open document, all in texts; ``rest`` goes at the end of the table."""
    lines = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row)
        + '<table:table-cell table:number-columns-repeated="16370"/></table:table-row>' for row in table
    )  # fmt: skip
    spaces = "".join(f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text"))
    body = f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="1">{lines}{rest}'
    return archive({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": b"<manifest/>",
        "content.xml": f"{body}</table:table></office:spreadsheet></office:body></office:document-content>".encode("utf-8", "replace"),
    })  # fmt: skip


def archive(parts: dict[str, bytes]) -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as written:
        for name, body in parts.items():
            written.writestr(name, body)
    return told.getvalue()


TABLE = [
    ["Titre", "Jour", "Début", "Fin", "Lieu"],
    ["Bal", "10/07/2027", "20h", "", "Place"],
    ["Jeux", "11/07/2027", "14:30", "", "Parc"],
]
BOOK, OPEN = workbook(TABLE), ods(TABLE)
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A workbook whose cells may be anything, or of which some bytes, or some parts, were changed."""
    odd = st.lists(
        st.lists(st.one_of(PLAIN, st.floats(-1e9, 1e9), st.booleans(), st.dates(), st.times()), max_size=8), max_size=5
    )
    if draw(st.booleans()):
        return workbook([HEADS, *draw(odd)])
    if draw(st.booleans()):
        return ods([HEADS, *draw(st.lists(st.lists(PLAIN, max_size=8), max_size=5))])
    source = draw(st.sampled_from([BOOK, OPEN]))
    if draw(st.booleans()):  # the archive itself
        body = bytearray(source)
        for place, byte in draw(
            st.lists(st.tuples(st.integers(4, len(body) - 1), st.integers(0, 255)), min_size=1, max_size=8)
        ):
            body[place] = byte
        return bytes(body[: draw(st.integers(4, len(body)))])
    with zipfile.ZipFile(io.BytesIO(source)) as folded:
        parts = {one: bytearray(folded.read(one)) for one in folded.namelist()}
    name = draw(st.sampled_from(sorted(parts)))
    for place, byte in draw(st.lists(st.tuples(st.integers(0, len(parts[name]) - 1), st.integers(0, 255)), max_size=6)):
        parts[name][place] = byte
    for gone in draw(st.lists(st.sampled_from(sorted(parts)), max_size=1)):
        del parts[gone]
    return archive({one: bytes(body) for one, body in parts.items()})


FILES = st.one_of(sheets(), calendars(), cut(), workbooks(), st.binary(max_size=400))


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


@pytest.mark.parametrize("count", [100, pytest.param(1_000, marks=pytest.mark.slow)])
def test_a_thousand_broken_files_are_read_or_refused_in_words(count: int) -> None:
    @given(FILES)
    @settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def tried(body: bytes) -> None:
        read(body)

    tried()


@pytest.mark.parametrize("body", [BOOK, OPEN], ids=["xlsx", "ods"])
def test_a_workbook_says_the_same_as_its_table(body: bytes) -> None:
    told = [(one["title"], one["on"], one["starts_at"], one["place"], one["line"]) for one in read(body).dates]
    assert told == [("Bal", "2027-07-10", "20:00", "Place", 2), ("Jeux", "2027-07-11", "14:30", "Parc", 3)]


def test_days_and_hours_of_a_workbook_are_read_as_it_keeps_them() -> None:
    found = read(
        workbook(
            [TABLE[0], ["Bal", date(2027, 7, 10), time(20, 15), 0.5, "Place"], [], ["Jeux", date(2027, 7, 11), 14, "", "Parc"]]
        )
    )
    assert [(one["on"], one["starts_at"], one["line"]) for one in found.dates] == [("2027-07-11", "14:00", 4)]
    assert [line for line, _words in found.faults] == [2], "half a day is not an hour that somebody typed"


REPEATED = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'


@pytest.mark.parametrize(
    "body",
    [
        archive({"content.xml": b"<a>" + b" " * 200_000_000}),
        archive({f"part{rank}": b"" for rank in range(500)}),
        ods(TABLE, rest=REPEATED * 50),
        archive({"xl/worksheets/sheet1.xml": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"}),
        archive(
            {"xl/worksheets/sheet1.xml": b"<row r='1'><c r='A1'/></row><x:row r='1048576'>" + b"<x:c/>" * 9_000 + b"</x:row>"}
        ),
    ],
    ids=["swollen", "parts", "repeated", "far", "wide"],
)
def test_a_file_made_to_fill_the_memory_is_refused(body: bytes) -> None:
    assert len(body) < 1_000_000
    with pytest.raises(Wrong, match="trop grand"):
        load(body, "x.xlsx")


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    body = bytearray(archive({"content.xml": b"<a>" + b" " * 30_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = body.index(mark) + offset
        body[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(Wrong, match="ne se lit pas"):
        load(bytes(body), "x.ods")


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


@pytest.mark.parametrize("count", [100, pytest.param(1_000, marks=pytest.mark.slow)])
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
