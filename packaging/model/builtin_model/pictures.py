"""Screens drawn to learn pointing: widgets of many looks whose colours, forms, icons and labels are known.

Held out for the test are a quarter of the label words, two layouts, one style of icons and the fonts of one family;
colours, forms and icons are the same. Fonts are those of the distribution that are there, and the one that Pillow
brings, so two machines draw the same only with the same fonts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from agents.runtime.pointing.targets import COLOURS
from agents.runtime.prompt import RGB
from builtin_model.case import Split
from builtin_model.data.vocabulary import nouns, of_split, verbs
from builtin_model.icons import ICONS, Icon
from builtin_model.layouts import LAYOUTS, Size
from builtin_model.looks import Look, look, text_width
from builtin_model.widgets import FORMS, Role, Widget, paint
from workbench.geometry import Rect

TRIES = 50
"""So many places are tried for a widget before the screen is drawn without it."""

GAP_PX = 2
"""Between two widgets there is at least so much."""


@dataclass(frozen=True)
class Kit:
    """What screens of one kind hold.

    `sizes` in pixels, widgets `heights_px` high, from `fewest` to `most` of them. `roles` weigh buttons, bare icons,
    fields and checkboxes. `coloured`, `formed`, `iconed` and `worded` are the shares of buttons that have a colour
    with a name, a telling form, an icon, a label; `barred` that of screens between black bars, as llama.cpp pads.
    """

    sizes: tuple[Size, ...]
    heights_px: tuple[int, int]
    fewest: int
    most: int
    roles: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    coloured: float = 1.0
    formed: float = 0.0
    iconed: float = 0.0
    worded: float = 1.0
    barred: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """A screen and its widgets, bounds in pixels of the picture."""

    pixels: RGB
    widgets: tuple[Widget, ...]


def drawn(kit: Kit, size: Size, split: Split, chance: Random) -> Drawn:
    """A fresh screen of exactly that size."""
    inner = _without_bars(size, chance) if chance.random() < kit.barred else size
    style = look(split, chance)
    image = Image.new("RGB", inner, style.desk)
    pen = ImageDraw.Draw(image)
    _clutter(pen, inner, style, chance)
    widgets = _placed(list(_planned(kit, style, split, chance)), inner, split, chance)
    for widget in widgets:
        paint(image, widget, style, chance)
    return _between_bars(image, widgets, size)


def _without_bars(size: Size, chance: Random) -> Size:
    """Bars stand at two sides only, as thick as what is missing to the proportions of the canvas."""
    short = 1 - chance.uniform(0.0, 0.12)
    return (round(size[0] * short), size[1]) if chance.random() < 0.5 else (size[0], round(size[1] * short))


def _between_bars(image: Image.Image, widgets: Sequence[Widget], size: Size) -> Drawn:
    if image.size == size:
        return Drawn(np.asarray(image), tuple(widgets))
    left, top = (size[0] - image.width) // 2, (size[1] - image.height) // 2
    whole = Image.new("RGB", size)
    whole.paste(image, (left, top))
    moved = (replace(widget, bounds=widget.bounds.offset(left, top)) for widget in widgets)
    return Drawn(np.asarray(whole), tuple(moved))


def _clutter(pen: ImageDraw.ImageDraw, size: Size, style: Look, chance: Random) -> None:
    """Panels, rules and lines of grey text, as between the controls of a window."""
    width, height = size
    for _ in range(chance.randint(0, 3)):
        x, y = chance.randrange(width), chance.randrange(height)
        corner = chance.randint(x, width), chance.randint(y, height)
        pen.rectangle((x, y, *corner), fill=style.shade(chance), outline=style.edge)
    for _ in range(chance.randint(0, 3)):
        y, ends = chance.randrange(height), sorted((chance.randrange(width), chance.randrange(width)))
        pen.line((ends[0], y, ends[1], y), fill=style.edge)
    if min(size) >= 300:
        _text_lines(pen, size, style, chance)


def _text_lines(pen: ImageDraw.ImageDraw, size: Size, style: Look, chance: Random) -> None:
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(size[0]), chance.randrange(size[1])
        words = " ".join(chance.choices(_words("train")[1], k=chance.randint(2, 7)))
        pen.text(at, words, fill=style.edge, font=style.font(chance.randint(9, 15)))


def _planned(kit: Kit, style: Look, split: Split, chance: Random) -> Iterator[Widget]:
    """Widgets with their sizes; they stand nowhere yet."""
    colours = _endless(sorted(COLOURS), chance)
    roles: tuple[Role, ...] = ("button", "icon", "field", "checkbox")
    middle = chance.uniform(*kit.heights_px)
    for _ in range(chance.randint(kit.fewest, kit.most)):
        height = round(min(max(middle * chance.uniform(0.75, 1.33), kit.heights_px[0]), kit.heights_px[1]))
        role = chance.choices(roles, kit.roles)[0]
        plain = Widget(role, Rect(0, 0, height, height))
        match role:
            case "button":
                made = _button(kit, plain, next(colours), split, chance)
            case "icon":
                made = replace(plain, icon=chance.choice(ICONS), colour=next(colours) if chance.random() < 0.4 else "")
            case _:
                made = replace(plain, label=label(split, chance))
        yield _sized(made, style, chance)


def _button(kit: Kit, plain: Widget, colour: str, split: Split, chance: Random) -> Widget:
    form = chance.choice(FORMS) if chance.random() < kit.formed else ""
    worded = not form and chance.random() < kit.worded
    icon: Icon | None = chance.choice(ICONS) if chance.random() < kit.iconed else None
    return replace(
        plain,
        colour=colour if chance.random() < kit.coloured else "",
        form=form,
        icon=icon,
        label=label(split, chance) if worded else "",
    )


def _sized(widget: Widget, style: Look, chance: Random) -> Widget:
    """The widget as wide as what is in it wants."""
    height = widget.bounds.height
    words = text_width(widget.label, style, height) if widget.label else 0
    match widget.role:
        case "icon":
            width = height
        case "field":
            width = max(words + height, round(height * chance.uniform(3, 8)))
        case "checkbox":
            width = height + words + 4
        case _:
            width = _button_width(widget, words, chance)
    return replace(widget, bounds=Rect(0, 0, width, height))


def _button_width(widget: Widget, words: int, chance: Random) -> int:
    height = widget.bounds.height
    if widget.form:
        return round(height * 1.6) if widget.form == "oval" else height
    if not widget.label:
        return round(height * chance.uniform(1.0 if widget.icon else 1.6, 2.6))
    beside = height if widget.icon else 0
    return words + beside + round(height * chance.uniform(0.5, 1.2))


def _placed(planned: Sequence[Widget], size: Size, split: Split, chance: Random) -> list[Widget]:
    """Those of the widgets that find room, where the layout wants them."""
    centres = chance.choice(LAYOUTS[split])(size, chance)
    found: list[Widget] = []
    for widget in planned:
        for _ in range(TRIES):
            x, y = next(centres)
            bounds = widget.bounds.offset(round(x - widget.bounds.width / 2), round(y - widget.bounds.height / 2))
            if _free(bounds, found, size):
                found.append(replace(widget, bounds=bounds))
                break
    return found


def _free(bounds: Rect, others: Sequence[Widget], size: Size) -> bool:
    if bounds.x < 1 or bounds.y < 1 or bounds.right > size[0] - 1 or bounds.bottom > size[1] - 1:
        return False
    return not any(bounds.grown(GAP_PX).intersection(other.bounds) for other in others)


def _endless(values: Sequence[str], chance: Random) -> Iterator[str]:
    """The values in a random order, again and again."""
    while True:
        yield from chance.sample(values, len(values))


def label(split: Split, chance: Random) -> str:
    """One or two words, none of them of the other split."""
    deeds, things = _words(split)
    words = [chance.choice(deeds if chance.random() < 0.5 else things)]
    if chance.random() < 0.3:
        words.append(chance.choice(things))
    text = " ".join(words)
    return chance.choices((text.title(), text.capitalize(), text, text.upper()), (4, 4, 1, 1))[0]


@cache
def _words(split: Split) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Verbs and nouns. Those of the synonym groups, which lists share, belong to one split only here: they are read."""
    return of_split(verbs(split), split), of_split(nouns(split), split)
