"""The screens port on X11: mss takes the pictures through shared memory, RandR knows the monitors."""

import contextlib
import re
import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import mss
import numpy as np
from msgspec.structs import replace
from mss.exception import ScreenShotError

from workbench.desktop.covering import paint_over
from workbench.desktop.ports import Frame, Pixels
from workbench.desktop.x11.camera import open_camera
from workbench.desktop.x11.connection import close, connect, kept, on_display, property_of
from workbench.desktop.x11.damage import Damage
from workbench.desktop.x11.hiding import Hiding
from workbench.errors import UnavailableError
from workbench.geometry import Point, Rect, Screen

_ORIGIN = Point(0, 0)
_DEPTHS = (24, 32)
_MASKS = (0xFF0000, 0x00FF00, 0x0000FF)
_DPI = re.compile(rb"^Xft\.dpi:\s*([0-9.]+)", re.M)
_SANE_SCALES = (0.5, 4.0)


class X11Screens:
    """The screens port; it has connections of its own, so any one thread may use it, also another than the opening one.

    `Screen.scale` is `Xft.dpi` divided by 96, which is what toolkits on X11 scale by; they ignore the millimetres that
    monitors report, and those are often made up. Raises `UnavailableError` for displays that have not 8 bits of red,
    green and blue.
    """

    def __init__(self, display_name: str) -> None:
        self._name = display_name
        self._connection = connect(display_name)
        with kept(self._connection):
            _check_colours(self._connection)
        self._root = self._connection.screen().root
        self._names: dict[int, str] = {}
        self._size = (0, 0)
        self._camera: mss.MSS | None = None
        self._painted: tuple[Rect, ...] = ()

    @cached_property
    def _damage(self) -> Damage:
        return Damage(self._name)

    @cached_property
    def _hiding(self) -> Hiding:
        return Hiding(self._name)

    @on_display
    def layout(self) -> tuple[Screen, ...]:
        """The monitors as RandR 1.5 names them, the primary one first; the whole root window without RandR."""
        scale = self._scale()
        found = sorted((self._screen(one, scale) for one in self._monitors()), key=lambda screen: not screen.primary)
        if not found:
            place = self._root.get_geometry()
            found = [Screen("root", Rect(0, 0, place.width, place.height), scale)]
        return (replace(found[0], primary=True), *found[1:])

    @on_display
    def grab(self) -> Frame:
        """The whole desktop now, in pixels that the caller owns."""
        self._damage.accept()
        before = self._hiding.regions()
        moment_ns = time.monotonic_ns()
        return self._covered(Frame(self._taken(), _ORIGIN, moment_ns), before)

    @on_display
    def grab_part(self, region: Rect) -> Frame:
        """The part of the desktop inside `region` now; raises ValueError where that is nothing."""
        before = self._hiding.regions()
        moment_ns = time.monotonic_ns()
        part = region.intersection(self._bounds())
        if part is None:
            raise ValueError(f"{region} is outside the desktop")
        return self._covered(Frame(self._taken(part), Point(part.x, part.y), moment_ns), before)

    @on_display
    def grab_into(self, buffer: Pixels, part: Rect | None = None) -> Frame:
        """The desktop now, written into `buffer` (height, width, 4); the frame's pixels are the buffer.

        Only `part` is taken, the whole desktop without one: what lies outside must be in the buffer already, as
        `changes` says. Raises ValueError when the desktop has another size. Callers limit the rate themselves.
        """
        before = self._hiding.regions()
        moment_ns = time.monotonic_ns()
        whole = self._bounds()
        if buffer.shape[:2] != (whole.height, whole.width):
            raise ValueError(f"the buffer is for {buffer.shape}, the desktop is {(whole.height, whole.width, 4)}")
        frame, taken = Frame(buffer, _ORIGIN, moment_ns), whole.intersection(part or whole)
        if taken is not None:
            np.copyto(frame.crop(taken), self._shot(taken, whole))
        return self._covered(frame, before)

    @on_display
    def changes(self) -> Rect | None:
        """Where pixels may have changed since this was last asked, of no area where none did; None: anywhere.

        `wait_for_change` goes on from here.
        """
        return self._damage.area()

    @cached_property
    def notices_all(self) -> bool:
        """Whether no change escapes `changes`: a compositor may draw with the graphics card without notice."""
        return not self._hiding.composited

    @property
    def covered(self) -> tuple[Rect, ...]:
        """What was painted over in the last frame."""
        return self._painted

    @on_display
    def hide(self, windows: Sequence[int]) -> None:
        """Paint over these windows in every later frame, instead of those named before."""
        self._hiding.hide(windows)

    @on_display
    def wait_for_change(self, timeout_s: float) -> bool:
        """Block until pixels may have changed since the last grab; False when `timeout_s` passed first."""
        return self._damage.wait(timeout_s)

    def close(self) -> None:
        """Disconnect."""
        if self._camera is not None:
            with contextlib.suppress(ScreenShotError):  # the display went away after the last picture
                self._camera.close()
        for name in ("_damage", "_hiding"):
            if name in self.__dict__:
                getattr(self, name).close()
        close(self._connection)

    def _bounds(self) -> Rect:
        place = self._root.get_geometry()
        return Rect(0, 0, place.width, place.height)

    def _taken(self, part: Rect | None = None) -> Pixels:
        whole = self._bounds()
        return self._shot(part or whole, whole)

    def _shot(self, taken: Rect, whole: Rect) -> Pixels:
        try:
            camera = self._fitting_camera((whole.width, whole.height))
            shot = camera.grab({"left": taken.x, "top": taken.y, "width": taken.width, "height": taken.height})
        except (ScreenShotError, AssertionError) as failure:  # mss asserts that a server answers
            raise UnavailableError(
                f"display {self._name} gives no picture ({failure}): start it again or use --private-desktop"
            ) from failure
        return np.frombuffer(shot.raw, np.uint8).reshape(taken.height, taken.width, 4)

    def _fitting_camera(self, size: tuple[int, int]) -> "mss.MSS":
        # mss sizes its shared memory once, so a desktop that grew needs another one.
        if self._camera is None or size != self._size:
            if self._camera is not None:
                self._camera.close()
            self._camera, self._size = open_camera(self._name), size
        return self._camera

    def _covered(self, frame: Frame, before: tuple[Rect, ...]) -> Frame:
        # A window may have moved while the picture was taken: where it was and where it is are both painted.
        after = self._hiding.regions()
        self._painted = before if before == after else (*before, *after)
        paint_over(frame, self._painted)
        return frame

    @cached_property
    def _knows_monitors(self) -> bool:
        """Whether the server has RandR 1.5, which can list monitors."""
        if not self._connection.has_extension("RANDR"):
            return False
        version = self._connection.xrandr_query_version()
        return (version.major_version, version.minor_version) >= (1, 5)

    def _monitors(self) -> list[Any]:
        monitors: list[Any] = self._root.xrandr_get_monitors().monitors if self._knows_monitors else []
        return monitors

    def _screen(self, monitor: Any, scale: float) -> Screen:
        if monitor.name not in self._names:
            self._names[monitor.name] = self._connection.get_atom_name(monitor.name)
        bounds = Rect(monitor.x, monitor.y, monitor.width_in_pixels, monitor.height_in_pixels)
        return Screen(self._names[monitor.name], bounds, scale, bool(monitor.primary))

    def _scale(self) -> float:
        found = _DPI.search(bytes(property_of(self._root, "RESOURCE_MANAGER") or b""))
        try:
            scale = float(found[1]) / 96 if found else 1.0
        except ValueError:
            return 1.0
        low, high = _SANE_SCALES
        return round(scale, 3) if low <= scale <= high else 1.0


def _check_colours(connection: Any) -> None:
    screen = connection.screen()
    visuals = [visual for depth in screen.allowed_depths if depth.depth in _DEPTHS for visual in depth.visuals]
    for visual in visuals:
        if visual.visual_id == screen.root_visual and _masks(visual) == _MASKS:
            return
    raise UnavailableError(
        f"display {connection.get_display_name()} has {screen.root_depth} bits of colour and its own order of them: "
        "use a display with 24 bits, or --private-desktop"
    )


def _masks(visual: Any) -> tuple[int, int, int]:
    return visual.red_mask, visual.green_mask, visual.blue_mask
