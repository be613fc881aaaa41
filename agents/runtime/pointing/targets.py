"""Screens drawn for calibrating: coloured buttons on a plain desk, each known by its colour alone."""

import random
from dataclasses import dataclass

import numpy as np

from agents.runtime.pointing.coordinates import Size
from agents.runtime.prompt import RGB, Picture
from workbench.geometry import Rect

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "red": (214, 40, 40),
    "green": (40, 150, 60),
    "blue": (40, 80, 210),
    "yellow": (245, 215, 50),
    "orange": (245, 140, 30),
    "purple": (130, 50, 170),
    "pink": (250, 150, 190),
    "cyan": (60, 205, 220),
    "brown": (120, 75, 40),
    "black": (25, 25, 25),
    "gray": (140, 140, 140),
    "lime": (170, 230, 50),
}
WORDS = ("Save", "Open", "Close", "Next", "Back", "Help", "Edit", "Send", "Copy", "Find")
"""What is printed on buttons; nobody asks for it."""

BUTTONS = 4
"""So many are drawn on a screen, if they find room."""


@dataclass(frozen=True)
class Target:
    """A button: what it is asked by, and where it is in the picture."""

    name: str
    bounds: Rect


@dataclass(frozen=True)
class Scene:
    """A drawn screen and the buttons on it."""

    picture: Picture
    targets: tuple[Target, ...]


def scene(size: Size, heights: tuple[float, ...], chance: random.Random) -> Scene:
    """A fresh screen of that size; buttons are as high as one of `heights` times its shorter side, by turns."""
    pixels = np.full((size[1], size[0], 3), _desk(chance), np.uint8)
    _clutter(pixels, chance)
    targets: list[Target] = []
    for number, name in enumerate(chance.sample(sorted(COLOURS), BUTTONS)):
        bounds = _room(size, heights[number % len(heights)], [target.bounds for target in targets], chance)
        if bounds:
            targets.append(Target(name, bounds))
            _button(pixels, targets[-1], chance)
    return Scene(Picture(pixels), tuple(targets))


def _desk(chance: random.Random) -> Colour:
    low, high = (200, 255) if chance.random() < 0.7 else (40, 90)
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def _clutter(pixels: RGB, chance: random.Random) -> None:
    """A few thin lines in shades of gray, as between the parts of a window."""
    height, width = pixels.shape[:2]
    thick = max(1, min(width, height) // 400)
    for _ in range(chance.randint(0, 4)):
        x, y, end = chance.randrange(width), chance.randrange(height), chance.randrange(width)
        pixels[y : y + thick, min(x, end) : max(x, end)] = chance.randint(100, 210)


def _room(size: Size, part: float, taken: list[Rect], chance: random.Random) -> Rect | None:
    """A free place for a button, or None after many tries."""
    for _ in range(60):
        height = max(6, round(min(size) * part * chance.uniform(0.9, 1.1)))
        width = round(height * chance.uniform(1.9, 2.7))
        if width + 2 >= size[0] or height + 2 >= size[1]:
            continue
        place = Rect(chance.randint(1, size[0] - width - 1), chance.randint(1, size[1] - height - 1), width, height)
        if not any(place.grown(3).intersection(other) for other in taken):
            return place
    return None


def _button(pixels: RGB, target: Target, chance: random.Random) -> None:
    import cv2  # only who draws needs it

    red, green, blue = (min(255, max(0, part + chance.randint(-10, 10))) for part in COLOURS[target.name])
    colour = (red, green, blue)
    at, round_px = target.bounds, chance.choice((0, 1, 2)) * target.bounds.height // 8
    edge_px = max(1, at.height // 20)
    _rounded(pixels, at, round_px, (int(red * 0.6), int(green * 0.6), int(blue * 0.6)))
    _rounded(pixels, at.grown(-edge_px), max(0, round_px - edge_px), colour)
    ink = (0, 0, 0) if sum(colour) > 330 else (255, 255, 255)
    word, scale = chance.choice(WORDS), at.height / 50
    (wide, high), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, scale, edge_px)
    start = (at.x + (at.width - wide) // 2, at.y + (at.height + high) // 2)
    cv2.putText(pixels, word, start, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, edge_px, cv2.LINE_AA)


def _rounded(pixels: RGB, at: Rect, round_px: int, colour: Colour) -> None:
    """Fill a rectangle with round corners."""
    import cv2  # only who draws needs it

    right, bottom = at.right - 1, at.bottom - 1
    cv2.rectangle(pixels, (at.x + round_px, at.y), (right - round_px, bottom), colour, cv2.FILLED)
    cv2.rectangle(pixels, (at.x, at.y + round_px), (right, bottom - round_px), colour, cv2.FILLED)
    for x in (at.x + round_px, right - round_px):
        for y in (at.y + round_px, bottom - round_px):
            cv2.circle(pixels, (x, y), round_px, colour, cv2.FILLED)
