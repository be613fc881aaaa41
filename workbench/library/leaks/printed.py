"""The text that pictures show, each read once; of one that differs a little from the one before, only that part."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.geometry import Point, Rect, around
from workbench.library.leaks.leak import Stretch
from workbench.trajectory import FrameId, Step, Trajectory

if TYPE_CHECKING:
    import numpy as np

    from workbench.desktop.ports import Frame, Pixels
    from workbench.locate.ocr import Printed

_APART_PX = 40
"""Changed rows closer to each other than this are read together."""

_AROUND_PX = 14
"""How much above and below a change is read with it: a line of text may have changed in its middle."""

_MOST_CHANGED = 0.6
"""From this part of the height on all is read again."""

_SLACK = 4
"""Bounds of readings include background: a quarter of their height at each side."""


@dataclass(frozen=True)
class Row:
    """What stands side by side: one text, made of readings with a space between; `parts` says which is where."""

    text: str
    parts: tuple[tuple[int, int, Rect], ...]

    def bounds(self, stretch: Stretch) -> Rect:
        """The region that shows a part of the text: whole readings, for letters are of different widths."""
        start, end = stretch
        return around(*(at for first, last, at in self.parts if first < end and start < last))


def frames_with_steps(trajectories: Sequence[Trajectory]) -> Iterator[tuple[FrameId, Trajectory, int]]:
    """Every picture once, in the order of steps, with the trajectory and the number of the step that shows it first."""
    seen: set[FrameId] = set()
    for trajectory in trajectories:
        for number, step in enumerate(trajectory.steps, 1):
            for frame in _frames(step):
                if frame not in seen:
                    seen.add(frame)
                    yield frame, trajectory, number


def rows(lines: "Sequence[Printed]") -> list[Row]:
    """Readings put together where they stand side by side, from top to bottom."""
    found: list[list[Printed]] = []
    for line in sorted(lines, key=lambda one: (one.bounds.centre.y, one.bounds.x)):
        row = next((row for row in reversed(found[-6:]) if _beside(row[-1].bounds, line.bounds)), None)
        if row is None:
            found.append([line])
        else:
            row.append(line)
    return [_row(sorted(row, key=lambda one: one.bounds.x)) for row in found]


class Reader:
    """Reads pictures that follow each other; `read_text` reads pixels whose top-left stands at a point."""

    def __init__(self, read_text: "Callable[[Pixels, Point], list[Printed]]") -> None:
        self._read_text = read_text
        self._last: Frame | None = None
        self._lines: list[Printed] = []

    def read(self, frame: "Frame") -> list[Row]:
        """What the picture shows."""
        bands = self._bands(frame)
        if bands is None:
            self._lines = self._read_text(frame.pixels, frame.origin)
        else:
            kept = [line for line in self._lines if not any(_touches(line.bounds, band) for band in bands)]
            self._lines = kept + [line for band in bands for line in self._read_band(frame, band)]
        self._last = frame
        return rows(self._lines)

    def _read_band(self, frame: "Frame", band: Rect) -> "list[Printed]":
        return self._read_text(frame.crop(band), Point(band.x, band.y))

    def _bands(self, frame: "Frame") -> list[Rect] | None:
        """The strips that must be read again; None for all of it."""
        import numpy as np

        last = self._last
        if last is None or last.bounds != frame.bounds:
            return None
        differs = (last.pixels[..., :3] != frame.pixels[..., :3]).any(axis=(1, 2))
        grown = [self._with_lines(band, frame) for band in _strips(np.flatnonzero(differs), frame)]
        bands = _united(grown)
        return None if sum(band.height for band in bands) > _MOST_CHANGED * frame.bounds.height else bands

    def _with_lines(self, band: Rect, frame: "Frame") -> Rect:
        """The strip, so high that it has all lines of text whole that it touches."""
        for line in self._lines:
            if _touches(line.bounds, band):
                band = around(band, Rect(band.x, line.bounds.y, band.width, line.bounds.height))
        return band.intersection(frame.bounds) or band


def _frames(step: Step) -> Iterator[FrameId]:
    crops = [target.crop.frame for target in (step.target, step.destination) if target and target.crop]
    for frame in (step.observation.frame, *crops, step.outcome.frame):
        if frame:
            yield frame


def _strips(changed: "np.ndarray[tuple[int], np.dtype[np.intp]]", frame: "Frame") -> list[Rect]:
    """Rows of pixels as strips across the whole picture."""
    bounds, found = frame.bounds, []
    start = last = -1
    for row in [*map(int, changed), -1]:
        if last >= 0 and (row < 0 or row - last > _APART_PX):
            found.append(Rect(bounds.x, bounds.y + start - _AROUND_PX, bounds.width, last - start + 1 + 2 * _AROUND_PX))
            start = -1
        start = row if start < 0 else start
        last = row
    return found


def _united(bands: Sequence[Rect]) -> list[Rect]:
    """Strips that overlap made one."""
    found: list[Rect] = []
    for band in sorted(bands, key=lambda one: one.y):
        if found and band.y <= found[-1].bottom:
            found[-1] = around(found[-1], band)
        else:
            found.append(band)
    return found


def _touches(line: Rect, band: Rect) -> bool:
    slack = line.height // _SLACK
    return line.y + slack < band.bottom and band.y < line.bottom - slack


def _beside(one: Rect, other: Rect) -> bool:
    """Whether the second goes on where the first ends."""
    height = min(one.height, other.height)
    level = abs(one.centre.y - other.centre.y) <= height // 3
    return level and -height <= other.x - one.right <= height


def _row(lines: "Sequence[Printed]") -> Row:
    text, parts = "", []
    for line in lines:
        start = len(text) + (1 if text else 0)
        text = f"{text} {line.text}" if text else line.text
        parts.append((start, len(text), line.bounds))
    return Row(text, tuple(parts))
