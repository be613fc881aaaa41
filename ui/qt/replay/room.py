"""The replay debugger as a room of the window: steps to the left, pictures in the middle, set-up and details right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.orders.exporting import BUNDLE_SUFFIX
from ui.qt.conducting import Place
from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.parts.card import Card
from ui.qt.parts.elided import Elided
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.taking import dragged_files, take_in
from ui.qt.replay.asking import Asking, report_folder
from ui.qt.replay.controls import SPEEDS, Controls
from ui.qt.replay.debugger import Debugger, Ended, State
from ui.qt.replay.details import Details
from ui.qt.replay.pictures import Sides
from ui.qt.replay.setup_form import SetupForm
from ui.qt.replay.steps import StepsModel, StepsView
from ui.qt.replay.wish import Setup
from ui.qt.rooms import Room
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.settings_sections import ReplaySettings
from workbench.trajectory import Step

if TYPE_CHECKING:
    from workbench.library.store import Library

_STATES: dict[State, str] = {
    "empty": "",
    "ready": "",
    "starting": "coming up …",
    "running": "running",
    "paused": "paused before step {0}",
    "asking": "step {0} waits for you",
    "offering": "a repair waits for you",
}
_SET_UP, _DETAILS = 0, 1

_SOON_MS = 30
"""What is shown of a step is drawn once for all events that come within this time."""


class ReplayRoom(Room):
    """`open` takes the id of a trajectory; one that is being replayed stays until its run is over."""

    name = "replay"
    title = "Replay"
    icon = "play"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self.debugger = Debugger(core, self)
        self.steps = StepsModel(self)
        self.list = StepsView(core.dress, self.steps)
        self.pictures = Sides(core)
        self.details = Details(core)
        self.form = SetupForm()
        self.card = Card()
        self.controls = Controls(core.dress, self, self._acts())
        self.asking = Asking(core, self.debugger, self.card)
        self._title = Elided("title")
        self._side = QTabWidget()
        self._side.setAccessibleName("Set-up and step")
        self._stack = QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._build()
        self._connect()
        self._steered()
        self.setAcceptDrops(True)

    def open(self, *what: str | int) -> None:
        """Show the trajectory of that id, ready to be replayed; "file" asks for one to import first."""
        if self.debugger.busy:
            self.core.notices.info("a replay is running: stop it before another one")
        elif what == ("file",):
            self._ask_file()
        else:
            self.debugger.open(str(what[0]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if len(dragged_files(event)) == 1 and not self.debugger.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import it, and show it ready to be replayed."""
        event.acceptProposedAction()
        take_in(self.core, dragged_files(event)[0], self.open)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Replay a file", "", f"Trajectories (*{BUNDLE_SUFFIX});;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: take_in(self.core, Path(name), self.open))
        dialog.open()

    def entered(self) -> None:
        """Bring the trajectory, the models and the secrets up to date."""
        self.debugger.refresh()
        self.core.tasks.soon(_usual, self._show_usual)
        self._look_for_secrets()

    def setup(self) -> Setup:
        """What is set up now."""
        return self.form.setup(speed=self.controls.chosen_speed, dry=self.controls.dry.isChecked())

    def _acts(self) -> dict[str, Callable[[], object]]:
        return {
            "run": self._run,
            "pause": self.debugger.pause,
            "step": self._step,
            "run_to": self._run_to,
            "stop": self.debugger.stop,
            "restart": lambda: self.debugger.restart(self.setup()),
            "toggle_break": self._toggle_break,
        }

    def _run(self) -> None:
        if self.debugger.state == "paused":
            self.debugger.proceed()
        else:
            self.debugger.begin(self.setup())

    def _step(self) -> None:
        if self.debugger.state == "paused":
            self.debugger.proceed("step")
        else:
            self.debugger.begin(self.setup(), single=True)

    def _toggle_break(self) -> None:
        if self.list.number:
            self.debugger.toggle_break(self.list.number)

    def _run_to(self) -> None:
        if self.list.number:
            self.debugger.run_to(self.list.number, self.setup())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack)
        words = (
            "Choose a trajectory in the library and press Replay there, or drop a .trajectory file here. "
            "Here you can rehearse it, step through it, and see what each witness says of every step."
        )
        action = ("Go to the library", lambda: self.core.room_wanted.emit("library"))
        self._stack.addWidget(EmptyState(self.core.dress, "play", "Nothing to replay yet", words, action=action))
        self._stack.addWidget(self._debugging())

    def _debugging(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.controls)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        for widget in (self.list, self._middle(), self._right()):
            halves.addWidget(widget)
        halves.setStretchFactor(1, 1)
        halves.setSizes([300, 590, 310])
        column.addWidget(halves, 1)
        return page

    def _header(self) -> QWidget:
        header = QWidget()
        row = QHBoxLayout(header)
        row.setContentsMargins(16, 12, 16, 4)
        show = QPushButton("View the tra&jectory")
        show.clicked.connect(self._show_trajectory)
        row.addWidget(self._title, 1)
        row.addWidget(show)
        return header

    def _middle(self) -> QWidget:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        around = QFrame()
        inside = QVBoxLayout(around)
        inside.setContentsMargins(16, 8, 16, 0)
        inside.addWidget(self.card)
        column.addWidget(around)
        column.addWidget(self.pictures, 1)
        return middle

    def _right(self) -> QWidget:
        self._side.addTab(self.form, "Set up")
        self._side.addTab(self.details, "Step")
        self._side.setDocumentMode(True)
        self._side.tabBar().setDrawBase(False)
        self._side.tabBar().setAccessibleName("Set-up or step")
        self._side.setMinimumWidth(260)
        self.pictures.setMinimumWidth(320)
        return self._side

    def _connect(self) -> None:
        debugger = self.debugger
        debugger.opened.connect(self._opened)
        debugger.steered.connect(self._steered)
        debugger.stepped.connect(self._stepped)
        debugger.kept.connect(self._kept)
        debugger.asked.connect(lambda asked: self.list.choose(asked.index))
        debugger.drifted.connect(self.list.choose)
        self.list.break_wanted.connect(debugger.toggle_break)
        self.list.chosen.connect(lambda _: self._soon.start())
        self._soon.timeout.connect(self._show_step)
        debugger.conductor.placed.connect(self._placed)
        debugger.conductor.over.connect(lambda _told: self.pictures.end())
        self.asking.picking.connect(lambda on: self.pictures.pick(on=on))
        self.asking.report_wanted.connect(self._report)
        self.pictures.picked.connect(self.asking.picked)
        self.core.dress.changed.connect(self._show_step)

    def _opened(self) -> None:
        loaded = self.debugger.loaded
        assert loaded is not None
        self._title.say(loaded.trajectory.title)
        self.steps.show_steps(loaded.steps)
        self.steps.show_breaks(self.debugger.breaks)
        self.form.show_loaded(loaded)
        self._side.setCurrentIndex(_SET_UP)
        self._stack.setCurrentIndex(1)
        self.list.choose(1)
        self.list.setFocus()
        self._look_for_secrets()

    def _steered(self) -> None:
        state = self.debugger.state
        row = f"row {self.debugger.row} of {self.debugger.rows} · " if self.debugger.rows > 1 else ""
        words = _STATES[state].format(self.debugger.progress.current)
        self.controls.show_state(state, row + words if words else "")
        self.form.setEnabled(state == "ready")
        self.pictures.follow(on=state == "running" and not self._rehearses)
        self.steps.show_breaks(self.debugger.breaks)
        if state == "starting":
            self._side.setCurrentIndex(_DETAILS)
            self.list.setFocus()  # the card that had the keyboard is gone, and the room's keys with it

    def _placed(self, place: Place) -> None:
        self.pictures.begin(place)
        self.pictures.follow(on=self.debugger.state in ("starting", "running") and not self._rehearses)

    def _stepped(self, index: int) -> None:
        progress = self.debugger.progress
        self.steps.show_progress(progress, changed=index)
        if progress.current and progress.current == index:
            self.list.choose(index)
        if index in (0, self.list.number) or self._rehearses:
            self._soon.start()

    def _show_step(self) -> None:
        number, loaded = self.list.number, self.debugger.loaded
        step: Step | None = loaded.steps[number - 1] if loaded and 0 < number <= len(loaded.steps) else None
        progress = self.debugger.progress
        self.pictures.show_step(step, progress, number, rehearsal=self._rehearses)
        self.details.show_step(number, step, progress.of(number))

    @property
    def _rehearses(self) -> bool:
        return self.debugger.setup.wish.dry

    def _kept(self, name: str) -> None:
        about = Notice("The repairs were kept; undo takes them back.", "good", about="repair", action="View")
        about.act = partial(self.core.trajectory_wanted.emit, name, 1)
        self.core.notices.say(about)

    def _show_trajectory(self) -> None:
        if self.debugger.loaded is not None:
            self.core.trajectory_wanted.emit(self.debugger.loaded.trajectory.id, max(1, self.list.number))

    def _report(self, ended: Ended) -> None:
        folder = report_folder(self.core, ended)

        def write(library: "Library") -> Path:
            from workbench.report.html import write_html

            return write_html(ended.told, library.frames.load, folder)

        self.core.tasks.with_library(write, self._written)

    def _written(self, path: Path) -> None:
        self.core.notices.info(f"The report is in {path}")
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _show_usual(self, usual: "tuple[ReplaySettings, tuple[str, ...]]") -> None:
        chosen, models = usual
        if self.debugger.busy:
            return
        self.form.show_models(models)
        if self.debugger.state == "empty":
            self.form.show_usual(chosen)
            near = min(range(len(SPEEDS)), key=lambda at: abs(SPEEDS[at][1] - chosen.speed))
            self.controls.speed.setCurrentIndex(near)

    def _look_for_secrets(self) -> None:
        loaded = self.debugger.loaded
        if loaded is None or not loaded.secrets:
            return
        wanted = loaded.secrets

        def trouble(error: WorkbenchError) -> None:
            self.form.show_secrets({}, str(error))

        self.core.tasks.aside(lambda: _in_keyring(wanted), self.form.show_secrets, trouble)


def _in_keyring(names: tuple[str, ...]) -> dict[str, bool]:
    from workbench import secrets

    there = set(secrets.names())
    return {name: name in there for name in names}


def _usual() -> tuple[ReplaySettings, tuple[str, ...]]:
    """What the settings say of replays, and the names of the models."""
    from agents.runtime.models.registry import Registry

    return settings.load().replay, tuple(Registry.usual().names())
