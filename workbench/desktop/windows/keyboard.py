"""The keyboard of Windows by `SendInput`: text as Unicode, shortcuts as virtual keys of the current layout."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workbench.actions import Modifier
from workbench.desktop.held import Held
from workbench.desktop.keysyms import character_of
from workbench.desktop.windows import native
from workbench.desktop.windows.injecting import KEY_EXTENDED, KEY_UNICODE, KEY_UP, KeyStroke, Stroke, send, utf16_units
from workbench.desktop.windows.virtual_keys import NAMED, VirtualKey, modifiers_of, named
from workbench.errors import BadInputError

CHUNK = 64
"""Characters per call of `SendInput`: the input queue of a window holds 10 000 messages and drops the rest."""

_TYPED_BY_KEY = {"\n": "Return", "\t": "Tab"}

MODIFIER_CODES: dict[int, VirtualKey] = {
    code: VirtualKey(code, extended=code in (0x5B, 0x5C, 0xA3, 0xA5))
    for code in (0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0x5B, 0x5C)
}
"""Both Shift, Ctrl, Alt and Windows keys."""


@dataclass(frozen=True)
class Layout:
    """What the current keyboard layout answers; the defaults ask the system."""

    key_for: Callable[[str], int] = field(default=native.key_for)
    scan_code: Callable[[int], int] = field(default=native.scan_code)
    is_down: Callable[[int], bool] = field(default=native.is_down)


@dataclass(frozen=True)
class Chord:
    """The key that a name stands for, with the modifiers that the layout wants for it."""

    key: VirtualKey
    modifiers: tuple[Modifier, ...] = ()


def chord_for(name: str, key_for: Callable[[str], int]) -> Chord:
    """What to press for a key name; raises `BadInputError` when no key of this layout is called that."""
    key = named(name)
    if key is not None:
        return Chord(key)
    character = character_of(name)
    found = key_for(character) if character and ord(character) < 0x10000 else -1
    if found == -1 or found & 0xFF == 0xFF:
        raise BadInputError(f"no key of this keyboard layout is called “{name}”; use a name such as Return, F4 or a")
    return Chord(VirtualKey(found & 0xFF), modifiers_of(found & 0xFFFF))


class WindowsKeyboard:
    """The `Keyboard` port; what it holds is in `held`, shared with the pointer."""

    def __init__(
        self, held: Held, sender: Callable[[Sequence[Stroke]], None] = send, layout: Layout | None = None
    ) -> None:
        self._held = held
        self._send = sender
        self._layout = layout or Layout()

    def press(self, key: str) -> None:
        """Press and hold, with the modifiers that the layout needs for it; these go up with the key."""
        chord = chord_for(key, self._layout.key_for)
        extra = [NAMED[modifier] for modifier in chord.modifiers if f"key {modifier}" not in self._held]
        down = [self._stroke(each) for each in (*extra, chord.key)]
        up = [self._stroke(each, up=True) for each in (chord.key, *reversed(extra))]
        self._held.hold(f"key {key}", lambda: self._send(up))
        self._send(down)

    def release(self, key: str) -> None:
        """Let go; a key that is not held by us stays as it is."""
        self._held.release(f"key {key}")

    def type_text(self, text: str) -> None:
        """Type any Unicode text; newline presses Return, tab Tab.

        Modifiers that are down, whoever holds them, come up first and stay up: with Ctrl down every character would
        be a shortcut, and pressing them again for a person who has let go meanwhile would leave them stuck.
        """
        for name in self._held.names():
            if name.startswith("key "):
                self._held.release(name)
        self._send([self._stroke(key, up=True) for code, key in MODIFIER_CODES.items() if self._layout.is_down(code)])
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        for start in range(0, len(plain), CHUNK):
            self._send([stroke for character in plain[start : start + CHUNK] for stroke in self._typing(character)])

    def release_all(self) -> None:
        """Let go of everything that keyboard and pointer hold."""
        self._held.release_all()

    def _typing(self, character: str) -> list[KeyStroke]:
        if character in _TYPED_BY_KEY:
            key = NAMED[_TYPED_BY_KEY[character]]
            return [self._stroke(key), self._stroke(key, up=True)]
        units = utf16_units(character)
        flags = (KEY_UNICODE, KEY_UNICODE | KEY_UP)
        return [KeyStroke(scan=unit, flags=each) for unit in units for each in flags]

    def _stroke(self, key: VirtualKey, *, up: bool = False) -> KeyStroke:
        flags = (KEY_EXTENDED if key.extended else 0) | (KEY_UP if up else 0)
        return KeyStroke(key.code, self._layout.scan_code(key.code), flags)
