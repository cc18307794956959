"""The accounts of an envelope, and between which of them each kind of entry moves money (standard library only).

Money comes in from the funders and is available; it is reserved for a file, promised to a project, paid to its bearer; what
was paid and will not be used is owed until it comes back. At any moment an envelope is what is in the accounts it holds.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from enum import StrEnum

from citizen.kernel.words import N_


class Account(StrEnum):
    FUNDERS = "funders"
    ELSEWHERE = "elsewhere"  # another envelope
    AVAILABLE = "available"
    RESERVED = "reserved"
    PROMISED = "promised"
    PAID = "paid"
    OWED = "owed"  # paid, and to be given back by the bearer


A = Account
MOVES: dict[str, tuple[Account, Account]] = {
    "opening": (A.FUNDERS, A.AVAILABLE),
    "allotment_in": (A.ELSEWHERE, A.AVAILABLE),  # from the envelope above
    "allotment_out": (A.AVAILABLE, A.ELSEWHERE),
    "transfer_in": (A.ELSEWHERE, A.AVAILABLE),
    "transfer_out": (A.AVAILABLE, A.ELSEWHERE),
    "reservation": (A.AVAILABLE, A.RESERVED),
    "unreservation": (A.RESERVED, A.AVAILABLE),
    "commitment": (A.AVAILABLE, A.PROMISED),
    "release": (A.PROMISED, A.AVAILABLE),
    "payment": (A.PROMISED, A.PAID),
    "overpayment": (A.AVAILABLE, A.OWED),  # left although the project no longer keeps it
    "recall": (A.PAID, A.OWED),
    "refund": (A.OWED, A.AVAILABLE),
}
WORDS = {
    "opening": N_("mis dans l’enveloppe"),
    "allotment_in": N_("reçu de l’enveloppe du dessus"),
    "allotment_out": N_("réparti"),
    "transfer_in": N_("reçu d’une autre enveloppe"),
    "transfer_out": N_("passé à une autre enveloppe"),
    "reservation": N_("gardé pour une décision"),
    "unreservation": N_("n’est plus gardé"),
    "commitment": N_("accordé"),
    "release": N_("accordé et non utilisé"),
    "recall": N_("versé, à rendre"),
    "payment": N_("versé"),
    "overpayment": N_("versé par erreur, à rendre"),
    "refund": N_("rendu"),
}
ALLOTMENTS = ("allotment_in", "allotment_out")
TRANSFERS = ("transfer_in", "transfer_out")
WITH_ANOTHER = (*ALLOTMENTS, *TRANSFERS)  # each is entered twice: where the money leaves, and where it arrives
OF_AN_ENVELOPE = ("opening", *WITH_ANOTHER)
OUTSIDE = (A.FUNDERS, A.ELSEWHERE)
OF_A_PROJECT = (A.RESERVED, A.PROMISED, A.PAID, A.OWED)
COMMITTED = (A.PROMISED, A.PAID, A.OWED)
OUT = (A.PAID, A.OWED)  # in the bearers' hands
# what each counter of a call adds up
COUNTERS: dict[str, tuple[Account, ...]] = {
    "envelope_cents": (A.AVAILABLE, *OF_A_PROJECT),
    "reserved_cents": (A.RESERVED,),
    "committed_cents": COMMITTED,
    "paid_cents": OUT,
}


def in_accounts(sums: Mapping[str, int], accounts: tuple[Account, ...]) -> int:
    """What these accounts hold, from the sum of the entries of each kind."""
    return sum(
        cents * ((MOVES[kind][1] in accounts) - (MOVES[kind][0] in accounts)) for kind, cents in sums.items()
    )  # fmt: skip


@dataclass(frozen=True)
class Balance:
    """An envelope on a day: ``left`` of it is neither reserved nor promised; what is ``paid`` and not ``refunded`` was promised."""

    envelope: int = 0
    reserved: int = 0
    promised: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def left(self) -> int:
        return self.envelope - self.reserved - self.promised

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Standing:
    """What one project was given and paid; ``released`` is what it will not keep of what it was granted."""

    reserved: int = 0
    granted: int = 0
    released: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def kept(self) -> int:
        return self.granted - self.released

    @property
    def balance(self) -> int:
        """Still to pay to the bearer; below zero, to be given back by the bearer."""
        return self.kept - self.paid + self.refunded


def balance_of(sums: Mapping[str, int]) -> Balance:
    """An envelope, from the sum of its entries of each kind."""
    return Balance(
        envelope=in_accounts(sums, COUNTERS["envelope_cents"]), reserved=in_accounts(sums, (A.RESERVED,)),
        promised=in_accounts(sums, COMMITTED), paid=_paid(sums), refunded=sums.get("refund", 0),
    )  # fmt: skip


def standing_of(sums: Mapping[str, int]) -> Standing:
    """A project, from the sum of its entries of each kind."""
    return Standing(
        reserved=in_accounts(sums, (A.RESERVED,)), granted=sums.get("commitment", 0),
        released=sums.get("release", 0) + sums.get("recall", 0), paid=_paid(sums), refunded=sums.get("refund", 0),
    )  # fmt: skip


def _paid(sums: Mapping[str, int]) -> int:
    return sums.get("payment", 0) + sums.get("overpayment", 0)
