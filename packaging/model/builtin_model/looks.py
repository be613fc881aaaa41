"""The looks of drawn screens: colours of a theme, fonts, roundness, how icons are drawn."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from random import Random

from PIL import ImageFont

from agents.runtime.pointing.targets import Colour
from builtin_model.case import Split
from builtin_model.icons import IconStyle

TEXT_HEIGHT = 0.48
"""The size of a label as a part of its widget's height."""

LEAST_TEXT_PX = 9

_FONT_FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype"))
_FONTS: dict[Split, tuple[str, ...]] = {
    "train": (
        "DejaVuSans.ttf",
        "DejaVuSans-Bold.ttf",
        "DejaVuSansCondensed.ttf",
        "DejaVuSerif.ttf",
        "LiberationSans-Regular.ttf",
        "NimbusSans-Regular.otf",
        "NimbusSansNarrow-Regular.otf",
        "NotoSans-Regular.ttf",
        "Cantarell-Regular.otf",
    ),
    "test": ("URWGothic-Book.otf", "C059-Roman.otf", "LiberationSerif-Regular.ttf"),
}
_ICON_STYLES: dict[Split, tuple[IconStyle, ...]] = {
    "train": (IconStyle(0.06), IconStyle(0.1), IconStyle(0.14), IconStyle(0.08, filled=True)),
    "test": (IconStyle(0.08, slant=0.18), IconStyle(0.1, filled=True, slant=0.12)),
}


@dataclass(frozen=True)
class Look:
    """One theme; colours are red, green, blue. `roundness` is a part of a widget's height."""

    desk: Colour
    face: Colour
    edge: Colour
    ink: Colour
    roundness: float
    icons: IconStyle
    typeface: str

    def font(self, size_px: int) -> ImageFont.FreeTypeFont:
        """The typeface in that size."""
        return _font(self.typeface, size_px)

    def shade(self, chance: Random) -> Colour:
        """A colour near that of the desk."""
        by = chance.randint(-14, 14)
        red, green, blue = (min(255, max(0, part + by)) for part in self.desk)
        return red, green, blue


def look(split: Split, chance: Random) -> Look:
    """A theme by chance, two of three light."""
    light = chance.random() < 0.67
    base = chance.randint(205, 250) if light else chance.randint(24, 70)
    step = -1 if light else 1
    return Look(
        desk=_tinted(base, chance),
        face=_grey(base + step * chance.randint(-4, 26)),
        edge=_grey(base + step * chance.randint(45, 90)),
        ink=_grey(20 if light else 235),
        roundness=chance.choice((0.0, 0.12, 0.25, 0.5)),
        icons=chance.choice(_ICON_STYLES[split]),
        typeface=chance.choice(typefaces(split)),
    )


@cache
def typefaces(split: Split) -> tuple[str, ...]:
    """The font files of the split that this machine has; the empty one is the font that Pillow brings."""
    found = {path.name: str(path) for folder in _FONT_FOLDERS for path in folder.rglob("*.[ot]tf")}
    return (*(found[name] for name in _FONTS[split] if name in found), "") if split == "train" else _held_out(found)


def _held_out(found: dict[str, str]) -> tuple[str, ...]:
    return tuple(found[name] for name in _FONTS["test"] if name in found) or ("",)


def text_px(height_px: int) -> int:
    """The size of a label on a widget of that height."""
    return max(LEAST_TEXT_PX, round(height_px * TEXT_HEIGHT))


def text_width(text: str, style: Look, height_px: int) -> int:
    """How wide a label is on a widget of that height, in pixels."""
    return round(style.font(text_px(height_px)).getlength(text))


@lru_cache(maxsize=512)
def _font(typeface: str, size_px: int) -> ImageFont.FreeTypeFont:
    if typeface:
        return ImageFont.truetype(typeface, size_px)
    found = ImageFont.load_default(size=size_px)
    assert isinstance(found, ImageFont.FreeTypeFont), "this Pillow was built without FreeType"
    return found


def _grey(level: int) -> Colour:
    level = min(255, max(0, level))
    return level, level, level


def _tinted(level: int, chance: Random) -> Colour:
    """A grey with a little colour in it."""
    red, green, blue = (min(255, max(0, level + chance.randint(-12, 12))) for _ in range(3))
    return red, green, blue
