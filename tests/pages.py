"""A browser for tests that reads every page it is given and refuses what no page may have."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from citizen.db import db

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path"))
BLOCKS = frozenset(
    ("p", "div", "form", "ul", "ol", "dl", "table", "section", "article", "details", "fieldset", "figure", "h2", "h3", "h4")
)
MACHINE = frozenset(("script", "style", "code", "pre", "textarea"))  # what is not prose
GLUED = re.compile(r"\S*[a-zà-ÿ»)][.!?…][A-ZÀ-Ý«]\S*")
UNLABELLED = frozenset(("hidden", "submit", "button", "image", "reset"))


class Page(HTMLParser):
    """What a page holds, as far as its promises go."""

    def __init__(self, text: str):
        super().__init__()
        self.lang = self.title = self.h1 = ""
        self.h1s = 0
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.references: set[str] = set()
        self.wrong: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._inside.append(tag)
        self._remember(tag, given)
        self._judge(tag, given)

    def _remember(self, tag: str, given: dict[str, str]) -> None:
        if "id" in given:
            self.ids[given["id"]] += 1
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.references.update(given.get(name, "").split())
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self.h1s += tag == "h1"
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in ("input", "select", "textarea") and given.get("type") not in UNLABELLED:
            self.fields.append(given | {"inside_label": "yes" if "label" in self._inside else ""})

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img" and "alt" not in given:
            self.wrong.append(f"image sans alt : {given.get('src')}")
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":  # data: nothing runs
            self.wrong.append("script dans la page")
        if tag in BLOCKS and "p" in self._inside[:-1]:
            self.wrong.append(f"<{tag}> dans un paragraphe, qu’il ferme")
        self.wrong += [f"{name} dans <{tag}>" for name in given if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "title" in self._inside and "svg" not in self._inside:
            self.title += data
        if "h1" in self._inside:
            self.h1 += data
        if not MACHINE & set(self._inside):
            self.wrong += [f"phrases collées : {words}" for words in GLUED.findall(data)]

    def faults(self) -> list[str]:
        """All that is wrong, in words."""
        found = list(self.wrong)
        if not self.lang:
            found.append("langue absente")
        if self.h1s != 1:
            found.append(f"{self.h1s} titres h1")
        if not _spaced(self.title).startswith(_spaced(self.h1)):
            found.append(f"le titre « {_spaced(self.title)} » ne commence pas par « {_spaced(self.h1)} »")
        found += [f"identifiant répété : {name}" for name, count in self.ids.items() if count > 1]
        found += [f"renvoi vers rien : {name}" for name in self.references if name not in self.ids]
        for field in self.fields:
            is_named = (
                field["inside_label"]
                or field.get("id") in self.labels
                or field.get("aria-label")
                or field.get("aria-labelledby")
            )
            if not is_named:
                found.append(f"champ sans étiquette : {field.get('name')}")
        return found


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


class PlainResponse(TestResponse):
    """An answer whose ``text`` holds ordinary spaces: tests are typed with them."""

    @property
    def text(self) -> str:
        return super().text.replace("\N{NO-BREAK SPACE}", " ")


class CheckedClient(FlaskClient):
    """Checks each whole page. Each request has a context of its own, as on a server: nothing is remembered from before."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.response_wrapper = PlainResponse

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        try:
            with self.application.app_context():
                answer = super().open(*args, **kwargs)
        finally:
            db.session.rollback()  # what the test read earlier is read anew
        if answer.mimetype == "text/html" and not answer.is_streamed and b"<main" in answer.data:
            faults = Page(answer.text).faults()
            assert not faults, f"{answer.request.path} : {faults}"
        assert answer.status_code != 500, answer.request.path
        return answer
