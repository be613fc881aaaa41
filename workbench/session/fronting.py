"""Which window is in front when a run goes on: its own after a question, a person's after they had the desktop."""

import time

from workbench.session.eyes import Eyes
from workbench.session.focus import same_window
from workbench.trajectory import Step, Window

PATIENCE_S = 2.0
"""How long a window manager may take; the first step then says what is missing."""


def begin_in_front(eyes: Eyes, first: Step) -> None:
    """Bring the window of the first step forward, when exactly one is open that could be it.

    A run is mostly started from a terminal, which then has the focus.
    """
    recorded = (first.target.window if first.target else None) or first.observation.window
    windows = eyes.desktop.windows
    if recorded is None or same_window(recorded, windows.active()):
        return
    candidates = [window for window in windows.all() if same_window(recorded, window)]
    if len(candidates) == 1:
        bring_to_front(eyes, candidates[0])


def bring_to_front(eyes: Eyes, window: Window | None) -> None:
    """Give this window the focus unless it has it; gives up quietly, because the grounder looks anyway."""
    if window is None or _has_focus(eyes, window):
        return
    eyes.desktop.windows.activate(window)
    end_s = time.monotonic() + PATIENCE_S
    while not _has_focus(eyes, window) and eyes.wait(end_s):
        pass


def leave_in_front(eyes: Eyes, answered_in: Window | None) -> None:
    """Let the window have the focus that a person used last, before they went to the one in which they answer.

    `answered_in` is that one, None where people answer elsewhere: then the window in front is theirs already.
    """
    if answered_in is None or not _has_focus(eyes, answered_in):
        return
    others = (window for window in eyes.desktop.windows.all() if window.handle != answered_in.handle)
    bring_to_front(eyes, next(others, None))


def _has_focus(eyes: Eyes, window: Window) -> bool:
    active = eyes.desktop.windows.active()
    return active is not None and active.handle == window.handle
