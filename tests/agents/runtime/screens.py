"""Small screens of coloured buttons, as the tiny model knows them, and the way to ask about them."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw, ImageFont

from agents.runtime.pointing.targets import COLOURS

WIDTH_PX, HEIGHT_PX = 192, 128
LABELS = ("Save", "Open", "Close", "Cancel", "Print", "Send", "Back", "Next", "Help", "Find", "Edit", "Copy")
GRAMMAR = 'root ::= "{\\"x\\":" n ",\\"y\\":" n "}"\nn ::= [0-9] | [1-9] [0-9]'
"""Percent of width and height."""

_TRIES = 40
_GAP_PX = 2


@dataclass(frozen=True)
class Button:
    """A button and where it is, in pixels of the screen."""

    colour: str
    x: int
    y: int
    width: int
    height: int

    def hit(self, x_percent: int, y_percent: int) -> bool:
        x, y = (x_percent + 0.5) * WIDTH_PX / 100, (y_percent + 0.5) * HEIGHT_PX / 100
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def near(self, other: "Button") -> bool:
        beside = self.x + self.width + _GAP_PX < other.x or other.x + other.width + _GAP_PX < self.x
        above = self.y + self.height + _GAP_PX < other.y or other.y + other.height + _GAP_PX < self.y
        return not (beside or above)


def draw(random: Random) -> tuple[Image.Image, list[Button]]:
    """A screen with two to five buttons, each of another colour."""
    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), _background(random))
    canvas = ImageDraw.Draw(picture)
    for _ in range(random.randint(0, 4)):
        x, y = random.randint(0, WIDTH_PX), random.randint(0, HEIGHT_PX)
        canvas.line([x, y, random.randint(0, WIDTH_PX), y], fill=_between(random, 90, 220))
    count = random.randint(2, 5)
    buttons: list[Button] = []
    for colour, label in zip(random.sample(list(COLOURS), count), random.sample(LABELS, count), strict=True):
        button = _placed(random, colour, buttons)
        if button is not None:
            buttons.append(button)
            _paint(canvas, button, label, random)
    return picture, buttons


def _background(random: Random) -> tuple[int, ...]:
    return _between(random, 200, 255) if random.random() < 0.7 else _between(random, 40, 90)


def _between(random: Random, low: int, high: int) -> tuple[int, ...]:
    return tuple(random.randint(low, high) for _ in range(3))


def _placed(random: Random, colour: str, others: list[Button]) -> Button | None:
    for _ in range(_TRIES):
        width, height = random.randint(38, 62), random.randint(17, 26)
        x, y = random.randint(1, WIDTH_PX - width - 2), random.randint(1, HEIGHT_PX - height - 2)
        button = Button(colour, x, y, width, height)
        if not any(button.near(other) for other in others):
            return button
    return None


def _paint(canvas: ImageDraw.ImageDraw, button: Button, label: str, random: Random) -> None:
    fill = tuple(max(0, min(255, value + random.randint(-10, 10))) for value in COLOURS[button.colour])
    right, bottom = button.x + button.width, button.y + button.height
    outline = tuple(int(value * 0.6) for value in fill)
    canvas.rounded_rectangle([button.x, button.y, right, bottom], random.choice([0, 3, 6]), fill=fill, outline=outline)
    ink = (0, 0, 0) if sum(fill) > 330 else (255, 255, 255)
    middle = (button.x + button.width / 2, button.y + button.height / 2)
    canvas.text(middle, label, fill=ink, font=ImageFont.load_default(size=11), anchor="mm")
