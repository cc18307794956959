"""The folder of bytes: written whole or not at all, kept in step with the transaction that tells about them."""

import os
import secrets
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from citizen.db import db

ADDED, REMOVED = "files_added", "files_removed"


def path_of(root: Path, key: str, *, is_thumbnail: bool = False) -> Path:
    """Where the bytes of ``key`` are."""
    return root / key[:2] / (key + (".small" if is_thumbnail else ""))


def add(path: Path, content: bytes) -> None:
    """Writes the file for good; it goes away if the transaction fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _note(ADDED, path)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Removes the file once the transaction has succeeded."""
    _note(REMOVED, path)


def _note(list_name: str, path: Path) -> None:
    db.session().info.setdefault(list_name, []).append(path)


def _settle(session: Session, doomed: str) -> None:
    """The end of a whole transaction; that of a savepoint says nothing yet."""
    if session.in_nested_transaction():
        return
    for path in session.info.pop(doomed, []):
        path.unlink(missing_ok=True)
    session.info.pop(ADDED, None)
    session.info.pop(REMOVED, None)


@event.listens_for(Session, "after_commit")
def _committed(session: Session) -> None:
    _settle(session, REMOVED)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    _settle(session, ADDED)
