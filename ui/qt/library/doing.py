"""What follows from a button, a menu or a key: another room, or a question and then work in the background."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.qt.core import Core
from ui.qt.exporting.dialog import ask_export
from ui.qt.library import dialogs
from ui.qt.library.deeds import Chosen
from ui.qt.library.entries import title
from ui.qt.library.work import LibraryWork


class Doing(QObject):
    """Carries out the deeds of the table. `open_wanted` has the trajectory to open."""

    open_wanted = Signal(object)

    def __init__(self, core: Core, work: LibraryWork, window: QWidget) -> None:
        super().__init__(window)
        self._core, self._work, self._window = core, work, window

    def do(self, deed: str, chosen: Chosen) -> None:
        """Do it, or go to the room that does."""
        one = chosen[0]
        match deed:
            case "open":
                self.open_wanted.emit(one)
            case "replay":
                self._core.replay_wanted.emit(one.id)
            case "run":
                self._core.run_wanted.emit(one.task or one.title)
            case "compare":
                self._core.comparison_wanted.emit(one.id, chosen[1].id)
            case "recover":
                self._work.recover()
            case _:
                self._ask(deed, chosen)

    def ask_files(self) -> None:
        """Ask for files, and import them."""
        dialogs.ask_files(self._window, self._work.take_in)

    def ask_folder(self) -> None:
        """Ask for a folder, and import what is in it."""
        dialogs.ask_folder(self._window, self._work.take_in)

    def _ask(self, deed: str, chosen: Chosen) -> None:
        one, window = chosen[0], self._window
        match deed:
            case "rename":
                dialogs.ask_title(window, one, lambda new: self._work.rename(one, new))
            case "tags":
                dialogs.ask_tags(window, chosen, lambda tags: self._retag(chosen, tags))
            case "export":
                ask_export(self._core, window, one.id, title=title(one))
            case "delete":
                self._work.with_losing(chosen, lambda losing: self._ask_deletion(chosen, losing))

    def _ask_deletion(self, chosen: Chosen, losing: Sequence[str]) -> None:
        dialogs.ask_deletion(self._window, chosen, losing, lambda: self._work.delete(chosen))

    def _retag(self, chosen: Chosen, tags: Sequence[str]) -> None:
        wanted = {tag.lower() for tag in tags}
        gone = [tag for tag in dialogs.common_tags(chosen) if tag.lower() not in wanted]
        for one in chosen:
            self._work.tag(one, add=tags, remove=gone)
