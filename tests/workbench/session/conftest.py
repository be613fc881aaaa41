"""A desktop in memory whose applications say what the test wants: for rules that need no screen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.locate.sight import Sight
from workbench.trajectory import Element, Window

SCREEN = Screen("only", Rect(0, 0, 200, 100), primary=True)


@dataclass
class Elements:
    """Accessibility over a list of elements, each known by its `ref`."""

    known: list[Element] = field(default_factory=list)
    focus: Element | None = None
    unanswered: int = 0

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        return next((element for element in self.known if element.bounds.contains(point)), None)

    def focused(self) -> Element | None:
        return self.focus

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        return [e for e in self.known if e.app == app and role in (None, e.role) and name in (None, e.name)][:limit]

    def walk(self, app: str) -> Iterator[Element]:
        yield from (element for element in self.known if element.app == app)

    def refresh(self, element: Element) -> Element | None:
        return next((now for now in self.known if now.ref == element.ref), None)

    def speaks_for(self, app: str) -> bool:
        return any(element.app == app for element in self.known)


Look = Callable[..., Sight]


@pytest.fixture
def look() -> Look:
    """Makes a moment: the active window, what accessibility says, and pixels that may differ in one place."""

    def made(active: Window | None, elements: Elements | None = None, *, mark: Rect | None = None) -> Sight:
        frame = Frame(np.zeros((100, 200, 4), np.uint8), Point(0, 0), 0)
        if mark is not None:
            frame.crop(mark)[:] = 255
        windows = (active,) if active else ()
        return Sight(frame, (SCREEN,), active, windows, elements, lambda digest: frame)

    return made


@pytest.fixture
def elements() -> type[Elements]:
    """The class of in-memory accessibility."""
    return Elements
