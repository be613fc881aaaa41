"""What `make pictures` draws: a window without a screen, brought to each of its views."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QDialog, QWidget

    from ui.qt.replay.room import ReplayRoom
    from ui.qt.run.room import RunRoom
    from workbench.library.records import Summary
    from workbench.library.store import Library
    from workbench.settings_sections import Theme
    from workbench.trajectory import Step, Trajectory

T = TypeVar("T")

DESKTOP = "1280x800"
PATIENCE_S = 300.0
QUIET_S = 0.6
"""A view is ready when nothing was read in the background for this long."""

TASK = 'type "Hello from a small model", then open the Edit menu, then click Select All'
ADDRESS, OLD_NAME, TYPED = "jane.doe@example.org", "Total", "*3"
"""Examples: what an export finds, what the button of a replay that asks was called, what a copy of it types."""
COLOURS, EXACT = 256, 160
"""So many are enough for a window and its icons, and the pictures take a third of the room."""


class Drawing:
    """A window without a screen, and pictures of what it shows."""

    def __init__(
        self, application: "QApplication", folder: Path, theme: "Theme", end: str, *, size: tuple[int, int]
    ) -> None:
        from ui.qt.theme.dressing import Dress

        self._application, self._folder, self._end, self._size = application, folder, f"-{theme}{end}", size
        self._dress = Dress(application, theme)
        self._busy = 0

    def open(self, library: Path) -> None:
        """Open a window on this library."""
        from PySide6.QtCore import QSettings

        from ui.qt.core import Core
        from ui.qt.window import MainWindow

        self._state = QSettings(str(library.parent / "state.ini"), QSettings.Format.IniFormat)
        self._core = Core(self._dress, library)
        self._core.tasks.busy.connect(self._count)
        self._window = MainWindow(self._core, self._state)
        self._window.resize(*self._size)
        self._window.show()

    def close(self) -> None:
        """Put the window away."""
        self._window.hide()
        self._core.close()
        self._busy = 0

    def room(self, name: str, picture: str = "") -> None:
        """Draw the room of that name."""
        self._window.go(name)
        self._keep(picture or name)

    def rooms(self) -> None:
        """Draw the rooms of the rail; in the library something is chosen."""
        from PySide6.QtWidgets import QListView

        from ui.qt.window import RAIL

        self._window.go("library")
        self._quiet()
        shelf = self._window.go("library").findChild(QListView)
        assert shelf is not None
        shelf.setCurrentIndex(shelf.model().index(0, 0))
        for name in RAIL:
            self.room(name)

    def trajectories(self) -> None:
        """Draw a recording as a trajectory, and beside another one."""
        other = next(each for each in self._summaries() if each.source != "human")
        self._core.trajectory_wanted.emit(self._recorded(), 3)
        self._keep("trajectory")
        self._core.comparison_wanted.emit(self._recorded(), other.id)
        self._keep("comparison")

    def recording(self) -> None:
        """Draw what is there before a recording, the pill that floats during one, and the review afterwards."""
        from recorder.options import Counters
        from ui.qt.recording.reviewing import Glance
        from ui.qt.recording.room import RecordingRoom
        from ui.qt.recording.standing import Standing

        room = self._window.go("recording")
        assert isinstance(room, RecordingRoom)
        self._keep("recording")
        room.pill.show_standing(Standing(Counters(seconds=83), Glance(steps=7, hidden=1)))
        room.pill.show()
        self._keep("pill", room.pill)
        room.pill.hide()
        self._core.record_again_wanted.emit(self._recorded(), 6, 7)
        self._keep("again")
        room.open(self._recorded())
        self._keep("review")

    def dialogs(self) -> None:
        """Draw what the window says of itself."""
        from ui.qt.about import AboutDialog
        from ui.qt.models.adding import AddDialog
        from ui.qt.tour import Tour

        for name, dialog in (
            ("tour", Tour(self._core, self._state, self._window)),
            ("about", AboutDialog(self._core, self._window, "about")),
            ("shortcuts", AboutDialog(self._core, self._window, "shortcuts")),
            ("add-model", AddDialog(self._core, self._window)),
        ):
            self._dialog(name, dialog)

    def export(self) -> None:
        """Draw the export dialog: the choice, and what is found before anything leaves."""
        from msgspec.structs import replace

        from ui.qt.exporting.dialog import ExportDialog

        recorded = self._of(self._recorded())
        task = f"{recorded.task}, and send the result to {ADDRESS}"
        self._library(lambda library: library.revise(replace(recorded, task=task), note="who gets the result"))
        dialog = ExportDialog(self._core, self._window, recorded.id, title=recorded.title)
        dialog.choice.path.setText("~/add-two-numbers.trajectory")
        dialog.open()
        self._keep("export", dialog)
        dialog.choice.path.setText(str(self._core.library_folder.parent / "never-written.trajectory"))
        dialog.go_on.click()
        self._until(lambda: dialog.findings.isVisible(), "what the export finds")
        self._keep("findings", dialog)
        dialog.close()

    def lessons(self) -> None:
        """Draw workflows, one of them learned from the recording and a copy of it that types something else."""
        from msgspec.structs import replace

        from ui.orders.learning import propose
        from workbench.actions import TypeText
        from workbench.editing import with_text

        recorded = self._of(self._recorded())
        typing = next(at for at, step in enumerate(recorded.steps, 1) if isinstance(step.action, TypeText))
        copied = with_text(recorded, typing, TYPED)
        self._library(lambda library: library.save(replace(copied, id=library.new_id(), revision=0, purges=0)))
        self._library(lambda library: propose(library, lambda _line: None))
        self._window.go("experience").open("workflows")
        self.room("experience", "workflows")

    def drift(self) -> None:
        """Draw a replay that asks where a step goes, since the recorded button is called otherwise today."""
        from msgspec.structs import replace

        from ui.qt.replay.room import ReplayRoom

        recorded = self._of(self._recorded())
        self._library(lambda library: library.revise(replace(recorded, steps=_renamed(recorded)), note="renamed"))
        self._core.replay_wanted.emit(recorded.id)
        self._quiet()
        room = self._window.go("replay")
        assert isinstance(room, ReplayRoom)
        self._set_up(room)
        room.controls.dry.setChecked(False)
        room.form.approve.setCurrentText("Approve everything")
        room.form.drift.setCurrentText("Ask me for the place")
        room.controls.actions_by_name["run"].trigger()
        self._until(lambda: room.debugger.state == "asking", "a question about a place")
        room.pictures.close_up.setChecked(True)
        self._keep("drift")
        room.debugger.stop()
        self._until(lambda: not room.debugger.busy, "the end of the replay")

    def rehearsal(self) -> None:
        """Draw a replay before it begins, and after a rehearsal of all its steps."""
        from ui.qt.replay.room import ReplayRoom

        self._core.replay_wanted.emit(self._recorded())
        self._keep("replay")
        room = self._window.go("replay")
        assert isinstance(room, ReplayRoom)
        self._rehearse(room)
        self._keep("rehearsal")

    def run(self) -> None:
        """Draw a run of the built-in model that waits for approval of its second step, and the approval bar."""
        from ui.orders.agent import Wish
        from ui.qt.run.room import RunRoom

        room = self._window.go("run")
        assert isinstance(room, RunRoom)
        about = {"model": "built-in", "exemplars": "none", "approve": "ask", "size": DESKTOP}
        room.begin(Wish(task=TASK, applications=("mousepad",), **about))  # type: ignore[arg-type]  # as the fields are
        self._asks(room, 1)
        room.helm.approve()
        self._asks(room, 2)
        self._keep("approval")
        room.bar.set_wanted(wanted=True)
        self._keep("approval-bar", room.bar)
        room.helm.stop()
        self._until(lambda: not room.helm.running, "the end of the run")
        room.bar.set_wanted(wanted=False)

    def _set_up(self, room: "ReplayRoom") -> None:
        room.form.private_size.setText(DESKTOP)
        room.form.applications.setPlainText("galculator")

    def _rehearse(self, room: "ReplayRoom") -> None:
        self._set_up(room)
        room.controls.dry.setChecked(True)
        room.controls.actions_by_name["run"].trigger()
        self._until(lambda: room.debugger.busy, "the rehearsal")
        self._until(lambda: not room.debugger.busy, "the end of the rehearsal")
        room.list.choose(3)
        room.pictures.close_up.setChecked(True)

    def _asks(self, room: "RunRoom", index: int) -> None:
        self._until(
            lambda: room.helm.waiting is not None and room.helm.waiting.index == index, f"a question about step {index}"
        )

    def _summaries(self) -> "list[Summary]":
        return self._library(lambda library: library.summaries())

    def _of(self, identifier: str) -> "Trajectory":
        return self._library(lambda library: library.get(identifier))

    def _library(self, work: "Callable[[Library], T]") -> "T":
        return self._core.tasks.with_library(work).result()

    def _recorded(self) -> str:
        return next(each.id for each in self._summaries() if each.source == "human")

    def _dialog(self, name: str, dialog: "QDialog") -> None:
        dialog.open()
        self._keep(name, dialog)
        dialog.close()

    def _keep(self, name: str, widget: "QWidget | None" = None) -> None:
        """Store a picture of the widget, or of the whole window, once nothing is left to be read."""
        self._quiet()
        file = self._folder / f"{name}{self._end}.png"
        (widget or self._window).grab().save(str(file))
        _slim(file)

    def _quiet(self) -> None:
        end, quiet = time.monotonic() + PATIENCE_S, time.monotonic()
        while time.monotonic() < min(end, quiet + QUIET_S):
            self._application.processEvents()
            if self._busy:
                quiet = time.monotonic()
            time.sleep(0.01)

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                said = "; ".join(notice.text for notice in self._core.notices.shown)
                raise SystemExit(f"{what} did not come within {PATIENCE_S:g} s. {said}")
            self._application.processEvents()
            time.sleep(0.01)

    def _count(self, busy: int) -> None:
        self._busy = busy


def _renamed(recorded: "Trajectory") -> "tuple[Step, ...]":
    """The steps, the last click being on a control that once had another name."""
    from msgspec.structs import replace

    from workbench.actions import Click

    steps = list(recorded.steps)
    at = max(number for number, step in enumerate(steps) if isinstance(step.action, Click))
    target = steps[at].target
    assert target is not None
    assert target.element is not None
    steps[at] = replace(steps[at], target=replace(target, element=replace(target.element, name=OLD_NAME), text=None))
    return tuple(steps)


def _slim(file: Path) -> None:
    """Store the picture again with few colours: the most frequent ones as they are, the others as near as can be."""
    import numpy as np
    from PIL import Image

    with Image.open(file) as opened:
        pixels = np.asarray(opened.convert("RGBA"))
    flat = pixels.view(np.uint32).ravel()
    packed, times = np.unique(flat, return_counts=True)
    every, order = packed.view(np.uint8).reshape(-1, 4)[:, :3], np.argsort(-times)
    kept, rest = every[order[:EXACT]], every[order[EXACT:]]
    if len(rest):
        near = Image.fromarray(rest.reshape(1, -1, 3)).quantize(COLOURS - EXACT).getpalette() or []
        kept = np.concatenate([kept, np.array(near, np.uint8).reshape(-1, 3)[: COLOURS - EXACT]])
    away = (kept.astype(np.float32) ** 2).sum(1) - 2 * every.astype(np.float32) @ kept.T.astype(np.float32)
    few = Image.fromarray(away.argmin(1).astype(np.uint8)[np.searchsorted(packed, flat)].reshape(pixels.shape[:2]), "P")
    few.putpalette(kept.tobytes())
    few.save(file, optimize=True)
