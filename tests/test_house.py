"""Promises that hold across the whole house: access, templates, words, files, steps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citizen.db import db
from citizen.kernel.access import NOBODY, Actor, Role
from citizen.kernel.lifecycle import Lifecycle
from citizen.projects.listing import lifecycles
from citizen.projects.models import Project
from citizen.region import classification
from citizen.web.access import access_of

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
SOURCES = sorted([*(ROOT / "citizen").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_template_compiles(house: Flask, path: Path) -> None:
    source = path.read_text()
    house.jinja_env.compile(source, str(path))
    assert len(source.splitlines()) <= 150


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): count for path in SOURCES if (count := len(path.read_text().splitlines())) > 300}
    assert long == {}


def bare_words(source: str) -> Iterator[str]:
    """Letters that a reader would see and that no catalogue knows."""
    source = re.sub(r"\{#.*?#\}|<!--.*?-->", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*block body_class.*?endblock\s*-?%\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", " ", source, flags=re.DOTALL)
    attributes = re.findall(r"\s(?:alt|title|placeholder|aria-label)=\"([^\"{}]*[A-Za-zÀ-ÿ]{2}[^\"{}]*)\"", source)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    source = re.sub(r"<(svg|script|style|code)\b.*?</\1>", " ", source, flags=re.DOTALL)
    source = re.sub(r"<[^>]*>", " ", source, flags=re.DOTALL)
    source = re.sub(r"&[a-z]+;", " ", source)
    return (
        word for word in [*attributes, *re.findall(r"[A-Za-zÀ-ÿ]{2,}", source)] if word not in {"citizen", "doctype", "html"}
    )


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.suffix == ".html"], ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_every_word_goes_through_the_catalogue(path: Path) -> None:
    assert list(bare_words(path.read_text())) == []


def test_the_search_for_bare_words_finds_them() -> None:
    assert list(bare_words('<p title="Bonjour toi">Salut {{ _("tout va bien") }}</p>')) == ["Bonjour toi", "Salut"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_inline_script_nor_style(path: Path) -> None:
    source = path.read_text()
    source = source.replace('<script type="application/ld+json">', "")  # data: nothing runs
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|<script(?![^>]*\bsrc=)|\|\s*safe\b", source)


EVERY_STEP = [
    pytest.param(lifecycle, step.action, id=f"{code}-{step.action}")
    for code, lifecycle in sorted(lifecycles().items())
    for step in lifecycle.steps
]


@pytest.mark.parametrize(("lifecycle", "action"), EVERY_STEP)
def test_every_step_joins_states_that_exist_and_never_serves_who_it_forbids(lifecycle: Lifecycle, action: str) -> None:
    step = lifecycle.step(action)
    assert step is not None
    assert step.before <= set(lifecycle.states)
    assert step.after is None or step.after in lifecycle.states
    assert step.who - step.never, "somebody can take it"
    for role in step.never:
        assert not step.allows(step.who | {role})


@pytest.mark.parametrize(("code", "lifecycle"), sorted(lifecycles().items()))
def test_every_state_can_be_reached_and_left(code: str, lifecycle: Lifecycle) -> None:
    start = "idea" if code == "idea" else "draft"
    reached, frontier = {start}, {start}
    while frontier:
        frontier = {step.after for step in lifecycle.steps if step.after and step.before & reached} - reached
        reached |= frontier
    assert reached == set(lifecycle.states)
    for name, state in lifecycle.states.items():
        leaving = [step for step in lifecycle.steps if name in step.before and step.after not in (None, name)]
        assert bool(leaving) != state.is_final or (
            state.is_final and all(step.action in ("orient", "take_up") for step in leaving)
        ), name


@pytest.mark.parametrize("kind", [Project, *Project.__subclasses__()], ids=lambda kind: kind.rules.code)
def test_every_step_with_a_page_has_one(house: Flask, kind: type[Project]) -> None:
    from citizen.projects.showing import OWN_PAGES

    endpoints = OWN_PAGES | kind.step_pages
    for step in kind.rules.lifecycle.steps:
        if step.has_own_page:
            assert endpoints[step.action] in house.view_functions, step.action
    for endpoint, _label in kind.sections:
        assert endpoint in house.view_functions


EVERYONE = {
    "visitor": NOBODY,
    "resident": Actor(1, "x"),
    "bearer": Actor(1, "x", frozenset({(Role.BEARER, "project:1")})),
    "manager": Actor(1, "x", frozenset({(Role.FUND_MANAGER, "fund:1")})),
    "member": Actor(1, "x", frozenset({(Role.COMMITTEE_MEMBER, "fund:1")})),
    "commune": Actor(1, "x", frozenset({(Role.COMMUNE_OFFICER, "commune:59360")})),
    "region": Actor(1, "x", frozenset({(Role.REGION_OFFICER, "region")})),
    "administrator": Actor(1, "x", frozenset({(Role.ADMINISTRATOR, "platform")})),
}


def test_every_route_is_marked(house: Flask) -> None:
    assert [rule.rule for rule in house.url_map.iter_rules() if access_of(house, rule.endpoint) is None] == []


def test_only_open_pages_open_to_a_visitor(app: Flask, client: FlaskClient) -> None:
    """Every route x nobody: a page that is not public sends to the sign-in, whatever the address names."""
    wrong = []
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if access.is_open or rule.endpoint == "static":
            continue
        values = {name: sample(rule, name) for name in rule.arguments}
        with app.test_request_context():
            address = app.url_map.bind("localhost").build(
                rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"}))
            )
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(address, method=method)
            if answer.status_code != 303 or "/connexion" not in answer.location:
                wrong.append((rule.rule, method, answer.status_code))
    assert wrong == []


def sample(rule: object, name: str) -> object:
    converter = rule._converters[name]  # type: ignore[attr-defined]
    kind = type(converter).__name__
    if kind == "IntegerConverter":
        return 1
    if kind == "AnyConverter":
        return re.findall(r"\w+", converter.regex)[0]
    return "x"


def test_every_column_of_every_table_says_who_may_read_it() -> None:
    """A new column is written in citizen/region/classification.py, once, in the kind that its file describes."""
    written = [f"{name}.{column}" for name, sorted_ in classification.TABLES.items() for column in sorted_.columns]
    there = [f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns]
    assert sorted(set(there) - set(written)) == [], "not sorted"
    assert sorted(set(written) - set(there)) == [], "no longer there"
    assert sorted({one for one in written if written.count(one) > 1}) == [], "sorted twice"


SAYS_WHO = re.compile(r"email|password|iban|bic|_hash$|nonce|receipt|last_name|first_name|signed_name|signed_by|person_id")


def test_nothing_that_says_who_may_leave() -> None:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            names_somebody = any(key.target_fullname == "person.id" for key in column.foreign_keys)
            if names_somebody or (SAYS_WHO.search(column.name) and column.name != "content_hash"):
                kind = classification.kind_of(table.name, column.name)
                assert kind in ("personal", "sealed"), f"{table.name}.{column.name}"
