"""A summer project that is hidden leaves the agenda, its feeds, its map and its programme; hidden dates come back with it."""

from datetime import UTC, datetime

from flask import Flask

from citizen import clock
from citizen.db import transaction
from citizen.kernel.access import PLATFORM, Actor, Role
from citizen.nqe.models import NqeProject
from citizen.projects import hiding
from tests import factories, summers
from tests.projects.test_hiding import NAME, read

JUNE = datetime(2027, 6, 20, 8, 0, tzinfo=UTC)


def test_a_hidden_project_leaves_the_agenda(app: Flask, draft: NqeProject, officer: Actor) -> None:
    project, event = summers.nqe_granted(draft, officer), draft.programme[0]
    with transaction():
        project.title, event.title = f"{NAME} en fête", f"{NAME} sur scène"
    watcher = factories.actor(factories.person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))
    plain = [
        str(rule) for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule.startswith(("/agenda", "/nqe", "/initiatives", "/donnees"))
    ]  # fmt: skip
    pages = [
        *plain,
        "/agenda?quand=saison",
        "/nqe/editions/2027",
        f"/agenda/{event.id}",
        f"/agenda/{event.id}.ics",
        f"/projets/{project.id}",
    ]

    def where_it_shows() -> set[str]:
        visitor = app.test_client()
        with clock.at(JUNE):
            return {page for page in pages if NAME in read(visitor.get(page, follow_redirects=True))}

    before = where_it_shows()
    assert {"/agenda.ics", "/agenda.rss", "/nqe/editions/2027", f"/agenda/{event.id}"} <= before
    hidden = hiding.hide(watcher, project.id, "project", "Injure.")
    assert where_it_shows() == set()
    hiding.show_again(watcher, project.id, hidden.id, "Corrigé.")
    assert where_it_shows() == before
