"""The commune's workbench after a vote: the count, the adopted rules side by side, and what another envelope would have given."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from citizen.ballots import queries as ballots
from citizen.ballots import workbench as bench
from citizen.ballots.models import Poll
from citizen.ballots.rules import RULES
from citizen.ballots.showing import columns, face
from citizen.ftu import forms, services
from citizen.ftu.views import CAMPAIGN, known_campaign, pages
from citizen.funds import services as funds
from citizen.kernel.access import Role
from citizen.web.access import current_actor, duty
from citizen.web.filters import say
from citizen.web.forms import options


def kept_poll(campaign_id: int) -> Poll:
    """The vote of a campaign, for who keeps its fund."""
    funds.require_keeper(current_actor(), known_campaign(campaign_id).fund)
    poll = ballots.poll_of(campaign_id)
    if poll is None:
        abort(404)
    return poll


@pages.get(f"/ftu/campagnes/{CAMPAIGN}/depouillement")
@duty(Role.COMMUNE_OFFICER)
def workbench(campaign_id: int) -> str:
    """Before the closing, nothing is computed; after the count, the rules compared and an envelope to suppose."""
    return _workbench(kept_poll(campaign_id), forms.CountForm())


def _workbench(poll: Poll, form: forms.CountForm) -> str:
    found = face(poll)
    is_open_book = found.is_counted and found.shows_votes
    asked = forms.SupposeForm(
        request.args if "enveloppe" in request.args else None, regle=poll.rule, enveloppe=poll.envelope_cents
    )
    asked.regle.choices = options((rule, say(told.title)) for rule, told in RULES.items())
    supposed = None
    if is_open_book and "enveloppe" in request.args and asked.validate():
        supposed = bench.supposed(poll, asked.regle.data, asked.enveloppe.data).outcome
    return render_template(
        "ftu/workbench.html", poll=poll, face=found, campaign=poll.call, form=form, asked=asked, supposed=supposed,
        columns=columns(poll, ballots.counts(poll.id)) if is_open_book else [], turnout=ballots.turnout(poll.id),
    )  # fmt: skip


@pages.post(f"/ftu/campagnes/{CAMPAIGN}/depouiller")
@duty(Role.COMMUNE_OFFICER)
def count(campaign_id: int) -> Any:
    """Counts the vote and publishes the result."""
    poll_id = kept_poll(campaign_id).id
    form = forms.CountForm()
    if form.submit_to(lambda: services.count_poll(current_actor(), poll_id, draw_number=form.draw_number.data or "")):
        flash(_("Le vote est dépouillé et le résultat est publié."), "success")
        return redirect(url_for("ballots.result", poll_id=poll_id), 303)
    return _workbench(kept_poll(campaign_id), form), 422
