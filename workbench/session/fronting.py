"""Bringing the right window to the front before a run begins, and again after a person answered elsewhere."""

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


def _has_focus(eyes: Eyes, window: Window) -> bool:
    active = eyes.desktop.windows.active()
    return active is not None and active.handle == window.handle
