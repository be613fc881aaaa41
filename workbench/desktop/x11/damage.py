"""Knowing when the screen changes, through the DAMAGE extension."""

import select
import time
from typing import Any

from Xlib.ext import damage as xdamage

from workbench.desktop.x11.connection import close, connect

_BLIND_PERIOD_S = 1 / 30
"""How often a screen without DAMAGE is taken to have changed."""


class Damage:
    """Tells whether pixels may have changed since `accept`; one connection, one thread.

    Where the server has no DAMAGE extension every 1/30 s counts as a change.
    """

    def __init__(self, display_name: str) -> None:
        self._connection = connect(display_name)
        self._changed = True
        self._damage: int | None = None
        if self._connection.has_extension("DAMAGE"):
            self._connection.damage_query_version()
            root: Any = self._connection.screen().root
            self._damage = root.damage_create(xdamage.DamageReportNonEmpty)
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
            self._connection.next_event()
            self._changed = True
