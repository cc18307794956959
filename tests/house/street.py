"""A lively site that tests look at and never wear out: the small demonstration, and what it lacks to open every page."""

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from citizen import clock
from citizen.ballots import paper
from citizen.ballots import services as ballots
from citizen.ballots.models import Poll
from citizen.ballots.rules import Moment
from citizen.db import db, transaction
from citizen.demo.build import build_demonstration
from citizen.demo.people import PASSWORD as SHOWN_PASSWORD
from citizen.ftu import opinions, walks
from citizen.ftu import services as ftu
from citizen.ftu.models import FtuFund
from citizen.ftu.walks import Seen
from citizen.kernel.access import NOBODY, Actor, Role
from citizen.nqe import booking
from citizen.nqe import edition as nqe_edition
from citizen.nqe import services as nqe
from citizen.nqe.letters import token_of
from citizen.nqe.models import Edition
from citizen.nqe.season_models import Booking, EventFollower
from citizen.people import links
from citizen.people.models import Person
from citizen.people.queries import demo_accounts
from citizen.people.signing import actor_of
from citizen.pic.models import PicCall, PicProject
from citizen.places.models import Perimeter
from citizen.projects import joining, team
from citizen.projects import services as projects
from tests import factories, groups, summers, works
from tests.factories import person
from tests.house import summer

HERE, ELSEWHERE = "59360", "80021"  # two communes of the demonstration
ACCOUNTS = (
    "resident",
    "bearer",
    "helper",
    "president",
    "committee",
    "chair",
    "manager",
    "treasurer",
    "commune",
    "region",
    "administrator",
)


@dataclass
class Street:
    """The site, everybody by role with one browser each, and the mailed links that are still good."""

    app: Flask
    people: dict[str, int] = field(default_factory=dict)
    browsers: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """Who holds this role, with the duties held now; nobody for a visitor or somebody suspended."""
        return actor_of(self.people.get(role, 0)) or NOBODY


def build(app: Flask) -> Street:
    """Fills the empty database of ``app``, then opens a session for everybody."""
    build_demonstration(is_small=True)
    street = Street(app, dict(zip(ACCOUNTS, (account.id for account in demo_accounts()), strict=True)))
    elsewhere = [(Role.COMMUNE_OFFICER, f"commune:{ELSEWHERE}")]
    newcomers = {
        "nobody special": person(),
        "writer": person(),
        "other commune": person(duties=elsewhere),
        "suspended": person(duties=[(Role.ADMINISTRATOR, "platform")]),
        "unverified": person(verified=False),
    }
    street.people |= {role: who.id for role, who in newcomers.items()}
    _files_in_every_state(street)
    _votes(street)
    nqe_edition.copy_last(street.actor("region"))
    _letters(street)
    _sign_everybody_in(street)
    with transaction():
        db.session.get_one(Person, street.people["suspended"]).is_suspended = True
    return street


def _files_in_every_state(street: Street) -> None:
    """Works that wait for the commune, a summer that waits for the Region, and drafts of each scheme."""
    writer, commune, region = (street.actor(role) for role in ("writer", "commune", "region"))
    today, fund = clock.today(), db.session.scalars(select(FtuFund)).first()
    assert fund is not None
    quarter = db.session.scalars(select(Perimeter).where(Perimeter.communes.any(code=HERE))).first()
    assert quarter is not None
    campaign = ftu.open_campaign(
        commune, fund.id, title="Campagne de printemps", opens_on=today, closes_on=today + timedelta(days=20),
        envelope_cents=30_000_00, vote_opens_on=today + timedelta(days=40), vote_closes_on=today + timedelta(days=50), perimeter_ids=(),
    )  # fmt: skip
    place = {"perimeter_id": quarter.id}
    works.ftu_draft(campaign, writer, title="Un arbre", **place)
    works.ftu_lodged(campaign, writer, title="Une fontaine", **place)
    works.ftu_studied(campaign, commune, title="Un préau", **place)
    returned = works.ftu_lodged(campaign, writer, title="Une rampe", **place)
    projects.take(commune, returned.id, "ask_completion", reason="Où est-ce exactement ?")
    table = works.ftu_idea(campaign, writer, title="Une table", **place)
    due = today + timedelta(days=15)
    opinions.ask(commune, table.id, kind="service", name="Voirie", email="voirie@exemple.fr", due_on=due)
    for is_closed in (True, False):
        walk = walks.open_walk(commune, fund.id, perimeter_id=quarter.id, title="Marche du soir", held_on=today, people="")
        for kind in ("idea", "upkeep"):
            walks.add_point(commune, walk.id, Seen(kind, "Un banc manque.", "le marché"))
        if is_closed:
            walks.close(commune, walk.id)
            walks.offer(commune, walk.id, 1, email="voisine@exemple.fr")
    other = works.ftu_idea(campaign, street.actor("nobody special"), title="Deux tables", **place)
    joining.propose(street.actor("nobody special"), other.id, table.id, way="mine", words="Ensemble ?")

    edition = next(one for one in db.session.scalars(select(Edition)) if one.is_open(today))
    quarters = db.session.scalars(select(Perimeter).where(Perimeter.kind == "priority").limit(2)).all()
    summers.nqe_draft(edition, writer, quarters=quarters, title="Un été à nous")
    lodged = summers.nqe_draft(edition, writer, quarters=quarters, title="Un été à vous")
    axis = edition.theme_axes[0]
    nqe.write(writer, lodged.id, lambda project: setattr(project, "theme_links", {axis: "Une fontaine de quartier."}))
    projects.lodge(writer, lodged.id)
    projects.take(region, lodged.id, "admit")
    call = next(one for one in db.session.scalars(select(PicCall)) if one.is_open(today))
    factories.pic_draft(call, writer)
    projects.propose(writer, title="Une idée de plus", summary="Une boîte à livres devant l’école.")


