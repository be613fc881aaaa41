"""Completing the open trajectory: who writes is asked, the work goes on beside the window, and can be stopped."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ui.orders.completing import completed, summary, writing_model
from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.parts.giving import library_at
from ui.qt.theme.dressing import look
from workbench.errors import StoppedError, WorkbenchError
from workbench.report.words import tidy
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from agents.completion.completing import Completed

_WIDTH_PX = 420
_BY_RULES = "Rules, at once and without a model"
_WORDS = (
    "Every step gets its meaning and a thought, and the whole gets chapters. What you wrote stays as it is, "
    "and undo takes all of it back."
)


class CompleteDialog(QDialog):
    """Asks who writes: rules, or one of the models."""

    def __init__(self, parent: QWidget, models: Sequence[str]) -> None:
        super().__init__(parent)
        self._who = QComboBox()
        self._who.addItem(_BY_RULES, "")
        for name in models:
            self._who.addItem(name, name)
        self._who.setAccessibleName("Who writes")
        self.setWindowTitle("Complete the steps")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH_PX)
        self._arrange()

    @property
    def model(self) -> str:
        """The model that was chosen; empty for the rules."""
        return str(self._who.currentData())

    def _arrange(self) -> None:
        words, label = QLabel(_WORDS), QLabel("&Who writes")
        words.setWordWrap(True)
        look(words, "faint")
        label.setBuddy(self._who)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Com&plete")
        look(buttons.button(QDialogButtonBox.StandardButton.Ok), "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (words, label, self._who, buttons):
            column.addWidget(widget)


class Completer(QObject):
    """Completes trajectories, each on a thread and a connection of its own; a notice says how far it is."""

    def __init__(self, core: Core, window: QWidget) -> None:
        super().__init__(window)
        self._core, self._window = core, window
        self._stops: dict[str, threading.Event] = {}
        core.stop_wanted.connect(self.stop)

    def ask(self, trajectory: Trajectory) -> None:
        """Ask who writes, then begin."""
        self._core.tasks.soon(_writers, lambda models: self._asked(trajectory, models))

    def stop(self) -> None:
        """End whatever goes on; nothing is changed by it."""
        for stop in self._stops.values():
            stop.set()

    def begin(self, trajectory: Trajectory, model: str) -> None:
        """Complete it behind the changes that are still being saved; nothing where that goes on already."""
        name = trajectory.id
        if name in self._stops:
            return
        stop = self._stops[name] = threading.Event()
        self._core.begins(f"completing {name}", "completing a trajectory")
        self._say(trajectory, "Completing", stop)

        def check() -> None:
            if stop.is_set():
                raise StoppedError("completing was stopped; nothing was changed")

        def told(done: int, of: int) -> None:
            self._core.tasks.back(lambda: self._say(trajectory, f"{done} of {of} steps completed of", stop))

        def work() -> "Completed":
            with library_at(self._core.library_folder) as library, writing_model(model, self._sends, check) as writer:
                return completed(library, name, model=writer, told=told, check=check)

        def begin(_: None) -> None:
            self._core.tasks.aside(
                work, lambda done: self._done(trajectory, done), lambda error: self._failed(trajectory, error)
            )

        self._core.tasks.with_library(lambda _: None, begin, lambda error: self._failed(trajectory, error))

    def _asked(self, trajectory: Trajectory, models: Sequence[str]) -> None:
        dialog = CompleteDialog(self._window, models)
        dialog.accepted.connect(lambda: self.begin(trajectory, dialog.model))
        dialog.open()

    def _say(self, trajectory: Trajectory, words: str, stop: threading.Event) -> None:
        if trajectory.id in self._stops and not stop.is_set():
            text = f"{words} “{tidy(trajectory.title)}” …"
            self._core.notices.say(Notice(text, about=_about(trajectory.id), action="Stop", act=stop.set))

    def _sends(self, words: str) -> None:
        """A server's model is told what was allowed for it; the notice says so once."""
        self._core.tasks.back(lambda: self._core.notices.say(Notice(words, about="sending")))

    def _done(self, trajectory: Trajectory, done: "Completed") -> None:
        self._end(trajectory.id)
        lost = f"; {len(done.refused)} answers of the model were not taken" if done.refused else ""
        text = f"“{tidy(trajectory.title)}” is complete: {summary(done)}{lost}"
        self._core.notices.say(Notice(text, "good", about=_about(trajectory.id)))
        self._core.library_changed.emit(trajectory.id)

    def _failed(self, trajectory: Trajectory, error: WorkbenchError) -> None:
        self._end(trajectory.id)
        notice = Notice(str(error), about=_about(trajectory.id))
        notice.weight = "info" if isinstance(error, StoppedError) else "error"
        self._core.notices.say(notice)

    def _end(self, name: str) -> None:
        self._stops.pop(name, None)
        self._core.ends(f"completing {name}")


def _about(name: str) -> str:
    return f"completing {name}"


def _writers() -> list[str]:
    """The models that can write sentences."""
    from agents.runtime.models.registry import Registry
    from ui.orders.completing import writers

    return writers(Registry.usual())
