"""The pointer on X11: pyautogui moves it, presses its buttons and turns its wheel."""

import time
from functools import cached_property
from typing import Any

from workbench.actions import Button
from workbench.desktop.x11 import hands
from workbench.desktop.x11.connection import on_display, property_of
from workbench.desktop.x11.injection import Injector
from workbench.errors import UnavailableError
from workbench.geometry import Point

NUMBERS: dict[Button, int] = {"left": 1, "middle": 2, "right": 3, "back": 8, "forward": 9}
"""The X11 numbers of the buttons; 4 to 7 are the wheel."""

_ARRIVAL_S = 0.3
"""How long the pointer may stand still: window managers hold it while they decide what a press on a window means."""


class X11Pointer:
    """The pointer port on X11; belongs to the opening thread."""

    def __init__(self, injector: Injector, display_name: str) -> None:
        self._injector = injector
        self._display_name = display_name

    @cached_property
    def _hands(self) -> Any:
        return hands.load(self._display_name)

    @on_display
    def position(self) -> Point:
        """Where the pointer is."""
        with self._injector.lock:
            found: Any = self._injector.connection.screen().root.query_pointer()
            return Point(found.root_x, found.root_y)

    @on_display
    def move(self, to: Point) -> None:
        """Put the pointer there; raises `UnavailableError` when it is not there afterwards."""
        self._hands.moveTo(to.x, to.y)
        deadline = time.monotonic() + _ARRIVAL_S
        while (at := self.position()) != to:
            if time.monotonic() > deadline:
                raise UnavailableError(
                    f"the pointer is at ({at.x}, {at.y}) instead of ({to.x}, {to.y}): "
                    "the place is off the screen, or something else moves or holds the pointer; end that and try again"
                )
            time.sleep(0.002)

    @on_display
    def press(self, button: Button) -> None:
        """Press and hold."""
        number = NUMBERS[button]
        if number > 3:
            # pyautogui knows no buttons beyond the wheel
            self._injector.button_down(number)
            return
        self._injector.button_noted(number)
        self._hands.mouseDown(button=button)

    @on_display
    def release(self, button: Button) -> None:
        """Let go. Sent without a move before it, so that nothing else happens while a stop releases everything."""
        self._injector.button_up(NUMBERS[button])

    @on_display
    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by notches, positive right and down."""
        self._injector.pointed = True
        if dy:
            self._hands.scroll(-dy)
        if dx:
            self._hands.hscroll(dx)

    @on_display
    def on_tip(self) -> bool:
        """Whether a tooltip lies under the pointer."""
        with self._injector.lock:
            connection = self._injector.connection
            under: Any = connection.screen().root.query_pointer().child
            kinds = property_of(under, "_NET_WM_WINDOW_TYPE") if under else None
            return kinds is not None and connection.get_atom("_NET_WM_WINDOW_TYPE_TOOLTIP") in kinds
