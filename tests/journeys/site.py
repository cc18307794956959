"""The site as a person uses it: labels, links and buttons; over plain HTTP or in a real browser, with one set of words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from bs4 import BeautifulSoup, Tag
from flask import Flask
from playwright.sync_api import Page

from citizen import clock
from tests.pages import CheckedClient


class Site(Protocol):
    """What a story may do.

    ``fill`` takes a field by its label, a select by an option's words, a box by True or False; ``choose`` takes a
    radio button or one box of a set by its label, inside the ``group`` of that legend. A label, a link or a legend is
    known by how it begins.
    """

    def open(self, path: str) -> None: ...
    def fill(self, label: str, value: str | bool) -> None: ...
    def choose(self, label: str, group: str = "") -> None: ...
    def attach(self, label: str, path: Path) -> None: ...
    def press(self, name: str) -> None: ...
    def follow(self, name: str) -> None: ...
    def text(self) -> str: ...
    @property
    def path(self) -> str: ...


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def beginning(words: str) -> re.Pattern[str]:
    """What begins with these words, whatever its spaces."""
    return re.compile(r"^\s*" + r"\s+".join(re.escape(word) for word in words.split()))


def sees(site: Site, *words: str) -> None:
    """The page says all of this; kinds of spaces do not count."""
    page = spaced(site.text())
    for some in words:
        assert spaced(some) in page, f"« {some} » n’est pas sur {site.path} :\n{page}"


class Clock:
    """The moment it is for the site, moved by the story."""

    def __init__(self, moment: datetime):
        self.moment = moment

    @contextmanager
    def running(self) -> Iterator[None]:
        with clock.at(self.moment):
            yield


class HttpSite:
    """Plain requests: what a browser without script would send."""

    def __init__(self, app: Flask, time: Clock):
        self.client = CheckedClient(app)
        self.time = time
        self.path = "/"
        self.page = BeautifulSoup("", "html.parser")
        self.typed: dict[int, dict[str, list[Any]]] = {}

    def open(self, path: str) -> None:
        self._show(self._send(path))

    def _send(self, path: str, method: str = "GET", **values: Any) -> Any:
        with self.time.running():
            return self.client.open(path, method=method, follow_redirects=True, **values)

    def _show(self, answer: Any) -> None:
        assert answer.status_code < 400 or answer.status_code in (409, 422), (
            f"{answer.status} sur {answer.request.path} : {answer.text[:3000]}"
        )
        self.path = answer.request.path
        self.page = BeautifulSoup(answer.text, "html.parser")
        self.typed = {}

    def text(self) -> str:
        return self.page.get_text(" ")

    def _group(self, legend: str) -> Tag:
        found = [one for one in self.page.find_all("legend") if spaced(one.get_text(" ")).startswith(legend)]
        assert found, f"pas de groupe « {legend} » sur {self.path}"
        assert isinstance(found[0].parent, Tag)
        return found[0].parent

    def _field(self, label: str, group: str = "") -> Tag:
        where = self._group(group) if group else self.page
        found = [one for one in where.find_all("label") if spaced(one.get_text(" ")).startswith(label)]
        assert found, f"pas de champ « {label} » sur {self.path}"
        inside = found[0].find(["input", "select", "textarea"])
        field = self.page.find(id=found[0]["for"]) if found[0].get("for") else inside
        assert isinstance(field, Tag)
        return field

    def fill(self, label: str, value: str | bool) -> None:
        field = self._field(label)
        if isinstance(value, bool):
            self._tick(field, is_ticked=value)
        else:
            self._type(field, [self._option(field, value) if field.name == "select" else value])

    def _tick(self, field: Tag, *, is_ticked: bool) -> None:
        own = field.get("value", "on")
        others = [one for one in self._values(self._form(field)).get(str(field["name"]), []) if one != own]
        self._type(field, [*others, own] if is_ticked else others)

    def _option(self, select: Tag, words: str) -> str:
        option = next((one for one in select.find_all("option") if words in spaced(one.get_text())), None)
        assert option is not None, (
            f"pas de choix « {words} » parmi {[one.get_text() for one in select.find_all('option')][:30]}"
        )
        return str(option.get("value", option.get_text()))

    def choose(self, label: str, group: str = "") -> None:
        field = self._field(label, group)
        if field.get("type") == "checkbox":
            self._tick(field, is_ticked=True)
        else:
            self._type(field, [field.get("value", "on")])

    def attach(self, label: str, path: Path) -> None:
        self._type(self._field(label), [(path.open("rb"), path.name)])

    def _type(self, field: Tag, values: list[Any]) -> None:
        self.typed.setdefault(id(self._form(field)), {})[str(field["name"])] = values

    def _form(self, field: Tag) -> Tag:
        form = field.find_parent("form")
        assert isinstance(form, Tag)
        return form

    def _values(self, form: Tag) -> dict[str, list[Any]]:
        values: dict[str, list[Any]] = {}
        for field in form.find_all(["input", "select", "textarea"]):
            name, kind = field.get("name"), field.get("type", "text")
            if not name or kind in ("submit", "button", "file"):
                continue
            values.setdefault(name, [])
            if field.name == "select":
                options = field.find_all("option", selected=True) or (
                    [] if field.has_attr("multiple") else field.find_all("option")[:1]
                )
                values[name] += [option.get("value", option.get_text()) for option in options]
            elif field.name == "textarea":
                values[name].append(field.get_text().removeprefix("\n"))
            elif kind not in ("checkbox", "radio") or field.has_attr("checked"):
                values[name].append(field.get("value", "on" if kind == "checkbox" else ""))
        return values | self.typed.get(id(form), {})

    def press(self, name: str) -> None:
        buttons = [one for one in self.page.find_all("button") if spaced(one.get_text(" ")) == name]
        assert buttons, (
            f"pas de bouton « {name} » sur {self.path} : {[spaced(b.get_text(' ')) for b in self.page.find_all('button')]}"
        )
        form = self._form(buttons[0])
        values = self._values(form)
        if buttons[0].get("name"):
            values[str(buttons[0]["name"])] = [buttons[0].get("value", "")]
        method = str(form.get("method", "get")).upper()
        action = str(form.get("action") or self.path)
        sent = {"query_string": values} if method == "GET" else {"data": values}
        self._show(self._send(action, method, **sent))

    def follow(self, name: str) -> None:
        link = next((one for one in self.page.find_all("a") if spaced(one.get_text(" ")).startswith(name)), None)
        assert link is not None, f"pas de lien « {name} » sur {self.path}"
        self.open(str(link["href"]))


class BrowserSite:
    """A real Chromium."""

    def __init__(self, page: Page, address: str):
        self.page = page
        self.address = address

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def _field(self, label: str, where: Any = None) -> Any:
        fields = self.page.locator("input, select, textarea")  # a section too may be labelled
        field = (where or self.page).get_by_label(beginning(label)).and_(fields).first
        for folded in field.locator("xpath=ancestor::details[not(@open)]").all():
            folded.locator("summary").first.click()
        return field

    def fill(self, label: str, value: str | bool) -> None:
        field = self._field(label)
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            named = r"(field, words) => [...field.options].find(one => one.text.replace(/\s+/g, ' ').includes(words))?.value"
            field.select_option(value=field.evaluate(named, value))
        else:
            field.fill(value)

    def choose(self, label: str, group: str = "") -> None:
        where: Any = self.page
        if group:
            where = where.locator("fieldset").filter(has=self.page.locator("legend", has_text=beginning(group))).last
        (self._field(label, where) if label else where.get_by_role("radio").first).check()

    def attach(self, label: str, path: Path) -> None:
        self._field(label).set_input_files(path)

    def press(self, name: str) -> None:
        button = self.page.get_by_role("button", name=name, exact=True).first
        if not button.is_visible():  # on a phone some buttons live in the menu
            self.page.locator("summary", has_text="Menu").click()
        with self.page.expect_navigation():
            button.click()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=beginning(name)).first.click()

    def text(self) -> str:
        return BeautifulSoup(self.page.content(), "html.parser").get_text(" ")


def sign_in(site: Site, email: str, password: str) -> None:
    """Whoever was there leaves, somebody else comes."""
    site.open("/")
    if "Se déconnecter" in site.text():
        site.press("Se déconnecter")
    site.open("/connexion")
    site.fill("Adresse", email)
    site.fill("Mot de passe", password)
    site.press("Se connecter")
