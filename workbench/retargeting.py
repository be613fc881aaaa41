"""Pointing at another place in the picture that a step was recorded with: the witnesses of the new target.

The element is one that the recording knows at that place, in that picture; crop and text are made anew from the
pixels. What is not known of the new place is left out, and said.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.trajectory import Element, FrameId, Step, Target, Trajectory, Window

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.inputs import Sighting


@dataclass(frozen=True)
class Known:
    """What a recording knows of one picture: the elements that were seen in it, and the window of the step."""

    frame: FrameId
    elements: tuple[Element, ...] = ()
    window: Window | None = None


def frame_of(step: Step) -> FrameId:
    """The picture in which a step's place can be pointed at; raises `BadInputError` where there is none."""
    crop = step.target.crop if step.target else None
    frame = step.observation.frame or (crop.frame if crop else None)
    if frame is None:
        raise BadInputError("there is no picture of this step to point into; record it again")
    return frame


def known_in(trajectory: Trajectory, step: Step, sightings: Iterable["Sighting"] = ()) -> Known:
    """What the trajectory's steps and the recording's sightings tell of the step's picture."""
    frame = frame_of(step)
    elements = dict.fromkeys([*_of_steps(trajectory, frame), *_of_sightings(sightings, frame)])
    window = (step.target.window if step.target else None) or step.observation.window
    return Known(frame, tuple(elements), window)


def element_at(known: Known, point: Point) -> Element | None:
    """The smallest known element there."""
    there = [element for element in known.elements if element.bounds.contains(point)]
    return min(there, key=lambda element: element.bounds.area, default=None)


def target_at(known: Known, point: Point, picture: "Frame") -> Target:
    """The target at that point of the picture, with every witness that can be made. Blocks for some 0.2 s."""
    from workbench.locate.witness import add_text, build_target

    if not picture.bounds.contains(point):
        raise BadInputError("that place is outside the picture; choose one inside")
    element, window = element_at(known, point), _window_at(known, point)
    bare = build_target(point=point, frame=picture, frame_id=known.frame, window=window, element=element)
    return add_text(bare, picture)


def told(old: Target | None, new: Target, *, does: str = "acts") -> str:
    """What became of each witness, in a sentence; `does` is what the step does at the new place."""
    kept = [name for name, witness in _witnesses(new) if witness is not None]
    had = [name for name, witness in _witnesses(old) if witness is not None] if old else []
    lost = [name for name in had if name not in kept]
    words = f"The step now {does} at {new.point.x}, {new.point.y}. Made anew: {', '.join(kept) or 'no witness'}."
    return f"{words} Not known there: {', '.join(lost)}." if lost else words


def _witnesses(target: Target | None) -> Iterator[tuple[str, object]]:
    if target is not None:
        yield from (("element", target.element), ("picture", target.crop), ("printed text", target.text))


def _window_at(known: Known, point: Point) -> Window | None:
    window = known.window
    return window if window is not None and window.bounds.contains(point) else None


def _of_steps(trajectory: Trajectory, frame: FrameId) -> Iterator[Element]:
    for step in trajectory.steps:
        for target in filter(None, (step.target, step.destination)):
            seen = {step.observation.frame, target.crop.frame if target.crop else None}
            if target.element is not None and frame in seen:
                yield target.element
        if step.observation.focused is not None and step.observation.frame == frame:
            yield step.observation.focused


def _of_sightings(sightings: Iterable["Sighting"], frame: FrameId) -> Iterator[Element]:
    for sighting in sightings:
        if sighting.frame == frame:
            yield from filter(None, (sighting.element, sighting.focused))
