"""What waits in the outbox, and what the local folder holds."""

import mailbox
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True)
class Delivered:
    to: str
    subject: str
    body: str
    at: datetime
    enclosures: Sequence[str] = ()  # their names


def delivered(folder: Path, limit: int = 200) -> Sequence[Delivered]:
    """The letters of a local folder, newest first."""
    letters = [
        Delivered(
            str(message["To"]), _decoded(message["Subject"]),
            _words(message), parsedate_to_datetime(message["Date"]),
            [name for part in message.walk() if (name := part.get_filename())],
        )
        for message in mailbox.Maildir(folder)
    ]  # fmt: skip
    return sorted(letters, key=lambda letter: letter.at, reverse=True)[:limit]


def _words(message: Message) -> str:
    payload = next(part for part in message.walk() if not part.is_multipart()).get_payload(decode=True)
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _decoded(header: str) -> str:
    return str(make_header(decode_header(header)))
