"""A desktop on which nothing is done: for rehearsals on a real one, and in memory for tests.

`DryDesktop(real)` sees what the real desktop shows and keeps a list of what would have been done. `DryDesktop()` alone
serves the frames, windows and elements it was given. Importing this opens nothing on any system.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.actions import Button
from workbench.desktop.covering import paint_over
from workbench.desktop.ports import (
    Accessibility,
    Desktop,
    EventSink,
    Frame,
    InputObserver,
    Pixels,
    Screens,
    Windows,
    desktop_bounds,
)
from workbench.geometry import Point, Rect, Screen
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

SCREEN = Screen("dry", Rect(0, 0, 1280, 800), primary=True)


@dataclass(frozen=True)
class Deed:
    """One thing that would have been done: `what` is the port and its method, as in `pointer.move`.

    `text` is what would have been typed; it may be a secret and never appears in the deed's representation.
    """

    what: str
    point: Point | None = None
    name: str = ""
    dx: int = 0
    dy: int = 0
    text: str = field(default="", repr=False)


class DryDesktop:
    """Makes a `Desktop` (attribute `desktop`) that does nothing and writes down every deed (attribute `deeds`).

    With `real` its screens, windows, accessibility and observer are used and its pointer and keyboard are not; closing
    closes it too. Without one, frames are served in turn (the last one stays, a grey screen if there are none), and
    `windows` (topmost first) and `elements` are what is there. Everything may be used from any thread that the real
    desktop allows.
    """

    def __init__(
        self,
        real: Desktop | None = None,
        *,
        frames: Sequence[Pixels] = (),
        windows: Sequence[Window] = (),
        elements: Sequence[Element] = (),
        screens: Sequence[Screen] = (SCREEN,),
    ) -> None:
        self.deeds: list[Deed] = []
        self.screens: Screens = real.screens if real else DryScreens(screens, frames, windows)
        self.windows: Windows = _SeenWindows(real.windows, self._done) if real else DryWindows(windows, self._done)
        self.accessibility: Accessibility | None = real.accessibility if real else DryAccessibility(elements)
        self.observer: InputObserver = real.observer if real else DryObserver()
        start = real.pointer.position() if real else desktop_bounds(screens).centre
        self.desktop = Desktop(
            backend="dry",
            name=real.name if real else "dry",
            screens=self.screens,
            pointer=DryPointer(start, self._done),
            keyboard=DryKeyboard(self._done),
            windows=self.windows,
            accessibility=self.accessibility,
            observer=self.observer,
            close=real.close if real else self.observer.stop,
        )

    def _done(self, deed: Deed) -> None:
        self.deeds.append(deed)


_Done = Callable[[Deed], None]


class DryScreens:
    """Screens in memory; `show` brings the next picture, from any thread."""

    def __init__(
        self, screens: Sequence[Screen], frames: Sequence[Pixels] = (), windows: Sequence[Window] = ()
    ) -> None:
        self._screens = tuple(screens)
        self._frames = list(frames)
        self._places = {window.handle: window.bounds for window in windows if window.handle is not None}
        self._hidden: tuple[Rect, ...] = ()
        self._changed = threading.Condition()
        self._fresh = True

    def layout(self) -> tuple[Screen, ...]:
        """The screens that were given."""
        return self._screens

    def grab(self) -> Frame:
        """The next picture, as a copy that the caller owns."""
        with self._changed:
            pixels = self._next()
            self._fresh = len(self._frames) > 1
        bounds = desktop_bounds(self._screens)
        frame = Frame(pixels, Point(bounds.x, bounds.y), time.monotonic_ns())
        paint_over(frame, self._hidden)
        return frame

    def grab_part(self, region: Rect) -> Frame:
        """The part of the next picture inside `region`."""
        return self.grab().part(region)

    def hide(self, windows: Sequence[int]) -> None:
        """Paint over these of the windows that were given, whatever lies above them."""
        self._hidden = tuple(self._places[handle] for handle in windows if handle in self._places)

    def wait_for_change(self, timeout_s: float) -> bool:
        """Whether another picture is there, at the latest after `timeout_s`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._fresh, timeout_s)

    def show(self, pixels: Pixels) -> None:
        """This picture comes after those that are still to be served."""
        with self._changed:
            self._frames.append(pixels)
            self._fresh = True
            self._changed.notify_all()

    def _next(self) -> Pixels:
        if not self._frames:
            bounds = desktop_bounds(self._screens)
            return np.full((bounds.height, bounds.width, 4), 128, np.uint8)
        return (self._frames.pop(0) if len(self._frames) > 1 else self._frames[0]).copy()


