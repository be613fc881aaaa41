"""Taking a text out of everything kept of the open trajectory: looked for beside the window, asked about, then done."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from ui.qt.core import Core
from ui.qt.notices import Notice
from ui.qt.parts.giving import library_at
from ui.qt.trajectory.forms import Answers, Field, Form
from workbench.errors import BadInputError, StoppedError, WorkbenchError
from workbench.redaction import SHORTEST_TEXT
from workbench.report.words import tidy
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.erasing.text import Found

_WORDS = (
    "The text leaves every revision, event, run and picture of this trajectory, and what was learned from it. You are "
    "told first where it stands; reading the pictures takes some seconds each."
)
_FOR_GOOD = "Undo cannot bring it back. Its places in the pictures are painted over."


class Redactor(QObject):
    """Looks for one text at a time, and takes it out once a person agrees; notices say how far it is."""

    def __init__(self, core: Core, window: QWidget) -> None:
        super().__init__(window)
        self._core, self._window = core, window
        self._stop: threading.Event | None = None
        core.stop_wanted.connect(self.stop)

    def ask(self, trajectory: Trajectory) -> None:
        """Ask for the text."""

        def done(answers: Answers) -> None:
            if len(answers["text"].strip()) < SHORTEST_TEXT:
                raise BadInputError(f"write at least {SHORTEST_TEXT} characters: less occurs in too much else")
            self.begin(trajectory, answers["text"])

        Form(self._window, "Take a text out everywhere", [Field("text", "&Text")], done, words=_WORDS).open()

    def stop(self) -> None:
        """End the look; nothing is changed by it."""
        if self._stop is not None:
            self._stop.set()

    def begin(self, trajectory: Trajectory, text: str) -> None:
        """Look for the text behind the changes that are still being saved.

        Raises `BadInputError` while another text is being looked for.
        """
        if self._stop is not None:
            raise BadInputError("another text is being looked for; wait until it is found, or stop that")
        stop = self._stop = threading.Event()

        def told(done: int, of: int) -> None:
            if stop.is_set():
                raise StoppedError("looking for the text was stopped; nothing was changed")
            self._core.tasks.back(lambda: self._say(trajectory, f"{done} of {of} pictures looked at of", stop))

        def work() -> "Found":
            from workbench.erasing.text import look

            with library_at(self._core.library_folder) as library:
                return look(library, trajectory.id, text, told=told)

        self._run(trajectory, work, lambda found: self._found(trajectory, found))
        self._say(trajectory, "Looking for the text in", stop)

    def _found(self, trajectory: Trajectory, found: "Found") -> None:
        self._end(trajectory)
        for notice in [each for each in self._core.notices.shown if each.about == _about(trajectory)]:
            self._core.notices.dismiss(notice)
        if not found.anywhere:
            words = (
                "The text is written nowhere in what is kept of it, and shown in no picture; check how it is written."
            )
            self._core.notices.say(Notice(words, "warning", about=_about(trajectory)))
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Take the text out for good")
        box.setText(f"The text stands in {found.sentence}.")
        box.setInformativeText(_FOR_GOOD)
        out = box.addButton("Take it out", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Leave it", QMessageBox.ButtonRole.RejectRole))
        out.clicked.connect(lambda: self._erase(trajectory, found))
        box.open()

    def _erase(self, trajectory: Trajectory, found: "Found") -> None:
        if self._stop is not None:
            self._core.notices.say(Notice("Another text is being looked for; do it again then.", "warning"))
            return
        self._stop = threading.Event()

        def work() -> int:
            from workbench.erasing.text import erase

            with library_at(self._core.library_folder) as library:
                return erase(library, found, trajectory.id)

        self._run(trajectory, work, lambda _records: self._erased(trajectory))

    def _erased(self, trajectory: Trajectory) -> None:
        self._end(trajectory)
        self._core.pictures.forget()
        text = f"The text is gone from all that is kept of “{tidy(trajectory.title)}”"
        self._core.notices.say(Notice(text, "good", about=_about(trajectory)))
        self._core.library_changed.emit(trajectory.id)

    def _run(self, trajectory: Trajectory, work: Callable[[], object], then: Callable[..., None]) -> None:
        """Do it beside the window, once what was changed before is saved; closing the window asks meanwhile."""
        self._core.begins(_about(trajectory), "taking a text out of a trajectory")

        def failed(error: WorkbenchError) -> None:
            self._failed(trajectory, error)

        self._core.tasks.with_library(lambda _: None, lambda _: self._core.tasks.aside(work, then, failed), failed)

    def _say(self, trajectory: Trajectory, words: str, stop: threading.Event) -> None:
        if self._stop is stop and not stop.is_set():
            text = f"{words} “{tidy(trajectory.title)}” …"
            self._core.notices.say(Notice(text, about=_about(trajectory), action="Stop", act=stop.set))

    def _failed(self, trajectory: Trajectory, error: WorkbenchError) -> None:
        self._end(trajectory)
        notice = Notice(str(error), about=_about(trajectory))
        notice.weight = "info" if isinstance(error, StoppedError) else "error"
        self._core.notices.say(notice)

    def _end(self, trajectory: Trajectory) -> None:
        self._stop = None
        self._core.ends(_about(trajectory))


def _about(trajectory: Trajectory) -> str:
    return f"erasing {trajectory.id}"
