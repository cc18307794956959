"""Envelopes above the calls, and those who keep them."""

from datetime import date

from citizen.funds import envelopes
from citizen.funds.envelope_models import Envelope
from citizen.funds.models import Call
from citizen.kernel.access import REGION, Actor, Role
from tests import factories


def region_officer() -> Actor:
    return factories.actor(factories.person(duties=[(Role.REGION_OFFICER, REGION)]))


def regional(cents: int = 100_000_00, *, scheme: str = "pic", year: int = 2027, actor: Actor | None = None) -> Envelope:
    """The Region's envelope of a scheme and a year, voted in January."""
    return envelopes.open_envelope(
        actor or region_officer(), scheme=scheme, year=year, title=f"{scheme.upper()} {year}, Région",
        act_reference="Délibération 2027.00012", adopted_on=date(2027, 1, 28), amount_cents=cents,
    )  # fmt: skip


def part(above: Envelope, cents: int, *, title: str = "Métropole de Lille", actor: Actor | None = None) -> Envelope:
    return envelopes.open_envelope(
        actor or region_officer(), parent_id=above.id, title=title, act_reference="CP 2027.00120",
        adopted_on=date(2027, 2, 11), amount_cents=cents,
    )  # fmt: skip


def under(above: Envelope, cents: int = 0) -> Call:
    """A fund's year under the envelope, that had 10,000 euros and is allotted ``cents``."""
    region, call = region_officer(), factories.pic_call()
    envelopes.attach(region, above.id, call.id)
    if cents:
        envelopes.allot(region, above.id, envelopes.key_of(call), cents, act_reference="CP 2027.00121")
    return call


def approved(giver: Actor, taker: Actor, ends: tuple[str, str], cents: int) -> None:
    """One offers, the other accepts."""
    asked = envelopes.propose(giver, *ends, cents, act_reference="CP 2027.00300", reason="Un fonds manque, l’autre a trop.")
    envelopes.decide(taker, asked.id, is_approved=True)
