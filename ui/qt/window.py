"""The main window: the rail to the left, notices above, one room in front, what goes on below."""

from collections.abc import Callable
from functools import partial
from importlib import import_module

from PySide6.QtCore import QByteArray, QCoreApplication, QSettings, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDesktopServices, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.qt.core import Core
from ui.qt.log import LogDialog, LogKeeper
from ui.qt.notices import NoticeBar
from ui.qt.rooms import Room
from ui.qt.theme.colours import SPACE
from ui.qt.theme.dressing import look
from ui.qt.theme.icons import icon
from ui.qt.tour import Tour

RAIL: dict[str, tuple[str, str, str]] = {
    "library": ("Library", "library", "ui.qt.library.room:LibraryRoom"),
    "run": ("Run", "run", "ui.qt.run.room:RunRoom"),
    "experience": ("Experience", "note", "ui.qt.experience.room:ExperienceRoom"),
    "models": ("Models", "models", "ui.qt.models.room:ModelsRoom"),
    "settings": ("Settings", "settings", "ui.qt.preferences.room:SettingsRoom"),
}
"""The rooms that the rail leads to: what people read, the icon, and where the room is made."""

BEHIND: dict[str, tuple[str, str, str]] = {
    "recording": ("Recording", "record", "ui.qt.recording.room:RecordingRoom"),
    "trajectory": ("Trajectory", "eye", "ui.qt.trajectory.room:TrajectoryRoom"),
    "comparison": ("Compare", "compare", "ui.qt.comparing.room:ComparisonRoom"),
    "replay": ("Replay", "play", "ui.qt.replay.room:ReplayRoom"),
}
"""The rooms that one comes to from others."""

SMALLEST = QSize(900, 600)
USUAL = QSize(1240, 800)
NARROW_PX = 1100
"""A window that is narrower has no words in its rail."""

BUSY_AFTER_MS = 300
"""Work that is done sooner is not spoken of."""

ROUND = QSize(16, 48)
"""How much a window manager may put around a window."""


class MainWindow(QMainWindow):
    """Everything but what floats above other programs: the recording pill and the approval bar."""

    def __init__(self, core: Core, state: QSettings) -> None:
        super().__init__()
        self._core, self._state = core, state
        self._log = LogKeeper(self)
        self._rooms: dict[str, Room] = {}
        self._front = ""
        self.setWindowTitle("GUI agent workbench")
        self.setMinimumSize(SMALLEST)
        self._stack = QStackedWidget()
        self._rail = _Rail(core)
        self.setCentralWidget(self._arranged())
        self._going_on = QLabel()
        self._going_on.setContentsMargins(SPACE, 2, SPACE, 2)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self._going_on, 1)
        self.statusBar().hide()
        self._menus()
        self._connect()
        self._restore()

    def go(self, name: str) -> Room:
        """Bring the room of that name to the front, making it at the first visit."""
        room = self._room(name)
        if name != self._front:
            if self._front:
                self._rooms[self._front].left()
            self._front = name
            self._stack.setCurrentWidget(room)
            self._rail.mark(name)
            room.entered()
        return room

    @property
    def front(self) -> str:
        """The name of the room in front."""
        return self._front

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the rooms what the rail can spare."""
        super().resizeEvent(event)
        self._rail.set_narrow(narrow=event.size().width() < NARROW_PX)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first where something goes on; keep where the window was."""
        if self._core.running and not self._may_leave():
            event.ignore()
            return
        self._keep_writing()
        self._state.setValue("geometry", self.saveGeometry())
        self._state.setValue("room", self._front if self._front in RAIL else "library")
        event.accept()

    def _keep_writing(self) -> None:
        """What is being written in the room in front is kept, however the window ends."""
        if self._front:
            self._rooms[self._front].left()

    def _room(self, name: str) -> Room:
        if name not in self._rooms:
            where = (RAIL | BEHIND)[name][2]
            module, kind = where.split(":")
            room: Room = getattr(import_module(module), kind)(self._core)
            self._rooms[name] = room
            self._stack.addWidget(room)
        return self._rooms[name]

    def _arranged(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(NoticeBar(self._core.notices, self._core.dress))
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addLayout(column, 1)
        return middle

    def _connect(self) -> None:
        core = self._core
        core.room_wanted.connect(self.go)
        core.record_wanted.connect(lambda: self.go("recording"))
        core.record_now_wanted.connect(lambda: self.go("recording").open("now"))
        core.record_again_wanted.connect(lambda one, *steps: self.go("recording").open(one, *steps))
        core.trajectory_wanted.connect(lambda one, step: self.go("trajectory").open(one, step))
        core.replay_wanted.connect(lambda one: self.go("replay").open(one))
        core.comparison_wanted.connect(lambda one, two: self.go("comparison").open(one, two))
        core.run_wanted.connect(lambda task: self.go("run").open(task))
        core.tasks.busy.connect(self._rail.show_busy)
        core.running_changed.connect(self._show_running)
        self.screen().availableGeometryChanged.connect(self._fit)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._keep_writing)

    def _show_running(self) -> None:
        self._going_on.setText("In progress: " + ", ".join(self._core.running))
        self.statusBar().setVisible(bool(self._core.running))

    def _may_leave(self) -> bool:
        what = " and ".join(self._core.running)
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Something is still running")
        box.setText(f"There is still {what}.")
        box.setInformativeText("Leaving ends it. What was recorded or done until now is kept.")
        leave = box.addButton("Stop it and leave", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is leave

    def _restore(self) -> None:
        kept = self._state.value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(USUAL.boundedTo(self.screen().availableSize() - ROUND))

    def _fit(self) -> None:
        """Stay on a screen that has become smaller: what is beyond its edge cannot be reached."""
        room = self.screen().availableGeometry()
        if not self.isMaximized() and not room.contains(self.frameGeometry()):
            self.resize(self.size().boundedTo(room.size() - ROUND))
            self.move(room.topLeft())

    def first_room(self) -> str:
        """The room that was in front when the window was closed."""
        kept = str(self._state.value("room", "library"))
        return kept if kept in RAIL else "library"

    def _menus(self) -> None:
        file = self.menuBar().addMenu("&File")
        self._act(file, "&Record…", "Ctrl+R", self._core.record_wanted.emit)
        self._act(file, "&Import…", "Ctrl+I", lambda: self.go("library").open("import"))
        self._act(file, "Import f&older…", "Ctrl+Shift+I", lambda: self.go("library").open("import-folder"))
        self._act(file, "Replay a &file…", "Ctrl+Shift+O", lambda: self.go("replay").open("file"))
        file.addSeparator()
        self._act(file, "&Quit", "Ctrl+Q", self.close)
        go = self.menuBar().addMenu("&Go")
        for number, (name, (title, _, _)) in enumerate(RAIL.items(), 1):
            self._act(go, title, f"Ctrl+{number}", partial(self.go, name))
        self._act(go, "&Search the library", "Ctrl+K", lambda: self.go("library").open("search"))
        self.menuBar().addMenu(self._view_menu())
        help_menu = self.menuBar().addMenu("&Help")
        self._act(help_menu, "&Keyboard shortcuts", "F1", lambda: self._about("shortcuts"))
        self._act(help_menu, "&Check this machine", "", lambda: self._about("doctor"))
        self._act(help_menu, "&Log", "Ctrl+Shift+L", lambda: LogDialog(self._log, self).open())
        self._act(help_menu, "Open the &library's folder", "", self._open_folder)
        self._act(help_menu, "&Tour", "", lambda: Tour(self._core, self._state, self).open())
        self._act(help_menu, "&About", "", lambda: self._about("about"))

    def _view_menu(self) -> QMenu:
        menu = QMenu("&View", self)
        group = QActionGroup(self)
        for theme, words in (("system", "Colours of the &system"), ("light", "&Light"), ("dark", "&Dark")):
            action = QAction(words, self, checkable=True)
            action.triggered.connect(partial(self._wear, theme))
            menu.aboutToShow.connect(partial(self._mark_theme, action, theme))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _wear(self, theme: str) -> None:
        self._core.change("window.theme", theme)

    def _mark_theme(self, action: QAction, theme: str) -> None:
        action.setChecked(self._core.settings.window.theme == theme)

    def _act(self, menu: QMenu, words: str, keys: str, act: Callable[[], object]) -> None:
        action = QAction(words, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: act())
        menu.addAction(action)

    def _about(self, page: str) -> None:
        from ui.qt.about import AboutDialog

        AboutDialog(self._core, self, page).open()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._core.library_folder)))


