"""Draws every view of the window: `make pictures`, light and dark, at 100 % and 200 %, into docs/pictures/window.

What the pictures show is real: the demo's recording of a real application, a rehearsal of it, and a run of the
built-in model that waits for approval; only the figures on the recording pill are an example. Without a screen: Qt
draws into memory, applications into private desktops.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from ui.qt.replay.room import ReplayRoom
    from ui.qt.run.room import RunRoom
    from workbench.library.records import Summary
    from workbench.settings_sections import Theme

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures" / "window"
THEMES: tuple["Theme", ...] = ("light", "dark")
SCALES = (1, 2)
SIZE = (1240, 800)
DESKTOP = "1280x800"
PATIENCE_S = 300.0
QUIET_S = 0.6
"""A view is ready when nothing was read in the background for this long."""

TASK = 'type "Hello from a small model", then open the Edit menu, then click Select All'
COLOURS, EXACT = 256, 160
"""So many are enough for a window and its icons, and the pictures take a third of the room."""


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
    drawing.close()


class Drawing:
    """A window without a screen, and pictures of what it shows."""

    def __init__(
        self, application: "QApplication", folder: Path, theme: "Theme", end: str, *, size: tuple[int, int]
    ) -> None:
        from ui.qt.theme.dressing import Dress

        self._application, self._folder, self._end, self._size = application, folder, f"-{theme}{end}", size
        self._dress = Dress(application, theme)
        self._busy = 0

    def open(self, library: Path) -> None:
        """Open a window on this library."""
        from PySide6.QtCore import QSettings

        from ui.qt.core import Core
        from ui.qt.window import MainWindow

        self._state = QSettings(str(library.parent / "state.ini"), QSettings.Format.IniFormat)
        self._core = Core(self._dress, library)
        self._core.tasks.busy.connect(self._count)
        self._window = MainWindow(self._core, self._state)
        self._window.resize(*self._size)
        self._window.show()

    def close(self) -> None:
        """Put the window away."""
        self._window.hide()
        self._core.close()
        self._busy = 0

    def room(self, name: str, picture: str = "") -> None:
        """Draw the room of that name."""
        self._window.go(name)
        self._keep(picture or name)

    def rooms(self) -> None:
        """Draw the rooms of the rail; in the library something is chosen."""
        from PySide6.QtWidgets import QListView

        from ui.qt.window import RAIL

        self._window.go("library")
        self._quiet()
        shelf = self._window.go("library").findChild(QListView)
        assert shelf is not None
        shelf.setCurrentIndex(shelf.model().index(0, 0))
        for name in RAIL:
            self.room(name)

    def trajectories(self) -> None:
        """Draw a recording as a trajectory, and beside another one."""
        other = next(each for each in self._summaries() if each.source != "human")
        self._core.trajectory_wanted.emit(self._recorded(), 3)
        self._keep("trajectory")
        self._core.comparison_wanted.emit(self._recorded(), other.id)
        self._keep("comparison")

    def recording(self) -> None:
        """Draw what is there before a recording, the pill that floats during one, and the review afterwards."""
        from recorder.options import Counters
        from ui.qt.recording.reviewing import Glance
        from ui.qt.recording.room import RecordingRoom
        from ui.qt.recording.standing import Standing

        room = self._window.go("recording")
        assert isinstance(room, RecordingRoom)
        self._keep("recording")
        room.pill.show_standing(Standing(Counters(seconds=83), Glance(steps=7, hidden=1)))
        room.pill.show()
        self._keep("pill", room.pill)
        room.pill.hide()
        room.open(self._recorded())
        self._keep("review")

    def dialogs(self) -> None:
        """Draw what the window says of itself."""
        from ui.qt.about import AboutDialog
        from ui.qt.tour import Tour

        for name, dialog in (
            ("tour", Tour(self._core, self._state, self._window)),
            ("about", AboutDialog(self._core, self._window, "about")),
            ("shortcuts", AboutDialog(self._core, self._window, "shortcuts")),
        ):
            dialog.open()
            self._keep(name, dialog)
            dialog.close()

    def rehearsal(self) -> None:
        """Draw a replay before it begins, and after a rehearsal of all its steps."""
        from ui.qt.replay.room import ReplayRoom

        self._core.replay_wanted.emit(self._recorded())
        self._keep("replay")
        room = self._window.go("replay")
        assert isinstance(room, ReplayRoom)
        self._rehearse(room)
        self._keep("rehearsal")

    def run(self) -> None:
        """Draw a run of the built-in model that waits for approval of its second step, and the approval bar."""
        from ui.orders.agent import Wish
        from ui.qt.run.room import RunRoom

        room = self._window.go("run")
        assert isinstance(room, RunRoom)
        about = {"model": "built-in", "exemplars": "none", "approve": "ask", "size": DESKTOP}
        room.begin(Wish(task=TASK, applications=("mousepad",), **about))  # type: ignore[arg-type]  # as the fields are
        self._asks(room, 1)
        room.helm.approve()
        self._asks(room, 2)
        self._keep("approval")
        room.bar.set_wanted(wanted=True)
        self._keep("approval-bar", room.bar)
        room.helm.stop()
        self._until(lambda: not room.helm.running, "the end of the run")
        room.bar.set_wanted(wanted=False)

    def _rehearse(self, room: "ReplayRoom") -> None:
        room.form.private_size.setText(DESKTOP)
        room.form.applications.setPlainText("galculator")
        room.controls.dry.setChecked(True)
        room.controls.actions_by_name["run"].trigger()
        self._until(lambda: room.debugger.busy, "the rehearsal")
        self._until(lambda: not room.debugger.busy, "the end of the rehearsal")
        room.list.choose(3)
        room.pictures.close_up.setChecked(True)

    def _asks(self, room: "RunRoom", index: int) -> None:
        self._until(
            lambda: room.helm.waiting is not None and room.helm.waiting.index == index, f"a question about step {index}"
        )

    def _summaries(self) -> "list[Summary]":
        return self._core.tasks.with_library(lambda opened: opened.summaries()).result()

    def _recorded(self) -> str:
        return next(each.id for each in self._summaries() if each.source == "human")

    def _keep(self, name: str, widget: "QWidget | None" = None) -> None:
        """Store a picture of the widget, or of the whole window, once nothing is left to be read."""
        self._quiet()
        file = self._folder / f"{name}{self._end}.png"
        (widget or self._window).grab().save(str(file))
        _slim(file)

    def _quiet(self) -> None:
        end, quiet = time.monotonic() + PATIENCE_S, time.monotonic()
        while time.monotonic() < min(end, quiet + QUIET_S):
            self._application.processEvents()
            if self._busy:
                quiet = time.monotonic()
            time.sleep(0.01)

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                said = "; ".join(notice.text for notice in self._core.notices.shown)
                raise SystemExit(f"{what} did not come within {PATIENCE_S:g} s. {said}")
            self._application.processEvents()
            time.sleep(0.01)

    def _count(self, busy: int) -> None:
        self._busy = busy


def _slim(file: Path) -> None:
    """Store the picture again with few colours: the most frequent ones as they are, the others as near as can be."""
    import numpy as np
    from PIL import Image

    with Image.open(file) as opened:
        pixels = np.asarray(opened.convert("RGBA"))
    flat = pixels.view(np.uint32).ravel()
    packed, times = np.unique(flat, return_counts=True)
    every, order = packed.view(np.uint8).reshape(-1, 4)[:, :3], np.argsort(-times)
    kept, rest = every[order[:EXACT]], every[order[EXACT:]]
    if len(rest):
        near = Image.fromarray(rest.reshape(1, -1, 3)).quantize(COLOURS - EXACT).getpalette() or []
        kept = np.concatenate([kept, np.array(near, np.uint8).reshape(-1, 3)[: COLOURS - EXACT]])
    away = (kept.astype(np.float32) ** 2).sum(1) - 2 * every.astype(np.float32) @ kept.T.astype(np.float32)
    few = Image.fromarray(away.argmin(1).astype(np.uint8)[np.searchsorted(packed, flat)].reshape(pixels.shape[:2]), "P")
    few.putpalette(kept.tobytes())
    few.save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
