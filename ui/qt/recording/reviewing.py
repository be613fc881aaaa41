"""What the review asks of the library: looking at a recording, and changing it before it is kept.

Everything here runs on the library's thread. Steps are named by their ids, which stay when others go.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from agents.completion.naming import NOTHING, Proposal, offered
from workbench import editing, redaction
from workbench.errors import BadInputError
from workbench.geometry import Rect
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.inputs import InputEvent
    from workbench.library.store import Library


@dataclass(frozen=True)
class Glance:
    """How a recording stands: steps, stretches of input that were left out, and passwords that were hidden."""

    steps: int = 0
    left_out: int = 0
    hidden: int = 0


@dataclass(frozen=True)
class Review:
    """A recording under review; `seen` counts what it is made of, `proposal` is what it could be called."""

    trajectory: Trajectory
    seen: Glance
    proposal: Proposal = NOTHING


def glance(library: "Library", trajectory_id: str) -> Glance:
    """How a recording stands that is still going on; the steps are those that it would have if it ended now."""
    from recorder.reduce import reduce

    events = library.events(trajectory_id)
    return _counted(len(reduce(events, library.sightings(trajectory_id))), events)


def recovered(library: "Library") -> list[str]:
    """Save the steps of every recording whose process died, and return their ids."""
    if not library.unfinished():
        return []
    from recorder.complete import recover

    return recover(library)


def load(library: "Library", trajectory_id: str) -> Review:
    """The recording as it is now."""
    trajectory = library.get(trajectory_id)
    seen = _counted(len(trajectory.steps), library.events(trajectory_id))
    return Review(trajectory, seen, offered(library, trajectory))


def complete(library: "Library", trajectory_id: str) -> Review:
    """The recording after its witnesses were completed, where the recorder's process has not done that."""
    from recorder.complete import complete as witnesses

    witnesses(library, trajectory_id)
    return load(library, trajectory_id)


def discard(library: "Library", trajectory_id: str) -> None:
    """Delete all of it, whoever still completes it."""
    from recorder.complete import give_up

    library.delete(trajectory_id)
    give_up(library, trajectory_id)


def keep(library: "Library", trajectory_id: str, *, title: str, task: str) -> Trajectory:
    """Say that a person has looked at it and trusts it, under that title and task."""
    newest = library.get(trajectory_id)
    changed = editing.as_reviewed(editing.with_heading(newest, title=title, task=task))
    return newest if changed == newest else library.revise(changed, note="reviewed")


def delete_step(library: "Library", trajectory_id: str, step_id: str) -> Review:
    """Leave a step out, in a new revision."""
    newest = library.get(trajectory_id)
    number = _number(newest, step_id)
    library.revise(editing.without_steps(newest, {number}), note="delete step")
    return load(library, trajectory_id)


def forget_step(library: "Library", trajectory_id: str, step_id: str) -> Review:
    """Purge a step from every revision, with its input events and the pictures that only it has."""
    newest = library.get(trajectory_id)
    redaction.forget_step(library, newest, _number(newest, step_id))
    return load(library, trajectory_id)


def undo(library: "Library", trajectory_id: str) -> Review:
    """Go back one revision."""
    library.undo(trajectory_id)
    return load(library, trajectory_id)


def hide_typed(library: "Library", trajectory_id: str, step_id: str, *, name: str) -> Review:
    """Purge what a step typed for good; from now on it types the secret of that name."""
    newest = library.get(trajectory_id)
    redaction.into_secret(library, newest, _number(newest, step_id), name=name)
    return load(library, trajectory_id)


def remove_text(library: "Library", trajectory_id: str, text: str) -> Review:
    """Purge a text from everything that is kept of the recording but its pictures; refuses one that is too short."""
    redaction.remove_text(library, trajectory_id, text)
    return load(library, trajectory_id)


def cover(library: "Library", trajectory_id: str, area: Rect, *, step_id: str = "") -> Review:
    """Paint over a part of the desktop for good, in the pictures of one step or in all of the recording."""
    newest = library.get(trajectory_id)
    redaction.cover_area(library, newest, area, number=_number(newest, step_id) if step_id else None)
    return load(library, trajectory_id)


def suggested_secret(step: Step) -> str:
    """The name that the recorder would have given to what the step typed."""
    from recorder.privacy import name_of_field, secret_name

    field = (step.target.element if step.target else None) or step.observation.focused
    if field is not None:
        named = msgspec.structs.replace(field, label=field.label or field.name or "text")
        return name_of_field(named)
    window = step.observation.window
    return secret_name(window.app if window else "", "text")


def _counted(steps: int, events: "list[InputEvent]") -> Glance:
    kinds = [event.kind for event in events]
    return Glance(steps, kinds.count("excluded"), kinds.count("secret"))


def _number(trajectory: Trajectory, step_id: str) -> int:
    ids = [step.id for step in trajectory.steps]
    if step_id not in ids:
        raise BadInputError("the step is no longer in the recording; choose another one")
    return ids.index(step_id) + 1
