"""French signs keep the word beside them, on every page."""

import re

import pytest
from flask import Flask
from flask_babel import gettext as _

from citizen.web.typography import spaced


@pytest.mark.parametrize(("typed", "shown"), [
    ("Budget : 3 lignes", "Budget\xa0: 3 lignes"), ("« Oui »", "«\xa0Oui\xa0»"), ("Pourquoi ?", "Pourquoi\xa0?"), ("20 %% du coût", "20\xa0%% du coût"),
    ("Il manque %(gap)s.", "Il manque %(gap)s."), ("à 18:30", "à 18:30"),
])  # fmt: skip
def test_signs_keep_the_word_beside_them(typed: str, shown: str) -> None:
    assert spaced(typed) == shown


def test_pages_say_so_and_another_language_is_left_alone(app: Flask) -> None:
    with app.test_request_context():
        assert _("Pourquoi ?") == "Pourquoi\xa0?"
    page = app.test_client().get("/pic").get_data(as_text=True)
    text = re.sub(r"<[^>]+>", "", page)
    assert "\xa0:" in text and not re.search(r"\w [:;?!»]", text)
