"""Keys that are heard whichever program has the keyboard, and that no program gets meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from Xlib import X

from workbench.desktop.x11 import raw
from workbench.desktop.x11.connection import connect, kept, on_display
from workbench.desktop.x11.emergency import chord, grabbed
from workbench.desktop.x11.keymap import parse
from workbench.desktop.x11.loop import EventThread
from workbench.desktop.x11.xkb import MAP_NOTIFY, NEW_KEYBOARD_NOTIFY, STATE_NOTIFY, Xkb, state_of
from workbench.errors import BadInputError

_COUNTS = 0xFF & ~(X.LockMask | X.Mod2Mask)
"""The modifiers that tell hotkeys apart: all but Caps Lock and Num Lock."""


class X11Hotkeys:
    """Takes hotkeys of one display on a connection and thread of its own, and calls `on_key(word)` on that thread.

    `keys` are the hotkeys by the word that stands for each. A key counts once each time that it goes down, and not
    while it is held since before `start`. `refused` says, by word, why a hotkey is not heard; the others are.
    """

    def __init__(self, display_name: str, keys: Mapping[str, str], on_key: Callable[[str], None]) -> None:
        self.refused: dict[str, str] = {}
        self._display_name = display_name
        self._keys = dict(keys)
        self._on_key = on_key
        self._chords: dict[str, tuple[frozenset[int], int]] = {}
        self._thread: EventThread | None = None

    @on_display
    def start(self) -> None:
        """Begin; returns once it truly listens. Raises `UnavailableError` where the display cannot be asked."""
        with kept(connect(self._display_name)) as connection:
            self._connection = connection
            self._raw = raw.RawInput(connection)
            self._xkb = Xkb(connection)
            self._xkb.watch()
            self._state = self._xkb.state()
            self._take()
            self._raw.select()
            connection.sync()
        self._thread = EventThread(connection, self._look, "hotkeys")
        self._thread.start()

    def stop(self) -> None:
        """End, and give the keys back; `on_key` is not called any more. Idempotent."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop()

    def _look(self, batch: list[Any]) -> None:
        for event in batch:
            found = self._raw.read(event)
            if found is None:
                self._notice(event)
            elif found.kind == raw.KEY_PRESS:
                self._pressed(found.detail)

    def _notice(self, event: Any) -> None:
        if event.type != self._xkb.first_event:
            return
        if event.kind == STATE_NOTIFY:
            self._state = state_of(event)
        elif event.kind in (NEW_KEYBOARD_NOTIFY, MAP_NOTIFY):
            self._take()

    def _pressed(self, keycode: int) -> None:
        held = self._state.effective & _COUNTS
        for word, (keycodes, modifiers) in self._chords.items():
            if keycode in keycodes and held == modifiers:
                self._on_key(word)

    def _take(self) -> None:
        """Take the keys where the layout has them; again only where they have moved."""
        keymap, wanted = parse(self._xkb.map_bytes()), {}
        self.refused = {}
        for word, hotkey in self._keys.items():
            try:
                wanted[word] = chord(hotkey, keymap)
            except BadInputError as error:
                self.refused[word] = str(error)
        if wanted == self._chords:
            return
        self._connection.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
        for word, (keycodes, modifiers) in wanted.items():
            if not grabbed(self._connection, keycodes, modifiers):
                self.refused[word] = f"another program has taken {self._keys[word]}"
        self._chords = {word: keys for word, keys in wanted.items() if word not in self.refused}
