"""One project before the committee: read, heard, voted, settled; what its scheme adds is told by its passage and its pages."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.committees import notes, presence, queries, review, showing, sitting, voting
from citizen.committees.forms import NoteForm
from citizen.committees.models import AgendaItem
from citizen.committees.pages import Act, refused
from citizen.committees.questions import Question
from citizen.committees.sitting_forms import (
    CorrectionForm,
    HandsForm,
    LinkForm,
    ProposalForm,
    ReopenForm,
    SentencesForm,
    UrnForm,
)  # fmt: skip
from citizen.db import db
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.words import N_
from citizen.projects import services as life
from citizen.projects.views import seen_project
from citizen.web.access import current_actor, signed_in
from citizen.web.filters import say
from citizen.web.forms import Form

pages = Blueprint("passage", __name__)
pages.add_app_template_global(review.named, "put_to_the_vote")
ITEM = "/comites/passages/<int(max=2147483647):item_id>"
VOTE = "/comites/votes/<int(max=2147483647):question_id>"
HEARINGS = {
    "": (N_("équipe pas encore entendue"), "neutral"), "present": (N_("équipe entendue"), "ok"),
    "phone": (N_("équipe entendue au téléphone"), "ok"), "absent": (N_("équipe absente"), "miss"),
}  # fmt: skip
RESULTS = {
    "adopted": (N_("adopté"), "ok"), "rejected": (N_("rejeté"), "miss"), "tied": (N_("égalité"), "wait"), "void": (N_("annulé"), "neutral"),
}  # fmt: skip


def seen(item_id: int) -> tuple[AgendaItem, presence.Room]:
    """The item and the room, for who sits or conducts and has no part in the project."""
    item = presence.item_in_room(item_id)
    if item is None or item.project.scheme not in review.PASSAGES:
        abort(404)
    room = presence.room_of(item.session)
    if not presence.is_of_room(current_actor(), room):
        raise Forbidden("item")
    if presence.is_apart(current_actor(), item, room.seat_of(current_actor())):
        raise Forbidden("item")
    return item, room


@pages.get(ITEM)
@signed_in
def show(item_id: int) -> str:
    """What the committee reads and does on this project."""
    return _page(item_id, {})


@pages.get("/comites/projets/<int(max=2147483647):project_id>")
@signed_in
def of_project(project_id: int) -> Any:
    """Where the committee decides: the project's place on the agenda of its session, else the committee's room."""
    project: Any = seen_project(project_id)
    if project.scheme not in review.PASSAGES:
        abort(404)
    life.judge(current_actor(), project, "defer")
    if project.waiting:
        return redirect(url_for("passage.show", item_id=project.waiting.id), 303)
    return redirect(url_for("committees.room", fund_id=project.call.fund_id), 303)


def _page(item_id: int, tried: dict[str, Form], failed: Form | None = None) -> str:
    item, room = seen(item_id)
    return render_template("committees/item.html", **showing_item(item, room, tried), failed=failed)


def showing_item(item: AgendaItem, room: presence.Room, tried: dict[str, Form]) -> dict[str, Any]:
    """What the page is given: who is there, what was said, what may be done now; ``tried`` are the forms just refused."""
    actor, recused, project = current_actor(), presence.recused_from(item), item.project
    question, decided, passage = voting.open_question(item), review.to_settle(item), review.passage_of(item)
    voters = room.voters(recused)
    votes = {one.seat_id: one for one in question.votes} if question else {}
    pending = [seat for seat in room.seats if seat.id in voters and seat.id not in votes]
    forms = {
        "link": LinkForm(formdata=None).offer(seat for seat in room.seats if seat.id not in recused),
        "proposal": ProposalForm.on(passage, formdata=None, amount=passage.suggested_cents(item)),
        "hands": HandsForm.offer(
            [seat for seat in room.seats if seat.id in voters], {seat_id: one.choice or "" for seat_id, one in votes.items()}
        ),
        "urn": UrnForm(formdata=None).offer(pending),
        "sentences": SentencesForm(formdata=None, obj=decided[0] if decided else None),
        "correction": CorrectionForm(formdata=None, obj=item.outcome),
        "reopen": ReopenForm(formdata=None),
    } | tried  # fmt: skip
    is_of_fund, sheets_of = queries.roles_on_fund(actor, item.session.fund), showing.SHEETS.get(project.scheme)
    return {
        "passage": item, "session": item.session, "project": project, "room": room, "mine": room.seat_of(actor),
        "conducts": room.conducts(actor), "quorum": room.quorum(recused), "forms_of": forms,
        "seats": {seat.id: seat for seat in room.seats}, "grounds": sitting.GROUNDS, "choices": voting.CHOICES,
        "namesakes": _namesakes(item, room), "question": question, "voters": voters, "votes": votes, "is_secret": voting.is_secret(room, item),
        "my_seats": room.seats_for(actor, recused), "past": [one for one in item.questions if one.closed_at],
        "decided": decided, "draft": review.drafted(item),
        "awaits_president": [one for one in item.questions if voting.may_untie(room, item, one)][-1:],
        "note_form": NoteForm.on(item, notes.of(actor, [project.id]).get(project.id), formdata=None) if is_of_fund else None,
        "hearings": HEARINGS, "results": RESULTS, "sheets": sheets_of([project]) if sheets_of else {}, "digest": presence.digest(item.session_id),
    }  # fmt: skip


def _namesakes(item: AgendaItem, room: presence.Room) -> list[Any]:
    """Members with a name of the team, who have not said yet whether there is a link."""
    found = presence.namesakes(room.seats, item.project)
    answered = presence.recused_from(item) | (sitting.denied(item) if found else set())
    return [seat for seat in found if seat.id not in answered]


def answer(item_id: int, name: str, form: Form, act: Act, said: str = "") -> Any:
    """Does it and comes back to the page; what stands in the way is said above, and nothing typed is lost."""
    if status := refused(form, act, said or _("C’est noté.")):
        return _page(item_id, {name: form}, form), status
    return redirect(url_for("passage.show", item_id=item_id), 303)


@pages.post(f"{ITEM}/entendu")
@signed_in
def hear(item_id: int) -> Any:
    """How the team was heard."""
    seen(item_id)
    hearing = request.form.get("entendu", "")
    if hearing not in ("present", "phone", "absent"):
        abort(400)
    return answer(item_id, "button", Form(), lambda: sitting.hear(current_actor(), item_id, hearing))


@pages.post(f"{ITEM}/lien")
@signed_in
def link(item_id: int) -> Any:
    """A member has a link with the project: the page closes to them, and the session goes on."""
    item, room = seen(item_id)
    form = LinkForm().offer(room.seats)
    mine, session_id = room.seat_of(current_actor()), item.session_id
    is_own = mine is not None and form.seat.data == mine.id
    answered = answer(
        item_id, "link", form, lambda: sitting.recuse(current_actor(), item_id, form.seat.data, form.ground.data),
        _("C’est noté : cette personne ne participe pas à ce point."),
    )  # fmt: skip
    is_done = not isinstance(answered, tuple)
    return redirect(url_for("sitting.room", session_id=session_id), 303) if is_done and is_own else answered


@pages.post(f"{ITEM}/sans-lien")
@signed_in
def no_link(item_id: int) -> Any:
    seen(item_id)
    seat_id = request.form.get("seat", 0, int)
    return answer(item_id, "button", Form(), lambda: sitting.deny(current_actor(), item_id, seat_id))


@pages.post(f"{ITEM}/proposition")
@signed_in
def put(item_id: int) -> Any:
    item, _room = seen(item_id)
    form = ProposalForm.on(review.passage_of(item))

    def act() -> None:
        amount = form.amount.data if form.amount else None
        review.propose(current_actor(), item_id, form.action.data, amount_cents=amount, asked=form.asked.data or "")

    return answer(item_id, "proposal", form, act, _("Le vote est ouvert."))


@pages.post(f"{ITEM}/decision")
@signed_in
def settle(item_id: int) -> Any:
    item, _room = seen(item_id)
    is_late = item.outcome is not None  # somebody else settled it meanwhile
    form = SentencesForm()
    said = {name: form[name].data or "" for name in ("sentence", "easy", "asked")}
    return answer(
        item_id, "sentences", form, lambda: review.settle(current_actor(), item_id, **said),
        _("Quelqu’un a déjà inscrit la décision sur ce point : la voici. Rien n’a changé.") if is_late
        else _("Ce point est décidé. Personne hors de la salle n’est prévenu avant la signature du procès-verbal."),
    )  # fmt: skip


@pages.post(f"{ITEM}/correction")
@signed_in
def correct(item_id: int) -> Any:
    seen(item_id)
    form = CorrectionForm()
    said = {name: form[name].data or "" for name in ("sentence", "easy", "asked", "reason")}
    return answer(item_id, "correction", form, lambda: review.correct(current_actor(), item_id, **said))


@pages.post(f"{ITEM}/rouvrir")
@signed_in
def reopen(item_id: int) -> Any:
    seen(item_id)
    form = ReopenForm()
    return answer(item_id, "reopen", form, lambda: review.reopen(current_actor(), item_id, form.reason.data or ""))


def _question(question_id: int) -> Question:
    found = db.session.get(Question, question_id)
    if found is None:
        abort(404)
    return found


@pages.post(VOTE)
@signed_in
def cast(question_id: int) -> Any:
    """A member's vote from a phone."""
    question = _question(question_id)
    item_id, is_secret = question.agenda_item_id, question.is_secret
    seen(item_id)
    choice, seat_id = request.form.get("choice", ""), request.form.get("seat", 0, int)
    word, arrived = say(voting.CHOICES.get(choice, "")).lower(), {(one.seat_id, one.choice) for one in question.votes}
    said = (
        _("Votre bulletin est dans l’urne. Il ne peut plus changer.") if is_secret
        else _("Votre vote était bien arrivé : %(choice)s.", choice=word) if (seat_id, choice) in arrived
        else _("Votre vote est noté : %(choice)s.", choice=word)
    )  # fmt: skip
    return answer(item_id, "button", Form(), lambda: voting.cast(current_actor(), question_id, choice, seat_id or None), said)


