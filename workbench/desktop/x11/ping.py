"""Waiting until the focused application has handled what it was sent.

`_NET_WM_PING` (Extended Window Manager Hints 1.5) makes a client answer when its event loop reaches the message, that
is after every key event before it.
"""

import itertools
import select
import time
from collections.abc import Callable
from typing import Any

from Xlib import X
from Xlib import error as xerror
from Xlib.protocol import event as xevent

from workbench.desktop.x11.connection import close, connect, property_of

_SILENT_CLIENT_S = 0.15
"""How long a client that knows no ping gets: a guess on the safe side, nothing says when it is done."""

_DEPTH = 8
_CHECK_S = 0.02


class Listener:
    """Asks the focused application whether it has caught up; one connection, one thread."""

    def __init__(self, display_name: str) -> None:
        self._connection = connect(display_name)
        self._root = self._connection.screen().root
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._serials = itertools.count(int(time.monotonic() * 1000) & 0x3FFFFFFF)

    def wait(self, timeout_s: float, check: Callable[[], None]) -> bool:
        """Block until the application with the focus has handled every event before this call.

        False when it did not answer in time. Clients without ping are given a fixed moment instead. `check` is called
        every now and then and may raise.
        """
        window = self._pingable()
        if window is None:
            time.sleep(_SILENT_CLIENT_S)
            return True
        serial = next(self._serials)
        self._send(window, serial)
        deadline = time.monotonic() + timeout_s
        while (left := deadline - time.monotonic()) > 0:
            if self._answered(serial):
                return True
            check()
            select.select([self._connection], [], [], min(left, _CHECK_S))
        return False

    def close(self) -> None:
        """Disconnect."""
        close(self._connection)

    def _pingable(self) -> Any | None:
        ping = self._connection.get_atom("_NET_WM_PING")
        window = self._connection.get_input_focus().focus
        for _ in range(_DEPTH):
            if isinstance(window, int) or window.id == self._root.id:
                return None
            protocols = property_of(window, "WM_PROTOCOLS")
            if protocols is not None and ping in protocols:
                return window
            try:
                window = window.query_tree().parent
            except xerror.XError:
                return None
        return None

    def _send(self, window: Any, serial: int) -> None:
        atoms = self._connection.get_atom
        message = xevent.ClientMessage(
            window=window,
            client_type=atoms("WM_PROTOCOLS"),
            data=(32, [atoms("_NET_WM_PING"), serial, window.id, 0, 0]),
        )
        window.send_event(message, event_mask=X.NoEventMask)
        self._connection.flush()

    def _answered(self, serial: int) -> bool:
        found = False
        for _ in range(self._connection.pending_events()):
            message = self._connection.next_event()
            if message.type == X.ClientMessage and message.data[0] == 32:
                found = found or message.data[1][1] == serial
        return found
