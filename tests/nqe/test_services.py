"""The summer through its use cases: an edition, a programme, a decision, a date that changes."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import text

from citizen.db import db, transaction
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow, NotReady
from citizen.nqe import queries, registration, services
from citizen.nqe.models import Edition, NqeProject, ProgrammeEvent
from citizen.places.models import Perimeter
from citizen.projects import services as projects
from citizen.projects.queries import findings_for
from tests import factories, summers

OTHERS = {
    "theme_title": "Le vent", "theme_text": "", "axes": ["Jeux"], "envelope_cents": 1_00,
    "opens_on": date(2028, 1, 1), "closes_on": date(2028, 2, 3),
    "season_starts_on": date(2028, 6, 21), "season_ends_on": date(2028, 9, 20),
}  # fmt: skip


def missing(project: NqeProject, action: str = "lodge") -> set[str]:
    return {found.slug for found in findings_for(project, action) if not found.is_met}


# The edition


def test_an_edition_has_its_number_and_its_rules(summer: Edition) -> None:
    assert (summer.ordinal, summer.title) == (38, "Nos quartiers d’été 2027")
    assert summer.ruleset.terms["min_partners"] == 2
    assert queries.current_edition(date(2027, 3, 10)) is summer


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (
            {
                "year": 2027,
                "season_starts_on": date(2027, 6, 21),
                "season_ends_on": date(2027, 9, 1),
                "opens_on": date(2027, 1, 1),
                "closes_on": date(2027, 2, 1),
            },
            "year",
        ),
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
    registration.set_agreement(bearer, draft.id, draft.partners[0].id, has_agreed=False)
    assert missing(draft) == {"collective"}
    registration.remove_partner(bearer, draft.id, draft.partners[0].id)
    registration.add_partner(bearer, draft.id, name="La bibliothèque", role="", has_agreed=True)
    assert missing(draft) == set()
    with pytest.raises(Invalid):
        registration.add_partner(bearer, draft.id, name="LA BIBLIOTHÈQUE", role="", has_agreed=True)


def test_a_single_quarter_is_enough_only_where_there_is_no_other(
    draft: NqeProject, bearer: Actor, quarters: list[Perimeter]
) -> None:
    services.remove_quarter(bearer, draft.id, quarters[1].id)
    assert missing(draft) == {"quarters"}
    alone = summers.priority_quarter("QN06001M", "Le Nouveau Monde", "60463", "246000764")
    services.add_quarter(bearer, draft.id, alone.id)
    event = draft.programme[0]
    summers.nqe_date(bearer, draft.id, event.id, perimeter_id=alone.id)
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
    summers.nqe_date(bearer, draft.id, on=date(2027, 8, 1))
    assert (draft.starts_on, draft.ends_on) == (date(2027, 7, 3), date(2027, 8, 1))
    services.remove_date(bearer, draft.id, draft.programme[0].id)
    assert (draft.starts_on, draft.ends_on) == (date(2027, 8, 1), date(2027, 8, 1))


def test_a_date_outside_the_season_is_kept_but_not_lodged(draft: NqeProject, bearer: Actor) -> None:
    summers.nqe_date(bearer, draft.id, on=date(2027, 10, 1))
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
        summers.nqe_date(bearer, draft.id, **values)
    assert refused.value.field == field
    assert len(draft.programme) == 1


def test_the_date_of_another_project_cannot_be_written(
    draft: NqeProject, summer: Edition, bearer: Actor, quarters: list[Perimeter]
) -> None:
    other = summers.nqe_draft(summer, quarters=quarters, title="Un été ailleurs")
    theirs = other.programme[0]
    with pytest.raises(AssertionError):
        summers.nqe_date(bearer, draft.id, theirs.id, title="Pris")
    services.remove_date(bearer, draft.id, theirs.id)
    assert db.session.get_one(ProgrammeEvent, theirs.id).title == "La fête de l’eau"


def test_a_stranger_writes_nothing(draft: NqeProject, officer: Actor) -> None:
    for who in (factories.actor(factories.person()), officer):
        with pytest.raises(Forbidden):
            summers.nqe_date(who, draft.id)


def test_a_lodged_file_is_not_written_any_more(draft: NqeProject, bearer: Actor) -> None:
    projects.lodge(bearer, draft.id)
    with pytest.raises(NotNow):
        registration.add_partner(bearer, draft.id, name="X", role="", has_agreed=True)
