"""Access marks: every page says who may open it, and the application refuses to start if one does not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from citizen.kernel.access import NOBODY, Actor, Role
from citizen.kernel.lifecycle import Forbidden

View = Callable[..., Any]


@dataclass(frozen=True)
class Access:
    """Who may open a page: anyone, anyone signed in, or who holds one of ``roles`` on ``on`` (on anything when empty).

    ``on`` is a pattern over the address, such as « fund:{fund_id} ».
    """

    is_open: bool = False
    roles: frozenset[Role] = frozenset()
    on: str = ""

    def allows(self, actor: Actor, values: dict[str, Any]) -> bool:
        if self.is_open or (actor.is_signed_in and not self.roles):
            return True
        return any(actor.holds(role, self.on.format(**values) if self.on else None) for role in self.roles)


def current_actor() -> Actor:
    """Who is at the keyboard; nobody when not signed in."""
    return getattr(current_user, "actor", NOBODY)


def public(view: View) -> View:
    """Anyone may open it."""
    return _marked(view, Access(is_open=True))


def signed_in(view: View) -> View:
    """Anyone signed in may open it; finer rights are judged by the service."""
    return _marked(view, Access())


def duty(*roles: Role, on: str = "") -> Callable[[View], View]:
    """Only who holds one of ``roles`` on ``on``."""
    return lambda view: _marked(view, Access(roles=frozenset(roles), on=on))


def _marked(view: View, access: Access) -> View:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        actor = current_actor()
        if not access.allows(actor, values):
            if actor.is_signed_in:
                raise Forbidden(request.endpoint)
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return view(**values)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


class UnmarkedPage(Exception):
    """A page does not say who may open it."""


def refuse_unmarked(app: Flask) -> None:
    """Stops the start when a route carries no mark."""
    unmarked = [rule.rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None]
    if unmarked:
        raise UnmarkedPage("Routes sans marque d'accès : " + ", ".join(sorted(unmarked)))


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The mark of a page; static files are public."""
    return Access(is_open=True) if endpoint == "static" else getattr(app.view_functions[endpoint], "access", None)
