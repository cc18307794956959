"""Words for people, kept translatable where no catalogue is at hand; and words to search and to address with."""

import unicodedata


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


_SPELLED = str.maketrans({"œ": "oe", "Œ": "OE", "’": "'"})


def plain(text: str) -> str:
    """Lower-case words without accents: what is searched in, and what is searched for."""
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED)).encode("ascii", "ignore").decode()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in spelled.lower()).split())


def slug(title: str) -> str:
    """The title as it stands in an address: « fete-des-voisins »."""
    return "-".join(plain(title).split())[:60].strip("-") or "projet"
