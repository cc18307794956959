"""Statements for the funders and the yearly report for the Region: page, paper and spreadsheet."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.funds.models import Fund
from citizen.payments import statements
from citizen.payments.statements import Table
from citizen.payments.views import FUND, known_fund
from citizen.web import printing, sheets
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import day

pages = Blueprint("statements", __name__)
pages.add_app_template_global(statements.shown, "shown")
pages.add_app_template_global(statements.may_read, "may_read_statements")


@pages.get(f"{FUND}/etat")
@signed_in
def statement(fund_id: int) -> Any:
    """Any two days; the month before this one when none is told."""
    fund = _read_fund(fund_id)
    first, last = statements.last_month()
    since, until = _day("du") or first, _day("au") or last
    since, until = min(since, until), max(since, until)
    title = _("État du %(since)s au %(until)s, %(fund)s", since=day(since), until=day(until), fund=fund.title)
    values = {"since": since, "until": until, "year": clock.today().year}
    return _answer("statement", title, fund, statements.statement(fund, since, until), **values)


@pages.get(f"{FUND}/bilan/<int(max=2200):year>")
@signed_in
def yearly(fund_id: int, year: int) -> Any:
    """The year as the Region counts it."""
    fund = _read_fund(fund_id)
    year = max(year, 2000)
    title = _("Compte rendu %(year)s, %(fund)s", year=year, fund=fund.title)
    return _answer("yearly", title, fund, statements.yearly(fund, year), year=year, this_year=clock.today().year)


def _read_fund(fund_id: int) -> Fund:
    fund = known_fund(fund_id)
    statements.require_reader(current_actor(), fund)
    return fund


def _answer(template: str, title: str, fund: Fund, tables: Sequence[Table], **values: Any) -> Any:
    """The page, or what its buttons ask for."""
    form = request.args.get("format", "")
    if form == "xlsx":
        return sheets.workbook(title, {_tab(table, rank): (table.head, table.rows) for rank, table in enumerate(tables, 1)})
    if form == "pdf":
        return printing.paper("payments/statement_paper.html", title, fund=fund, tables=tables, today=clock.today())
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("du", "au")}
    here = {
        name: url_for(request.endpoint or "", **(request.view_args or {}), **asked, format=name) for name in ("pdf", "xlsx")
    }
    return render_template(f"payments/{template}.html", title=title, fund=fund, tables=tables, files=here, **values)


def _tab(table: Table, rank: int) -> str:
    """A sheet's name: at most 31 signs, none that spreadsheets refuse, never twice the same."""
    name = "".join(sign if sign not in "[]:*?/\\'" else " " for sign in table.title)
    return f"{rank} {name}"[:31]


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None
