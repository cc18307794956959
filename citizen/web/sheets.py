"""Spreadsheets: rows as CSV or as a workbook, in which a text never becomes a formula."""

import csv as lines
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from flask import Response
from xlsxwriter import Workbook

from citizen.kernel.words import slug

Cell = str | int | Decimal | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def euros_cell(cents: int) -> Decimal:
    """``123450`` -> 1234.50: an amount that a spreadsheet adds up."""
    return Decimal(cents) / 100


def csv(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download: UTF-8, semicolons, as French spreadsheets open it."""
    return _download(lines_of(head, rows), f"{slug(title)}.csv", "text/csv; charset=utf-8")


def lines_of(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The text of such a file."""
    text = io.StringIO()
    writer = lines.writer(text, delimiter=";")
    writer.writerow(head)
    writer.writerows([_typed(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def _typed(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return "" if cell is None else str(cell)


def workbook(title: str, sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> Response:
    """A download with one sheet a name: its heads and its rows. A text stays a text, whatever it begins with."""
    body = io.BytesIO()
    with Workbook(body, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        book.set_properties({"title": title})
        bold, money, day = (
            book.add_format({"bold": True}),
            book.add_format({"num_format": "# ##0.00"}),
            book.add_format({"num_format": "dd/mm/yyyy"}),
        )
        for name, (head, rows) in sheets.items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, head, bold)
            for line, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, Decimal):
                        sheet.write_number(line, column, float(cell), money)
                    elif isinstance(cell, date | datetime):
                        sheet.write_datetime(line, column, cell, day)  # type: ignore[arg-type]
                    elif isinstance(cell, int):
                        sheet.write_number(line, column, cell)
                    else:
                        sheet.write_string(line, column, cell or "")
            sheet.autofit()
    return _download(body.getvalue(), f"{slug(title)}.xlsx", XLSX)


def _download(body: str | bytes, name: str, mimetype: str) -> Response:
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
