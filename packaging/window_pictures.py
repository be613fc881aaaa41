"""Draws every room of the window: `make pictures`, light and dark, at 100 % and 200 %, into docs/pictures/window.

What the pictures show is real: the demo's recording of a real application, its replay, and a run of the built-in model.
Without a screen: Qt draws into memory.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures" / "window"
THEMES = ("light", "dark")
SCALES = (1, 2)
SIZE = (1240, 800)
PATIENCE_S = 60.0
QUIET_S = 0.6
"""A room is ready when nothing was read in the background for this long."""


def main(arguments: Sequence[str]) -> int:
    """Make a library with the demo, unless one is given, and draw it in every way."""
    parser = argparse.ArgumentParser("window_pictures", description="Draw every room of the window.")
    parser.add_argument("--library", type=Path, help="draw this library instead of that of a fresh demo")
    parser.add_argument("--to", type=Path, default=PICTURES)
    parser.add_argument("--draw", nargs=2, metavar=("THEME", "SCALE"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.draw:
        draw(asked.library, asked.to, asked.draw[0], int(asked.draw[1]))
        return 0
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        library = asked.library or demo(Path(scratch))
        for theme in THEMES:
            for scale in SCALES:
                _process(library, asked.to, theme, scale, Path(scratch))
    return 0


def demo(folder: Path) -> Path:
    """The library that a demo in this folder makes."""
    command = [sys.executable, "-m", "ui.demo"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    return next(folder.glob("reports/demo-*/library"))


def _process(library: Path, folder: Path, theme: str, scale: int, scratch: Path) -> None:
    """One way in a process of its own: Qt has one scale per process."""
    own = {"XDG_CONFIG_HOME": str(scratch / "config"), "XDG_DATA_HOME": str(scratch / "data")}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    words = ["--library", str(library), "--to", str(folder), "--draw", theme, str(scale)]
    subprocess.run(
        [sys.executable, __file__, *words], cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, check=True
    )


def draw(library: Path, folder: Path, theme: str, scale: int) -> None:
    """Draw the rooms one after the other."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from ui.qt.core import Core
    from ui.qt.theme.dressing import Dress
    from ui.qt.window import RAIL, MainWindow

    application = QApplication(["workbench"])
    core = Core(Dress(application, theme), library)  # type: ignore[arg-type]  # the parent names one of the themes
    window = MainWindow(core, QSettings(str(folder / "none.ini"), QSettings.Format.IniFormat))
    window.resize(*SIZE)
    window.show()
    ready = _Ready(application.processEvents, core.tasks.busy)

    def keep(name: str) -> None:
        ready.wait()
        end = "" if scale == 1 else f"-{scale}00"
        window.grab().save(str(folder / f"{name}-{theme}{end}.png"))

    for name in RAIL:
        window.go(name)
        keep(name)
    summaries = core.tasks.with_library(lambda opened: opened.summaries()).result()
    human = next(each for each in summaries if each.source == "human")
    core.trajectory_wanted.emit(human.id, 3)
    keep("trajectory")
    core.replay_wanted.emit(human.id)
    keep("replay")
    core.comparison_wanted.emit(human.id, summaries[0].id)
    keep("comparison")
    core.record_wanted.emit()
    keep("recording")
    core.close()


class _Ready:
    """Waits until the window has nothing left to read."""

    def __init__(self, work: Callable[[], None], busy: "SignalInstance") -> None:
        self._work = work
        self._busy = 0
        busy.connect(self._count)

    def wait(self) -> None:
        """Let the window work until it was quiet for a while."""
        end, quiet = time.monotonic() + PATIENCE_S, time.monotonic()
        while time.monotonic() < min(end, quiet + QUIET_S):
            self._work()
            if self._busy:
                quiet = time.monotonic()
            time.sleep(0.01)

    def _count(self, busy: int) -> None:
        self._busy = busy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
