"""The money and the documents of a file: its lines, changed in place, its quotes, and the budget as the national form orders it."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_babel import gettext as _

from citizen.kernel.findings import Invalid
from citizen.projects import accounts, forms, prices, queries, reporting, services
from citizen.projects.models import BudgetLine, Project
from citizen.projects.views import ID, seen_project
from citizen.projects.writing import form_page, writable
from citizen.web import printing, sheets
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import say

pages = Blueprint("budget", __name__)
MAX_LINES = 60
pages.add_app_template_global(lambda project: prices.usual_prices(project.lines), "usual_prices")
pages.add_app_template_global(
    lambda project: accounts.sheet((line.account, line.amount_cents) for line in project.lines), "budget_sheet"
)


@pages.route(f"/projets/{ID}/budget", methods=["GET", "POST"])
@pages.route(f"/projets/{ID}/budget/<int(max=2147483647):number>", methods=["GET", "POST"])
@signed_in
def lines(project_id: int, number: int | None = None) -> Any:
    """The budget; each post adds a line, or writes again the one that is open."""
    project = writable(project_id)
    found = _line_of(project, number) if number is not None else None
    form: Any = forms.LineForm(
        data={"account": found.account, "label": found.label, "amount": found.amount_cents} if found else {}
    )

    def change(kept: Project) -> None:
        if number is not None:
            _line_of(kept, number).write(**form.line)
        elif len(kept.lines) >= MAX_LINES:
            raise Invalid("label", _("%(count)d lignes au plus.", count=MAX_LINES))
        else:
            kept.lines.append(BudgetLine(**form.line))

    if form.is_posted and form.submit_to(services.edit, current_actor(), project_id, change):
        return redirect(url_for("budget.lines", project_id=project_id), 303)
    status = 422 if form.is_posted else 200
    return form_page(seen_project(project_id), "projects/budget.html", status, form=form, edited=number)


def _line_of(project: Project, number: int) -> BudgetLine:
    return next((one for one in project.lines if one.id == number), None) or abort(404)


@pages.route(f"/projets/{ID}/documents", methods=["GET", "POST"])
@signed_in
def documents(project_id: int) -> Any:
    """The documents; « ligne » in the address says for which expense a quote is brought."""
    project = writable(project_id)
    asked = {"kind": "quote", "line": request.args["ligne"]} if "ligne" in request.args else {}
    form: Any = forms.DocumentForm(data=asked)
    pieces = project.pieces
    form.offer(pieces, ((one.id, one.label) for one in project.lines if one.side == "expense"))
    if form.is_posted:
        stored = form.done(
            lambda: reporting.attach(
                current_actor(), project_id, stream=form.file.data.stream, filename=form.file.data.filename,
                **form.document(pieces),
            )
        )  # fmt: skip
        if stored:
            return redirect(url_for("budget.lines" if form.line.data else "budget.documents", project_id=project_id), 303)
    return form_page(seen_project(project_id), "projects/documents.html", 422 if form.is_posted else 200, form=form)


# --- On paper and as a sheet, for the team and who judges ---


@pages.get(f"/projets/{ID}/dossier.pdf")
@signed_in
def paper(project_id: int) -> Response:
    """The whole file on paper."""
    project = _readable(project_id)
    return printing.paper("projects/paper.html", _("Dossier : %(title)s", title=project.title), project=project)


@pages.get(f"/projets/{ID}/budget.<any(csv,xlsx):suffix>")
@signed_in
def sheet(project_id: int, suffix: str) -> Response:
    """The budget as the national form orders it, in whole euros."""
    project = _readable(project_id)
    head = [_("Compte"), _("Intitulé"), _("Montant en euros")]
    title = _("Budget %(title)s", title=project.title)
    found = accounts.sheet((one.account, one.amount_cents) for one in project.lines)
    parts = {
        _("Charges"): _part(found.expenses, _("Total des charges"), found.total),
        _("Produits"): _part(found.income, _("Total des produits"), found.total),
        _("Emplois en nature (86)"): _part(found.given, _("Total des emplois en nature"), found.given_total),
        _("Ressources en nature (87)"): _part(found.received, _("Total des ressources en nature"), found.given_total),
    }
    if suffix == "xlsx":
        return sheets.workbook(title, {name: (head, rows) for name, rows in parts.items()})
    return sheets.csv(title, head, [row for rows in parts.values() for row in rows])


def _part(rows: tuple[accounts.Row, ...], name: str, total: int) -> list[tuple[str, str, int]]:
    return [*((row.number, say(row.label), row.amount) for row in rows), ("", name, total)]


def _readable(project_id: int) -> Project:
    """The project, for who may read its papers; an idea has none."""
    project = seen_project(project_id)
    if project.scheme == "idea" or not queries.may_read_papers(current_actor(), project):
        abort(404)
    return project
