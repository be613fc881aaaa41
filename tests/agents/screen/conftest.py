"""Screens made by hand and screens of real applications."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from workbench.desktop.atspi.opening import open_accessibility
from workbench.desktop.dry import DryAccessibility
from workbench.desktop.ports import Desktop, Frame
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.geometry import Point, Rect, Screen
from workbench.locate.sight import Sight
from workbench.trajectory import Element, PathNode, Window

DESKTOP = Rect(0, 0, 1000, 800)
ORDERS = Window("shop", "Orders", Rect(0, 0, 600, 500), handle=1)
PATIENCE_S = 15.0


@dataclass
class Drawn:
    """A tree of elements made by hand: `add` names the parent by the element that it returned."""

    window: Window = ORDERS
    others: tuple[Window, ...] = ()
    elements: list[Element] = field(default_factory=list)
    _counts: dict[tuple[PathNode, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frame = self.top("frame", self.window.title, self.window.bounds)

    def top(self, role: str, name: str, bounds: Rect) -> Element:
        element = Element(self.window.app, name, role, name, bounds, states=("sensitive", "showing"))
        self.elements.append(element)
        return element

    def add(self, role: str, name: str = "", at: tuple[int, int, int, int] = (10, 10, 80, 20), **said: Any) -> Element:
        parent = said.pop("parent", self.frame)
        path = (*parent.path, PathNode(parent.role, parent.name, parent.index))
        index = self._counts.get(path, 0)
        self._counts[path] = index + 1
        states = ("sensitive", "showing", *said.pop("states", ()))
        place = len(self.elements)
        said.setdefault("ref", (":1", str(place)))
        element = Element(
            self.window.app, parent.window, role, name, Rect(*at), path=path, index=index, states=states, **said
        )
        self.elements.append(element)
        return element

    def _in_tree(self, element: Element) -> tuple[int, ...]:
        tops = [one.window for one in self.elements if not one.path]
        below = (*(node.index for node in element.path[1:]), element.index) if element.path else ()
        return (tops.index(element.window), *below)

    def sight(self) -> Sight:
        frame = Frame(np.zeros((DESKTOP.height, DESKTOP.width, 4), np.uint8), Point(0, 0), 0)
        return Sight(
            frame=frame,
            screens=(Screen("one", DESKTOP),),
            active=self.window,
            windows=(*self.others, self.window),
            accessibility=DryAccessibility(sorted(self.elements, key=self._in_tree)),
            load_frame={}.__getitem__,
        )


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


@dataclass
class Stage:
    """A private desktop on which applications are started and looked at; each ends with its test."""

    private: PrivateDesktop
    desktop: Desktop
    running: list[int] = field(default_factory=list)

    def start(self, command: str) -> Window:
        launched = self.private.launch(command)
        self.running.append(launched.pid)
        window = self.until(
            lambda: next((one for one in self.desktop.windows.all() if one.handle == launched.window), None)
        )
        self.desktop.windows.activate(window)
        assert self.until(lambda: (active := self.desktop.windows.active()) and active.handle == launched.window), (
            f"{command} does not come to the front"
        )
        return window

    def sight(self) -> Sight:
        desktop = self.desktop
        return Sight(
            frame=desktop.screens.grab(),
            screens=desktop.screens.layout(),
            active=desktop.windows.active(),
            windows=desktop.windows.all(),
            accessibility=desktop.accessibility,
            load_frame={}.__getitem__,
        )

    def until(self, answer: Callable[[], Any]) -> Any:
        """Ask until the answer is true; the last one."""
        deadline = time.monotonic() + PATIENCE_S
        while not (last := answer()) and time.monotonic() < deadline:
            self.desktop.screens.wait_for_change(0.05)
        return last

    def press(self, *keys: str) -> None:
        for key in keys:
            self.desktop.keyboard.press(key)
        for key in reversed(keys):
            self.desktop.keyboard.release(key)

    def end(self) -> None:
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)
        self.running.clear()
        assert self.until(lambda: not self.desktop.windows.all())


@pytest.fixture(scope="package")
def desk() -> Iterator[tuple[PrivateDesktop, Desktop]]:
    with PrivateDesktop.start((1280, 800)) as private:
        opened = open_x11(
            private.display, accessibility=lambda windows: open_accessibility(private.bus_address, windows=windows)
        )
        yield private, opened
        opened.close()


@pytest.fixture
def stage(desk: tuple[PrivateDesktop, Desktop]) -> Iterator[Stage]:
    made = Stage(*desk)
    yield made
    made.end()
