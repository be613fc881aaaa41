"""One widget of a drawn screen: what is known of it, and how it is painted."""

import math
from dataclasses import dataclass
from random import Random
from typing import Literal

from PIL import Image, ImageDraw

from agents.runtime.pointing.targets import COLOURS, Colour
from builtin_model.icons import Icon, icon_mask
from builtin_model.looks import Look, text_px
from workbench.geometry import Rect

Role = Literal["button", "icon", "field", "checkbox"]
Form = Literal["", "round", "square", "oval", "diamond", "triangle", "hexagon"]

FORMS: tuple[Form, ...] = ("round", "square", "oval", "diamond", "triangle", "hexagon")

_CORNERS: dict[Form, int] = {"diamond": 4, "triangle": 3, "hexagon": 6}


@dataclass(frozen=True)
class Widget:
    """What is seen of a widget; empty where it has no such thing. `bounds` are pixels of the picture."""

    role: Role
    bounds: Rect
    colour: str = ""
    form: Form = ""
    icon: Icon | None = None
    label: str = ""


def paint(image: Image.Image, widget: Widget, style: Look, chance: Random) -> None:
    """Draw the widget where it stands."""
    _Painter(image, widget, style, chance).paint()


class _Painter:
    """One widget while it is drawn."""

    def __init__(self, image: Image.Image, widget: Widget, style: Look, chance: Random) -> None:
        self._image = image
        self._pen = ImageDraw.Draw(image)
        self._widget = widget
        self._at = widget.bounds
        self._style = style
        self._chance = chance

    def paint(self) -> None:
        match self._widget.role:
            case "button":
                self._button()
            case "icon":
                self._stamp((self._at.x, self._at.y), self._at.height, self._own_colour() or self._style.ink)
            case "field":
                self._field()
            case "checkbox":
                self._checkbox()

    def _button(self) -> None:
        own, at = self._own_colour(), self._at
        face = own or self._style.face
        self._face(face, _darker(own) if own else self._style.edge)
        ink = _ink_on(face)
        if self._widget.icon and not self._widget.label:
            side = round(min(at.width, at.height) * (0.46 if self._widget.form else 0.66))
            self._stamp((at.x + (at.width - side) // 2, at.y + (at.height - side) // 2), side, ink)
            return
        beside = at.height if self._widget.icon else 0
        if self._widget.icon:
            side = round(at.height * 0.6)
            self._stamp((at.x + round(at.height * 0.3), at.y + (at.height - side) // 2), side, ink)
        self._text(at.x + beside + (at.width - beside) / 2, ink, anchor="mm")

    def _field(self) -> None:
        paper = (255, 255, 255) if sum(self._style.desk) > 380 else (16, 16, 16)
        self._pen.rectangle(_corners(self._at), fill=paper, outline=self._style.edge)
        self._text(self._at.x + self._at.height * 0.35, self._style.edge, anchor="lm")

    def _checkbox(self) -> None:
        at, side = self._at, round(self._at.height * 0.8)
        top = at.y + (at.height - side) // 2
        box = (at.x, top, at.x + side - 1, top + side - 1)
        self._pen.rectangle(box, fill=self._style.face, outline=self._style.ink)
        if self._chance.random() < 0.5:
            tick = [(at.x + x * side, top + y * side) for x, y in ((0.2, 0.5), (0.42, 0.75), (0.82, 0.25))]
            self._pen.line(tick, fill=self._style.ink, width=max(1, side // 8))
        self._text(at.x + at.height + 2, self._style.ink, anchor="lm")

    def _face(self, fill: Colour, edge: Colour) -> None:
        at, form = self._at, self._widget.form
        if form in ("round", "oval"):
            self._pen.ellipse(_corners(at), fill=fill, outline=edge)
        elif form in _CORNERS:
            self._pen.polygon(_polygon(at, _CORNERS[form]), fill=fill, outline=edge)
        elif form == "square":
            self._pen.rectangle(_corners(at), fill=fill, outline=edge)
        else:
            self._pen.rounded_rectangle(_corners(at), self._style.roundness * at.height, fill=fill, outline=edge)

    def _own_colour(self) -> Colour | None:
        """The colour that the widget has a name for, hardly ever quite the same."""
        if not self._widget.colour:
            return None
        parts = COLOURS[self._widget.colour]
        red, green, blue = (min(255, max(0, part + self._chance.randint(-12, 12))) for part in parts)
        return red, green, blue

    def _stamp(self, at: tuple[int, int], side_px: int, ink: Colour) -> None:
        assert self._widget.icon
        self._image.paste(ink, at, icon_mask(self._widget.icon, side_px, self._style.icons))

    def _text(self, x: float, ink: Colour, *, anchor: str) -> None:
        """The label at the middle of the height."""
        if self._widget.label:
            font, at = self._style.font(text_px(self._at.height)), (x, self._at.y + self._at.height / 2)
            self._pen.text(at, self._widget.label, fill=ink, font=font, anchor=anchor)


def _polygon(at: Rect, corners: int) -> list[tuple[float, float]]:
    """Even corners on the ellipse in the bounds, the first one at the top."""
    angles = [2 * math.pi * number / corners - math.pi / 2 for number in range(corners)]
    half = at.width / 2 - 1, at.height / 2 - 1
    return [(at.x + half[0] * (1 + math.cos(a)), at.y + half[1] * (1 + math.sin(a))) for a in angles]


def _corners(at: Rect) -> tuple[int, int, int, int]:
    return at.x, at.y, at.right - 1, at.bottom - 1


def _darker(colour: Colour) -> Colour:
    red, green, blue = (round(part * 0.6) for part in colour)
    return red, green, blue


def _ink_on(face: Colour) -> Colour:
    return (0, 0, 0) if sum(face) > 380 else (255, 255, 255)
