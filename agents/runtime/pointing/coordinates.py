"""What a model means by a point: in which units it counts, in which order, and on which picture.

Vision models resize a picture before they look at it, and every family counts in its own way. Clicks that land wrong by
a scale factor come from mixing these up; here each way has a name, and one function turns an answer into a place.

Places between pixels are fractions: pixel 0 reaches from 0.0 to 1.0.
"""

import math
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from agents.runtime.ports import ModelError
from workbench.errors import BadInputError
from workbench.geometry import Point

Space = Literal["original", "resized", "unit", "percent", "thousand"]
"""Pixels of the picture as it was sent, pixels of the picture as the model saw it, 0-1, 0-100, or 0-1000."""

Size = tuple[int, int]
"""Width and height in pixels."""

Spot = tuple[float, float]
"""A place between pixels, x first."""

RANGES: dict[Space, float] = {"unit": 1.0, "percent": 100.0, "thousand": 1000.0}
"""What the far edge is called in the spaces that do not count pixels."""


class Convention(Struct, frozen=True):
    """How a model writes a place.

    `shape` is a point or a box of two corners, `order` which number stands first. `letterbox` says that the numbers
    count the black bars which resizing put around the picture. With `cells`, whole numbers name cells from the top
    left, and what is meant is the middle of one: 0 to 99 in per cent, for example.
    """

    space: Space = "thousand"
    shape: Literal["point", "box"] = "point"
    order: Literal["xy", "yx"] = "xy"
    letterbox: bool = False
    cells: bool = False


class ImageRule(Struct, frozen=True):
    """How a family resizes pictures: sides are multiples of `multiple` pixels, the area stays between two limits.

    Limits are in pixels; 0 means none. `fixed` is the side of the square to which every picture is brought, 0 where it
    keeps its proportions.
    """

    multiple: int = 1
    min_pixels: int = 0
    max_pixels: int = 0
    fixed: int = 0


class _Frame(Struct, frozen=True):
    """Where the sent picture lies on the canvas that a model counts on, and what the canvas's far corner is called."""

    left: float
    top: float
    width: float
    height: float
    canvas: Size
    far: Spot


def _multiples(length: float, multiple: int, rounding: Literal["near", "up", "down"]) -> int:
    count = length / multiple
    whole = {"near": math.floor(count + 0.5), "up": math.ceil(count), "down": math.floor(count)}[rounding]
    return max(1, whole) * multiple


def resized(size: Size, rule: ImageRule) -> Size:
    """The size, in pixels, of the canvas to which a model with this rule brings a picture of `size`.

    The rule of Qwen2-VL's "smart resize", which llama.cpp follows: nearest multiples first, then shrunk or enlarged
    until the area fits. Raises `BadInputError` for a size below 1 x 1.
    """
    width, height = size
    if width < 1 or height < 1:
        raise BadInputError(f"a picture of {width}x{height} pixels cannot be resized: both sides must be at least 1")
    if rule.fixed:
        return rule.fixed, rule.fixed
    near = _multiples(width, rule.multiple, "near"), _multiples(height, rule.multiple, "near")
    area = near[0] * near[1]
    if rule.max_pixels and area > rule.max_pixels:
        scale = math.sqrt(rule.max_pixels / (width * height))
        return _multiples(width * scale, rule.multiple, "down"), _multiples(height * scale, rule.multiple, "down")
    if rule.min_pixels and area < rule.min_pixels:
        scale = math.sqrt(rule.min_pixels / (width * height))
        return _multiples(width * scale, rule.multiple, "up"), _multiples(height * scale, rule.multiple, "up")
    return near


def _boxed(sent: Size, canvas: Size) -> tuple[int, int, int, int]:
    """Where the picture lies, centred between bars, as llama.cpp pads it: left, top, width, height on the canvas."""
    scale = min(canvas[0] / sent[0], canvas[1] / sent[1])
    width = min(math.ceil(sent[0] * scale - 1e-6), canvas[0])
    height = min(math.ceil(sent[1] * scale - 1e-6), canvas[1])
    return (canvas[0] - width) // 2, (canvas[1] - height) // 2, width, height


def _frame(convention: Convention, sent: Size, rule: ImageRule) -> _Frame:
    canvas = sent if convention.space == "original" else resized(sent, rule)
    barred = convention.letterbox and convention.space != "original"
    left, top, width, height = _boxed(sent, canvas) if barred else (0, 0, *canvas)
    far = RANGES.get(convention.space)
    return _Frame(left, top, width, height, canvas, (far, far) if far else (float(canvas[0]), float(canvas[1])))


