"""Tooltips in the way: a pointer that comes to one makes its application take it away, which takes a moment."""

import time
from collections.abc import Callable

from workbench.desktop.ports import Pointer

_LONGEST_S = 0.5
_LOOK_S = 0.005


def outlast_tip(pointer: Pointer, pause: Callable[[float], None] = time.sleep) -> None:
    """Wait while a tooltip lies under the pointer, at most half a second: one that stays gets what is done next.

    `pause` takes seconds; what it raises ends the waiting.
    """
    deadline_s = time.monotonic() + _LONGEST_S
    while pointer.on_tip() and time.monotonic() < deadline_s:
        pause(_LOOK_S)
