"""Search as you type: one question at a time, and of those that wait only the newest."""

from PySide6.QtCore import QObject, Signal

from ui.qt.core import Core
from ui.qt.library.entries import Found, grouped
from workbench.errors import WorkbenchError

MOST_HITS = 200


class Search(QObject):
    """Asks the library in the background. `found` has the words and the lines; empty words find nothing."""

    found = Signal(str, object)

    def __init__(self, core: Core, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._words = ""
        self._answered: str | None = None
        self._asking = self._stale = False

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way."""
        return self._asking

    def ask(self, words: str) -> None:
        """Look for these words instead of the earlier ones; a blank more or less asks nothing new."""
        self._words = words.strip()
        if not self._asking and self._answered != self._words:
            self._begin()

    def again(self) -> None:
        """Look for the same words once more, in a library that is another now."""
        self._stale = self._asking
        if not self._asking:
            self._begin()

    def _begin(self) -> None:
        words, self._stale = self._words, False
        if not words:
            self._answered = ""
            self.found.emit("", [])
            return
        self._asking = True
        self._core.tasks.with_library(
            lambda library: grouped(library.search(words, limit=MOST_HITS)),
            lambda lines: self._arrived(words, lines),
            lambda error: self._refused(words, error),
        )

    def _arrived(self, words: str, lines: list[Found]) -> None:
        self._asking = False
        if words == self._words:
            self._answered = words
            self.found.emit(words, lines)
        if words != self._words or self._stale:
            self._begin()

    def _refused(self, words: str, error: WorkbenchError) -> None:
        self._asking, self._answered = False, None
        self._core.notices.error(error)
        if words != self._words:
            self._begin()
