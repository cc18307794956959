"""Posters, leaflets and pictures to share, made from what the agenda knows: theme, programme, QR code, the Region's mention."""

import base64
import hashlib
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from flask import current_app
from flask_babel import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from citizen.config import Settings
from citizen.files.models import Document
from citizen.files.services import path_of
from citizen.nqe.models import Edition

SIZES = ("a3", "a4", "a6")
WIDE, SQUARE = (1200, 630), (1080, 1080)
PAPER, INK, INK_2, BRICK, SEA = "#fffdf9", "#22201d", "#5a544c", "#a63a24", "#0f5c6e"
SUN, SUN_SOFT, SUN_INK = "#f6b93b", "#fdf1d3", "#7d5100"
FONTS = {True: "DejaVuSans-Bold.ttf", False: "DejaVuSans.ttf"}
REVISION = "2"  # another drawing makes other files
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Card:
    """What a picture says: a line above, a title, lines under it, a word across it when something is off, small print."""

    above: str
    title: str
    lines: tuple[str, ...]
    alarm: str
    below: str


def mention() -> str:
    """The Region's part, which every paper shows. Source: cadre régional, règle de visibilité (G5)."""
    return _("Avec le soutien de la Région Hauts-de-France")


def theme_picture(edition: Edition | None) -> Document | None:
    """The picture of the year's theme, when the Region gave one."""
    return edition.image if edition else None


def qr(address: str) -> str:
    """A QR code as the address of a picture."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=1, dark=INK, light="#fff")


def inlined(document: Document | None) -> str:
    """A picture as an address that holds it; « » when there is none."""
    path = path_of(document) if document else None
    if document is None or path is None or not path.is_file():
        return ""
    return f"data:{document.media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"


def picture(card: Card, document: Document | None, size: tuple[int, int], *, name: str) -> Path:
    """The card as a PNG file, drawn once for what it says; an older drawing of the same ``name`` goes."""
    told = repr((REVISION, card, document.sha256 if document else "", size))
    folder = _settings().data / "pictures"
    path = folder / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:16]}.png"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for older in folder.glob(f"{name}-*.png"):
            older.unlink(missing_ok=True)
        drawn, part = io.BytesIO(), path.with_suffix(".part")
        _draw(card, document, size).save(drawn, "PNG", optimize=True)
        part.write_bytes(drawn.getvalue())
        part.replace(path)  # a reader never meets half a picture
    return path


def _settings() -> Settings:
    return current_app.config["SETTINGS"]


def _draw(card: Card, document: Document | None, size: tuple[int, int]) -> Image.Image:
    width, height = size
    is_wide, scale = width > height, height / (630 if width > height else 760)
    page = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(page)
    text_width = round(width * (0.62 if is_wide else 1)) - round(120 * scale)
    art = (round(width * 0.66), 0, width, height) if is_wide else (0, 0, width, round(height * 0.36))
    _art(page, document, art)
    for rank, colour in enumerate((BRICK, SUN, SEA)):
        pen.rectangle((width * rank // 3, 0, width * (rank + 1) // 3, round(14 * scale)), fill=colour)
    left, y = round(60 * scale), round(60 * scale) if is_wide else art[3] + round(36 * scale)
    y = _write(pen, (left, y), card.above, text_width, round(26 * scale), SUN_INK, is_bold=True, most=2 if is_wide else 1)
    title_lines, line_lines = (3, 2) if is_wide else (2, 1)
    y = _write(
        pen, (left, y + round(14 * scale)), card.title, text_width, round(62 * scale), INK, is_bold=True, most=title_lines
    )
    for line in card.lines:
        y = _write(pen, (left, y + round(12 * scale)), line, text_width, round(32 * scale), INK, is_bold=False, most=line_lines)
    bottom = height - round(64 * scale)
    _write(pen, (left, bottom), card.below, text_width, round(22 * scale), INK_2, is_bold=False, most=1)
    if card.alarm:
        font = _font(round(44 * scale), is_bold=True)
        words = _known(card.alarm, font)
        box = (
            left,
            bottom - round(96 * scale),
            left + pen.textlength(words, font=font) + round(56 * scale),
            bottom - round(20 * scale),
        )
        pen.rounded_rectangle(box, radius=round(12 * scale), fill=BRICK)
        pen.text((left + round(28 * scale), (box[1] + box[3]) / 2), words, font=font, fill=PAPER, anchor="lm")
    return page


def _art(page: Image.Image, document: Document | None, box: tuple[int, int, int, int]) -> None:
    """The theme's picture, cut to the box; else flags in the colours of the house."""
    width, height = box[2] - box[0], box[3] - box[1]
    path = path_of(document) if document else None
    if path is not None and path.is_file():
        with Image.open(path) as found:
            page.paste(ImageOps.fit(found.convert("RGB"), (width, height)), box[:2])
        return
    flags = Image.new("RGB", (width * 2, height * 2), SUN_SOFT)  # drawn twice as large, so that the edges are smooth
    pen, side = ImageDraw.Draw(flags), max(width, height) * 2 / 8
    for row in range(9):
        for column in range(9):
            x, y = column * side, row * side * 1.25
            colour = (SUN, BRICK, SEA)[(row + column) % 3]
            pen.polygon([(x + side * 0.12, y), (x + side * 0.88, y), (x + side * 0.5, y + side)], fill=colour)
    page.paste(flags.resize((width, height)), box[:2])


def _write(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    words: str,
    width: float,
    size: int,
    colour: str,
    *,
    is_bold: bool,
    most: int,
) -> int:
    """Words in lines under ``width`` pixels, smaller when they do not fit in ``most`` lines; where the next ones go."""
    while True:
        font = _font(size, is_bold=is_bold)
        lines = _lines(pen, _known(words, font), font, width)
        if len(lines) <= most or size <= 16:
            break
        size = size * 9 // 10
    x, y = at
    for line in lines[:most]:
        pen.text((x, y), line, font=font, fill=colour)
        y += size * 1.25
    return round(y)


def _lines(pen: ImageDraw.ImageDraw, words: str, font: Font, width: float) -> Sequence[str]:
    lines: list[str] = []
    for word in words.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and pen.textlength(joined, font=font) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, *, is_bold: bool) -> Font:
    try:
        return ImageFont.truetype(FONTS[is_bold], size)
    except OSError:  # no such font on this machine: the one in the library, which has no accents
        return ImageFont.load_default(size)


def _known(words: str, font: Font) -> str:
    """The words as this font can show them."""
    if getattr(font, "path", None) in FONTS.values() or "DejaVu" in str(getattr(font, "path", "")):
        return words
    return unicodedata.normalize("NFKD", words.replace("’", "'").replace("œ", "oe")).encode("ascii", "ignore").decode()
