"""Pictures for somebody who steps quickly: one read at a time, what is wanted now first, neighbours after it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from ui.qt.parts.pictures import Picture, Pictures
from workbench.errors import WorkbenchError
from workbench.trajectory import FrameId

Shown = Callable[[Picture], None]
Lost = Callable[[str], None]


class Feed(QObject):
    """Asks for pictures in turn. What was wanted before, and has not begun to be read, is not read any more."""

    def __init__(self, pictures: Pictures, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._wanted: tuple[FrameId, Shown, Lost] | None = None
        self._ahead: list[FrameId] = []
        self._reading = False

    def want(self, frame: FrameId, then: Shown, lost: Lost) -> None:
        """Have this shown, instead of what was wanted before; at once where it is at hand."""
        self._wanted = (frame, then, lost)
        self._next()

    def want_nothing(self) -> None:
        """What was wanted is not any more."""
        self._wanted = None
        self._ahead = []

    def ahead(self, frames: Sequence[FrameId]) -> None:
        """Read these too once nothing else is wanted, in this order."""
        self._ahead = list(frames)
        self._next()

    def _next(self) -> None:
        if self._reading:
            return
        if self._wanted is not None:
            frame = self._wanted[0]
        elif self._ahead:
            frame = self._ahead.pop(0)
        else:
            return
        self._reading = True
        self._pictures.ask(
            frame, lambda picture: self._arrived(frame, picture), failed=lambda error: self._failed(frame, error)
        )

    def _arrived(self, frame: FrameId, picture: Picture) -> None:
        self._reading = False
        if self._wanted is not None and self._wanted[0] == frame:
            _, then, _ = self._wanted
            self._wanted = None
            then(picture)
        self._next()

    def _failed(self, frame: FrameId, error: WorkbenchError) -> None:
        self._reading = False
        if self._wanted is not None and self._wanted[0] == frame:
            _, _, lost = self._wanted
            self._wanted = None
            lost(str(error))
        self._next()
