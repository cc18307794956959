"""The table of reminders: which letter leaves on which day, to whom, and when it is no use any more. Dates are pure functions."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from citizen.kernel.access import Role
from citizen.kernel.words import N_
from citizen.projects.steps import WRITERS, S


@dataclass(frozen=True)
class Calendar:
    """The days of one project that reminders count from."""

    state: str
    starts_on: date | None
    ends_on: date | None
    report_due_on: date | None
    is_returned: bool = False  # its report was sent once, and sent back
    points_due_on: date | None = None  # what was asked of the file is answered by then
    lodgings: int = 0  # how many times the file was lodged: points asked again are another request


REVIEWERS: frozenset[Role] = frozenset()  # whoever accepts the reports of the project's scheme
Day = Callable[[Calendar], date | None]


def days_after(name: str, days: int) -> Day:
    """So many days after (before, when negative) one of the calendar's days."""

    def day(calendar: Calendar) -> date | None:
        since: date | None = getattr(calendar, name)
        return since + timedelta(days=days) if since else None

    return day


@dataclass(frozen=True)
class Reminder:
    """One letter: leaves ``on`` that day or later, never from ``until`` on, while the project is in one of ``states``."""

    kind: str
    on: Day
    until: Day
    subject: str
    text: str
    to: frozenset[Role] = WRITERS
    states: frozenset[str] = frozenset({S.GRANTED})
    page: str = "report.when"
    is_late: bool = False  # counts among the reminders after the delay
    is_by_lodging: bool = False  # leaves once for each lodging, not once for the project

    def key(self, calendar: Calendar) -> str:
        """What it is remembered under once it left."""
        return f"{self.kind}-{calendar.lodgings}" if self.is_by_lodging else self.kind

    def is_due(self, calendar: Calendar, today: date) -> bool:
        on, until = self.on(calendar), self.until(calendar)
        return calendar.state in self.states and on is not None and on <= today and (until is None or today < until)


def _never(_calendar: Calendar) -> None:
    return None


KINDS = (
    Reminder(
        "points-soon", days_after("points_due_on", -3), days_after("points_due_on", 1),
        N_("%(title)s : une réponse est attendue bientôt"),
        N_("Il reste quelques jours pour répondre à ce qui est demandé, point par point."),
        states=frozenset({S.INCOMPLETE}), page="completing.points", is_by_lodging=True,
    ),
    Reminder(
        "action-soon", days_after("starts_on", -7), days_after("starts_on", 1),
        N_("%(title)s : c’est bientôt"),
        N_("Votre action a lieu dans quelques jours. Pensez aux photos et gardez tous les tickets : ils serviront au bilan."),
        page="projects.show",
    ),
    Reminder(
        "action-over", days_after("ends_on", 1), days_after("report_due_on", -15),
        N_("%(title)s : racontez-nous"),
        N_("Votre action est passée. Le bilan se fait sur le téléphone, en quelques minutes, et il garde ce que vous écrivez."),
    ),
    Reminder(
        "report-soon", days_after("report_due_on", -15), days_after("report_due_on", 1),
        N_("%(title)s : le bilan est attendu bientôt"),
        N_("Il reste quelques jours pour envoyer le bilan. Sans bilan, la fin de l’aide n’est pas versée."),
    ),
    Reminder(
        "report-late-7", days_after("report_due_on", 7), days_after("report_due_on", 30),
        N_("%(title)s : le bilan est en retard"),
        N_("Le bilan n’est pas arrivé. Une difficulté ? Écrivez ce que vous pouvez : il vaut mieux un bilan court que pas de bilan."),
        is_late=True,
    ),
    Reminder(
        "report-late-30", days_after("report_due_on", 30), _never,
        N_("%(title)s : dernière relance pour le bilan"),
        N_("Le bilan manque depuis un mois. Sans lui, le projet sera clos et l’argent versé sera demandé en retour."),
        is_late=True,
    ),
    Reminder(
        "report-late-told", days_after("report_due_on", 30), _never,
        N_("%(title)s : un bilan ne vient pas"),
        N_("L’équipe a été relancée deux fois. Vous pouvez l’appeler, ou clore le projet sans bilan."),
        to=REVIEWERS, page="projects.show",
    ),
)  # fmt: skip


def due(calendar: Calendar, today: date, sent: Collection[str]) -> list[Reminder]:
    """What leaves today: never twice, and no reminder of the report to who has sent it already."""
    if calendar.is_returned:
        return []
    return [one for one in KINDS if one.key(calendar) not in sent and one.is_due(calendar, today)]
