"""The summer through its use cases: an edition, a programme, a decision, a date that changes."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select, text

from citizen.db import db, transaction
from citizen.funds.models import Call
from citizen.journal.models import Event
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.mail.models import Letter
from citizen.nqe import queries, services
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from citizen.projects.queries import findings_for
from tests import factories

OTHERS = {"theme_title": "Le vent", "theme_text": "", "axes": ["Jeux"], "opens_on": date(2028, 1, 1), "closes_on": date(2028, 2, 3),
          "season_starts_on": date(2028, 6, 21), "season_ends_on": date(2028, 9, 20), "envelope_cents": 1_00}  # fmt: skip


def missing(project: NqeProject, action: str = "lodge") -> set[str]:
    return {found.slug for found in findings_for(project, action) if not found.is_met}


def letters_about(words: str) -> list[str]:
    return [letter.body for letter in db.session.scalars(select(Letter)) if words in letter.body]


# The edition


def test_an_edition_has_its_number_and_its_rules(summer: Edition) -> None:
    assert (summer.ordinal, summer.title) == (38, "Nos quartiers d’été 2027")
    assert summer.ruleset.terms["min_partners"] == 2
    assert queries.current_edition(date(2027, 3, 10)) is summer


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"year": 2027, "season_starts_on": date(2027, 6, 21), "season_ends_on": date(2027, 9, 1), "opens_on": date(2027, 1, 1), "closes_on": date(2027, 2, 1)}, "year"),
        ({"year": 1989, "season_starts_on": date(1989, 6, 21), "season_ends_on": date(1989, 9, 1)}, "year"),
        ({"season_ends_on": date(2028, 6, 20)}, "season_ends_on"),
        ({"season_starts_on": date(2027, 6, 21)}, "season_starts_on"),
        ({"closes_on": date(2028, 6, 21)}, "closes_on"),
        ({"opens_on": date(2028, 2, 4)}, "closes_on"),
    ],
)
def test_an_odd_edition_is_refused(summer: Edition, officer: Actor, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.open_edition(officer, summer.fund_id, **{"year": 2028} | OTHERS | changed)
    assert refused.value.field == field


def test_only_the_region_opens_an_edition(summer: Edition, bearer: Actor) -> None:
    for who in (bearer, factories.administrator()):
        with pytest.raises(Forbidden):
            services.open_edition(who, summer.fund_id, year=2028, **OTHERS)


def test_the_schema_refuses_a_wrong_number(summer: Edition) -> None:
    with pytest.raises(Exception, match="ordinal"), transaction():
        db.session.execute(text("UPDATE edition SET ordinal = 12"))


# The file


def test_a_whole_draft_is_lodged_and_keeps_its_rules(draft: NqeProject, bearer: Actor, summer: Edition) -> None:
    assert missing(draft) == set()
    lodged = projects.lodge(bearer, draft.id)
    assert (lodged.state, lodged.ruleset_id) == ("submitted", summer.ruleset_id)


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda project: setattr(project, "theme_links", {}), "theme"),
        (lambda project: setattr(project, "delivery", ""), "collective"),
        (lambda project: setattr(project, "eco_scores", {}), "eco"),
        (lambda project: setattr(project, "is_free", None), "free"),
        (lambda project: setattr(project, "is_already_funded", True), "funded"),
        (lambda project: setattr(project, "programme", []), "highlights"),
        (lambda project: setattr(project, "organisation_id", None), "bearer"),
        (lambda project: setattr(project, "lines", project.lines[:2]), "budget-balanced"),
    ],
)
def test_what_is_missing_keeps_the_file_from_being_lodged(draft: NqeProject, bearer: Actor, change: Any, slug: str) -> None:
    services.write(bearer, draft.id, change)
    with pytest.raises(NotReady) as refused:
        projects.lodge(bearer, draft.id)
    assert slug in {found.slug for found in refused.value.findings}


def test_a_partner_counts_once_it_said_yes(draft: NqeProject, bearer: Actor) -> None:
    services.set_agreement(bearer, draft.id, draft.partners[0].id, has_agreed=False)
    assert missing(draft) == {"collective"}
    services.remove_partner(bearer, draft.id, draft.partners[0].id)
    services.add_partner(bearer, draft.id, name="La bibliothèque", role="", has_agreed=True)
    assert missing(draft) == set()
    with pytest.raises(Invalid):
        services.add_partner(bearer, draft.id, name="LA BIBLIOTHÈQUE", role="", has_agreed=True)


def test_a_single_quarter_is_enough_only_where_there_is_no_other(draft: NqeProject, bearer: Actor, quarters: list[Perimeter]) -> None:
    services.remove_quarter(bearer, draft.id, quarters[1].id)
    assert missing(draft) == {"quarters"}
    alone = factories.priority_quarter("QN06001M", "Le Nouveau Monde", "60463", "246000764")
    services.add_quarter(bearer, draft.id, alone.id)
    event = draft.programme[0]
    factories.nqe_date(bearer, draft.id, event.id, perimeter_id=alone.id)
    services.remove_quarter(bearer, draft.id, quarters[0].id)
    assert missing(draft) == set()


def test_a_quarter_of_the_programme_stays(draft: NqeProject, bearer: Actor, quarters: list[Perimeter]) -> None:
    with pytest.raises(Invalid):
        services.remove_quarter(bearer, draft.id, quarters[0].id)


def test_a_whole_commune_is_not_a_quarter(draft: NqeProject, bearer: Actor, quarters: list[Perimeter]) -> None:
    with transaction():
        quarters[1].kind = "commune"
    for number in (quarters[1].id, 999_999):
        with pytest.raises(Invalid):
            services.add_quarter(bearer, draft.id, number)


def test_the_programme_gives_the_project_its_days(draft: NqeProject, bearer: Actor) -> None:
    factories.nqe_date(bearer, draft.id, on=date(2027, 8, 1))
    assert (draft.starts_on, draft.ends_on) == (date(2027, 7, 3), date(2027, 8, 1))
    services.remove_date(bearer, draft.id, draft.programme[0].id)
    assert (draft.starts_on, draft.ends_on) == (date(2027, 8, 1), date(2027, 8, 1))


def test_a_date_outside_the_season_is_kept_but_not_lodged(draft: NqeProject, bearer: Actor) -> None:
    factories.nqe_date(bearer, draft.id, on=date(2027, 10, 1))
    assert missing(draft) == {"season"}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends_at": time(13)}, "ends_at"),
        ({"perimeter_id": 999_999}, "perimeter_id"),
        ({"lon": 2.3}, "lat"),
    ],
)
def test_an_odd_date_is_refused(draft: NqeProject, bearer: Actor, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        factories.nqe_date(bearer, draft.id, **values)
    assert refused.value.field == field
    assert len(draft.programme) == 1


def test_the_date_of_another_project_cannot_be_written(draft: NqeProject, summer: Edition, bearer: Actor, quarters: list[Perimeter]) -> None:
    other = factories.nqe_draft(summer, quarters=quarters, title="Un été ailleurs")
    theirs = other.programme[0]
    with pytest.raises(AssertionError):
        factories.nqe_date(bearer, draft.id, theirs.id, title="Pris")
    services.remove_date(bearer, draft.id, theirs.id)
    assert db.session.get_one(ProgrammeEvent, theirs.id).title == "La fête de l’eau"


def test_a_stranger_writes_nothing(draft: NqeProject, officer: Actor) -> None:
    for who in (factories.actor(factories.person()), officer):
        with pytest.raises(Forbidden):
            factories.nqe_date(who, draft.id)


def test_a_lodged_file_is_not_written_any_more(draft: NqeProject, bearer: Actor) -> None:
    projects.lodge(bearer, draft.id)
    with pytest.raises(NotNow):
        services.add_partner(bearer, draft.id, name="X", role="", has_agreed=True)


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


def test_the_cap_of_the_rules_holds_for_the_request_and_the_grant(officer: Actor, bearer: Actor, quarters: list[Perimeter]) -> None:
    draft = factories.nqe_draft(factories.edition(officer, max_amount_cents=6_999_99), bearer, quarters=quarters)
    assert missing(draft) == {"cap"}


def test_the_envelope_is_never_exceeded(officer: Actor, bearer: Actor, quarters: list[Perimeter]) -> None:
    draft = factories.nqe_draft(factories.edition(officer, envelope_cents=4_999_99), bearer, quarters=quarters)
    with pytest.raises(Invalid, match="enveloppe"):
        factories.nqe_granted(draft, officer)


def test_a_refusal_says_why(draft: NqeProject, bearer: Actor, officer: Actor) -> None:
    projects.lodge(bearer, draft.id)
    projects.take(officer, draft.id, "admit")
    services.reject(officer, draft.id, reason="Les crédits sont épuisés.")
    assert (draft.state, draft.decisions[0].reason) == ("rejected", "Les crédits sont épuisés.")


def test_an_officer_who_bears_the_project_does_not_decide_it(summer: Edition, quarters: list[Perimeter], officer: Actor) -> None:
    both = factories.actor(factories.region_officer())
    draft = factories.nqe_draft(summer, both, quarters=quarters)
    both = factories.actor_of(both.person_id) or both
    projects.lodge(both, draft.id)
    with pytest.raises(Forbidden):
        projects.take(both, draft.id, "admit")
    projects.take(officer, draft.id, "admit")
    with pytest.raises(Forbidden):
        services.grant(both, draft.id, amount_cents=1_00, reason="Pour moi.", act_reference="CP")


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
    usual = {"on": event.on, "starts_at": event.starts_at, "ends_at": event.ends_at, "place": event.place, "note": "Orage annoncé."}
    services.move_date(actor, project.id, event.id, **usual | values)
    return event


def test_a_moved_date_keeps_where_it_stood_and_tells_who_follows(granted: NqeProject, bearer: Actor) -> None:
    follower = factories.person()
    projects.follow(factories.actor(follower), granted.id, is_following=True)
    event = moved(bearer, granted, on=date(2027, 7, 10))
    assert (event.status, event.on, event.planned_on, event.planned_at) == ("moved", date(2027, 7, 10), date(2027, 7, 3), time(14))
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


def test_the_date_of_another_project_does_not_move(granted: NqeProject, bearer: Actor, summer: Edition, quarters: list[Perimeter], officer: Actor) -> None:
    other = factories.nqe_granted(factories.nqe_draft(summer, quarters=quarters, title="Ailleurs"), officer)
    with pytest.raises(Forbidden):
        services.cancel_date(bearer, granted.id, other.programme[0].id, note="Non.")
    assert other.programme[0].status == "planned"
