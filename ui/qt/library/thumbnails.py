"""The small pictures of the list: the newest wish first, one at a time, so that a search never waits behind them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from ui.qt.parts.pictures import Picture, Pictures
from workbench.errors import WorkbenchError
from workbench.trajectory import FrameId

WIDTH_PX = 160

_MOST_WAITING = 16
"""More are never on the screen at once; older wishes are for rows that were scrolled away."""


class Thumbnails(QObject):
    """Pictures by frame. `of` gives what is at hand and asks for the rest; `arrived` says that some more are."""

    arrived = Signal()

    def __init__(self, pictures: Pictures, may_read: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures, self._may_read = pictures, may_read
        self._waiting: list[tuple[FrameId, int]] = []
        self._kept: dict[tuple[FrameId, int], QImage] = {}
        self._lost: set[FrameId] = set()
        self._reading = False

    def of(self, frame: FrameId, scale: float) -> QImage | None:
        """The picture for a screen of that scale, or None until it has arrived; one that is lost never does."""
        wish = (frame, round(WIDTH_PX * scale))
        found = self._kept.get(wish)
        if found is None and frame not in self._lost:
            self._wait_for(wish)
        return found

    def go_on(self) -> None:
        """Read the next one where none is being read and it may be."""
        if self._reading or not self._waiting or not self._may_read():
            return
        self._reading = True
        wish = self._waiting.pop()
        self._pictures.ask(
            wish[0],
            lambda picture: self._keep(wish, picture),
            width_px=wish[1],
            failed=lambda error: self._miss(wish[0], error),
        )

    def forget(self) -> None:
        """Ask anew for everything: frames may have been blurred, replaced or brought back."""
        self._kept.clear()
        self._lost.clear()

    def _wait_for(self, wish: tuple[FrameId, int]) -> None:
        if wish in self._waiting:
            self._waiting.remove(wish)
        self._waiting = [*self._waiting, wish][-_MOST_WAITING:]
        self.go_on()

    def _keep(self, wish: tuple[FrameId, int], picture: Picture) -> None:
        self._reading = False
        self._kept[wish] = picture.image
        while len(self._kept) > _MOST_WAITING * 16:
            del self._kept[next(iter(self._kept))]
        self.arrived.emit()
        self.go_on()

    def _miss(self, frame: FrameId, _error: WorkbenchError) -> None:
        """A picture that cannot be read stays an empty box; opening the trajectory says what is wrong with it."""
        self._reading = False
        self._lost.add(frame)
        self.go_on()
