"""What the Region shows of the demonstration: most of what is supported, with the pictures that may be shown."""

from sqlalchemy import select

from citizen.db import db
from citizen.demo.dossier import Stage
from citizen.pic.models import PicFund
from citizen.projects import outturn
from citizen.projects.models import Project
from citizen.region import hive
from citizen.region.queries import open_publication, supported

WITHDRAWN = "Une personne sur l’image ne veut plus qu’on la montre."


def play(stage: Stage) -> None:
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


def sheet_of(project: Project) -> hive.Sheet:
    """The texts as the team wrote them, and its first picture."""
    report = project.report if outturn.is_published(project) else None
    picture = next(iter(outturn.public_pictures(project)), None)
    return hive.Sheet(
        summary=project.summary, story=report.story if report else "", differently=report.differently if report else "",
        cover_id=picture.id if picture else None, cover_words=picture.caption if picture else "", has_consents=True,
        names_region=True, is_reread=True,
    )  # fmt: skip
