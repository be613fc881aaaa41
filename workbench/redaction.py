"""Taking something out of everything that the library keeps of a trajectory: a text, a step, a part of the pictures."""

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

    What was recorded again (`Step.recorded_in`) is purged from that recording too, and from where it was taken over.

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
    recording = recording_of(library, trajectory, step)
    if recording and step.first_event is not None and step.last_event is not None:
        library.purge_keys(recording, first_seq=step.first_event, last_seq=step.last_event)
    _hide_pictures(library, trajectory, number)
    return library.get(trajectory.id)


def into_secret(library: "Library", trajectory: Trajectory, number: int, *, name: str) -> Trajectory:
    """Purge what step `number` typed, and save a revision in which it types the secret of that name.

    Raises `BadInputError`, with nothing purged, for a bad name or a step that types nothing. Revisions that were saved
    meanwhile are kept: the purged text is gone from them too.
    """
    editing.with_secret(trajectory, number, name)
    hidden = hide_typed_text(library, trajectory, number)
    return library.revise(editing.with_secret(hidden, number, name), note="secret")


def remove_text(library: "Library", trajectory_id: str, text: str) -> int:
    """Purge a text from all that is kept of a trajectory but its pictures; how many records changed.

    Raises `BadInputError` for a text that is too short to be purged without harm, and for one that occurs nowhere.
    """
    if len(text) < SHORTEST_TEXT:
        raise BadInputError(f"a text of fewer than {SHORTEST_TEXT} characters occurs in too much else; cover its place")
    changed = library.purge_text(trajectory_id, text)
    if not changed:
        raise BadInputError("the recording holds no such text; check how it is written there")
    return changed


def forget_step(library: "Library", trajectory: Trajectory, number: int) -> Trajectory:
    """Purge a step from every revision, with its input events and the pictures that only it has; what is left.

    Raises `BadInputError` for a step that was not made from input that was recorded here.
    """
    step = editing.step_at(trajectory, number)
    first = refuse_what_cannot_be_forgotten(step)
    # Releases of its keys come after its last event: the stretch goes on until the next step begins.
    end = _next_event(trajectory, number)
    events = [e for e in library.events(trajectory.id) if e.seq >= first and (end is None or e.seq < end)]
    if not events:
        raise BadInputError("the input of the step is gone already; delete the step instead")
    moments = [event.monotonic_ns for event in events]
    library.forget(trajectory.id, since_ns=min(moments), until_ns=max(moments))
    return library.get(trajectory.id)


def refuse_what_cannot_be_forgotten(step: Step) -> int:
    """The first of the step's input events; raises `BadInputError` for one that was not made from input kept here."""
    if step.recorded_in:
        raise BadInputError(f"the step's input is kept in the recording {step.recorded_in}; delete the step and that")
    if step.first_event is None:
        raise BadInputError("the step was not made from input that was recorded here; delete it instead")
    return step.first_event


def cover_area(library: "Library", trajectory: Trajectory, area: "Rect", *, number: int | None = None) -> int:
    """Paint over a part of the desktop in recorded pictures for good; how many pictures changed.

    `number` is the step whose pictures are meant, from before it until the next one begins; None means all pictures of
    the trajectory. Recordings that its steps come from lose them too. What was read out of the pictures before, such as
    printed text, stays: see `Library.purge_text`.
    """
    seen = _frames_during(library, trajectory, number)
    replaced = {frame: _boxed(library, frame, area) for frame in seen}
    changed = {frame: new for frame, new in replaced.items() if new not in (frame, None)}
    if changed:
        library.purge_frames(trajectory.id, changed)
    return len(changed)


def recording_of(library: "Library", trajectory: Trajectory, step: Step) -> str:
    """The id under which the step's input events and sightings are; empty where the library has them no more."""
    if not step.recorded_in:
        return trajectory.id
    return step.recorded_in if step.recorded_in in library else ""


def _frames_during(library: "Library", trajectory: Trajectory, number: int | None) -> set[FrameId]:
    if number is None:
        return frames_of(trajectory) | _seen_from(library, trajectory.id, 0)
    step = editing.step_at(trajectory, number)
    seen = frames_of(Trajectory(id="", title="", steps=(step,)))
    recording = recording_of(library, trajectory, step)
    if step.first_event is None or not recording:
        return seen
    end = _next_event(trajectory, number)
    during = (s for s in library.sightings(recording) if s.seq >= step.first_event and (end is None or s.seq < end))
    return seen | {s.frame for s in during if s.frame is not None}


