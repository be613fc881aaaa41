"""Real X servers, window managers and windows for these tests; everything is ended by its process id."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from Xlib import X

from workbench.desktop.ports import Desktop
from workbench.desktop.x11.connection import close, connect
from workbench.desktop.x11.opening import open_x11
from workbench.desktop.x11.windows import X11Windows
from workbench.trajectory import Window

NEEDED = ("Xvfb", "openbox", "setxkbmap", "xcalc", "mousepad", "dbus-run-session")

PATIENCE_S = 60.0


def wait(holds: Callable[[], Any], what: str = "it") -> None:
    """Wait for a condition, generously: a loaded machine must not fail a test."""
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not come about"
        time.sleep(0.005)


@pytest.fixture(name="wait_until")
def _wait_until() -> Callable[..., None]:
    return wait


@pytest.fixture(scope="session", autouse=True)
def _programs() -> None:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str] | None = None, **options: Any) -> Iterator[Any]:
    """A process that is killed, and waited for, at the end."""
    process = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=os.environ | (environment or {}), **options
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def x_server(screen: str = "1280x800x24", *more: str) -> Iterator[str]:
    """An X server on a free display that it chooses itself; gives the display's name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-noreset", *more]
    with running(command, pass_fds=[write]):
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        assert number, "the X server did not start"
        yield f":{number}"


@contextlib.contextmanager
def window_manager(display: str) -> Iterator[None]:
    with running(["openbox", "--sm-disable"], {"DISPLAY": display}), linked(display) as connection:
        # openbox announces itself first and the list of windows once it manages them
        atom = connection.get_atom("_NET_CLIENT_LIST")
        wait(lambda: connection.screen().root.get_full_property(atom, X.AnyPropertyType), "openbox")
        yield


@contextlib.contextmanager
def linked(display: str) -> Iterator[Any]:
    connection = connect(display)
    try:
        yield connection
    finally:
        close(connection)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A display with a window manager."""
    with x_server() as name, window_manager(name):
        yield name


@pytest.fixture
def servers() -> Iterator[Callable[..., str]]:
    """Starts X servers of the test's own: `servers("640x480x8")`."""
    with contextlib.ExitStack() as stack:
        yield lambda *options: stack.enter_context(x_server(*options))


@pytest.fixture
def mortal() -> Iterator[tuple[str, Callable[[], None]]]:
    """A display, and what ends it at once."""
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(x_server()), stack.close


@pytest.fixture
def resize() -> Callable[[str, int, int], None]:
    """Gives a display another, smaller size."""

    def to(display: str, width: int, height: int) -> None:
        mode = ["smaller", "20", *(str(width + n) for n in (0, 1, 2, 3)), *(str(height + n) for n in (0, 1, 2, 3))]
        for words in (
            ["--newmode", *mode],
            ["--addmode", "screen", mode[0]],
            ["--output", "screen", "--mode", mode[0]],
        ):
            subprocess.run(["xrandr", "-d", display, *words], check=True)

    return to


@pytest.fixture
def link(display: str) -> Iterator[Any]:
    """A plain connection of the test's own."""
    with linked(display) as connection:
        yield connection


