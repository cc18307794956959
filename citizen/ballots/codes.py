"""Codes printed on letters: made at random, kept only as what they hash to with the site's key."""

import hashlib
import hmac

from flask import current_app

from citizen.ballots.box import ALPHABET


def typed(text: str) -> str:
    """The signs of a code or a number, however they were typed."""
    return "".join(sign for sign in text.upper() if sign in ALPHABET)


def hashed(text: str) -> str:
    """What is kept of a code: without the site's key, nobody can try codes on a stolen database."""
    key = current_app.config["SETTINGS"].secret_key.encode()
    return hmac.new(key, b"ballot code/" + typed(text).encode(), hashlib.sha256).hexdigest()
