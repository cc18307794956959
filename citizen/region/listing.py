"""Lists of what the Region shows: cards with their picture, how many by quarter, what may be published, what is."""

from collections import Counter
from collections.abc import Collection as Collection_
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Float, Integer, Select, and_, cast, exists, func, select, union_all
from sqlalchemy.orm import joinedload

from citizen.db import db
from citizen.files.models import Document
from citizen.funds.models import Call, Fund
from citizen.kernel.access import REGION, Actor, Role
from citizen.places.models import Commune, Perimeter
from citizen.projects.budget import Attachment
from citizen.projects.listing import Row
from citizen.projects.models import Project
from citizen.projects.queries import hidden_pictures
from citizen.projects.reports import ReportPicture
from citizen.region.hive_models import Collection, CollectionItem, MonthPicture, Publication, PublishingDelegation
from citizen.region.queries import published, supported
from citizen.region.rules import Cluster

_project, _publication, _document = Project.__table__, Publication.__table__, Document.__table__
_commune, _quarter = Commune.__table__, Perimeter.__table__


@dataclass(frozen=True)
class Card(Row):
    """A published project with its picture, when it has one that may be shown."""

    published_at: datetime
    cover_id: int | None
    cover_words: str
    width: int | None
    height: int | None

    @property
    def url(self) -> str:
        return url_for("region.story", project_id=self.id)

    @property
    def picture(self) -> str | None:
        return cover_url(self.id, self.cover_id) if self.cover_id else None


def cover_url(project_id: int, attachment_id: int, *, is_large: bool = False) -> str:
    """Where the picture is: small for lists, whole for the page that tells of it."""
    small = None if is_large else 1
    return url_for("projects.document", project_id=project_id, attachment_id=attachment_id, vignette=small)


def may_be_shown() -> ColumnElement[bool]:
    """Pictures on which nobody is recognised or everybody agreed, and that nobody hid."""
    agreed = ReportPicture.has_consent.is_(True) | ReportPicture.shows_people.is_(False)
    return agreed & ReportPicture.attachment_id.not_in(hidden_pictures())


# Plain columns of plain tables: a list needs no objects.
_SHOWN = (
    select(
        _project.c.id, _project.c.scheme, _project.c.state, _project.c.title, _publication.c.summary, _commune.c.name,
        _quarter.c.name, _project.c.requested_cents, _project.c.granted_cents, _project.c.changed_at,
        _project.c.published_at, ReportPicture.attachment_id, _publication.c.cover_words, _document.c.width, _document.c.height,
    )
    .select_from(
        _project.join(_publication, _publication.c.project_id == _project.c.id)
        .outerjoin(_commune, _commune.c.code == _project.c.commune_code)
        .outerjoin(_quarter, _quarter.c.id == _project.c.perimeter_id)
        .outerjoin(ReportPicture, (ReportPicture.attachment_id == _publication.c.cover_id) & may_be_shown())
        .outerjoin(Attachment, Attachment.id == ReportPicture.attachment_id)
        .outerjoin(_document, _document.c.id == Attachment.document_id)
    )
    .where(_publication.c.withdrawn_at.is_(None), _project.c.published_at.is_not(None))
)  # fmt: skip
_NEWEST = (_project.c.published_at.desc(), _project.c.id.desc())


def cards(condition: ColumnElement[bool], *, limit: int) -> list[Card]:
    """Published projects under ``condition``, the newest publication first."""
    return _cards(_SHOWN.where(supported(), condition).order_by(*_NEWEST).limit(limit))


def page_of(condition: ColumnElement[bool], number: int, per_page: int) -> tuple[list[Card], int]:
    """The ``number``-th page of published projects under ``condition``, and how many there are."""
    total = db.session.scalar(select(func.count()).select_from(_project).where(published(), condition)) or 0
    ids = select(_project.c.id).where(published(), condition).order_by(*_NEWEST).limit(per_page).offset((number - 1) * per_page)
    return _cards(_SHOWN.where(_project.c.id.in_(ids)).order_by(*_NEWEST)) if total else [], total  # joined to those alone


def _cards(query: Select[Any]) -> list[Card]:
    return [Card(*tuple(row)) for row in db.session.connection().execute(query)]


def of_collection(collection_id: int) -> list[Card]:
    """What everybody sees of a collection, in the Region's order."""
    inside = and_(CollectionItem.project_id == _project.c.id, CollectionItem.collection_id == collection_id)
    query = _SHOWN.join(CollectionItem, inside).where(supported())
    return _cards(query.order_by(CollectionItem.position, _project.c.id))


def shown_collections(project_id: int | None = None) -> list[tuple[Collection, int]]:
    """The collections that everybody reads, with how many initiatives they show; those of a project when it is given."""
    pairs = select(CollectionItem).join(Collection).where(Collection.is_shown.is_(True))
    items = db.session.scalars(pairs).all()
    known = _published_among({item.project_id for item in items})
    counts = Counter(item.collection_id for item in items if item.project_id in known)
    mine = {item.collection_id for item in items if project_id in (None, item.project_id)}
    query = select(Collection).where(Collection.id.in_(mine & counts.keys())).order_by(Collection.title, Collection.id)
    return [(one, counts[one.id]) for one in db.session.scalars(query)]


