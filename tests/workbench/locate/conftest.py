"""Desktops drawn by hand, and accessibility that answers from a list of elements."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from workbench.desktop.ports import Accessibility, Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect, Screen
from workbench.locate.sight import Sight
from workbench.trajectory import Element, PathNode, Window

SIZE = (800, 600)
BOUNDS = Rect(100, 50, 420, 300)
FRAME_ID = "recorded"


@dataclass
class ListedAccessibility:
    """The accessibility of applications whose showing elements are listed; it answers as the port says."""

    elements: list[Element] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unanswered: int = 0

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        self.asked.append("element_at")
        at = [element for element in self.elements if element.bounds.contains(point)]
        at = [element for element in at if window is None or element.app == window.app]
        return min(at, key=lambda element: element.bounds.area, default=None)

    def focused(self) -> Element | None:
        return None

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        self.asked.append("find")
        fitting = [e for e in self.elements if e.app == app and role in (None, e.role) and name in (None, e.name)]
        return fitting[:limit]

    def walk(self, app: str) -> Iterator[Element]:
        return (element for element in self.elements if element.app == app)

    def refresh(self, element: Element) -> Element | None:
        return element

    def speaks_for(self, app: str) -> bool:
        return any(element.app == app for element in self.elements)


@dataclass
class Scene:
    """A drawn desktop with one window of buttons; draw on it, then look."""

    pixels: np.ndarray = field(default_factory=lambda: np.full((SIZE[1], SIZE[0], 4), 90, np.uint8))
    elements: list[Element] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    dark: bool = False
    scale: float = 1.0

    def window(self, bounds: Rect = BOUNDS, title: str = "Form", app: str = "form") -> "Scene":
        """Draw a window in front of those before."""
        face = 45 if self.dark else 244
        cv2.rectangle(self.pixels, (bounds.x, bounds.y), (bounds.right - 1, bounds.bottom - 1), (face,) * 3, -1)
        self.windows.insert(0, Window(app, title, bounds, pid=1, handle=len(self.windows) + 1))
        return self

    def button(self, name: str, x: int, y: int, *, told: str | None = None, **element: object) -> Element:
        """Draw a button in the front window, with its corner `x`, `y` from the window's, and list it."""
        window = self.windows[0]
        width, height = round(90 * self.scale), round(32 * self.scale)
        box = Rect(window.bounds.x + x, window.bounds.y + y, width, height)
        face, ink, border = (70, 235, 25) if self.dark else (225, 40, 180)
        corners = (box.x, box.y), (box.right - 1, box.bottom - 1)
        cv2.rectangle(self.pixels, *corners, (face,) * 3, -1)
        cv2.rectangle(self.pixels, *corners, (border,) * 3, 1)
        at = (box.x + round(12 * self.scale), box.y + round(21 * self.scale))
        cv2.putText(self.pixels, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5 * self.scale, (ink,) * 3, 1, cv2.LINE_AA)
        made = Element(
            app=window.app,
            window=window.title,
            role="push button",
            name=name if told is None else told,
            bounds=box,
            path=(PathNode("frame", window.title), PathNode("panel")),
            index=len(self.elements),
            states=("enabled", "sensitive", "showing"),
        )
        made = Element(**{f: element.get(f, getattr(made, f)) for f in made.__struct_fields__})  # type: ignore[arg-type]
        self.elements.append(made)
        return made

    def frame(self) -> Frame:
        """What is drawn, as a frame."""
        return Frame(self.pixels.copy(), Point(0, 0), 0)

    def sight(self, recorded: Frame | None = None, *, accessible: bool = True) -> Sight:
        """What the locator may look at; `recorded` is the frame of the recording."""
        return Sight(
            frame=self.frame(),
            screens=(Screen("one", Rect(0, 0, *SIZE), primary=True),),
            active=self.windows[0] if self.windows else None,
            windows=tuple(self.windows),
            accessibility=ListedAccessibility(self.elements) if accessible else None,
            load_frame=_loader(recorded),
        )


def _loader(recorded: Frame | None) -> Callable[[str], Frame]:
    def load(frame_id: str) -> Frame:
        if recorded is None:
            raise BadInputError(f"frame {frame_id} is not in the library; run verify")
        return recorded

    return load


@pytest.fixture
def scene() -> Callable[..., Scene]:
    """Make a drawn desktop."""
    return Scene


@pytest.fixture
def listed() -> type[ListedAccessibility]:
    """Make an accessibility that answers from a list."""
    return ListedAccessibility


@pytest.fixture
def form() -> Callable[..., Scene]:
    """A window with the buttons Save, Delete, Cancel and Apply, moved by `at` and drawn in this theme and scale."""

    def make(
        at: tuple[int, int] = (100, 50),
        names: tuple[str, ...] = ("Save", "Delete", "Cancel", "Apply"),
        title: str = "Form",
        **how: object,
    ) -> Scene:
        made = Scene(**how)  # type: ignore[arg-type]
        scale = made.scale
        made.window(Rect(*at, round(420 * scale), round(300 * scale)), title)
        for index, name in enumerate(names):
            made.button(name, round((8 + index * 102) * scale), round(200 * scale))
        return made

    return make


def is_accessibility(one: ListedAccessibility) -> Accessibility:
    """The list is what the port asks for: the type checker proves it."""
    return one
