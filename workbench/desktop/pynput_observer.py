"""Input events of Windows through pynput's low-level hooks.

pynput carries the hooks; what they report is read here from the raw structures, because pynput itself rounds small
wheel movements, drops time stamps and keeps the keyboard layout of the moment it started.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from workbench.desktop.keysyms import dead_name_of, name_of
from workbench.desktop.ports import EventSink
from workbench.desktop.relay import EventRelay
from workbench.desktop.windows import virtual_keys
from workbench.errors import UnavailableError
from workbench.geometry import Point, Screen
from workbench.inputs import EventKind, InputEvent

_MOVE, _WHEEL, _HWHEEL = 0x200, 0x20A, 0x20E
_X_DOWN, _X_UP = 0x20B, 0x20C
_BUTTONS: dict[int, tuple[EventKind, str]] = {
    0x201: ("button_down", "left"),
    0x202: ("button_up", "left"),
    0x204: ("button_down", "right"),
    0x205: ("button_up", "right"),
    0x207: ("button_down", "middle"),
    0x208: ("button_up", "middle"),
}
_X_BUTTONS = {1: "back", 2: "forward"}
_KEY_DOWN = (0x100, 0x104)

_MOUSE_INJECTED = 0x1 | 0x2
_KEY_INJECTED = 0x10 | 0x2
_KEY_EXTENDED = 0x1
_NOTCH = 120

_SHIFT, _CTRL, _ALT, _CAPS = 0x10, 0x11, 0x12, 0x14


@dataclass(frozen=True)
class KeyNews:
    """A keyboard hook's report; `text` is what the key types, `dead` whether it waits for the next one."""

    code: int
    scan: int
    flags: int
    time_ms: int
    down: bool
    text: str = ""
    dead: bool = False


class MouseReader:
    """Turns reports of the mouse hook into events; keeps the rest of wheel movements below one notch."""

    def __init__(self) -> None:
        self._rest = {_WHEEL: 0, _HWHEEL: 0}

    def read(self, message: int, data: Any, now_ns: int) -> InputEvent | None:
        """The event of one `MSLLHOOKSTRUCT`; None for part of a notch and for unknown messages."""
        at = Point(data.pt.x, data.pt.y)
        extra = _signed(data.mouseData >> 16)
        if message == _MOVE:
            found = InputEvent(0, now_ns, "move", at)
        elif message in _BUTTONS:
            kind, button = _BUTTONS[message]
            found = InputEvent(0, now_ns, kind, at, button=button)
        elif message in (_X_DOWN, _X_UP) and extra in _X_BUTTONS:
            kind = "button_down" if message == _X_DOWN else "button_up"
            found = InputEvent(0, now_ns, kind, at, button=_X_BUTTONS[extra])
        elif message in self._rest and (notches := self._notches(message, extra)):
            dx, dy = (notches, 0) if message == _HWHEEL else (0, -notches)
            found = InputEvent(0, now_ns, "scroll", at, dx=dx, dy=dy)
        else:
            return None
        return _stamped(found, data.time, by_program=bool(data.flags & _MOUSE_INJECTED))

    def _notches(self, message: int, delta: int) -> int:
        total = self._rest[message] + delta
        # A person who turns back starts a new notch.
        if delta * self._rest[message] < 0:
            total = delta
        notches = abs(total) // _NOTCH * (1 if total > 0 else -1)
        self._rest[message] = total - notches * _NOTCH
        return notches


