"""Reading what an office saves: the lines of a table, from CSV, XLSX or ODS, under limits that no file passes."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from zlib import error as Broken  # noqa: N812

from python_calamine import CalamineError, CalamineWorkbook

from citizen.kernel.words import N_, Words

MOST_BYTES = 20_000_000  # of a workbook, once unfolded
MOST_PARTS = 200
MOST_CELLS = 1_000_000
MOST_COLUMNS = 200
MOST_REPEATED = 1_000  # of a line or a cell that an ODS tells once
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
FOLDINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)(\d+)""")
ROW = re.compile(rb"<(?:[\w.-]+:)?(?:table-)?row\b")
CELL = re.compile(rb"<(?:[\w.-]+:)?c\b")
REPEATED = re.compile(rb"""(number-(columns|rows)-repeated\s*=\s*["']\s*)\+?(\d+)""")


class Wrong(Exception):
    """A cell, or a whole file, that cannot be read: the sentence to show."""


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of each line of the table, or of the first sheet of the workbook; raises Wrong, before the first or on the way."""
    if content.startswith(OLD_WORKBOOK):
        raise Wrong(N_("Enregistrez ce classeur au format XLSX, ODS ou CSV, puis envoyez ce fichier-là."))
    return _of_workbook(content) if content.startswith(ZIP) else _of_text(content)


def _of_text(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=max(";,\t", key=first.count))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise Wrong(Words("La ligne %(line)d ne se lit pas.", line=reader.line_num)) from None


# --- Workbooks ---


def _of_workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_unfolded(content))) as book:
            found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (
        CalamineError,
        zipfile.BadZipFile,
        Broken,
        OSError,
        ValueError,
        LookupError,
        EOFError,
        RuntimeError,
        NotImplementedError,
    ):
        raise Wrong(N_("Ce classeur ne se lit pas. Enregistrez-le de nouveau, ou au format CSV.")) from None
    yield from enumerate(([_told(cell) for cell in row] for row in found), start=1)


def _unfolded(content: bytes) -> bytes:
    """The same workbook with nothing left to swell: its parts written plainly, within the limits, their empty repeats cut short."""
    plain, left = io.BytesIO(), MOST_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as folded, zipfile.ZipFile(plain, "w") as written:
        parts = {one.filename: one for one in folded.infolist()}
        if len(parts) > MOST_PARTS:
            raise _too_big()
        for name, part in parts.items():
            if part.compress_type not in FOLDINGS:
                raise zipfile.BadZipFile
            if name.lower().endswith(".bin"):  # no table of ours is in there
                continue
            with folded.open(part) as opened:
                body = opened.read(left + 1)
            left -= len(body)
            if left < 0:
                raise _too_big()
            written.writestr(name, _bounded(name, body))
    return plain.getvalue()


def _bounded(name: str, body: bytes) -> bytes:
    """A part whose table stays within the limits; what an ODS repeats is cut short."""
    if name.lower() == "content.xml":
        body = REPEATED.sub(lambda found: found[1] + b"%d" % min(int(found[3][:9]), _repeats(found[2])), body)
        _refuse(sum(map(_cells_of, ROW.split(body)[1:])))
    elif places := PLACE.findall(body):
        lines = ROW.split(body)[1:]
        columns = max(_column(letters) for letters, _line in places) + max(
            (len(CELL.findall(line)) for line in lines), default=0
        )
        _refuse(
            MOST_CELLS + 1
            if columns > MOST_COLUMNS
            else columns * (max(int(line[:9]) for _letters, line in places) + len(lines))
        )
    return body


def _repeats(of: bytes) -> int:
    return MOST_COLUMNS if of == b"columns" else MOST_REPEATED


def _cells_of(row: bytes) -> int:
    """How many cells a line of an ODS makes, with its repeats."""
    repeats = {of: [int(times) for _start, kind, times in REPEATED.findall(row) if kind == of] for of in (b"columns", b"rows")}
    cells = row.count(b"table-cell") + sum(repeats[b"columns"])
    return cells * max([1, *repeats[b"rows"]])


def _column(letters: bytes) -> int:
    """« AB » -> 28; beyond five letters, any number too great."""
    number = 0
    for letter in letters.upper()[:5]:
        number = number * 26 + letter - 64
    return number


def _refuse(cells: int) -> None:
    if cells > MOST_CELLS:
        raise _too_big()


def _too_big() -> Wrong:
    return Wrong(N_("Ce classeur est trop grand : gardez seulement les lignes à prendre."))


def _told(cell: object) -> str:
    """What a cell says, as one types it."""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
