"""After the summer: what only its report tells, the words people share, the review day of the edition."""

from datetime import date

from flask_babel import gettext as _

from citizen import clock
from citizen.db import db, transaction
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.mail import services as mail
from citizen.nqe import figures
from citizen.nqe.models import Edition, NqeProject
from citizen.nqe.season_models import Quote, SeasonReview, SummerReport
from citizen.people.links import address
from citizen.projects import letters, services
from citizen.projects.models import Project
from citizen.projects.steps import TEAM

MAX_QUOTES = 20


def tell_summer(actor: Actor, project_id: int, *, waste_kg: int | None, reused_percent: int | None) -> Project:
    """The waste in kilos, and the share of what was lent or used again."""

    def change(project: Project) -> None:
        assert isinstance(project, NqeProject)
        project.summer = project.summer or SummerReport()
        project.summer.waste_kg, project.summer.reused_percent = waste_kg, reused_percent

    return services.edit(actor, project_id, change, action="write_report")


def add_quote(actor: Actor, project_id: int, *, words: str, said_by: str, consent_kept_by: str) -> Project:
    """Words that somebody agreed to share."""

    def change(project: Project) -> None:
        assert isinstance(project, NqeProject)
        if len(project.quotes) >= MAX_QUOTES:
            raise Invalid("words", _("%(count)d paroles au plus.", count=MAX_QUOTES))
        project.quotes.append(Quote(words=words, said_by=said_by, consent_kept_by=consent_kept_by))

    return services.edit(actor, project_id, change, action="write_report")


def correct_quote(actor: Actor, project_id: int, quote_id: int, *, words: str, said_by: str, consent_kept_by: str) -> Project:
    """The same words, written better; those of another project are not there."""

    def change(project: Project) -> None:
        assert isinstance(project, NqeProject)
        for quote in project.quotes:
            if quote.id == quote_id:
                quote.words, quote.said_by, quote.consent_kept_by = words, said_by, consent_kept_by

    return services.edit(actor, project_id, change, action="write_report")


def remove_quote(actor: Actor, project_id: int, quote_id: int) -> Project:
    """Takes words back; those of another project are not there."""

    def change(project: Project) -> None:
        assert isinstance(project, NqeProject)
        project.quotes = [quote for quote in project.quotes if quote.id != quote_id]

    return services.edit(actor, project_id, change, action="write_report")


def write_review(
    actor: Actor, edition_id: int, *, held_on: date | None, place: str, words: str, is_published: bool
) -> SeasonReview:
    """The Region's words and the meeting; published the first time, the teams are invited."""
    with transaction():
        edition = db.session.get_one(Edition, edition_id, with_for_update={"of": Edition.__table__}, populate_existing=True)
        if is_published and clock.today() <= edition.season_starts_on:
            raise Invalid("is_published", _("La saison n’a pas encore commencé."))
        review = db.session.get(SeasonReview, edition_id) or SeasonReview(edition_id=edition_id)
        db.session.add(review)
        is_first = is_published and not review.published_at
        review.held_on, review.place, review.words = held_on, place, words
        review.published_at = (review.published_at or clock.now()) if is_published else None
        db.session.flush()
        journal.record(actor, f"edition:{edition_id}", "review_published" if is_published else "review_written")
        if is_first:
            _invite(edition, review)
        return review


def _invite(edition: Edition, review: SeasonReview) -> None:
    if mail.is_quiet():
        return
    subject = _("Nos quartiers d’été %(year)s : le bilan", year=str(edition.year))
    url = address("nqe.review", year=edition.year)
    people = {person.id: person for project in figures.team_projects(edition) for person in letters.people_of(project, TEAM)}
    for person in people.values():
        mail.write(person.email, subject, "nqe_review", person=person, edition=edition, review=review, url=url)
