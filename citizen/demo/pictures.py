"""Drawn pictures for the demonstration: flat shapes in the colours of the site, never a photo of anybody."""

import io
import math
import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

from citizen.files import services as files
from citizen.files.services import Prepared

WIDTH, HEIGHT = 720, 480
SKY, SAND, LEAF, DEEP_LEAF = "#dfeaf0", "#efe3cb", "#7ba05b", "#4f7a3f"
BRICK, SEA, SUN, INK, WOOD, WHITE = "#b4472e", "#2c6e7f", "#e8b23a", "#2e3438", "#96683f", "#fbf8f1"
FLAGS = (BRICK, SUN, SEA, LEAF)

Draw = ImageDraw.ImageDraw


def _ground(draw: Draw, *, is_night: bool = False) -> None:
    draw.rectangle((0, 0, WIDTH, HEIGHT), "#26374a" if is_night else SKY)
    for rank, x in enumerate(range(0, WIDTH, 90)):
        top = 190 + (rank * 53) % 80
        draw.rectangle(
            (x, top, x + 82, 360), ("#3a4a5c", "#43546a")[rank % 2] if is_night else ("#d9b7a4", "#cfc1ab")[rank % 2]
        )
        for window in range(3):
            lit = SUN if is_night and (rank + window) % 3 else WHITE if not is_night else "#52637a"
            draw.rectangle((x + 14 + 22 * window, top + 18, x + 26 + 22 * window, top + 36), lit)
    draw.rectangle((0, 350, WIDTH, HEIGHT), "#3c5240" if is_night else LEAF)
    draw.polygon([(0, HEIGHT), (260, 350), (420, 350), (WIDTH, HEIGHT)], "#51604f" if is_night else SAND)


def _bunting(draw: Draw, top: int) -> None:
    points = [(x, top + int(34 * math.sin(math.pi * x / WIDTH))) for x in range(0, WIDTH + 1, 48)]
    draw.line(points, INK, 3)
    for rank, (x, y) in enumerate(points[:-1]):
        draw.polygon([(x + 6, y + 3), (x + 40, y + 3), (x + 23, y + 44)], FLAGS[rank % 4])


