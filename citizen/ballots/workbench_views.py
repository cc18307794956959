"""What a counted vote publishes: the result's page, its paper, its sheet, and the file that anyone counts again."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.ballots import box, queries, workbench
from citizen.ballots.models import Poll
from citizen.ballots.rules import RULES
from citizen.ballots.showing import bars, columns, face
from citizen.ballots.views import ID, known_poll, pages
from citizen.web import sheets
from citizen.web.access import public
from citizen.web.filters import say
from citizen.web.printing import paper


def published(poll: Poll, rule: str) -> dict[str, Any]:
    """All that the pages of a result show, by the rule that decides or by another one that was adopted."""
    found, results = face(poll), queries.results(poll.id)
    counts = {count.rule: count for count in queries.counts(poll.id)} if found.shows_votes else {}
    count = counts.get(rule) or counts.get(poll.rule)
    is_deciding = count is None or count.rule == poll.rule
    return {
        "poll": poll, "face": found, "bars": bars(results, None if is_deciding else count), "is_deciding": is_deciding,
        "rule": RULES[count.rule if count else poll.rule], "count": count, "columns": columns(poll, list(counts.values())),
        "command": workbench.command(poll, count, _file_name(poll, "pb")) if count else "",
        "turnout": queries.turnout(poll.id),
        "is_unanimous": any(row.votes == poll.ballot_count for row in results),
    }  # fmt: skip


def _file_name(poll: Poll, suffix: str) -> str:
    return f"resultat-{poll.id}.{suffix}"


def counted_poll(poll_id: int) -> Poll:
    poll = known_poll(poll_id)
    if not face(poll).is_counted:
        abort(404)
    return poll


@pages.get("/resultats")
@public
def results() -> str:
    """Every vote that was counted, the newest first."""
    return render_template(
        "ballots/results.html", faces=[found for poll in queries.polls() if (found := face(poll)).is_counted]
    )


@pages.get(f"/resultats/{ID}")
@public
def result(poll_id: int) -> Any:
    """What the count said, once it is done; before, the vote's own page."""
    poll = known_poll(poll_id)
    if not face(poll).is_counted:
        return redirect(url_for("ballots.ballot", poll_id=poll_id), 302)
    told = published(poll, request.args.get("regle", ""))
    return render_template("ballots/result.html", receipts=queries.receipts(poll_id), **told)


@pages.get(f"/resultats/{ID}/papier")
@public
def result_paper(poll_id: int) -> Response:
    poll = counted_poll(poll_id)
    return paper("ballots/result_print.html", _("Résultat : %(title)s", title=poll.title), **published(poll, poll.rule))


@pages.get(f"/resultats/{ID}.csv")
@public
def result_sheet(poll_id: int) -> Response:
    """The result as rows; with few ballots, the outcome alone, in the order of the projects' numbers."""
    poll = counted_poll(poll_id)
    told = published(poll, poll.rule)
    head, shows_votes = [_("Numéro"), _("Projet"), _("Secteur"), _("Coût"), _("Résultat")], told["face"].shows_votes
    rows: list[list[sheets.Cell]] = [
        [bar.number, bar.title, bar.sector, sheets.euros_cell(bar.cost_cents), _("Retenu") if bar.is_selected else _("Non retenu"),
         *([bar.votes, sheets.euros_cell(bar.remaining_cents)] if shows_votes else []), bar.sentence,
         *(_("Retenu") if bar.number in column.taken else _("Non retenu") for column in told["columns"][1:])]
        for bar in (told["bars"] if shows_votes else sorted(told["bars"], key=lambda bar: bar.number))
    ]  # fmt: skip
    head += [_("Voix"), _("Il restait")] if shows_votes else []
    head += [_("Pourquoi"), *(say(column.title) for column in told["columns"][1:])]
    return sheets.csv(poll.title, head, rows)


@pages.get(f"/resultats/{ID}.pb")
@public
def ballots_file(poll_id: int) -> Response:
    """The ballots, in the order of their content, without receipts; not when they are so few that one would be somebody's."""
    poll = counted_poll(poll_id)
    if not face(poll).shows_votes:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(poll, "pb")}"'}
    return Response(workbench.file_of(poll, box.ballots(poll)), mimetype="text/csv", headers=headers)
