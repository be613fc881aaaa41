"""What a replay is told, made from what a person wants and what the settings say; and how it is summed up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from workbench import settings
from workbench.approval import Mode
from workbench.errors import BadInputError
from workbench.events import Event, RunEnded, RunStarted
from workbench.report.document import ReplayDocument
from workbench.report.words import duration
from workbench.session.messages import Drift, Order, Pace
from workbench.session.replaying import check_pace, new_run_id, prepared
from workbench.session.starting import REPLAYING
from workbench.settings_sections import ReplaySettings
from workbench.trajectory import Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Steps:
    """Which steps, and where to pause: numbers from 1, as `workbench.session.messages.Pace` has them."""

    first: int = 1
    last: int | None = None
    breaks: tuple[int, ...] = ()
    single: bool = False


@dataclass(frozen=True)
class ReplayWish:
    """What a person wants of a replay; None leaves it to the settings.

    Whoever names a `model` wants it to repair. A rehearsal (`dry`) only finds what has drifted.
    """

    steps: Steps = Steps()
    speed: float | None = None
    timeout_s: float | None = None
    dry: bool = False
    approve: Mode | None = None
    drift: Drift | None = None
    model: str | None = None


def order_of(wish: ReplayWish, trajectory: Trajectory, library: "Library", *, logged: bool = True) -> Order:
    """The order, still without a run and values: `filled` gives it those.

    With `logged` the run is kept in the library. Raises `BadInputError` for a model that has nothing to repair,
    `UnavailableError` where there is none.
    """
    if wish.model and wish.drift in ("halt", "ask"):
        raise BadInputError(f"--model names who repairs, and --on-drift {wish.drift} repairs nothing; leave one out")
    loaded = settings.load()
    order = Order(
        run="",
        trajectory=trajectory,
        frames=str(library.frames_folder),
        library=str(library.path) if logged else None,
        pace=_pace(wish, loaded.replay),
        approve=wish.approve or loaded.replay.approve,
        policy=settings.policy(loaded),
        drift=_drift(wish, loaded.replay.on_drift),
        emergency_hotkey=loaded.replay.emergency_hotkey,
    )
    return _repairing(order, wish.model) if order.drift == "repair" else order


def filled(order: Order, values: Mapping[str, str], library: "Library") -> Order:
    """The order with these values; raises `BadInputError` for what can be known to be wrong before a run."""
    found = _Found(library)
    trajectory, bound = prepared(order.trajectory, values, found)
    check_pace(order.pace, trajectory)
    return replace(order, run=new_run_id(), trajectory=trajectory, values=bound, read=found.read_for(trajectory))


@dataclass(frozen=True)
class _Found:
    """Looks up the workflows that are called, and knows how often something had been purged of them by then."""

    library: "Library"
    _read: dict[str, int] = field(default_factory=dict)

    def __call__(self, name: str) -> Trajectory:
        found = self.library.find(name)
        self._read.setdefault(found.id, found.purges)
        return found

    def read_for(self, trajectory: Trajectory) -> dict[str, int]:
        return {**self._read, trajectory.id: trajectory.purges}


def module_of(order: Order) -> str:
    """The module whose process carries the order out."""
    if order.drift != "repair":
        return REPLAYING
    from agents.session.messages import REPAIRING

    return REPAIRING


def with_kept(orders: Sequence[Order], kept: Trajectory, library: "Library") -> list[Order]:
    """The orders, of the trajectory as it was repaired."""
    found = _Found(library)
    laid_out = [prepared(kept, order.values, found)[0] for order in orders]
    read = found.read_for(kept)
    return [replace(order, trajectory=each, read=read) for order, each in zip(orders, laid_out, strict=True)]


def end_log(order: Order, told: Sequence[Event], library: "Library") -> None:
    """End the run's log where the process of the run could not."""
    begun = bool(told) and isinstance(told[0], RunStarted)
    if begun and order.library is not None and isinstance(told[-1], RunEnded):
        library.end_run(order.run, told[-1])


def summary(document: ReplayDocument, order: Order) -> str:
    """How the replay went, in a line, and where its report is."""
    pace = order.pace
    planned = (pace.last or len(order.trajectory.steps)) - pace.first + 1
    done = sum(step.status in ("done", "repaired", "would-do") for step in document.steps)
    outcome = "rehearsed" if pace.dry and document.outcome == "finished" else document.outcome
    how = " located, nothing was done" if pace.dry else ""
    reason = f": {document.reason}" if document.reason else ""
    report = f"\nreport: {document.report}" if document.report else ""
    return f"{outcome}{reason} ({done} of {planned} steps{how}, {duration(document.elapsed_ms)}){report}"


def _pace(wish: ReplayWish, usual: ReplaySettings) -> Pace:
    return Pace(
        first=wish.steps.first,
        last=wish.steps.last,
        breaks=wish.steps.breaks,
        single=wish.steps.single,
        speed=usual.speed if wish.speed is None else wish.speed,
        timeout_s=usual.timeout_s if wish.timeout_s is None else wish.timeout_s,
        dry=wish.dry,
    )


def _drift(wish: ReplayWish, usual: Drift) -> Drift:
    """What is done about drift: a rehearsal only finds it, and who names a model wants it to repair."""
    if wish.dry:
        return "halt"
    chosen: Drift | None = wish.drift or ("repair" if wish.model else None)
    return chosen or usual


def _repairing(order: Order, model: str | None) -> Order:
    """The order with the models that repair; raises `UnavailableError` where there is none."""
    from agents.runtime.models.registry import Registry
    from agents.session.messages import RepairOrder
    from ui.orders.agent import minds_for

    return RepairOrder(**msgspec.structs.asdict(order), minds=minds_for(model, Registry.usual()))