@pages.post(f"{VOTE}/mains")
@signed_in
def hands(question_id: int) -> Any:
    """The hands that the secretary saw; with the second button, they are counted at once."""
    item_id = _question(question_id).agenda_item_id
    item, room = seen(item_id)
    voters = room.voters(presence.recused_from(item))
    form = HandsForm.offer([seat for seat in room.seats if seat.id in voters], {})

    def act() -> None:
        review.raise_hands(current_actor(), question_id, form.choices(), is_counted=bool(request.form.get("count")))

    return answer(item_id, "hands", form, act)


@pages.post(f"{VOTE}/urne")
@signed_in
def urn(question_id: int) -> Any:
    """The papers of the box."""
    item_id = _question(question_id).agenda_item_id
    _item, room = seen(item_id)
    form = UrnForm().offer(room.seats)
    papers = {name: form[name].data for name in ("votes_for", "votes_against", "abstentions")}
    return answer(item_id, "urn", form, lambda: voting.count_urn(current_actor(), question_id, form.seats.data, **papers))


@pages.post(f"{VOTE}/compter")
@signed_in
def count(question_id: int) -> Any:
    item_id = _question(question_id).agenda_item_id
    seen(item_id)
    return answer(item_id, "button", Form(), lambda: review.count(current_actor(), question_id))


@pages.post(f"{VOTE}/presidence")
@signed_in
def untie(question_id: int) -> Any:
    """The president's word on equal votes."""
    item_id = _question(question_id).agenda_item_id
    seen(item_id)
    choice = request.form.get("choice", "")
    return answer(item_id, "button", Form(), lambda: review.untie(current_actor(), question_id, choice))
