"""A hand that makes raw input events, and a desk with real applications where a real one is moved through XTEST."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from Xlib import XK, X, display
from Xlib.ext import xtest

from recorder.messages import Did, Event, Resume
from recorder.options import RecordingOptions, RecordingResult
from recorder.session import RecordingChild, record_in_child
from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library
from workbench.trajectory import Element, Trajectory, Window

KEYSYMS = {" ": "space", "\n": "Return", ".": "period", ",": "comma", "-": "minus", "ü": "udiaeresis"}


@dataclass
class Hand:
    """Does with mouse and keyboard what it is told, as the events that a system would report of it."""

    events: list[InputEvent] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    at: Point = field(default_factory=lambda: Point(10, 10))
    now_ms: float = 1000.0

    def wait(self, ms: float) -> "Hand":
        self.now_ms += ms
        return self

    def put(self, kind: str, **fields: object) -> InputEvent:
        event = InputEvent(len(self.events) + 1, round(self.now_ms * 1e6), kind, **fields)  # type: ignore[arg-type]
        self.events.append(event)
        return event

    def move(self, x: int, y: int) -> InputEvent:
        self.at = Point(x, y)
        return self.put("move", point=self.at)

    def down(self, button: str = "left") -> InputEvent:
        return self.put("button_down", button=button, point=self.at)

    def up(self, button: str = "left") -> InputEvent:
        return self.put("button_up", button=button, point=self.at)

    def click(self, x: int, y: int, *, count: int = 1, button: str = "left", held: tuple[str, ...] = ()) -> "Hand":
        self.move(x, y)
        self._holding(held, lambda: [self._tap(button) for _ in range(count)])
        return self

    def _tap(self, button: str) -> None:
        self.down(button)
        self.wait(40)
        self.up(button)
        self.wait(60)

    def drag(self, points: list[tuple[int, int]], button: str = "left") -> "Hand":
        self.move(*points[0])
        self.down(button)
        for x, y in points[1:]:
            self.wait(20)
            self.move(x, y)
        self.up(button)
        return self

    def scroll(self, dx: int, dy: int, times: int = 1) -> "Hand":
        for _ in range(times):
            self.put("scroll", dx=dx, dy=dy, point=self.at)
            self.wait(30)
        return self

    def key(self, keysym: str, text: str = "", *, held: tuple[str, ...] = ()) -> "Hand":
        self._holding(held, lambda: [self.key_down(keysym, text), self.wait(20), self.key_up(keysym), self.wait(30)])
        return self

    def key_down(self, keysym: str, text: str = "") -> InputEvent:
        return self.put("key_down", keysym=keysym, text=text, keycode=_code(keysym))

    def key_up(self, keysym: str) -> InputEvent:
        return self.put("key_up", keysym=keysym, keycode=_code(keysym))

    def type(self, text: str) -> "Hand":
        for character in text:
            self.key(KEYSYMS.get(character, character), "" if character == "\n" else character)
        return self

    def _holding(self, held: tuple[str, ...], act: Callable[[], object]) -> None:
        for modifier in held:
            self.key_down(modifier)
            self.wait(5)
        act()
        for modifier in reversed(held):
            self.key_up(modifier)
            self.wait(5)

    def see(self, event: InputEvent | None = None, *, before: bool = True, **fields: object) -> "Hand":
        of = event or self.events[-1]
        self.sightings.append(Sighting(of.seq, round(self.now_ms * 1e6), before, **fields))  # type: ignore[arg-type]
        return self


def _code(keysym: str) -> int:
    return 9 + sum(ord(character) for character in keysym) % 240


def window(app: str = "mousepad", title: str = "Notes", handle: int | None = None) -> Window:
    return Window(app=app, title=title, bounds=Rect(0, 0, 800, 600), handle=handle)


def entry(label: str = "Name", *, value: str | None = "", app: str = "mousepad", multi_line: bool = False) -> Element:
    states = ("enabled", "focused", "multi-line") if multi_line else ("enabled", "focused")
    bounds = Rect(100, 100, 200, 30)
    return Element(
        app=app, window="Notes", role="text", name="", bounds=bounds, label=label, value=value, states=states
    )


@dataclass(frozen=True)
class Kit:
    """What tests build sightings from."""

    hand: type[Hand]
    window: Callable[..., Window]
    entry: Callable[..., Element]


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit(Hand, window, entry)


WAIT_S = 60.0
STILL_S = 0.1
LOOKS_NS = 100_000_000
"""No look at what an action led to comes sooner after it."""
FORM = Path(__file__).parents[1] / "apps" / "gtk_form.py"


class Desk:
    """A private desktop whose applications a test starts, finds elements of, clicks and types into."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self.desktop = desktop
        # A plain one: the keys that the hand presses are looked up in the layout that it knows.
        self.connection: Any = display.Display(desktop.display)
        self._eyes: Any = connect(desktop.display)
        self.windows = X11Windows(self._eyes)
        opened = open_accessibility(bus_address=desktop.bus_address, windows=self.windows)
        assert opened is not None
        self.accessibility = opened
        self.acted_ns = 0

    @property
    def environment(self) -> Mapping[str, str]:
        return self.desktop.environment()

    @contextmanager
    def running(self, command: str) -> Iterator[int]:
        """The program on the desktop, active and heard of by accessibility; ended afterwards."""
        launched = self.desktop.launch(command)
        try:
            active = self.until(lambda: self._active_of(launched.pid))
            self.until(lambda: self.accessibility.speaks_for(active.app))
            yield launched.pid
        finally:
            os.kill(launched.pid, signal.SIGKILL)
            self.until(lambda: all(window.pid != launched.pid for window in self.windows.all()))

    def _active_of(self, pid: int) -> Window | None:
        active = self.windows.active()
        return active if active and active.pid == pid else None

    def until(self, condition: Callable[[], Any]) -> Any:
        end_s = time.monotonic() + WAIT_S
        while not (found := condition()):
            assert time.monotonic() < end_s, "it did not happen in time"
            time.sleep(0.02)
        return found

    def element(self, app: str, name: str | None = None, role: str | None = None, label: str | None = None) -> Element:
        """The element, once it stands still: a window that is coming up is still moved."""

        def find() -> Element | None:
            found = self.accessibility.find(app=app, name=name, role=role)
            return next((element for element in found if label is None or element.label == label), None)

        def still() -> Element | None:
            before = find()
            time.sleep(STILL_S)
            after = find() if before else None
            return after if before and after and before.bounds == after.bounds else None

        element: Element = self.until(still)
        return element

    def send(self, kind: int, detail: int = 0, at: Point | None = None) -> None:
        self.send_all([(kind, detail, at)])

    def send_all(self, parts: Iterable[tuple[int, int, Point | None]]) -> None:
        """All in one go: the server repeats a key that a busy machine holds for longer."""
        for kind, detail, at in parts:
            place = at or Point(0, 0)
            xtest.fake_input(self.connection, kind, detail, x=place.x, y=place.y)
            if kind != X.MotionNotify:
                self.acted_ns = time.monotonic_ns()
        self.connection.sync()

    def move(self, to: Point) -> None:
        self.send(X.MotionNotify, at=to)

    def press(self, at: Point, button: int = 1) -> None:
        """Go there as a hand does, which arrives before it presses."""
        self.move(at)
        time.sleep(0.1)
        self.send_all([(X.ButtonPress, button, None), (X.ButtonRelease, button, None)])

    def click(self, element: Element) -> None:
        self.press(element.bounds.centre)

    def key(self, keysym: str, *held: str, times: int = 1) -> None:
        code, codes = self._code(keysym), [self._code(name) for name in held]
        parts = [(X.KeyPress, code), (X.KeyRelease, code)] * times
        parts = [*((X.KeyPress, one) for one in codes), *parts, *((X.KeyRelease, one) for one in reversed(codes))]
        self.send_all((kind, one, None) for kind, one in parts)

    def type(self, text: str, pause_s: float = 0.03) -> None:
        for character in text:
            name = XK_NAMES.get(character, character)
            held = ("Shift_L",) if character.isupper() else ()
            self.key(name, *held)
            time.sleep(pause_s)

    def clear(self) -> None:
        """Empty the field that has the focus, and see that it is empty."""
        self.key("a", "Control_L")
        self.key("BackSpace")
        self.until(lambda: (field := self.accessibility.focused()) is not None and not field.value)

    def _code(self, keysym: str) -> int:
        code: int = self.connection.keysym_to_keycode(XK.string_to_keysym(keysym))
        assert code, f"the layout has no {keysym}"
        return code

    def close(self) -> None:
        self.accessibility.close()
        for connection in (self.connection, self._eyes):
            connection.close()


