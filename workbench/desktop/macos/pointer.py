"""The pointer of macOS by Quartz events.

pyautogui is left aside here: it works in points of the main display only, waits after every event, and its presses
carry no click count, without which no application sees a double click.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workbench.actions import Button
from workbench.desktop.held import Held
from workbench.desktop.macos import displays
from workbench.desktop.macos.injecting import MouseStroke, Stroke, WheelStroke, send
from workbench.desktop.macos.key_codes import flags_of
from workbench.desktop.macos.scaling import PointSpace
from workbench.errors import UnavailableError
from workbench.geometry import Point

DOUBLE_CLICK_S = 0.5
"""The system's own interval when nobody has changed it."""

STILL_PX = 8
"""How far apart two presses may be and still count as one double click."""


@dataclass
class ClickCounter:
    """Counts presses in quick succession, as the hardware's driver does for real mice."""

    _button: Button = "left"
    _at: Point = field(default_factory=lambda: Point(0, 0))
    _when_s: float = -1.0e9
    count: int = 0

    def press(self, button: Button, at: Point, when_s: float) -> int:
        """The number of this press within its series, from 1."""
        again = button == self._button and when_s - self._when_s <= DOUBLE_CLICK_S and at.distance(self._at) <= STILL_PX
        self.count = self.count + 1 if again else 1
        self._button, self._at, self._when_s = button, at, when_s
        return self.count


class MacPointer:
    """The `Pointer` port; what it holds is in `held`, shared with the keyboard."""

    def __init__(
        self,
        held: Held,
        sender: Callable[[Sequence[Stroke]], None] = send,
        space: Callable[[], PointSpace] = displays.point_space,
        where: Callable[[], tuple[float, float]] = displays.pointer_points,
    ) -> None:
        self._held = held
        self._send = sender
        self._space = space
        self._where = where
        self._clicks = ClickCounter()

    def position(self) -> Point:
        """Where the pointer is."""
        return self._space().to_pixel(*self._where())

    def move(self, to: Point) -> None:
        """Put the pointer there, dragging while a button is held; raises `UnavailableError` when it went elsewhere."""
        x, y = self._space().to_points(to)
        button = self._held_button()
        self._send([MouseStroke("drag" if button else "move", x, y, button or "left", flags=self._flags())])
        found = self.position()
        if found.distance(to) > self._space().scale:
            raise UnavailableError(
                f"the pointer is at {found.x}, {found.y} instead of {to.x}, {to.y}: allow Accessibility for this "
                "program in System Settings > Privacy & Security, or the place is on no display"
            )

    def press(self, button: Button) -> None:
        """Press and hold."""
        count = self._clicks.press(button, self.position(), time.monotonic())
        self._held.hold(f"button {button}", lambda: self._button("up", button, count))
        self._button("down", button, count)

    def release(self, button: Button) -> None:
        """Let go; a button that is not held by us stays as it is."""
        self._held.release(f"button {button}")

    def on_tip(self) -> bool:
        """Never: the windows that macOS shows tooltips in are taken to let presses through."""
        return False

    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by lines, positive right and down."""
        self._send([WheelStroke(dx, dy, self._flags())])

    def _button(self, kind: str, button: Button, clicks: int) -> None:
        x, y = self._where()
        self._send([MouseStroke("down" if kind == "down" else "up", x, y, button, clicks, self._flags())])

    def _held_button(self) -> Button | None:
        buttons: tuple[Button, ...] = ("left", "right", "middle", "back", "forward")
        return next((button for button in buttons if f"button {button}" in self._held), None)

    def _flags(self) -> int:
        return flags_of(self._held.names())
