"""Passwords: Argon2, always the same work whether the account exists or not."""

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

NONE = "!"  # the hash of nothing: no password opens this account
_turns = BoundedSemaphore(4)  # each one takes 64 MiB: a crowd of guesses must not take the machine


@cache
def _tools(is_light: bool) -> tuple[PasswordHasher, str]:
    """The hasher and a decoy to check when there is no account."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if is_light else PasswordHasher()
    return hasher, hasher.hash(secrets.token_hex())


def _current() -> tuple[PasswordHasher, str]:
    return _tools(bool(current_app.config.get("TESTING")))


def _bytes(password: str) -> bytes:
    """The same bytes whatever keyboard typed the accents."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return _current()[0].hash(_bytes(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; with None, the same work and no."""
    hasher, decoy = _current()
    with _turns:
        try:
            hasher.verify(kept or decoy, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was made with parameters we no longer use."""
    return _current()[0].check_needs_rehash(kept)
