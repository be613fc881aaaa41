"""What arguments of calls mean: places, times, counts and keys."""

from dataclasses import dataclass

from workbench.keynames import keysym
from workbench.library.importing.collecting import seconds
from workbench.library.pyautogui_code.calls import MOST_TIMES, Call, Value

_OWN_KEYS = {"multiply": "KP_Multiply"}
"""What pyautogui means where X11 has another key of that name."""


@dataclass(frozen=True)
class Spot:
    """A place as the code has it: pixels, or fractions of the picture where both are."""

    x: float
    y: float

    @property
    def is_fraction(self) -> bool:
        """Whether it is written as fractions of the picture's width and height."""
        return all(isinstance(part, float) and 0 <= part <= 1 for part in (self.x, self.y))


def spot_of(call: Call, first: int, pointer: Spot | None) -> Spot | None:
    """The place that a call is given from its argument `first` on; what it lacks of it is the pointer's."""
    x, y = call.value(first, "x"), call.value(first + 1, "y")
    if isinstance(x, tuple) and len(x) == 2:
        x, y = x
    if x is None and y is None:
        return None
    across = x if x is not None else pointer.x if pointer else None
    down = y if y is not None else pointer.y if pointer else None
    if not _is_number(across) or not _is_number(down):
        return None
    return Spot(across, down)  # type: ignore[arg-type]  # both were just seen to be numbers


def shifted(pointer: Spot | None, call: Call) -> Spot | None:
    """The place so far from the pointer as a call says; None where either is not known."""
    dx, dy = call.value(0, "xOffset", "x") or 0, call.value(1, "yOffset", "y") or 0
    if pointer is None or not _is_number(dx) or not _is_number(dy):
        return None
    return Spot(pointer.x + dx, pointer.y + dy)  # type: ignore[operator]  # both were just seen to be numbers


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def count_of(value: Value) -> int:
    """How often; 0 for what is no number of times."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_TIMES else 0


def milliseconds_of(value: Value) -> int:
    """A time in seconds, 0 for what is none."""
    return round(seconds(float(value)) * 1000) if isinstance(value, int | float) else 0


def key_of(name: Value) -> str | None:
    """The name that actions use for a key of pyautogui's; None for what is none."""
    if not isinstance(name, str):
        return None
    return _OWN_KEYS.get(name.lower()) or keysym(name)
