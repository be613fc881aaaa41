"""Recorded pictures as Qt paints them, read in the background and kept while they are likely to be looked at again."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from ui.qt.tasks import Failed, Tasks, is_gone
from workbench.geometry import Point
from workbench.trajectory import FrameId

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library

KEPT_BYTES = 256 * 1024 * 1024


class Picture:
    """A picture and the place of its top-left corner, in desktop pixels."""

    def __init__(self, image: QImage, origin: Point) -> None:
        self.image = image
        self.origin = origin


Shown = Callable[[Picture], None]


class Pictures:
    """The library's frames. `ask` calls back on the window's thread, at once where the picture is at hand."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._kept: OrderedDict[tuple[FrameId, int], Picture] = OrderedDict()
        self._bytes = 0

    def ask(self, frame: FrameId, then: Shown, *, width_px: int = 0, failed: Failed | None = None) -> None:
        """Have the frame shown, scaled down to a width unless that is 0. One that is lost goes to `failed`.

        Without `failed` that is told as a notice.
        """
        key = (frame, width_px)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            then(kept)
            return

        def arrived(picture: Picture) -> None:
            self._keep(key, picture)
            if not is_gone(then):
                then(picture)

        self._tasks.with_library(lambda library: _read(library, frame, width_px), arrived, failed)

    def forget(self) -> None:
        """Let go of all of them: frames were purged."""
        self._kept.clear()
        self._bytes = 0

    def _keep(self, key: tuple[FrameId, int], picture: Picture) -> None:
        if key not in self._kept:
            self._bytes += picture.image.sizeInBytes()
        self._kept[key] = picture
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _, old = self._kept.popitem(last=False)
            self._bytes -= old.image.sizeInBytes()


def _read(library: "Library", frame: FrameId, width_px: int) -> Picture:
    whole = picture_of(library.frames.load(frame))
    width, height = whole.image.width(), whole.image.height()
    if not width_px or width_px >= width:
        return whole
    size = QSize(width_px, max(1, height * width_px // width))
    mode = Qt.TransformationMode.SmoothTransformation
    return Picture(whole.image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode), whole.origin)


def picture_of(frame: "Frame") -> Picture:
    """A frame as Qt paints it."""
    height, width, _ = frame.pixels.shape
    image = QImage(frame.pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
    return Picture(image, frame.origin)
