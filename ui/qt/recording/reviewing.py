"""What the review does with the library: looking at a recording, and changing it before it is kept.

Everything here runs on the library's thread. Steps are named by their ids, which stay when others go.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from workbench import editing
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
    """A recording under review; `seen` counts what it is made of."""

    trajectory: Trajectory
    seen: Glance

    @property
    def complete(self) -> bool:
        """Whether every step has its witnesses and its description."""
        return all(step.description for step in self.trajectory.steps)


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
    return Review(trajectory, _counted(len(trajectory.steps), library.events(trajectory_id)))


def complete(library: "Library", trajectory_id: str) -> Review:
    """The recording after its witnesses were completed, where the recorder's process has not done that."""
    from recorder.complete import complete as witnesses

    witnesses(library, trajectory_id)
    return load(library, trajectory_id)


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
    number = _number(newest, step_id)
    first = newest.steps[number - 1].first_event
    if first is None:
        raise BadInputError("the step was not made from input that was recorded here; delete it instead")
    # Releases of its keys come after its last event: the stretch goes on until the next step begins.
    later = [step.first_event for step in newest.steps[number:] if step.first_event is not None]
    end = min(later, default=None)
    events = [e for e in library.events(trajectory_id) if e.seq >= first and (end is None or e.seq < end)]
    moments = [event.monotonic_ns for event in events]
    library.forget(trajectory_id, since_ns=min(moments), until_ns=max(moments))
    return load(library, trajectory_id)


def undo(library: "Library", trajectory_id: str) -> Review:
    """Go back one revision."""
    library.undo(trajectory_id)
    return load(library, trajectory_id)


def hide_typed(library: "Library", trajectory_id: str, step_id: str, *, name: str) -> Review:
    """Purge what a step typed for good; from now on it types the secret of that name."""
    from workbench.redaction import hide_typed_text

    newest = library.get(trajectory_id)
    number = _number(newest, step_id)
    editing.with_secret(newest, number, name)  # refuses a bad name before anything is purged
    hidden = hide_typed_text(library, newest, number)
    library.revise(editing.with_secret(hidden, number, name), note="secret")
    return load(library, trajectory_id)


def remove_text(library: "Library", trajectory_id: str, text: str) -> Review:
    """Purge a text from everything that is kept of the recording but its pictures; refuses one that is too short."""
    from workbench.redaction import SHORTEST_TEXT

    if len(text) < SHORTEST_TEXT:
        raise BadInputError(f"a text of fewer than {SHORTEST_TEXT} characters occurs in too much else; cover its place")
    if not library.purge_text(trajectory_id, text):
        raise BadInputError("the recording holds no such text; check how it is written there")
    return load(library, trajectory_id)


def cover(library: "Library", trajectory_id: str, area: Rect, *, step_id: str = "") -> Review:
    """Paint over a part of the desktop for good, in the pictures of one step or in all of the recording."""
    from workbench.redaction import cover_area

    newest = library.get(trajectory_id)
    cover_area(library, newest, area, number=_number(newest, step_id) if step_id else None)
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
