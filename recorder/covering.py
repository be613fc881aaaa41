"""Where other windows stood in front of a target's window when its picture was taken: print there is not its own."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.geometry import Rect
from workbench.inputs import Sighting
from workbench.trajectory import FrameId, Step, Target, Window

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Covers:
    """By their frames what sightings tell of covered windows."""

    _told: dict[FrameId, list[tuple[Window, tuple[Rect, ...]]]] = field(default_factory=dict)

    def over(self, target: Target, frame: FrameId) -> tuple[Rect, ...]:
        """What was in front of the target's window in that frame, without what lets clicks on the target through."""
        told = self._told.get(frame, ())
        areas = [area for window, covered in told if _is(window, target.window) for area in covered]
        return tuple(area for area in areas if not area.contains(target.point))


def covers(sightings: Iterable[Sighting]) -> Covers:
    """What these sightings tell."""
    told: defaultdict[FrameId, list[tuple[Window, tuple[Rect, ...]]]] = defaultdict(list)
    for sighting in sightings:
        if sighting.frame is not None and sighting.window is not None and sighting.covered:
            told[sighting.frame].append((sighting.window, sighting.covered))
    return Covers(dict(told))


def covers_of(library: "Library", trajectory_id: str, steps: Sequence[Step]) -> Covers:
    """What the recordings tell that the steps of a trajectory come from, as far as they are still there."""
    recordings = dict.fromkeys(step.recorded_in or trajectory_id for step in steps)
    return covers(one for name in recordings if name in library for one in library.sightings(name))


def _is(seen: Window, window: Window | None) -> bool:
    """Whether it is the window that a step tells of, which has no handle any more."""
    return window is not None and (seen.app, seen.title, seen.bounds) == (window.app, window.title, window.bounds)
