"""People and things that tests need, made by calling the services."""

import io
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from citizen import clock
from citizen.committees import services as committees
from citizen.committees import sitting
from citizen.committees.models import Session as CommitteeSession
from citizen.db import db, transaction
from citizen.funds import services as funds
from citizen.funds.models import Fund
from citizen.kernel.access import NOBODY, PLATFORM, REGION, Actor, Role
from citizen.people import organisations, passwords, services
from citizen.people.models import Organisation, Person
from citizen.people.signing import actor_of
from citizen.pic.models import PicCall, PicFund, PicProject
from citizen.pic.terms import THEMES_2024_2030
from citizen.places.models import Commune, Perimeter
from citizen.projects import reporting
from citizen.projects import services as projects
from citizen.projects.models import BudgetLine, Project, TeamMember
from citizen.region import hive
from citizen.region.hive_models import Publication

PASSWORD = "le pain de la ducasse"
_numbers = count(1)


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def person(
    email: str | None = None, name: str | None = None, *, verified: bool = True, duties: list[tuple[Role, str]] | None = None,
    demo_role: str | None = None,
) -> Person:  # fmt: skip
    """An account whose password is PASSWORD, with its duties."""
    number = next(_numbers)
    email, name = email or f"personne-{number}@exemple.fr", name or f"Personne {number}"
    made = services.create_person(email, name, is_verified=verified, demo_role=demo_role, password_hash=_password_hash())
    for role, on in duties or []:
        services.give_duty(NOBODY, made.id, role, on)
    return made


def actor(who: Person) -> Actor:
    """The person as services see them, with the duties held now."""
    found = actor_of(who.id)
    assert found is not None
    return found


def administrator() -> Actor:
    """Somebody who runs the platform."""
    return actor(person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))


def organisation(
    creator: Actor | None = None, *, kind: str = "group", name: str = "", rna: str = "", siret: str = ""
) -> Organisation:
    """A resident group unless told otherwise; public bodies are made by an administrator."""
    number = next(_numbers)
    if kind == "association" and not (rna or siret):
        rna = f"W{number % 10}9{number:07d}"
    creator = creator or (actor(person()) if kind in ("group", "association") else administrator())
    return organisations.create(creator, kind, name or f"Organisation {number}", rna=rna, siret=siret)


