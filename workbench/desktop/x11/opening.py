"""Opening an X11 desktop: the one place where its ports are put together."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Protocol

from workbench.desktop.guard import Guard, Screenful
from workbench.desktop.ports import Accessibility, Desktop, Windows
from workbench.desktop.x11.connection import close, connect, on_display
from workbench.desktop.x11.injection import Injector
from workbench.desktop.x11.keyboard import X11Keyboard
from workbench.desktop.x11.observer import X11Observer
from workbench.desktop.x11.pointer import X11Pointer
from workbench.desktop.x11.screens import X11Screens
from workbench.desktop.x11.windows import X11Windows
from workbench.errors import UnavailableError


class Voices(Accessibility, Protocol):
    """An accessibility port that was opened and has to be closed."""

    def close(self) -> None:
        """Disconnect, and put back what was switched on."""
        ...


VoicesOpener = Callable[[Windows], Voices | None]


@on_display
def open_x11(name: str, *, guard: Guard | None = None, accessibility: VoicesOpener | None = None) -> Desktop:
    """The desktop of X display `name` (":0"); its ports belong to the calling thread unless they say otherwise.

    `guard` is told of every key and button that goes down. `accessibility` opens that port where it is wanted. Raises
    `UnavailableError` where the display does not answer, lacks an extension or is only a window onto Wayland.
    """
    with ExitStack() as opened:
        connection = connect(name)
        opened.callback(close, connection)
        _refuse_wayland(connection, name)
        injector = Injector(Screenful(name, os.environ.get("XAUTHORITY")), guard)
        opened.callback(injector.close)
        screens = X11Screens(name)
        opened.callback(screens.close)
        windows = X11Windows(connection)
        voices = accessibility(windows) if accessibility is not None else None
        if voices is not None:
            opened.callback(voices.close)
        keyboard, observer = X11Keyboard(injector, name), X11Observer(name)
        opened.callback(keyboard.close)
        opened.callback(observer.stop)
        shut = opened.pop_all().close
    return Desktop(
        backend="x11",
        name=name,
        screens=screens,
        pointer=X11Pointer(injector, name),
        keyboard=keyboard,
        windows=windows,
        accessibility=voices,
        observer=observer,
        close=shut,
    )


def _refuse_wayland(connection: Any, name: str) -> None:
    answer = connection.query_extension("XWAYLAND")
    if answer is not None and answer.present:
        raise UnavailableError(
            f"display {name} shows only the X11 windows of a Wayland session, whose other windows nobody may see or "
            "touch: sign in to an X11 session, or use --private-desktop"
        )
