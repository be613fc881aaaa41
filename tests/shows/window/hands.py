"""Eyes and hands on one desktop, for a test that lives outside of it: `python hands.py` answers on standard output.

Each line of standard input is a question as JSON, `[NAME, ARGUMENT, …]`, where the name is that of a method of `Hands`;
each answer is a line too: `{"said": …}`, or `{"wrong": "…"}` where the desktop refused. A process of its own, because a
process serves one desktop only.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

from workbench.desktop.atspi import accessibility
from workbench.desktop.opening import open_desktop
from workbench.desktop.ports import Desktop
from workbench.errors import WorkbenchError
from workbench.geometry import Point

PAUSE_S = 0.06
"""Between two acts: quick for a person."""

PATIENCE_S = 1.0
"""People wait for a window that is slow to show itself."""

LOOKS = 10
"""How often people look again at a window that does not show itself whole."""

T = TypeVar("T")

LOOK_S = 0.6
"""Longer than two clicks of a double click are apart."""


class Hands:
    """What can be asked."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    def elements(self, app: str) -> list[dict[str, Any]]:
        """Everything that the application shows of itself now."""
        assert self._desktop.accessibility
        walk = self._desktop.accessibility.walk
        return self._whole(lambda: [_told(each) for each in walk(app)])

    def focused(self) -> dict[str, Any] | None:
        """What has the keyboard."""
        assert self._desktop.accessibility
        found = self._whole(self._desktop.accessibility.focused)
        return _told(found) if found else None

    def windows(self) -> list[list[str]]:
        """Application and title of each window, topmost first."""
        return [[each.app, each.title] for each in self._desktop.windows.all()]

    def bounds(self, title: str) -> list[int] | None:
        """Where the window whose title has these words is, as the display says: left, top, width and height."""
        box = next((each.bounds for each in self._desktop.windows.all() if title in each.title), None)
        return [box.x, box.y, box.width, box.height] if box else None

    def active(self) -> str:
        """The title of the window that has the keyboard."""
        window = self._desktop.windows.active()
        return window.title if window else ""

    def front(self, title: str) -> None:
        """Bring the window whose title has these words to the front."""
        self._desktop.windows.activate(next(each for each in self._desktop.windows.all() if title in each.title))

    def click(self, x: int, y: int, count: int = 1) -> None:
        """Click there."""
        self._desktop.pointer.move(Point(x, y))
        time.sleep(PAUSE_S)
        for _ in range(count):
            self._desktop.pointer.press("left")
            self._desktop.pointer.release("left")
        time.sleep(PAUSE_S)

    def point(self, x: int, y: int) -> None:
        """Move the mouse there and look where it is, as people do before they choose from what opens."""
        self._desktop.pointer.move(Point(x, y))
        time.sleep(LOOK_S)

    def drag(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """Drag from one place to the other."""
        pointer = self._desktop.pointer
        pointer.move(Point(x, y))
        pointer.press("left")
        for part in range(1, 11):
            pointer.move(Point(x + (to_x - x) * part // 10, y + (to_y - y) * part // 10))
            time.sleep(PAUSE_S / 4)
        pointer.release("left")
        time.sleep(PAUSE_S)

    def middle_of(self, colour: tuple[int, int, int], x: int, y: int, width: int, height: int) -> list[int] | None:
        """The middle of everything in the area that has exactly this colour (red, green, blue); None where nothing."""
        import numpy as np

        shown = self._desktop.screens.grab().pixels[y : y + height, x : x + width, 2::-1]
        rows, columns = np.nonzero((shown == np.array(colour)).all(axis=2))
        if not len(rows):
            return None
        return [x + int(columns.min() + columns.max()) // 2, y + int(rows.min() + rows.max()) // 2]

    def press(self, *keys: str) -> None:
        """Press keys together."""
        for key in keys:
            self._desktop.keyboard.press(key)
        for key in reversed(keys):
            self._desktop.keyboard.release(key)
        time.sleep(PAUSE_S)

    def type(self, text: str) -> None:
        """Type, a key after the other."""
        for character in text:
            self._desktop.keyboard.type_text(character)
            time.sleep(0.01)
        time.sleep(PAUSE_S)

    def _whole(self, look: Callable[[], T]) -> T:
        """What is seen once nothing is left unanswered."""
        assert self._desktop.accessibility
        for _ in range(LOOKS):
            unanswered = self._desktop.accessibility.unanswered
            seen = look()
            if self._desktop.accessibility.unanswered == unanswered:
                break
        return seen

    def picture(self, path: str) -> None:
        """Keep what the screen shows now."""
        import cv2

        cv2.imwrite(path, self._desktop.screens.grab().pixels[:, :, :3])


def _told(element: Any) -> dict[str, Any]:
    box = element.bounds
    return {
        "window": element.window,
        "role": element.role,
        "name": element.name.strip(),
        "label": element.label.strip(),
        "value": element.value or "",
        "states": list(element.states),
        "box": [box.x, box.y, box.width, box.height],
    }


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until nobody asks any more."""
    accessibility.PATIENCE_S = PATIENCE_S
    desktop = open_desktop()
    hands = Hands(desktop)
    try:
        _say({"said": "ready"})
        for line in sys.stdin:
            name, *arguments = json.loads(line)
            try:
                answer = {"said": getattr(hands, name)(*arguments)}
            except WorkbenchError as error:
                answer = {"wrong": str(error)}
            _say(answer)
    finally:
        desktop.close()


if __name__ == "__main__":
    main()
