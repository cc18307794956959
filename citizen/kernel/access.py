"""Who may do what: roles, always held *on* something, and the actor who holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PLATFORM = "platform"
REGION = "region"


class Role(StrEnum):
    ANYONE = "anyone"
    RESIDENT = "resident"  # anyone signed in
    BEARER = "bearer"
    TEAM = "team"
    HELPER = "helper"  # writes with the group's recorded consent, never owns the project
    ORGANISATION_MEMBER = "organisation_member"
    FUND_MANAGER = "fund_manager"
    TREASURER = "treasurer"
    COMMITTEE_MEMBER = "committee_member"
    COMMUNE_OFFICER = "commune_officer"
    REGION_OFFICER = "region_officer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Actor:
    """Who acts: a person and the duties held, each a (role, on) pair such as (FUND_MANAGER, "fund:3")."""

    person_id: int | None = None
    name: str = ""
    duties: frozenset[tuple[Role, str]] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        return self.person_id is not None

    def holds(self, role: Role, on: str | None = None) -> bool:
        """Whether the actor holds ``role`` on ``on``; on anything when ``on`` is None."""
        return any(held == role and on in (None, target) for held, target in self.duties)

    def roles_on(self, targets: Iterable[str]) -> frozenset[Role]:
        """Every role the actor has towards something known under ``targets``."""
        known = set(targets)
        held = {role for role, on in self.duties if on in known}
        return frozenset(held | {Role.ANYONE} | ({Role.RESIDENT} if self.is_signed_in else set()))

    def targets(self, *roles: Role) -> frozenset[str]:
        """What the actor holds one of ``roles`` on."""
        return frozenset(on for role, on in self.duties if role in roles)


NOBODY = Actor()
