"""What happens to a recording after its end: steps at once, witnesses and descriptions when there is time.

A draft has every step but no witness that needs pixels; a step without a description is one that nobody has completed
yet. Nothing here needs a desktop, and all of it can be run again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from recorder.covering import Covers, covers_of
from recorder.reduce import reduce
from workbench.actions import Activate, Click, Drag, Hover, Scroll
from workbench.errors import BadInputError
from workbench.inputs import InputEvent
from workbench.library.revisions import OF_ITSELF
from workbench.report.words import describe, sentence
from workbench.trajectory import Step, Target, Trajectory

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.desktop.ports import Frame
    from workbench.library.store import Library, RecordingOpening
    from workbench.session.observing import Moments

LOCATED = (Click, Hover, Drag, Scroll)
"""Actions whose place is found by witnesses; the others go to the field or window that has the focus."""

NOTHING_KNOWN = Covers()
"""Nobody has seen what stood in front of what."""

LONGEST_TITLE = 80


def draft(library: "Library", trajectory_id: str) -> Trajectory:
    """Save the steps of a recording that nobody writes any more, and return the trajectory."""
    purges = library.purges(trajectory_id)  # before anything is read: what is purged from now on refuses the steps
    events = library.events(trajectory_id)
    steps = reduce(events, library.sightings(trajectory_id))
    made = trajectory_of(trajectory_id, library.opening(trajectory_id), events, steps)
    return library.complete_recording(replace(made, purges=purges))


def recover(library: "Library") -> list[str]:
    """Save the steps of every recording whose writer died, and return their ids."""
    found = library.unfinished()
    for trajectory_id in found:
        draft(library, trajectory_id)
    return found


def is_complete(trajectory: Trajectory) -> bool:
    """Whether every step has been given its witnesses and its description."""
    return not any(waits(step, trajectory) for step in trajectory.steps)


def complete(library: "Library", trajectory_id: str) -> Trajectory:
    """Give every step that lacks them its witnesses, changed regions and description; returns the newest revision.

    Takes about 0.2 s per step, nothing where all is done. Two processes may ask at once: the second waits and finds it
    done. What was edited meanwhile is kept.
    """
    trajectory = library.get(trajectory_id)
    if is_complete(trajectory):
        return trajectory
    with _alone(library, trajectory_id):
        found = None
        while found is None:
            found = _completed_once(library, trajectory_id)
        return found


def give_up(library: "Library", trajectory_id: str) -> None:
    """Remove what a process leaves behind that was ended while it completed a recording that nobody wants any more."""
    _lock(library, trajectory_id).unlink(missing_ok=True)


def _completed_once(library: "Library", trajectory_id: str) -> Trajectory | None:
    """The newest revision, completed; None where something was purged meanwhile, which the result would still hold."""
    earlier = library.get(trajectory_id)
    done = _all_completed(earlier, library)
    newest = library.get(trajectory_id)
    if newest.purges != earlier.purges:
        return None
    steps = tuple(done.get(step.id, step) if waits(step, earlier) else step for step in newest.steps)
    return newest if steps == newest.steps else library.revise(replace(newest, steps=steps), note=OF_ITSELF)


def waits(step: Step, trajectory: Trajectory) -> bool:
    """Whether the step of that trajectory lacks what completing gives.

    An imported one may have a description of its own, but no crop of a place that its picture shows.
    """
    if not step.description:
        return True
    untouched = trajectory.source == "import" and trajectory.revision == 1
    target = step.target if untouched and isinstance(step.action, LOCATED) and step.observation.frame else None
    if target is None or target.crop is not None:
        return False
    return any(screen.bounds.contains(target.point) for screen in step.observation.screens)


def _all_completed(trajectory: Trajectory, library: "Library") -> dict[str, Step]:
    """By their ids the steps that wait for it, completed."""
    steps = trajectory.steps
    covered = covers_of(library, trajectory.id, steps)
    around = zip((None, *steps[:-1]), steps, (*steps[1:], None), strict=True)
    return {
        step.id: completed(step, library, earlier=earlier, later=later, covered=covered)
        for earlier, step, later in around
        if waits(step, trajectory)
    }


def completed(
    step: Step,
    library: "Library",
    *,
    earlier: Step | None = None,
    later: Step | None = None,
    covered: Covers = NOTHING_KNOWN,
) -> Step:
    """The step with witnesses, changed regions and description, as far as its pictures can be read.

    A description that it has already stays, as do the witnesses that a foreign recording brought along.
    `earlier` and `later` are the steps around it: they show what came and went by itself. `covered` tells of windows
    that stood in front of the target's: what is printed there is no witness.
    """
    from workbench.session.observing import Moments, lasting_changes

    before, after = _load(library, step.observation.frame), _load(library, step.outcome.frame)
    if before is None:
        return replace(step, description=step.description or describe(step))
    settled = _load(library, earlier.outcome.frame if earlier else None)
    following = _load(library, later.observation.frame if later else None)
    moments = Moments(before, after or before, settled, following)
    if isinstance(step.action, LOCATED):
        step = replace(
            step,
            target=_witnessed(step.target, moments, (step, earlier), covered),
            destination=_witnessed(step.destination, moments, (step, earlier), covered),
        )
    if after is not None:
        step = replace(step, outcome=replace(step.outcome, changed=lasting_changes(moments)))
    return replace(step, description=step.description or describe(step))


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


def _witnessed(
    target: Target | None, moments: "Moments", steps: tuple[Step, Step | None], covered: Covers
) -> Target | None:
    """The target with witnesses from the picture that shows it best: the one before the step, or the one earlier.

    `steps` are the step and the one before it.
    """
    step, earlier = steps
    if target is None or target.crop is not None or not moments.before.bounds.contains(target.point):
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
    return (
        replace(built, text=target.text)
        if target.text
        else _own_text(add_text(built, frame, covered.over(built, frame_id)))
    )


def _own_text(target: Target) -> Target:
    """The target without a text that may stand in another application's window: nobody knows which one it is in.

    What is printed on the place itself belongs to it.
    """
    if target.window is None and target.text is not None and not target.text.bounds.contains(target.point):
        return replace(target, text=None)
    return target


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

    path = _lock(library, trajectory_id)
    with locks.alone(path):
        yield
    path.unlink(missing_ok=True)


def _lock(library: "Library", trajectory_id: str) -> "Path":
    return library.path / f"completing-{trajectory_id}.lock"
