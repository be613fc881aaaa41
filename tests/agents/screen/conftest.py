"""Screens made by hand."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from workbench.desktop.dry import DryAccessibility
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.locate.sight import Sight
from workbench.trajectory import Element, PathNode, Window

DESKTOP = Rect(0, 0, 1000, 800)
ORDERS = Window("shop", "Orders", Rect(0, 0, 600, 500), handle=1)


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