def key_event(news: KeyNews, now_ns: int) -> InputEvent | None:
    """The event of one keyboard report; None for the Ctrl made up for AltGr and for half a character."""
    if news.scan == virtual_keys.ALTGR_CTRL_SCAN:
        return None
    if news.code == virtual_keys.PACKET:
        if not news.text:
            return None
        keysym = name_of(news.text)
    elif news.dead:
        keysym = dead_name_of(news.text) or name_of(news.text)
    else:
        keysym = virtual_keys.name_of(news.code, extended=bool(news.flags & _KEY_EXTENDED)) or name_of(news.text)
    # Dead keys type nothing by themselves, and what Return or Escape "type" are control characters.
    text = news.text if news.text.isprintable() and not news.dead else ""
    event = InputEvent(
        0,
        now_ns,
        "key_down" if news.down else "key_up",
        keycode=news.code,
        keysym=keysym,
        text=text if news.down else "",
    )
    return _stamped(event, news.time_ms, by_program=bool(news.flags & _KEY_INJECTED))


class PacketReader:
    """Joins characters that programs type as two halves of UTF-16, each with a press and a release of its own."""

    def __init__(self) -> None:
        self._high = 0

    def read(self, unit: int) -> str:
        """The character that is complete with this unit; empty for a first half and for a half without the other."""
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
            return ""
        if 0xDC00 <= unit < 0xE000:
            high = self._high
            return chr(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00)) if high else ""
        self._high = 0
        return chr(unit)


def keyboard_state(is_down: Callable[[int], bool], is_locked: Callable[[int], bool]) -> bytes:
    """The 256 bytes that `ToUnicodeEx` wants, so that it says which character a key would type.

    Ctrl alone is left out: with it every letter would be a control character. Ctrl with Alt is AltGr and stays.
    """
    state = bytearray(256)
    alt = is_down(_ALT)
    for code, down in ((_SHIFT, is_down(_SHIFT)), (_CTRL, alt and is_down(_CTRL)), (_ALT, alt)):
        state[code] = 0x80 if down else 0
    state[_CAPS] = 1 if is_locked(_CAPS) else 0
    return bytes(state)


class PynputObserver:
    """The `InputObserver` port. Hooks run on pynput's threads and only enqueue; the sink runs on one of ours."""

    def __init__(self, layout: Callable[[], tuple[Screen, ...]]) -> None:
        from workbench.desktop.windows import native

        self._native = native
        self._relay = EventRelay(layout, lambda: f"{native.keyboard_layout():#x}")
        self._mouse = MouseReader()
        self._packets = PacketReader()
        self._listeners: list[Any] = []

    def start(self, sink: EventSink) -> None:
        """Begin; returns once both hooks are in place."""
        from pynput import keyboard, mouse

        self._relay.start(sink)
        self._listeners = [
            mouse.Listener(win32_event_filter=self._hear_mouse),
            keyboard.Listener(win32_event_filter=self._hear_key),
        ]
        for listener in self._listeners:
            listener.start()
            listener.wait()
            if not listener.is_alive():
                self.stop()
                raise UnavailableError(
                    "Windows refused the input hooks; end other recorders or remappers and try again"
                )

    def stop(self) -> None:
        """End; idempotent."""
        for listener in self._listeners:
            listener.stop()
        for listener in self._listeners:
            listener.join()
        self._listeners = []
        self._relay.stop()

    def _hear_mouse(self, message: int, data: Any) -> bool:
        event = self._mouse.read(message, data, time.monotonic_ns())
        if event is not None:
            self._relay.put(event)
        return True

    def _hear_key(self, message: int, data: Any) -> bool:
        now_ns = time.monotonic_ns()
        text, dead = self._typed(data.vkCode, data.scanCode)
        down = message in _KEY_DOWN
        event = key_event(KeyNews(data.vkCode, data.scanCode, data.flags, data.time, down, text, dead), now_ns)
        if event is not None:
            self._relay.put(event)
        return True

    def _typed(self, code: int, scan: int) -> tuple[str, bool]:
        if code == virtual_keys.PACKET:
            return self._packets.read(scan), False
        return self._native.typed(code, scan, keyboard_state(self._native.is_down, self._native.is_locked))


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


def _stamped(event: InputEvent, time_ms: int, *, by_program: bool) -> InputEvent:
    return replace(event, server_ms=time_ms, by_program=by_program)
