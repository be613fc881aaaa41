"""The window as a process of its own on a real screen, and a person who sees and uses it from outside."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pytest

pytest.importorskip("PySide6.QtCore", reason="the window is an extra: pip install .[window]")

from workbench.desktop.private import PrivateDesktop
from workbench.library.store import Library

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 90.0
APP = "gui-agent-workbench"
RUNS = (b"workbench.session", b"agents.session")

DOUBLE_CLICK_S = 0.5
"""A list that opened under the mouse takes no click for this long: it may be the second of a double click."""

T = TypeVar("T")
Seen = dict[str, Any]


def until(answer: Callable[[], T], what: str, within_s: float = PATIENCE_S) -> T:
    """Ask until the answer is true, and return it."""
    end_s = time.monotonic() + within_s
    while not (last := answer()):
        assert time.monotonic() < end_s, f"{what} did not come"
        time.sleep(0.1)
    return last


class Person:
    """Sees what is on a desktop through its accessibility, and uses its mouse and keyboard; nothing else."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("hands.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=desktop.environment() | {"PYTHONPATH": str(ROOT)},
        )
        self._hear()

    def ask(self, *question: object) -> Any:
        """Have `hands.py` do something."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._hear()

    def elements(self, app: str = APP) -> list[Seen]:
        """Everything that the application shows."""
        found: list[Seen] = self.ask("elements", app)
        return found

    def find(self, name: str, role: str = "", app: str = APP) -> Seen | None:
        """What is called so and has a place on the screen; the last one, which is in the newest window."""
        found = [
            each
            for each in self.elements(app)
            if name in (each["name"], each["label"]) and role in ("", each["role"]) and all(each["box"][2:])
        ]
        return found[-1] if found else None

    def see(self, name: str, role: str = "", app: str = APP) -> Seen:
        """Wait until something of this name is shown."""
        return self._until(lambda: self.find(name, role, app), f"{role or 'something'} called {name!r}", app)

    def read(self, words: str, app: str = APP) -> str:
        """Wait until these words stand somewhere; the whole line."""
        said = self._until(lambda: [line for line in self.lines(app) if words in line], f"the words {words!r}", app)
        return said[-1]

    def lines(self, app: str = APP) -> list[str]:
        """All that can be read: names and values."""
        return [line for each in self.elements(app) for line in (each["name"], each["value"]) if line]

    def usable(self, name: str, role: str = "", app: str = APP) -> Seen:
        """Wait until it is there and may be used."""
        return self.at_rest(lambda: self.find(name, role, app), f"{role or 'something'} called {name!r}", app)

    def at_rest(self, look: Callable[[], Seen | None], what: str, app: str = APP) -> Seen:
        """Wait until what is looked for may be used, and is where it was at the look before: windows may yet move."""
        places: list[Any] = [None]

        def found() -> Seen | None:
            one = look()
            places.append(one and one["box"])
            return one if one and "enabled" in one["states"] and places[-1] == places[-2] else None

        return self._until(found, f"{what} that can be used", app)

    def click(self, name: str, role: str = "", app: str = APP, *, count: int = 1) -> None:
        """Wait until it is there and may be used, and click on its middle."""
        x, y, width, height = self.usable(name, role, app)["box"]
        self.ask("click", x + width // 2, y + height // 2, count)

    def click_line(self, words: str) -> None:
        """Click on the line of a list that has these words."""
        self.click(self.read(words), "list item")

    def choose(self, name: str, entry: str) -> None:
        """Choose an entry of a combo box."""
        self.click(name, "combo box")
        self.usable(entry, "list item")
        time.sleep(DOUBLE_CLICK_S)
        self.click(entry, "list item")
        until(lambda: not self.find(entry, "list item"), f"the end of the list with {entry}")  # it has the keyboard
        until(lambda: entry == self.see(name, "combo box")["value"], f"{entry} chosen")

    def fill(self, name: str, text: str, role: str = "text") -> None:
        """Replace what stands in a field, once it has the keyboard: a window manager may hold clicks back, not keys."""
        self.click(name, role)
        self.keyboard_in(name)
        self.press("ctrl", "a")
        self.ask("type", text)

    def drag(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """Drag with the mouse."""
        self.ask("drag", x, y, to_x, to_y)

    def press(self, *keys: str) -> None:
        """Press keys together."""
        self.ask("press", *keys)

    def type(self, text: str) -> None:
        """Type."""
        self.ask("type", text)

    def notices(self) -> list[str]:
        """What the window says above the room."""
        return [line for line in self.lines() if line.startswith("Notice: ")]

    def windows(self) -> list[tuple[str, str]]:
        """Application and title of each window, topmost first."""
        return [(app, title) for app, title in self.ask("windows")]

    def keyboard_in(self, name: str) -> None:
        """Wait until what is typed goes to what is called so."""

        def there() -> bool:
            has = self.ask("focused")
            return bool(has) and name in (has["name"], has["label"])

        until(there, f"the keyboard in {name!r}")

    def comes_to_front(self, words: str) -> None:
        """Wait until the window whose title has these words has the keyboard."""
        until(lambda: words in self.ask("active"), f"{words} in front")

    def front(self, words: str) -> None:
        """Turn to the window whose title has these words."""
        until(lambda: any(words in title for _, title in self.windows()), f"a window called {words}")
        self.ask("front", words)
        self.comes_to_front(words)

    def close(self) -> None:
        """Go away."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(PATIENCE_S)
        self._process.stdout.close()

    def _until(self, answer: Callable[[], T], what: str, app: str) -> T:
        try:
            return until(answer, what)
        except AssertionError:
            shown = "; ".join(self.lines(app))
            raise AssertionError(f"{what} did not come; {app} shows: {shown}") from None

    def _hear(self) -> Any:
        assert self._process.stdout
        answer = json.loads(self._process.stdout.readline() or '{"wrong": "the person is gone"}')
        assert "said" in answer, answer["wrong"]
        return answer["said"]


