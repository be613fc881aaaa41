"""Typing on X11: by keysym through XTEST, whatever the layout.

Characters that the layout in force has are typed with its own keys; every other one borrows an unused keycode. An
application looks a keycode up when it handles the key event, not when the event happens, so borrowed keycodes change
only once the focused application has caught up (`ping`). No key is sent before the clicks before it have left the
window manager (`arriving`).
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.desktop.x11 import keysyms
from workbench.desktop.x11.arriving import Arrival
from workbench.desktop.x11.connection import on_display
from workbench.desktop.x11.injection import Injector
from workbench.desktop.x11.keymap import Keymap, Stroke, Strokes, parse
from workbench.desktop.x11.ping import Listener
from workbench.desktop.x11.spares import Spares
from workbench.desktop.x11.xkb import State
from workbench.errors import BadInputError, StoppedError, UnavailableError

_CHUNK = 40
"""Characters sent before looking whether input was stopped: about 5 ms of work."""

_PATIENCE_S = 2.0
"""How long a person may go on holding a modifier before typing gives up."""

_BUSY_S = 10.0
"""How long an application may take to handle what was typed, where typing has to wait for it."""

_KEYS_OF_CONTROLS = {"\n": "Return", "\t": "Tab"}


@dataclass(frozen=True)
class _Held:
    """A key that is down by name: its keycode, and the modifier keys that were pressed only for its level."""

    keycode: int
    levels: tuple[int, ...]


class X11Keyboard:
    """The keyboard port on X11. `release_all` may be called from any thread at any time, the rest from one thread."""

    def __init__(self, injector: Injector, display_name: str) -> None:
        self._injector = injector
        self._display_name = display_name
        self._arrival = Arrival(injector)
        self._spares = Spares(injector.xkb)
        self._listener: Listener | None = None
        self._held: dict[str, _Held] = {}
        self._releases = 0
        self._releases_at_start = 0

    @on_display
    def press(self, key: str) -> None:
        """Press and hold; modifiers that the key's level needs are pressed with it.

        Raises `BadInputError`, and `StoppedError` when another thread calls `release_all` before the key is down.
        """
        self._releases_at_start = self._releases
        symbol = keysyms.named(keysyms.MODIFIER_KEYS.get(key, key))
        if not symbol:
            raise BadInputError(f"no keyboard has a key called {key!r}: use X11 names such as Return, F4, Page_Down, a")
        keymap = self._keymap()
        stroke = self._stroke(symbol, keymap)
        levels = _modifier_keys(keymap, stroke.modifiers & ~self._state().effective)
        self._follow_clicks()
        with self._injector.lock:
            for keycode in (*levels, stroke.keycode):
                self._injector.key_down(keycode)
            self._held[key] = _Held(stroke.keycode, levels)
            self._injector.sync()

    @on_display
    def release(self, key: str) -> None:
        """Let go; a key that is not held is left alone."""
        if key in self._held:
            self._arrival.wait(lambda: key not in self._held)
        with self._injector.lock:
            held = self._held.pop(key, None)
            if held is not None:
                for keycode in (held.keycode, *reversed(held.levels)):
                    self._injector.key_up(keycode)
                self._injector.sync()

    @on_display
    def type_text(self, text: str) -> None:
        """Type the text into the field with the focus; returns once every key event was delivered.

        Held modifiers are let go and the Caps Lock is off meanwhile. Raises `BadInputError` for control characters,
        before anything is typed, `UnavailableError` while a person keeps holding a modifier key, `StoppedError` when
        another thread calls `release_all` meanwhile.
        """
        self._releases_at_start = self._releases
        symbols = [_symbol(character) for character in text.replace("\r\n", "\n")]
        self._follow_clicks()
        with self._undisturbed():
            keymap = self._keymap()
            known = self._own_strokes(set(symbols), keymap)
            for segment in self._segments(symbols, known, keymap):
                self._lend([symbol for symbol in dict.fromkeys(segment) if known[symbol] is None])
                lent = self._spares.lent
                self._strike([known[symbol] or Stroke(0, lent[symbol], 0) for symbol in segment], keymap)

    @on_display
    def release_all(self) -> None:
        """Let go of every key and button that is held; text that another thread is typing ends with `StoppedError`."""
        self._releases += 1
        with self._injector.lock:
            self._held.clear()
            self._injector.release_all()

    def close(self) -> None:
        """Let go of everything and give borrowed keycodes back; a display that is gone needs neither."""
        with contextlib.suppress(UnavailableError):
            self.release_all()
            self._return_spares()
        if self._listener is not None:
            self._listener.close()

    def _keymap(self) -> Keymap:
        with self._injector.lock:
            return parse(self._injector.xkb.map_bytes())

    def _state(self) -> State:
        with self._injector.lock:
            return self._injector.xkb.state()

    def _stroke(self, symbol: int, keymap: Keymap) -> Stroke:
        strokes = keymap.strokes(self._state().group)
        found = strokes.by_keysym.get(symbol) or strokes.by_character.get(keysyms.text_of(symbol))
        if found is not None:
            return found
        self._spares.survey(keymap)
        self._lend([symbol])
        return Stroke(0, self._spares.lent[symbol], 0)

    def _own_strokes(self, symbols: set[int], keymap: Keymap) -> dict[int, Stroke | None]:
        """How the layout itself types these; None for those that have to borrow a keycode, or have one."""
        strokes, borrowed = keymap.strokes(self._state().group), self._spares.lent.values()
        found = {symbol: _find(strokes, symbol) for symbol in symbols}
        return {symbol: None if stroke and stroke.keycode in borrowed else stroke for symbol, stroke in found.items()}

    def _segments(self, symbols: list[int], known: dict[int, Stroke | None], keymap: Keymap) -> Iterator[list[int]]:
        """Runs of keysyms that need no more borrowed keycodes than there are."""
        if not all(known.values()):
            self._spares.survey(keymap)
        room = self._spares.capacity
        segment: list[int] = []
        borrowed: set[int] = set()
        for symbol in symbols:
            if known[symbol] is None and symbol not in borrowed:
                if len(borrowed) == room:
                    yield segment
                    segment, borrowed = [], set()
                borrowed.add(symbol)
            segment.append(symbol)
        yield segment

    def _lend(self, needed: list[int]) -> None:
        if self._spares.takes_back(needed):
            self._wait_for_application()
        keymap = self._keymap()
        with self._injector.lock:
            self._spares.lend(needed, keymap)
            self._injector.sync()

    def _strike(self, strokes: list[Stroke], keymap: Keymap) -> None:
        """Send the key events; level modifiers stay down across a run that shares them."""
        down: tuple[int, ...] = ()
        try:
            for start in range(0, len(strokes), _CHUNK):
                with self._injector.lock:
                    self._check()
                    for stroke in strokes[start : start + _CHUNK]:
                        down = self._hold(_modifier_keys(keymap, stroke.modifiers), down)
                        self._injector.key_down(stroke.keycode)
                        self._injector.key_up(stroke.keycode)
                    self._injector.sync()
        finally:
            with self._injector.lock:
                self._hold((), down)
                self._injector.sync()

    def _hold(self, wanted: tuple[int, ...], down: tuple[int, ...]) -> tuple[int, ...]:
        if wanted != down:
            for keycode in reversed(down):
                self._injector.key_up(keycode)
            for keycode in wanted:
                self._injector.key_down(keycode)
        return wanted

    @contextlib.contextmanager
    def _undisturbed(self) -> Iterator[None]:
        """No modifier held or locked inside; ours are held again and locks restored afterwards.

        Modifiers that another program held are not pressed again: it may let go meanwhile, and then nobody would.
        """
        locks = self._state().locked & ~self._number_lock()
        ours = self._let_go_of_modifiers()
        self._lock(locks, 0)
        try:
            yield
        finally:
            self._lock(locks, locks)
            with self._injector.lock:
                for keycode in ours if self._releases == self._releases_at_start else ():
                    self._injector.key_down(keycode)
                self._injector.sync()

    def _follow_clicks(self) -> None:
        self._arrival.wait(lambda: self._releases != self._releases_at_start)
        self._check()

    def _check(self) -> None:
        if self._releases != self._releases_at_start:
            raise StoppedError("input was stopped before all of it was sent: what was typed so far stays")

    def _lock(self, affected: int, locked: int) -> None:
        if affected:
            with self._injector.lock:
                self._injector.xkb.lock(affected, locked)

    def _number_lock(self) -> int:
        keymap = self._keymap()
        stroke = keymap.strokes(0).by_keysym.get(keysyms.named("Num_Lock"))
        return keymap.modifier_map.get(stroke.keycode, 0) if stroke else 0

    def _let_go_of_modifiers(self) -> tuple[int, ...]:
        """Release every modifier key that XTEST can; gives those that were ours."""
        if not self._state().base:
            return ()
        modifiers, injector = self._keymap().modifier_map, self._injector
        with injector.lock:
            pressed = injector.connection.query_keymap()
            down = [code for code in modifiers if pressed[code // 8] >> code % 8 & 1]
            ours = tuple(code for code in injector.held_keys if code in down)
            for keycode in down:
                injector.key_up(keycode)
        _wait_until(lambda: not self._state().base, _PATIENCE_S)
        return ours

    def _return_spares(self) -> None:
        if self._spares.lent:
            self._caught_up(_PATIENCE_S, lambda: None)
            keymap = self._keymap()
            with self._injector.lock:
                self._spares.give_back(keymap)
                self._injector.sync()

    def _wait_for_application(self) -> None:
        if not self._caught_up(_BUSY_S, self._check):
            raise UnavailableError(
                f"the application with the focus has not answered for {_BUSY_S:g} s, so typing into it could go wrong: "
                "wait until it answers again, then run this again"
            )

    def _caught_up(self, timeout_s: float, check: Callable[[], None]) -> bool:
        if self._listener is None:
            self._listener = Listener(self._display_name)
        return self._listener.wait(timeout_s, check)


def _symbol(character: str) -> int:
    named = _KEYS_OF_CONTROLS.get(character)
    if named:
        return keysyms.named(named)
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
        raise BadInputError(f"U+{code:04X} is no character that can be typed: take it out of the text")
    return keysyms.keysym_of(character)


def _find(strokes: Strokes, symbol: int) -> Stroke | None:
    """The layout's own way to type it: Return and Tab by keysym, everything else by character."""
    text = keysyms.text_of(symbol)
    return strokes.by_character.get(text) if text else strokes.by_keysym.get(symbol)


def _modifier_keys(keymap: Keymap, mask: int) -> tuple[int, ...]:
    keys = (keymap.modifier_key(1 << number) for number in range(8) if mask >> number & 1)
    return tuple(key for key in keys if key is not None)


def _wait_until(holds: Callable[[], bool], patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            raise UnavailableError("a modifier key is held down on the keyboard: let go of it, then run this again")
        time.sleep(0.005)
