"""Going on with a run that broke off: what it was told to do, what is done for certain, and what nobody can know.

A run log names a step before the hands move and again when it is over. So a step without its second event, or one that
was stopped while it was carried out, may or may not have happened: it is never simply done again. Whoever plans is
told, looks at the screen, and decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import BadInputError
from workbench.events import (
    Event,
    ExperienceLent,
    Loan,
    MemoryChanged,
    RunEnded,
    RunOutcome,
    RunStarted,
    StepActing,
    StepEnded,
    StepKept,
    StepStatus,
)
from workbench.report.words import caption
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library

SURE: tuple[StepStatus, ...] = ("done", "repaired")


@dataclass(frozen=True)
class KnownStep:
    """A step of the earlier run; `index` is its number there, from 1, and `message` what was said at its end."""

    index: int
    step: Step
    status: StepStatus
    message: str = ""


@dataclass(frozen=True)
class Resumption:
    """What is known of a run that did not finish.

    `order` is what it was told to do, as plain JSON. `done` are the steps that were verified, or had nothing to verify;
    `failed` those that were carried out, in whole or in part, without the effect that was expected. `unsure` is the
    last step if it had begun and nobody knows how far it came. `changes` are those of the planner's memory, in order;
    an empty one stands for each that was forgotten. `followed` are the trajectories that it was lent as a whole.
    `outcome` is None for a run whose process died.
    """

    run: str
    task: str
    order: dict[str, Any]
    done: tuple[KnownStep, ...]
    failed: tuple[KnownStep, ...] = ()
    unsure: KnownStep | None = None
    changes: tuple[dict[str, Any], ...] = ()
    becomes: Trajectory | None = None
    outcome: RunOutcome | None = None
    kept: tuple[StepKept, ...] = field(default=(), repr=False)
    followed: tuple[Loan, ...] = ()

    @property
    def next_index(self) -> int:
        """The number of the first step that the resumed run takes."""
        known = [*self.done, *self.failed, *([self.unsure] if self.unsure else [])]
        return max((step.index for step in known), default=0) + 1

    @property
    def warning(self) -> str:
        """A sentence for the planner about the step that may or may not have happened; empty where there is none."""
        if self.unsure is None:
            return ""
        return (
            f"step {self.unsure.index} ({caption(self.unsure.step)}) may or may not have happened: "
            "look at the screen before doing it again"
        )


def resumable(library: "Library", run_id: str) -> Resumption:
    """What a new run needs to go on with this one.

    Raises `BadInputError` for a run that is unknown, still going on or finished, for one that another run went on with
    already, whose steps would be done twice, and for a damaged log.
    """
    if library.is_running(run_id):
        raise BadInputError(f"the run {run_id} is still going on; stop it first")
    later = library.resumed_by(run_id)
    if later is not None:
        raise BadInputError(_gone_on_with(library, run_id, later))
    events = library.run_events(run_id)
    flaws = library.flaws(run_id)
    if flaws:
        raise BadInputError(f"the log of run {run_id} cannot be trusted: {flaws[0].where}: {flaws[0].what}; start anew")
    found = resumption_of(events)
    if found.outcome == "finished":
        raise BadInputError(f"the run {run_id} finished; there is nothing to go on with")
    return found


def named_run(library: "Library", name: str) -> str:
    """The run that a person means: its id, or a trajectory's id, its beginning or title: its newest that broke off.

    Raises `BadInputError` for a name that fits none or several trajectories, and where every run of it finished.
    """
    every = library.runs()
    if any(run.id == name for run in every):
        return name
    meant = {one.id for one in library.summaries() if one.title == name}
    try:
        meant = meant or {library.identify(name)}
    except BadInputError as error:
        raise BadInputError(f"no run {name[:80]!r} here, and {error}") from error
    ran = [run for run in library.broken_off() if run.trajectory in meant]
    ran = ran or [run for run in every if run.trajectory in meant and run.outcome != "finished"]
    if not ran:
        raise BadInputError(f"no run of {name[:80]!r} broke off; there is nothing to go on with")
    return ran[0].id


def resumption_of(events: Sequence[Event]) -> Resumption:
    """The same from the events of a run; raises `BadInputError` when they do not begin with its start."""
    started = next(iter(events), None)
    if not isinstance(started, RunStarted):
        raise BadInputError("these events are not those of a run: they do not begin with its start; start a new one")
    acted = {event.index: event.step for event in events if isinstance(event, StepActing)}
    ended = {event.index: event for event in events if isinstance(event, StepEnded)}
    kept = tuple(event for event in events if isinstance(event, StepKept))
    known = tuple(_known(kept, acted, ended))
    return Resumption(
        run=started.run,
        task=started.task or started.title,
        order=started.order,
        done=tuple(step for step in known if step.status in SURE),
        failed=tuple(step for step in known if step.status == "failed"),
        unsure=_unsure(acted, ended),
        changes=tuple(event.change for event in events if isinstance(event, MemoryChanged)),
        becomes=started.becomes,
        outcome=next((event.outcome for event in events if isinstance(event, RunEnded)), None),
        kept=kept,
        followed=tuple(_followed(events)),
    )


def carried(resumption: Resumption) -> tuple[Event, ...]:
    """What the resumed run's log begins with, so that it can be understood, and resumed, without the earlier one."""
    memory = tuple(MemoryChanged(change=change) for change in resumption.changes)
    return (*(StepKept(index=kept.index, step=kept.step, status=kept.status) for kept in resumption.kept), *memory)


def _gone_on_with(library: "Library", run_id: str, later: str) -> str:
    if library.is_running(later):
        return f"the run {later} is going on with {run_id} already; wait for its end, or stop it"
    if any(run.id == later and run.outcome == "finished" for run in library.runs()):
        return f"the run {later} went on with {run_id} and finished; there is nothing to go on with"
    return f"the run {later} went on with {run_id} already; go on with that one: workbench-cli run --resume {later}"


def _known(kept: Iterable[StepKept], acted: dict[int, Step], ended: dict[int, StepEnded]) -> Iterator[KnownStep]:
    """The steps that are over, in order, as the trajectory kept them where it did."""
    steps = {event.index: KnownStep(event.index, event.step, event.status) for event in kept}
    for index in sorted(steps.keys() | (acted.keys() & ended.keys())):
        end = ended.get(index)
        step = steps[index].step if index in steps else acted[index]
        status = end.status if end else steps[index].status
        yield KnownStep(index, step, status, end.message if end else "")


def _followed(events: Iterable[Event]) -> Iterator[Loan]:
    """The trajectories that were lent as a whole, each once, the best first."""
    known: set[str] = set()
    loans = (loan for event in events if isinstance(event, ExperienceLent) for loan in event.loans)
    for loan in loans:
        if loan.kind == "whole" and not loan.refused and loan.lent not in known:
            known.add(loan.lent)
            yield loan


def _unsure(acted: dict[int, Step], ended: dict[int, StepEnded]) -> KnownStep | None:
    """The last step that had begun, if it did not come to its end."""
    if not acted:
        return None
    index = max(acted)
    end = ended.get(index)
    if end is not None and end.status != "skipped":
        return None
    return KnownStep(index, acted[index], "skipped", end.message if end else "the run broke off")