@dataclass
class Table:
    """A desktop, a person at it, and the window; `variables` are for the window's process."""

    desktop: PrivateDesktop
    person: Person
    library: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    windows: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start the program as a person does."""
        with self.talk.open("ab") as talk:
            process = subprocess.Popen(
                [sys.executable, "-m", "ui.qt.main", "--library", str(self.library), *words],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=talk,
                stderr=talk,
            )
        self.windows.append(process)
        return process

    def open(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start the program and wait until its window is there."""
        process = self.start(*words)
        self.person.comes_to_front("workbench")
        return process

    @property
    def talk(self) -> Path:
        """The file with what the window said on its terminal."""
        return self.library.with_name("talk.txt")

    @property
    def environment(self) -> dict[str, str]:
        """What the window's process is given."""
        return {**self.desktop.environment(), "PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1", **self.variables}

    def workers(self) -> list[int]:
        """The processes below the newest window that carry out a run."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                words = (status.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == self.windows[-1].pid and any(module in words for module in RUNS):
                found.append(int(status.parent.name))
        return found

    def without_tour(self) -> "Table":
        """This person has had the tour."""
        self.settings_folder.mkdir(parents=True, exist_ok=True)
        (self.settings_folder / "window.ini").write_text("[General]\ntour_seen=true\n")
        return self

    def leave(self) -> None:
        """Quit, and see that it ends well."""
        self.person.press("ctrl", "q")
        assert ended(self.windows[-1]) == 0

    @property
    def settings_folder(self) -> Path:
        """Where the window keeps its settings."""
        return Path(self.environment["XDG_CONFIG_HOME"]) / "gui-agent-workbench"

    def opened_library(self) -> Library:
        """The library on the disk."""
        return Library.open(self.library)

    def stored(self, ask: Callable[[Library], T]) -> T:
        """What the library on the disk says."""
        with self.opened_library() as library:
            return ask(library)

    def close(self) -> None:
        for process in self.windows:
            if process.poll() is None:
                process.kill()
            process.wait()
        said = self.talk.read_text() if self.talk.exists() else ""
        assert "Traceback" not in said, said
        assert "Fatal" not in said, said


def ended(process: "subprocess.Popen[bytes]", within_s: float = PATIENCE_S) -> int:
    """The exit code, once it has ended."""
    until(lambda: process.poll() is not None, "the end of the window", within_s)
    assert process.returncode is not None
    return process.returncode


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    """Asks until an answer is true."""
    return until


@pytest.fixture(name="ended")
def _ended() -> Callable[..., int]:
    """Waits for the end of a window; its exit code."""
    return ended


@pytest.fixture
def wait_until_it_listens() -> Callable[["subprocess.Popen[str]"], str]:
    """Reads what a recorder says until it records; the id of the recording."""

    def wait(recorder: "subprocess.Popen[str]") -> str:
        assert recorder.stderr
        said = []
        for line in recorder.stderr:
            if line.startswith("recording "):
                return line.split()[1]
            said.append(line)
        raise AssertionError(f"the recorder ended before it listened: {''.join(said)}")

    return wait


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Callable[..., Table]]:
    """Makes desktops with a person; everything ends with the test."""
    with ExitStack() as stack:

        def made(*, library: Path | None = None, **variables: str) -> Table:
            desktop = stack.enter_context(PrivateDesktop.start((1280, 800)))
            person = Person(desktop)
            stack.callback(person.close)
            one = Table(desktop, person, library or tmp_path / "library", variables)
            stack.callback(one.close)
            return one

        yield made
