"""Keys that do not overtake a click.

A window manager may hold a click back while it decides what the click means, and lets keys pass meanwhile: what is
typed at once then goes to where the focus was before. It handles one thing after the other, and must answer a question
about the frame of a window that is not there yet (`_NET_REQUEST_FRAME_EXTENTS`, Extended Window Manager Hints 1.3):
once it has, it has let the click go too.
"""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from Xlib import X
from Xlib.protocol import event as xevent

from workbench.desktop.x11.connection import property_of
from workbench.desktop.x11.injection import Injector

_PATIENCE_S = 1.0
"""A window manager that does not answer for so long is not waited for any longer."""

_LOOK_S = 0.001
_QUESTION, _ANSWER = "_NET_REQUEST_FRAME_EXTENTS", "_NET_FRAME_EXTENTS"


class Arrival:
    """Whether what the injector did with the pointer has arrived; for one thread."""

    def __init__(self, injector: Injector) -> None:
        self._injector = injector

    def wait(self, over: Callable[[], bool]) -> None:
        """Return once every press before this call has left the window manager, at most `_PATIENCE_S` later.

        At once where nothing was pressed since the last time, where no window manager answers such questions, and when
        it is `over`, which another thread may say.
        """
        if not self._injector.pointed:
            return
        self._injector.pointed = False
        if not self._ask():
            return
        until_s = time.monotonic() + _PATIENCE_S
        while not self._answered() and time.monotonic() < until_s and not over():
            time.sleep(_LOOK_S)

    def _ask(self) -> bool:
        """Ask the window manager; whether it is one that answers."""
        with self._injector.lock:
            connection = self._injector.connection
            root, question = connection.screen().root, connection.get_atom(_QUESTION)
            if question not in (property_of(root, "_NET_SUPPORTED") or ()):
                return False
            self._asked.delete_property(connection.get_atom(_ANSWER))
            message = xevent.ClientMessage(window=self._asked, client_type=question, data=(32, [0] * 5))
            root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
            connection.flush()
            return True

    def _answered(self) -> bool:
        with self._injector.lock:
            return property_of(self._asked, _ANSWER) is not None

    @cached_property
    def _asked(self) -> Any:
        """A window that nobody ever sees."""
        connection = self._injector.connection
        return connection.screen().root.create_window(-1, -1, 1, 1, 0, X.CopyFromParent, X.InputOnly)
