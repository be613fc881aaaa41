"""What happens to a recording after its end: steps at once, witnesses and descriptions when there is time.

A draft has every step but no witness that needs pixels; a step without a description is one that nobody has completed
yet. Nothing here needs a desktop, and all of it can be run again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from recorder.reduce import reduce
from workbench.actions import Activate, Click, Drag, Hover, Scroll
from workbench.errors import BadInputError
from workbench.inputs import InputEvent
from workbench.report.words import describe, sentence
from workbench.trajectory import Step, Target, Trajectory

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library, RecordingOpening
    from workbench.session.observing import Moments

LOCATED = (Click, Hover, Drag, Scroll)
"""Actions whose place is found by witnesses; the others go to the field or window that has the focus."""

LONGEST_TITLE = 80


def draft(library: "Library", trajectory_id: str) -> Trajectory:
    """Save the steps of a recording that nobody writes any more, and return the trajectory."""
    events = library.events(trajectory_id)
    steps = reduce(events, library.sightings(trajectory_id))
    return library.complete_recording(trajectory_of(trajectory_id, library.opening(trajectory_id), events, steps))


def recover(library: "Library") -> list[str]:
    """Save the steps of every recording whose writer died, and return their ids."""
    found = library.unfinished()
    for trajectory_id in found:
        draft(library, trajectory_id)
    return found


def is_complete(trajectory: Trajectory) -> bool:
    """Whether every step has been given its witnesses and its description."""
    return all(step.description for step in trajectory.steps)


def complete(library: "Library", trajectory_id: str) -> Trajectory:
    """Give every step that lacks them its witnesses, changed regions and description; returns the newest revision.

    Takes about 0.2 s per step, nothing where all is done. Two processes may ask at once: the second waits and finds it
    done. What was edited meanwhile is kept.
    """
    trajectory = library.get(trajectory_id)
    if is_complete(trajectory):
        return trajectory
    with _alone(library, trajectory_id):
        done = _all_completed(library.get(trajectory_id).steps, library)
        newest = library.get(trajectory_id)
        steps = tuple(step if step.description else done.get(step.id, step) for step in newest.steps)
        if steps == newest.steps:
            return newest
        return library.revise(replace(newest, steps=steps), note="witnesses completed")


def _all_completed(steps: Sequence[Step], library: "Library") -> dict[str, Step]:
    """By their ids the steps that lack a description, completed."""
    around = zip((None, *steps[:-1]), steps, (*steps[1:], None), strict=True)
    return {
        step.id: completed(step, library, earlier=earlier, later=later)
        for earlier, step, later in around
        if not step.description
    }


def completed(step: Step, library: "Library", *, earlier: Step | None = None, later: Step | None = None) -> Step:
    """The step with witnesses, changed regions and description, as far as its pictures can be read.

    `earlier` and `later` are the steps around it: they show what came and went by itself.
    """
    from workbench.session.observing import Moments, lasting_changes

    before, after = _load(library, step.observation.frame), _load(library, step.outcome.frame)
    if before is None:
        return replace(step, description=describe(step))
    settled = _load(library, earlier.outcome.frame if earlier else None)
    following = _load(library, later.observation.frame if later else None)
    moments = Moments(before, after or before, settled, following)
    if isinstance(step.action, LOCATED):
        step = replace(
            step,
            target=_witnessed(step.target, moments, step, earlier),
            destination=_witnessed(step.destination, moments, step, earlier),
        )
    if after is not None:
        step = replace(step, outcome=replace(step.outcome, changed=lasting_changes(moments)))
    return replace(step, description=describe(step))


def trajectory_of(
    trajectory_id: str, opening: "RecordingOpening", events: Sequence[InputEvent], steps: tuple[Step, ...]
) -> Trajectory:
    """The trajectory of a recording; without a title it gets one from what was done."""
    last_ns = max((event.monotonic_ns for event in events), default=opening.started_ns)
    return Trajectory(
        id=trajectory_id,
        title=opening.title or inferred_title(opening.task, steps),
        steps=steps,
        task=opening.task,
        created=opening.epoch_s,
        seconds=round(max(0, last_ns - opening.started_ns) / 1e9, 3),
        platform=opening.platform,
        commands=opening.commands,
        screens=opening.screens,
    )


def inferred_title(task: str, steps: Sequence[Step]) -> str:
    """A title from the task, else from the first step and the applications."""
    if task.strip():
        return _cut(task.strip().splitlines()[0])
    if not steps:
        return "Nothing was done"
    others = f" and {len(steps) - 1} more" if len(steps) > 1 else ""
    apps = list(dict.fromkeys(filter(None, map(_app, steps))))
    return _cut(sentence(describe(steps[0])).rstrip(".")) + others + (f" in {', '.join(apps)}" if len(apps) > 1 else "")


def _app(step: Step) -> str:
    if isinstance(step.action, Activate):
        return step.action.app
    window = step.target.window if step.target else step.observation.window
    return window.app if window else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def _witnessed(target: Target | None, moments: "Moments", step: Step, earlier: Step | None) -> Target | None:
    """The target with witnesses from the picture that shows it best: the one before the step, or the one earlier."""
    if target is None or not moments.before.bounds.contains(target.point):
        return target
    from workbench.locate.witness import add_text, build_target
    from workbench.session.observing import is_clearer_earlier

    frame, frame_id = moments.before, step.observation.frame
    if earlier is not None and moments.earlier is not None and is_clearer_earlier(moments, target.point):
        frame, frame_id = moments.earlier, earlier.outcome.frame
    assert frame_id is not None
    built = build_target(
        point=target.point, frame=frame, frame_id=frame_id, window=target.window, element=target.element
    )
    return add_text(built, frame)


def _load(library: "Library", frame: str | None) -> "Frame | None":
    """The picture; None where there is none, or where it is damaged, which `verify` reports."""
    if frame is None:
        return None
    try:
        return library.frames.load(frame)
    except BadInputError:
        return None


@contextmanager
def _alone(library: "Library", trajectory_id: str) -> Iterator[None]:
    """Only one process at a time completes the same trajectory."""
    from workbench.library import locks

    path = library.path / f"completing-{trajectory_id}.lock"
    with locks.alone(path):
        yield
    path.unlink(missing_ok=True)
