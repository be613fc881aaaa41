"""Opening the desktop of this machine, whatever the system."""

import os
import sys
from typing import TYPE_CHECKING

from workbench.errors import UnavailableError

if TYPE_CHECKING:
    # the device layer is loaded when a desktop is opened, not when it is spoken of
    from workbench.desktop.guard import Guard
    from workbench.desktop.ports import Desktop


def open_desktop(
    name: str | None = None, *, with_accessibility: bool = True, guard: "Guard | None" = None
) -> "Desktop":
    """The desktop called `name`, by default the one of this process's session; the caller closes it.

    On Linux the name is an X display (":1"), and DISPLAY is where it looks by default; a process serves one desktop.
    Other systems have one desktop without a name. `Desktop.accessibility` is None where there is no session bus or
    `with_accessibility` is false. `guard` is told what is held down and switched on (Linux). The ports belong to the
    calling thread unless they say otherwise. Raises `UnavailableError` with a line that says how to mend it.
    """
    if sys.platform == "win32":
        from workbench.desktop import windows

        return windows.open_desktop(name, with_accessibility=with_accessibility)
    if sys.platform == "darwin":
        from workbench.desktop import macos

        return macos.open_desktop(name, with_accessibility=with_accessibility)
    return _open_linux(name or os.environ.get("DISPLAY"), guard, with_accessibility=with_accessibility)


def _open_linux(name: str | None, guard: "Guard | None", *, with_accessibility: bool) -> "Desktop":
    if not name:
        raise UnavailableError(_without_display())
    from workbench.desktop.atspi import open_accessibility
    from workbench.desktop.x11.opening import open_x11

    if not with_accessibility:
        return open_x11(name, guard=guard)
    return open_x11(name, guard=guard, accessibility=lambda windows: open_accessibility(windows=windows, guard=guard))


def _without_display() -> str:
    if os.environ.get("WAYLAND_DISPLAY"):
        return (
            "this is a Wayland session, where no program may see or use the windows of others: "
            "sign in to an X11 session, or use --private-desktop"
        )
    return "there is no display (DISPLAY is not set): run this in a graphical session, or use --private-desktop"
