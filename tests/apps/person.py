"""A scripted person for tests: `python tests/apps/person.py` does the acts that standard input lists, as JSON.

An act is a list: `["click", APP, NAME]`, `["double", APP, NAME]`, `["right", APP, NAME]`, `["click-role", APP, ROLE]`,
`["click-value", APP, VALUE]`, `["click-at", X, Y]`, `["click-in", APP, DX, DY]` (from the top left of its window),
`["type", TEXT]`, `["press", KEY, …]`, `["drag", X, Y, TO_X, TO_Y]`, `["scroll", APP, ROLE, NOTCHES]`,
`["wait-window", TITLE]`, `["wait-in", APP, ROLE, DX, DY]` (until such an element is there), `["rest", SECONDS]`.
It works on the desktop of its environment and needs accessibility to find what it clicks by name or role.
"""

import json
import sys
import time
from collections.abc import Callable

from workbench.actions import Button
from workbench.desktop.opening import open_desktop
from workbench.desktop.ports import Desktop
from workbench.geometry import Point, Rect
from workbench.trajectory import Element

PATIENCE_S = 60.0
PAUSE_S = 0.12


class Person:
    """Eyes and hands of the scripted person; every act is followed by a short pause."""

    def __init__(self, desktop: Desktop, pause_s: float) -> None:
        self.desktop = desktop
        self.pause_s = pause_s

    def act(self, words: list[str | float]) -> None:
        getattr(self, "do_" + str(words[0]).replace("-", "_"))(*words[1:])
        time.sleep(self.pause_s)

    def do_click(self, app: str, name: str) -> None:
        self._click(self._named(app, name), 1)

    def do_double(self, app: str, name: str) -> None:
        self._click(self._named(app, name), 2)

    def do_right(self, app: str, name: str) -> None:
        self._click(self._named(app, name), 1, "right")

    def do_click_value(self, app: str, value: str) -> None:
        self._click(self._place(app, lambda e: e.value == value, f"what holds {value!r}"), 1)

    def do_click_role(self, app: str, role: str) -> None:
        self._click(self._of_role(app, role), 1)

    def do_click_at(self, x: float, y: float) -> None:
        self._click(Rect(int(x), int(y), 1, 1), 1)

    def do_click_in(self, app: str, dx: float, dy: float) -> None:
        self._until(lambda: any(window.app == app for window in self.desktop.windows.all()), f"a window of {app}")
        window = next(window for window in self.desktop.windows.all() if window.app == app)
        self._click(Rect(window.bounds.x + int(dx), window.bounds.y + int(dy), 1, 1), 1)

    def do_type(self, text: str) -> None:
        for character in text:
            self.desktop.keyboard.type_text(character)
            time.sleep(0.01)

    def do_press(self, *keys: str) -> None:
        for key in keys:
            self.desktop.keyboard.press(key)
        for key in reversed(keys):
            self.desktop.keyboard.release(key)

    def do_drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.desktop.pointer.move(Point(int(x), int(y)))
        self.desktop.pointer.press("left")
        for part in range(1, 11):
            self.desktop.pointer.move(Point(int(x + (to_x - x) * part / 10), int(y + (to_y - y) * part / 10)))
            time.sleep(0.02)
        self.desktop.pointer.release("left")

    def do_scroll(self, app: str, role: str, notches: float) -> None:
        self.desktop.pointer.move(self._of_role(app, role).centre)
        for _ in range(abs(int(notches))):
            self.desktop.pointer.scroll(0, 1 if notches > 0 else -1)
            time.sleep(0.03)

    def do_wait_window(self, title: str) -> None:
        self._until(lambda: (active := self.desktop.windows.active()) is not None and title in active.title, title)

    def do_wait_in(self, app: str, role: str, dx: float, dy: float) -> None:
        def there() -> bool:
            assert self.desktop.accessibility
            corner = next((window.bounds for window in self.desktop.windows.all() if window.app == app), None)
            if corner is None:
                return False
            place = Point(corner.x + int(dx), corner.y + int(dy))
            return any(e.role == role and e.bounds.contains(place) for e in self.desktop.accessibility.walk(app))

        self._until(there, f"a {role} of {app} at {dx}, {dy}")

    def do_rest(self, seconds: float) -> None:
        time.sleep(seconds)

    def _click(self, bounds: Rect, count: int, button: Button = "left") -> None:
        self.desktop.pointer.move(bounds.centre)
        time.sleep(self.pause_s / 2)
        for _ in range(count):
            self.desktop.pointer.press(button)
            self.desktop.pointer.release(button)

    def _named(self, app: str, name: str) -> Rect:
        return self._place(app, lambda e: name in (e.name.strip(), e.label), repr(name))

    def _of_role(self, app: str, role: str) -> Rect:
        return self._place(app, lambda e: e.role == role, f"a {role}")

    def _place(self, app: str, fits: Callable[[Element], bool], what: str) -> Rect:
        found: list[Element] = []

        def look() -> bool:
            assert self.desktop.accessibility
            found.extend(e for e in self.desktop.accessibility.walk(app) if fits(e) and e.bounds.area)
            return bool(found)

        self._until(look, f"{what} in {app}")
        return found[0].bounds

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end_s:
                raise SystemExit(f"the scripted person does not find {what}")
            time.sleep(0.05)


def main() -> None:
    pause_s = float(sys.argv[1]) if len(sys.argv) > 1 else PAUSE_S
    desktop = open_desktop()
    try:
        person = Person(desktop, pause_s)
        for act in json.load(sys.stdin):
            person.act(act)
    finally:
        desktop.close()


if __name__ == "__main__":
    main()
