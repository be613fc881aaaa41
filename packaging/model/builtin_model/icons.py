"""Icons that interfaces use, drawn by this project: strokes on a square from 0 to 1, in several styles."""

import math
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

Spot = tuple[float, float]

FINER = 4
"""Icons are drawn so many times larger and then shrunk, for smooth edges."""


@dataclass(frozen=True)
class Stroke:
    """A line through points; `closed` ones are filled in filled styles, those `inside` are then cut out of them."""

    points: tuple[Spot, ...]
    closed: bool = False
    inside: bool = False


@dataclass(frozen=True)
class IconStyle:
    """How icons are drawn: `thickness` and `slant` are parts of the side."""

    thickness: float
    filled: bool = False
    slant: float = 0.0


@dataclass(frozen=True)
class Icon:
    """What people call an icon, the commonest first, and its strokes."""

    names: tuple[str, ...]
    strokes: tuple[Stroke, ...]


def _line(*points: Spot, inside: bool = False) -> Stroke:
    return Stroke(points, inside=inside)


def _shape(*points: Spot, inside: bool = False) -> Stroke:
    return Stroke(points, closed=True, inside=inside)


def _box(left: float, top: float, right: float, bottom: float, *, inside: bool = False) -> Stroke:
    return _shape((left, top), (right, top), (right, bottom), (left, bottom), inside=inside)


def _round(x: float, y: float, radius: float, *, inside: bool = False) -> Stroke:
    return Stroke(_arc(x, y, radius, (0, 360)), closed=True, inside=inside)


def _arc(x: float, y: float, radius: float, degrees: tuple[int, int]) -> tuple[Spot, ...]:
    steps = range(degrees[0], degrees[1] + 1, 15)
    return tuple(
        (x + radius * math.cos(math.radians(angle)), y + radius * math.sin(math.radians(angle))) for angle in steps
    )


def _star(points: int, outer: float, inner: float) -> Stroke:
    corners = []
    for number in range(2 * points):
        angle = math.pi * (number / points - 0.5)
        radius = inner if number % 2 else outer
        corners.append((0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)))
    return _shape(*corners)


def _gear() -> Stroke:
    corners = []
    for tooth in range(8):
        for turn, radius in ((-0.4, 0.31), (-0.24, 0.45), (0.24, 0.45), (0.4, 0.31)):
            angle = (tooth + turn) * math.pi / 4
            corners.append((0.5 + radius * math.cos(angle), 0.5 + radius * math.sin(angle)))
    return _shape(*corners)


def _arrow(turns: int) -> tuple[Stroke, ...]:
    """An arrow to the right, turned clockwise by quarters."""
    shaft, head = ((0.12, 0.5), (0.88, 0.5)), ((0.56, 0.2), (0.88, 0.5), (0.56, 0.8))
    return tuple(_line(*(_turned(spot, turns) for spot in points)) for points in (shaft, head))


def _turned(spot: Spot, turns: int) -> Spot:
    x, y = spot
    for _ in range(turns):
        x, y = 1 - y, x
    return x, y


def _rows(*heights: float, inside: bool = False) -> tuple[Stroke, ...]:
    return tuple(_line((0.3, y), (0.7, y), inside=inside) for y in heights)


