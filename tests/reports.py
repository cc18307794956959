"""Projects that were done, and their final reports, made by calling the services."""

import io
from datetime import datetime, time, timedelta
from typing import Any

from PIL import Image

from citizen import clock
from citizen.funds import ledger
from citizen.kernel.access import Actor
from citizen.pic import services as pic
from citizen.pic.conditions import CONDITIONS
from citizen.pic.models import PicProject
from citizen.projects import ending, outturn, recounting
from citizen.projects.models import Project
from tests import factories

MARKS = {one.slug: (4, "Bien tenue.") for one in CONDITIONS}


def bearer_of(project: Project) -> Actor:
    return factories.actor(project.bearer)


def reviewer_of(project: Project) -> Actor:
    assert project.call is not None
    return factories.manager_of(project.call.fund)


def done(*, granted: int = 500_00, paid: int = 0, **values: Any) -> PicProject:
    """A PIC that was granted and partly paid; call the rest inside ``after(project)``."""
    project = factories.pic_granted(amount_cents=granted, **values)
    if paid:
        assert project.call_id is not None
        ledger.pay(reviewer_of(project), project.call_id, project.id, paid, reference="Virement 1")
    return project


def after(project: Project, days: int = 1) -> Any:
    """Inside, the action is over since so many days."""
    assert project.ends_on is not None
    return clock.at(datetime.combine(project.ends_on + timedelta(days=days), time(12), clock.LOCAL))


def write(project: Project, spent: int, by: Actor | None = None, **values: Any) -> None:
    """A report with nothing missing; the whole cost on the first line of the budget."""
    by = by or bearer_of(project)
    told = {"held_on": project.starts_on, "place": "Le square", "participants": 40, "story": "Une belle fête du quartier."}
    recounting.write(by, project.id, **told | values)
    keys = [row.key for row in outturn.rows(project)]
    recounting.tell_spending(by, project.id, dict.fromkeys(keys, 0) | {keys[0]: spent})
    if isinstance(project, PicProject):
        pic.see_afterwards(by, project.id, MARKS)


def sent(project: Project, spent: int, **values: Any) -> None:
    """A report that its team sent."""
    write(project, spent, **values)
    recounting.send(bearer_of(project), project.id)


def photo(colour: str = "red") -> io.BytesIO:
    """The bytes of a small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(kept, "JPEG")
    kept.seek(0)
    return kept


def closed_with_pictures() -> tuple[PicProject, int, int]:
    """A finished project whose report is accepted, a picture that may be shown, and one that somebody refused."""
    project = done(granted=500_00, paid=500_00)
    with after(project):
        write(project, 600_00)
        for colour, shows_people in (("red", False), ("blue", True)):
            recounting.add_picture(
                bearer_of(project), project.id, stream=photo(colour), filename="fête.jpg", caption="Le square",
                shows_people=shows_people, has_consent=False, consent_kept_by="",
            )  # fmt: skip
        recounting.send(bearer_of(project), project.id)
        ending.close(reviewer_of(project), project.id)
    assert project.report is not None
    shown, refused = (picture.attachment_id for picture in project.report.pictures)
    return project, shown, refused
