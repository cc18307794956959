"""Stories, pictures, collections and copies: what everybody sees of a published initiative, and nothing once it is withdrawn."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citizen import clock
from citizen.db import db
from citizen.kernel.access import PLATFORM, REGION, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.people.models import Person
from citizen.pic.models import PicProject
from citizen.projects import hiding
from citizen.projects.models import Project
from citizen.region import hive, spreading
from citizen.region.hive_models import Descent
from citizen.web import printing
from tests import factories, reports
from tests.region import seeding
from tests.region.seeding import Region
from tests.region.test_hive import officer
from tests.region.test_pages import words

STORY = "On a sorti les tables, et toute la rue est venue."


@dataclass(frozen=True)
class Told:
    """A finished project, published with its picture, in a collection and picture of the month."""

    project: PicProject
    picture: int
    collection: int

    @property
    def addresses(self) -> list[str]:
        here = f"/initiatives/{self.project.id}"
        return [here, f"{here}/image.png", f"{here}/fiche", f"{here}/arbre"]


@pytest.fixture
def told(app: Flask) -> Told:
    project, picture, _refused = reports.closed_with_pictures()
    factories.published(
        project, story=STORY, differently="Commencer plus tôt.", cover_id=picture, cover_words="Le square en fête"
    )
    region = officer()
    made = hive.make_collection(region, title="Rues vivantes", text="Dehors.", is_shown=True)
    hive.place_in_collection(region, made.id, project.id, "ajouter")
    hive.choose_picture(region, project.id, picture, date(2027, 3, 10), credit="Les voisins", words="Le square en fête")
    return Told(project, picture, made.id)


def test_a_story_tells_what_was_done_for_how_much_and_how_long_it_took(client: FlaskClient, told: Told) -> None:
    with reports.after(told.project, 30):
        shown = words(client, f"/initiatives/{told.project.id}")
    assert STORY in shown
    assert "Commencer plus tôt." in shown
    assert "Coût réel 600 €" in shown
    assert "Personnes venues 40" in shown
    assert "C’est fait 9 mai 2027" in shown
    assert "En tout : 60 jours." in shown
    page = client.get(f"/initiatives/{told.project.id}").text
    assert f'content="http://localhost:8000/initiatives/{told.project.id}/image.png"' in page
    assert 'alt="Le square en fête"' in page
    assert f"/initiatives/{told.project.id}" in client.get(f"/projets/{told.project.id}", follow_redirects=True).text


def test_the_picture_to_share_and_the_sheet_are_there(client: FlaskClient, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "pdf", lambda _page: None)
    _story, image, sheet, _tree = map(client.get, told.addresses)
    assert image.data.startswith(b"\x89PNG")
    assert image.headers["Cache-Control"] == "public, no-cache"
    assert STORY in sheet.text
    assert 'src="data:image/webp;base64,' in sheet.text


SHOWN = ("/", "/initiatives", "/initiatives/carte")


def test_what_is_withdrawn_is_withdrawn_everywhere(client: FlaskClient, told: Told) -> None:
    shown = (*SHOWN, f"/initiatives/collections/{told.collection}")
    reader = factories.person()

    def seen() -> set[str]:
        db.session.rollback()
        listed = {page for page in shown if told.project.title in client.get(page).text}
        return listed | {page for page in told.addresses if client.get(page).status_code == 200}

    def points() -> int:
        found = client.get("/initiatives/points.geojson").get_json(force=True)["features"]
        return sum(one["properties"]["count"] for one in found)

    assert seen() == {*shown, *told.addresses}
    assert points() == 1
    assert "L’image du mois" in client.get("/initiatives").text
    hive.withdraw(officer(), told.project.id, "Une famille le demande.")
    assert seen() == set()
    assert points() == 0
    gallery = client.get("/initiatives").text
    assert "L’image du mois" not in gallery
    assert "Rues vivantes" not in gallery, "nothing is left in it"
    with pytest.raises(NotNow):
        spreading.take_up(factories.actor(reader), told.project.id, None, None)
    factories.login(client, reader)
    assert client.get(f"/initiatives/{told.project.id}/reprendre").status_code == 404


def test_what_is_hidden_is_nowhere_either(client: FlaskClient, told: Told) -> None:
    watcher = factories.actor(factories.person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))
    hiding.hide(watcher, told.project.id, "project", "Injure.")
    assert {client.get(page).status_code for page in told.addresses} == {404}
    pages = (*SHOWN, f"/initiatives/collections/{told.collection}")
    assert not [page for page in pages if told.project.title in client.get(page).text]
    assert "L’image du mois" not in client.get("/initiatives").text


def test_a_picture_that_is_hidden_alone_leaves_the_story_in_words(client: FlaskClient, told: Told) -> None:
    watcher = factories.actor(factories.person(duties=[(Role.ADMINISTRATOR, PLATFORM)]))
    hiding.hide(watcher, told.project.id, f"photo-{told.picture}", "Reconnaissable.")
    for page in ("/initiatives", f"/initiatives/{told.project.id}", "/"):
        assert f"documents/{told.picture}" not in client.get(page).text
    assert STORY in words(client, f"/initiatives/{told.project.id}")
    with pytest.raises(Invalid):
        hive.choose_picture(officer(), told.project.id, told.picture, clock.today(), credit="x", words="x")


def test_the_page_of_the_checklist_says_what_lacks_beside_its_field_and_keeps_what_was_typed(
    client: FlaskClient, place: Region
) -> None:
    project = place.project("Fanfare", is_published=False)
    factories.login(client, factories.person(duties=[(Role.REGION_OFFICER, REGION)]))
    assert "Fanfare" in client.get("/publications").text
    address = f"/publications/{project.id}"
    answer = client.post(address, data={"summary": "De la musique partout.", "has_consents": "y"})
    assert answer.status_code == 422
    told = {name: f'id="{name}-erreur"' in answer.text for name in ("has_consents", "names_region", "is_reread")}
    assert told == {"has_consents": False, "names_region": True, "is_reread": True}
    assert "De la musique partout." in answer.text
    whole = {"summary": "De la musique partout.", "has_consents": "y", "names_region": "y", "is_reread": "y"}
    assert client.post(address, data=whole).location == f"/initiatives/{project.id}"
    assert "De la musique partout." in client.get("/initiatives").text
    assert client.post(f"{address}/retirer", data={"reason": ""}).status_code == 422
    client.post(f"{address}/retirer", data={"reason": "Une famille le demande."})
    assert "Une famille le demande." in client.get(address).text
    assert "Fanfare" in client.get("/publications?etat=retirees").text


def test_who_keeps_a_delegated_fund_sees_its_projects_only(client: FlaskClient, place: Region) -> None:
    place.project("Fanfare", is_published=False)
    mine = factories.pic_granted()
    assert mine.call is not None
    keeper = factories.person(duties=[(Role.FUND_MANAGER, mine.call.fund.on)])
    factories.login(client, keeper)
    assert client.get("/publications").status_code == 403
    hive.delegate(officer(), mine.call.fund_id, is_given=True)
    listed = client.get("/publications").text
    assert mine.title in listed
    assert "Fanfare" not in listed
    assert client.get("/region/collections").status_code == 403
    assert "Publier les initiatives" in client.get(f"/fonds/{mine.call.fund_id}").text


def test_a_collection_keeps_the_order_of_the_region_and_waits_to_be_shown(client: FlaskClient, place: Region) -> None:
    titles = ("Alpha", "Bravo", "Charlie")
    numbers = {title: place.project(title).id for title in titles}
    who = factories.person(duties=[(Role.REGION_OFFICER, REGION)])
    made = hive.make_collection(factories.actor(who), title="Trois", text="", is_shown=False)
    address = f"/region/collections/{made.id}"
    factories.login(client, who)
    assert "Bravo" in client.get(f"{address}?q=bravo").text
    for title in titles:
        assert client.post(f"{address}/{numbers[title]}", data={"sens": "ajouter"}).status_code == 303
    client.post(f"{address}/{numbers['Charlie']}", data={"sens": "haut"})
    client.post(f"{address}/{numbers['Charlie']}", data={"sens": "haut"})
    client.post(f"{address}/{numbers['Alpha']}", data={"sens": "bas"})
    client.post(f"{address}/{numbers['Bravo']}", data={"sens": "retirer"})
    client.post(f"{address}/{numbers['Bravo']}", data={"sens": "n’importe"})
    public = f"/initiatives/collections/{made.id}"
    assert client.get(public).status_code == 404
    client.post(address, data={"title": "Trois", "text": "Ensemble.", "is_shown": "y"})
    shown = words(client, public)
    assert shown.index("Charlie") < shown.index("Alpha")
    assert "Bravo" not in shown
    client.post(f"{address}/supprimer")
    assert client.get(public).status_code == 404


def test_only_the_region_makes_collections_and_delegates(app: Flask, told: Told) -> None:
    nobody = factories.actor(factories.person())
    for act in (
        lambda: hive.make_collection(nobody, title="x", text="", is_shown=True),
        lambda: hive.place_in_collection(nobody, told.collection, told.project.id, "retirer"),
        lambda: hive.choose_picture(nobody, told.project.id, told.picture, clock.today(), credit="x", words="x"),
    ):
        with pytest.raises(Forbidden):
            act()


def neighbour(client: FlaskClient) -> tuple[Person, str]:
    """Somebody signed in elsewhere, and their quarter as the list sends it."""
    place, who = factories.pic_quarter("La Bourgogne"), factories.person()
    factories.login(client, who)
    return who, f"{place.communes[0].code}:{place.id}"


def test_a_copy_carries_words_themes_and_real_costs_and_nothing_of_anybody(client: FlaskClient, told: Told) -> None:
    reporting_before = {one.id for one in told.project.attachments}
    who, quarter = neighbour(client)
    page = client.get(f"/initiatives/{told.project.id}/reprendre").text
    assert "Location de jeux" in page
    assert "Commencer plus tôt." in page
    key = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert key
    sent = {"quarter": quarter, "once": key[1]}
    answer = client.post(f"/initiatives/{told.project.id}/reprendre", data=sent)
    client.post(f"/initiatives/{told.project.id}/reprendre", data=sent)
    (descent,) = db.session.scalars(select(Descent)).all()
    assert answer.location.startswith(f"/projets/{descent.project_id}")
    draft = db.session.get_one(PicProject, descent.project_id)
    assert (draft.state, draft.is_public, draft.bearer_id) == ("draft", False, who.id)
    assert (draft.title, draft.summary) == (told.project.title, told.project.summary)
    assert [(line.label, line.amount_cents) for line in draft.lines] == [("Location de jeux", 600_00)]
    assert draft.perimeter is not None and draft.perimeter.name == "La Bourgogne"
    for name in ("description", "place", "need_spotted", "help_received", "task_sharing"):
        assert not getattr(draft, name), name
    assert (draft.team, draft.attachments, draft.organisation_id, draft.report, draft.lon) == ([], [], None, None, None)
    assert {one.id for one in told.project.attachments} == reporting_before
    lessons = words(client, answer.location if "-" in answer.location else client.get(answer.location).location)
    assert "Reprise de La fête des voisins du square" in lessons
    assert "Commencer plus tôt." in lessons


def test_a_project_that_is_not_finished_or_not_published_cannot_be_taken_up(client: FlaskClient, place: Region) -> None:
    project = place.project()
    who, _quarter = neighbour(client)
    assert client.get(f"/initiatives/{project.id}/reprendre").status_code == 404
    with pytest.raises(NotNow):
        spreading.take_up(factories.actor(who), project.id, None, None)


def test_the_tree_shows_public_copies_and_hangs_theirs_from_the_nearest(
    client: FlaskClient, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "may_be_taken_up", lambda _project: True)
    monkeypatch.setattr(spreading, "open_publication", lambda _id: spreading.Publication(summary="Une idée."))
    origin, who = told.project, factories.actor(factories.person())
    child, hidden = (spreading.take_up(who, origin.id, None, None) for _turn in range(2))
    grandchild = spreading.take_up(who, hidden.id, None, None)
    with seeding.transaction():
        for project, title in ((child, "Enfant"), (hidden, "Brouillon"), (grandchild, "Petit-enfant")):
            project.title, project.is_public = title, project is not hidden
    shown = words(client, f"/initiatives/{origin.id}/arbre")
    assert "Enfant" in shown
    assert "Petit-enfant" in shown
    assert "Brouillon" not in re.sub("Un brouillon", "", shown)
    tree = spreading.tree_of(origin.id)
    assert tree is not None
    assert [node.row.title for node in tree.children] == ["Enfant", "Petit-enfant"]
    assert "Reprise ailleurs une fois" in words(client, f"/initiatives/{origin.id}"), "of its own copies, the public one"
    assert spreading.origin_of(child.id) == spreading.Origin(
        spreading.cards(Project.id == origin.id, limit=1)[0], "Commencer plus tôt."
    )
    hive.withdraw(officer(), origin.id, "Une famille le demande.")
    assert spreading.origin_of(child.id) == spreading.Origin(None, "")


def test_the_gallery_asks_the_same_whatever_it_shows(told: Told, place: Region, queries: Callable[[str], int]) -> None:
    pages = (*SHOWN, "/initiatives/points.geojson", f"/initiatives/collections/{told.collection}", *told.addresses[::3])
    few = {page: queries(page) for page in pages}
    for project in seeding.many(place, 40):
        hive.place_in_collection(officer(), told.collection, project.id, "ajouter")
    assert {page: queries(page) for page in pages} == few


def test_nothing_of_the_team_stands_in_what_is_shown(client: FlaskClient, told: Told) -> None:
    names = [*(member.name for member in told.project.team), told.project.bearer.name, told.project.bearer.email]
    for page in (*SHOWN, "/initiatives/points.geojson", told.addresses[0], told.addresses[3]):
        shown = re.sub(r"<[^>]+>", " ", client.get(page).text)
        assert [name for name in names if re.search(rf"\b{re.escape(name)}\b", shown)] == [], page
