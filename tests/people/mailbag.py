"""Letters that people got, and the links in them."""

import re

from sqlalchemy import select

from citizen.db import db
from citizen.mail.models import Letter


def letters(to: str = "") -> list[Letter]:
    """Letters written, the newest last."""
    query = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(query.where(Letter.to == to) if to else query))


def token_in(letter: Letter) -> str:
    found = re.search(r"/(?:verifier|nouveau-mot-de-passe)/(\S+)", letter.body)
    assert found, letter.body
    return found[1]


def last_link(to: str) -> str:
    body = db.session.scalars(select(Letter.body).where(Letter.to == to).order_by(Letter.id.desc())).first() or ""
    found = re.search(r"http://localhost:8000(/\S+)", body)
    assert found, body
    return found[1]
