"""Paper ballots, for the commune: what to print, signatures, boxes and their sheets, ballots read twice."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.ballots import paper, paper_forms, preparation, recounting, roll
from citizen.ballots.models import Poll
from citizen.ballots.paper_models import PaperBox
from citizen.ballots.preparation import READERS, Pile
from citizen.ballots.rules import SHEET, Moment
from citizen.ballots.showing import face
from citizen.ballots.views import ID, known_poll
from citizen.db import db
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.web import printing
from citizen.web.access import current_actor, signed_in
from citizen.web.forms import options

pages = Blueprint("paper", __name__)
HERE = f"/voter/{ID}/papier"
BOX = f"{HERE}/urnes/<int(max=2147483647):box_id>"
SIGNED = f"{HERE}/signatures/<int:voter_id>"
BLANK_LINES = 25


@pages.app_template_global()
def keeps_poll(poll: Poll) -> bool:
    """Whether the visitor keeps this vote: its pages then lead to its paper."""
    return bool(current_actor().roles_on(poll.call.fund.targets) & poll.call.fund.keepers)


pages.add_app_template_global(preparation.published, "published_paper")


def kept_poll(poll_id: int) -> Poll:
    poll = known_poll(poll_id)
    roll.require_keeper(current_actor(), poll.call)
    return poll


def kept_box(poll_id: int, box_id: int) -> PaperBox:
    kept_poll(poll_id)
    box = db.session.get(PaperBox, box_id)
    if box is None or box.poll_id != poll_id:
        abort(404)
    return box


@pages.route(HERE, methods=["GET", "POST"])
@signed_in
def desk(poll_id: int) -> Any:
    """All of the paper of a vote on one page; a box is added here."""
    poll = kept_poll(poll_id)
    days = poll.opens_at.astimezone(clock.LOCAL).date(), poll.last_minute.astimezone(clock.LOCAL).date()
    form = paper_forms.BoxForm(**paper_forms.first_day(days, clock.today()))
    if form.is_posted and form.submit_to(
        lambda: paper.add_box(current_actor(), poll_id, place=form.place.data, held_on=form.held_on.data)
    ):
        flash(_("L’urne est ajoutée."), "success")
        return redirect(url_for("paper.desk", poll_id=poll_id), 303)
    poll = kept_poll(poll_id)
    page = render_template("ballots/paper.html", poll=poll, face=face(poll), form=form, paper=preparation.paper_of(poll_id))
    return page, 422 if form.is_posted else 200


@pages.get(f"{HERE}/bulletin")
@signed_in
def ballot(poll_id: int) -> Response:
    """The ballot to print, in large letters when asked: the same list in the same order for everybody."""
    poll = kept_poll(poll_id)
    is_large = bool(request.args.get("grand"))
    return printing.paper("ballots/paper_ballot.html", poll.title, poll=poll, keeper=poll.call.fund, is_large=is_large)


@pages.get(f"{HERE}/emargement")
@signed_in
def sheet(poll_id: int) -> Response:
    """The roll by name, with room to sign."""
    poll = kept_poll(poll_id)
    title = _("Liste d’émargement : %(title)s", title=poll.title)
    return printing.paper(
        "ballots/paper_roll.html", title, poll=poll, keeper=poll.call.fund, voters=preparation.roll_by_name(poll_id),
        blank_lines=BLANK_LINES,
    )  # fmt: skip


@pages.get(f"{BOX}/feuille")
@signed_in
def box_sheet(poll_id: int, box_id: int) -> Response:
    """The sheet that goes with a box, to fill in by hand."""
    box = kept_box(poll_id, box_id)
    title = _("Feuille de l’urne %(number)s", number=box.number)
    return printing.paper("ballots/paper_sheet.html", title, poll=box.poll, keeper=box.poll.call.fund, box=box)


@pages.route(BOX, methods=["GET", "POST"])
@signed_in
def box(poll_id: int, box_id: int) -> Any:
    """A box: its sheet's figures, its readings, what they differ on."""
    form = paper_forms.SheetForm(obj=kept_box(poll_id, box_id))
    if form.is_posted and form.submit_to(
        lambda: paper.fill_sheet(current_actor(), box_id, **{name: form[name].data for name in SHEET})
    ):
        flash(_("La feuille de l’urne est enregistrée."), "success")
        return redirect(url_for("paper.box", poll_id=poll_id, box_id=box_id), 303)
    return _box_page(poll_id, box_id, form), 422 if form.is_posted else 200


def _box_page(poll_id: int, box_id: int, form: paper_forms.SheetForm, mixing: paper_forms.MixForm | None = None) -> str:
    found = kept_box(poll_id, box_id)
    every = preparation.piles(poll_id)
    pile = next(one for one in every if found in one.boxes)
    mixing = mixing or paper_forms.MixForm(formdata=None)
    mixing.into.choices = options(
        [("", _("Aucune : lus à part")), *((str(one.box.id), _("l’urne %(number)s", number=one.box.number)) for one in every if one is not pile)]
    )  # fmt: skip
    person_id = current_actor().person_id
    turn = recounting.next_turn(pile, person_id)
    return render_template(
        "ballots/paper_box.html", poll=found.poll, face=face(found.poll), box=found, pile=pile, form=form, mixing=mixing, turn=turn,
        must_mix=preparation.must_mix(pile, every), readers=READERS, shows=pile.turn_of(person_id) is None or pile.is_read_twice,
        has_others=len(every) > 1 or bool(pile.mixed),
    )  # fmt: skip


