"""French signs keep the word beside them, on every page."""

import re

import pytest
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from citizen.web.typography import spaced


@pytest.mark.parametrize(("typed", "shown"), [
    ("Budget : 3 lignes", "Budget\xa0: 3 lignes"), ("« Oui »", "«\xa0Oui\xa0»"), ("Pourquoi ?", "Pourquoi\xa0?"), ("20 %% du coût", "20\xa0%% du coût"),
    ("Il manque %(gap)s.", "Il manque %(gap)s."), ("à 18:30", "à 18:30"),
])  # fmt: skip
def test_signs_keep_the_word_beside_them(typed: str, shown: str) -> None:
    assert spaced(typed) == shown


def test_thousands_stand_apart_in_a_count(app: Flask) -> None:
    one, many = "%(num)s projet ?", "%(num)s projets ?"
    with app.test_request_context():
        assert [ngettext(one, many, num) for num in (1, 999, 1980)] == [
            "1 projet\xa0?",
            "999 projets\xa0?",
            "1\u202f980 projets\xa0?",
        ]
        assert (
            app.jinja_env.from_string("{{ ngettext('%(num)s a', '%(num)s b %(c)s', 26600, c='<') }}").render()
            == "26\u202f600 b &lt;"
        )


def test_pages_say_so_and_another_language_is_left_alone(app: Flask) -> None:
    with app.test_request_context():
        assert _("Pourquoi ?") == "Pourquoi\xa0?"
    page = app.test_client().get("/pic").get_data(as_text=True)
    text = re.sub(r"<[^>]+>", "", page)
    assert "\xa0:" in text and not re.search(r"\w [:;?!»]", text)
