"""Words for people, kept translatable where no catalogue is at hand."""


def N_(msgid: str) -> str:
    """Marks a sentence for the catalogue; it is translated when shown."""
    return msgid


class Words(str):
    """A French sentence that remembers its msgid and values, so that a page can say it in another language."""

    msgid: str
    values: dict[str, object]

    def __new__(cls, msgid: str, **values: object) -> "Words":
        words = super().__new__(cls, msgid % values if values else msgid)
        words.msgid = msgid
        words.values = values
        return words
