"""The room for one trajectory: looking into it step by step, and changing it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ui.orders.exporting import BUNDLE
from ui.qt.core import Core
from ui.qt.exporting.dialog import ask_export
from ui.qt.parts.empty import EmptyState
from ui.qt.parts.stage import Stage
from ui.qt.rooms import Room
from ui.qt.trajectory.acts import Act, Acts
from ui.qt.trajectory.completer import Completer
from ui.qt.trajectory.edited import Edited
from ui.qt.trajectory.filmstrip import Filmstrip
from ui.qt.trajectory.hands import Hands
from ui.qt.trajectory.head import Head
from ui.qt.trajectory.inspector import Inspector
from ui.qt.trajectory.redactor import Redactor
from ui.qt.trajectory.runs import ask_runs
from ui.qt.trajectory.steps_list import StepsList
from ui.qt.trajectory.steps_model import StepsModel
from workbench import merging
from workbench.actions import TypeText
from workbench.geometry import Point
from workbench.report.words import tidy
from workbench.trajectory import Step, Trajectory

_WIDTHS = (300, 600, 350)
_LEAST = (180, 320, 316)


class TrajectoryRoom(Room):
    """Steps to the left, the picture in the middle, what is known to the right, the timeline above."""

    name = "trajectory"
    title = "Trajectory"
    icon = "eye"

    def __init__(self, core: Core) -> None:
        super().__init__(core)
        self._opening: int | None = None
        self._ends = False
        self.edited = Edited(core, self)
        self.hands = Hands(core, self.edited, self.go, self)
        self.completer = Completer(core, self)
        self.redactor = Redactor(core, self)
        self.acts = Acts(self._table(), self, core.dress)
        self.model = StepsModel(self)
        self.steps = StepsList(self.model, core.dress)
        self.filmstrip = Filmstrip(core)
        self.stage = Stage(core)
        self.inspector = Inspector(core, self.edited)
        self.head = Head(core, self.acts)
        self._layers = QStackedWidget()
        self._arrange()
        self._connect()
        self.acts.check()

    def open(self, *what: str | int) -> None:
        """Show the trajectory of that id, at the step of that number (from 1) where one is given."""
        identifier, step = str(what[0]), int(what[1]) if len(what) > 1 else 1
        self.inspector.details.commit()
        self._opening = step
        self.edited.open(identifier)

    def left(self) -> None:
        """Keep what was being written."""
        self.inspector.details.commit()

    def go(self, number: int) -> None:
        """Make that step the current one."""
        self.steps.go(number)

    @property
    def number(self) -> int:
        """The current step's number; 0 where there is none."""
        return self.steps.number

    @property
    def step(self) -> Step | None:
        """The current step."""
        trajectory = self.edited.trajectory
        found = trajectory is not None and 0 < self.number <= len(trajectory.steps)
        return trajectory.steps[self.number - 1] if trajectory is not None and found else None

    def _arrange(self) -> None:
        parts = QSplitter(Qt.Orientation.Horizontal)
        for widget, width in zip((self.steps, self.stage, self.inspector), _LEAST, strict=True):
            parts.addWidget(widget)
            widget.setMinimumWidth(width)
        parts.setSizes(list(_WIDTHS))
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.filmstrip)
        column.addWidget(parts, 1)
        self._layers.addWidget(self._empty())
        self._layers.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._layers)

    def _empty(self) -> EmptyState:
        words = "Choose one in the library to see what was done, step by step, and to change what a replay will do."
        to_library = ("Go to the library", lambda: self.core.room_wanted.emit("library"))
        return EmptyState(self.core.dress, "eye", "No trajectory is open", words, action=to_library)

    def _connect(self) -> None:
        self.edited.changed.connect(self._changed)
        self.edited.opened.connect(self._opened)
        self.edited.leaving.connect(self.inspector.details.commit)
        self.edited.history_changed.connect(self.acts.check)
        self.edited.purged.connect(self.filmstrip.forget)
        self.edited.purged.connect(self.inspector.events.forget)
        self.steps.stepped.connect(self._stepped)
        self.steps.selectionModel().selectionChanged.connect(lambda *_: self.acts.check())
        self.model.moved.connect(self.hands.move)
        self.filmstrip.scrubbed.connect(self.go)
        self.inspector.worded.connect(self._worded)
        self.stage.picked.connect(self._picked)

    def _table(self) -> list[Act]:
        """What can be done here."""
        hands, edited = self.hands, self.edited

        def on_step() -> bool:
            return self.step is not None

        def typed() -> bool:
            action = self.step.action if self.step else None
            return isinstance(action, TypeText) and not action.secret

        def opened() -> bool:
            return edited.trajectory is not None

        return [
            Act("undo", "&Undo", edited.undo, lambda: edited.can_undo, "Ctrl+Z", "undo"),
            Act("redo", "&Redo", edited.redo, lambda: edited.can_redo, "Ctrl+Shift+Z", "redo"),
            Act("delete", "&Delete", lambda: hands.delete(self.steps.chosen), on_step, "Del", "trash"),
            Act("merge", "&Merge with the next", lambda: hands.merge(self.number), self._can_merge, "Ctrl+M", "merge"),
            Act("split", "Cut the text in t&wo…", lambda: hands.split(self.number), typed, "", "split"),
            Act("up", "Move &up", lambda: hands.move(self.number, self.number - 1), on_step, "Alt+Up", "up"),
            Act("down", "Move d&own", lambda: hands.move(self.number, self.number + 1), on_step, "Alt+Down", "down"),
            Act("retype", "Edit the &text…", lambda: hands.retype(self.number), typed, "F2", "edit"),
            Act("variable", "Make it a &variable…", lambda: hands.make_variable(self.number), typed, "", "tag"),
            Act("secret", "Make it a &secret…", lambda: hands.make_secret(self.number), typed, "", "lock"),
            Act("point", "Choose another &place", self.stage_picks, self._has_target, "Ctrl+P", "target"),
            Act("end", "Choose another destinat&ion", self._stage_picks_end, self._drags, "Ctrl+Shift+P", "target"),
            Act("wait", "&Wait after this step…", lambda: self._insert("wait"), opened, "", "clock"),
            Act("check", "&Check after this step…", lambda: self._insert("check"), opened, "", "check"),
            Act("note", "&Note above this step…", lambda: self._insert("note"), opened, "", "note"),
            Act("head", "&Title and task…", hands.head, opened, "", "edit"),
            Act("complete", "Com&plete…", self._complete, opened, "", "note"),
            Act("redact", "Take a text &out everywhere…", self._redact, opened, "", "minus"),
            Act("reviewed", "Mark as re&viewed", hands.trust, self._not_reviewed, "", "check"),
            Act("again", "Re&cord again from here…", self._record_again, on_step, "Ctrl+Shift+R", "record"),
            Act("replay", "Re&play", self._replay, on_step, "F5", "play"),
            Act("run", "&Run its task with a model", self._run, opened, "", "run"),
            Act("runs", "Compare run&s…", self._compare_runs, opened, "Ctrl+D", "compare"),
            Act("export", "E&xport…", self._export, opened, "Ctrl+E", "export"),
            Act("side", "Next picture", lambda: self.stage.turn(1), on_step, "Ctrl+Right"),
            Act("side back", "Picture before", lambda: self.stage.turn(-1), on_step, "Ctrl+Left"),
        ]

    def stage_picks(self) -> None:
        """Let the next click in the picture choose where the step acts."""
        self._ends = False
        self.stage.begin_picking()

    def _stage_picks_end(self) -> None:
        self._ends = True
        self.stage.begin_picking("Click on the place where the drag is to end. Escape leaves it as it is.")

    def _drags(self) -> bool:
        return self.step is not None and self.step.destination is not None

    def _insert(self, what: str) -> None:
        self.hands.insert(max(1, self.number) if what == "note" else self.number + 1, what)

    def _can_merge(self) -> bool:
        trajectory = self.edited.trajectory
        return trajectory is not None and merging.can_merge(trajectory, self.number)

    def _has_target(self) -> bool:
        return self.step is not None and self.step.target is not None

    def _not_reviewed(self) -> bool:
        trajectory = self.edited.trajectory
        return trajectory is not None and not trajectory.reviewed

    def _opened(self) -> None:
        self.inspector.events.forget()
        self.go(self._opening or 1)
        self._opening = None
        self.steps.setFocus()

    def _changed(self) -> None:
        trajectory = self.edited.trajectory
        self._layers.setCurrentIndex(0 if trajectory is None else 1)
        if trajectory is not None:
            self._show(trajectory)
        else:
            self.inspector.show_step(None)
        self.acts.check()

    def _show(self, trajectory: Trajectory) -> None:
        number = self._opening or self.number or 1
        self.head.show_trajectory(trajectory)
        self.model.show_steps(trajectory.steps)
        self.filmstrip.show_steps(trajectory.steps)
        self.go(number)
        self._stepped(self.number)

    def _stepped(self, number: int) -> None:
        trajectory = self.edited.trajectory
        steps = trajectory.steps if trajectory else ()
        self.filmstrip.mark(number)
        self.stage.show_step(steps, number)
        self.inspector.show_step(self.step)

    def _worded(self, step_id: str, description: str, thought: str) -> None:
        self.hands.word(step_id, description, thought)
        self.inspector.show_step(self.step)

    def _picked(self, point: Point) -> None:
        if self.step is not None:
            self.hands.point_at(self.step.id, point, ends=self._ends)

    def _complete(self) -> None:
        if self.edited.trajectory is not None:
            self.inspector.details.commit()
            self.completer.ask(self.edited.trajectory)

    def _redact(self) -> None:
        if self.edited.trajectory is not None:
            self.inspector.details.commit()
            self.redactor.ask(self.edited.trajectory)

    def _replay(self) -> None:
        if self.edited.trajectory is not None:
            self.inspector.details.commit()
            self.core.replay_wanted.emit(self.edited.trajectory.id)

    def _record_again(self) -> None:
        """From the current step to the end, or the steps that are chosen where there are several."""
        trajectory, chosen = self.edited.trajectory, self.steps.chosen
        if trajectory is None:
            return
        self.inspector.details.commit()
        first, last = (min(chosen), max(chosen)) if len(chosen) > 1 else (self.number, 0)
        self.core.record_again_wanted.emit(trajectory.id, first, last)

    def _run(self) -> None:
        if self.edited.trajectory is not None:
            self.core.run_wanted.emit(self.edited.trajectory.task or self.edited.trajectory.title)

    def _compare_runs(self) -> None:
        if self.edited.trajectory is not None:
            ask_runs(self.core, self, self.edited.trajectory)

    def _export(self) -> None:
        trajectory = self.edited.trajectory
        if trajectory is not None:
            self.inspector.details.commit()
            ask_export(self.core, self, trajectory.id, title=tidy(trajectory.title, 80))

    def export_to(self, path: Path) -> None:
        """Write the trajectory with its pictures and raw events into a bundle, unless something private is found."""
        trajectory = self.edited.trajectory
        if trajectory is not None:
            self.inspector.details.commit()
            ask_export(self.core, self, trajectory.id, title=tidy(trajectory.title, 80)).go(BUNDLE, path)
