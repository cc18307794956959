"""Files that lie, explode or carry what they should not."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from citizen.db import db
from citizen.files import rules, services
from citizen.files.models import Document
from citizen.files.rules import Kind
from citizen.kernel.findings import Invalid
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PAGE = b"<!doctype html><script>alert(1)</script>"
EXE = b"MZ" + b"\x00" * 200


def photo(kind: str = "JPEG", size: tuple[int, int] = (1000, 500), **values: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, (200, 80, 40)).save(written, kind, **values)
    return written.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return written.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def odt(kind: str = Kind.ODT) -> bytes:
    return archive({"mimetype": kind.encode(), "content.xml": b"<office:document/>", "META-INF/manifest.xml": b"<m/>"})


def png_bomb(side: int) -> bytes:
    """A sound picture of side x side black pixels, in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + chunk(b"IDAT", zlib.compress(b"\x00" * (1 + side // 8) * min(side, 10_000)))
        + chunk(b"IEND", b"")
    )


def locked(content: bytes) -> bytes:
    """An archive whose first member asks a password."""
    directory = content.index(b"PK\x01\x02")
    return content[: directory + 8] + bytes([content[directory + 8] | 1]) + content[directory + 9 :]


def doubled(content: bytes) -> bytes:
    """An archive with two members of the same name: what is judged might not be what is opened."""
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("word/document.xml", b"autre chose")
    return written.getvalue()


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "empty": ("vide.pdf", lambda: b""),
    "page renamed": ("devis.pdf", lambda: PAGE),
    "page before a pdf": ("devis.pdf", lambda: PAGE + PDF),
    "page in a pdf's header": ("devis.pdf", lambda: b"%PDF-1.7\n" + PAGE + PDF),
    "page after a pdf": ("devis.pdf", lambda: PDF + PAGE),
    "archive after a pdf": ("devis.pdf", lambda: PDF + archive({"a.html": PAGE})),
    "half a pdf": ("devis.pdf", lambda: PDF[:30]),
    "drawing that runs": ("plan.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "drawing renamed": ("plan.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>'),
    "page renamed photo": ("photo.jpg", lambda: PAGE),
    "program": ("photo.jpg", lambda: EXE),
    "plain text": ("notes.txt", lambda: b"bonjour"),
    "gif": ("photo.gif", lambda: photo("GIF")),
    "tiff": ("photo.tiff", lambda: photo("TIFF")),
    "bmp": ("photo.bmp", lambda: photo("BMP")),
    "plain archive": ("devis.docx", lambda: archive({"a.txt": b"x"})),
    "archive with half the members": ("devis.docx", lambda: archive({"word/document.xml": b"<x/>"})),
    "archive that says it is a text": ("a.odt", lambda: archive({"mimetype": Kind.ODT.encode(), "evil.html": PAGE})),
    "archive of two minds": ("devis.docx", lambda: docx(mimetype=b"text/html")),
    "archive with a program": ("devis.docx", lambda: docx(**{"word/vbaProject.bin": b"x"})),
    "archive that climbs": ("devis.docx", lambda: docx(**{"../../etc/passwd": b"x"})),
    "archive that explodes": ("devis.docx", lambda: docx(**{"word/media/a": b"\x00" * (rules.MAX_UNPACKED_BYTES + 1)})),
    "archive of dust": ("devis.docx", lambda: docx(**{f"word/{n}": b"" for n in range(rules.MAX_MEMBERS)})),
    "archive with a lock": ("devis.docx", lambda: locked(docx())),
    "archive with a double": ("devis.docx", lambda: doubled(docx())),
    "half an archive": ("devis.docx", lambda: docx()[:-30]),
    "page before an archive": ("devis.docx", lambda: PAGE + docx()),
    "picture that fills the memory": ("photo.png", lambda: png_bomb(10_000)),
    "picture that fills ten memories": ("photo.png", lambda: png_bomb(60_000)),
    "half a photo": ("photo.jpg", lambda: photo()[:400]),
    "only the first bytes of a photo": ("photo.jpg", lambda: photo()[:12]),
    "half a png": ("photo.png", lambda: photo("PNG")[:-30]),
}


@pytest.mark.parametrize(("name", "make"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(app: Flask, name: str, make: Callable[[], bytes]) -> None:
    who = factories.actor(factories.person())
    before = files_on_disk(app)
    with pytest.raises(Invalid) as refusal:
        services.store(who, io.BytesIO(make()), name)
    assert refusal.value.field == "file"
    assert refusal.value.message.endswith((".", ")."))
    assert files_on_disk(app) == before
    assert db.session.query(Document).count() == 0


def files_on_disk(app: Flask) -> set[str]:
    return {str(path) for path in app.config["SETTINGS"].files_folder.rglob("*") if path.is_file()}


def test_a_file_too_heavy_is_refused_with_the_limit(app: Flask) -> None:
    limit = app.config["SETTINGS"].max_upload_bytes
    with pytest.raises(Invalid, match="8 Mo au plus"):
        services.store(factories.actor(factories.person()), io.BytesIO(PDF + b"\n" * limit), "gros.pdf")


@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_a_picture_that_fills_the_memory_is_not_even_opened(app: Flask, side: int) -> None:
    with pytest.raises(Invalid, match="trop grande"):
        services.prepare(io.BytesIO(png_bomb(side)), "photo.png")
    assert services.prepare(io.BytesIO(png_bomb(800)), "photo.png").width == 800


def test_a_photo_of_the_phone_says_how_to_send_it(app: Flask) -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100
    with pytest.raises(Invalid, match="JPEG"):
        services.prepare(io.BytesIO(heic), "IMG_1.HEIC")


def test_where_photos_are_wanted_nothing_else_is(app: Flask) -> None:
    with pytest.raises(Invalid, match="photo"):
        services.prepare(io.BytesIO(PDF), "a.pdf", images_only=True)
    assert services.prepare(io.BytesIO(photo()), "a.jpg", images_only=True).kind is Kind.WEBP


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, Kind.PDF), (docx(), Kind.DOCX), (odt(), Kind.ODT), (odt(Kind.ODS), Kind.ODS),
     (archive({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}), Kind.XLSX)],
)  # fmt: skip
def test_honest_papers_are_kept_byte_for_byte(app: Flask, content: bytes, kind: Kind) -> None:
    document = services.store(factories.actor(factories.person()), io.BytesIO(content), "Devis n° 3.exe")
    assert (document.media_type, document.is_image) == (kind, False)
    assert services.path_of(document).read_bytes() == content
    assert document.name == "Devis n° 3" + rules.SUFFIXES[kind]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_what_the_camera_knew(app: Flask, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "MARQUE-SECRETE"
    exif[0x0112] = 6  # held upright: turned by the viewer
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (50.0, 37.0, 59.0)
    place[29] = "2027:01:02"
    sent = photo(kind, exif=exif.tobytes(), icc_profile=b"profil-secret")
    assert b"MARQUE-SECRETE" in sent
    document = services.store(factories.actor(factories.person()), io.BytesIO(sent), "photo.jpg")
    for is_thumbnail in (False, True):
        kept = services.path_of(document, is_thumbnail=is_thumbnail).read_bytes()
        assert not [word for word in (b"MARQUE", b"2027:01:02", b"EXIF", b"Exif", b"XMP", b"ICCP", b"secret") if word in kept]
        with Image.open(io.BytesIO(kept)) as image:
            assert image.format == "WEBP"
            assert not image.getexif()
            assert image.width < image.height  # it was turned for good
    assert (document.width, document.height) == (500, 1000)


def test_a_photo_is_made_smaller(app: Flask) -> None:
    document = services.store(factories.actor(factories.person()), io.BytesIO(photo(size=(4000, 3000))), "IMG_1.JPG")
    assert (document.width, document.height, document.name) == (1600, 1200, "IMG_1.webp")
    with Image.open(services.path_of(document, is_thumbnail=True)) as small:
        assert small.size == (480, 360)


def test_a_page_hidden_in_a_photo_does_not_survive(app: Flask) -> None:
    for content in (photo() + PAGE, photo(comment=PAGE), photo("PNG") + archive({"a": b"x"})):
        document = services.store(factories.actor(factories.person()), io.BytesIO(content), "photo.jpg")
        kept = services.path_of(document).read_bytes()
        assert b"<script" not in kept
        assert b"PK" not in kept[-100:]


def test_transparency_and_palettes_are_read(app: Flask) -> None:
    for mode in ("RGBA", "P", "L", "LA", "1", "I;16"):
        written = io.BytesIO()
        Image.new(mode, (20, 10)).save(written, "PNG")
        assert services.prepare(io.BytesIO(written.getvalue()), "a.png").width == 20
    written = io.BytesIO()
    Image.new("CMYK", (20, 10)).save(written, "JPEG")
    assert services.prepare(io.BytesIO(written.getvalue()), "a.jpg").width == 20
