"""A scheme: its name, its steps and rights, and what its rulesets may set."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from itertools import groupby
from types import SimpleNamespace
from typing import Any, get_args

from citizen.kernel.lifecycle import Lifecycle


class TermKind(StrEnum):
    EUROS = "euros"
    COUNT = "count"
    DAYS = "days"
    PERCENT = "percent"
    YES_NO = "yes_no"
    LINES = "lines"
    EUROS_LINES = "euros_lines"  # a list of amounts in cents
    PERCENT_LINES = "percent_lines"
    CHOICE = "choice"  # one of ``choices``
    CHOICE_LINES = "choice_lines"  # a list of them, in an order
    CHOICES = "choices"  # any of them


@dataclass(frozen=True)
class TermSpec:
    """One number or list that a ruleset sets: its default is what a new ruleset starts from."""

    name: str
    label: str
    kind: TermKind
    default: object
    help: str = ""
    is_optional: bool = False  # may be left unset: its field in the terms accepts None
    choices: tuple[tuple[str, str], ...] = ()  # (value, words), for a choice
    group: str = ""  # the heading under which it is set and read


def term(
    default: object, kind: TermKind, label: str, note: str = "", *, choices: tuple[tuple[str, str], ...] = (), group: str = ""
) -> Any:  # fmt: skip
    """A field of a scheme's ``Terms``: its default, how it is typed, what it is called."""
    told = {"label": label, "kind": kind, "help": note, "choices": choices, "group": group}
    if isinstance(default, list):
        return field(default_factory=lambda: list(default), metadata=told)
    return field(default=default, metadata=told)


def specs_of(terms: type[Any]) -> tuple[TermSpec, ...]:
    """What a ruleset sets, read from a ``Terms`` dataclass whose fields are each a ``term``."""
    return tuple(
        TermSpec(
            name=told.name, label=told.metadata["label"], kind=told.metadata["kind"], help=told.metadata["help"],
            default=told.default_factory() if told.default_factory is not MISSING else told.default,
            is_optional=type(None) in get_args(told.type), choices=told.metadata["choices"],
            group=told.metadata["group"],
        )
        for told in fields(terms)
    )  # fmt: skip


@dataclass(frozen=True)
class Scheme:
    """``code`` is the polymorphic identity of its projects and the class of its accent colour."""

    code: str
    title: str
    summary: str
    lifecycle: Lifecycle
    terms: tuple[TermSpec, ...] = ()
    terms_type: Callable[..., Any] = SimpleNamespace  # built from a ruleset's terms
    faults: Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]] = lambda _terms: ()  # (term, why) of what contradicts

    def grouped_terms(self) -> list[tuple[str, list[TermSpec]]]:
        """The terms under their headings, in their order."""
        return [(group, list(found)) for group, found in groupby(self.terms, lambda spec: spec.group)]

    def default_terms(self) -> dict[str, object]:
        return {spec.name: spec.default for spec in self.terms}
