"""Steps that a model repaired in a replay: what to tell of them, and keeping them in the trajectories."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from workbench.errors import BadInputError
from workbench.events import Event, RunEnded, RunStarted
from workbench.mending import Mend, difference, mended, mends_of
from workbench.session.messages import Order
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


def repaired(library: "Library", trajectory: Trajectory, run_id: str) -> tuple[Trajectory, ...]:
    """The trajectory with what this run repaired, as a new revision, and so the workflows that it calls.

    Only those that changed; the trajectory first where it is one of them.

    Raises `BadInputError` for a run that is unknown, of another trajectory or without repairs, and for steps that have
    changed since.
    """
    events = library.run_events(run_id)
    flaws = library.flaws(run_id)
    if flaws:
        raise BadInputError(f"the log of run {run_id} cannot be trusted: {flaws[0].where}: {flaws[0].what}")
    of = events[0].trajectory if events and isinstance(events[0], RunStarted) else None
    if of != trajectory.id:
        raise BadInputError(f"the run {run_id} is of the trajectory {of}, not of {trajectory.id}; name that one")
    mends = mends_of(events)
    if not mends:
        raise BadInputError(f"the run {run_id} repaired no step; `replay --on-drift repair` does")
    return keep(library, trajectory, mends, run_id, read={trajectory.id: trajectory.purges})


def keep(
    library: "Library", trajectory: Trajectory, mends: Sequence[Mend], run_id: str, *, read: Mapping[str, int]
) -> tuple[Trajectory, ...]:
    """Save what the repairs change, complete with witnesses, as one new revision of each trajectory.

    A workflow is repaired in its newest revision, though a call that names an older one goes on with that. `read` maps
    what the run's steps came from to its `Trajectory.purges`; raises `BadInputError` where more was purged since.
    """

    def newest(name: str) -> Trajectory:
        return library.get(library.identify(name))

    changed = [
        msgspec.structs.replace(each, steps=tuple(_completed(each.steps, library)))
        for each in mended(trajectory, mends, newest)
    ]
    return tuple(library.revise(each, note=f"repaired in run {run_id}", read=read) for each in changed)


def told_lines(mends: Sequence[Mend]) -> Iterator[str]:
    """The repairs in words, a line each."""
    for mend in mends:
        yield f"repaired, step {mend.index}:"
        yield from (f"  {line}" for line in difference(mend))


def agreed_in_advance(order: Order, told: Sequence[Event]) -> bool:
    """Whether nobody has to be asked: approving everything is agreeing, as long as the run finished with it."""
    ended = told[-1] if told else None
    return order.approve == "auto" and isinstance(ended, RunEnded) and ended.outcome == "finished"


def _completed(steps: Sequence[Step], library: "Library") -> Iterator[Step]:
    """Every step with its description; new ones get witnesses, from pictures of the run that they were done in."""
    from recorder.complete import completed

    around = zip((None, *steps[:-1]), steps, (*steps[1:], None), strict=True)
    for earlier, step, later in around:
        if step.description:
            yield step
            continue
        yield completed(step, library, earlier=_new(earlier), later=_new(later))


def _new(step: Step | None) -> Step | None:
    return step if step is not None and not step.description else None
