"""Knowing when the screen changes, through the DAMAGE extension."""

import select
import time
from typing import Any

from Xlib.ext import damage as xdamage

from workbench.desktop.x11.connection import close, connect
from workbench.geometry import Rect, around

_BLIND_PERIOD_S = 1 / 30
"""How often a screen without DAMAGE is taken to have changed."""


class Damage:
    """Tells whether pixels may have changed since `accept`, and where; one connection, one thread.

    Where the server has no DAMAGE extension every 1/30 s counts as a change.
    """

    def __init__(self, display_name: str) -> None:
        self._connection = connect(display_name)
        self._changed = True
        self._area: Rect | None = None
        self._damage: int | None = None
        if self._connection.has_extension("DAMAGE"):
            self._connection.damage_query_version()
            root: Any = self._connection.screen().root
            self._damage = root.damage_create(xdamage.DamageReportBoundingBox)
            self._connection.sync()

    @property
    def watches(self) -> bool:
        """Whether the server reports changes."""
        return self._damage is not None

    def accept(self) -> None:
        """Forget the changes so far; those after this call are reported by the next `wait`."""
        if self._damage is None:
            return
        self._connection.damage_subtract(self._damage)
        self._connection.sync()
        self._drain()
        self._changed = False

    def area(self) -> Rect | None:
        """Accept the changes; the rectangle around all since the last call of this. None: they may be anywhere."""
        self.accept()
        if self._damage is None:
            return None
        area, self._area = self._area, around()
        return area

    def wait(self, timeout_s: float) -> bool:
        """Block until something may have changed since `accept`; False when `timeout_s` passed first."""
        if self._damage is None:
            time.sleep(min(timeout_s, _BLIND_PERIOD_S))
            return timeout_s >= _BLIND_PERIOD_S
        deadline = time.monotonic() + timeout_s
        while not self._changed:
            self._drain()
            left = deadline - time.monotonic()
            if self._changed or left <= 0:
                break
            select.select([self._connection], [], [], left)
        return self._changed

    def close(self) -> None:
        """Disconnect; the server drops the watch."""
        close(self._connection)

    def _drain(self) -> None:
        for _ in range(self._connection.pending_events()):
            event = self._connection.next_event()
            # A server sends some events, such as those about its keymap, to every client.
            if event.type == self._connection.extension_event.DamageNotify:
                self._changed = True
                box = event.area
                if self._area is not None:
                    self._area = around(self._area, Rect(box.x, box.y, box.width, box.height))
