"""What every test gets: a home, a library and settings of its own; and for those that ask, a desktop of their own."""

import os
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from workbench.desktop.ports import Desktop, Frame
from workbench.desktop.private import PrivateDesktop
from workbench.locate.sight import Sight
from workbench.trajectory import Element, Window

# how long one takes depends on the machine, which examples are tried on nothing: every run tries the same
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

FORM = Path(__file__).parent / "apps" / "gtk_form.py"
PATIENCE_S = 60.0
QUIET_S = 0.25
"""A desktop on which nothing changed for so long is at rest: a caret takes longer to blink."""


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests off the person's library, settings and secrets, in this process and in those it starts."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "XDG_DATA_HOME": "data",
        "XDG_CONFIG_HOME": "config",
        "XDG_CACHE_HOME": "cache",
        "XDG_STATE_HOME": "state",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.delenv("WORKBENCH_LIBRARY", raising=False)
    monkeypatch.delenv("WORKBENCH_SETTINGS", raising=False)


@pytest.fixture(scope="session")
def forget_pyautogui() -> Callable[[], None]:
    """Unloads pyautogui, which belongs to the first display that it saw, even when that one is gone."""

    def forget() -> None:
        bound = sys.modules.get("pyautogui")
        if bound is not None:
            from Xlib.error import ConnectionClosedError

            with suppress(ConnectionClosedError):
                bound.platformModule._display.close()
        for name in [name for name in sys.modules if name.partition(".")[0] == "pyautogui"]:
            del sys.modules[name]

    return forget


@pytest.fixture(scope="module", autouse=True)
def _own_display(forget_pyautogui: Callable[[], None]) -> Iterator[None]:
    """Leave the display of one module's desktop to no other module: the next desktop may even have the same name."""
    before = os.environ.get("DISPLAY")
    yield
    forget_pyautogui()
    os.environ.pop("DISPLAY", None)
    if before is not None:
        os.environ["DISPLAY"] = before


@pytest.fixture
def root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parents[1]


@dataclass
class Stage:
    """A private desktop on which real applications are started and looked at; `frames` are those that sights know."""

    private: PrivateDesktop
    desktop: Desktop
    frames: dict[str, Frame] = field(default_factory=dict)
    running: list[int] = field(default_factory=list)

    def start(self, command: str, **variables: str) -> Window:
        """Start an application; the topmost window, once it is there and in front and nothing changes any more."""
        before = {window.handle for window in self.desktop.windows.all()}
        self.running.append(self.private.launch(command, variables=variables, wait_for_window=False).pid)

        def is_in_front() -> bool:
            active = self.desktop.windows.active()
            return active is not None and active.handle not in before and active in self.desktop.windows.all()

        self.until(is_in_front)
        self.rest()
        return self.desktop.windows.all()[0]

    def form(self, *options: str, **variables: str) -> Window:
        """Start the form with these options."""
        return self.start(shlex.join(["/usr/bin/python3", str(FORM), "--at", "300,200", *options]), **variables)

    def until(self, answer: Callable[[], Any]) -> Any:
        """Ask until the answer is true, and return it."""
        deadline = time.monotonic() + PATIENCE_S
        while not (last := answer()):
            assert time.monotonic() < deadline, "it never came true"
            self.desktop.screens.wait_for_change(0.05)
        return last

    def rest(self) -> None:
        """Wait until nothing changes any more."""
        deadline = time.monotonic() + PATIENCE_S
        self.desktop.screens.grab()
        while self.desktop.screens.wait_for_change(QUIET_S):
            assert time.monotonic() < deadline, "the desktop does not come to rest"
            self.desktop.screens.grab()

    def sight(self, *, accessible: bool = True) -> Sight:
        """This moment."""
        desktop = self.desktop
        return Sight(
            frame=desktop.screens.grab(),
            screens=desktop.screens.layout(),
            active=desktop.windows.active(),
            windows=desktop.windows.all(),
            accessibility=desktop.accessibility if accessible else None,
            load_frame=self.frames.__getitem__,
        )

    def element(self, role: str, name: str = "", label: str = "") -> Element:
        """The showing element of the topmost application with this role, name and label."""
        app = self.desktop.windows.all()[0].app

        def named() -> Element | None:
            assert self.desktop.accessibility is not None
            listed = self.desktop.accessibility.find(app=app, role=role, limit=100)
            return next((one for one in listed if one.name == name and label in ("", one.label)), None)

        found = self.until(named)
        assert isinstance(found, Element)
        return found

    def press(self, *keys: str) -> None:
        """Press keys together."""
        for key in keys:
            self.desktop.keyboard.press(key)
        for key in reversed(keys):
            self.desktop.keyboard.release(key)

    def stop(self) -> None:
        """End the applications and wait until their windows are gone."""
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)
        self.running.clear()
        self.until(lambda: not self.desktop.windows.all())


@pytest.fixture(scope="module")
def _desktop() -> Iterator[tuple[PrivateDesktop, Desktop]]:
    from workbench.desktop.atspi.opening import open_accessibility
    from workbench.desktop.x11.opening import open_x11

    with PrivateDesktop.start((1280, 800)) as private:
        opened = open_x11(
            private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
        )
        with closing(opened):
            yield private, opened


@pytest.fixture
def stage(_desktop: tuple[PrivateDesktop, Desktop]) -> Iterator[Stage]:
    """An empty desktop, one for all tests of a module; what a test starts on it ends with the test."""
    made = Stage(*_desktop)
    yield made
    made.stop()
