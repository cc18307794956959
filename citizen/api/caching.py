"""What everybody sees alike is made once for a few seconds, and not sent again to who has it: pages asked for without any cookie.

A page is shared only when its address is listed here, nobody was at the keyboard and it starts no session: a form's token, a flash
or a sign-in always travels in a cookie. The programs' addresses forget whatever cookie they are sent.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers, LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response as Answer

from citizen.web.errors import MACHINES

SECONDS = 5  # another process, or a proxy, shows a change this late at most; this one at once
MOST, LARGEST = 400, 100_000  # answers kept, and bytes of one of them
SHARED = frozenset(
    {
        "region.home", "region.gallery", "region.map_page", "region.story", "region.collection", "region.tree", "region.commune",
        "region.quarter", "region.intermunicipality", "region.contract", "region.contracts", "region.every_place", "region.sitemap", "region.data", "steering.dashboard",
        "projects.index", "projects.show", "funds.rules", "funds.version", "money.accounts", "minutes.extract", "pic.fund", "pic.about",
        "ftu.about", "ftu.campaign", "ftu.ideas", "walks.index", "nqe.about", "nqe.agenda", "nqe.event", "nqe.edition", "nqe.review",
        "ballots.index", "ballots.results", "ballots.result", "poll_journal.journal", "web.help_page", "web.accessibility", "web.privacy",
        "web.legal",
    }
)  # fmt: skip
BLUEPRINTS = frozenset({"api", "feeds", "embeds"})
MARK = "citizen.shared"
VARY = "Cookie, Accept-Language, Accept-Encoding"
Start = Callable[..., Any]
_commits = [0]  # of this process


@event.listens_for(Session, "after_commit")
def _note(_session: Session) -> None:
    _commits[0] += 1


def is_for_programs(path: str) -> bool:
    """Whether what stands there is the same for everybody, whoever asks: the API, the feeds, the frames of other sites."""
    return path.startswith((MACHINES, "/integrer/")) or path.endswith(".atom")


@dataclass(frozen=True)
class Kept:
    """An answer that anybody may be given, and the state of the house in which it was made."""

    body: bytes
    headers: Headers
    stamp: tuple[int, int]


class SharedPages:
    """In front of the application: answers what it has kept, keeps what may be shared, and says 304 to who has it."""

    def __init__(self, app: Flask, *, seconds: int):
        self.app, self.seconds = app.wsgi_app, seconds
        self.languages: list[str] = app.config["LANGUAGES"]
        self.kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self.lock = Lock()

    def stamp(self) -> tuple[int, int]:
        """What changes with every commit of this process, and every few seconds for those of the others."""
        return _commits[0], int(time.monotonic() // (self.seconds or 1))

    def key(self, environ: dict[str, Any]) -> tuple[str, ...]:
        asked = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept).best_match(self.languages, "fr")
        names = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING")
        return (asked or "fr", *(environ.get(name, "") for name in names))

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if is_for_programs(environ["PATH_INFO"]):
            environ.pop("HTTP_COOKIE", None)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_COOKIE" in environ:
            return self.app(environ, start)
        key, stamp = self.key(environ), self.stamp()
        found = self.kept.get(key)
        if found and found.stamp == stamp:
            return self._answer(found, environ, start)
        if environ["REQUEST_METHOD"] == "HEAD":
            return self.app(environ, start)
        return self._made(environ, start, key, stamp)

    def _made(self, environ: dict[str, Any], start: Start, key: tuple[str, ...], stamp: tuple[int, int]) -> Iterable[bytes]:
        """Asks the application; what may not be shared goes through untouched."""
        held: list[Headers] = []

        def hold(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told = Headers(headers)
            if environ.get(MARK) and status.startswith("200") and "Set-Cookie" not in told:
                return held.append(told)
            return start(status, headers, *rest)

        parts = self.app(environ, hold)
        if not held:
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        made = Kept(body, held[0], stamp)
        made.headers["Vary"] = VARY
        made.headers["Cache-Control"] = f"public, max-age=0, s-maxage={SECONDS}"
        made.headers["ETag"] = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
        if self.seconds and len(body) <= LARGEST:
            self._keep(key, made)
        return self._answer(made, environ, start)

    def _keep(self, key: tuple[str, ...], made: Kept) -> None:
        with self.lock:
            self.kept.pop(key, None)
            self.kept[key] = made
            while len(self.kept) > MOST:
                self.kept.popitem(last=False)

    def _answer(self, kept: Kept, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        answer = Answer(kept.body, headers=kept.headers.copy())
        return answer.make_conditional(environ)(environ, start)


def install(app: Flask) -> None:
    """Puts it in front; tests keep nothing unless they ask for it."""
    app.config.setdefault("SHARED_SECONDS", 0 if app.config.get("TESTING") else SECONDS)
    shared = app.extensions["shared_pages"] = SharedPages(app, seconds=app.config["SHARED_SECONDS"])
    app.wsgi_app = shared  # type: ignore[method-assign, assignment]

    @app.after_request
    def mark(response: Response) -> Response:
        """Says to the front what may be shared; what is made for one person stays in that person's browser."""
        if request.endpoint in SHARED or request.blueprint in BLUEPRINTS:
            request.environ[MARK] = "Cache-Control" not in response.headers
            if request.cookies and request.environ[MARK]:
                response.headers["Cache-Control"] = "private, no-cache"
        return response