def spots(numbers: Sequence[float], convention: Convention, *, sent: Size, rule: ImageRule) -> tuple[Spot, ...]:
    """The one or two places that the numbers name, in fractions of pixels of the sent picture, wherever they lie.

    Raises `ModelError` where the shape of the convention has another count of numbers.
    """
    wanted = 2 if convention.shape == "point" else 4
    if len(numbers) != wanted or not all(math.isfinite(number) for number in numbers):
        raise ModelError(f"the model answered {_shown(numbers)} where {wanted} numbers were expected; ask again")
    frame = _frame(convention, sent, rule)
    return tuple(_spot(numbers[at], numbers[at + 1], frame, (convention, sent)) for at in range(0, wanted, 2))


def _spot(first: float, second: float, frame: _Frame, meant: tuple[Convention, Size]) -> Spot:
    convention, sent = meant
    middle = 0.5 if convention.cells else 0.0
    across, down = (first, second) if convention.order == "xy" else (second, first)
    x = (across + middle) * frame.canvas[0] / frame.far[0]
    y = (down + middle) * frame.canvas[1] / frame.far[1]
    return (x - frame.left) * sent[0] / frame.width, (y - frame.top) * sent[1] / frame.height


def place(numbers: Sequence[float], convention: Convention, *, sent: Size, rule: ImageRule) -> Point:
    """The pixel that the numbers of an answer mean, on the picture of size `sent` as it was given to the model.

    A box means its middle. Raises `ModelError` where the count of numbers does not fit the shape, or where the place
    lies outside the picture by more than one unit of the convention.
    """
    found = spots(numbers, convention, sent=sent, rule=rule)
    x, y = (sum(spot[axis] for spot in found) / len(found) for axis in (0, 1))
    unit_x, unit_y = unit(convention, sent, rule)
    if not (-unit_x <= x <= sent[0] + unit_x and -unit_y <= y <= sent[1] + unit_y):
        raise ModelError(
            f"the model answered {_shown(numbers)}, which is outside the picture of {sent[0]}x{sent[1]} pixels when "
            f"read as {described(convention)}; ask again, or calibrate the model"
        )
    return Point(min(max(math.floor(x), 0), sent[0] - 1), min(max(math.floor(y), 0), sent[1] - 1))


def unit(convention: Convention, sent: Size, rule: ImageRule) -> Spot:
    """How many pixels of the sent picture one whole unit is across and down; a thousandth of its side for 0-1."""
    frame = _frame(convention, sent, rule)
    step = 0.001 if convention.space == "unit" else 1.0
    return (
        step * frame.canvas[0] / frame.far[0] * sent[0] / frame.width,
        step * frame.canvas[1] / frame.far[1] * sent[1] / frame.height,
    )


def write(spot: Spot, convention: Convention, *, sent: Size, rule: ImageRule) -> tuple[float, ...]:
    """The numbers by which a model with this convention names the place, as it would write them.

    Whole numbers, except 0-1, which has three decimals. A box is written with both corners at the place.
    """
    frame = _frame(convention, sent, rule)
    canvas_x = frame.left + spot[0] * frame.width / sent[0]
    canvas_y = frame.top + spot[1] * frame.height / sent[1]
    pair = [canvas_x * frame.far[0] / frame.canvas[0], canvas_y * frame.far[1] / frame.canvas[1]]
    if convention.order == "yx":
        pair.reverse()
    written = tuple(_written(number, convention) for number in pair)
    return written if convention.shape == "point" else written + written


def _written(number: float, convention: Convention) -> float:
    if convention.cells:
        return math.floor(number)
    return round(number, 3) if convention.space == "unit" else round(number)


_SPOKEN: dict[Space, str] = {
    "original": "pixels of the picture",
    "resized": "pixels of the resized picture",
    "unit": "0 to 1",
    "percent": "0 to 100",
    "thousand": "0 to 1000",
}


def described(convention: Convention) -> str:
    """The convention in a few words for people."""
    words = [f"{convention.shape}s in {_SPOKEN[convention.space]}" if convention.shape == "point" else ""]
    if convention.shape == "box":
        words = [f"boxes in {_SPOKEN[convention.space]}"]
    words.append(f"{convention.order[0]} first")
    words += ["with the bars around it"] * convention.letterbox + ["counting cells"] * convention.cells
    return ", ".join(words)


def _shown(numbers: Sequence[float]) -> str:
    return "(" + ", ".join(f"{number:g}" for number in numbers[:8]) + ")"