class DryPointer:
    """A pointer that is only a place."""

    def __init__(self, at: Point, done: _Done) -> None:
        self._at = at
        self._done = done

    def position(self) -> Point:
        """Where it would be."""
        return self._at

    def move(self, to: Point) -> None:
        """Would put the pointer there."""
        self._at = to
        self._done(Deed("pointer.move", to))

    def press(self, button: Button) -> None:
        """Would press and hold."""
        self._done(Deed("pointer.press", self._at, button))

    def release(self, button: Button) -> None:
        """Would let go."""
        self._done(Deed("pointer.release", self._at, button))

    def on_tip(self) -> bool:
        """Never: nothing lies on a screen that nobody touches."""
        return False

    def scroll(self, dx: int, dy: int) -> None:
        """Would turn the wheel."""
        self._done(Deed("pointer.scroll", self._at, dx=dx, dy=dy))


class DryKeyboard:
    """A keyboard that only takes notes; it accepts every name of a key."""

    def __init__(self, done: _Done) -> None:
        self._done = done

    def press(self, key: str) -> None:
        """Would press and hold."""
        self._done(Deed("keyboard.press", name=key))

    def release(self, key: str) -> None:
        """Would let go."""
        self._done(Deed("keyboard.release", name=key))

    def type_text(self, text: str) -> None:
        """Would type."""
        self._done(Deed("keyboard.type_text", text=text))

    def release_all(self) -> None:
        """Nothing is ever held."""


class _SeenWindows:
    """The real windows, none of which is brought to the front."""

    def __init__(self, real: Windows, done: _Done) -> None:
        self.active, self.all, self.at = real.active, real.all, real.at
        self._done = done

    def activate(self, window: Window) -> None:
        """Would bring it to the front."""
        self._done(Deed("windows.activate", name=window.title))


class DryWindows:
    """Windows in memory, topmost first; activating one puts it on top."""

    def __init__(self, windows: Sequence[Window], done: _Done) -> None:
        self._windows = list(windows)
        self._done = done

    def active(self) -> Window | None:
        """The topmost window."""
        return self._windows[0] if self._windows else None

    def all(self) -> tuple[Window, ...]:
        """All of them, topmost first."""
        return tuple(self._windows)

    def at(self, point: Point) -> Window | None:
        """The topmost one there."""
        return next((window for window in self._windows if window.bounds.contains(point)), None)

    def activate(self, window: Window) -> None:
        """Put it on top; a window that is not there changes nothing."""
        self._done(Deed("windows.activate", name=window.title))
        if window in self._windows:
            self._windows.remove(window)
            self._windows.insert(0, window)


class DryAccessibility:
    """Elements in memory, in tree order; all of them are showing."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.elements = list(elements)
        self.unanswered = 0

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The smallest element there."""
        there = [
            element
            for element in self.elements
            if element.bounds.contains(point) and (window is None or element.app == window.app)
        ]
        return min(there, key=lambda element: element.bounds.area, default=None)

    def focused(self) -> Element | None:
        """The element with the state `focused`."""
        return next((element for element in self.elements if "focused" in element.states), None)

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        """Those of the application with that role and exact name."""
        fitting = (e for e in self.walk(app) if role in (None, e.role) and name in (None, e.name))
        return [element for element, _ in zip(fitting, range(limit), strict=False)]

    def walk(self, app: str) -> Iterator[Element]:
        """All of the application."""
        return (element for element in self.elements if element.app == app)

    def refresh(self, element: Element) -> Element | None:
        """The element with the same `ref`, or the same element where it has none."""
        same = (e for e in self.elements if (e.ref == element.ref if element.ref else e == element))
        return next(same, None)

    def speaks_for(self, app: str) -> bool | None:
        """Whether it has an element."""
        return any(element.app == app for element in self.elements)


class DryObserver:
    """An observer that hears what `emit` tells it."""

    def __init__(self) -> None:
        self._sink: EventSink | None = None

    def start(self, sink: EventSink) -> None:
        """Begin."""
        self._sink = sink

    def stop(self) -> None:
        """End."""
        self._sink = None

    def emit(self, event: InputEvent) -> None:
        """Tell the sink, on the calling thread; nothing while nobody listens."""
        if self._sink is not None:
            self._sink(event)
