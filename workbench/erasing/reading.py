"""Reading the pictures of a trajectory one after the other: what did not change since the last one is not read again.

Lines of text are as wide as they like, so that whole rows are read anew wherever something in them has changed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.geometry import Point, Rect

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.locate.ocr import Printed

PANE_PX = 1280
"""Wider pictures are read in panes of this width: beyond it small letters are lost."""

OVERLAP_PX = 320
"""How much of a pane the next one shows again, so that no word is cut in both."""

GROWN_PX = 48
"""How far around rows that changed is read: lines of text are no higher."""

Rows = tuple[int, int]
"""From this row of the desktop up to that one, which is outside."""


class Reader:
    """The text in pictures that follow each other; belongs to one thread."""

    def __init__(self) -> None:
        self._last: Frame | None = None
        self._lines: list[Printed] = []

    def lines(self, picture: "Frame") -> "list[Printed]":
        """The lines printed in the picture, in desktop pixels.

        Blocks for some seconds for a picture unlike the last one; raises `UnavailableError` without the models.
        """
        rows = _changed(self._last, picture)
        kept = [line for line in self._lines if not _touches(line.bounds, rows)] if self._last else []
        new = [line for band in rows for line in _read(picture, band) if _touches(line.bounds, rows)]
        self._last, self._lines = picture, [*kept, *new]
        return self._lines


def _changed(last: "Frame | None", now: "Frame") -> list[Rows]:
    """The rows in which the pictures differ, as stretches that are farther apart than is read around them."""
    area = now.bounds
    if last is None or last.bounds != area:
        return [(area.y, area.bottom)]
    differs = (last.pixels[..., :3] != now.pixels[..., :3]).any(axis=(1, 2))
    found: list[Rows] = []
    for row in map(int, differs.nonzero()[0]):
        at = area.y + row
        if found and at - found[-1][1] <= 2 * GROWN_PX:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def _touches(bounds: Rect, rows: list[Rows]) -> bool:
    return any(bounds.y < bottom and bounds.bottom > top for top, bottom in rows)


def _read(picture: "Frame", rows: Rows) -> "Iterator[Printed]":
    from workbench.locate.ocr import read_text

    area, (top, bottom) = picture.bounds, rows
    band = Rect(area.x, top - GROWN_PX, area.width, bottom - top + 2 * GROWN_PX).intersection(area)
    for pane in _panes(band) if band else ():
        yield from read_text(picture.crop(pane), Point(pane.x, pane.y))


def _panes(band: Rect) -> Iterator[Rect]:
    left = band.x
    while True:
        yield Rect(left, band.y, min(PANE_PX, band.right - left), band.height)
        if left + PANE_PX >= band.right:
            return
        left += PANE_PX - OVERLAP_PX
