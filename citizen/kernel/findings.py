"""What a check found, in words a resident can act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """One rule held against the facts; ``todo`` says the next thing to do when it is not met."""

    slug: str
    status: Status
    title: str
    fact: str
    rule: str
    source: str
    todo: str = ""
    is_awaited: bool = False  # somebody else's word is awaited: who writes may go on

    @property
    def is_met(self) -> bool:
        return self.status is Status.MET


class Invalid(Exception):
    """A value cannot be kept: ``field`` is the form's field, the message a sentence to show next to it."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field
        self.message = message


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    """Those that still stand in the way."""
    return [finding for finding in findings if not finding.is_met]
