"""What Qt's keys are called in X11's words, which actions, settings and desktops use."""

from PySide6.QtCore import Qt

from workbench.actions import Modifier
from workbench.desktop.keysyms import name_of

MODIFIERS: dict[Qt.Key, Modifier] = {
    Qt.Key.Key_Control: "ctrl",
    Qt.Key.Key_Shift: "shift",
    Qt.Key.Key_Alt: "alt",
    Qt.Key.Key_Meta: "super",
    Qt.Key.Key_Super_L: "super",
    Qt.Key.Key_Super_R: "super",
}

_NAMED = {
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Backspace: "BackSpace",
    Qt.Key.Key_Backtab: "Tab",
    Qt.Key.Key_Enter: "KP_Enter",
    Qt.Key.Key_PageUp: "Prior",
    Qt.Key.Key_PageDown: "Next",
}

_ALIKE = ("Escape", "Tab", "Return", "Insert", "Delete", "Pause", "Print", "Home", "End", "Left", "Up", "Right")
_ALIKE_TOO = ("Down", "Menu", "Help", *(f"F{number}" for number in range(1, 36)))

_NAMES = _NAMED | {Qt.Key[f"Key_{name}"]: name for name in (*_ALIKE, *_ALIKE_TOO)}

_FIRST_WITHOUT_CHARACTER = 0x01000000


def keys_in_words(hotkey: str) -> str:
    """A hotkey of the settings as menus write keys: `ctrl+alt+s` is "Ctrl+Alt+S"."""
    return "+".join(part[:1].upper() + part[1:] for part in hotkey.split("+"))


def key_name(key: Qt.Key) -> str:
    """The X11 name of the key, of a letter the small one; empty for modifiers and for keys that nobody knows."""
    if key in _NAMES:
        return _NAMES[key]
    return name_of(chr(key.value).lower()) if key.value < _FIRST_WITHOUT_CHARACTER else ""
