"""Carrying out actions with the pointer and the keyboard, so that a person can stop them at any instant."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from workbench.actions import (
    Activate,
    Ask,
    Check,
    Click,
    Condition,
    Drag,
    Hover,
    Modifier,
    PressKeys,
    Read,
    Scroll,
    TypeText,
    Wait,
)
from workbench.desktop.tips import outlast_tip
from workbench.errors import BadInputError, StoppedError
from workbench.geometry import Point
from workbench.locate.conditions import holds
from workbench.session.eyes import Eyes
from workbench.session.focus import same_window
from workbench.session.loop import StepFailed
from workbench.session.roles import Grounding
from workbench.trajectory import Step, Window

PIECE = 16
"""Characters typed between two looks at the emergency stop: far less than 100 ms of typing."""

DOUBLE_CLICK_S = 0.52
"""Two clicks at one place that are further apart than this are never a double click (the slowest default is 500 ms)."""

NEAR_PX = 8
SINGLE_ONLY = frozenset({"push button", "button", "toggle button", "check box", "radio button", "link"})
"""Elements on which two quick clicks are just two clicks."""

STOP_COMES_S = 0.3
"""So long after the focus went elsewhere a stop is waited for: the keys that stop everything may have taken it."""


@dataclass
class DesktopPerformer:
    """The hands of a run: every primitive is preceded by a look at the stop flag and at the pointer's place."""

    eyes: Eyes
    timeout_s: float
    secret: Callable[[str], str]
    ask: Callable[[str], str | None]
    values: dict[str, str]
    expect: Callable[[Point | None], None]
    _left_at: Point | None = None
    _clicked: tuple[Point, float] = field(default=(Point(-(10**6), 0), 0.0))

    def perform(self, step: Step, grounding: Grounding) -> str:
        """Carry out the step's action at the grounding's place.

        What keyboard or pointer cannot do, such as typing a control character, fails the step and not the run.
        """
        try:
            self._act(step, grounding)
        except BadInputError as error:
            raise StepFailed(str(error)) from error
        except StoppedError:
            self.eyes.check()  # says why the run ends, which the keyboard that was let go does not know
            raise
        finally:
            self.eyes.acted()
        return ""

    def _act(self, step: Step, grounding: Grounding) -> None:
        action = step.action
        match action:
            case Click() | Hover() | Drag() | Scroll():
                self._reach(step, grounding)
                self._at_place(action, grounding)
            case TypeText():
                self._type(action, grounding)
            case PressKeys():
                for _ in range(action.count):
                    self._chord(action.keys)
            case Activate():
                self._activate(action)
            case Wait():
                self._wait(action)
            case Check():
                self._until(action.that)
            case Read():
                self._read(action, grounding)
            case Ask():
                self._ask(action)

    def _at_place(self, action: Click | Hover | Drag | Scroll, grounding: Grounding) -> None:
        if isinstance(action, Hover):
            self.eyes.pause(action.dwell_ms / 1000)
        elif isinstance(action, Click):
            self._held(action.modifiers, lambda: self._click(action, grounding))
        elif isinstance(action, Drag):
            self._held(action.modifiers, lambda: self._drag(action, grounding))
        else:
            self._held(action.modifiers, lambda: self._scroll(action))

    def _reach(self, step: Step, grounding: Grounding) -> None:
        """Move the pointer to the place and make sure that what was located is still on top there."""
        self._expect_pointer()
        to = _point(grounding)
        self._move(to)
        over = self._over(to, step.target.window if step.target else None, grounding)
        if over is not None:
            called = f"the window {over.title!r}" if over.title else "a window"
            raise StepFailed(f"{called} of {over.app} came over the target at ({to.x}, {to.y}) before the action")

    def _over(self, at: Point, recorded: Window | None, grounding: Grounding) -> Window | None:
        """What lies at the place and did not when it was found; menus of the same application may have opened there.

        A menu is no managed window: it is under the pointer and yet not among all windows.
        """
        windows = self.eyes.desktop.windows
        under = windows.at(at)
        if under is None:
            return None
        was = next((window for window in grounding.sight.windows if window.bounds.contains(at)), None)
        if recorded is not None and under.app != recorded.app:
            return under
        if was is None or None in (was.handle, under.handle) or was.handle == under.handle:
            return None
        return under if any(window.handle == under.handle for window in windows.all()) else None

    def set_pointer_free(self) -> None:
        """A person may have moved the pointer: it is expected nowhere until the next move."""
        self._left_at = None
        self.expect(None)

    def _move(self, to: Point) -> None:
        self.eyes.check()
        self.expect(to)
        self.eyes.desktop.pointer.move(to)
        self._left_at = to

    def _expect_pointer(self) -> None:
        at = self.eyes.desktop.pointer.position()
        if self._left_at is not None and at != self._left_at:
            where = f"({at.x}, {at.y}) instead of ({self._left_at.x}, {self._left_at.y})"
            raise StoppedError(f"somebody moved the pointer: it is at {where}")

    def _click(self, action: Click, grounding: Grounding) -> None:
        self._apart_from_last_click(_point(grounding), grounding)
        self._outlast_tip()
        for _ in range(action.count):
            self._expect_pointer()
            self.eyes.check()
            self.eyes.desktop.pointer.press(action.button)
            self.eyes.desktop.pointer.release(action.button)
        self._clicked = (_point(grounding), time.monotonic())

    def _apart_from_last_click(self, at: Point, grounding: Grounding) -> None:
        if grounding.element is not None and grounding.element.role in SINGLE_ONLY:
            return
        last, when_s = self._clicked
        left_s = when_s + DOUBLE_CLICK_S - time.monotonic()
        if left_s > 0 and last.distance(at) <= NEAR_PX:
            self.eyes.pause(left_s)

    def _outlast_tip(self) -> None:
        """Whatever comes next must look at the stop and at the pointer again: both may have changed meanwhile."""
        outlast_tip(self.eyes.desktop.pointer, self.eyes.pause)

    def _drag(self, action: Drag, grounding: Grounding) -> None:
        start, pointer = _point(grounding), self.eyes.desktop.pointer
        last = action.path[-1] if action.path else None
        end = grounding.end.point if grounding.end and grounding.end.point else None
        self._outlast_tip()
        self._expect_pointer()
        self.eyes.check()
        pointer.press(action.button)
        try:
            for point in _stretched(action, start, end):
                self._expect_pointer()
                self._move(point)
                self.eyes.pause(0.008)
            if end is None and last is None:
                raise StepFailed("the drag has neither a path nor an end")
        finally:
            pointer.release(action.button)

    def _scroll(self, action: Scroll) -> None:
        self._outlast_tip()
        for dx, dy in _notches(action):
            self._expect_pointer()
            self.eyes.check()
            self.eyes.desktop.pointer.scroll(dx, dy)

    def _held(self, modifiers: tuple[Modifier, ...], act: Callable[[], None]) -> None:
        keyboard = self.eyes.desktop.keyboard
        for key in modifiers:
            keyboard.press(key)
        try:
            act()
        finally:
            for key in reversed(modifiers):
                keyboard.release(key)

    def _type(self, action: TypeText, grounding: Grounding) -> None:
        if action.secret is None:
            text = action.text
        else:
            if grounding.element is None or not grounding.element.password:
                raise StepFailed("a secret is typed into a password field only, and none has the focus")
            self.eyes.hide(grounding.element)
            text = self.secret(action.secret)
        for start in range(0, len(text := text.replace("\r\n", "\n")), PIECE):
            self.eyes.check()
            self._keep_focus(grounding, secret=action.secret is not None)
            self.eyes.desktop.keyboard.type_text(text[start : start + PIECE])

    def _keep_focus(self, grounding: Grounding, *, secret: bool) -> None:
        """Make sure before every piece that the keys still go where they began to go."""
        ports, was = self.eyes.desktop, grounding.sight.active
        active = ports.windows.active()
        if was is not None and (active is None or active.handle != was.handle):
            self.eyes.pause(STOP_COMES_S)
            raise StepFailed("another window took the focus while text was typed")
        focused = ports.accessibility.focused() if secret and ports.accessibility else None
        if secret and (focused is None or not focused.password or focused.ref != _ref(grounding)):
            raise StepFailed("the password field lost the focus while the secret was typed")

    def _chord(self, keys: tuple[str, ...]) -> None:
        self.eyes.check()
        keyboard = self.eyes.desktop.keyboard
        pressed: list[str] = []
        try:
            for key in keys:
                keyboard.press(key)
                pressed.append(key)
        finally:
            for key in reversed(pressed):
                keyboard.release(key)

    def _activate(self, action: Activate) -> None:
        windows = self.eyes.desktop.windows
        wanted = _meant(action, windows.all())
        windows.activate(wanted)
        end_s = time.monotonic() + self.timeout_s
        while (active := windows.active()) is None or active.handle != wanted.handle:
            if not self.eyes.wait(end_s):
                raise StepFailed(f"the window {action.title!r} of {action.app} did not come to the front")

    def _wait(self, action: Wait) -> None:
        if action.until is not None:
            self._until(action.until)
        else:
            self.eyes.pause(action.seconds)

    def _until(self, condition: Condition) -> None:
        end_s = time.monotonic() + self.timeout_s
        while not (held := holds(condition, self.eyes.look())).ok:
            if not self.eyes.wait(end_s):
                raise StepFailed(held.reason)

    def _read(self, action: Read, grounding: Grounding) -> None:
        element = grounding.element
        text = (element.value if element.value is not None else element.name) if element else None
        if text is None or (element and element.password):
            raise StepFailed("the target has no text that could be read")
        self.values[action.variable] = text

    def _ask(self, action: Ask) -> None:
        answer = self.ask(action.question)
        if answer is None:
            raise StoppedError("nobody is there to answer the question of this step")
        if action.variable:
            self.values[action.variable] = answer