@pytest.fixture
def desktop(display: str, forget_pyautogui: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """The display as the program opens it. pyautogui binds to one display for good, so it is loaded afresh."""
    monkeypatch.setenv("DISPLAY", display)  # the program sets it as well; this way it ends with the test
    forget_pyautogui()
    opened = open_x11(display)
    try:
        yield opened
    finally:
        opened.close()
        forget_pyautogui()


@dataclass
class Canvas:
    """A window of the test's own, whose events can be counted."""

    connection: Any
    window: Any
    frame: Any
    """The window manager's frame around it; the window itself where none manages it."""

    def events(self, *kinds: int) -> list[Any]:
        self.connection.sync()
        found = [self.connection.next_event() for _ in range(self.connection.pending_events())]
        return [event for event in found if event.type in kinds]

    def raise_(self) -> None:
        self.window.configure(stack_mode=X.Above)
        self.connection.sync()

    def hold_presses(self) -> None:
        """From now on every press stops the pointer, as window managers do to look at it, until `let_pass`."""
        self.window.grab_button(
            X.AnyButton, X.AnyModifier, False, X.ButtonPressMask, X.GrabModeSync, X.GrabModeAsync, X.NONE, X.NONE
        )
        self.connection.sync()

    def let_pass(self) -> None:
        self.connection.allow_events(X.ReplayPointer, X.CurrentTime)
        self.connection.sync()

    def hide(self) -> None:
        self.window.unmap()
        self.connection.sync()

    def destroy(self) -> None:
        self.window.destroy()
        self.connection.sync()

    def is_gone(self) -> bool:
        """Whether nothing of it can be seen: until its frame is gone, its last pixels stay on the screen."""
        return self.frame.id not in {child.id for child in self.connection.screen().root.query_tree().children}


@pytest.fixture
def canvas(link: Any) -> Iterator[Callable[..., Canvas]]:
    """Makes windows: `canvas(x, y, width, height, colour)`, unmanaged unless told otherwise, shown and focused."""
    made: list[Canvas] = []

    def make(
        x: int = 100,
        y: int = 100,
        width: int = 200,
        height: int = 150,
        colour: int = 0xFF0000,
        *,
        managed: bool = False,
        properties: dict[str, int] | None = None,
        name: str = "canvas",
    ) -> Canvas:
        window = link.screen().root.create_window(
            x,
            y,
            width,
            height,
            0,
            24,
            X.InputOutput,
            X.CopyFromParent,
            background_pixel=colour,
            override_redirect=not managed,
            event_mask=X.KeyPressMask
            | X.KeyReleaseMask
            | X.ButtonPressMask
            | X.ButtonReleaseMask
            | X.StructureNotifyMask,
        )
        window.set_wm_class("painter", "Canvas")
        window.set_wm_name(name)
        for key, value in (properties or {}).items():
            window.change_property(link.get_atom(key), link.get_atom("CARDINAL"), 32, [value])
        window.map()
        link.sync()
        wait(lambda: window.get_attributes().map_state == X.IsViewable, "the window")
        window.clear_area()
        if managed:
            wait(lambda: _is_managed(link, window), "its place among the managed windows")
        else:
            window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        link.sync()
        made.append(Canvas(link, window, window.query_tree().parent if managed else window))
        return made[-1]

    yield make
    for one in made:
        one.destroy()
    for one in made:
        wait(one.is_gone, "the end of a window")
    # the window manager takes the focus that the windows left: later, it would take it from the next test's window
    wait(lambda: link.get_input_focus().focus not in (X.NONE, X.PointerRoot), "the focus on something")


def _is_managed(link: Any, window: Any) -> bool:
    """Whether the window manager has done everything by which others know the window as one of its own."""
    listed = link.screen().root.get_full_property(link.get_atom("_NET_CLIENT_LIST_STACKING"), X.AnyPropertyType)
    return listed is not None and window.id in listed.value and window.get_wm_state() is not None


@pytest.fixture
def unrepeated(link: Any) -> Iterator[None]:
    """The server repeats no key, however long a busy machine holds it."""
    link.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
    link.sync()
    yield
    link.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOn)
    link.sync()


@pytest.fixture
def set_layout(display: str) -> Iterator[Callable[..., None]]:
    """Sets the keyboard layout; it is American again afterwards."""

    def set_to(layout: str, variant: str = "") -> None:
        subprocess.run(["setxkbmap", "-display", display, "-layout", layout, "-variant", variant], check=True)

    yield set_to
    set_to("us")


class Editor:
    """mousepad with one file: what is typed into it can be read back exactly."""

    def __init__(self, desktop: Desktop, file: Path) -> None:
        self.desktop = desktop
        self.file = file

    def focus(self) -> None:
        windows = self.desktop.windows
        wait(lambda: any(window.app == "mousepad" for window in windows.all()), "mousepad")
        window = next(window for window in windows.all() if window.app == "mousepad")
        windows.activate(window)
        wait(lambda: (active := windows.active()) is not None and active.app == "mousepad", "the focus")

    def chord(self, *keys: str) -> None:
        for key in keys:
            self.desktop.keyboard.press(key)
        for key in reversed(keys):
            self.desktop.keyboard.release(key)

    def typed(self, act: Callable[[], None]) -> str:
        """The text of the document after it was emptied and `act` happened in it."""
        self.chord("ctrl", "a")
        self.desktop.keyboard.type_text("x")
        self.chord("BackSpace")
        act()
        wait(self._is_changed, "a change")
        self.file.unlink(missing_ok=True)
        self.chord("ctrl", "s")
        wait(lambda: self.file.exists() and not self._is_changed(), "saving")
        return self.file.read_text(encoding="utf-8").removesuffix("\n")

    def _is_changed(self) -> bool:
        active = self.desktop.windows.active()
        return active is not None and active.title.startswith("*")


@pytest.fixture(scope="module")
def mousepad(display: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """mousepad, running with a file of its own; gives the file."""
    home = tmp_path_factory.mktemp("mousepad")
    file = home / "text.txt"
    file.write_text("old\n")
    private = {"DISPLAY": display, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "NO_AT_BRIDGE": "1"}
    private["GSETTINGS_BACKEND"] = "memory"
    command = ["dbus-run-session", "--", "mousepad", "--disable-server", str(file)]
    with linked(display) as connection, running(command, private, stdout=subprocess.DEVNULL):
        windows = X11Windows(connection)
        wait(lambda: _mousepads(windows), "mousepad")
        yield file
        for window in _mousepads(windows):
            os.kill(window.pid or 0, signal.SIGKILL)
        wait(lambda: not _mousepads(windows), "the end of mousepad")


def _mousepads(windows: X11Windows) -> list[Window]:
    return [window for window in windows.all() if window.app == "mousepad" and window.pid]


@pytest.fixture
def editor(mousepad: Path, desktop: Desktop) -> Editor:
    """The running mousepad, with the focus."""
    opened = Editor(desktop, mousepad)
    opened.focus()
    return opened