def _tree(draw: Draw, x: int, base: int, size: int) -> None:
    draw.rectangle((x - size // 9, base - size, x + size // 9, base), WOOD)
    for dx, dy, radius in ((0, -size - 20, size // 2), (-size // 3, -size + 8, size // 3), (size // 3, -size + 8, size // 3)):
        draw.ellipse((x + dx - radius, base + dy - radius, x + dx + radius, base + dy + radius), DEEP_LEAF)


def _people(draw: Draw, base: int, dice: random.Random, number: int = 8) -> None:
    for rank in range(number):
        x = 60 + rank * (WIDTH - 120) // number + dice.randint(0, 30)
        tall, colour = dice.randint(48, 84), (BRICK, SEA, SUN, INK, WOOD)[rank % 5]
        draw.rounded_rectangle((x - 15, base - tall, x + 15, base), 13, colour)
        draw.ellipse((x - 13, base - tall - 26, x + 13, base - tall), ("#8d5b3f", "#e2b48f", "#c58b62", "#6b4530")[rank % 4])


def _bench(draw: Draw, x: int, base: int) -> None:
    for y in (base - 70, base - 50, base - 28):
        draw.rounded_rectangle((x, y, x + 180, y + 13), 5, WOOD)
    for leg in (x + 14, x + 154):
        draw.rectangle((leg, base - 70, leg + 11, base), INK)


def _table(draw: Draw, base: int) -> None:
    draw.polygon([(90, base), (630, base), (580, base - 46), (140, base - 46)], WHITE)
    for rank, x in enumerate(range(160, 580, 60)):
        draw.ellipse((x, base - 38, x + 40, base - 16), FLAGS[rank % 4])


def _party(draw: Draw, dice: random.Random) -> None:
    _bunting(draw, 70)
    _people(draw, 400, dice)
    _table(draw, 440)


def _trees(draw: Draw, dice: random.Random) -> None:
    for x in (110, 300, 560):
        _tree(draw, x, 400, dice.randint(90, 120))
    _bench(draw, 370, 440)


def _benches(draw: Draw, dice: random.Random) -> None:
    _tree(draw, 570, 400, 130)
    _bench(draw, 120, 430)
    _bench(draw, 360, 455)
    _people(draw, 420, dice, 3)


def _play(draw: Draw, dice: random.Random) -> None:
    draw.line([(180, 430), (260, 240), (340, 430)], BRICK, 12)
    draw.line([(480, 430), (560, 240), (640, 430)], BRICK, 12)
    draw.line([(260, 242), (560, 242)], BRICK, 12)
    for x in (350, 460):
        draw.line([(x, 246), (x, 390)], INK, 4)
        draw.rounded_rectangle((x - 26, 386, x + 26, 400), 6, SUN)
    _people(draw, 450, dice, 4)


def _garden(draw: Draw, dice: random.Random) -> None:
    for row in range(3):
        y = 380 + row * 34
        draw.rounded_rectangle((60 + row * 18, y, WIDTH - 60 - row * 18, y + 26), 8, WOOD)
        for x in range(90 + row * 18, WIDTH - 90, 42):
            draw.ellipse((x, y - 14, x + 26, y + 8), (DEEP_LEAF, LEAF, BRICK, SUN)[dice.randint(0, 3)])


def _sport(draw: Draw, dice: random.Random) -> None:
    draw.ellipse((330, 400, 386, 456), WHITE, INK, 4)
    draw.polygon([(358, 412), (372, 424), (366, 442), (350, 442), (344, 424)], INK)
    draw.rectangle((520, 250, 532, 430), INK)
    draw.rectangle((470, 230, 582, 290), WHITE, BRICK, 6)
    _people(draw, 440, dice, 6)


def _sea(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 0, WIDTH, HEIGHT), SKY)
    draw.ellipse((540, 50, 640, 150), SUN)
    draw.rectangle((0, 210, WIDTH, 330), SEA)
    for x in range(0, WIDTH, 60):
        draw.arc((x, 230 + x % 50, x + 60, 260 + x % 50), 200, 340, WHITE, 3)
    draw.rectangle((0, 320, WIDTH, HEIGHT), SAND)
    draw.pieslice((120, 270, 280, 430), 180, 360, BRICK)
    draw.rectangle((197, 350, 203, 450), WOOD)
    _people(draw, 450, dice, 6)


def _night(draw: Draw, dice: random.Random) -> None:
    _ground(draw, is_night=True)
    for rank, x in enumerate(range(70, WIDTH, 82)):
        y = 300 + dice.randint(-30, 40)
        draw.ellipse((x - 22, y - 26, x + 22, y + 26), (SUN, BRICK, "#f2d28a")[rank % 3])
    _people(draw, 430, dice)


def _cinema(draw: Draw, dice: random.Random) -> None:
    _ground(draw, is_night=True)
    draw.rounded_rectangle((190, 90, 530, 310), 10, WHITE, INK, 8)
    draw.polygon([(330, 160), (330, 240), (400, 200)], BRICK)
    _people(draw, 460, dice, 9)


def _music(draw: Draw, dice: random.Random) -> None:
    _bunting(draw, 60)
    for x, y in ((150, 170), (340, 130), (540, 180)):
        draw.ellipse((x, y + 60, x + 40, y + 90), INK)
        draw.line([(x + 38, y + 74), (x + 38, y), (x + 70, y + 22)], INK, 7)
    _people(draw, 440, dice, 7)


SCENES: dict[str, Callable[[Draw, random.Random], None]] = {
    "party": _party, "dance": _music, "music": _music, "bunting": _party, "trees": _trees, "walk": _trees, "bike": _benches,
    "bench": _benches, "playground": _play, "garden": _garden, "flowers": _garden, "workshop": _benches, "sport": _sport,
    "sea": _sea, "lantern": _night, "stories": _night, "cinema": _cinema,
}  # fmt: skip


@cache
def drawn(scene: str) -> bytes:
    """The picture of a scene, as a PNG file."""
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    _ground(draw)
    SCENES[scene](draw, random.Random(scene))
    written = io.BytesIO()
    image.save(written, "PNG", compress_level=1)
    return written.getvalue()


class Album:
    """The pictures, each examined and cleaned once however many projects show it."""

    def __init__(self) -> None:
        self._kept: dict[object, Prepared] = {}

    def picture(self, scene: str) -> Prepared:
        drawing = SCENES[scene]
        if drawing not in self._kept:
            self._kept[drawing] = files.prepare(io.BytesIO(drawn(scene)), f"{scene}.png", images_only=True)
        return self._kept[drawing]