def _votes(street: Street) -> None:
    """One voter has voted, another has chosen and not confirmed; a box waits for paper."""
    poll = next(one for one in db.session.scalars(select(Poll)) if one.moment(clock.now()) is Moment.OPEN)
    first = [poll.options[0].id]
    ballots.vote(street.actor("writer"), poll.id, first, is_eligible=True)
    ballots.keep_draft(street.actor("nobody special"), poll.id, first)
    paper.add_box(street.actor("commune"), poll.id, place="Mairie", held_on=clock.today())


def _letters(street: Street) -> None:
    """Links that were mailed and not used: to confirm an address, to choose a password, to join an organisation."""
    organisation = next(iter(street.actor("president").targets(Role.ORGANISATION_MEMBER))).split(":")[1]
    with transaction():
        street.tokens = {
            "people.verify": links.make(street.people["unverified"], links.VERIFY),
            "people.reset": links.make(street.people["resident"], links.RESET),
            "team.invitation": _team_invitation(street),
            "nqe.booking": token_of(db.session.scalars(select(Booking).order_by(Booking.id)).all()[0]),
            "nqe.following": token_of(_follower()),
            **summer.links(street.actor("writer"), street.actor("region")),
            "works.answer": "no works of the street are made long enough ago",
            "people.invitation": links.make(street.people["nobody special"], links.invitation(int(organisation))),
        }


def _follower() -> EventFollower:
    """Somebody asked to follow a date, and has not confirmed yet."""
    event_id = db.session.scalars(select(Booking.event_id).order_by(Booking.id)).all()[0]
    booking.follow(NOBODY, event_id, "curieuse@exemple.fr")
    return db.session.scalars(select(EventFollower)).one()


def _team_invitation(street: Street) -> str:
    """« writer » named somebody, and invited « nobody special »."""
    writer = street.actor("writer")
    draft = db.session.scalars(select(PicProject).where(PicProject.bearer_id == writer.person_id)).first()
    assert draft is not None
    email = db.session.get_one(Person, street.people["nobody special"]).email
    team.invite(writer, draft.id, draft.team[1].id, email)
    return groups.mailed_token(email)


def _sign_everybody_in(street: Street) -> None:
    """One browser for each role, by the sign-in page; the visitor's stays as it is."""
    street.browsers["visitor"] = street.app.test_client()
    for role, person_id in street.people.items():
        email, shown = db.session.execute(select(Person.email, Person.demo_role).where(Person.id == person_id)).one()
        street.browsers[role] = street.app.test_client()
        password = SHOWN_PASSWORD if shown else factories.PASSWORD
        with street.app.app_context():  # of its own: nobody else is at this keyboard
            answer = street.browsers[role].post("/connexion", data={"email": email, "password": password})
        assert answer.status_code == 303, role


def fingerprint(street: Street) -> dict[str, str]:
    """What each table holds, but for the sessions that people open."""
    with street.app.app_context():
        tables = [table.name for table in db.metadata.sorted_tables if table.name not in ("sign_in", "attempt")]
        rows = {name: sorted(map(repr, db.session.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}
    return {name: hashlib.sha256("\n".join(found).encode()).hexdigest() for name, found in rows.items()}
