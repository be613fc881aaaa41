"""The screens port on X11: mss takes the pictures through shared memory, RandR knows the monitors."""

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
        self._size = (0, 0)
        self._camera: mss.MSS | None = None

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
    def grab_into(self, buffer: Pixels) -> Frame:
        """The whole desktop now, written into `buffer` (height, width, 4); the frame's pixels are the buffer.

        Raises ValueError when the desktop has another size. Callers limit the rate themselves; together with
        `wait_for_change` an unchanged screen costs nothing.
        """
        self._damage.accept()
        before = self._hiding.regions()
        moment_ns = time.monotonic_ns()
        pixels = self._taken()
        if pixels.shape != buffer.shape:
            raise ValueError(f"the buffer is for {buffer.shape}, the desktop is {pixels.shape}")
        np.copyto(buffer, pixels)
        return self._covered(Frame(buffer, _ORIGIN, moment_ns), before)

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
            self._camera.close()
        for name in ("_damage", "_hiding"):
            if name in self.__dict__:
                getattr(self, name).close()
        close(self._connection)

    def _taken(self) -> Pixels:
        place = self._root.get_geometry()
        size = (place.width, place.height)
        try:
            camera = self._fitting_camera(size)
            shot = camera.grab({"left": 0, "top": 0, "width": size[0], "height": size[1]})
        except ScreenShotError as failure:
            raise UnavailableError(
                f"display {self._name} gives no picture ({failure}): start it again or use --private-desktop"
            ) from failure
        return np.frombuffer(shot.raw, np.uint8).reshape(size[1], size[0], 4)

    def _fitting_camera(self, size: tuple[int, int]) -> "mss.MSS":
        # mss sizes its shared memory once, so a desktop that grew needs another one.
        if self._camera is None or size != self._size:
            if self._camera is not None:
                self._camera.close()
            self._camera, self._size = mss.MSS(display=self._name), size
        return self._camera

    def _covered(self, frame: Frame, before: tuple[Rect, ...]) -> Frame:
        # A window may have moved while the picture was taken: where it was and where it is are both painted.
        after = self._hiding.regions()
        paint_over(frame, before if before == after else (*before, *after))
        return frame

    def _monitors(self) -> list[Any]:
        if not self._connection.has_extension("RANDR"):
            return []
        version = self._connection.xrandr_query_version()
        if (version.major_version, version.minor_version) < (1, 5):
            return []
        monitors: list[Any] = self._root.xrandr_get_monitors().monitors
        return monitors

    def _screen(self, monitor: Any, scale: float) -> Screen:
        bounds = Rect(monitor.x, monitor.y, monitor.width_in_pixels, monitor.height_in_pixels)
        return Screen(self._connection.get_atom_name(monitor.name), bounds, scale, bool(monitor.primary))

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