def _ref(grounding: Grounding) -> tuple[str, str] | None:
    return grounding.element.ref if grounding.element else None


def _point(grounding: Grounding) -> Point:
    if grounding.point is None:
        raise StepFailed("the step has no place on this screen")
    return grounding.point


def _meant(action: Activate, windows: Sequence[Window]) -> Window:
    """The window that is to come to the front: the only one of that very title, else the only one with one like it.

    Without a title the topmost of the application. Raises `StepFailed` where there is none, or more than one.
    """
    fitting = [window for window in windows if _fits(action, window)]
    exact = [window for window in fitting if window.title == action.title]
    if not fitting:
        raise StepFailed(f"no window {action.title!r} of {action.app} is open")
    wanted = exact or fitting
    if action.title and len(wanted) > 1:
        titles = ", ".join(repr(window.title) for window in wanted[:3])
        raise StepFailed(f"more than one window of {action.app} may be {action.title!r}: {titles}; close all but one")
    return wanted[0]


def _fits(action: Activate, window: Window) -> bool:
    recorded = Window(app=action.app, title=action.title, bounds=window.bounds)
    return window.app == action.app if not action.title else same_window(recorded, window)


def _stretched(action: Drag, start: Point, end: Point | None) -> list[Point]:
    """The recorded path from today's start, bent so that it ends where the destination is today."""
    if not action.path:
        return [end] if end else []
    last = action.path[-1]
    off_x, off_y = (end.x - start.x - last.dx, end.y - start.y - last.dy) if end else (0, 0)
    count = len(action.path)
    return [
        start.offset(p.dx + off_x * (i + 1) // count, p.dy + off_y * (i + 1) // count)
        for i, p in enumerate(action.path)
    ]


def _notches(action: Scroll) -> list[tuple[int, int]]:
    across, down = (1 if action.dx > 0 else -1), (1 if action.dy > 0 else -1)
    return [(across, 0)] * abs(action.dx) + [(0, down)] * abs(action.dy)