ICONS: tuple[Icon, ...] = (
    Icon(
        ("floppy", "floppy disk", "save"),
        (
            _shape((0.12, 0.12), (0.72, 0.12), (0.88, 0.28), (0.88, 0.88), (0.12, 0.88)),
            _box(0.3, 0.14, 0.62, 0.36, inside=True),
            _box(0.28, 0.54, 0.72, 0.86, inside=True),
        ),
    ),
    Icon(
        ("bin", "trash", "delete"),
        (
            _shape((0.22, 0.26), (0.78, 0.26), (0.72, 0.9), (0.28, 0.9)),
            _line((0.12, 0.24), (0.88, 0.24)),
            _line((0.38, 0.22), (0.38, 0.1), (0.62, 0.1), (0.62, 0.22)),
            _line((0.42, 0.4), (0.44, 0.78), inside=True),
            _line((0.58, 0.4), (0.56, 0.78), inside=True),
        ),
    ),
    Icon(("magnifier", "magnifying glass", "search"), (_round(0.42, 0.42, 0.28), _line((0.62, 0.62), (0.9, 0.9)))),
    Icon(("gear", "cog", "settings"), (_gear(), _round(0.5, 0.5, 0.14, inside=True))),
    Icon(("right arrow", "arrow to the right", "forward"), _arrow(0)),
    Icon(("down arrow", "arrow down"), _arrow(1)),
    Icon(("left arrow", "arrow to the left", "back"), _arrow(2)),
    Icon(("up arrow", "arrow up"), _arrow(3)),
    Icon(("plus", "add"), (_line((0.5, 0.12), (0.5, 0.88)), _line((0.12, 0.5), (0.88, 0.5)))),
    Icon(("minus", "remove"), (_line((0.12, 0.5), (0.88, 0.5)),)),
    Icon(("cross", "close"), (_line((0.18, 0.18), (0.82, 0.82)), _line((0.82, 0.18), (0.18, 0.82)))),
    Icon(("tick", "check mark"), (_line((0.1, 0.55), (0.38, 0.82), (0.9, 0.2)),)),
    Icon(("menu", "three lines"), tuple(_line((0.12, y), (0.88, y)) for y in (0.22, 0.5, 0.78))),
    Icon(
        ("house", "home"),
        (
            _shape((0.5, 0.1), (0.9, 0.46), (0.78, 0.46), (0.78, 0.88), (0.22, 0.88), (0.22, 0.46), (0.1, 0.46)),
            _box(0.42, 0.6, 0.58, 0.88, inside=True),
        ),
    ),
    Icon(
        ("envelope", "mail"),
        (_box(0.08, 0.22, 0.92, 0.78), _line((0.1, 0.25), (0.5, 0.56), (0.9, 0.25), inside=True)),
    ),
    Icon(
        ("lock", "padlock"),
        (
            _box(0.2, 0.46, 0.8, 0.9),
            _line((0.32, 0.44), *_arc(0.5, 0.3, 0.18, (180, 360)), (0.68, 0.44)),
            _line((0.5, 0.6), (0.5, 0.76), inside=True),
        ),
    ),
    Icon(("play", "start"), (_shape((0.24, 0.12), (0.86, 0.5), (0.24, 0.88)),)),
    Icon(("pause",), (_box(0.22, 0.14, 0.4, 0.86), _box(0.6, 0.14, 0.78, 0.86))),
    Icon(("stop",), (_box(0.18, 0.18, 0.82, 0.82),)),
    Icon(
        ("pencil", "edit"),
        (
            _shape((0.12, 0.88), (0.18, 0.64), (0.7, 0.12), (0.88, 0.3), (0.36, 0.82)),
            _line((0.58, 0.26), (0.74, 0.42), inside=True),
        ),
    ),
    Icon(
        ("folder", "open"),
        (_shape((0.08, 0.2), (0.38, 0.2), (0.48, 0.32), (0.92, 0.32), (0.92, 0.82), (0.08, 0.82)),),
    ),
    Icon(("star", "favourite"), (_star(5, 0.44, 0.18),)),
    Icon(
        ("heart",),
        (_shape(*_arc(0.3, 0.34, 0.2, (165, 330)), *_arc(0.7, 0.34, 0.2, (210, 375)), (0.5, 0.88)),),
    ),
    Icon(
        ("bell",),
        (
            _shape((0.14, 0.74), (0.26, 0.6), *_arc(0.5, 0.36, 0.24, (180, 360)), (0.74, 0.6), (0.86, 0.74)),
            _line((0.42, 0.86), (0.58, 0.86)),
        ),
    ),
    Icon(("person", "user"), (_round(0.5, 0.3, 0.18), _shape(*_arc(0.5, 0.9, 0.36, (180, 360))))),
    Icon(
        ("printer", "print"),
        (
            _box(0.1, 0.36, 0.9, 0.72),
            _line((0.28, 0.34), (0.28, 0.1), (0.72, 0.1), (0.72, 0.34)),
            _box(0.28, 0.56, 0.72, 0.9, inside=True),
        ),
    ),
    Icon(
        ("document", "page", "file"),
        (_shape((0.2, 0.08), (0.6, 0.08), (0.8, 0.28), (0.8, 0.92), (0.2, 0.92)), *_rows(0.44, 0.6, 0.76, inside=True)),
    ),
    Icon(
        ("calendar", "date"),
        (
            _box(0.12, 0.18, 0.88, 0.88),
            _line((0.14, 0.38), (0.86, 0.38), inside=True),
            _line((0.32, 0.08), (0.32, 0.26)),
            _line((0.68, 0.08), (0.68, 0.26)),
        ),
    ),
    Icon(
        ("clock", "time"),
        (_round(0.5, 0.5, 0.4), _line((0.5, 0.26), (0.5, 0.5), (0.66, 0.6), inside=True)),
    ),
    Icon(
        ("download",),
        (
            _line((0.5, 0.08), (0.5, 0.6)),
            _line((0.28, 0.4), (0.5, 0.62), (0.72, 0.4)),
            _line((0.12, 0.66), (0.12, 0.9), (0.88, 0.9), (0.88, 0.66)),
        ),
    ),
)


@lru_cache(maxsize=8192)
def icon_mask(icon: Icon, side_px: int, style: IconStyle) -> Image.Image:
    """How much ink is where: a square picture of one channel. Nobody may change it."""
    size = max(side_px, 4) * FINER
    mask = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(mask)
    for stroke in icon.strokes:
        _draw(pen, stroke, style, size)
    return mask.resize((size // FINER, size // FINER), Image.Resampling.BOX)


def _draw(pen: ImageDraw.ImageDraw, stroke: Stroke, style: IconStyle, size: int) -> None:
    points = [((x + style.slant * (0.5 - y)) * size, y * size) for x, y in stroke.points]
    width = max(FINER, round(style.thickness * size))
    if style.filled and stroke.closed:
        pen.polygon(points, fill=0 if stroke.inside else 255)
    else:
        ends = points[:2] if stroke.closed else []
        pen.line([*points, *ends], fill=0 if style.filled and stroke.inside else 255, width=width, joint="curve")
