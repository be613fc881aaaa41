"""Another step in the place of a proposed one: the changes that a person can make before they permit it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agents.planning.keys import pressed
from workbench.actions import Click, Drag, Hover, Read, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.events import ApprovalAsked
from workbench.geometry import Point
from workbench.trajectory import Element, FrameId, Outcome, Step, Target

if TYPE_CHECKING:
    from workbench.desktop.ports import Frame

POINTING = (Click, Hover, Scroll, Drag, Read)
"""Actions that go to a place."""


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
