"""Keeping a document: examined, cleaned, written under a random name, and forgotten with its file."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from citizen import clock
from citizen.config import Settings
from citizen.db import db, transaction
from citizen.files import folder, images, rules
from citizen.files.inspection import Refused, real_kind
from citizen.files.models import Document
from citizen.files.rules import Kind
from citizen.journal import services as journal
from citizen.kernel.access import Actor
from citizen.kernel.findings import Invalid
from citizen.kernel.lifecycle import Forbidden
from citizen.kernel.words import Words
from citizen.web.filters import say


@dataclass(frozen=True)
class Prepared:
    """A file that was judged and cleaned; sizes are those of a picture, in pixels."""

    name: str
    kind: Kind
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


def prepare(stream: IO[bytes], filename: str, *, images_only: bool = False) -> Prepared:
    """Judges and cleans a file as sent, without touching the database; Invalid("file", …) when it cannot be kept."""
    try:
        return _prepared(_read(stream), filename, rules.IMAGES if images_only else rules.ANY)
    except Refused as refusal:
        raise Invalid("file", say(refusal.args[0])) from None


def _read(stream: IO[bytes]) -> bytes:
    limit = _settings().max_upload_bytes
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise Refused(Words(rules.TOO_BIG, max=limit // 1_000_000))
    return content


def _prepared(content: bytes, filename: str, kinds: frozenset[Kind]) -> Prepared:
    kind = real_kind(content, kinds)
    if kind not in rules.IMAGES:
        return Prepared(rules.shown_name(filename, kind), kind, content)
    picture = images.cleaned(content)
    name = rules.shown_name(filename, Kind.WEBP)
    return Prepared(name, Kind.WEBP, picture.content, picture.thumbnail, picture.width, picture.height)


def store(actor: Actor, stream: IO[bytes], filename: str, *, images_only: bool = False) -> Document:
    """Keeps a file sent by the actor; Invalid("file", …) when it cannot be.

    A use case with a transaction of its own calls prepare() before it and keep() inside: cleaning a photo takes a while.
    """
    return keep(actor, prepare(stream, filename, images_only=images_only))


def keep(actor: Actor, prepared: Prepared) -> Document:
    """Keeps a prepared file; if the transaction fails, nothing of it stays on the disk."""
    if actor.person_id is None:
        raise Forbidden("document")
    with transaction():
        document = Document(
            key=secrets.token_hex(16), name=prepared.name, media_type=prepared.kind.value, byte_size=len(prepared.content),
            sha256=hashlib.sha256(prepared.content).hexdigest(), is_image=prepared.thumbnail is not None,
            width=prepared.width, height=prepared.height, uploaded_by_id=actor.person_id, uploaded_at=clock.now(),
        )  # fmt: skip
        db.session.add(document)
        db.session.flush()
        folder.add(path_of(document), prepared.content)
        if prepared.thumbnail is not None:
            folder.add(path_of(document, is_thumbnail=True), prepared.thumbnail)
        journal.record(actor, f"document:{document.id}", "document_added")
    return document


def again(document: Document) -> Prepared:
    """A picture that was cleaned already, ready to be kept once more for somebody else."""
    return Prepared(
        document.name, Kind(document.media_type), path_of(document).read_bytes(),
        path_of(document, is_thumbnail=True).read_bytes() if document.is_image else None, document.width, document.height,
    )  # fmt: skip


def remove(actor: Actor, document_id: int) -> None:
    """Forgets a document and its file; whether the actor may is judged by the caller, who drops what points to it first."""
    with transaction():
        document = db.session.get(Document, document_id)
        if document is None:
            return
        folder.remove(path_of(document))
        folder.remove(path_of(document, is_thumbnail=True))
        db.session.delete(document)
        journal.record(actor, f"document:{document_id}", "document_removed")


def path_of(document: Document, *, is_thumbnail: bool = False) -> Path:
    """Where the bytes of a document are."""
    return folder.path_of(_settings().files_folder, document.key, is_thumbnail=is_thumbnail)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
