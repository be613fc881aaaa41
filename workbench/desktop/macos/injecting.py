"""Events for Quartz: what is posted as plain data, and the one function that posts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.actions import Button

MouseKind = Literal["move", "drag", "down", "up"]

BUTTON_NUMBERS: dict[Button, int] = {"left": 0, "right": 1, "middle": 2, "back": 3, "forward": 4}

_MOVED = 5
_TYPES: dict[MouseKind, tuple[int, int, int]] = {"down": (1, 3, 25), "up": (2, 4, 26), "drag": (6, 7, 27)}
"""The event types for the left, the right and any other button."""


@dataclass(frozen=True)
class MouseStroke:
    """The pointer at a place in points; `clicks` is 2 for the second click of a double click."""

    kind: MouseKind
    x: float
    y: float
    button: Button = "left"
    clicks: int = 1
    flags: int = 0


@dataclass(frozen=True)
class WheelStroke:
    """Lines, positive right and down."""

    dx: int
    dy: int
    flags: int = 0


@dataclass(frozen=True)
class KeyStroke:
    """A key by its code, with the flags of the modifiers that are down."""

    code: int
    down: bool
    flags: int = 0


@dataclass(frozen=True)
class TextStroke:
    """One character, whatever key would type it."""

    text: str
    down: bool


Stroke = MouseStroke | WheelStroke | KeyStroke | TextStroke


def event_type(kind: MouseKind, button: Button) -> int:
    """The Quartz event type of a mouse event."""
    if kind == "move":
        return _MOVED
    return _TYPES[kind][min(BUTTON_NUMBERS[button], 2)]


def send(strokes: Sequence[Stroke]) -> None:
    """Post the strokes where the hardware's events come in; macOS drops them silently without permission."""
    import Quartz

    for stroke in strokes:
        Quartz.CGEventPost(Quartz.kCGHIDEventTap, _event(Quartz, stroke))


def _event(quartz: Any, stroke: Stroke) -> Any:
    if isinstance(stroke, MouseStroke):
        event = quartz.CGEventCreateMouseEvent(
            None, event_type(stroke.kind, stroke.button), (stroke.x, stroke.y), BUTTON_NUMBERS[stroke.button]
        )
        quartz.CGEventSetIntegerValueField(event, quartz.kCGMouseEventClickState, stroke.clicks)
        quartz.CGEventSetFlags(event, stroke.flags)
    elif isinstance(stroke, WheelStroke):
        # Quartz counts up and left as positive.
        event = quartz.CGEventCreateScrollWheelEvent(None, quartz.kCGScrollEventUnitLine, 2, -stroke.dy, -stroke.dx)
        quartz.CGEventSetFlags(event, stroke.flags)
    elif isinstance(stroke, KeyStroke):
        event = quartz.CGEventCreateKeyboardEvent(None, stroke.code, stroke.down)
        # Arrows and function keys come with flags of their own that applications look at.
        quartz.CGEventSetFlags(event, (quartz.CGEventGetFlags(event) & ~_MODIFIERS) | stroke.flags)
    else:
        event = quartz.CGEventCreateKeyboardEvent(None, 0, stroke.down)
        # Without this a modifier that somebody holds would turn the character into a shortcut.
        quartz.CGEventSetFlags(event, 0)
        quartz.CGEventKeyboardSetUnicodeString(event, len(stroke.text.encode("utf-16-le")) // 2, stroke.text)
    return event


_MODIFIERS = 0x20000 | 0x40000 | 0x80000 | 0x100000
