"""Steps that a model repaired in a replay: shown as a difference to the trajectory, and kept when somebody says so."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from ui.cli.console import Console
from ui.cli.naming import Opened
from workbench.errors import BadInputError, StoppedError
from workbench.events import Event, RunStarted
from workbench.mending import Mend, difference, mended, mends_of
from workbench.session.messages import Order
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


def repairing(order: Order, args: Namespace) -> Order:
    """The order with the models that repair; raises `UnavailableError` where there is none."""
    from agents.runtime.models.registry import Registry
    from agents.session.messages import RepairOrder
    from ui.cli.running import minds_for

    return RepairOrder(**msgspec.structs.asdict(order), minds=minds_for(args.model, Registry.usual()))


def offer(found: Opened, order: Order, told: Sequence[Event], console: Console) -> Trajectory | None:
    """Show what was repaired and keep it in the trajectory if somebody agrees; the new revision, if there is one.

    Approving everything in advance is agreeing, as long as the run finished with it.
    """
    mends = mends_of(told)
    if not mends:
        return None
    for line in told_lines(mends):
        console.say(line)
    name = order.trajectory.id
    if found.from_bundle:
        console.say("a bundle is never changed; take it into the library with `workbench-cli import` to keep a repair")
    elif _agreed(order, told, console):
        kept = keep(found.library, found.library.get(name), mends, order.run)
        console.say(f"kept as {kept.id}@{kept.revision}; `workbench-cli edit {kept.id} --undo` takes it back")
        return kept
    else:
        console.say(f"a proposal so far; `workbench-cli edit {name} --repair {order.run}` keeps it")
    return None


def repaired(library: "Library", trajectory: Trajectory, run_id: str) -> Trajectory:
    """The trajectory with what this run repaired, as a new revision.

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
    return keep(library, trajectory, mends, run_id)


def keep(library: "Library", trajectory: Trajectory, mends: Sequence[Mend], run_id: str) -> Trajectory:
    """Save the trajectory with the repairs in it, complete with witnesses, as one new revision."""
    changed = mended(trajectory, mends)
    steps = tuple(_completed(changed.steps, library))
    return library.revise(msgspec.structs.replace(changed, steps=steps), note=f"repaired in run {run_id}")


def told_lines(mends: Sequence[Mend]) -> Iterator[str]:
    """The repairs in words, a line each."""
    for mend in mends:
        yield f"repaired, step {mend.index}:"
        yield from (f"  {line}" for line in difference(mend))


def _agreed(order: Order, told: Sequence[Event], console: Console) -> bool:
    if order.approve == "auto":
        return getattr(told[-1], "outcome", "") == "finished"
    if not console.interactive:
        return False
    try:
        return console.ask(f"keep this in “{order.trajectory.title}”? [y/N]").lower() in ("y", "yes")
    except StoppedError:
        return False


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
