"""The process that carries out agents' runs on one desktop, one after the other: `python -m agents.session.series`.

Desktop and models are opened once, which is most of what a short run costs; nothing else of a run outlives it. Each
order comes in `workbench.session.messages.Another`. It ends as the process of a single run does, and with the first
run that crashes, that an emergency stop ends, or that takes too long.
"""

import signal
import sys
from typing import TYPE_CHECKING

import msgspec

from agents.session.messages import AgentOrder, Minds
from workbench.session.child import Pipe, serve
from workbench.session.messages import Another

if TYPE_CHECKING:
    from agents.runtime.pool import Pool
    from workbench.session.running import Ready

MODULE = "agents.session.series"


def main() -> int:
    """Carry out what standard input orders until it closes."""
    return serve(Another, _carry_out_all)


def _carry_out_all(first: Another, pipe: Pipe, ready: "Ready") -> None:
    from workbench.session.emergency import watch_emergency

    another: Another | None = first
    watch_emergency(ready.guard, ready.desktop, _order(first).emergency_hotkey, pipe)
    while another is not None:
        another = _with_same_minds(another, pipe, ready)


def _with_same_minds(first: Another, pipe: Pipe, ready: "Ready") -> Another | None:
    """Carry out the order and those that follow; returns the first one of other models."""
    from agents.session.minds import pool_of

    another: Another | None = first
    minds = _order(first).minds
    with pool_of(minds) as pool:
        while another is not None and _minds(another) == minds:
            _carry_out(another, pool, pipe, ready=ready)
            another = pipe.read_another()
    return another


def _carry_out(another: Another, pool: "Pool", pipe: Pipe, *, ready: "Ready") -> None:
    from agents.session.running import carry_out_with

    # the system ends a process that hangs, whatever it hangs in; the guard then lets go of what it holds
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, another.killed_after_s)
    try:
        carry_out_with(pool, _order(another), pipe, ready=ready)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


def _minds(another: Another) -> Minds:
    return _order(another).minds


def _order(another: Another) -> AgentOrder:
    return msgspec.json.decode(another.order, type=AgentOrder)


if __name__ == "__main__":
    sys.exit(main())
