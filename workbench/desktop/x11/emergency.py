"""The emergency stop: a hotkey, the pointer slammed into the top-left corner, or the pointer not where it was put."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib import error as xerror

from workbench.desktop.x11 import keysyms, raw
from workbench.desktop.x11.connection import connect, kept, on_display
from workbench.desktop.x11.keymap import CONTROL, SHIFT, Keymap, parse
from workbench.desktop.x11.loop import EventThread
from workbench.desktop.x11.xkb import MAP_NOTIFY, NEW_KEYBOARD_NOTIFY, STATE_NOTIFY, Xkb, state_of
from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point

HOTKEY = "ctrl+alt+Escape"

_TOLERANCE_PX = 2
_RECENT_S = 0.25
"""How long the pointer may still be seen at an earlier expected place: events arrive after the fact."""

_MAX_EXPECTED = 4096


class EmergencyStop:
    """Watches one display on a connection and thread of its own and calls `on_stop(why)` on that thread.

    The hotkey is noticed even while another program holds the keyboard, and applications do not get it. The corner is
    the pixel (0, 0) of the desktop; it counts whoever moved the pointer there, unless `expect` named that place.
    `start` raises `BadInputError` for a hotkey that is none and `UnavailableError` when another program has taken it.
    """

    def __init__(
        self, display_name: str, on_stop: Callable[[str], None], *, hotkey: str = HOTKEY, corner: bool = True
    ) -> None:
        self._display_name = display_name
        self._on_stop = on_stop
        self._hotkey = hotkey
        self._corner = corner
        self._expected: deque[tuple[float, Point]] = deque(maxlen=_MAX_EXPECTED)
        self._cornered = False
        self._thread: EventThread | None = None

    @on_display
    def start(self) -> None:
        """Begin; returns once it truly watches."""
        with kept(connect(self._display_name)) as connection:
            self._connection = connection
            self._root = connection.screen().root
            self._raw = raw.RawInput(connection)
            self._xkb = Xkb(connection)
            self._xkb.watch()
            self._state = self._xkb.state()
            self._taken: tuple[frozenset[int], int] | None = None
            self._grab()
            self._raw.select()
            connection.sync()
        self._thread = EventThread(connection, self._look, "emergency stop")
        self._thread.start()

    def stop(self) -> None:
        """End, and give the hotkey back. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    def expect(self, point: Point | None) -> None:
        """The pointer is about to be put here; None: it may be anywhere. From any thread, before each move."""
        if point is None:
            self._expected.clear()
        else:
            self._expected.append((time.monotonic(), point))

    def _look(self, batch: list[Any]) -> None:
        moved = False
        for event in batch:
            found = self._raw.read(event)
            if found is None:
                self._notice(event)
            elif found.kind == raw.KEY_PRESS and found.detail in self._keycodes:
                self._check_hotkey()
            else:
                moved = moved or found.kind == raw.MOTION
        if moved:
            self._check_place()

    def _notice(self, event: Any) -> None:
        if event.type == self._xkb.first_event:
            if event.kind == STATE_NOTIFY:
                self._state = state_of(event)
            elif event.kind in (NEW_KEYBOARD_NOTIFY, MAP_NOTIFY):
                self._grab()

    def _check_hotkey(self) -> None:
        if self._state.effective & self._modifiers == self._modifiers:
            self._on_stop(f"{self._hotkey} was pressed")

    def _check_place(self) -> None:
        answer = self._root.query_pointer()
        at = Point(answer.root_x, answer.root_y)
        expected = list(self._expected)
        if any(at.distance(point) <= _TOLERANCE_PX for point in self._recent(expected)):
            return
        cornered, self._cornered = self._cornered, at == Point(0, 0)
        if self._corner and self._cornered:
            if not cornered:
                self._on_stop("the pointer was pushed into the top-left corner")
        elif expected:
            where = expected[-1][1]
            self._expected.clear()
            self._on_stop(f"somebody moved the pointer to ({at.x}, {at.y}) from ({where.x}, {where.y})")

    def _recent(self, expected: list[tuple[float, Point]]) -> list[Point]:
        """The last two places and those of the last moment."""
        now_s = time.monotonic()
        return [point for at_s, point in expected if now_s - at_s < _RECENT_S] + [point for _, point in expected[-2:]]

    def _grab(self) -> None:
        """Take the hotkey; again only where it has moved."""
        wanted = chord(self._hotkey, parse(self._xkb.map_bytes()))
        if wanted == self._taken:
            return
        self._taken = wanted
        self._keycodes, self._modifiers = wanted
        self._root.ungrab_key(X.AnyKey, X.AnyModifier)
        if not grabbed(self._connection, *wanted):
            raise UnavailableError(
                f"another program has taken the emergency hotkey {self._hotkey}: choose another one with "
                "`workbench-cli settings set`, or end that program"
            )


def grabbed(connection: Any, keycodes: frozenset[int], modifiers: int) -> bool:
    """Take these keys on the root window under every combination of the locks; whether no other program has them."""
    root, taken = connection.screen().root, xerror.CatchError(xerror.BadAccess)
    for keycode in keycodes:
        for locks in (0, X.LockMask, X.Mod2Mask, X.LockMask | X.Mod2Mask):
            root.grab_key(keycode, modifiers | locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=taken)
    connection.sync()
    return taken.get_error() is None


def chord(hotkey: str, keymap: Keymap) -> tuple[frozenset[int], int]:
    """The keycodes and the modifier mask of a hotkey such as `ctrl+alt+Escape`; raises `BadInputError`."""
    *modifiers, key = hotkey.split("+")
    symbol = keysyms.named(key) or keysyms.named(key.capitalize())
    unknown = [name for name in modifiers if name not in keysyms.MODIFIER_KEYS]
    if not symbol or unknown or not modifiers:
        raise BadInputError(f"{hotkey!r} is no hotkey: write it like ctrl+alt+Escape")
    keycodes = frozenset(
        code for code, found in keymap.keys.items() for _, symbols in found.groups if symbol in symbols
    )
    if not keycodes:
        raise BadInputError(f"the keyboard has no key {key!r}: choose another hotkey than {hotkey}")
    return keycodes, sum(_mask(name, keymap) for name in modifiers)


def _mask(name: str, keymap: Keymap) -> int:
    if name == "ctrl":
        return CONTROL
    if name == "shift":
        return SHIFT
    symbol = keysyms.named(keysyms.MODIFIER_KEYS[name])
    for keycode, mask in keymap.modifier_map.items():
        key = keymap.keys[keycode]
        if key.groups and key.groups[0][1] and key.groups[0][1][0] == symbol:
            return mask
    raise BadInputError(f"the keyboard has no {name} key: choose another hotkey")
