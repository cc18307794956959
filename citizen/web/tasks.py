"""What « Mon espace » says is to be done outside a project."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One thing to do next, and where."""

    words: str
    url: str
