"""Recording a part of a trajectory again: the replay that leads up to it, and what becomes of the new recording."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING

from ui.orders.finding import Say, find_complete
from ui.orders.replay import ReplayWish, filled, order_of
from workbench import rerecording
from workbench.errors import BadInputError
from workbench.report.document import ReplayDocument
from workbench.rerecording import Stretch
from workbench.session.messages import Order
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

NONE: Mapping[str, str] = {}
"""No variable is given a value."""


@dataclass(frozen=True)
class Again:
    """Which steps of which trajectory are recorded again, as it was when that was asked for.

    `values` are those of variables in the steps before, which are replayed.
    """

    trajectory: Trajectory
    stretch: Stretch
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the new recording is called where nobody says otherwise."""
        return f"{self.trajectory.title} (again: {self.stretch.words})"


def planned(library: "Library", name: str, stretch: Stretch, say: Say, *, values: Mapping[str, str] = NONE) -> Again:
    """The plan; raises `BadInputError` for a trajectory or a stretch that is not there, or an older revision."""
    trajectory = find_complete(name, library, say)
    if library.get(trajectory.id).revision != trajectory.revision:
        raise BadInputError(f"{name} is not what “{trajectory.title}” is now; name it without the revision")
    rerecording.check(trajectory, stretch)
    return Again(trajectory, stretch, values)


def order_before(again: Again, wish: ReplayWish, library: "Library") -> Order | None:
    """The replay of all steps in front of the stretch; None where there are none.

    It halts where a step does not fit: what is recorded behind a guess would belong nowhere. Raises `BadInputError` for
    values that nothing of it takes, and for variables without one.
    """
    part = rerecording.before(again.trajectory, again.stretch.first)
    if not part.steps and again.values:
        raise BadInputError("nothing comes before step 1 that could be given a value; leave out --var")
    if not part.steps:
        return None
    return filled(order_of(with_fields(wish, drift="halt", model=None), part, library), again.values, library)


def halted(again: Again, document: ReplayDocument) -> str:
    """Where the replay ended before the stretch, in a line; empty where it got there."""
    if document.outcome == "finished":
        return ""
    ended = [step.index for step in document.steps if step.status in ("failed", "skipped")]
    where = f" at step {ended[0]}" if ended else ""
    reason = f": {document.reason}" if document.reason else ""
    return f"the replay up to step {again.stretch.first} ended{where}{reason}; nothing was recorded or changed"


def put_in_place(library: "Library", again: Again, recording_id: str, say: Say) -> Trajectory:
    """Save a revision with the recording's steps in the place of the stretch; the recording stays what it is.

    Raises `BadInputError`, with nothing changed, where the trajectory was changed meanwhile or nothing was recorded.
    """
    recording = find_complete(recording_id, library, say)
    newest = library.get(again.trajectory.id)
    if newest.revision != again.trajectory.revision:
        raise BadInputError(
            f"“{newest.title}” was changed while it was recorded; nothing was put in its place, and the recording is "
            f"kept as {recording_id}"
        )
    changed = rerecording.spliced(newest, again.stretch, recording)
    note = rerecording.note_of(again.stretch, recording)
    return library.revise(changed, note=note, read={recording.id: recording.purges})
