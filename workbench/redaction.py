"""Taking a text that was typed out of everything the library keeps of a trajectory, so that it can become a secret."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench import editing
from workbench.errors import BadInputError
from workbench.events import Event
from workbench.trajectory import FrameId, Step, Trajectory, frames_of

if TYPE_CHECKING:
    from workbench.geometry import Rect
    from workbench.library.store import Library

SHORTEST_TEXT = 4
"""A shorter text occurs in too much else: purging it would spoil names and titles."""

GREY = 128


def hide_typed_text(library: "Library", trajectory: Trajectory, number: int) -> Trajectory:
    """Purge what step `number` typed: from all revisions, events, runs and the index, and from the pictures.

    Pictures from then on get a grey box where the field was; where nobody knows the place, and in replays, they go.
    Can be run again after an interruption. Raises `BadInputError` for a text too short to be purged without harm.
    """
    from workbench.library.store import MASK

    step = editing.step_at(trajectory, number)
    texts = [text for text in _texts(trajectory, number) if text != MASK]
    if any(len(text) < SHORTEST_TEXT for text in texts):
        raise BadInputError(f"step {number} types too little to be found and purged; delete it and record it again")
    for text in texts:
        library.purge_text(trajectory.id, text)
    if step.first_event is not None and step.last_event is not None:
        library.purge_keys(trajectory.id, first_seq=step.first_event, last_seq=step.last_event)
    _hide_pictures(library, trajectory, number)
    return library.get(trajectory.id)


def cover_area(library: "Library", trajectory: Trajectory, area: "Rect", *, number: int | None = None) -> int:
    """Paint over a part of the desktop in recorded pictures for good; how many pictures changed.

    `number` is the step whose pictures are meant, from before it until the next one begins; None means all pictures of
    the trajectory. What was read out of the pictures before, such as printed text, stays: see `Library.purge_text`.
    """
    seen = _frames_during(library, trajectory, number)
    replaced = {frame: _boxed(library, frame, area) for frame in seen}
    changed = {frame: new for frame, new in replaced.items() if new not in (frame, None)}
    if changed:
        library.purge_frames(trajectory.id, changed)
    return len(changed)


def _frames_during(library: "Library", trajectory: Trajectory, number: int | None) -> set[FrameId]:
    sightings = library.sightings(trajectory.id)
    if number is None:
        return frames_of(trajectory) | {s.frame for s in sightings if s.frame is not None}
    step = editing.step_at(trajectory, number)
    seen = frames_of(Trajectory(id="", title="", steps=(step,)))
    if step.first_event is None:
        return seen
    begins = [later.first_event for later in trajectory.steps[number:] if later.first_event is not None]
    end = begins[0] if begins else None
    during = (s for s in sightings if s.seq >= step.first_event and (end is None or s.seq < end))
    return seen | {s.frame for s in during if s.frame is not None}


def _texts(trajectory: Trajectory, number: int) -> list[str]:
    """The typed text as a whole, and the defaults of the variables in it."""
    step = editing.step_at(trajectory, number)
    whole = editing.typed_text(trajectory, number)
    used = [v.default for v in trajectory.variables if f"{{{{{v.name}}}}}" in getattr(step.action, "text", "")]
    return list(dict.fromkeys(text for text in (whole, *used) if text))


def _hide_pictures(library: "Library", trajectory: Trajectory, number: int) -> None:
    step = editing.step_at(trajectory, number)
    field = _field(step)
    seen = frames_of(Trajectory(id="", title="", steps=trajectory.steps[number - 1 :]))
    if step.first_event is not None:
        sightings = library.sightings(trajectory.id)
        seen |= {s.frame for s in sightings if s.seq >= step.first_event and s.frame is not None}
    replaced: dict[FrameId, FrameId | None] = {frame: _boxed(library, frame, field) for frame in seen}
    replaced |= dict.fromkeys(_run_frames(library, trajectory, number))
    changed = {frame: new for frame, new in replaced.items() if frame != new}
    if changed:
        library.purge_frames(trajectory.id, changed)


def _field(step: Step) -> "Rect | None":
    """Where the field was that the step typed into."""
    seen = (step.observation.focused, step.target.element if step.target else None, step.outcome.element)
    return next((element.bounds for element in seen if element is not None), None)


def _boxed(library: "Library", frame: FrameId, field: "Rect | None") -> FrameId | None:
    """The frame with a grey box over the field; None where there is no place or no picture."""
    if field is None:
        return None
    try:
        picture = library.frames.load(frame)
    except BadInputError:
        return None
    inside = picture.bounds.intersection(field)
    if inside is None:
        return frame
    pixels = picture.pixels.copy()
    left, top = inside.x - picture.origin.x, inside.y - picture.origin.y
    pixels[top : top + inside.height, left : left + inside.width] = GREY
    return library.frames.put(pixels, origin=picture.origin)


def _run_frames(library: "Library", trajectory: Trajectory, number: int) -> Iterator[FrameId]:
    """What was seen from that step on in replays."""
    for run in library.runs(trajectory.id):
        for event in library.run_events(run.id):
            yield from _pictured(event, number)


def _pictured(event: Event, number: int) -> Iterator[FrameId]:
    if getattr(event, "index", 0) >= number:
        yield from filter(None, (getattr(event, "frame", None), getattr(event, "expected", None)))
