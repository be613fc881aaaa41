"""What was under the pointer while it rested, and which look at it tells what a press there went to."""

from collections import deque
from dataclasses import dataclass, field

from recorder.gestures import STEADY_PX
from recorder.keeping import Look
from workbench.geometry import Point

SAME_PX = 1
"""A hand that rests moves the pointer no farther than this."""

REMEMBERED = 4


@dataclass(frozen=True)
class Rest:
    """A look at what is under the resting pointer: when the question was put, when the answer was there."""

    point: Point
    asked_ns: int
    answered_ns: int
    look: Look


@dataclass
class Rests:
    """The looks at one place since anything was done."""

    _kept: deque[Rest] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def add(self, rest: Rest) -> None:
        """Remember one."""
        self._kept.append(rest)

    def moved(self, to: Point) -> None:
        """The pointer is there: what was seen elsewhere counts no more."""
        if self._kept and self._kept[-1].point.distance(to) > STEADY_PX:
            self._kept.clear()

    def clear(self) -> None:
        """Something was done: everything may look different."""
        self._kept.clear()

    def before(self, point: Point, when_ns: int) -> Rest | None:
        """What was seen at the place before that moment; None where nobody looked.

        The latest look counts that named an element and was answered in time. While an answer is on its way a press
        may change what it says: such a one counts only where there is no other. One without an element comes last, for
        its window.
        """
        asked = [each for each in self._kept if each.asked_ns <= when_ns and each.point.distance(point) <= SAME_PX]
        named = [each for each in asked if each.look.element is not None]
        answered = [each for each in named if each.answered_ns <= when_ns]
        return next((found[-1] for found in (answered, named, asked) if found), None)