def _next_event(trajectory: Trajectory, number: int) -> int | None:
    """The first input event of what the same recording has next, wherever it stands now; None where none is left."""
    step = editing.step_at(trajectory, number)
    begun = [other.first_event for other in trajectory.steps if other.recorded_in == step.recorded_in]
    first = step.first_event
    return min((event for event in begun if first is not None and event is not None and event > first), default=None)


def _texts(trajectory: Trajectory, number: int) -> list[str]:
    """The typed text as a whole, and the defaults of the variables in it."""
    step = editing.step_at(trajectory, number)
    whole = editing.typed_text(trajectory, number)
    used = [v.default for v in trajectory.variables if f"{{{{{v.name}}}}}" in getattr(step.action, "text", "")]
    return list(dict.fromkeys(text for text in (whole, *used) if text))


def _hide_pictures(library: "Library", trajectory: Trajectory, number: int) -> None:
    """Box the field in all that was seen from that step on, here and wherever else the same input was taken over."""
    step = editing.step_at(trajectory, number)
    field = _field(step)
    seen = {trajectory.id: _seen_after(library, trajectory, number)}
    replayed = {trajectory.id: set(_run_frames(library, trajectory.id, number))}
    for held, at in _taken_over(library, step, recording_of(library, trajectory, step)):
        seen.setdefault(held.id, set()).update(_seen_after(library, held, at))
        replayed.setdefault(held.id, set()).update(_run_frames(library, held.id, at, revision=held.revision))
    boxed = {frame: _boxed(library, frame, field) for frame in set().union(*seen.values())}
    for holder, frames in seen.items():
        replaced: dict[FrameId, FrameId | None] = {frame: boxed[frame] for frame in frames if boxed[frame] != frame}
        replaced |= dict.fromkeys(replayed[holder])
        if replaced:
            library.purge_frames(holder, replaced)


def _taken_over(library: "Library", step: Step, recording: str) -> Iterator[tuple[Trajectory, int]]:
    """Every revision of every trajectory that has steps made from the same input, and the number of the first."""
    for holder in library.holders(recording) if recording else ():
        for revision in library.history(holder):
            held = library.get(holder, revision=revision.number)
            numbered = enumerate(held.steps, 1)
            at = next((n for n, each in numbered if _same_input(each, step, held, recording)), None)
            if at is not None:
                yield held, at


def _same_input(one: Step, other: Step, holder: Trajectory, recording: str) -> bool:
    """Whether a step of the holder was made from some of the events of that recording that the other was made from."""
    if (one.recorded_in or holder.id) != recording:
        return False
    if one.first_event is None or other.first_event is None:
        return False
    ends = [each.last_event if each.last_event is not None else each.first_event for each in (one, other)]
    return one.first_event <= (ends[1] or 0) and other.first_event <= (ends[0] or 0)


def _seen_after(library: "Library", trajectory: Trajectory, number: int) -> set[FrameId]:
    """The pictures that were taken from that step on, of its recording and of those that later steps come from."""
    step = editing.step_at(trajectory, number)
    seen = frames_of(Trajectory(id="", title="", steps=trajectory.steps[number - 1 :]))
    recording = recording_of(library, trajectory, step)
    if step.first_event is not None and recording:
        seen |= _seen_from(library, recording, step.first_event)
    later = {recording_of(library, trajectory, each) for each in trajectory.steps[number - 1 :]}
    for other in later - {"", recording, trajectory.id}:  # all of it came later
        seen |= _seen_from(library, other, 0)
    return seen


def _seen_from(library: "Library", recording: str, first_event: int) -> set[FrameId]:
    """The pictures that the recording took from that event on."""
    return {s.frame for s in library.sightings(recording) if s.seq >= first_event and s.frame is not None}


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


def _run_frames(
    library: "Library", trajectory_id: str, number: int, *, revision: int | None = None
) -> Iterator[FrameId]:
    """What was seen from that step on in replays, of any revision or of the given one."""
    for run in library.runs(trajectory_id):
        for event in library.run_events(run.id) if revision in (None, run.revision) else ():
            yield from _pictured(event, number)


def _pictured(event: Event, number: int) -> Iterator[FrameId]:
    if getattr(event, "index", 0) >= number:
        yield from filter(None, (getattr(event, "frame", None), getattr(event, "expected", None)))
