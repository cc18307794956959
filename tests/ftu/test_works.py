"""Works milestone by milestone: days promised and kept, delays with their cause, money, photos, letters; then their use."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import DatabaseError

from citizen import clock
from citizen.db import db, transaction
from citizen.files.services import prepare
from citizen.ftu import showing, works
from citizen.ftu.milestones import KINDS, Stage, faults, months_after
from citizen.ftu.models import FtuProject
from citizen.ftu.works import Money, Told
from citizen.ftu.works_models import Milestone
from citizen.funds import ledger
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden, NotNow
from citizen.mail.models import Letter
from citizen.payments import figures
from citizen.projects import ending, recounting
from citizen.projects import services as projects
from tests import reports
from tests.factories import actor, login, person
from tests.ftu.test_vote import counted
from tests.works import granted, works_officer

DAY = timedelta(days=1)


def site(cents: int = 6_500_00, **terms: object) -> tuple[Actor, FtuProject]:
    """Works that the vote selected and the commune finances."""
    officer = works_officer()
    found = counted(officer, [6_500_00], [[0]], terms=terms or None)["Projet 1"]
    return officer, granted(officer, found.id, cents)


def days(**told: object) -> dict[str, Told]:
    """What is told of milestones: a day foreseen, or a Told."""
    return {kind: one if isinstance(one, Told) else Told(one) for kind, one in told.items()}  # type: ignore[arg-type]


def photo(colour: str = "green") -> BytesIO:
    kept = BytesIO()
    Image.new("RGB", (320, 200), colour).save(kept, "JPEG")
    kept.seek(0)
    return kept


def letters(subject: str) -> list[Letter]:
    return list(db.session.scalars(db.select(Letter).where(Letter.subject.contains(subject))))


def test_a_day_promised_stays_and_a_delay_says_its_cause(app: Flask) -> None:
    officer, made = site()
    today = clock.today()
    assert works.follow(officer, made.id, days(order=today + 10 * DAY)) != []
    with pytest.raises(Invalid) as error:
        works.follow(officer, made.id, days(order=today + 30 * DAY))
    assert error.value.field == "cause_order"
    moved = works.follow(
        officer, made.id, days(order=Told(today + 30 * DAY, responsible="La régie", cause="Pas de réponse des entreprises."))
    )
    assert "au lieu du" in moved[0]
    kept = db.session.get_one(Milestone, (made.id, "order"))
    assert (kept.promised_on, kept.planned_on) == (today + 10 * DAY, today + 30 * DAY)
    assert kept.stage.late_days(today) == 20
    assert works.follow(officer, made.id, days(order=Told(today + 30 * DAY, cause="Pas de réponse des entreprises."))) == []
    for name, value in (("promised_on", today + 30 * DAY), ("cause", "")):
        with pytest.raises(DatabaseError), transaction():
            setattr(db.session.get_one(Milestone, (made.id, "order")), name, value)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"start": 10, "end": 5}, "planned_end"), ({"start": ("done", 5)}, "done_start"),
        ({"order": 5, "start": ("done", 0)}, "done_start"),
    ],
)  # fmt: skip
def test_days_that_do_not_hold_together_are_refused(app: Flask, told: dict, field: str) -> None:
    officer, made = site()

    def day(one: object) -> Told:
        if isinstance(one, tuple):
            return Told(None, clock.today() + one[1] * DAY)
        return Told(clock.today() + one * DAY)  # type: ignore[operator]

    with pytest.raises(Invalid) as error:
        works.follow(officer, made.id, {kind: day(one) for kind, one in told.items()})
    assert error.value.field == field
    assert not works.milestones_of(made.id)


def test_what_was_announced_is_not_wiped(app: Flask) -> None:
    officer, made = site()
    works.follow(officer, made.id, days(order=clock.today()))
    with pytest.raises(Invalid, match="annoncé"):
        works.follow(officer, made.id, {})


def test_only_the_commune_follows_works_that_are_financed(app: Flask) -> None:
    officer, made = site()
    with pytest.raises(Forbidden):
        works.follow(works_officer("80021"), made.id, days(order=clock.today()))
    with pytest.raises(Forbidden):
        works.follow(Actor(made.bearer_id, "", officer.duties), made.id, days(order=clock.today()))
    other = counted(officer, [5_000_00], [[0]], envelope_cents=10_000_00)
    waiting = next(one for one in other.values() if one.state == "selected")
    with pytest.raises(NotNow):
        works.follow(officer, waiting.id, days(order=clock.today()))


def test_rules_of_days() -> None:
    start = date(2027, 8, 31)
    assert months_after(start, 6) == date(2028, 2, 29)
    assert Stage(start, start).late_days(start + 3 * DAY) == 3, "a day that passed is late though nobody says it"
    assert Stage(start, start, start - DAY).late_days(start + 9 * DAY) == 0
    assert list(faults({kind: Stage(start, start) for kind in KINDS}, start)) == []


def test_who_follows_gets_one_letter_a_day_whatever_moved(app: Flask) -> None:
    officer, made = site()
    neighbour, gone = person(), person(verified=False)
    for who in (neighbour, gone):
        projects.follow(actor(who), made.id, is_following=True)
    today = clock.today()
    works.follow(officer, made.id, days(order=Told(today, today)))
    works.follow(officer, made.id, days(order=Told(today, today), start=today + 5 * DAY))
    assert not letters("les travaux avancent"), "nothing leaves before the end of the day"
    assert works.tell_all() == 2, "the neighbour and who bears it"
    told = letters("les travaux avancent")
    assert {one.to for one in told} == {neighbour.email, made.bearer.email}
    assert all("commandés" in one.body and "Début du chantier" in one.body for one in told)
    assert works.tell_all() == 0, "told once"


@pytest.mark.parametrize("cents", [6_000_00, 7_000_00])
def test_the_money_of_the_works_stays_within_what_was_financed(app: Flask, cents: int) -> None:
    officer, made = site()
    left = made.call.remaining_cents
    for real in (600_00, cents):  # typed wrong, then right
        works.account(officer, made.id, Money(real_cents=real))
    assert (made.call.remaining_cents, ledger.of_project(made.id).kept) == (left, 6_500_00), "free again when it is closed"
    bearer = reports.bearer_of(made)
    recounting.write(bearer, made.id, held_on=clock.today(), place="Le square", participants=40, story="Trois bancs neufs.")
    recounting.add_line(bearer, made.id, side="expense", nature="capital", label="Travaux", spent_cents=1_00)
    recounting.send(bearer, made.id)
    ending.close(officer, made.id)
    kept = min(cents, 6_500_00)
    assert (made.call.remaining_cents, ledger.of_project(made.id).kept) == (left + 6_500_00 - kept, kept)
    assert figures.differences() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"asked_cents": 1_00}, "asked_on"), ({"asked_cents": 7_000_00, "asked_on": 0}, "asked"), ({"asked_on": 0}, "asked"),
        ({"asked_cents": 1_00, "asked_on": 0, "agreed_cents": 2_00, "answered_on": 0, "reference": "R"}, "agreed"),
        ({"asked_cents": 1_00, "asked_on": 0, "agreed_cents": 1_00, "answered_on": 0}, "reference"),
        ({"asked_cents": 1_00, "asked_on": 0, "agreed_cents": 1_00, "answered_on": -1, "reference": "R"}, "answered_on"),
        ({"asked_cents": 1_00, "asked_on": 0, "answered_on": 0}, "agreed"), ({"asked_cents": 1_00, "asked_on": 1}, "asked_on"),
        ({"real_cents": 0}, "real"),
    ],
)  # fmt: skip
def test_money_that_does_not_hold_together_is_refused(app: Flask, wrong: dict, field: str) -> None:
    officer, made = site()
    values = {name: clock.today() + value * DAY if name.endswith("_on") else value for name, value in wrong.items()}
    with pytest.raises(Invalid) as error:
        works.account(officer, made.id, Money(**values))
    assert error.value.field == field


def test_the_region_is_asked_at_most_the_rate_of_the_rules(app: Flask) -> None:
    officer, made = site(region_rate_percent=40)
    asked = {"asked_on": clock.today()}
    with pytest.raises(Invalid):
        works.account(officer, made.id, Money(asked_cents=2_600_01, **asked))
    works.account(officer, made.id, Money(asked_cents=2_600_00, **asked))
    assert "réponse attendue" in showing.money(made)[1][1]
    told = {"asked_cents": 2_600_00, **asked, "answered_on": clock.today(), "reference": "CP 2027-118"}
    works.account(officer, made.id, Money(agreed_cents=0, **told))
    assert "refusé" in showing.money(made)[1][1]


def test_the_same_spot_before_and_after(app: Flask, client: FlaskClient) -> None:
    officer, made = site()
    taken = works.photograph(
        officer, made.id, spot="L’entrée du square", prepared=prepare(photo(), "avant.jpg", images_only=True)
    )
    keeper = person(duties=[("commune_officer", "commune:59360")])
    number = made.id
    with clock.at(clock.now() + 60 * DAY):
        login(client, keeper)
        page = client.get(f"/ftu/{number}/photos/{taken.id}").text
        assert f"/documents/{taken.before_id}" in page, "the picture to take again is shown"
        assert client.get(f"/ftu/{number}/photos/999").status_code == 404
        sent = {"photo": (photo("blue"), "apres.jpg")}
        assert client.post(f"/ftu/{number}/photos/{taken.id}", data=sent).status_code == 303
        again = {"photo": (photo("red"), "encore.jpg")}
        assert client.post(f"/ftu/{number}/photos/{taken.id}", data=again).status_code == 303
        assert client.post(f"/ftu/{number}/photos/{taken.id}", data={}).status_code == 422
    shown = client.get(f"/projets/{number}", follow_redirects=True).text
    assert shown.count("Après : L’entrée du square") >= 1
    assert len(db.session.get_one(FtuProject, number).attachments) == 2, "the one before is gone with its file"


def test_the_public_page_tells_the_whole_way(app: Flask, client: FlaskClient) -> None:
    officer, made = site()
    today = clock.today()
    works.follow(officer, made.id, days(order=Told(today, today), start=today + 5 * DAY))
    works.follow(
        officer, made.id, days(order=Told(today, today), start=Told(today + 9 * DAY, responsible="La régie", cause="Le gel."))
    )
    page = client.get(f"/projets/{made.id}", follow_redirects=True).text
    for words in (
        "De la proposition à l’usage",
        "Voté par les habitants",
        "Retenu",
        "C’est à la commune.",
        "Le gel.",
        "4 jours de retard",
    ):
        assert words in page, words
    assert "1 voix" not in page, "one ballot would tell what its voter chose"
    entries = showing.journey(made)
    assert [one.state for one in entries].count("now") == 1
    assert [one.label for one in entries if one.state == "now"] == ["Cahier des charges"]
