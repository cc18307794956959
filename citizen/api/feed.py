"""What the feeds tell: initiatives as they are published, projects of a place as they move on, news of a fund's teams."""

from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, select

from citizen.db import db
from citizen.funds.models import Call
from citizen.projects import listing
from citizen.projects.models import News, Project
from citizen.projects.queries import hidden_news
from citizen.region import listing as shown
from citizen.web.feeds import Entry
from citizen.web.filters import say
from citizen.web.views import settings

MOST = 50


def _id(name: str) -> str:
    """An identity that outlives every address (RFC 4151)."""
    return f"tag:{urlsplit(settings().base_url).hostname},2024:{name}"


def _whole(path: str) -> str:
    return settings().base_url.rstrip("/") + path


def initiatives(condition: ColumnElement[bool]) -> list[Entry]:
    """Published initiatives, the newest on top."""
    return [
        Entry(_id(f"initiative:{card.id}"), card.title, _whole(card.url), card.published_at, card.summary, card.scheme)
        for card in shown.cards(condition, limit=MOST)
    ]


def of_place(condition: ColumnElement[bool]) -> list[Entry]:
    """Public projects, the one that moved last on top."""
    return [
        Entry(_id(f"projet:{row.id}"), f"{row.title} ({say(row.state_label)})", _whole(row.url), row.changed_at, row.summary, row.scheme)
        for row in listing.rows(condition, limit=MOST)
    ]  # fmt: skip


def of_fund(fund_id: int) -> list[Entry]:
    """What the teams of its projects told, the last on top."""
    query = (
        select(News.id, News.text, News.at, Project.id, Project.title, Project.scheme)
        .join(Project, Project.id == News.project_id)
        .join(Call, Call.id == Project.call_id)
        .where(Call.fund_id == fund_id, Project.is_public.is_(True), News.id.not_in(hidden_news()))
        .order_by(News.at.desc(), News.id.desc())
        .limit(MOST)
    )
    return [
        Entry(_id(f"nouvelle:{number}"), title, _whole(f"/projets/{project_id}"), at, text, scheme)
        for number, text, at, project_id, title, scheme in db.session.execute(query)
    ]
