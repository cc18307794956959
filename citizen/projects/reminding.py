"""Sending the reminders whose day has come: at the command line, and once a day by the running server."""

import logging
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from citizen import clock
from citizen.db import db, transaction
from citizen.projects import letters, outturn, reminders, services
from citizen.projects.models import Project
from citizen.projects.reports import SentReminder

log = logging.getLogger(__name__)
A_DAY = 86_400.0


def remind_all() -> int:
    """Sends what is due today, each at most once whatever happens; gives how many left. One transaction a project."""
    states = {state for kind in reminders.KINDS for state in kind.states}
    numbers = db.session.scalars(select(Project.id).where(Project.state.in_(states)).order_by(Project.id)).all()
    return sum(remind(project_id) for project_id in numbers)


def remind(project_id: int) -> int:
    """What this project is due today."""
    with transaction():
        project = services.locked(project_id)
        sent = {one.kind for one in outturn.reminders_of(project)}
        calendar = outturn.calendar(project)
        due = reminders.due(calendar, clock.today(), sent)
        for reminder in due:
            db.session.add(SentReminder(project_id=project_id, kind=reminder.key(calendar), sent_at=clock.now()))
            letters.remind(project, reminder)
        return len(due)


def start(app: Flask, act: Callable[[], object] = remind_all, every_seconds: float = A_DAY) -> threading.Event:
    """Acts in the background of this process, at once and then every day; set the returned event to stop."""
    stop = threading.Event()

    def loop() -> None:
        while True:
            try:
                with app.app_context():
                    act()
            except Exception:
                log.exception("what is done every day failed; it goes on tomorrow")
            if stop.wait(every_seconds):
                return

    threading.Thread(target=loop, name="every day", daemon=True).start()
    return stop
