"""What the Region shows of the demonstration: most of what is supported, with the pictures that may be shown."""

from collections.abc import Iterable

from sqlalchemy import select

from citizen.db import db
from citizen.demo import pic
from citizen.demo.dossier import Plan, Stage
from citizen.demo.pic_stories import PIC_STORIES
from citizen.demo.places import Quarter
from citizen.pic.models import PicFund
from citizen.projects import outturn
from citizen.projects import services as life
from citizen.projects.listing import open_calls
from citizen.projects.models import Project
from citizen.region import hive, spreading
from citizen.region.queries import open_publication, published, supported

COLLECTIONS = (
    (
        "Une première fois, à plusieurs",
        "Des équipes qui n’avaient jamais monté de projet, et qui racontent comment elles ont fait.",
    ),
    ("Dehors, toute l’année", "Des jardins, des places et des pieds d’immeubles où l’on se retrouve."),
)
TAKEN_UP = -6
WITHDRAWN = "Une personne sur l’image ne veut plus qu’on la montre."


def play(stage: Stage, places: Iterable[Quarter]) -> None:
    """Six supported projects of seven are published two weeks after their decision; one was taken back."""
    officer = stage.cast.account("region")
    fund = db.session.scalars(select(PicFund.id).order_by(PicFund.id)).first()
    with stage.days.at(-300):
        if fund:
            hive.delegate(officer, fund, is_given=True)
    found = db.session.scalars(select(Project).where(supported()).order_by(Project.decided_on, Project.id)).all()
    chosen = [one for rank, one in enumerate(found) if rank % 7 != 3]
    for project in chosen:
        assert project.decided_on is not None
        with stage.days.at(min(-2, stage.days.offset(project.decided_on) + 14), 10):
            hive.publish(officer, project.id, sheet_of(project))
    with stage.days.at(-1, 11):
        for project in chosen[8:9]:
            assert open_publication(project.id)
            hive.withdraw(officer, project.id, WITHDRAWN)
    _show(stage, places)


def _show(stage: Stage, places: Iterable[Quarter]) -> None:
    """Collections, the picture of the month, and a finished project that two quarters took up."""
    officer, days = stage.cast.account("region"), stage.days
    finished = [
        one for one in db.session.scalars(select(Project).where(published()).order_by(Project.id)) if outturn.is_published(one)
    ]
    pictured = [one for one in finished if outturn.public_pictures(one)]
    with days.at(-20):
        for rank, (title, text) in enumerate(COLLECTIONS):
            made = hive.make_collection(officer, title=title, text=text, is_shown=True)
            for project in finished[rank :: len(COLLECTIONS)][:6]:
                hive.place_in_collection(officer, made.id, project.id, "ajouter")
    for project in pictured[-1:]:
        picture = outturn.public_pictures(project)[0]
        with days.at(0, 7):
            hive.choose_picture(
                officer, project.id, picture.id, days.today, credit="dessin de l’équipe", words=picture.caption or project.title
            )
    for project in [one for one in finished if one.scheme == "pic"][:1]:
        _take_up(stage, places, project)


def _take_up(stage: Stage, places: Iterable[Quarter], origin: Project) -> None:
    """Two neighbours elsewhere take it up and lodge their own file."""
    story = next(one for one in PIC_STORIES if one.summary == origin.summary)
    with stage.days.at(TAKEN_UP):
        far = [one for one in places if one.perimeter_id != origin.perimeter_id and open_calls("pic", one.commune)][:2]
    for rank, quarter in enumerate(far):
        bearer, spot = stage.cast.resident(), quarter.spot(stage.cast.dice)
        with stage.days.at(TAKEN_UP, 18 + rank):
            draft = spreading.take_up(bearer, origin.id, quarter.commune, quarter.perimeter_id)
        day, costs = stage.days.on(80 + rank), [(line.label, line.amount_cents // 100) for line in draft.lines]
        plan = Plan(day, day, costs, min(draft.terms.cap_cents(1) // 100, sum(cost for _label, cost in costs) * 4 // 5))
        pic.fill(stage, bearer, draft.id, TAKEN_UP + 3, story, spot, plan, draft.terms.themes[story.theme])
        with stage.days.at(TAKEN_UP, 22):
            life.lodge(bearer, draft.id)


def sheet_of(project: Project) -> hive.Sheet:
    """The texts as the team wrote them, and its first picture."""
    report = project.report if outturn.is_published(project) else None
    picture = next(iter(outturn.public_pictures(project)), None)
    return hive.Sheet(
        summary=project.summary, story=report.story if report else "", differently=report.differently if report else "",
        cover_id=picture.id if picture else None, cover_words=picture.caption if picture else "", has_consents=True,
        names_region=True, is_reread=True,
    )  # fmt: skip
