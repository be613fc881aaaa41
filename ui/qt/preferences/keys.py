"""A field into which a hotkey is pressed instead of typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.qt.parts.key_names import key_name, keys_in_words

_HELD = {
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "super": Qt.KeyboardModifier.MetaModifier,
}

_MODIFIERS = {
    *(Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Shift, Qt.Key.Key_Meta),
    *(Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_unknown),
}


class HotkeyField(QLineEdit):
    """Shows a hotkey as menus write it; while it has the focus, the keys that are pressed become the new one.

    `pressed` has the hotkey; where there may be none, Backspace or Delete alone takes it away. Tab without Ctrl or Alt
    goes on to the next widget, Escape alone leaves the hotkey as it is.
    """

    pressed = Signal(str)

    def __init__(self, *, optional: bool) -> None:
        super().__init__()
        self._optional = optional
        self.setReadOnly(True)
        self.setToolTip("Press the keys together, with at least one of Ctrl, Alt, Shift or Super")
        self._kept = ""
        if optional:
            self.setPlaceholderText("no keys")

    def show_hotkey(self, text: str) -> None:
        """Show this one."""
        self._kept = text
        self._say(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that are held."""
        if self._optional and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not event.modifiers():
            self.pressed.emit("")
            return
        text = hotkey_of(event)
        if text is None:
            super().keyPressEvent(event)
            return
        event.accept()
        if not text.endswith("+"):
            self._kept = text
            self.pressed.emit(text)
        self._say(text)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """What was only half pressed goes again."""
        self._say(self._kept)
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say what to do."""
        super().focusInEvent(event)
        self.setPlaceholderText("Press the keys …")
        self.selectAll()

    def _say(self, hotkey: str) -> None:
        self.setText(keys_in_words(hotkey))


def hotkey_of(event: QKeyEvent) -> str | None:
    """The hotkey that is pressed, ending in + while only modifiers are held; None for keys that have another use."""
    held = [name for name, modifier in _HELD.items() if event.modifiers() & modifier]
    key = Qt.Key(event.key())
    if key in _MODIFIERS:
        return "+".join([*held, ""]) if held else None
    if not held or (held == ["shift"] and key == Qt.Key.Key_Backtab):
        return None
    return "+".join([*held, key_name(key)])
