"""The summer decided, then lived: a grant, a refusal, a derogation, a date that moves or is cancelled."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select

from citizen.db import db
from citizen.funds.models import Call
from citizen.journal.models import Event
from citizen.kernel.access import Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.nqe import services
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from citizen.projects.queries import findings_for
from tests import factories, summers


def missing(project: NqeProject, action: str = "lodge") -> set[str]:
    return {found.slug for found in findings_for(project, action) if not found.is_met}


def letters_about(words: str) -> list[str]:
    return [letter.body for letter in db.session.scalars(select(Letter)) if words in letter.body]


# The decision


def test_a_grant_takes_its_amount_from_the_envelope(granted: NqeProject, summer: Edition) -> None:
    assert (granted.state, granted.granted_cents) == ("granted", 5_000_00)
    assert db.session.get_one(Call, summer.id, populate_existing=True).committed_cents == 5_000_00
    assert (granted.decisions[0].act_reference, granted.decisions[0].evidence["eco"]["status"]) == ("CP 2027-118", "met")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount_cents": 7_000_01}, "amount"),
        ({"amount_cents": 0}, "amount"),
        ({"act_reference": " "}, "act_reference"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_odd_grant_is_refused(draft: NqeProject, bearer: Actor, officer: Actor, values: dict[str, Any], field: str) -> None:
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    with pytest.raises(Invalid) as refused:
        services.grant(officer, draft.id, **{"amount_cents": 1_00, "reason": "Oui.", "act_reference": "CP"} | values)
    assert refused.value.field == field
    assert draft.state == "admissible"


def test_the_cap_of_the_rules_holds_for_the_request_and_the_grant(
    officer: Actor, bearer: Actor, quarters: list[Perimeter]
) -> None:
    draft = summers.nqe_draft(summers.edition(officer, max_amount_cents=6_999_99), bearer, quarters=quarters)
    assert missing(draft) == {"cap"}


def test_the_envelope_is_never_exceeded(officer: Actor, bearer: Actor, quarters: list[Perimeter]) -> None:
    draft = summers.nqe_draft(summers.edition(officer, envelope_cents=4_999_99), bearer, quarters=quarters)
    with pytest.raises(Invalid, match="enveloppe"):
        summers.nqe_granted(draft, officer)


def test_a_refusal_says_why(draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    services.reject(officer, draft.id, reason="Les crédits sont épuisés.")
    assert (draft.state, draft.decisions[0].reason) == ("rejected", "Les crédits sont épuisés.")


def test_an_officer_who_bears_the_project_does_not_decide_it(
    summer: Edition, quarters: list[Perimeter], officer: Actor
) -> None:
    both = factories.actor(summers.region_officer())
    draft = summers.nqe_draft(summer, both, quarters=quarters)
    both = factories.actor_of(both.person_id) or both
    projects.lodge(both, draft.id)
    with pytest.raises(Forbidden):
        projects.take(both, draft.id, "admit")
    projects.take(officer, draft.id, "admit")
    with pytest.raises(Forbidden):
        services.grant(both, draft.id, amount_cents=1_00, reason="Pour moi.", act_reference="CP")


def test_an_officer_of_the_bearing_association_does_not_decide_it(draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    member = (Role.ORGANISATION_MEMBER, f"organisation:{draft.organisation_id}")
    both = Actor(officer.person_id, officer.name, officer.duties | {member})
    projects.lodge(bearer, draft.id)
    with pytest.raises(Forbidden):
        projects.take(both, draft.id, "admit")
    projects.take(officer, draft.id, "admit")
    with pytest.raises(Forbidden):
        services.grant(both, draft.id, amount_cents=1_00, reason="Pour nous.", act_reference="CP")


def test_an_association_already_funded_needs_an_accepted_derogation(draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    def ask(project: NqeProject) -> None:
        project.is_already_funded, project.derogation = True, "Rien n’existe au Pigeonnier l’été."

    services.write(bearer, draft.id, ask)
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    with pytest.raises(NotReady, match="dérogation"):
        services.grant(officer, draft.id, amount_cents=1_00, reason="Oui.", act_reference="CP")
    services.answer_derogation(officer, draft.id, is_granted=False, reason="Pas encore.")
    with pytest.raises(NotReady, match="dérogation"):
        services.grant(officer, draft.id, amount_cents=1_00, reason="Oui.", act_reference="CP")
    services.answer_derogation(officer, draft.id, is_granted=True, reason="Le besoin est réel.")
    services.grant(officer, draft.id, amount_cents=1_00, reason="Oui.", act_reference="CP")
    assert draft.state == "granted"


def test_nobody_answers_a_derogation_that_was_not_asked(draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    projects.lodge(bearer, draft.id)
    with pytest.raises(NotReady):
        services.answer_derogation(officer, draft.id, is_granted=True, reason="Cadeau.")


# The summer has come


def moved(actor: Actor, project: NqeProject, **values: Any) -> ProgrammeEvent:
    event = project.programme[0]
    usual = {
        "on": event.on,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "place": event.place,
        "note": "Orage annoncé.",
    }
    services.move_date(actor, project.id, event.id, **usual | values)
    return event


def test_a_moved_date_keeps_where_it_stood_and_tells_who_follows(granted: NqeProject, bearer: Actor) -> None:
    follower = factories.person()
    projects.follow(factories.actor(follower), granted.id, is_following=True)
    event = moved(bearer, granted, on=date(2027, 7, 10))
    assert (event.status, event.on, event.planned_on, event.planned_at) == (
        "moved",
        date(2027, 7, 10),
        date(2027, 7, 3),
        time(14),
    )
    assert len(letters_about("Orage annoncé.")) == 2, "the bearer and the follower"
    assert "Orage annoncé." in granted.news[0].text
    event = moved(bearer, granted, on=date(2027, 7, 11))
    assert event.planned_on == date(2027, 7, 3), "the first plan is what families noted"


def test_a_cancelled_date_stays_and_cannot_change_again(granted: NqeProject, bearer: Actor) -> None:
    event = granted.programme[0]
    services.cancel_date(bearer, granted.id, event.id, note="Canicule.")
    assert (event.status, event.note, event.is_cancelled) == ("cancelled", "Canicule.", True)
    with pytest.raises(Invalid):
        moved(bearer, granted, on=date(2027, 7, 10))
    recorded = db.session.scalars(select(Event).where(Event.action == "change_date")).all()
    assert len(recorded) == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"note": " "}, "note"),
        ({}, "on"),
        ({"on": date(2027, 9, 21)}, "on"),
        ({"ends_at": time(13)}, "ends_at"),
    ],
)
def test_an_odd_move_is_refused(granted: NqeProject, bearer: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        moved(bearer, granted, **values)
    assert refused.value.field == field
    assert granted.programme[0].status == "planned"


def test_only_the_team_of_a_granted_project_changes_a_date(granted: NqeProject, draft: NqeProject, officer: Actor) -> None:
    for who in (officer, factories.actor(factories.person())):
        with pytest.raises(Forbidden):
            moved(who, granted, on=date(2027, 7, 10))


def test_a_draft_is_written_not_moved(draft: NqeProject, bearer: Actor) -> None:
    with pytest.raises(NotNow):
        moved(bearer, draft, on=date(2027, 7, 10))


def test_the_date_of_another_project_does_not_move(
    granted: NqeProject, bearer: Actor, summer: Edition, quarters: list[Perimeter], officer: Actor
) -> None:
    other = summers.nqe_granted(summers.nqe_draft(summer, quarters=quarters, title="Ailleurs"), officer)
    with pytest.raises(Forbidden):
        services.cancel_date(bearer, granted.id, other.programme[0].id, note="Non.")
    assert other.programme[0].status == "planned"
