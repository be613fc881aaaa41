"""Steps that a model repaired in a replay: shown as a difference to the trajectory, and kept when somebody says so."""

from collections.abc import Sequence

from ui.cli.console import Console
from ui.cli.naming import Opened
from ui.orders.mending import agreed_in_advance, keep, told_lines
from workbench.errors import StoppedError
from workbench.events import Event
from workbench.mending import mends_of
from workbench.session.messages import Order
from workbench.trajectory import Trajectory


def offer(found: Opened, order: Order, told: Sequence[Event], console: Console) -> Trajectory | None:
    """Show what was repaired and keep it if somebody agrees; then the trajectory as it is replayed from now on.

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
        for kept in keep(found.library, found.library.get(name), mends, order.run, read=order.read):
            of = f" of “{kept.title}”, which it calls" if kept.id != name else ""
            console.say(f"kept as {kept.id}@{kept.revision}{of}; `workbench-cli edit {kept.id} --undo` takes it back")
        return found.library.get(name)
    else:
        console.say(f"a proposal so far; `workbench-cli edit {name} --repair {order.run}` keeps it")
    return None


def _agreed(order: Order, told: Sequence[Event], console: Console) -> bool:
    if agreed_in_advance(order, told):
        return True
    if order.approve == "auto" or not console.interactive:
        return False
    try:
        return console.ask(f"keep this in “{order.trajectory.title}”? [y/N]").lower() in ("y", "yes")
    except StoppedError:
        return False
