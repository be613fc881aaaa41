"""The pointer of Windows by `SendInput`.

pyautogui is left aside here: it has neither a horizontal wheel nor the two side buttons on Windows, and does not
know of exchanged mouse buttons.
"""

from collections.abc import Callable, Sequence

from workbench.actions import Button
from workbench.desktop.held import Held
from workbench.desktop.windows import native
from workbench.desktop.windows.injecting import (
    MOUSE_ABSOLUTE,
    MOUSE_HWHEEL,
    MOUSE_MOVE,
    MOUSE_VIRTUAL_DESK,
    MOUSE_WHEEL,
    WHEEL_NOTCH,
    MouseStroke,
    Stroke,
    absolute,
    send,
)
from workbench.errors import UnavailableError
from workbench.geometry import Point

_DOWN: dict[Button, MouseStroke] = {
    "left": MouseStroke(0x0002),
    "right": MouseStroke(0x0008),
    "middle": MouseStroke(0x0020),
    "back": MouseStroke(0x0080, data=1),
    "forward": MouseStroke(0x0080, data=2),
}

_TIP_CLASS = "tooltips_class32"

_SWAPPED: dict[Button, Button] = {"left": "right", "right": "left"}


def physical(button: Button, *, swapped: bool) -> Button:
    """The button of the device that acts as `button`: Windows exchanges injected buttons like real ones."""
    return _SWAPPED.get(button, button) if swapped else button


def button_stroke(button: Button, *, down: bool) -> MouseStroke:
    """The stroke that presses or releases this button of the device."""
    stroke = _DOWN[button]
    # In each pair of flags the one for "up" is the next higher bit.
    return stroke if down else MouseStroke(stroke.flags << 1, data=stroke.data)


def wheel_strokes(dx: int, dy: int) -> tuple[MouseStroke, ...]:
    """The strokes for these notches; Windows counts up as positive, we count down."""
    vertical = [MouseStroke(MOUSE_WHEEL, data=-dy * WHEEL_NOTCH)] if dy else []
    return (*vertical, *([MouseStroke(MOUSE_HWHEEL, data=dx * WHEEL_NOTCH)] if dx else []))


class WindowsPointer:
    """The `Pointer` port; what it holds is in `held`, shared with the keyboard."""

    def __init__(self, held: Held, sender: Callable[[Sequence[Stroke]], None] = send) -> None:
        self._held = held
        self._send = sender

    def position(self) -> Point:
        """Where the pointer is."""
        return native.cursor()

    def move(self, to: Point) -> None:
        """Put the pointer there; raises `UnavailableError` when it went elsewhere."""
        x, y = absolute(to, native.virtual_desktop())
        self._send([MouseStroke(MOUSE_MOVE | MOUSE_ABSOLUTE | MOUSE_VIRTUAL_DESK, x, y)])
        if native.cursor() == to:
            return
        native.set_cursor(to)
        if (found := native.cursor()) != to:
            raise UnavailableError(
                f"the pointer is at {found.x}, {found.y} instead of {to.x}, {to.y}: "
                "a program confines it or the place is on no screen; close that program and try again"
            )

    def press(self, button: Button) -> None:
        """Press and hold."""
        device = physical(button, swapped=native.buttons_swapped())
        self._held.hold(f"button {button}", lambda: self._send([button_stroke(device, down=False)]))
        self._send([button_stroke(device, down=True)])

    def release(self, button: Button) -> None:
        """Let go; a button that is not held by us stays as it is."""
        self._held.release(f"button {button}")

    def on_tip(self) -> bool:
        """Whether a tooltip lies under the pointer; those that let presses through are not found there."""
        handle = native.root_at(native.cursor())
        found = native.describe(handle) if handle is not None else None
        return found is not None and found.window_class == _TIP_CLASS

    def scroll(self, dx: int, dy: int) -> None:
        """Turn the wheel by notches, positive right and down."""
        self._send(wheel_strokes(dx, dy))
