"""The emergency stop of a run, owned by the guard process: it works even when the run hangs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.ports import Desktop
from workbench.session.child import Pipe


@contextmanager
def guarded(desktop: Desktop, hotkey: str, pipe: Pipe) -> Iterator[Guard]:
    """A guard that releases what this process holds if it dies, and that ends the run on the emergency stop."""
    with Guard.start() as guard:
        if desktop.backend == "x11":
            where = Screenful(desktop.name, os.environ.get("XAUTHORITY"))

            def stop(why: str) -> None:
                pipe.stop_reason = f"emergency stop: {why}"

            guard.watch_emergency(where, hotkey, stop)
        yield guard
