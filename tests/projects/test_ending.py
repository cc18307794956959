"""How a project ends: what is due, given back or asked back; nothing written is lost, nothing private is shown."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from citizen import clock
from citizen.db import db
from citizen.files.models import Document
from citizen.funds import ledger
from citizen.journal.queries import events_of
from citizen.kernel.access import Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.people import services as people
from citizen.pic.models import PicProject
from citizen.pic.terms import Terms
from citizen.projects import ending, outturn, queries, recounting, reminding, reporting
from citizen.projects.models import Project
from citizen.projects.reports import SentReminder
from tests import factories, reports
from tests.factories import actor, person
from tests.reports import after, bearer_of, done, reviewer_of, sent, write


def standing(project: Project) -> tuple[int, int, int]:
    """What is kept, what is still to pay (below zero: to be given back), what is left in the envelope."""
    found = ledger.of_project(project.id)
    return found.kept, found.balance, ledger.balance(project.call_id).left  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("paid", "spent", "kept", "balance"),
    [
        (400_00, 600_00, 500_00, 100_00),  # all was spent: the balance is to be paid
        (400_00, 438_20, 438_20, 38_20),
        (400_00, 400_00, 400_00, 0),
        (400_00, 320_00, 320_00, -80_00),  # too much was paid: a refund is due
        (0, 0, 0, 0),
    ],
)
def test_an_accepted_report_settles_the_account(app: Flask, paid: int, spent: int, kept: int, balance: int) -> None:
    project = done(granted=500_00, paid=paid)
    with after(project):
        sent(project, spent)
        ending.close(reviewer_of(project), project.id)
    assert project.state == "closed"
    assert project.closing.kind == "accepted" and project.closing.eligible_cents == spent
    free = 10_000_00 - max(kept, paid)
    assert standing(project) == (kept, balance, free), "what is owed is free again once it has come back"
    if balance < 0:
        ledger.refund(reviewer_of(project), project.call_id, project.id, -balance, reference="Chèque 12")
        assert standing(project) == (kept, 0, 10_000_00 - kept)


def test_the_rate_of_the_files_own_rules_counts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    project = done(granted=480_00)
    monkeypatch.setattr(PicProject, "terms", Terms(max_rate_percent=80))
    with after(project):
        sent(project, 500_00)
        ending.close(reviewer_of(project), project.id)
    assert standing(project)[0] == 400_00


def test_an_expense_set_aside_does_not_count_until_it_is_taken_back(app: Flask) -> None:
    project = done(granted=500_00)
    reviewer = reviewer_of(project)
    with after(project):
        sent(project, 450_00)
        (line, *_rest) = project.report.lines
        with pytest.raises(Forbidden):
            ending.set_aside(bearer_of(project), project.id, line.id, "Pour voir")
        ending.set_aside(reviewer, project.id, line.id, "Sans ticket.")
        assert outturn.eligible_cents(project) == 0
        ending.set_aside(reviewer, project.id, line.id, "")
        assert outturn.eligible_cents(project) == 450_00
        with pytest.raises(Invalid):
            ending.set_aside(reviewer, project.id, line.id + 99, "Autre")


def test_a_report_sent_back_keeps_all_and_names_what_to_see_again(app: Flask) -> None:
    project = done()
    with after(project):
        sent(project, 450_00, differently="Plus de bancs.")
        first = project.report.sent_at
        with pytest.raises(Invalid):
            ending.give_back(reviewer_of(project), project.id, {"report.spending": "  "})
        ending.give_back(
            reviewer_of(project), project.id, {"report.spending": "Il manque le ticket des jeux.", "report.when": ""}
        )
        assert project.state == "granted"
        assert project.report.points == {"report.spending": "Il manque le ticket des jeux."}
        assert (project.report.differently, project.report.actual_cost_cents) == ("Plus de bancs.", 450_00)
    with after(project, days=100):
        assert reminding.remind_all() == 0, "who has sent it once is not reminded"
        recounting.send(bearer_of(project), project.id)
        assert project.report.points == {}
        assert project.report.sent_at == first, "the promise was kept on the first day"


def test_who_helps_writes_and_only_the_team_sends(app: Flask) -> None:
    project = done()
    helper = person()
    people.give_duty(factories.NOBODY, helper.id, Role.HELPER, project.on)
    stranger = actor(person())
    with after(project):
        write(project, 450_00, by=actor(helper))
        for who in (actor(helper), stranger, reviewer_of(project)):
            with pytest.raises(Forbidden):
                recounting.send(who, project.id)
        with pytest.raises(Forbidden):
            recounting.write(stranger, project.id, story="Non.")
        recounting.send(bearer_of(project), project.id)
        with pytest.raises(NotNow):
            recounting.write(actor(helper), project.id, story="Trop tard.")


def test_a_report_with_a_hole_is_not_sent(app: Flask) -> None:
    project = done()
    with after(project):
        write(project, 450_00, participants=None)
        with pytest.raises(NotReady) as refusal:
            recounting.send(bearer_of(project), project.id)
    assert [one.slug for one in refusal.value.findings] == ["report-people"]


def test_a_pic_says_how_its_conditions_held(app: Flask) -> None:
    project = done()
    with after(project):
        write(project, 450_00)
        with factories.transaction():
            kept = db.session.get_one(PicProject, project.id)
            kept.afterwards = kept.afterwards[:2]
        with pytest.raises(NotReady, match="Les trois conditions, après"):
            recounting.send(bearer_of(project), project.id)


def test_closed_without_report_once_late_and_reminded(app: Flask) -> None:
    project = done(granted=500_00, paid=400_00)
    reviewer = reviewer_of(project)
    with after(project, days=68), pytest.raises(NotReady):
        ending.close_without(reviewer, project.id, "Aucune nouvelle.")
    with after(project, days=68):
        assert reminding.remind_all() == 1
        ending.close_without(reviewer, project.id, "Aucune nouvelle.", proven_cents=120_00)
    assert (project.state, project.closing.kind) == ("closed", "without")
    assert standing(project) == (120_00, -280_00, 9_600_00)
    assert not outturn.is_published(project)
    letter = db.session.scalars(select(Letter.body).where(Letter.subject.contains("compte")).order_by(Letter.id.desc())).first()
    assert letter is not None and "280" in letter


def test_cancelled_after_a_payment_the_money_is_asked_back(app: Flask) -> None:
    project = done(granted=500_00, paid=400_00)
    ending.cancel(reviewer_of(project), project.id, "La salle a brûlé.")
    assert (project.state, standing(project)) == ("cancelled", (0, -400_00, 9_600_00))
    said = ending.consequence(project, outturn.settle(project, 0))
    assert any("400" in sentence and "demandés au groupe" in sentence for sentence in said)


def test_lines_and_their_tickets(app: Flask) -> None:
    project = done()
    bearer = bearer_of(project)
    with after(project):
        write(project, 450_00)
        planned = outturn.rows(project)[0].key
        recounting.add_receipt(bearer, project.id, planned, stream=reports.photo(), filename="ticket.jpg")
        recounting.add_line(bearer, project.id, side="expense", nature="operating", label="Glaces", spent_cents=20_00)
        added = outturn.rows(project)[-1].key
        recounting.add_receipt(bearer, project.id, added, stream=reports.photo(), filename="ticket.jpg")
        assert [row.account.receipts for row in outturn.rows(project)] == [1, 1]
        assert project.report.actual_cost_cents == 470_00
        before = db.session.scalar(select(func.count()).select_from(Document))
        with pytest.raises(Invalid):
            recounting.remove_line(bearer, project.id, planned)
        recounting.remove_line(bearer, project.id, added)
        assert project.report.actual_cost_cents == 450_00
        assert db.session.scalar(select(func.count()).select_from(Document)) == before - 1
        with pytest.raises(Invalid):
            recounting.tell_spending(bearer, project.id, {"p999": 1})


def test_a_picture_without_consent_is_never_for_everybody(app: Flask) -> None:
    project = done()
    bearer, visitor = bearer_of(project), factories.NOBODY
    with after(project):
        write(project, 450_00)
        show = {"stream": reports.photo(), "filename": "a.jpg", "caption": "Le goûter"}
        with pytest.raises(Invalid):
            recounting.add_picture(bearer, project.id, **show, shows_people=True, has_consent=True, consent_kept_by=" ")
        for shows_people, has_consent in ((True, False), (True, True), (False, False)):
            recounting.add_picture(
                bearer, project.id, **show | {"stream": reports.photo()}, shows_people=shows_people, has_consent=has_consent,
                consent_kept_by="Le centre social" if has_consent else "",
            )  # fmt: skip
        recounting.add_receipt(bearer, project.id, outturn.rows(project)[0].key, stream=reports.photo(), filename="t.jpg")
        private = [one for one in project.attachments if one.kind in ("picture", "receipt")]
        assert not any(queries.may_open(visitor, project, one) for one in private), "nothing before it is accepted"
        assert not any(queries.may_open(reviewer_of(project), project, one) for one in private), "nor to who will judge it"
        recounting.send(bearer, project.id)
        assert all(queries.may_open(reviewer_of(project), project, one) for one in private)
        ending.close(reviewer_of(project), project.id)
    hidden, agreed, empty, ticket = private
    seen = [one for one in private if queries.may_open(visitor, project, one)]
    assert seen == [agreed, empty]
    assert not queries.may_open(factories.committee_member_of(project.call.fund), project, ticket)
    assert queries.may_open(bearer, project, hidden)
    with pytest.raises(NotNow):
        reporting.detach(bearer, project.id, agreed.id)


def test_reminders_leave_once_and_on_their_day(app: Flask) -> None:
    project = done()
    with after(project, days=-8):
        assert reminding.remind_all() == 0
    with after(project, days=-7):
        assert (reminding.remind_all(), reminding.remind_all()) == (1, 0)
    with after(project, days=1):
        assert reminding.remind_all() == 1
    with after(project, days=95):
        assert (reminding.remind_all(), reminding.remind_all()) == (2, 0), "the team, and who manages the fund"
    kinds = db.session.scalars(select(SentReminder.kind).order_by(SentReminder.id)).all()
    assert kinds == ["action-soon", "action-over", "report-late-30", "report-late-told"]
    body = db.session.scalars(select(Letter.body).where(Letter.subject.contains("dernière relance"))).one()
    assert f"/projets/{project.id}/bilan" in body
    assert {event.action for event in events_of(project.on)}.isdisjoint({"reminded"})
    assert clock.today() < project.ends_on + timedelta(days=1)
