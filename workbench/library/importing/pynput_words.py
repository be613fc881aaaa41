"""What recorders that are built on pynput write: their names of keys and buttons, and which way their wheel turns."""

from workbench.actions import Button
from workbench.desktop.keysyms import name_of
from workbench.keynames import keysym
from workbench.library.importing.tape import Key

BUTTONS: dict[str, Button] = {
    "left": "left",
    "middle": "middle",
    "right": "right",
    "x1": "back",
    "x2": "forward",
    "button8": "back",
    "button9": "forward",
}
"""The buttons that pynput knows by name on any system."""

PLATFORMS = {"Darwin": "darwin", "Linux": "linux", "Windows": "win32"}
"""What `platform.system()` says, as `sys.platform` does."""

_TYPING = {
    "space": " ",
    **{f"KP_{digit}": str(digit) for digit in range(10)},
    "KP_Add": "+",
    "KP_Subtract": "-",
    "KP_Multiply": "*",
    "KP_Divide": "/",
}


def key(name: str | None) -> Key | None:
    """A key by pynput's name of it or by its character; None for one that nobody knows.

    Under Ctrl some systems give the control character of a letter, which is the letter's key.
    """
    if not name:
        return None
    if len(name) == 1:
        if 0 < ord(name) < 27 and name not in "\t\r\n\b":
            return Key(chr(ord(name) + 96))
        letter = name_of(name)
        return Key(letter, name if name.isprintable() else "") if letter else None
    known = keysym(name)
    return Key(known, _TYPING.get(known, "")) if known else None


def turned(dx: float, dy: float, *, platform: str) -> tuple[float, float]:
    """Notches to the right and down: pynput counts up as positive, and on macOS left as well."""
    return (-dx if platform == "darwin" else dx), -dy
