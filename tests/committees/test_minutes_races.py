"""Two people sign at the same instant: everything is released once."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from citizen import clock
from citizen.committees import minutes, recording
from citizen.committees.records import Minutes
from citizen.committees.rules import proof
from citizen.db import db
from citizen.funds.models import LedgerEntry
from citizen.kernel.lifecycle import NotNow
from citizen.projects.models import Decision
from tests import rooms
from tests.conftest import NOON
from tests.factories import manager_of, pic_inscribed


@pytest.mark.slow
def test_two_signatures_at_once_release_once(app: Flask) -> None:
    project = pic_inscribed()
    session = project.waiting.session
    with clock.at(session.held_at):
        rooms.settled(project, "grant")
        rooms.closed(session)
    session_id, signer = session.id, manager_of(session.fund)
    seen = proof(recording.content(recording.session_for_minutes(session_id)))
    db.session.rollback()
    start, told = threading.Barrier(2), []

    def sign() -> None:
        with clock.at(NOON), app.app_context():
            start.wait()
            try:
                told.append(minutes.sign(signer, session_id, seen=seen))
            except NotNow:
                told.append(False)

    threads = [threading.Thread(target=sign) for _rank in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False, True]
    kinds = [entry.kind for entry in db.session.scalars(select(LedgerEntry).where(LedgerEntry.project_id == project.id))]
    assert kinds.count("commitment") == 1
    assert (db.session.query(Minutes).count(), db.session.query(Decision).count()) == (1, 1)
