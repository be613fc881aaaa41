"""A desktop in memory whose applications say what the test wants: for rules that need no screen."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen, around
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


class Painted:
    """A small screen that says where it was painted; `script` is painted on while it is waited for, a deed each time.

    `wholes` counts the whole pictures that were taken of it, `parts` are those that were taken of a part.
    """

    bounds = Rect(0, 0, 32, 24)

    def __init__(self, *, notices_all: bool = True) -> None:
        self.pixels = np.zeros((self.bounds.height, self.bounds.width, 4), np.uint8)
        self.notices_all = notices_all
        self.wholes, self.parts = 0, list[Rect]()
        self.script: list[Callable[[], None]] = []
        self._changed: list[Rect] = []

    def paint(self, place: Rect, shade: int) -> None:
        self.pixels[place.y : place.bottom, place.x : place.right] = shade
        self._changed.append(place)

    def changes(self) -> Rect | None:
        told, self._changed = around(*self._changed), []
        return told

    def layout(self) -> tuple[Screen, ...]:
        return (Screen("painted", self.bounds),)

    def grab(self) -> Frame:
        self.wholes += 1
        return Frame(self.pixels.copy(), Point(0, 0), time.monotonic_ns())

    def grab_part(self, region: Rect) -> Frame:
        self.parts.append(region)
        return Frame(self.pixels.copy(), Point(0, 0), time.monotonic_ns()).part(region)

    def hide(self, windows: Sequence[int]) -> None:
        raise NotImplementedError("nothing is hidden on a painted screen")

    def wait_for_change(self, timeout_s: float) -> bool:
        if self.script:
            self.script.pop(0)()
        elif not self._changed:
            time.sleep(timeout_s)
        return bool(self._changed)


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


@pytest.fixture(scope="session")
def painted() -> type[Painted]:
    """The class of small screens that notice what is painted on them."""
    return Painted


@pytest.fixture
def elements() -> type[Elements]:
    """The class of in-memory accessibility."""
    return Elements
