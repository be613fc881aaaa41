"""The ports of the device layer: what a desktop can be asked, and nothing about how.

Backends implement these Protocols; `workbench.desktop.opening.open_desktop` chooses one. All coordinates are desktop
pixels (`workbench.geometry`). Unless said otherwise a port belongs to the thread that opened it. Anything that the
system refuses raises `UnavailableError` with a line that says how to mend it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from workbench.actions import Button
from workbench.geometry import Point, Rect, Screen, union
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Window

Pixels = NDArray[np.uint8]
"""Shape (height, width, 4), uint8, channels blue, green, red, unused: as the system captures."""


@dataclass(frozen=True)
class Frame:
    """One picture of the desktop or a part of it; `origin` is the desktop point of its top-left pixel."""

    pixels: Pixels
    origin: Point
    monotonic_ns: int

    @property
    def bounds(self) -> Rect:
        """The desktop rectangle that the picture covers."""
        height, width = self.pixels.shape[:2]
        return Rect(self.origin.x, self.origin.y, width, height)

    def crop(self, region: Rect) -> Pixels:
        """The pixels inside `region` (a view, clipped to the picture); raises ValueError when outside."""
        inside = self.bounds.intersection(region)
        if inside is None:
            raise ValueError(f"{region} is outside the frame {self.bounds}")
        left, top = inside.x - self.origin.x, inside.y - self.origin.y
        return self.pixels[top : top + inside.height, left : left + inside.width]

    def part(self, region: Rect) -> "Frame":
        """The picture inside `region`, sharing its pixels; raises ValueError when outside."""
        pixels = self.crop(region)
        corner = Point(max(region.x, self.origin.x), max(region.y, self.origin.y))
        return Frame(pixels, corner, self.monotonic_ns)


class Screens(Protocol):
    """Eyes: the monitors and their pixels. The workbench's own windows are painted over in every frame."""

    def layout(self) -> tuple[Screen, ...]:
        """The monitors as they are now; at least one."""
        ...

    def grab(self) -> Frame:
        """The whole desktop now, in pixels that the caller owns."""
        ...

    def grab_part(self, region: Rect) -> Frame:
        """The part of the desktop inside `region` now; raises ValueError where that is nothing.

        It is a look aside: `wait_for_change` goes on from the last `grab`.
        """
        ...

    def hide(self, windows: Sequence[int]) -> None:
        """Paint over these windows (by `Window.handle`, our own or excluded ones) in every later frame."""
        ...

    def wait_for_change(self, timeout_s: float) -> bool:
        """Block until pixels may have changed since the last grab; False when `timeout_s` passed first."""
        ...


class Pointer(Protocol):
    """The hand on the mouse."""

    def position(self) -> Point:
        """Where the pointer is."""
        ...

    def move(self, to: Point) -> None:
        """Put the pointer there; raises `UnavailableError` when the system did not."""
        ...

    def press(self, button: Button) -> None:
        """Press and hold."""
        ...

    def release(self, button: Button) -> None:
        """Let go."""
        ...

    def on_tip(self) -> bool:
        """Whether a tooltip lies under the pointer and would get a press or a turn of the wheel."""
        ...

    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by notches, positive right and down."""
        ...


class Keyboard(Protocol):
    """The hands on the keys. Key names are those of `workbench.actions.PressKeys`."""

    def press(self, key: str) -> None:
        """Press and hold; raises `BadInputError` for a name no keyboard has."""
        ...

    def release(self, key: str) -> None:
        """Let go."""
        ...

    def type_text(self, text: str) -> None:
        """Type any Unicode text so that it arrives, whatever the layout; newline presses Return, tab Tab."""
        ...

    def release_all(self) -> None:
        """Let go of everything this keyboard and its pointer still hold."""
        ...


class Windows(Protocol):
    """The top-level windows."""

    def active(self) -> Window | None:
        """The window with the focus."""
        ...

    def all(self) -> tuple[Window, ...]:
        """All visible top-level windows, topmost first."""
        ...

    def at(self, point: Point) -> Window | None:
        """The topmost window under the point."""
        ...

    def activate(self, window: Window) -> None:
        """Bring to the front and focus; returns at once, callers wait for `active`."""
        ...


@dataclass(frozen=True)
class Placed:
    """A rectangle of the desktop that a window takes; `handle` is `Window.handle`."""

    handle: int
    bounds: Rect


@runtime_checkable
class Stacking(Protocol):
    """Windows that know of everything in front of a window, where a backend can tell."""

    def stacked(self) -> tuple[Placed, ...]:
        """All that is visible, menus, tooltips and other pop-ups included, topmost first."""
        ...


class Accessibility(Protocol):
    """What applications say about themselves. `Element.ref` is the handle for later questions.

    A dead or busy application never raises: it answers None or nothing, within 300 ms per call.
    """

    @property
    def unanswered(self) -> int:
        """How many questions were not answered in time so far; while it grows nothing follows from silence."""
        ...

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The deepest showing element at the point in that window's application, with path and states."""
        ...

    def focused(self) -> Element | None:
        """The element with the keyboard focus, `password` and `value` filled in (never the value of a password)."""
        ...

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        """Showing elements of the application with that role and exact name, in tree order."""
        ...

    def walk(self, app: str) -> Iterator[Element]:
        """All showing elements of the application, in tree order, lazily."""
        ...

    def refresh(self, element: Element) -> Element | None:
        """The same element as it is now; None when it is gone."""
        ...

    def speaks_for(self, app: str) -> bool | None:
        """Whether the application is on the accessibility bus with at least one element below its window.

        None means that somebody did not answer in time: nothing can be concluded from the silence.
        """
        ...


EventSink = Callable[[InputEvent], None]


class InputObserver(Protocol):
    """Ears: every input event of the desktop, with 0 as `seq` for the sink to number.

    The sink is called on the observer's own thread and must only enqueue.
    """

    def start(self, sink: EventSink) -> None:
        """Begin; returns once it truly listens."""
        ...

    def stop(self) -> None:
        """End; no call of the sink happens after it returns. Idempotent."""
        ...


BackendName = Literal["x11", "windows", "macos", "dry"]


@dataclass(frozen=True)
class Desktop:
    """One desktop and all its ports; `close` releases what is held and disconnects."""

    backend: BackendName
    name: str
    screens: Screens
    pointer: Pointer
    keyboard: Keyboard
    windows: Windows
    accessibility: Accessibility | None
    observer: InputObserver
    close: Callable[[], None]


def desktop_bounds(screens: Sequence[Screen]) -> Rect:
    """The rectangle around all monitors."""
    return union(screen.bounds for screen in screens)
