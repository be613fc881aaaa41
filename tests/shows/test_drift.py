"""Show 2: a recording is replayed on screens that have changed since; what is benign finishes, nothing clicks wrongly.

Every application keeps its own account of what was really done to it, and that is the judge: the form's log, the file
that the editor saved, what the calculators show. WORKBENCH_SHOWS=full makes five runs of every drift instead of one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from Xlib import X
from Xlib.display import Display

from workbench.desktop.opening import open_desktop
from workbench.desktop.private import PrivateDesktop
from workbench.events import StepLocated
from workbench.library.store import Library

FORM = f"/usr/bin/python3 {Path(__file__).resolve().parents[1] / 'apps' / 'gtk_form.py'}"
RUNS = 5 if os.environ.get("WORKBENCH_SHOWS") == "full" else 1
BENIGN_SHARE = 0.95
HALT_S = "4"
PATIENCE_S = 20.0
DARK = {"GTK_THEME": "Adwaita:dark"}
LARGE_PRINT = {"GDK_DPI_SCALE": "1.25"}


@dataclass
class Stage:
    """A private desktop with an application on it, and what may be rearranged there before a replay."""

    desktop: PrivateDesktop
    folder: Path
    perform: Callable[..., None]
    window: int = 0

    def move(self, dx: int, dy: int) -> None:
        """Put the application's window elsewhere."""
        with _connected(self.desktop) as display:
            window = display.create_resource_object("window", self.window)
            at = display.screen().root.translate_coords(window, 0, 0)
            window.configure(x=at.x + dx, y=at.y + dy)
            display.sync()

    def grow(self, width: int, height: int) -> None:
        """Make the application's window larger, or smaller."""
        with _connected(self.desktop) as display:
            window = display.create_resource_object("window", self.window)
            size = window.get_geometry()
            window.configure(width=size.width + width, height=size.height + height)
            display.sync()

    def cover(self) -> None:
        """Put another application's window over everything; what is done to it is logged too."""
        width, height = self.desktop.size
        size = f"--size {width - 20}x{height - 60} --at 0,0"
        self.desktop.launch(f"{FORM} --app intruder --title Intruder {size} --log {self.folder / 'intruder'}")
