"""Putting the window together: the application, its look, its core, and what ends it."""

import signal
import sys
import traceback
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ui.qt.core import Core
from ui.qt.crashes import LastWords, last_words_file, report
from ui.qt.notices import Notice
from ui.qt.parts.accessible import complete_accessibility
from ui.qt.parts.display import display_of_window
from ui.qt.parts.window_state import window_state
from ui.qt.single import SingleInstance
from ui.qt.start_key import StartKey
from ui.qt.theme.dressing import Dress
from ui.qt.theme.icons import application_icon
from ui.qt.tour import Tour, tour_is_due
from ui.qt.tray import Tray
from ui.qt.window import RAIL, MainWindow
from workbench import settings
from workbench.errors import WorkbenchError

NAME = "gui-agent-workbench"

_LOOK_UP_MS = 200
"""How often Python gets to see a signal while Qt waits for events."""


def start(library: Path | None = None, room: str = "", trajectory: str = "") -> int:
    """Open the window and stay until it is closed; the exit code. A second start only calls the first window."""
    application = _application()
    try:
        theme = settings.load().window.theme
        core = Core(Dress(application, theme), library)
    except WorkbenchError as error:
        sys.stderr.write(f"workbench: {error}\n")
        return error.exit_code
    alone = SingleInstance(core.library_folder)
    if not alone.first:
        sys.stderr.write("workbench: the window is open already; it was called to the front\n")
        return 0
    state = window_state()
    window = opened(core, state)
    last_words = LastWords(last_words_file(core.library_folder))
    Tray(core, window, lambda: _to_front(window))
    start_key = StartKey(core, display_of_window())
    alone.called.connect(lambda: _to_front(window))
    core.settings_changed.connect(lambda key: _follow(core, key))
    window.go(room if room in RAIL else window.first_room())
    if trajectory:
        core.tasks.with_library(
            lambda opened: opened.find(trajectory).id, lambda one: core.trajectory_wanted.emit(one, 1)
        )
    window.show()
    _greet(core, window, state, last_words.left)
    _end_on_signals(application)
    code = application.exec()
    start_key.stop()
    core.close()
    last_words.close()
    return code


def opened(core: Core, state: QSettings) -> MainWindow:
    """The main window on that core, with defects of the program told in it instead of lost."""
    window = MainWindow(core, state)

    def crashed(error: BaseException) -> None:
        _tell_defect(core, error)

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            sys.stderr.write(report(error))  # places only: an error's own words may hold what was typed
            crashed(error)
        else:
            sys.__excepthook__(kind, error, trace)

    core.tasks.crashed.connect(crashed)
    sys.excepthook = uncaught
    return window


def _greet(core: Core, window: MainWindow, state: QSettings, left: str) -> None:
    """What is said once the window stands: how the last time ended, and to a new person what this is."""
    _tell_last_words(core, left)
    if tour_is_due(state):
        Tour(core, state, window).open()


def _application() -> QApplication:
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("GUI agent workbench")
    application.setDesktopFileName(NAME)
    application.setWindowIcon(application_icon())
    complete_accessibility()
    return application


def _follow(core: Core, key: str) -> None:
    if key == "window.theme":
        core.dress.wear(core.settings.window.theme)


def _to_front(window: MainWindow) -> None:
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()


def _tell_defect(core: Core, error: BaseException) -> None:
    """A notice that names where it happened; no text, picture or value of the person's work is in it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    text = (
        f"The program made a mistake ({type(error).__name__} at {place}). What you recorded is safe; please report it."
    )
    words = report(error)
    core.notices.say(
        Notice(text, "error", about=f"defect {place}", action="Copy a report", act=lambda: _copy(core, words))
    )


def _tell_last_words(core: Core, words: str) -> None:
    if words:
        text = "The program ended by a mistake of its own last time. What you recorded is safe; please report it."
        core.notices.say(
            Notice(text, "warning", about="last words", action="Copy a report", act=lambda: _copy(core, words))
        )


def _copy(core: Core, words: str) -> None:
    QGuiApplication.clipboard().setText(words)
    core.notices.info("The report is in the clipboard: versions and places in the program, nothing of your work.")


def _end_on_signals(application: QApplication) -> None:
    """SIGINT and SIGTERM end the window at once: what runs is stopped and kept, and nobody is asked."""

    def end(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, lambda: application.exit(0))  # `quit` would ask, perhaps behind a minimised window

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    timer = QTimer(application)
    timer.timeout.connect(lambda: None)
    timer.start(_LOOK_UP_MS)
