"""pyautogui, loaded late and only for what it does here: moving the pointer and its buttons.

On X11 pyautogui connects to the display named in the environment when it is imported, so one process serves one
desktop. Its screenshot, dialogue and mouse-information parts are left out: they bring OpenCV, Pillow and tkinter
(measured: most of 400 ms; without them 6), and without tkinter the last one ends the process.
"""

import importlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workbench.errors import UnavailableError

_LEFT_OUT = ("pyscreeze", "mouseinfo", "pymsgbox")
"""Optional to pyautogui: it says itself which of its functions do not work without them."""

_loading = threading.Lock()


def load(display_name: str) -> Any:
    """pyautogui bound to this display, with its pauses and its corner check off.

    The emergency stop is our own and needs no exception in the middle of a click. Raises `UnavailableError` when this
    process has used pyautogui on another display before.
    """
    with _loading:
        os.environ["DISPLAY"] = display_name
        with _without(_LEFT_OUT):
            pyautogui: Any = importlib.import_module("pyautogui")
    bound: str = pyautogui.platformModule._display.get_display_name()
    if bound != display_name:
        raise UnavailableError(
            f"this process already moves the pointer of display {bound}: start another process for {display_name}"
        )
    pyautogui.PAUSE = 0
    pyautogui.FAILSAFE = False
    return pyautogui


@contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Inside, importing these modules fails unless they are loaded already."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # documented: None makes the import fail
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
