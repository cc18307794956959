"""A small region for the tests of what is published: two communes, quarters, funds, and projects in any state.

Rows are written as the services leave them: what is tested here is reading, on many rows; how a state is reached is
tested with each scheme.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.ftu.models import Campaign, CampaignPhase, FtuFund, FtuProject
from citizen.funds import services as funds
from citizen.funds.models import Call
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.words import plain, slug
from citizen.nqe.models import Edition, NqeFund, NqeProject, project_quarter
from citizen.people.models import Organisation, Person
from citizen.places.contract_models import CityContract, RenewalSite, Signatory
from citizen.places.models import Commune, Perimeter
from citizen.projects.models import Project, TeamMember
from citizen.projects.reports import FinalReport
from citizen.region.hive_models import Publication

BEARER, MEMBER, GROUP = "Zoé Porteuse-Secrète", "Ali Membre-Secret", "Famille Groupe-Secret"
EMAIL = "zoe.secrete@exemple.test"
SECRETS = (BEARER, MEMBER, GROUP, EMAIL, "Secret")


@dataclass
class Region:
    """What the projects of a test belong to."""

    person: int
    association: int
    group: int
    loos: str
    oliveaux: int
    nqe: Call
    ftu: Call

    def project(
        self, title: str = "Un été en fanfare", kind: type[Project] = NqeProject, *, is_published: bool = True, **values: Any
    ) -> Project:  # fmt: skip
        """A project of ``kind``; granted unless a state is given, and published when it is supported unless told."""
        call = self.ftu if kind is FtuProject else self.nqe
        now = clock.now()
        given: dict[str, Any] = {
            "state": "granted", "summary": "De la musique.", "themes": ["Culture"], "bearer_id": self.person,
            "organisation_id": self.association, "call_id": call.id, "ruleset_id": call.ruleset_id, "commune_code": self.loos,
            "perimeter_id": self.oliveaux, "created_at": now, "changed_at": now, "lodged_at": now, "requested_cents": 90000,
        } | values  # fmt: skip
        if given["state"] in ("granted", "report_submitted", "closed", "cancelled"):
            given = {"granted_cents": 80050, "decided_on": clock.today()} | given
        if given["state"] in ("draft", "withdrawn"):
            given = {"is_public": False} | given
        with transaction():
            project = kind(title=title, search_text=plain(title), **given)
            project.team = [TeamMember(name=MEMBER, household=1)]
            db.session.add(project)
            db.session.flush()
            if is_published and project.where_it_stands.is_supported:
                publish(project, self.person)
        return project


def contract(title: str, *codes: str, state: str = "published") -> CityContract:
    """A city contract on these quarters, with a signatory and, on its first quarter, a renewal site."""
    with transaction():
        quarters = list(db.session.scalars(select(Perimeter).where(Perimeter.code.in_(codes)).order_by(Perimeter.id)))
        made = CityContract(
            slug=slug(title), title=title, search_name=plain(title), state=state, starts_on=date(2024, 1, 1), perimeters=quarters,
            signatories=[
                Signatory(name="Bailleur du Nord", kind="landlord"),
                Signatory(name="Préfecture", kind="state", signed_on=date(2024, 3, 1)),
            ],
            renewal_sites=[RenewalSite(name="Grand Sud", kind="national", perimeters=quarters[:1])],
        )  # fmt: skip
        db.session.add(made)
    return made


def publish(project: Project, person_id: int) -> None:
    """The Region shows it."""
    checked = dict.fromkeys(("has_consents", "names_region", "is_reread"), True)
    with transaction():
        project.published_at = clock.now()
        db.session.add(
            Publication(
                project_id=project.id, summary=project.summary, published_at=clock.now(), published_by=person_id, **checked
            )
        )  # fmt: skip


def report(project: Project, participants: int, volunteers: int = 0) -> None:
    """The final report of a project."""
    with transaction():
        db.session.add(
            FinalReport(
                project_id=project.id, story="Une belle fête.", participants=participants, volunteers=volunteers,
                actual_cost_cents=1, sent_at=clock.now(),
            )
        )  # fmt: skip


def _square(lon: float, lat: float) -> list[Any]:
    ring = [[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat + 0.01], [lon, lat]]
    return [[ring]]


def perimeter(code: str, name: str, communes: list[Commune], **values: Any) -> Perimeter:
    """A quarter in force since 2024 unless told."""
    given: dict[str, Any] = {
        "kind": "priority", "version": "2024", "valid_from": date(2024, 1, 1), "departement": communes[0].departement,
        "population": 6200, "lon": 3.005, "lat": 50.615, "outline": _square(3.0, 50.61),
    } | values  # fmt: skip
    return Perimeter(code=code, name=name, search_name=plain(name), communes=communes, **given)


def region() -> Region:
    """Loos (Nord) with its quarter Les Oliveaux, Amiens (Somme) with Étouvie, and an open call of the FTU and of NQE."""
    now, today = clock.now(), clock.today()
    with transaction():
        person = Person(email=EMAIL, name=BEARER, password_hash="!", verified_at=now, created_at=now)
        region_, association, group, town = (
            Organisation(kind=kind, name=name, created_at=now)
            for kind, name in (
                ("region", "La Région"),
                ("association", "Les Cuivres"),
                ("group", GROUP),
                ("commune", "Ville de Loos"),
            )
        )
        loos = Commune(code="59360", name="Loos", search_name="loos", departement="59", population=22000)
        amiens = Commune(code="80021", name="Amiens", search_name="amiens", departement="80", population=134000)
        oliveaux = perimeter("QN05946M", "Les Oliveaux", [loos])
        former = perimeter(
            "QP059061", "Les Oliveaux", [loos], version="2014", valid_from=date(2015, 1, 1), valid_until=date(2023, 12, 31)
        )
        etouvie = perimeter("QN08001M", "Étouvie", [amiens], lon=2.25, lat=49.91, outline=_square(2.24, 49.9))
        db.session.add_all([person, region_, association, group, town, loos, amiens, oliveaux, former, etouvie])
    admin = Actor(person.id, "", frozenset({(Role.ADMINISTRATOR, "platform"), (Role.REGION_OFFICER, REGION)}))
    act: dict[str, Any] = {"adopted_on": date(2026, 1, 1), "act_reference": "2026-01"}
    summer = funds.create_fund(admin, NqeFund, slug="nqe", title="L’été de la Région", organisation_id=region_.id, **act)
    works = funds.create_fund(
        admin, FtuFund, slug="ftu-loos", title="Travaux de Loos", organisation_id=town.id, commune_code="59360", **act
    )
    officer = Actor(person.id, "", frozenset({(Role.COMMUNE_OFFICER, works.on)}))
    soon = today + timedelta(days=20)
    edition = funds.open_call(
        admin, Edition, summer.id, title="Été 2027", opens_on=today, closes_on=soon, envelope_cents=100_000_00, year=2027,
        theme_title="Les fanfares", season_starts_on=date(2027, 6, 21), season_ends_on=date(2027, 9, 20),
    )  # fmt: skip
    campaign = funds.open_call(
        officer, Campaign, works.id, title="Campagne 2027", opens_on=today, closes_on=soon, envelope_cents=50_000_00,
        phases=[CampaignPhase(kind="vote", first_on=soon, last_on=soon)],
    )  # fmt: skip
    return Region(person.id, association.id, group.id, "59360", oliveaux.id, edition, campaign)


def many(place: Region, count: int) -> Iterator[Project]:
    """Supported projects of two schemes, by an association, by a group, by somebody alone."""
    bearers = (place.association, place.group, None)
    for number in range(count):
        kind = (NqeProject, FtuProject)[number % 2]
        yield place.project(f"Projet {number}", kind, organisation_id=bearers[number % 3], lon=3.0061234, lat=50.6151234)


def visits(project: Project, quarter_code: str) -> None:
    """A summer project also happens in this quarter."""
    quarter = db.session.scalars(db.select(Perimeter).where(Perimeter.code == quarter_code)).one()
    with transaction():
        db.session.execute(db.insert(project_quarter).values(project_id=project.id, perimeter_id=quarter.id))