@pages.post(f"{BOX}/retirer")
@signed_in
def remove(poll_id: int, box_id: int) -> Any:
    kept_box(poll_id, box_id)
    paper.remove_box(current_actor(), box_id)
    flash(_("L’urne est retirée."), "success")
    return redirect(url_for("paper.desk", poll_id=poll_id), 303)


@pages.post(f"{BOX}/melanger")
@signed_in
def mix(poll_id: int, box_id: int) -> Any:
    kept_box(poll_id, box_id)
    form = paper_forms.MixForm()
    if form.done(lambda: paper.mix(current_actor(), box_id, form.into_id)):
        flash(_("C’est noté."), "success")
        return redirect(url_for("paper.box", poll_id=poll_id, box_id=box_id), 303)
    return _box_page(poll_id, box_id, paper_forms.SheetForm(formdata=None, obj=kept_box(poll_id, box_id)), form), 422


@pages.route(f"{BOX}/lire", methods=["GET", "POST"])
@signed_in
def read(poll_id: int, box_id: int) -> Any:
    """One ballot after another, by the keyboard alone: its projects' numbers, « blanc » or « nul », Enter."""
    pile = preparation.pile_of(kept_box(poll_id, box_id))
    if pile.box.id != box_id:
        return redirect(url_for("paper.read", poll_id=poll_id, box_id=pile.box.id), 303)
    form = paper_forms.EntryForm()
    if form.is_posted and form.done(lambda: recounting.enter(current_actor(), box_id, form.number.data, form.typed.data or "")):
        return redirect(url_for("paper.read", poll_id=poll_id, box_id=box_id, lu=form.number.data), 303)
    poll, pile = kept_poll(poll_id), preparation.pile_of(kept_box(poll_id, box_id))
    turn = _turn(poll, pile)
    asked = pile.asked_of(turn)
    if not form.is_posted:
        form.number.data = _asked_for(pile, turn) or (asked[0] if asked else None)
        mark, chosen = pile.read_by(turn).get(form.number.data or 0, ("", ""))
        form.typed.data = chosen or {"blank": "blanc", "void": "nul"}.get(mark, "")
    page = render_template(
        "ballots/paper_read.html", poll=poll, pile=pile, turn=turn, form=form, asked=asked, mine=pile.read_by(turn),
        last=request.args.get("lu", type=int), readers=READERS,
    )  # fmt: skip
    return page, 422 if form.is_posted else 200


def _turn(poll: Poll, pile: Pile) -> int:
    """The part of the visitor in this reading; raises when there is none, or when it is not the moment."""
    if poll.moment(clock.now()) is not Moment.CLOSED:
        raise NotNow(_(paper.REFUSED[poll.moment(clock.now())]))
    recounting.require_readable(pile)
    turn = recounting.next_turn(pile, current_actor().person_id)
    if turn is None:
        raise Forbidden("read")
    return turn


def _asked_for(pile: Pile, turn: int) -> int | None:
    """The ballot that the reader wants to see again, while it may still change."""
    wanted = request.args.get("bulletin", type=int)
    may = pile.differences if turn > READERS else [] if pile.is_read_twice else range(1, pile.size + 1)
    return wanted if wanted in may else None


@pages.get(f"{HERE}/signatures")
@signed_in
def signatures(poll_id: int) -> str:
    """Who signed for a paper ballot: found by name or number, one after another."""
    poll, words = kept_poll(poll_id), request.args.get("q", "")[:100]
    return render_template(
        "ballots/paper_signatures.html", poll=poll, face=face(poll), words=words, found=preparation.people(poll_id, words),
        paper=preparation.paper_of(poll_id),
    )  # fmt: skip


@pages.post(SIGNED)
@signed_in
def sign(poll_id: int, voter_id: int) -> Any:
    kept_poll(poll_id)
    withdrew = paper.sign(current_actor(), poll_id, voter_id)
    flash(
        _("Signature enregistrée. Son vote en ligne est retiré : le papier l’emporte.")
        if withdrew
        else _("Signature enregistrée."),
        "success",
    )
    return redirect(url_for("paper.signatures", poll_id=poll_id), 303)


@pages.post(f"{SIGNED}/annuler")
@signed_in
def unsign(poll_id: int, voter_id: int) -> Any:
    kept_poll(poll_id)
    paper.unsign(current_actor(), poll_id, voter_id)
    flash(_("Signature annulée."), "success")
    return redirect(url_for("paper.signatures", poll_id=poll_id), 303)


@pages.route(f"{HERE}/difference", methods=["GET", "POST"])
@signed_in
def gap(poll_id: int) -> Any:
    """Why signatures and ballots differ, in a sentence that is published."""
    kept_poll(poll_id)
    told = preparation.paper_of(poll_id)
    form = paper_forms.GapForm(obj=told.gap)
    if form.done(lambda: paper.explain(current_actor(), poll_id, form.reason.data)):
        flash(_("L’explication est enregistrée."), "success")
        return redirect(url_for("paper.desk", poll_id=poll_id), 303)
    poll = kept_poll(poll_id)
    page = render_template("ballots/paper_gap.html", poll=poll, form=form, paper=preparation.paper_of(poll_id))
    return page, 422 if form.is_posted else 200
