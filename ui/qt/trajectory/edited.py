"""The trajectory that is open: what it is now, how it came to be, and every change on its way to the library.

Changes are shown at once and saved in the background, in their order, each as one revision. Where saving one fails,
what the library has is shown again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.qt.core import Core
from workbench import editing
from workbench.errors import BadInputError, WorkbenchError
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

Change = Callable[[Trajectory], Trajectory]
"""A pure function; it raises `WorkbenchError` for what makes no sense."""


@dataclass(frozen=True)
class Line:
    """One revision in the history: `saved` is seconds since the epoch, `lost` says that it was undone."""

    number: int
    parent: int
    note: str
    saved: float
    lost: bool = False


class Edited(QObject):
    """One open trajectory. `changed` says that it is another now, `history_changed` that its revisions are.

    `purged` says that pictures and events that were read before must not be shown any more.
    """

    changed = Signal()
    history_changed = Signal()
    opened = Signal()
    purged = Signal()

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._unsaved = 0
        self._head = 0  # of the library's thread alone: the revision that the next change is made from
        self.trajectory: Trajectory | None = None
        self.history: tuple[Line, ...] = ()
        core.library_changed.connect(self._elsewhere)

    @property
    def can_undo(self) -> bool:
        """Whether there is a revision that the one shown was made from."""
        return bool(self.trajectory and (self._unsaved or self._line(self.trajectory.revision).parent))

    @property
    def can_redo(self) -> bool:
        """Whether there is a revision that was made from the one shown."""
        shown = self.trajectory.revision if self.trajectory else 0
        return not self._unsaved and any(line.parent == shown for line in self.history if shown)

    def open(self, identifier: str) -> None:
        """Read it from the library; `opened` says that it is here."""

        def arrived(trajectory: Trajectory) -> None:
            self._show(trajectory)
            self.opened.emit()
            self._read_history()

        self._core.tasks.with_library(lambda library: self._read(library, identifier), arrived)

    def close(self) -> None:
        """Nothing is open any more."""
        self.trajectory, self.history = None, ()
        self.changed.emit()

    def edit(self, change: Change, note: str) -> None:
        """Change it and save that as one revision; raises `WorkbenchError`, with nothing changed, if it cannot be."""
        if self.trajectory is None:
            return
        edited = change(self.trajectory)
        if edited != self.trajectory:
            self._show(edited)
            self._save(lambda library: library.revise(edited, note=note), checked=True)

    def undo(self) -> None:
        """Go back one revision."""
        self._move(lambda library, identifier: library.undo(identifier))

    def redo(self) -> None:
        """Go forward again."""
        self._move(lambda library, identifier: library.redo(identifier))

    def hide_text(self, number: int, name: str) -> None:
        """Let the step type a secret and take the text out of everything the library keeps; cannot be undone.

        Raises `WorkbenchError`, with nothing changed, where it makes no sense.
        """
        if self.trajectory is None:
            return
        shown = self.trajectory
        editing.with_secret(shown, number, name)

        def purge(library: "Library") -> Trajectory:
            from workbench.redaction import hide_typed_text

            hidden = hide_typed_text(library, shown, number)
            return library.revise(editing.with_secret(hidden, number, name), note="secret")

        def gone() -> None:
            self._core.pictures.forget()
            self.purged.emit()

        self._save(purge, checked=True, then=gone)

    def _move(self, go: "Callable[[Library, str], Trajectory]") -> None:
        if self.trajectory is not None:
            identifier = self.trajectory.id
            self._save(lambda library: go(library, identifier))

    def _save(
        self,
        save: "Callable[[Library], Trajectory]",
        *,
        checked: bool = False,
        then: Callable[[], None] | None = None,
    ) -> None:
        identifier = self.trajectory.id if self.trajectory else ""
        self._unsaved += 1

        def work(library: "Library") -> Trajectory:
            if checked and library.get(identifier).revision != self._head:
                raise BadInputError("the trajectory was changed elsewhere meanwhile; do it again on what is shown now")
            saved = save(library)
            self._head = saved.revision
            return saved

        def arrived(saved: Trajectory) -> None:
            if then is not None:
                then()
            self._saved(saved)

        self._core.tasks.with_library(work, arrived, self._failed)

    def _saved(self, saved: Trajectory) -> None:
        self._unsaved -= 1
        if self._unsaved or self.trajectory is None or self.trajectory.id != saved.id:
            return
        self._show(saved)
        self._read_history()
        self._core.library_changed.emit(saved.id)

    def _failed(self, error: WorkbenchError) -> None:
        self._unsaved -= 1
        self._core.notices.error(error)
        if self.trajectory is not None and not self._unsaved:
            self._reload()

    def _read(self, library: "Library", identifier: str) -> Trajectory:
        trajectory = library.get(identifier)
        self._head = trajectory.revision
        return trajectory

    def _reload(self) -> None:
        shown = self.trajectory
        if shown is None:
            return

        def arrived(trajectory: Trajectory) -> None:
            if self.trajectory is not None and self.trajectory.id == trajectory.id and not self._unsaved:
                self._show(trajectory)
                self._read_history()

        self._core.tasks.with_library(lambda library: self._read(library, shown.id), arrived)

    def _elsewhere(self, identifier: str) -> None:
        """Something else of the window has changed the library."""
        shown = self.trajectory
        if shown is None or self._unsaved or identifier not in ("", shown.id):
            return

        def look(library: "Library") -> int:
            return library.get(shown.id).revision if shown.id in library else 0

        def seen(revision: int) -> None:
            if self.trajectory is None or self.trajectory.id != shown.id:
                return
            if not revision:
                self.close()
            elif revision != self.trajectory.revision and not self._unsaved:
                self._reload()

        self._core.tasks.with_library(look, seen)

    def _show(self, trajectory: Trajectory) -> None:
        if self.trajectory is None or self.trajectory.id != trajectory.id:
            self.history = ()
        if trajectory != self.trajectory:
            self.trajectory = trajectory
            self.changed.emit()

    def _read_history(self) -> None:
        shown = self.trajectory
        if shown is None:
            return

        def arrived(lines: tuple[Line, ...]) -> None:
            if self.trajectory is not None and self.trajectory.id == shown.id:
                self.history = lines
                self.history_changed.emit()

        self._core.tasks.with_library(lambda library: _lines(library, shown), arrived)

    def _line(self, number: int) -> Line:
        return next((line for line in self.history if line.number == number), Line(number, number - 1, "", 0.0))


def _lines(library: "Library", shown: Trajectory) -> tuple[Line, ...]:
    lines = [Line(each.number, each.parent, each.note, each.saved) for each in library.history(shown.id)]
    kept = _ancestors(lines, shown.revision)
    return tuple(Line(line.number, line.parent, line.note, line.saved, line.number not in kept) for line in lines)


def _ancestors(lines: Sequence[Line], head: int) -> set[int]:
    """The revision and those that it was made from."""
    parents = {line.number: line.parent for line in lines}
    found: set[int] = set()
    while head and head not in found:
        found.add(head)
        head = parents.get(head, 0)
    return found
