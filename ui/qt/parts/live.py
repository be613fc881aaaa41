"""A private desktop as it is now, grabbed in the background while somebody looks."""

import threading

from PySide6.QtCore import QCoreApplication, QObject, Signal

from ui.qt.parts.pictures import Picture, picture_of
from ui.qt.tasks import Tasks
from workbench.errors import WorkbenchError

EVERY_S = 0.25
"""No more than four pictures a second: looking must not slow the run down."""

ACTING_EVERY_S = 0.04
"""Who acts on the desktop has to see at once what that does."""


class LiveView(QObject):
    """Emits `seen` with a `Picture` on the window's thread whenever the desktop has changed, at most every `every_s`.

    It grabs only while `watched`.
    """

    seen = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._watched = threading.Event()
        self._ended: threading.Event | None = None
        self.every_s = EVERY_S
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end)

    @property
    def watched(self) -> bool:
        """Whether somebody looks."""
        return self._watched.is_set()

    @watched.setter
    def watched(self, on: bool) -> None:
        if on:
            self._watched.set()
        else:
            self._watched.clear()

    def begin(self, display: str) -> None:
        """Look at that display until `end`."""
        self.end()
        ended = self._ended = threading.Event()
        self._tasks.aside(lambda: self._look(display, ended), failed=_gone)

    def end(self) -> None:
        """Look no more."""
        if self._ended is not None:
            self._ended.set()
        self._ended = None

    def _look(self, display: str, ended: threading.Event) -> None:
        from workbench.desktop.opening import open_desktop

        desktop = open_desktop(display, with_accessibility=False)
        try:
            fresh = True
            while not ended.is_set():
                if not self._watched.wait(EVERY_S):
                    fresh = True
                    continue
                if fresh or desktop.screens.wait_for_change(EVERY_S):
                    fresh = False
                    self._tell(picture_of(desktop.screens.grab()), ended)
                    ended.wait(self.every_s)
        finally:
            desktop.close()

    def _tell(self, picture: Picture, ended: threading.Event) -> None:
        self._tasks.back(lambda: None if ended.is_set() else self.seen.emit(picture))


def _gone(_error: WorkbenchError) -> None:
    """The desktop goes with its run, which tells how it ended; that nothing is seen of it any more is no news."""