class _Rail(QFrame):
    """The column of buttons to the left: recording first, then the rooms."""

    def __init__(self, core: Core) -> None:
        super().__init__()
        self._core, self._narrow = core, False
        look(self, "rail")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Navigation")
        self._front = ""
        self._buttons: dict[str, QToolButton] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 10, 6, 10)
        self._record = self._button("Record", lambda: core.record_wanted.emit())
        for name, (title, _, _) in RAIL.items():
            self._buttons[name] = self._button(title, partial(core.room_wanted.emit, name))
        self._busy = QLabel("working …", alignment=Qt.AlignmentFlag.AlignHCenter)
        look(self._busy, "small")
        self._busy.hide()
        self._soon = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._soon.timeout.connect(self._busy.show)
        self._column.insertStretch(len(RAIL))
        self._column.insertWidget(len(RAIL) + 1, self._busy)
        core.dress.changed.connect(self._draw)
        self._draw()

    def set_narrow(self, *, narrow: bool) -> None:
        """Show icons alone, with their words as tooltips, where the window has no room to spare."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if narrow else Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        for button in (self._record, *self._buttons.values()):
            button.setToolButtonStyle(style)
            button.setToolTip(button.text() if narrow else "")
            look(button, "rail-narrow" if narrow else "rail")

    def mark(self, name: str) -> None:
        """Show which room is in front; those behind belong to the library, but for recording."""
        self._front = name
        chosen = self._record if name == "recording" else self._buttons.get(name, self._buttons["library"])
        for button in (self._record, *self._buttons.values()):
            button.setChecked(button is chosen)

    def show_busy(self, count: int) -> None:
        """Say that something is worked on in the background, once it takes a while."""
        if not count:
            self._soon.stop()
            self._busy.hide()
        elif not self._soon.isActive() and self._busy.isHidden():
            self._soon.start()

    def _button(self, words: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setAccessibleName(words)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(22, 22))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look(button, "rail")
        button.setCheckable(True)
        button.clicked.connect(lambda _checked=False: self._press(act))
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def _press(self, act: Callable[[], object]) -> None:
        """Go there; the button of the room that is in front stays marked."""
        act()
        self.mark(self._front)

    def _draw(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(self._core.dress.icon(RAIL[name][1]))
        colours = self._core.dress.colours
        self._record.setIcon(icon("record", colours.recording))