def login(client: FlaskClient, who: Person) -> None:
    """Signs the person in, in this browser; « client » keeps the cookie."""
    answer = client.post("/connexion", data={"email": who.email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


# --- PIC: a fund, its year, and files that a team of three homes wrote whole ---

QUOTE = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PIC_ANSWERS = {
    "task_sharing": "Awa demande les devis, Luc fait les affiches, Nour tient le budget.",
    "learning": "Tenir un budget et parler devant un comité.",
    "is_first_project": True,
    "help_received": "Le centre social prête une salle.",
    "is_open_to_all": True,
    "price_cents": 0,
    "publicity": "Affiches à l’école, au marché et dans les halls.",
    "accessibility": "Le square est de plain-pied, une place est gardée.",
    "is_anyone_paid": False,
    "need_spotted": "En faisant du porte-à-porte dans la résidence.",
    "need_evidence": "Quarante voisins sur cinquante l’ont demandé.",
    "why_now": "Les familles partent en juillet, la fête se tient en mai.",
}


def pic_quarter(name: str = "Les Oliveaux") -> Perimeter:
    """A priority quarter of a commune of its own."""
    number = next(_numbers)
    with transaction():
        commune = Commune(code=f"59{number:03d}", name=f"Ville {number}", search_name=f"ville {number}", departement="59")
        found = Perimeter(
            code=f"QN059{number:03d}M", name=name, search_name=name.lower(), kind="priority", version="2024",
            valid_from=date(2024, 1, 1), departement="59", communes=[commune],
        )  # fmt: skip
        db.session.add(found)
    return found


def pic_fund(**terms: Any) -> PicFund:
    """A fund of an association on one quarter, with its first rules."""
    place, keeper = pic_quarter(), organisation(kind="association")
    return funds.create_fund(
        administrator(), PicFund, title=f"Fonds PIC {next(_numbers)}", organisation_id=keeper.id, perimeter_ids=[place.id],
        commune_code=place.communes[0].code, terms=terms, adopted_on=date(2027, 1, 4), act_reference="AG du 4 janvier 2027",
    )  # fmt: skip


def manager_of(fund: Fund) -> Actor:
    """Somebody who manages the fund."""
    return actor(person(duties=[(Role.FUND_MANAGER, fund.on)]))


def committee_member_of(fund: Fund) -> Actor:
    """Somebody of the fund's committee."""
    return actor(person(duties=[(Role.COMMITTEE_MEMBER, fund.on)]))


def pic_call(fund: PicFund | None = None, *, envelope_cents: int = 10_000_00) -> PicCall:
    """The fund's year, open from January to December 2027."""
    fund = fund or pic_fund()
    return funds.open_call(
        manager_of(fund), PicCall, fund.id, title="Année 2027", opens_on=date(2027, 1, 1), closes_on=date(2027, 12, 31),
        envelope_cents=envelope_cents,
    )  # fmt: skip


def pic_draft(call: PicCall | None = None, bearer: Actor | None = None, *, cents: int = 600_00, **changes: Any) -> PicProject:
    """A file with nothing missing; ``changes`` are columns written last."""
    call = call or pic_call()
    bearer = bearer or actor(person())
    place = call.fund.perimeters[0]
    idea = projects.propose(
        bearer, title="La fête des voisins du square", summary="Un après-midi de jeux et de musique, ouvert à tous."
    )
    projects.orient(bearer, idea.id, PicProject, call.id)

    def write(project: Project) -> None:
        project.description = (
            "Un samedi de mai, les habitants installent des jeux, une scène et un grand goûter sur le square du quartier."
        )
        project.themes = [THEMES_2024_2030[3]]
        project.starts_on = project.ends_on = clock.today() + timedelta(days=60)
        projects.put(project, place.communes[0].code, place.id, place="Le square", lon=None, lat=None)
        for home, name in enumerate(("Awa", "Luc", "Nour"), start=1):
            is_first = home == 1
            person_id = project.bearer_id if is_first else None
            project.team.append(TeamMember(name=name, household=home, is_presenter=is_first, person_id=person_id))
        project.lines.append(BudgetLine(side="expense", nature="operating", label="Location de jeux", amount_cents=cents))
        project.lines.append(BudgetLine(side="income", nature="grant", label="Aide du fonds", amount_cents=cents))
        for name, value in (PIC_ANSWERS | changes).items():
            setattr(project, name, value)

    projects.edit(bearer, idea.id, write)
    reporting.attach(bearer, idea.id, kind="quote", caption="", stream=io.BytesIO(QUOTE), filename="devis.pdf")
    return db.session.get_one(PicProject, idea.id)


def pic_lodged(call: PicCall | None = None, bearer: Actor | None = None, **values: Any) -> PicProject:
    """A file lodged by its bearer."""
    bearer = bearer or actor(person())
    projects.lodge(bearer, pic_draft(call, bearer, **values).id)
    return db.session.scalars(select(PicProject).order_by(PicProject.id.desc()).limit(1)).one()


def pic_admissible(call: PicCall | None = None, bearer: Actor | None = None, **values: Any) -> PicProject:
    """A file that the fund's manager found admissible."""
    project = pic_lodged(call, bearer, **values)
    assert project.call is not None
    projects.take(manager_of(project.call.fund), project.id, "admit")
    return project


def pic_session(fund: Fund, *, days: int = 20) -> CommitteeSession:
    """A session of the fund's committee, ``days`` from today at six in the evening."""
    held_at = datetime.combine(clock.today() + timedelta(days=days), time(18), clock.LOCAL)
    return committees.schedule(manager_of(fund), fund.id, held_at=held_at, place="Maison de quartier")


def pic_inscribed(call: PicCall | None = None, session: CommitteeSession | None = None, **values: Any) -> PicProject:
    """An admissible file on the agenda of a session."""
    project = pic_admissible(call, **values)
    assert project.call is not None
    session = session or pic_session(project.call.fund)
    committees.inscribe(manager_of(project.call.fund), session.id, project.id)
    return project


def pic_heard(call: PicCall | None = None, session: CommitteeSession | None = None, **values: Any) -> PicProject:
    """A file whose team was heard; what comes next happens inside ``in_session(project)``."""
    from tests import rooms  # which stands on this file

    project = pic_inscribed(call, session, **values)
    with in_session(project):
        assert project.call is not None and project.waiting is not None
        sitting.hear(rooms.opened(project.waiting.session), project.waiting.id, "present")
    return project


def in_session(project: PicProject) -> AbstractContextManager[None]:
    """Inside, it is the hour of the session before which the project waits."""
    assert project.waiting is not None
    return clock.at(project.waiting.session.held_at)


def pic_granted(call: PicCall | None = None, *, amount_cents: int = 500_00, **values: Any) -> PicProject:
    """A file granted by its committee."""
    from tests import rooms

    project = pic_inscribed(call, **values)
    rooms.decide(project, cents=amount_cents)
    return project


def published(project: Project, **sheet: Any) -> Publication:
    """What the Region shows of a supported project, its checklist answered."""
    officer = actor(person(duties=[(Role.REGION_OFFICER, REGION)]))
    answers = {"summary": project.summary, "has_consents": True, "names_region": True, "is_reread": True}
    return hive.publish(officer, project.id, hive.Sheet(**answers | sheet))
