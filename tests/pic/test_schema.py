"""No money without the three conditions, whoever writes: what the database itself refuses."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from citizen.committees import services as committees
from citizen.db import db, transaction
from citizen.pic.models import PicProject
from tests.factories import (
    manager_of,
    pic_granted,
    pic_heard,
    pic_inscribed,
    pic_session,
)  # fmt: skip
from tests.rooms import decide

GRANT = "UPDATE project SET state='granted', granted_cents=100, decided_on='2027-03-10' WHERE id={id}"


JUDGE = "INSERT INTO pic_judgement (agenda_item_id, condition, verdict, reason) VALUES ({item}, '{slug}', '{verdict}', 'x')"


def raw(*statements: str) -> None:
    """Past every service, straight to the tables."""
    with transaction():
        for statement in statements:
            db.session.execute(text(statement))


def refused(*statements: str) -> None:
    with pytest.raises(DBAPIError, match="three conditions"):
        raw(*statements)


def test_the_schema_refuses_a_grant_without_three_conditions_judged_met(app: Flask) -> None:
    grant = GRANT.format(id=pic_inscribed().id)
    for state in ("granted", "report_submitted", "closed", "cancelled"):
        refused(grant.replace("granted'", f"{state}'"))


def test_the_schema_refuses_a_grant_on_two_conditions(app: Flask) -> None:
    project = pic_inscribed()
    item, grant = project.waiting.id, GRANT.format(id=project.id)
    raw(*(JUDGE.format(item=item, slug=slug, verdict="met") for slug in ("active-citizenship", "collective-interest")))
    refused(grant)
    for verdict in ("partly", "not_met"):
        refused(JUDGE.format(item=item, slug="local-need", verdict=verdict), grant)
    raw(JUDGE.format(item=item, slug="local-need", verdict="met"), grant)


def test_the_schema_refuses_a_grant_on_what_was_judged_before_a_deferral(app: Flask) -> None:
    project = pic_heard()
    decide(project, "defer", cents=None)
    later = pic_session(project.call.fund, days=40)
    committees.inscribe(manager_of(project.call.fund), later.id, project.id)
    refused(GRANT.format(id=project.id))


def test_the_schema_refuses_to_bring_a_granted_project_into_the_pic_or_to_insert_one(app: Flask) -> None:
    project_id = pic_inscribed().id
    scheme = f"UPDATE project SET scheme='{{}}' WHERE id={project_id}"
    refused(scheme.format("idea"), GRANT.format(id=project_id), scheme.format("pic"))
    columns = ", ".join(one.name for one in PicProject.__table__.metadata.tables["project"].columns if one.name != "id")
    kept = columns.replace("state", "'granted'", 1).replace("granted_cents", "100").replace("decided_on", "date '2027-03-10'")
    kept = kept if db.engine.dialect.name == "postgresql" else kept.replace("date '", "'")
    refused(f"INSERT INTO project (id, {columns}) SELECT 9999, {kept} FROM project WHERE id={project_id}")


@pytest.mark.parametrize("change", ["UPDATE pic_judgement SET verdict='not_met'", "DELETE FROM pic_judgement"])
def test_what_was_judged_stays(app: Flask, change: str) -> None:
    pic_granted()
    with pytest.raises(DBAPIError, match="append-only"), transaction():
        db.session.execute(text(change))
