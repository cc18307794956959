"""What a file may be, how big, and under which name it is shown; standard library only."""

import re
import unicodedata
from enum import StrEnum

from citizen.kernel.words import N_

MAX_NAME = 100
MAX_SIDE, MAX_THUMBNAIL_SIDE = 1600, 480  # pixels
MAX_PIXELS = 50_000_000  # more than a phone takes; beyond it, a picture made to fill the memory
MAX_UNPACKED_BYTES, MAX_MEMBERS = 100_000_000, 2_000  # of a word processor's file, which is an archive


class Kind(StrEnum):
    """What people may join."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
ANY = frozenset(Kind)
# The members that a real file of this kind has; without them it is an archive under a borrowed name.
MEMBERS = {
    Kind.ODT: ("mimetype", "content.xml"),
    Kind.ODS: ("mimetype", "content.xml"),
    Kind.DOCX: ("[Content_Types].xml", "word/document.xml"),
    Kind.XLSX: ("[Content_Types].xml", "xl/workbook.xml"),
}
SUFFIXES = {Kind.PDF: ".pdf", Kind.WEBP: ".webp", Kind.ODT: ".odt", Kind.ODS: ".ods", Kind.DOCX: ".docx", Kind.XLSX: ".xlsx"}

EMPTY = N_("Ce fichier est vide.")
TOO_BIG = N_("Ce fichier est trop lourd : %(max)d Mo au plus.")
NOT_KNOWN = N_("Joignez une photo (JPEG, PNG, WebP), un PDF ou un document (ODT, DOCX, ODS, XLSX).")
IMAGE_WANTED = N_("Joignez une photo : JPEG, PNG ou WebP.")
HEIC = N_("Ce format de photo (HEIC) n’est pas lu partout : enregistrez-la en JPEG.")
DAMAGED = N_("Ce fichier est abîmé ou n’est pas ce que son nom annonce.")
TOO_MANY_PIXELS = N_("Cette image est trop grande : réduisez-la puis recommencez.")

_WEB_PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml)", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*&]')


def is_sound_pdf(content: bytes) -> bool:
    """Whether it is a PDF from its first byte to its last line, and nothing else that a browser or an archiver would open."""
    _before, end, after = content.rpartition(b"%%EOF")
    has_page = _WEB_PAGE.search(content[:1024]) or _WEB_PAGE.search(after)
    return content.startswith(b"%PDF-") and bool(end) and not has_page and b"PK\x05\x06" not in after


def shown_name(typed: str, kind: Kind) -> str:
    """The name people see: no path, nothing invisible, nothing a file system refuses, the suffix of what it really is."""
    name = unicodedata.normalize("NFC", typed).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = " ".join(_UNSAFE.sub(" ", name).split())
    stem = name.rpartition(".")[0] if "." in name else name
    suffix = SUFFIXES[kind]
    return (stem.strip(". ")[: MAX_NAME - len(suffix)].strip(". ") or "document") + suffix
