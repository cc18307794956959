"""Steps and rights as rows: who may do which action, from which state, to which, never whom, and what it needs."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from citizen.kernel.access import Role
from citizen.kernel.findings import Finding

Check = Callable[[Any, Any], Finding]


class Forbidden(Exception):
    """This person may not do this."""


class NotNow(Exception):
    """The state it is in does not allow this; the message says why in French."""


class NotReady(Exception):
    """Something is missing: the findings that stand in the way."""

    def __init__(self, findings: list[Finding]):
        super().__init__("; ".join(finding.title for finding in findings))
        self.findings = findings


@dataclass(frozen=True)
class Step:
    """One row of the table of rights. ``after`` None: the state does not change. ``never`` wins over ``who``."""

    action: str
    label: str
    past: str
    who: frozenset[Role]
    before: frozenset[str]
    after: str | None = None
    never: frozenset[Role] = frozenset()
    needs: tuple[Check, ...] = ()
    asks_reason: bool = False
    has_own_page: bool = False  # its form asks more than a reason
    door: str = ""  # what the button to a page that several steps share says
    is_awaited: bool = True  # someone waits for it: it shows among what a person has to do

    @property
    def button(self) -> str:
        """What the way to this step says."""
        return self.door or self.label

    def allows(self, roles: Collection[Role]) -> bool:
        return not self.never.intersection(roles) and bool(self.who.intersection(roles))


@dataclass(frozen=True)
class State:
    """A state that people decide: its name on screen and what happens next, and by whom."""

    label: str
    tone: str
    next: str = ""
    is_public: bool = True
    is_supported: bool = False  # the Region publishes it among what it supports
    is_final: bool = False


@dataclass(frozen=True)
class Lifecycle:
    """The states of a scheme's projects and the steps between them."""

    states: dict[str, State]
    steps: tuple[Step, ...]
    _by_action: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_action", {step.action: step for step in self.steps})

    def step(self, action: str) -> Step | None:
        return self._by_action.get(action)

    def judge(self, action: str, state: str, roles: Collection[Role]) -> Step:
        """The step, when these roles may take it from this state; else Forbidden or NotNow."""
        step = self._by_action.get(action)
        if step is None or not step.allows(roles):
            raise Forbidden(action)
        if state not in step.before:
            raise NotNow(self.states[state].label)
        return step

    def open_steps(self, state: str, roles: Collection[Role]) -> list[Step]:
        """The steps these roles may take now, in the order of the table."""
        return [step for step in self.steps if state in step.before and step.allows(roles)]
