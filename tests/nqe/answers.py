"""Odd answers to try on every field, and the project as the database keeps it."""

from citizen.db import db
from citizen.nqe.models import NqeProject

ODD = ["", "x" * 20_000, "\x00é", b"\xed\xa0\x80", "99999999999999999999", "2027-13-45"]


def stored(project: NqeProject) -> NqeProject:
    """The project read again."""
    db.session.rollback()
    return db.session.get_one(NqeProject, project.id, populate_existing=True)
