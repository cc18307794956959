"""Writing a letter inside a transaction, and sending what waits."""

import logging
import mailbox
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import insert, select

from citizen import clock
from citizen.config import Settings
from citizen.db import db, run, transaction
from citizen.mail.models import Letter

log = logging.getLogger(__name__)
MAX_TRIES = 12
_WRITE = insert(Letter.__table__)
_quiet_before: ContextVar[datetime | None] = ContextVar("quiet_before", default=None)


class Carrier(Protocol):
    def __call__(self, message: EmailMessage, /) -> object: ...


@dataclass(frozen=True)
class Enclosure:
    """A text file that goes with a letter; ``type`` is the whole content type, such as « text/calendar; method=REQUEST »."""

    name: str
    type: str
    text: str


def write(
    to: str, subject: str, template: str, *, enclosure: Enclosure | None = None, is_untraced: bool = False, **values: object
) -> None:  # fmt: skip
    """Puts a letter in the outbox; ``template`` is a text template under emails/. One ``is_untraced`` leaves nothing once sent."""
    if is_quiet():
        return
    moment = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) if is_untraced else clock.now()
    body = _text(f"emails/{template}.txt", values | {"settings": current_app.config["SETTINGS"]})
    row = {"to": to, "subject": " ".join(subject.split()), "body": body, "enclosure": asdict(enclosure) if enclosure else None,
           "written_at": moment, "next_try_at": moment, "is_untraced": is_untraced}  # fmt: skip
    run(_WRITE, row)


def _text(template: str, values: dict[str, object]) -> str:
    """The text of a letter: it knows nothing of the page nor of who reads it, and is written while everybody else waits."""
    house = current_app.jinja_env
    found = house.get_template(template)
    return "".join(found.root_render_func(found.new_context({**house.globals, **values}, shared=True)))


@contextmanager
def quiet_before(moment: datetime) -> Iterator[None]:
    """Inside, letters of an earlier time than ``moment`` are not written: a demonstration replays years of them."""
    token = _quiet_before.set(moment)
    try:
        yield
    finally:
        _quiet_before.reset(token)


def is_quiet() -> bool:
    """Whether no letter is written at this moment."""
    quiet = _quiet_before.get()
    return quiet is not None and clock.now() < quiet


def send_waiting(settings: Settings, limit: int = 200) -> tuple[int, int]:
    """Sends what is due; gives (sent, failed). One transaction a letter: a crash repeats one letter at most."""
    carry = carrier(settings)
    sent = failed = 0
    while sent + failed < limit and (letter_id := _take_next()) is not None:
        if _deliver(letter_id, carry, settings):
            sent += 1
        else:
            failed += 1
    return sent, failed


def _take_next() -> int | None:
    """The next letter due, put aside for a while so that no other sender takes it."""
    with transaction():
        due = select(Letter).where(Letter.sent_at.is_(None), Letter.next_try_at <= clock.now(), Letter.tries < MAX_TRIES)
        letter = db.session.scalars(due.order_by(Letter.id).limit(1).with_for_update(skip_locked=True)).first()
        if letter is None:
            return None
        letter.tries += 1
        letter.next_try_at = clock.now() + timedelta(minutes=2**letter.tries)
        return letter.id


def _deliver(letter_id: int, carry: Carrier, settings: Settings) -> bool:
    letter = db.session.get_one(Letter, letter_id)
    try:
        message = _message(letter, settings)
        db.session.rollback()  # nothing is held in the database while a slow server makes us wait
        carry(message)
    except (OSError, smtplib.SMTPException, ValueError):
        db.session.rollback()
        log.warning("letter %s not sent", letter_id)
        return False
    with transaction():
        kept = db.session.get_one(Letter, letter_id)
        if kept.is_untraced:
            db.session.delete(kept)
        else:
            kept.sent_at, kept.body, kept.enclosure = clock.now(), "", None
    return True


def _message(letter: Letter, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, letter.to, letter.subject
    message["Date"], message["Message-ID"] = format_datetime(letter.written_at), make_msgid(str(letter.id), "citizen")
    message.set_content(letter.body)
    if letter.enclosure:
        kind = EmailMessage()
        kind["Content-Type"] = letter.enclosure["type"]
        message.add_attachment(
            letter.enclosure["text"].encode(),  # as bytes: a calendar's lines keep the ends its standard asks for
            maintype=kind.get_content_maintype(), subtype=kind.get_content_subtype(), filename=letter.enclosure["name"],
            params=kind["Content-Type"].params | {"charset": "utf-8"},
        )  # fmt: skip
    return message


def carrier(settings: Settings) -> Carrier:
    """SMTP when an address is set, else a Maildir folder on this machine."""
    if not settings.smtp_url:
        folder = mailbox.Maildir(settings.mail_folder)
        return folder.add
    target = urlsplit(settings.smtp_url)

    def send(message: EmailMessage) -> None:
        kind = smtplib.SMTP_SSL if target.scheme == "smtps" else smtplib.SMTP
        with kind(target.hostname or "localhost", target.port or 25, timeout=15) as server:
            if target.username:
                server.starttls() if target.scheme == "smtp" else None
                server.login(unquote(target.username), unquote(target.password or ""))
            server.send_message(message)

    return send


def start_sender(app: Flask, settings: Settings, every_seconds: float = 2.0) -> threading.Event:
    """Sends in the background of this process; set the returned event to stop."""
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(every_seconds):
            try:
                with app.app_context():
                    send_waiting(settings)
            except Exception:
                log.exception("the sender failed; it goes on")

    threading.Thread(target=loop, name="mail", daemon=True).start()
    return stop
