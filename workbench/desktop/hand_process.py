"""The process that is a person's hand on a desktop: hears one act per line and does it, until its input closes.

What it holds is let go at the end, however it ends: its guard sees to that. Nothing of what is typed is kept or told.
"""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from workbench.desktop.hand import Act, KeyDown, KeyUp, LetGo, Move, Press, Refused, Release, Scroll, Write
from workbench.desktop.tips import outlast_tip
from workbench.errors import WorkbenchError
from workbench.geometry import Point

if TYPE_CHECKING:
    # the guard loads at the same time as the rest
    from workbench.desktop.ports import Desktop


def main() -> int:
    """Serve the desktop of this process's environment."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    try:
        _serve(answers.write)
    except WorkbenchError as error:
        answers.write(_refusal(error))
    return 0


def _serve(answer: Callable[[bytes], object]) -> None:
    from workbench.desktop.guard import Guard

    with Guard.start() as guard:
        from workbench.desktop.opening import open_desktop

        desktop = open_desktop(with_accessibility=False, guard=guard)
        try:
            decoder = msgspec.json.Decoder(Act)
            for line in sys.stdin.buffer:
                try:
                    do(desktop, decoder.decode(line))
                except WorkbenchError as error:
                    answer(_refusal(error))
        finally:
            desktop.close()


def do(desktop: "Desktop", act: Act) -> None:
    """Do one act; raises what the ports of the desktop raise."""
    match act:
        case Move():
            desktop.pointer.move(Point(act.x_px, act.y_px))
        case Press():
            outlast_tip(desktop.pointer)
            desktop.pointer.press(act.button)
        case Release():
            desktop.pointer.release(act.button)
        case Scroll():
            outlast_tip(desktop.pointer)
            desktop.pointer.scroll(act.dx, act.dy)
        case KeyDown():
            desktop.keyboard.press(act.key)
        case KeyUp():
            desktop.keyboard.release(act.key)
        case Write():
            desktop.keyboard.type_text(act.text)
        case LetGo():
            desktop.keyboard.release_all()


def _refusal(error: WorkbenchError) -> bytes:
    return msgspec.json.encode(Refused(str(error))) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
