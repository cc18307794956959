"""The story of a published initiative: what was done, for how much, how long it took, and where the idea went on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from citizen import clock
from citizen.kernel.access import Actor
from citizen.projects import outturn
from citizen.projects.budget import Attachment
from citizen.projects.listing import Row
from citizen.projects.models import Project
from citizen.projects.reports import FinalReport
from citizen.projects.showing import Entry
from citizen.region.hive_models import Collection, Publication
from citizen.region.listing import shown_collections
from citizen.region.queries import may_publish, open_publication
from citizen.region.spreading import Origin, may_be_taken_up, origin_of, taken_up_from
from citizen.web.filters import day

MONTH = 30.44  # days


@dataclass(frozen=True)
class Story:
    """All that the page of a published initiative shows."""

    project: Project
    publication: Publication

    @property
    def report(self) -> FinalReport | None:
        """Once everybody may read it."""
        return self.project.report if outturn.is_published(self.project) else None

    @property
    def pictures(self) -> list[Attachment]:
        """Those that may be shown, the chosen one first."""
        cover = self.publication.cover_id
        return sorted(outturn.public_pictures(self.project), key=lambda one: (one.id != cover, one.id))

    @property
    def cover(self) -> Attachment | None:
        """The chosen picture, as long as it may be shown."""
        return next((one for one in self.pictures if one.id == self.publication.cover_id), None)

    @property
    def collections(self) -> Sequence[tuple[Collection, int]]:
        return shown_collections(self.project.id)

    @property
    def origin(self) -> Origin | None:
        return origin_of(self.project.id)

    @property
    def taken_up(self) -> Sequence[Row]:
        return taken_up_from(self.project.id)

    @property
    def may_be_taken_up(self) -> bool:
        return may_be_taken_up(self.project)

    @property
    def days(self) -> list[tuple[str, date]]:
        """From the idea to its end, each day with what it is."""
        project, report = self.project, self.report
        done = (report.held_on if report else None) or project.ends_on
        lodged = project.lodged_at.astimezone(clock.LOCAL).date() if project.lodged_at else None
        known = [
            (_("L’idée"), project.created_at.astimezone(clock.LOCAL).date()), (_("Le dossier est déposé"), lodged),
            (_("L’aide est décidée"), project.decided_on), (_("C’est fait"), done if done and done <= clock.today() else None),
        ]  # fmt: skip
        return [(words, on) for words, on in known if on]

    @property
    def timeline(self) -> list[Entry]:
        """Each day, with how long it took since the one before."""
        pairs = zip([None, *self.days], self.days, strict=False)
        return [
            Entry(words, day(on), "done", _("%(span)s après", span=span(on - before[1])) if before and on > before[1] else "")
            for before, (words, on) in pairs
        ]

    @property
    def length(self) -> str:
        """How long it took in all."""
        return span(self.days[-1][1] - self.days[0][1]) if len(self.days) > 1 else ""


def span(between: timedelta) -> str:
    """« 12 jours », « 5 mois »."""
    days = between.days
    if days < 2 * MONTH:
        return ngettext("%(num)s jour", "%(num)s jours", days)
    return ngettext("%(num)s mois", "%(num)s mois", round(days / MONTH))


@dataclass(frozen=True)
class OnProject:
    """What the page of a project says of its publication, of where it comes from and of who took it up."""

    publication: Publication | None
    may_publish: bool
    origin: Origin | None
    taken_up: Sequence[Row]


def on_project(project: Project, actor: Actor) -> OnProject:
    """For the page of any project."""
    is_shown = project.is_public and project.where_it_stands.is_supported
    return OnProject(
        open_publication(project.id) if is_shown else None, is_shown and may_publish(actor, project), origin_of(project.id),
        taken_up_from(project.id) if project.is_public else (),
    )  # fmt: skip
