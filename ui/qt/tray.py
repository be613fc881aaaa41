"""The icon in the system's tray: what goes on, how to stop it, and a word when a person is needed."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QSystemTrayIcon

from ui.qt.core import Core
from ui.qt.theme.icons import application_icon, icon

SHOWN_MS = 15_000


class Tray(QObject):
    """Lives as long as the window. Where there is no tray, a window that is needed still asks for attention.

    `person_needed` of the core becomes a notification while the person looks elsewhere; clicking on it leads there.
    """

    def __init__(self, core: Core, window: QMainWindow, to_front: Callable[[], None]) -> None:
        super().__init__(window)
        self._core, self._window, self._to_front = core, window, to_front
        self._menu = QMenu(window)
        self.show_or_hide = self._act("Hide the &window", self._turn)
        self.record = self._act("&Record…", core.record_wanted.emit)
        self.stop = self._act("&Stop what runs", core.stop_wanted.emit)
        self._menu.addSeparator()
        self._act("&Quit", self._quit)
        self._menu.aboutToShow.connect(self._name)
        self._icon = QSystemTrayIcon(application_icon(), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(self._show_need)
        core.running_changed.connect(self._show_running)
        core.person_needed.connect(self._call)
        core.record_wanted.connect(self._bring)
        self._show_running()
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon.show()

    @property
    def tip(self) -> str:
        """What stands beside the icon: the program, or what goes on."""
        return self._icon.toolTip()

    def _act(self, words: str, act: Callable[[], object]) -> QAction:
        action = QAction(words, self._menu)
        action.triggered.connect(lambda _checked=False: act())
        self._menu.addAction(action)
        return action

    def _name(self) -> None:
        self.show_or_hide.setText("Hide the &window" if self._window.isVisible() else "Show the &window")

    def _show_need(self) -> None:
        """To the room that waits, in front of other programs."""
        if self._core.room_of_need:
            self._core.room_wanted.emit(self._core.room_of_need)
        self._to_front()

    def _turn(self) -> None:
        if self._window.isVisible():
            self._window.hide()
        else:
            self._to_front()

    def _bring(self) -> None:
        if not self._window.isVisible():
            self._to_front()

    def _quit(self) -> None:
        """Close as the window's own button does, which asks where something still goes on."""
        self._to_front()
        self._window.close()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._turn()

    def _show_running(self) -> None:
        running = self._core.running
        self.stop.setEnabled(bool(running))
        self._icon.setToolTip(f"GUI agent workbench: {' and '.join(running)}" if running else "GUI agent workbench")
        colour = self._core.dress.colours.recording
        self._icon.setIcon(icon("record", colour) if "a recording" in running else application_icon())

    def _call(self, sentence: str) -> None:
        """Ask for attention; the notification may be read by others, so it is the sentence and nothing more."""
        if QApplication.activeWindow() is not None:
            return
        QApplication.alert(self._window)
        if self._icon.isVisible():
            self._icon.showMessage("A person is needed", sentence, application_icon(), SHOWN_MS)
