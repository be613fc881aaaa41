"""The emergency stop of a run, owned by the guard process: it works even when the run hangs."""

import os

from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.ports import Desktop
from workbench.session.child import Pipe


def watch_emergency(guard: Guard, desktop: Desktop, hotkey: str, pipe: Pipe) -> None:
    """Let the guard end the run on the hotkey, or when a person slams the pointer into the corner (X11)."""
    if desktop.backend != "x11":
        return

    def stop(why: str) -> None:
        pipe.stop_reason = f"emergency stop: {why}"
        desktop.keyboard.release_all()

    guard.watch_emergency(Screenful(desktop.name, os.environ.get("XAUTHORITY")), hotkey, stop)
