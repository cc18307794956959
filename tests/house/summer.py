"""Who may open the pages of the summer, told from the rows of the street, and the links that it mails."""

import re
from typing import Any

from sqlalchemy import select

from citizen.db import db
from citizen.kernel.access import Actor, Role
from citizen.mail.models import Letter
from citizen.nqe import registration
from citizen.nqe.models import NqeProject
from citizen.nqe.registration_models import Equipment

NO, ABSENT, YES = {403}, {404}, {200, 302, 303}


def lends(actor: Actor, values: dict[str, Any]) -> set[int]:
    """Who speaks for the organisation that lends it."""
    thing = db.session.get(Equipment, values["number"])
    if thing is None:
        return ABSENT
    return YES if (Role.ORGANISATION_MEMBER, f"organisation:{thing.organisation_id}") in actor.duties else NO


SUMMERS = {"programme.change_thing": lends}
# Forms that show at some moments, or to some people, only.
_DAYS = {"first": ("date", ("2027-07-03",)), "last": ("date", ("2027-07-04",))}
POSTED: dict[str, tuple[str, dict[str, tuple[str, tuple[str, ...]]]]] = {
    "programme.settle_file": ("writer", {}),
    "programme.withdraw": ("president", {}),
    "programme.give_back": ("president", {"project": ("hidden", ("1",)), **_DAYS}),
    "programme.thing": ("writer", {"project": ("select", ("1",)), "quantity": ("text", ("1",)), **_DAYS}),
    "programme.lend": ("president", {
        "organisation": ("select", ("1",)), "kind": ("select", ("tent",)), "label": ("text", ("Tente",)), "quantity": ("text", ("2",)),
        "place": ("text", ("Ici",)), "conditions": ("textarea", ("",)),
    }),
    "editions.copy": ("region", {}),
}  # fmt: skip


def links(writer: Actor, region: Actor) -> dict[str, str]:
    """A partner of the writer's draft, and a commune about the writer's file that the Region reads, have not answered yet."""
    mine = select(NqeProject).where(NqeProject.bearer_id == writer.person_id).order_by(NqeProject.id)
    draft, read = (db.session.scalars(mine.where(NqeProject.state == state)).first() for state in ("draft", "admissible"))
    assert draft is not None and read is not None
    registration.ask_partner(writer, draft.id, draft.partners[0].id, "partenaire@exemple.fr")
    due = read.edition.season_starts_on if read.edition else read.created_at.date()
    registration.ask_opinion(region, read.id, level="commune", body="Lille", email="mairie@exemple.fr", due_on=due)
    return {
        "registration.partner": mailed_token("partenaire@exemple.fr", "partenariat"),
        "registration.opinion": mailed_token("mairie@exemple.fr", "avis"),
    }


def mailed_token(email: str, page: str) -> str:
    """The token of the newest link of this kind sent to this address."""
    body = db.session.scalars(select(Letter.body).where(Letter.to == email).order_by(Letter.id.desc())).first() or ""
    found = re.search(rf"/nqe/{page}/(\S+)", body)
    assert found, body
    return found[1]
