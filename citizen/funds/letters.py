"""Letters to those who keep an envelope."""

from flask_babel import gettext as _
from sqlalchemy import select

from citizen.db import db
from citizen.funds.envelope_models import Envelope, EnvelopeTransfer, Node
from citizen.funds.models import Fund
from citizen.mail import services as mail
from citizen.people.links import address
from citizen.people.models import Duty, Person


def keepers_of(kept: Fund | Envelope) -> list[Person]:
    """Who keeps it and can be written to."""
    held = select(Duty.person_id).where(Duty.role.in_(kept.keepers), Duty.on.in_(kept.targets))
    reachable = (Person.verified_at.is_not(None), Person.is_suspended.is_(False))
    return list(db.session.scalars(select(Person).where(Person.id.in_(held), *reachable).order_by(Person.id)))


def ask_transfer(asked: EnvelopeTransfer) -> None:
    """Tells the other side that its word is awaited."""
    _write(asked, asked.awaited, _("Un virement entre enveloppes attend votre réponse"), but=asked.proposed_by)


def tell_transfer(asked: EnvelopeTransfer) -> None:
    """Tells the side that proposed what was answered."""
    mine = asked.giver if asked.side == "giver" else asked.taker
    subject = _("Votre virement est accepté") if asked.state == "approved" else _("Votre virement est refusé")
    _write(asked, mine, subject, but=asked.decided_by)


def _write(asked: EnvelopeTransfer, node: Node, subject: str, *, but: int | None) -> None:
    if mail.is_quiet():
        return
    url = address("envelopes.transfer", transfer_id=asked.id)
    for person in keepers_of(node.kept):
        if person.id != but:
            mail.write(person.email, subject, "transfer", person=person, asked=asked, url=url)