def _published_among(project_ids: Collection_[int]) -> set[int]:
    """Those of these few projects that are published: looked up one by one, not among all that is."""
    return set(db.session.scalars(select(Project.id).where(Project.id.in_(project_ids), published())))


def clusters(condition: ColumnElement[bool]) -> Iterator[Cluster]:
    """How many projects under ``condition`` in each quarter; outside of quarters, in each commune.

    Whatever the number of projects, there are never more than there are quarters and communes.
    """
    is_out, nothing = Project.perimeter_id.is_(None), cast(None, Float)
    quarter = func.coalesce(Project.perimeter_id, 0)  # not the bare column, whose own index would make every row be read
    inside = select(
        quarter.label("quarter"), func.min(Project.commune_code).label("town"), func.count().label("count"),
        nothing.label("lon"), nothing.label("lat"),
    )  # fmt: skip
    outside = select(cast(None, Integer), Project.commune_code, func.count(), func.avg(Project.lon), func.avg(Project.lat))
    counted = union_all(
        inside.where(condition, ~is_out).group_by(quarter), outside.where(condition, is_out).group_by(Project.commune_code)
    ).subquery()
    perimeter_id, commune_code, count, lon, lat = counted.c
    query = (
        select(
            Perimeter.code, Perimeter.name, Commune.code, Commune.name, count,
            func.coalesce(Perimeter.lon, lon), func.coalesce(Perimeter.lat, lat),
        )
        .select_from(counted)
        .outerjoin(Perimeter, Perimeter.id == perimeter_id)
        .outerjoin(Commune, Commune.code == commune_code)
        .order_by(Commune.name, Perimeter.name, Perimeter.id, Commune.code)
    )  # fmt: skip
    return starmap(Cluster, db.session.execute(query))


def picture_of_month() -> tuple[MonthPicture, Project, Document] | None:
    """The newest picture of a month that may still be shown, with its project; a year back at most."""
    query = (
        select(MonthPicture, Project, Document)
        .join(Project, Project.id == MonthPicture.project_id)
        .join(ReportPicture, ReportPicture.attachment_id == MonthPicture.attachment_id)
        .join(Attachment, Attachment.id == MonthPicture.attachment_id)
        .join(Document, Document.id == Attachment.document_id)
        .where(may_be_shown(), Project.id.in_(_published_among(_of_the_year())))
        .order_by(MonthPicture.month.desc())
        .limit(1)
    )
    found = db.session.execute(query).first()
    return (found[0], found[1], found[2]) if found else None


def _of_the_year() -> Sequence[int]:
    return db.session.scalars(select(MonthPicture.project_id).order_by(MonthPicture.month.desc()).limit(12)).all()


def in_charge_of(actor: Actor) -> ColumnElement[bool] | None:
    """The projects that the actor may publish as far as their funds go; None when there is no fund for them."""
    if actor.holds(Role.REGION_OFFICER, REGION):
        return Project.id.is_not(None)
    given = db.session.scalars(select(Fund).join(PublishingDelegation, PublishingDelegation.fund_id == Fund.id))
    mine = [fund.id for fund in given if actor.roles_on(fund.targets) & fund.keepers]
    return Project.call.has(Call.fund_id.in_(mine)) if mine else None


STANDINGS = ("a-publier", "publiees", "retirees")


def to_publish(standing: str, mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Projects by where their publication stands: to publish (never shown), shown, or taken back."""
    shown = exists().where(Publication.project_id == Project.id)
    if standing == "publiees":
        return and_(mine, published())
    if standing == "retirees":
        return and_(mine, supported(), Project.published_at.is_(None), shown)
    return and_(mine, supported(), Project.published_at.is_(None), ~shown)


def publications_of(project_id: int) -> Sequence[Publication]:
    """Everything that was ever shown of this project, the newest first."""
    query = select(Publication).where(Publication.project_id == project_id).order_by(Publication.id.desc())
    return db.session.scalars(query).all()


def funds_and_delegations() -> Sequence[tuple[Fund, datetime | None]]:
    """Each fund whose keepers are not the Region, and since when they may publish."""
    query = (
        select(Fund, PublishingDelegation.given_at)
        .outerjoin(PublishingDelegation, PublishingDelegation.fund_id == Fund.id)
        .options(joinedload(Fund.organisation))
        .order_by(Fund.scheme, Fund.title, Fund.id)
    )
    found = db.session.execute(query).all()
    return [(fund, given) for fund, given in found if Role.REGION_OFFICER not in fund.keepers]


def collections() -> Sequence[Collection]:
    """Every collection, the newest first."""
    return db.session.scalars(select(Collection).order_by(Collection.id.desc())).all()


def neighbours(words: ColumnElement[bool], collection_id: int) -> list[Card]:
    """Published projects that a collection does not hold yet."""
    inside = select(CollectionItem.project_id).where(CollectionItem.collection_id == collection_id)
    return cards(and_(words, _project.c.id.not_in(inside)), limit=10)
