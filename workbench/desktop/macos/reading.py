"""From the fields of Quartz events to the workbench's input events."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.desktop.keysyms import name_of
from workbench.desktop.macos import key_codes
from workbench.geometry import Point
from workbench.inputs import EventKind, InputEvent

_KEY_DOWN, _KEY_UP, _FLAGS_CHANGED, _SCROLL = 10, 11, 12, 22
_MOVES = frozenset({5, 6, 7, 27})
_BUTTONS: dict[int, EventKind] = {
    1: "button_down",
    2: "button_up",
    3: "button_down",
    4: "button_up",
    25: "button_down",
    26: "button_up",
}
_BUTTON_NAMES = {0: "left", 1: "right", 2: "middle", 3: "back", 4: "forward"}

EVENT_TYPES = (*_BUTTONS, *_MOVES, _KEY_DOWN, _KEY_UP, _FLAGS_CHANGED, _SCROLL)

DISABLED_TYPES = frozenset({0xFFFFFFFE, 0xFFFFFFFF})
"""What a tap is told when the system has switched it off: for being slow, or by a person."""

POINTS_PER_LINE = 10
"""How far a trackpad scrolls for one line of a wheel."""

_FUNCTION_KEYS = range(0xF700, 0xF900)
"""Private characters that macOS gives to arrows and function keys."""


@dataclass(frozen=True)
class EventNews:
    """The fields of one event: place in points, `up` and `left` in lines or, when `continuous`, in points.

    `process` is the program that made the event, 0 for hardware.
    """

    kind: int
    x: float = 0.0
    y: float = 0.0
    button: int = 0
    key: int = 0
    flags: int = 0
    text: str = ""
    up: int = 0
    left: int = 0
    continuous: bool = False
    process: int = 0
    time_ns: int = 0


class EventReader:
    """Reads events in the order they happen; keeps the rest of trackpad movements below one line."""

    def __init__(self, to_pixel: Callable[[float, float], Point]) -> None:
        self._to_pixel = to_pixel
        self._rest_up = 0
        self._rest_left = 0

    def read(self, news: EventNews, now_ns: int) -> tuple[InputEvent, ...]:
        """The events of one report: none for what is no input, two for Caps Lock."""
        if news.kind in _MOVES:
            return (self._event(news, now_ns, "move"),)
        if news.kind in _BUTTONS:
            return (self._event(news, now_ns, _BUTTONS[news.kind], _BUTTON_NAMES.get(news.button, "")),)
        if news.kind == _SCROLL:
            return self._scroll(news, now_ns)
        if news.kind == _FLAGS_CHANGED:
            return self._modifier(news, now_ns)
        if news.kind in (_KEY_DOWN, _KEY_UP):
            return (self._key(news, now_ns),)
        return ()

    def _event(self, news: EventNews, now_ns: int, kind: EventKind, button: str = "") -> InputEvent:
        return InputEvent(
            0,
            now_ns,
            kind,
            self._to_pixel(news.x, news.y),
            button,
            by_program=news.process != 0,
            server_ms=news.time_ns // 1_000_000,
        )

    def _scroll(self, news: EventNews, now_ns: int) -> tuple[InputEvent, ...]:
        unit = POINTS_PER_LINE if news.continuous else 1
        up, self._rest_up = _whole(self._rest_up, news.up, unit)
        left, self._rest_left = _whole(self._rest_left, news.left, unit)
        if not up and not left:
            return ()
        event = InputEvent(
            0,
            now_ns,
            "scroll",
            self._to_pixel(news.x, news.y),
            dx=-left,
            dy=-up,
            by_program=news.process != 0,
            server_ms=news.time_ns // 1_000_000,
        )
        return (event,)

    def _modifier(self, news: EventNews, now_ns: int) -> tuple[InputEvent, ...]:
        if news.key == key_codes.CAPS_LOCK:
            # One report tells that the lock was switched; nothing tells when the key comes up.
            kinds: tuple[EventKind, ...] = ("key_down", "key_up")
        elif news.key in key_codes.MODIFIER_CODES:
            kinds = ("key_down" if key_codes.is_modifier_down(news.key, news.flags) else "key_up",)
        else:
            return ()
        return tuple(self._named(news, now_ns, kind, key_codes.name_of(news.key)) for kind in kinds)

    def _key(self, news: EventNews, now_ns: int) -> InputEvent:
        kind: EventKind = "key_down" if news.kind == _KEY_DOWN else "key_up"
        text = news.text if news.text.isprintable() and not _is_function_key(news.text) else ""
        keysym = key_codes.name_of(news.key) or name_of(text or news.text)
        return self._named(news, now_ns, kind, keysym, text if kind == "key_down" else "")

    def _named(self, news: EventNews, now_ns: int, kind: EventKind, keysym: str, text: str = "") -> InputEvent:
        return InputEvent(
            0,
            now_ns,
            kind,
            keycode=news.key,
            keysym=keysym,
            text=text,
            by_program=news.process != 0,
            server_ms=news.time_ns // 1_000_000,
        )


def _whole(rest: int, moved: int, unit: int) -> tuple[int, int]:
    """Whole units of a movement and what remains; a person who turns back starts anew."""
    total = moved if rest * moved < 0 else rest + moved
    units = abs(total) // unit * (1 if total > 0 else -1)
    return units, total - units * unit


def _is_function_key(text: str) -> bool:
    return len(text) == 1 and ord(text) in _FUNCTION_KEYS