XK_NAMES = {" ": "space", ".": "period", ",": "comma", "-": "minus", "\n": "Return"}


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    with PrivateDesktop.start((1280, 800)) as desktop:
        made = Desk(desktop)
        yield made
        made.close()


class Recording:
    """A recording that is under way, and what was heard of it."""

    def __init__(self, desk: Any, folder: Path, **options: Any) -> None:
        self.folder, self.heard, self._at_first = folder, list[Event](), 0
        self.child: RecordingChild = record_in_child(
            RecordingOptions(**options), library=folder, environment=desk.environment, on_event=self.heard.append
        )
        assert self.child.ready.wait(WAIT_S)
        assert self.child.trajectory, self.heard
        self._began_ns = time.monotonic_ns()
        # an order that changes nothing is carried out once everything has been looked at that was there before
        self.child.send(Resume())
        self.did("resume")
        self._at_first = len(self.heard)

    def stop(self) -> RecordingResult:
        result = self.child.stop()
        self.child.process.terminate()
        self.child.join()
        return result

    def did(self, word: str, times: int = 1) -> None:
        end_s = time.monotonic() + WAIT_S
        while sum(isinstance(event, Did) and event.word == word for event in self.heard[self._at_first :]) < times:
            assert time.monotonic() < end_s, self.heard
            time.sleep(0.01)

    def settle(self, desk: Any) -> None:
        """Wait until what was done has been written down, with a look at what it led to."""
        assert desk.acted_ns > self._began_ns, "nothing was done"

        def written() -> bool:
            with Library.open(self.folder) as library:
                seen = library.sightings(self.child.trajectory)
            return any(not one.before and one.monotonic_ns > desk.acted_ns + LOOKS_NS for one in seen)

        desk.until(written)

    def moment(self) -> None:
        """Let it see what is there now; nothing tells when it has, where it writes nothing down."""
        time.sleep(0.4)

    def kinds(self) -> list[str]:
        """What is written down so far."""
        with Library.open(self.folder) as library:
            return [event.kind for event in library.events(self.child.trajectory)]

    def trajectory(self) -> Trajectory:
        with Library.open(self.folder) as library:
            assert library.verify() == []
            return library.get(self.child.trajectory)

    def bytes_of(self, text: str) -> list[str]:
        """Every file of the library in which the text occurs, in any encoding that a program may write."""
        needles = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), text[::-1].encode()]
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


@contextmanager
def recording(desk: Any, folder: Path, **options: Any) -> Iterator[Recording]:
    made = Recording(desk, folder, **options)
    try:
        yield made
    finally:
        made.child.process.kill()
        made.child.join()
        made.child.__exit__(None, None, None)


@pytest.fixture(scope="session")
def record() -> Callable[..., Any]:
    """Makes recordings that never outlive their test."""
    return recording


@pytest.fixture(scope="session")
def form() -> str:
    """The command of a form with a password field; needs the system's Python with GTK."""
    command = "/usr/bin/python3"
    found = subprocess.run([command, "-c", "import gi; gi.require_version('Gtk', '3.0')"], capture_output=True)
    if found.returncode != 0:
        pytest.skip("the form needs python3-gi and gir1.2-gtk-3.0 of the system")
    return f"{command} {FORM}"
