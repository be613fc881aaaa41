"""Draws every view of the window: `make pictures`, light and dark, at 100 % and 200 %, into docs/pictures/window.

What the pictures show is real: the demo's recording of a real application, a rehearsal of it, and a run of the
built-in model that waits for approval. Examples are the figures on the recording pill, the address that an export
finds, a copy of the recording that a workflow is learned from, and the old name of the button that a replay asks about.
Without a screen: Qt draws into memory, applications into private desktops.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from window_drawing import Drawing

if TYPE_CHECKING:
    from workbench.settings_sections import Theme

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures" / "window"
THEMES: tuple["Theme", ...] = ("light", "dark")
SCALES = (1, 2)
SIZE = (1240, 800)


def main(arguments: Sequence[str]) -> int:
    """Make a library with the demo, unless one is given, and draw it in every way."""
    parser = argparse.ArgumentParser("window_pictures", description="Draw every view of the window.")
    parser.add_argument("--library", type=Path, help="draw this library instead of that of a fresh demo")
    parser.add_argument("--to", type=Path, default=PICTURES)
    parser.add_argument("--size", type=_size, default=SIZE, help="of the window, such as 900x600")
    parser.add_argument("--theme", choices=THEMES, help="only this one")
    parser.add_argument("--scale", type=int, choices=SCALES, help="only this one")
    parser.add_argument("--draw", nargs=2, metavar=("THEME", "SCALE"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.draw:
        draw(asked.library, asked.to, THEMES[THEMES.index(asked.draw[0])], int(asked.draw[1]), size=asked.size)
        return 0
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        library = asked.library or demo(Path(scratch))
        for theme in (asked.theme,) if asked.theme else THEMES:
            for scale in (asked.scale,) if asked.scale else SCALES:
                words = ["--to", str(asked.to), "--size", "x".join(map(str, asked.size)), "--draw", theme, str(scale)]
                _process(library, words, scale, Path(scratch) / f"{theme}-{scale}")
    return 0


def _size(words: str) -> tuple[int, int]:
    """Width and height, such as 900x600."""
    width, height = map(int, words.split("x"))
    return width, height


def demo(folder: Path) -> Path:
    """The library that a demo in this folder makes."""
    command = [sys.executable, "-m", "ui.demo"]
    subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    return next(folder.glob("reports/demo-*/library"))


def _process(library: Path, words: Sequence[str], scale: int, scratch: Path) -> None:
    """One way in a process of its own, since Qt has one scale per process, and on a copy: the run is kept in it."""
    shutil.copytree(library, scratch / "library")
    own = {"XDG_CONFIG_HOME": str(scratch / "config"), "XDG_DATA_HOME": str(scratch / "data")}
    environment = {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, __file__, "--library", str(scratch / "library"), *words]
    subprocess.run(command, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, check=True)


def draw(library: Path, folder: Path, theme: "Theme", scale: int, *, size: tuple[int, int]) -> None:
    """Draw the views one after the other."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    def told(kind: QtMsgType, _place: object, words: str | None) -> None:
        if "This plugin does not support" not in (words or ""):  # there is no window manager, which is no news
            sys.stderr.write(f"{kind.name}: {words}\n")

    qInstallMessageHandler(told)
    drawing = Drawing(QApplication(["workbench"]), folder, theme, "" if scale == 1 else f"-{scale}00", size=size)
    with tempfile.TemporaryDirectory() as nowhere:
        drawing.open(Path(nowhere) / "library")
        drawing.room("library", "welcome")
        drawing.close()
    drawing.open(library)
    drawing.rooms()
    drawing.trajectories()
    drawing.recording()
    drawing.dialogs()
    drawing.rehearsal()
    drawing.run()
    drawing.export()
    drawing.lessons()
    drawing.drift()
    drawing.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
