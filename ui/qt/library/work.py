"""What the room does to the library, in the background; each change is told to everybody by `core.library_changed`."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.qt.core import Core
from ui.qt.library.entries import title
from ui.qt.library.intake import Came, ImportProgress, taken
from ui.qt.notices import Notice
from ui.qt.parts.remarks import show_remarks
from ui.recovering import recover
from workbench import editing
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.library.records import Summary
    from workbench.library.store import Library

_ABOUT_LIBRARY = "the library itself"

_MOST_ERRORS = 3
"""How many errors of one import are told; the others are counted."""


class LibraryWork(QObject):
    """`listed` has the entries, newest first, after `refresh`; where that fails the old ones stay."""

    listed = Signal(object)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._refreshing = self._again = False

    def refresh(self) -> None:
        """List anew; asked for while a list is on its way, once more after it."""
        self._again = self._refreshing
        if not self._refreshing:
            self._refreshing = True
            self._core.tasks.with_library(lambda library: library.summaries(), self._arrived, self._missed)

    def recover(self) -> None:
        """Complete what was cut short, say so, and list anew."""
        self._core.tasks.with_library(_recovered, self._tell_recovered, self._missed)

    def rename(self, entry: "Summary", new: str) -> None:
        """Give it another title, as a revision that can be undone."""
        self._change(entry.id, lambda library: _rename(library, entry.id, new))

    def tag(self, entry: "Summary", *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Give it tags and take some."""
        self._change(entry.id, lambda library: _tag(library, entry.id, add, remove))

    def with_losing(self, entries: Sequence["Summary"], then: Callable[[list[str]], None]) -> None:
        """Find the titles of the workflows that lose pictures when these are deleted; `then` gets them."""
        chosen = [entry.id for entry in entries]
        self._core.tasks.with_library(lambda library: library.losing_pictures(chosen), then)

    def delete(self, entries: Sequence["Summary"]) -> None:
        """Delete them for good, one after the other."""
        for entry in entries:
            self._core.tasks.with_library(_deleting(entry), lambda said: self._done(said[0], said[1]))

    def take_in(self, paths: Sequence[Path]) -> None:
        """Import files and folders, each recording whole or not at all; each failure is a notice of its own."""
        self._core.begins("import", "an import")
        parent = self.parent()
        progress = ImportProgress(self._core.tasks, parent if isinstance(parent, QWidget) else None)

        def work() -> Came:
            try:
                return taken(self._core.library_folder, paths, progress.told)
            finally:
                self._core.tasks.back(progress.end)
                self._core.tasks.back(lambda: self._core.ends("import"))

        self._core.tasks.aside(work, self._tell_taken)

    def _change(self, identifier: str, work: "Callable[[Library], object]") -> None:
        self._core.tasks.with_library(work, lambda _done: self._core.library_changed.emit(identifier))

    def _done(self, identifier: str, said: str) -> None:
        self._core.notices.info(said)
        self._core.library_changed.emit(identifier)

    def _arrived(self, entries: list["Summary"]) -> None:
        self._refreshing = False
        self.listed.emit(entries)
        if self._again:
            self.refresh()

    def _missed(self, error: WorkbenchError) -> None:
        self._refreshing = self._again = False
        self._core.notices.say(Notice(str(error), "error", about=_ABOUT_LIBRARY, action="Look again", act=self.refresh))

    def _tell_recovered(self, titles: list[str]) -> None:
        if titles:
            what = f"“{titles[0]}”" if len(titles) == 1 else f"{len(titles)} recordings and runs"
            self._core.notices.say(Notice(f"Recovered {what}, cut short when the program ended last time", "good"))
            self._core.library_changed.emit("")
        self.refresh()

    def _tell_taken(self, came: Came) -> None:
        titles, errors = came.titles, came.errors
        for error in errors[:_MOST_ERRORS]:
            self._core.notices.error(error)
        if len(errors) > _MOST_ERRORS:
            self._core.notices.say(Notice(f"{len(errors) - _MOST_ERRORS} more could not be imported", "error"))
        if titles:
            what = f"“{titles[0]}”" if len(titles) == 1 else f"{len(titles)} trajectories"
            self._core.notices.say(self._imported(what, came.remarks))
            self._core.library_changed.emit("")

    def _imported(self, what: str, remarks: Sequence[str]) -> Notice:
        notice = Notice(f"Imported {what}. Look through what came before you replay it.", "good")
        if remarks:
            many = "something was" if len(remarks) == 1 else f"{len(remarks)} things were"
            notice = Notice(f"Imported {what}: {many} left out or mended", "warning", action="Details")
            parent = self.parent()
            window = parent if isinstance(parent, QWidget) else None
            notice.act = lambda: show_remarks(window, "About the import", remarks)
        return notice


def _recovered(library: "Library") -> list[str]:
    return [library.get(one.trajectory).title for one in recover(library)]


def _rename(library: "Library", identifier: str, new: str) -> None:
    trajectory = library.get(identifier)
    library.revise(editing.with_heading(trajectory, title=new, task=trajectory.task), note="title")


def _tag(library: "Library", identifier: str, add: Sequence[str], remove: Sequence[str]) -> None:
    for tag in remove:
        library.untag(identifier, tag)
    for tag in add:
        library.tag(identifier, tag)


def _deleting(entry: "Summary") -> "Callable[[Library], tuple[str, str]]":
    def delete(library: "Library") -> tuple[str, str]:
        library.delete(entry.id)
        return entry.id, f"Deleted “{title(entry)}”"

    return delete
