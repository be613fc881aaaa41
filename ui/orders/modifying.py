"""Another step in the place of a proposed one: the changes that a person can make before they permit it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.actions import Click, Drag, Hover, Read, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.events import ApprovalAsked
from workbench.geometry import Point, Rect
from workbench.keynames import pressed
from workbench.report.words import describe_target, quoted, tidy
from workbench.trajectory import Element, FrameId, Outcome, Step, Target

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame

POINTING = (Click, Hover, Scroll, Drag, Read)
"""Actions that go to a place."""

_LONGEST = 80


def takes_text(step: Step) -> bool:
    """Whether another text can be typed in its place; what a secret holds is nobody's to change."""
    return isinstance(step.action, TypeText) and step.action.secret is None


def takes_place(step: Step) -> bool:
    """Whether it can go to another place."""
    return isinstance(step.action, POINTING)


def with_text(step: Step, text: str) -> Step:
    """The same field gets another text."""
    return replace(step, action=TypeText(text), outcome=Outcome(), description="")


def with_keys(step: Step, words: str) -> Step:
    """Keys are pressed instead, such as `ctrl+s`; raises ValueError, naming what is wrong with the words."""
    bare = replace(step, target=None, destination=None, outcome=Outcome(), description="")
    return replace(bare, action=pressed(words))


def with_element(step: Step, element: Element) -> Step:
    """The action goes to the middle of another element."""
    window = (step.target.window if step.target else None) or step.observation.window
    target = Target(element.bounds.centre, window if window and window.app == element.app else None, element)
    return replace(step, target=target, outcome=Outcome(), description="")


def names_of(elements: Sequence[Element]) -> tuple[str, ...]:
    """What to call each of the elements in a list to choose from: no two are called alike.

    Namesakes are told apart by their windows, and those of one window by their order in reading and their place among
    all elements: “3rd of 4, top right”.
    """
    names = [tidy(describe_target(Target(e.bounds.centre, element=e)).removeprefix("the "), _LONGEST) for e in elements]
    windows: dict[str, set[str]] = {}
    for name, element in zip(names, elements, strict=True):
        windows.setdefault(name, set()).add(element.window)
    spread = [
        f"{name}, in {quoted(tidy(element.window, _LONGEST))}" if len(windows[name]) > 1 else name
        for name, element in zip(names, elements, strict=True)
    ]
    return tuple(_counted(spread, elements))


def _counted(names: Sequence[str], elements: Sequence[Element]) -> Iterator[str]:
    """The names, those that are still equal with their number and their place."""
    reading = sorted(range(len(names)), key=lambda at: (elements[at].bounds.y, elements[at].bounds.x))
    alike: dict[str, list[int]] = {}
    for at in reading:
        alike.setdefault(names[at], []).append(at)
    numbers = {at: number for same in alike.values() for number, at in enumerate(same, 1)}
    area = _around(elements)
    for at, name in enumerate(names):
        count = len(alike[name])
        where = f", {_ordinal(numbers[at])} of {count}, {_place(elements[at], area)}"
        yield name + (where if count > 1 else "")


def _around(elements: Sequence[Element]) -> Rect:
    """What all the elements cover, in desktop pixels."""
    boxes = [each.bounds for each in elements] or [Rect(0, 0, 0, 0)]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Rect(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


def _place(element: Element, area: Rect) -> str:
    """In which third of the area it is, down and across."""
    centre = element.bounds.centre
    down = ("top", "", "bottom")[_third(centre.y - area.y, area.height)]
    across = ("left", "", "right")[_third(centre.x - area.x, area.width)]
    return " ".join(filter(None, (down, across))) or "in the middle"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{('th', 'st', 'nd', 'rd')[number % 10] if number % 10 < 4 else 'th'}"


def _third(at_px: int, of_px: int) -> int:
    return min(2, max(0, 3 * at_px // max(1, of_px)))


def with_point(step: Step, point: Point, *, asked: ApprovalAsked, load: "Callable[[FrameId], Frame]") -> Step:
    """The action goes to a place that was pointed at in the picture of the question, in desktop pixels.

    The smallest of the elements there is its witness, beside the pixels and the printed text. `load` reads a frame.
    Blocks for some 0.2 s. Raises `BadInputError` outside the picture, and where the question has none.
    """
    from workbench.retargeting import Known, target_at

    if asked.frame is None:
        raise BadInputError("there is no picture of this step to point into; take over, or name another element")
    window = (step.target.window if step.target else None) or step.observation.window
    target = target_at(Known(asked.frame, asked.elements, window), point, load(asked.frame))
    return replace(step, target=target, outcome=Outcome(), description="")
