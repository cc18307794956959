"""What a file really is, read from its bytes and never from its name."""

import io
import zipfile

import filetype

from citizen.files import rules
from citizen.files.rules import Kind


class Refused(Exception):
    """The file cannot be kept; the message says why, in French."""


def real_kind(content: bytes, accepted: frozenset[Kind]) -> Kind:
    """The kind of these bytes, when it is one of those accepted and the file is sound; else Refused."""
    if not content:
        raise Refused(rules.EMPTY)
    kind = _archive_kind(content) if content.startswith(b"PK\x03\x04") else _plain_kind(content)
    if kind not in accepted:
        raise Refused(rules.IMAGE_WANTED if accepted == rules.IMAGES else rules.NOT_KNOWN)
    if kind is Kind.PDF and not rules.is_sound_pdf(content):
        raise Refused(rules.DAMAGED)
    return kind


def _plain_kind(content: bytes) -> Kind | None:
    guess = filetype.guess(content)
    media_type = guess.mime if guess else ""
    if media_type == "image/heic":
        raise Refused(rules.HEIC)
    return Kind(media_type) if media_type in list(Kind) else None


def _archive_kind(content: bytes) -> Kind | None:
    """Which word processor's file this archive is; it must hold the members of one, and stay small once unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if not _is_quiet(members, names):
                raise Refused(rules.DAMAGED)
            declared = archive.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Refused(rules.DAMAGED) from None
    for kind, needed in rules.MEMBERS.items():
        if names.issuperset(needed) and declared in (kind, ""):
            return kind
    return None


def _is_quiet(members: list[zipfile.ZipInfo], names: set[str]) -> bool:
    """No bomb, no path that climbs, no secret, no program."""
    return (
        len(members) <= rules.MAX_MEMBERS
        and len(names) == len(members)
        and sum(member.file_size for member in members) <= rules.MAX_UNPACKED_BYTES
        and not any(member.flag_bits & 1 for member in members)
        and not any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )
