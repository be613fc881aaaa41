"""The trajectory that is open: what it is now, how it came to be, and every change on its way to the library.

Changes are shown at once and saved in the background, in their order, each as one revision. Where saving one fails,
what the library has is shown again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from ui.qt.core import Core
from workbench import editing, redaction
from workbench.errors import BadInputError, WorkbenchError
from workbench.library.revisions import OF_ITSELF, Origins
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

    `leaving` comes just before another trajectory takes its place: what is still being written is told now or never.
    `purged` says that pictures and events that were read before must not be shown any more.
    """

    changed = Signal()
    history_changed = Signal()
    opened = Signal()
    leaving = Signal()
    purged = Signal()

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._unsaved_of: Counter[str] = Counter()
        # of the library's thread alone: digests of what the next change of each trajectory is made from
        self._heads: dict[str, bytes] = {}
        self.trajectory: Trajectory | None = None
        self.history: tuple[Line, ...] = ()
        core.library_changed.connect(self._elsewhere)

    @property
    def can_undo(self) -> bool:
        """Whether somebody has edited what is shown."""
        return bool(self.trajectory and (self._unsaved or self._edit(self.trajectory.revision).parent))

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit of the revision shown."""
        shown = self.trajectory.revision if self.trajectory else 0
        origins = Origins((line.number, line.parent, line.note) for line in self.history)
        return bool(shown and not self._unsaved and origins.edit_after(shown))

    @property
    def _unsaved(self) -> int:
        """How many changes of the one shown are on their way."""
        return self._unsaved_of[self.trajectory.id] if self.trajectory else 0

    def open(self, identifier: str) -> None:
        """Read it from the library; `opened` says that it is here."""

        def arrived(trajectory: Trajectory) -> None:
            if self.trajectory is not None and self.trajectory.id != trajectory.id:
                self.leaving.emit()
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
        """Take back the last edit."""
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
            return redaction.into_secret(library, shown, number, name=name)

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
        self._unsaved_of[identifier] += 1

        def work(library: "Library") -> Trajectory:
            if checked and _digest(library.get(identifier)) != self._heads.get(identifier):
                raise BadInputError("the trajectory was changed elsewhere meanwhile; do it again on what is shown now")
            saved = save(library)
            self._heads[identifier] = _digest(library.get(identifier))
            return saved

        def arrived(saved: Trajectory) -> None:
            if then is not None:
                then()
            self._saved(saved)

        self._core.tasks.with_library(work, arrived, lambda error: self._failed(identifier, error))

    def _saved(self, saved: Trajectory) -> None:
        self._unsaved_of[saved.id] -= 1
        if self._unsaved_of[saved.id]:
            return
        if self.trajectory is not None and self.trajectory.id == saved.id:
            self._show(saved)
            self._read_history()
        self._core.library_changed.emit(saved.id)

    def _failed(self, identifier: str, error: WorkbenchError) -> None:
        self._unsaved_of[identifier] -= 1
        self._core.notices.error(error)
        if self.trajectory is not None and self.trajectory.id == identifier and not self._unsaved:
            self._reload()

    def _read(self, library: "Library", identifier: str) -> Trajectory:
        trajectory = library.get(identifier)
        self._heads[identifier] = _digest(trajectory)
        return trajectory

    def _reload(self) -> None:
        shown = self.trajectory
        if shown is None:
            return

        def arrived(trajectory: Trajectory) -> None:
            if self.trajectory is None or self.trajectory.id != trajectory.id or self._unsaved:
                return
            purged = trajectory.revision == self.trajectory.revision and trajectory != self.trajectory
            self._show(trajectory)
            self._read_history()
            if purged:
                self.purged.emit()

        self._core.tasks.with_library(lambda library: self._read(library, shown.id), arrived)

    def _elsewhere(self, identifier: str) -> None:
        """Something else of the window has changed the library."""
        shown = self.trajectory
        if shown is None or self._unsaved or identifier not in ("", shown.id):
            return

        def look(library: "Library") -> Trajectory | None:
            return library.get(shown.id) if shown.id in library else None

        def seen(now: Trajectory | None) -> None:
            if self.trajectory is None or self.trajectory.id != shown.id:
                return
            if now is None:
                self.close()
            elif now != self.trajectory and not self._unsaved:
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

    def _edit(self, number: int) -> Line:
        """The last of that revision and those before it which somebody asked for."""
        line = self._line(number)
        while line.parent and line.note == OF_ITSELF:
            line = self._line(line.parent)
        return line

    def _line(self, number: int) -> Line:
        return next((line for line in self.history if line.number == number), Line(number, number - 1, "", 0.0))


def _digest(trajectory: Trajectory) -> bytes:
    """Tells what a purge left of a revision from what it was, which have the same number."""
    return blake2b(msgspec.json.encode(trajectory), digest_size=16).digest()


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
