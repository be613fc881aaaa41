"""Which events go to windows that nothing is recorded of."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from recorder.exclusion import Exclusion, window_at
from recorder.eyes import Eyes
from workbench.inputs import InputEvent
from workbench.trajectory import Window

STALE_S = 0.2
"""How old the list of windows may be for mere movements of the pointer."""


@dataclass
class LeavingOut:
    """Judges events one after the other; the release of what was pressed goes where the press went."""

    exclusion: Exclusion
    eyes: Eyes
    _down: set[str] = field(default_factory=set)
    _windows: tuple[Window, ...] = ()
    _asked_s: float = 0.0
    _within: bool = False

    def judge(self, event: InputEvent, recipients: Sequence[Window]) -> Literal["first", "more"] | None:
        """None for an event that may be recorded; `first` for the first of those in a row that must be said.

        `recipients` are the windows that may have had the focus: a key is left out if one of them is.
        """
        if not self.exclusion.any:
            return None
        if event.kind in ("key_up", "button_up"):
            return self._release(event)
        if event.kind not in ("move", "key_down", "button_down", "scroll"):
            return None
        window = self._window(event, recipients)
        if not self.exclusion.covers(window):
            self._within = self._within and event.kind == "move"
            if event.kind != "move":
                self._down.discard(_name(event))  # the release of what was left out fell into a pause
            return None
        if event.kind in ("key_down", "button_down"):
            self._down.add(_name(event))
        if event.kind == "move" or self.exclusion.own(window):
            return "more"
        first, self._within = not self._within, True
        return "first" if first else "more"

    def _release(self, event: InputEvent) -> Literal["more"] | None:
        pressed = _name(event) in self._down
        self._down.discard(_name(event))
        return "more" if pressed else None

    def _window(self, event: InputEvent, recipients: Sequence[Window]) -> Window | None:
        if event.kind == "key_down" or event.point is None:
            return next((window for window in recipients if self.exclusion.covers(window)), None)
        if event.kind != "move":
            return self.eyes.at(event.point)
        if time.monotonic() > self._asked_s + STALE_S:
            self._windows, self._asked_s = self.eyes.all(), time.monotonic()
        return window_at(self._windows, event.point)


def _name(event: InputEvent) -> str:
    return f"button {event.button}" if event.button else f"key {event.keycode or event.keysym}"
