"""What xcalc shows and where its keys are, from X itself: `python tests/apps/xcalc.py DISPLAY WINDOW WORD…`, as JSON.

`display` is the place of its display, `selection` the text that was selected last, any other words are keys, for whose
places a list is printed. Accessibility knows nothing of xcalc; each of its keys is an X window of its own.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from Xlib import X
from Xlib.display import Display

from workbench.geometry import Rect

COLUMNS = 5
KEYS = {"0": (-1, 1), "1": (-2, 1), "2": (-2, 2), "3": (-2, 3), "+": (-2, 4), "=": (-1, 4)}
"""Row, counted from the bottom, and column."""


def parts(display: Any, window: int) -> list[Rect]:
    """The innermost windows, row by row."""
    root, found = display.screen().root, []
    for inner in innermost(display.create_resource_object("window", window)):
        size, at = inner.get_geometry(), root.translate_coords(inner, 0, 0)
        found.append(Rect(at.x, at.y, size.width, size.height))
    return sorted(found, key=lambda part: (part.y, part.x))


def innermost(window: Any) -> Iterator[Any]:
    """All windows in it that have none inside."""
    children = window.query_tree().children
    for child in children:
        yield from innermost(child)
    if not children:
        yield window


def place_of(key: str, found: list[Rect]) -> list[int]:
    """The middle of a key."""
    row, column = KEYS[key]
    centre = found[len(found) + COLUMNS * row + column].centre
    return [centre.x, centre.y]


def selection(display: Any) -> str:
    """The text that an application offers to be pasted."""
    asker = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
    place = display.intern_atom("ANSWER")
    asker.convert_selection(display.intern_atom("PRIMARY"), display.intern_atom("STRING"), place, X.CurrentTime)
    display.flush()
    while display.next_event().type != X.SelectionNotify:
        pass
    answer = asker.get_full_property(place, X.AnyPropertyType)
    return answer.value.decode().strip() if answer else ""


def answer(display: Any, window: int, words: list[str]) -> Any:
    """What was asked for."""
    if words == ["selection"]:
        return selection(display)
    found = parts(display, window)
    if words == ["display"]:
        centre = max(found, key=lambda part: part.width).centre
        return [centre.x, centre.y]
    return [place_of(key, found) for key in words]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(Display(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))
