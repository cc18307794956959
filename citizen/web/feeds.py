"""News for readers that come back by themselves: Atom (RFC 4287) and RSS 2.0, written some entries at a time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
BEFORE_ALL = datetime(2024, 1, 1, tzinfo=UTC)  # when nothing is told yet


@dataclass(frozen=True)
class Entry:
    """One thing told: ``id`` never changes for the same thing, ``at`` is when it last changed."""

    id: str
    title: str
    url: str
    at: datetime
    text: str = ""
    category: str = ""


def _words(text: str) -> str:
    """Text that any XML reader takes."""
    return escape(_NOT_XML.sub("", text), {'"': "&quot;"})


def _tags(**parts: str) -> str:
    return "".join(f"<{name}>{_words(text)}</{name}>" for name, text in parts.items() if text)


def atom(title: str, entries: Iterable[Entry], *, address: str, page: str, author: str) -> str:
    """A feed whose own address is ``address``, beside the page that shows the same."""
    told = list(entries)
    newest = max((entry.at for entry in told), default=BEFORE_ALL)
    items = (
        f'<entry>{_tags(id=entry.id, title=entry.title, updated=entry.at.isoformat())}<link href="{_words(entry.url)}"/>'
        + (f'<category term="{_words(entry.category)}"/>' if entry.category else "")
        + f'<summary type="text">{_words(entry.text)}</summary></entry>\n'
        for entry in told
    )
    return (
        f'{HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">{_tags(id=address, title=title, updated=newest.isoformat())}'
        f'<author><name>{_words(author)}</name></author><link rel="self" href="{_words(address)}"/>'
        f'<link rel="alternate" type="text/html" href="{_words(page)}"/>\n{"".join(items)}</feed>\n'
    )


def rss(title: str, about: str, entries: Iterable[Entry], *, page: str) -> Iterator[str]:
    """The same for older readers; a changed entry is given another ``id``, so that they show it again."""
    yield f'{HEAD}<rss version="2.0"><channel>{_tags(title=title, link=page, language="fr", description=about)}\n'
    for entry in entries:
        told = _tags(
            title=entry.title,
            link=entry.url,
            description=entry.text,
            category=entry.category,
            pubDate=format_datetime(entry.at),
        )
        yield f'<item>{told}<guid isPermaLink="false">{_words(entry.id)}</guid></item>\n'
    yield "</channel></rss>\n"
