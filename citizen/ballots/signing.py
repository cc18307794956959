"""What is kept of a code or of a desk's number: what it hashes to with the site's key."""

import hashlib
import hmac

from flask import current_app

from citizen.ballots.box import ALPHABET


def typed(text: str) -> str:
    """The signs of a code, however they were typed."""
    return "".join(sign for sign in text.upper() if sign in ALPHABET)


def key() -> bytes:
    return bytes(current_app.config["SETTINGS"].secret_key.encode())


def hashed(text: str, with_key: bytes = b"") -> str:
    """Without the site's key, nobody can try codes on a stolen database."""
    return hmac.new(with_key or key(), b"ballot code/" + typed(text).encode(), hashlib.sha256).hexdigest()
