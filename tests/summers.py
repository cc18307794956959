"""Summers that tests need: quarters, the Region's edition, projects and their dates, made by calling the services."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from citizen.db import db, transaction
from citizen.funds import services as funds
from citizen.funds.models import Fund
from citizen.kernel.access import REGION, Actor, Role
from citizen.nqe import registration
from citizen.nqe import services as nqe_services
from citizen.nqe.eco_grid import eco_lines
from citizen.nqe.models import Edition, NqeFund, NqeProject, ProgrammeEvent
from citizen.nqe.registration_models import Reading
from citizen.people.models import Person
from citizen.people.signing import actor_of
from citizen.places.models import Commune, Intermunicipality, Perimeter
from citizen.places.rules import searchable
from citizen.projects import services as projects
from citizen.projects.models import BudgetLine
from tests.factories import actor, administrator, organisation, person


def priority_quarter(code: str, name: str, commune: str, siren: str) -> Perimeter:
    """A priority quarter of 2024, its commune and intermunicipality made when missing; no service makes a single one."""
    with transaction():
        town = db.session.get(Commune, commune) or Commune(
            code=commune, name=f"Commune {commune}", search_name=f"commune {commune}", departement=commune[:2],
            intermunicipality=db.session.get(Intermunicipality, siren)
            or Intermunicipality(siren=siren, name=f"Agglomération {siren}"),
        )  # fmt: skip
        made = Perimeter(
            code=code, name=name, search_name=searchable(name), kind="priority", version="2024", valid_from=date(2024, 1, 1),
            departement=commune[:2], communes=[town], intermunicipalities=[town.intermunicipality],
        )  # fmt: skip
        db.session.add(made)
    return made


def region_officer() -> Person:
    """Somebody of the Region's service."""
    return person(duties=[(Role.REGION_OFFICER, REGION)])


def summer_fund(*, year: int = 2027, **terms: Any) -> Fund:
    """The Region's fund for the summer, deciding without a session, under rules where only ``terms`` differ."""
    return funds.create_fund(
        administrator(), NqeFund, slug=f"nqe-{year}", title="Nos quartiers d’été", organisation_id=organisation(kind="region").id,
        terms={"is_decided_by_committee": False} | terms, adopted_on=date(year, 1, 1), act_reference="CP 2027-01",
    )  # fmt: skip


def edition(officer: Actor | None = None, *, year: int = 2027, envelope_cents: int = 1_000_000_00, **terms: Any) -> Edition:
    """The summer of ``year``, open for lodging from 1 January to 30 April, under rules where only ``terms`` differ."""
    fund = summer_fund(year=year, **terms)
    return nqe_services.open_edition(
        officer or actor(region_officer()), fund.id, year=year, theme_title="L’eau", theme_text="L’eau, bien commun.",
        axes=["Sport", "Partage"], season_starts_on=date(year, 6, 21), season_ends_on=date(year, 9, 20),
        opens_on=date(year, 1, 1), closes_on=date(year, 4, 30), envelope_cents=envelope_cents,
    )  # fmt: skip


def nqe_draft(
    summer: Edition, bearer: Actor | None = None, *, quarters: Iterable[Perimeter], title: str = "Un été à Étouvie"
) -> NqeProject:
    """A draft that answers every article of the rules, with one highlight on 3 July at 14:00."""
    bearer = bearer or actor(person())
    lead, places = organisation(bearer, kind="association"), list(quarters)
    project_id = projects.propose(
        bearer, title=title, summary="Dix rendez-vous au pied des immeubles.", organisation_id=lead.id,
        description="Des jeux, un cinéma en plein air, un grand repas, avec les habitants de deux quartiers, tout l’été durant.",
    ).id  # fmt: skip
    projects.orient(bearer, project_id, NqeProject, summer.id)

    def answer(project: Any) -> None:
        project.theme_links = {"Partage": "Une fontaine de quartier."}
        project.design, project.delivery, project.evaluation = "Un comité.", "Des bénévoles.", "Un questionnaire."
        project.eco_scores = {line.title: 1 for line in eco_lines(project.terms.eco_grid)}
        project.is_free, project.is_already_funded, project.steering_residents = True, False, 6
        project.lines = [
            BudgetLine(side="expense", nature="operating", label="Scène", amount_cents=9_000_00),
            BudgetLine(side="income", nature="grant", label="Région", amount_cents=7_000_00),
            BudgetLine(side="income", nature="own", label="Association", amount_cents=2_000_00),
        ]

    nqe_services.write(bearer, project_id, answer)
    for name in ("Centre social", "Club de foot"):
        registration.add_partner(bearer, project_id, name=name, role="Anime", has_agreed=True)
    for place in places:
        nqe_services.add_quarter(bearer, project_id, place.id)
    nqe_date(bearer, project_id, is_highlight=True, perimeter_id=places[0].id)
    return db.session.get_one(NqeProject, project_id)


def nqe_date(bearer: Actor, project_id: int, event_id: int | None = None, **values: Any) -> ProgrammeEvent:
    """One date of a programme, on 3 July 2027 from 14:00 to 18:00 unless told otherwise."""
    usual = {
        "title": "La fête de l’eau", "on": date(2027, 7, 3), "starts_at": time(14), "ends_at": time(18),
        "place": "Place du Pays d’Auge", "kind": "culture",
    }  # fmt: skip
    event = nqe_services.write_date(bearer, project_id, event_id, **usual | values)
    assert event is not None
    return event


def nqe_admitted(project: NqeProject, officer: Actor) -> NqeProject:
    """The same project lodged by its bearer, and admitted."""
    bearer = actor_of(project.bearer_id)
    assert bearer is not None
    projects.lodge(bearer, project.id)
    projects.take(officer, project.id, "admit")
    return project


def nqe_read(project: NqeProject, officer: Actor, *, mark: str = "convincing") -> NqeProject:
    """The same project with each line of the Region's grid marked."""
    marks = {line: {"mark": mark, "words": ""} for line in project.terms.reading_grid}
    seen = registration.stamp(db.session.get(Reading, project.id))
    registration.instruct(officer, project.id, seen=seen, officer_id=officer.person_id, marks=marks, words="Un bel été.")
    return project


def nqe_granted(project: NqeProject, officer: Actor | None = None, *, amount_cents: int = 5_000_00) -> NqeProject:
    """The same project lodged by its bearer, admitted and granted by the Region."""
    officer = officer or actor(region_officer())
    nqe_admitted(project, officer)
    nqe_services.grant(officer, project.id, amount_cents=amount_cents, reason="Un été complet.", act_reference="CP 2027-118")
    return db.session.get_one(NqeProject, project.id)
