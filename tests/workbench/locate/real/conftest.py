"""Real applications on a private desktop, looked at through the real device layer."""

import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from workbench.desktop.atspi.opening import open_accessibility
from workbench.desktop.ports import Desktop, Frame
from workbench.desktop.private import Launched, PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.locate.sight import Sight
from workbench.locate.witness import build_target
from workbench.trajectory import Element, Target, Window

FORM = Path(__file__).resolve().parents[3] / "apps" / "gtk_form.py"
PATIENCE_S = 15.0


@dataclass
class Seen:
    """Applications come and go; what was recorded stays."""

    private: PrivateDesktop
    desktop: Desktop
    frames: dict[str, Frame] = field(default_factory=dict)
    running: list[Launched] = field(default_factory=list)

    def start(self, command: str, **variables: str) -> Window:
        """Start an application and wait until its picture and its accessibility have settled."""
        expected = len(self.desktop.windows.all()) + 1
        self.running.append(self.private.launch(command, variables=variables, wait_for_window=False))
        return self.settled(expected)

    def form(self, *options: str, **variables: str) -> Window:
        """Start the form with these options."""
        return self.start(shlex.join(["/usr/bin/python3", str(FORM), "--at", "300,200", *options]), **variables)

    def settled(self, expected: int) -> Window:
        """The topmost of so many windows, once nothing changed for 0.25 s (a caret takes longer to blink)."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            self.desktop.screens.grab()
            quiet = not self.desktop.screens.wait_for_change(0.25)
            windows = self.desktop.windows.all()
            if quiet and len(windows) >= expected and self.desktop.windows.active() is not None:
                return windows[0]
        raise AssertionError("the desktop does not come to rest")

    def stop(self) -> None:
        """End the application and wait until its windows are gone."""
        for launched in self.running:
            os.kill(launched.pid, signal.SIGTERM)
        self.running.clear()
        deadline = time.monotonic() + PATIENCE_S
        while self.desktop.windows.all() and time.monotonic() < deadline:
            self.desktop.screens.wait_for_change(0.1)

    def element(self, role: str, name: str = "", label: str = "") -> Element:
        """The showing element of the topmost application with this role, name and label."""
        app = self.desktop.windows.all()[0].app
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for element in self.desktop.accessibility.find(app=app, role=role, limit=100):
                if element.name == name and label in ("", element.label):
                    return element
        raise AssertionError(f"no {role} '{name}' {label} shows in {app}")

    def record(self, element: Element, *, accessible: bool = True) -> Target:
        """A target in the middle of the element, as a recorder would make it."""
        frame = self.desktop.screens.grab()
        frame_id = f"frame-{len(self.frames)}"
        self.frames[frame_id] = frame
        point = element.bounds.centre
        window = self.desktop.windows.at(point)
        told = self.desktop.accessibility.element_at(point, window) if accessible else None
        return build_target(point=point, frame=frame, frame_id=frame_id, window=window, element=told)

    def sight(self, *, accessible: bool = True) -> Sight:
        """Today's desktop."""
        return Sight(
            frame=self.desktop.screens.grab(),
            screens=self.desktop.screens.layout(),
            active=self.desktop.windows.active(),
            windows=self.desktop.windows.all(),
            accessibility=self.desktop.accessibility if accessible else None,
            load_frame=self.frames.__getitem__,
        )


@pytest.fixture(scope="module")
def private() -> Iterator[PrivateDesktop]:
    """One private desktop for a module."""
    with PrivateDesktop.start((1280, 800)) as desktop:
        yield desktop


@pytest.fixture(scope="module")
def desktop(private: PrivateDesktop) -> Iterator[Desktop]:
    """Its ports."""
    opened = open_x11(
        private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
    )
    yield opened
    opened.close()


@pytest.fixture
def seen(private: PrivateDesktop, desktop: Desktop) -> Iterator[Seen]:
    """An empty desktop and what was recorded on it."""
    made = Seen(private, desktop)
    yield made
    made.stop()


@pytest.fixture
def buttons(seen: Seen) -> Callable[..., dict[str, Target]]:
    """Record buttons of what runs now, by name."""

    def make(*names: str, role: str = "push button", **how: bool) -> dict[str, Target]:
        return {name: seen.record(seen.element(role, name), **how) for name in names}

    return make
