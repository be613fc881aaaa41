"""What a person sets up before a replay, and the orders that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_fields
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ui.orders.finding import find_complete
from ui.orders.replay import ReplayWish, Steps, filled, order_of
from workbench.session.messages import Order
from workbench.session.replaying import prepared, secret_names
from workbench.session.variables import read_rows
from workbench.trajectory import Step, Trajectory

if TYPE_CHECKING:
    from workbench.library.store import Library


@dataclass(frozen=True)
class Setup:
    """Everything about a replay but its breakpoints.

    `size` is that of a private desktop, empty for the usual one, None for this desktop; `applications` are commands.
    `values` are those of variables, `data` a CSV file of them, a run per row.
    """

    wish: ReplayWish = field(default_factory=ReplayWish)
    size: str | None = ""
    applications: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    data: Path | None = None


@dataclass(frozen=True)
class Loaded:
    """A trajectory, and its steps as a replay takes them, with those of the workflows that it calls."""

    trajectory: Trajectory
    steps: tuple[Step, ...]
    secrets: tuple[str, ...]


def load(library: "Library", name: str) -> Loaded:
    """The trajectory with its steps laid out; raises `BadInputError` for one that cannot be replayed."""
    trajectory = find_complete(name, library, lambda _: None)
    open_ones = {variable.name: "" for variable in trajectory.variables if variable.default is None}
    laid_out, _ = prepared(trajectory, open_ones, library.find)
    return Loaded(trajectory, laid_out.steps, secret_names(laid_out))


def orders_of(library: "Library", name: str, setup: Setup, at: Steps) -> list[Order]:
    """One order per row of the data, or one; raises `BadInputError` for what is known to be wrong before a run."""
    rows = read_rows(setup.data) if setup.data else [{}]
    steps = with_fields(setup.wish.steps, breaks=at.breaks, single=at.single)
    trajectory = find_complete(name, library, lambda _: None)
    order = order_of(with_fields(setup.wish, steps=steps), trajectory, library)
    return [filled(order, {**setup.values, **row}, library) for row in rows]


def with_breaks(order: Order, breaks: tuple[int, ...]) -> Order:
    """The order of a later row, with the breakpoints as they are by then."""
    return replace(order, pace=replace(order.pace, breaks=breaks, single=False))
