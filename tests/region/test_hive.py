"""Publishing is an act: its checklist, who may, once at a time, and what is withdrawn is nowhere."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from citizen import clock
from citizen.db import db, transaction
from citizen.journal.queries import events_of
from citizen.kernel.access import PLATFORM, REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.projects import hiding
from citizen.projects.models import Project
from citizen.region import hive
from citizen.region.hive import Sheet
from citizen.region.hive_models import Publication
from citizen.region.queries import published, supported
from tests import factories, reports
from tests.conftest import NOON
from tests.region.seeding import Region

WHOLE = Sheet("Un bel été.", has_consents=True, names_region=True, is_reread=True)


def officer() -> Actor:
    return factories.actor(factories.person(duties=[(Role.REGION_OFFICER, REGION)]))


def shown() -> set[int]:
    return set(db.session.scalars(select(Project.id).where(published())))


def test_a_supported_project_is_shown_once_it_is_published(client: FlaskClient, place: Region) -> None:
    project = place.project("Fanfare", is_published=False)
    assert "Fanfare" not in client.get("/initiatives").text
    hive.publish(officer(), project.id, WHOLE)
    assert "Fanfare" in client.get("/initiatives").text
    assert [event.action for event in events_of(project.on)] == ["published"]


@pytest.mark.parametrize("state", ["submitted", "rejected", "cancelled", "draft"])
def test_only_what_is_supported_is_published(place: Region, state: str) -> None:
    project = place.project(state=state)
    with pytest.raises(NotNow, match="Seul un projet soutenu"):
        hive.publish(officer(), project.id, WHOLE)


@pytest.mark.parametrize(
    ("lacking", "field"),
    [({"summary": "  "}, "summary"), ({"has_consents": False}, "has_consents"), ({"names_region": False}, "names_region"),
     ({"is_reread": False}, "is_reread"), ({"cover_id": 9}, "cover_id")],
)  # fmt: skip
def test_what_lacks_on_the_checklist_is_refused_beside_its_field(place: Region, lacking: dict[str, object], field: str) -> None:
    project = place.project(is_published=False)
    with pytest.raises(Invalid) as refused:
        hive.publish(officer(), project.id, replace(WHOLE, **lacking))
    assert refused.value.field == field
    assert shown() == set()


@pytest.mark.parametrize("lacking", ["has_consents", "names_region", "is_reread"])
def test_the_database_keeps_no_publication_without_its_checklist(place: Region, lacking: str) -> None:
    project = place.project(is_published=False)
    answers = vars(WHOLE) | {lacking: False}
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Publication(project_id=project.id, published_at=clock.now(), **answers))


def test_a_picture_is_shown_only_with_the_agreement_of_who_is_on_it(app: Flask) -> None:
    project, picture, refused = reports.closed_with_pictures()
    with pytest.raises(Invalid) as why:
        hive.publish(officer(), project.id, replace(WHOLE, cover_id=refused, cover_words="Des voisins."))
    assert why.value.field == "cover_id"
    with pytest.raises(Invalid) as why:
        hive.publish(officer(), project.id, replace(WHOLE, cover_id=picture))
    assert why.value.field == "cover_words"
    assert hive.publish(officer(), project.id, replace(WHOLE, cover_id=picture, cover_words="Le square.")).cover_id == picture


def test_what_is_withdrawn_leaves_the_gallery_with_its_reason_and_may_come_back(client: FlaskClient, place: Region) -> None:
    project = place.project("Fanfare")
    pages = ("/", "/initiatives", "/initiatives/carte")
    assert all("Fanfare" in client.get(page).text for page in pages)
    with pytest.raises(Invalid):
        hive.withdraw(officer(), project.id, "  ")
    hive.withdraw(officer(), project.id, "Une famille le demande.")
    assert not any("Fanfare" in client.get(page).text for page in pages)
    assert db.session.scalars(select(Project.id).where(supported())).all() == [project.id], "it is still supported"
    assert events_of(project.on)[-1].reason == "Une famille le demande."
    with pytest.raises(NotNow):
        hive.withdraw(officer(), project.id, "Encore.")
    hive.publish(officer(), project.id, WHOLE)
    assert shown() == {project.id}
    kept = db.session.scalars(select(Publication.withdrawn_reason).order_by(Publication.id)).all()
    assert kept == ["Une famille le demande.", ""]


def test_a_hidden_project_is_not_shown_and_comes_back_with_it(place: Region) -> None:
    project = place.project()
    watcher = factories.actor(factories.person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))
    hidden = hiding.hide(watcher, project.id, "project", "Injure.")
    assert shown() == set()
    hiding.show_again(watcher, project.id, hidden.id, "Corrigé.")
    assert shown() == {project.id}


def test_who_keeps_a_fund_publishes_only_when_the_region_lets_them(app: Flask) -> None:
    project = factories.pic_granted()
    assert project.call is not None
    fund, manager = project.call.fund, factories.manager_of(project.call.fund)
    with pytest.raises(Forbidden):
        hive.publish(manager, project.id, WHOLE)
    with pytest.raises(Forbidden):
        hive.delegate(manager, fund.id, is_given=True)
    hive.delegate(officer(), fund.id, is_given=True)
    elsewhere = factories.manager_of(factories.pic_fund())
    with pytest.raises(Forbidden):
        hive.publish(elsewhere, project.id, WHOLE)
    hive.publish(manager, project.id, WHOLE)
    hive.delegate(officer(), fund.id, is_given=False)
    with pytest.raises(Forbidden):
        hive.withdraw(manager, project.id, "Trop tard.")
    assert {"publishing_delegated", "publishing_taken_back"} <= {event.action for event in events_of(fund.on)}


def test_nobody_publishes_a_project_in_which_they_have_a_part(app: Flask) -> None:
    bearer = factories.person(duties=[(Role.REGION_OFFICER, REGION)])
    project = factories.pic_granted(bearer=factories.actor(bearer))
    with pytest.raises(Forbidden):
        hive.publish(factories.actor(bearer), project.id, WHOLE)


@pytest.mark.slow
def test_two_who_publish_at_once_publish_once(app: Flask, place: Region) -> None:
    project_id, who, gate = place.project(is_published=False).id, officer(), Barrier(8)
    db.session.remove()

    def publish(_turn: int) -> bool:
        with app.app_context(), clock.at(NOON):
            gate.wait()
            try:
                return bool(hive.publish(who, project_id, WHOLE))
            except NotNow:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(publish, range(8))) == 1
    assert db.session.scalar(select(func.count()).select_from(Publication)) == 1
