"""A key that begins a recording whichever program has the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.qt.core import Core
from ui.qt.notices import Notice
from workbench.desktop.hotkeys import Hotkeys, take_hotkeys
from workbench.errors import WorkbenchError

SETTING = "record.start_hotkey"


class StartKey(QObject):
    """Takes `record.start_hotkey`, where one is set, of an X display; `core.record_now_wanted` says it was pressed.

    While something is recorded programs have the key. Without a `display` nothing is taken.
    """

    def __init__(self, core: Core, display: str | None) -> None:
        super().__init__(core)
        self._core, self._display = core, display
        self._key = ""
        self._hotkeys: Hotkeys | None = None
        self._busy = False
        if display is not None:
            core.settings_changed.connect(lambda key: self._refresh() if key == SETTING else None)
            core.running_changed.connect(self._refresh)
            self._refresh()

    @property
    def key(self) -> str:
        """The key that begins a recording now; empty for none."""
        return self._key

    def stop(self) -> None:
        """Give the key back."""
        if self._hotkeys is not None:
            self._hotkeys.stop()
        self._hotkeys, self._display = None, None

    def _refresh(self) -> None:
        recording = "a recording" in self._core.running
        key, display = "" if recording else self._core.settings.record.start_hotkey, self._display
        if self._busy or display is None or key == self._key:
            return
        self._busy, self._key = True, key
        old, hear = self._hotkeys, self._hear
        self._core.tasks.soon(lambda: _exchanged(old, key, display, hear), self._have, self._refused)

    def _have(self, hotkeys: Hotkeys | None) -> None:
        self._busy, self._hotkeys = False, hotkeys
        for why in (hotkeys.refused if hotkeys is not None else {}).values():
            self._tell(f"no key begins a recording: {why}; choose other keys in the settings")
        self._refresh()

    def _refused(self, error: WorkbenchError) -> None:
        self._busy, self._hotkeys = False, None
        self._tell(str(error))
        self._refresh()

    def _tell(self, text: str) -> None:
        self._core.notices.say(Notice(text, "warning", about=SETTING))

    def _hear(self, _word: str) -> None:
        """On the thread of the hotkeys."""
        self._core.tasks.back(self._core.record_now_wanted.emit)


def _exchanged(old: Hotkeys | None, key: str, display: str, hear: Callable[[str], None]) -> Hotkeys | None:
    """Give back what was taken and take this key instead."""
    if old is not None:
        old.stop()
    return take_hotkeys(display, {"start": key}, hear) if key else None
