"""A scripted person: finds buttons by what they are called and uses mouse and keyboard the way the program does.

Runs in a process of its own, because a process serves one desktop only.
"""

import sys
import time

from ui.cli.console import Console
from workbench.desktop.opening import open_desktop
from workbench.desktop.ports import Accessibility, Desktop
from workbench.desktop.tips import outlast_tip
from workbench.errors import UnavailableError, WorkbenchError
from workbench.geometry import Point

BUTTONS = ("1", "2", "+", "3", "0", "=")
KEYS = ("asterisk", "2", "Return")
PAUSE_S = 0.35
"""Between two acts: quick for a person, and long enough for the window to show what each did."""

PATIENCE_S = 10.0


def main() -> None:
    """Click a sum and multiply it by typing; raises `WorkbenchError` when the application is not there."""
    desktop = open_desktop()
    try:
        accessibility = desktop.accessibility
        if accessibility is None:
            raise UnavailableError("this desktop has no accessibility bus; install at-spi2-core")
        for name in BUTTONS:
            _click(desktop, _place_of(accessibility, desktop, name))
        for key in KEYS:
            _press(desktop, key)
    finally:
        desktop.close()


def _place_of(accessibility: Accessibility, desktop: Desktop, name: str) -> Point:
    """The middle of the button of that name, once the application shows it."""
    patient_until = time.monotonic() + PATIENCE_S
    while time.monotonic() < patient_until:
        window = desktop.windows.active()
        found = accessibility.find(app=window.app, name=name) if window else []
        if found:
            return found[0].bounds.centre
        time.sleep(0.1)
    raise UnavailableError(f"the application shows no button “{name}” within {PATIENCE_S:g} s; start it by hand to see")


def _click(desktop: Desktop, place: Point) -> None:
    desktop.pointer.move(place)
    time.sleep(PAUSE_S / 2)
    outlast_tip(desktop.pointer)
    desktop.pointer.press("left")
    desktop.pointer.release("left")
    time.sleep(PAUSE_S)


def _press(desktop: Desktop, key: str) -> None:
    desktop.keyboard.press(key)
    desktop.keyboard.release(key)
    time.sleep(PAUSE_S)


if __name__ == "__main__":
    try:
        main()
    except WorkbenchError as error:
        Console().complain(error)
        sys.exit(error.exit_code)
