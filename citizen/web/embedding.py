"""What other sites show in a frame of theirs: no script, no cookie, nothing of ours around; they choose its look in a closed list."""

from collections.abc import Mapping
from html import escape
from typing import Any

from flask import Response

LOOKS = {"accent": ("brique", "mer", "feuille", "soleil"), "fond": ("auto", "clair", "sombre"), "taille": ("normal", "grand")}
# Any site may frame these pages, and only these: they hold no form and know nobody.
FRAMED = "default-src 'none'; style-src 'self'; script-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def look(values: Mapping[str, str]) -> list[str]:
    """Ground, accent and size: what is not in the list is the first of it."""
    return [values.get(name, "") if values.get(name) in known else known[0] for name, known in LOOKS.items()]


def chosen(values: Mapping[str, str]) -> dict[str, Any]:
    """The look as an address holds it: the usual one is not in it."""
    return {name: one for name, one in zip(LOOKS, look(values), strict=True) if one != LOOKS[name][0]}


def framed(page: str) -> Response:
    """The page, for the frame of another site."""
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": FRAMED})


def snippet(address: str, title: str) -> str:
    """What is copied into the page of the other site."""
    return f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="600" loading="lazy"></iframe>'
