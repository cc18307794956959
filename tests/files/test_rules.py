"""The name under which a file is shown."""

import pytest

from citizen.files import rules
from citizen.files.rules import Kind


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("devis.pdf", "devis.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\amina\\devis.pdf", "devis.pdf"),
        ("devis\u202efdp.exe", "devisfdp.pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("<svg onload=alert(1)>.pdf", "svg onload=alert(1).pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        (".htaccess", "document.pdf"),
        ("é" * 300 + ".pdf", "é" * 96 + ".pdf"),
        ("page.html", "page.pdf"),
        ("E\u0301te\u0301.pdf", "Été.pdf"),
        ('a"b|c?.pdf', "a b c.pdf"),
    ],
)
def test_a_name_is_made_harmless(typed: str, shown: str) -> None:
    """CVE-2023-51447, O9."""
    assert rules.shown_name(typed, Kind.PDF) == shown


def test_a_name_is_never_longer_than_the_limit() -> None:
    for kind in rules.SUFFIXES:
        assert len(rules.shown_name("x" * 300, kind)) == rules.MAX_NAME
