"""Skeletons of real toolkits: random applications shown on a private desktop and read as the product reads them.

`PYTHONPATH=packaging/model python -m builtin_model.capturing OUT --seed N --screens N` writes, for each toolkit and
split, files of element lists that the generator of the training data takes for models of real screens. Qt needs a
Python with PySide6 (`--qt-python`), HTML needs Chromium; both and Xvfb are programs of the system. The same seed draws
the same applications; how the toolkits lay them out is theirs.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import join
from typing import Literal

import msgspec

from agents.screen.listing import ElementList
from agents.screen.reading import Read, read_screen
from builtin_model.toolkits import Application, Split, application, html
from workbench.desktop.ports import Desktop, Frame
from workbench.desktop.private import PrivateDesktop
from workbench.errors import WorkbenchError
from workbench.geometry import Point
from workbench.locate.sight import Sight

Toolkit = Literal["qt", "html"]

SIZE = (1280, 900)
FEWEST_LINES, MOST_LINES = 5, 50
PER_FILE = 50
"""Screens in one file."""

TRAIN_SHARE = 0.79
PATIENCE_S = 20.0
LOOK_EVERY_S = 0.15

BROWSER = (
    "chromium", "--no-sandbox", "--force-renderer-accessibility", "--no-first-run", "--password-store=basic",
    "--disable-gpu", "--test-type", "--window-size=1100,850",
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A private desktop on which one application at a time is shown and read."""

    private: PrivateDesktop
    desktop: Desktop

    def sight(self) -> Sight:
        """Today's screen."""
        ports = self.desktop
        return Sight(
            frame=ports.screens.grab(),
            screens=ports.screens.layout(),
            active=ports.windows.active(),
            windows=ports.windows.all(),
            accessibility=ports.accessibility,
            load_frame=_no_frames,
        )

    @contextmanager
    def shown(self, command: str) -> Iterator[None]:
        """The application in front; it is ended afterwards, and its windows are gone."""
        launched = self.private.launch(command)
        try:
            yield
        finally:
            os.kill(launched.pid, signal.SIGKILL)
            _until(lambda: not self.desktop.windows.all())

    def click(self, point: Point) -> None:
        """Click there."""
        pointer = self.desktop.pointer
        pointer.move(point)
        pointer.press("left")
        pointer.release("left")

    def keys(self, *names: str) -> None:
        """Press these keys together."""
        keyboard = self.desktop.keyboard
        for name in names:
            keyboard.press(name)
        for name in reversed(names):
            keyboard.release(name)

    def settled(self, ready: Callable[[Read], bool], *, most: int) -> Read | None:
        """The list of the screen once it is ready and two looks agree; None where it does not come to that."""
        last: Read | None = None
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            read = read_screen(self.sight(), most=most)
            if ready(read) and last is not None and read.shown == last.shown:
                return read
            last = read
            time.sleep(LOOK_EVERY_S)
        return None


@contextmanager
def stage() -> Iterator[Stage]:
    """A private desktop and its ports; raises `UnavailableError` where the system lacks what it needs."""
    from workbench.desktop.atspi.opening import open_accessibility
    from workbench.desktop.x11.opening import open_x11

    with ExitStack() as leaving:
        private = leaving.enter_context(PrivateDesktop.start(SIZE))
        opened = open_x11(
            private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
        )
        leaving.callback(opened.close)
        yield Stage(private, opened)


def skeletons(
    toolkit: Toolkit, split: Split, seeds: Sequence[int], *, on: Stage, qt_python: str
) -> Iterator[ElementList]:
    """The lists of the applications with these seeds; those of fewer or more lines than wanted are left out."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            drawn = application(seed, split)
            command = _command(toolkit, drawn, Path(folder), qt_python, bare=seed % 3 > 0)
            with on.shown(command):
                read = on.settled(lambda read: len(read.shown.lines) >= FEWEST_LINES, most=MOST_LINES)
            if read is not None and not read.shown.left_out:
                yield neutral(read.shown, drawn, folder)


def _command(toolkit: Toolkit, drawn: Application, folder: Path, qt_python: str, *, bare: bool) -> str:
    if toolkit == "qt":
        described = folder / "application.json"
        described.write_text(json.dumps(asdict(drawn)), encoding="utf-8")
        return join([qt_python, str(Path(__file__).with_name("qt_screen.py")), str(described)])
    page = folder / "page.html"
    page.write_text(html(drawn), encoding="utf-8")
    # without the browser's own buttons in two of three
    address = f"--app={page.as_uri()}" if bare else page.as_uri()
    return join([*BROWSER, f"--user-data-dir={folder / 'profile'}", address])


def neutral(shown: ElementList, drawn: Application, folder: str) -> ElementList:
    """The list without the places of this machine, its program named after the window."""
    lines = tuple(
        msgspec.structs.replace(line, value="" if folder in line.value or folder[1:] in line.value else line.value)
        for line in shown.lines
    )
    return ElementList(drawn.title.split()[0].lower(), drawn.title, lines)


def write(found: Sequence[ElementList], folder: Path, stem: str) -> list[Path]:
    """Write the lists as JSON, so many to a file; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, start in enumerate(range(0, len(found), PER_FILE)):
        path = folder / f"{stem}_{number}.json"
        listed = b",\n".join(map(msgspec.json.encode, found[start : start + PER_FILE]))
        path.write_bytes(b"[" + listed + b"]\n")
        written.append(path)
    return written


def _until(answer: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not answer() and time.monotonic() < deadline:
        time.sleep(LOOK_EVERY_S)


def _no_frames(_frame: str) -> Frame:
    raise KeyError("no frames are kept")


def _parsed(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="builtin_model.capturing", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path, help="folder for the files")
    parser.add_argument("--seed", type=int, default=1, help="first seed")
    parser.add_argument("--screens", type=int, default=200, help="screens in all, four fifths of them for training")
    parser.add_argument("--qt-python", default=sys.executable, help="a Python with PySide6")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Write the skeletons and say how many; 1 where the system lacks what it takes."""
    given = _parsed(words)
    shares: dict[Split, int] = {"train": round(given.screens * TRAIN_SHARE / 2)}
    shares["test"] = given.screens // 2 - shares["train"]
    try:
        with stage() as on:
            for toolkit in ("qt", "html"):
                for split, share in shares.items():
                    seeds = range(given.seed, given.seed + share)
                    found = list(skeletons(toolkit, split, seeds, on=on, qt_python=given.qt_python))
                    write(found, given.out, f"{split}_{toolkit}")
                    sys.stdout.write(f"{split} {toolkit}: {len(found)} of {share} screens\n")
    except WorkbenchError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
