"""Pages of a roll, for the fund's keepers: who may be on it, the list, single lines, codes."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen.ballots import codes, forms, listing, queries, roll
from citizen.ballots.pages import ID, LINE, known_poll, pages
from citizen.ballots.reading import COLUMNS, ReadList
from citizen.ballots.rules import RollKind
from citizen.ballots.showing import demo_codes, face, qr
from citizen.kernel.access import Role
from citizen.web import printing, sheets
from citizen.web.access import current_actor, duty

MOST_LETTERS = 200  # printed from a page; more from the command line
MOST_CODES = 5_000


def _page(poll_id: int, **values: Any) -> Any:
    """The roll, with the form that has something to correct at its place."""
    poll = known_poll(poll_id)
    roll.require_keeper(current_actor(), poll.call)
    blank: dict[str, Callable[[], Any]] = {
        "kind_form": lambda: forms.KindForm(formdata=None, kind=poll.roll_kind), "list_form": lambda: forms.ListForm(formdata=None),
        "line_form": lambda: forms.LineForm(formdata=None), "codes_form": lambda: forms.CodesForm(formdata=None),
    }  # fmt: skip
    given: dict[str, Any] = {name: values.pop(name, None) or make() for name, make in blank.items()}
    words = request.args.get("q", "")[:100]
    page = render_template(
        "ballots/roll.html", poll=poll, face=face(poll), numbers=listing.numbers_by_origin(poll_id), pending=queries.pending_list(poll_id),
        batches=listing.batches(poll_id), words=words, found=listing.search(poll_id, words), turnout=queries.turnout(poll_id),
        most_letters=MOST_LETTERS, demo_codes=demo_codes(poll_id), **given, **{"read": None, "wrong": None} | values,
    )  # fmt: skip
    return page, 422 if any(form.errors for form in given.values()) or values else 200


def _back(poll_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("ballots.roll", poll_id=poll_id), 303)  # type: ignore[return-value]


@pages.get(f"/voter/{ID}/liste", endpoint="roll")
@duty(Role.COMMUNE_OFFICER)
def show(poll_id: int) -> Any:
    return _page(poll_id)


@pages.post(f"/voter/{ID}/liste/genre")
@duty(Role.COMMUNE_OFFICER)
def set_roll_kind(poll_id: int) -> Any:
    form = forms.KindForm()
    if form.done(lambda: roll.set_kind(current_actor(), poll_id, RollKind(form.kind.data))):
        return _back(poll_id, _("C’est enregistré."))
    return _page(poll_id, kind_form=form)


@pages.get(f"/voter/{ID}/liste/modele.csv")
@duty(Role.COMMUNE_OFFICER)
def list_template(poll_id: int) -> Response:
    """An example to fill in."""
    roll.require_keeper(current_actor(), known_poll(poll_id).call)
    return sheets.csv("liste-de-vote", COLUMNS, [("1", "Lefebvre", "Anne"), ("2", "Ben Salem", "Karim")])


@pages.post(f"/voter/{ID}/liste/lire")
@duty(Role.COMMUNE_OFFICER)
def read_list(poll_id: int) -> Any:
    """Every fault of the file, or what it would put on the roll, to confirm."""
    form = forms.ListForm()
    found: ReadList | None = form.submit_to(lambda: roll.keep_list(current_actor(), poll_id, form.file.data.read()))
    if found is None:
        return _page(poll_id, list_form=form)
    if found.faults:
        return _page(poll_id, list_form=form, read=found)
    if found.namesakes:
        flash(_("Plusieurs lignes portent le même nom : %(names)s.", names=", ".join(found.namesakes[:20])), "info")
    return redirect(url_for("ballots.roll", poll_id=poll_id, _anchor="attente"), 303)


@pages.post(f"/voter/{ID}/liste/<any('confirmer', 'abandonner', 'vider'):settled>")
@duty(Role.COMMUNE_OFFICER)
def settle_list(poll_id: int, settled: str) -> Response:
    """Loads the list that was read, forgets it, or takes away the one that was loaded."""
    actor = current_actor()
    if settled == "confirmer":
        number = roll.confirm_list(actor, poll_id)
        return _back(poll_id, ngettext("%(num)s ligne chargée.", "%(num)s lignes chargées.", number))
    if settled == "vider":
        roll.empty_list(actor, poll_id)
        return _back(poll_id, _("La liste est vide."))
    roll.drop_list(actor, poll_id)
    return _back(poll_id, _("La liste lue est abandonnée : rien n’est chargé."))


@pages.post(f"/voter/{ID}/liste/ajouter")
@duty(Role.COMMUNE_OFFICER)
def add_line(poll_id: int) -> Any:
    form = forms.LineForm()
    added = form.done(
        lambda: roll.add(
            current_actor(), poll_id, number=form.number.data or "", last_name=form.last_name.data or "",
            first_name=form.first_name.data or "", reason=form.reason.data or "",
        )
    )  # fmt: skip
    return _back(poll_id, _("La personne est ajoutée.")) if added else _page(poll_id, line_form=form)


@pages.route(f"/voter/{ID}/liste/{LINE}/radier", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def strike_line(poll_id: int, voter_id: int) -> Any:
    poll, form = known_poll(poll_id), forms.StrikeForm()
    roll.require_keeper(current_actor(), poll.call)
    if form.is_posted and form.done(lambda: roll.strike(current_actor(), poll_id, voter_id, form.reason.data or "")):
        return _back(poll_id, _("La ligne est radiée."))
    voter = queries.line(poll_id, voter_id)
    page = render_template("ballots/strike.html", poll=known_poll(poll_id), voter=voter, form=form)
    return page, 422 if form.is_posted else 200


@pages.post(f"/voter/{ID}/codes")
@duty(Role.COMMUNE_OFFICER)
def make_codes(poll_id: int) -> Any:
    """A batch, as letters or as a table: this answer is the only place where its codes are written."""
    form = forms.CodesForm()
    most = MOST_LETTERS if form.paper.data == "letters" else MOST_CODES
    letters = form.submit_to(
        lambda: codes.make(current_actor(), poll_id, number=form.number.data or 0, for_list=form.of.data == "list", most=most)
    )
    if not letters:
        return _page(poll_id, codes_form=form)
    poll, title = known_poll(poll_id), _("Codes du vote, lot %(batch)s", batch=letters[0].batch)
    address = codes.address(poll_id)
    if form.paper.data == "csv":
        return sheets.csv(title, codes.HEAD, codes.rows(letters, address))
    return printing.paper(
        "ballots/letters.html", title, poll=poll, letters=letters, address=address, qr=qr, keeper=poll.call.fund
    )


@pages.route(f"/voter/{ID}/codes/<int(max=2147483647):lot_id>", methods=["GET", "POST"])
@duty(Role.COMMUNE_OFFICER)
def cancel_codes(poll_id: int, lot_id: int) -> Any:
    """Cancels a batch, or one lost letter of it."""
    poll, form = known_poll(poll_id), forms.CancelForm()
    roll.require_keeper(current_actor(), poll.call)
    queries.batch(poll_id, lot_id)  # of this poll
    if form.is_posted:
        number = form.submit_to(
            lambda: codes.cancel(current_actor(), lot_id, reason=form.reason.data or "", serial=form.serial.data)
        )
        if number:
            return _back(poll_id, ngettext("%(num)s code annulé.", "%(num)s codes annulés.", number))
    page = render_template("ballots/cancel.html", poll=known_poll(poll_id), batch=queries.batch(poll_id, lot_id), form=form)
    return page, 422 if form.is_posted else 200
