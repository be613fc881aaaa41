"""Which top-level windows of Windows a person would call windows, and what the workbench says of them."""

from dataclasses import dataclass

from workbench.geometry import Rect
from workbench.trajectory import Window

STYLE_TRANSPARENT = 0x00000020
"""Extended style of overlays that clicks fall through."""

SHELL_CLASSES = frozenset({"Progman", "WorkerW"})
"""The desktop itself: below everything and never closed."""


@dataclass(frozen=True)
class FoundWindow:
    """A top-level window as Windows describes it: `image` is its program's file name, `bounds` the visible frame."""

    handle: int
    title: str
    window_class: str
    bounds: Rect
    pid: int
    image: str
    visible: bool = True
    minimised: bool = False
    cloaked: bool = False
    extended_style: int = 0


def is_shown(found: FoundWindow) -> bool:
    """Whether it is on the screen and takes clicks: cloaked store applications and overlays are not."""
    if not found.visible or found.minimised or found.cloaked or not found.bounds.area:
        return False
    return found.window_class not in SHELL_CLASSES and not found.extended_style & STYLE_TRANSPARENT


def app_name(image: str) -> str:
    """The application's name: its program without `.exe`, in lower case because Windows does not mind the case."""
    lower = image.lower()
    return lower.removesuffix(".exe")


def window_of(found: FoundWindow) -> Window:
    """The window as trajectories know it."""
    return Window(app_name(found.image), found.title, found.bounds, found.pid or None, found.handle)
