"""Opening mss, which takes the pictures of a display, without what makes that slow.

mss looks for the eight system libraries that it may use through `ctypes.util.find_library`, which starts `ldconfig`
for each (measured: 20 to 40 ms in all). Their names are fixed, so they are tried as they are.
"""

import ctypes
import ctypes.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import mss

_NAMES = {
    "X11": "libX11.so.6",
    "Xfixes": "libXfixes.so.3",
    "Xrandr": "libXrandr.so.2",
    "xcb": "libxcb.so.1",
    "xcb-randr": "libxcb-randr.so.0",
    "xcb-render": "libxcb-render.so.0",
    "xcb-shm": "libxcb-shm.so.0",
    "xcb-xfixes": "libxcb-xfixes.so.0",
}
"""The names that these libraries have on every system with their present binary interface."""

_opening = threading.Lock()


def open_camera(display_name: str) -> "mss.MSS":
    """mss on that display; the caller closes it. Raises `ScreenShotError` where it gives no pictures."""
    with _opening, _known_libraries():
        return mss.MSS(display=display_name)


@contextmanager
def _known_libraries() -> Iterator[None]:
    """Inside, libraries with a known name are found at once; all others as ever."""
    search = ctypes.util.find_library

    def found(name: str) -> str | None:
        known = _NAMES.get(name)
        return known if known and _loads(known) else search(name)

    ctypes.util.find_library = found
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
