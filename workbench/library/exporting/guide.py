"""A trajectory as people follow it: headings, remarks, and numbered lines that each say what to do and where.

Every export for people is made from this, so that their words and numbers agree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.actions import Click, Drag, Fail, Finish, Hover, Note, PressKeys, Read, Scroll, TypeText
from workbench.geometry import Point, Rect
from workbench.library.importing.drafts import Remark
from workbench.report.views import close_view, recorded_region
from workbench.report.words import (
    LONGEST_CHARACTERS,
    NO_FIELDS,
    describe,
    describe_app,
    describe_target,
    quoted,
    sentence,
    tidy,
)
from workbench.trajectory import Element, FrameId, Step, Target, Trajectory

LONGEST_HEADING = 90
"""A remark of more characters than this, or of several lines, heads no chapter: it is shown as a remark."""

LONGEST_TITLE = 200
LONGEST_SENTENCE = 400
LONGEST_REMARK = 2000

_EDGE_PX = 8
"""How much is shown around a window."""

_POINTED = (Click, Hover, Drag, Scroll, Read)
"""Actions that happen where the target is; others go to what has the focus."""

_ON_SCREEN = (*_POINTED, TypeText, PressKeys)
"""Actions that people follow with their eyes: a picture of them is missed."""


@dataclass(frozen=True)
class Heading:
    """The sentence that opens a chapter; `at` is its step in the trajectory, counted from 1."""

    at: int
    text: str


@dataclass(frozen=True)
class Aside:
    """A remark between two steps, or how it all ended; `at` is its step in the trajectory, counted from 1."""

    at: int
    text: str


@dataclass(frozen=True)
class Act:
    """One thing to do: `number` counts these alone, `at` is its step in the trajectory; both from 1.

    `frame` is the picture on which it is to be done, None where nobody took one. `points` are desktop pixels: none,
    one, or the two ends of a drag. `region` is the element, printed text or field there, and `named` what people call
    it; empty where nothing is known.
    """

    number: int
    at: int
    step: Step
    words: str
    frame: FrameId | None
    points: tuple[Point, ...] = ()
    region: Rect | None = None
    named: str = ""

    def view(self, bounds: Rect) -> Rect | None:
        """The part of a picture of these bounds in which it is done, None where that is all of it or nowhere.

        It lies within the window that it goes to, where its place does.
        """
        around = [Rect(point.x, point.y, 1, 1) for point in self.points] + ([self.region] if self.region else [])
        places = [place for place in around if place.intersection(bounds)]
        known = (self.step.target.window if self.step.target else None) or self.step.observation.window
        window = known.bounds.grown(_EDGE_PX).intersection(bounds) if known else None
        if window is None or any(window.intersection(place) != place for place in places):
            return close_view(bounds, places) if places else None
        return close_view(window, places) if places else window


Block = Heading | Aside | Act


@dataclass(frozen=True)
class Guide:
    """A whole trajectory: what it is called, what it was for, in which applications, and its blocks in order."""

    title: str
    task: str
    apps: tuple[str, ...]
    blocks: tuple[Block, ...]

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """The things to do."""
        return tuple(block for block in self.blocks if isinstance(block, Act))

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """What opens the chapters."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    @property
    def last_frame(self) -> FrameId | None:
        """The picture of what came of it all, where the last thing to do has one."""
        return self.acts[-1].step.outcome.frame if self.acts else None


def guide_of(trajectory: Trajectory) -> Guide:
    """The trajectory as people follow it; it need not have steps, pictures or words of its own."""
    title = tidy(trajectory.title, LONGEST_TITLE) or "A recording without a title"
    task = tidy(trajectory.task, LONGEST_REMARK)
    return Guide(title, "" if task == title else task, _apps(trajectory.steps), tuple(_blocks(trajectory.steps)))


def is_hidden(step: Step) -> bool:
    """Whether what the step types is a secret, or goes into a password field."""
    if not isinstance(step.action, TypeText):
        return False
    field = focused(step)
    return step.action.secret is not None or (field is not None and field.password)


def focused(step: Step) -> Element | None:
    """The field that text or keys go to, None where they go to the window as a whole."""
    field = (step.target.element if step.target else None) or step.observation.focused
    return None if field is None or field.role in NO_FIELDS else field


def without_picture(act: Act, why: str = "no picture was recorded") -> tuple[Remark, ...]:
    """The remark that a step has no picture in what was written, where it is one that is done on the screen."""
    return (Remark(act.at, why),) if isinstance(act.step.action, _ON_SCREEN) else ()


def whole_text(step: Step) -> str:
    """The typed text where the step's sentence does not show all of it; empty where it does, or where it is hidden."""
    if not isinstance(step.action, TypeText) or is_hidden(step):
        return ""
    text = step.action.text
    return text if len(text) > LONGEST_CHARACTERS or "\n" in text.rstrip("\n") else ""


def _blocks(steps: Sequence[Step]) -> Iterator[Block]:
    number, before = 0, None
    for at, step in enumerate(steps, 1):
        if isinstance(step.action, Note):
            yield from _remark(step.action.text, at, last=at == len(steps))
        elif isinstance(step.action, Finish | Fail):
            yield from _ending(step.action, at)
        else:
            number += 1
            yield _act(step, number, at, before)
            before = step.outcome.frame


def _remark(text: str, at: int, *, last: bool) -> Iterator[Block]:
    told = tidy(text, LONGEST_REMARK)
    if not told:
        return
    heads = not last and "\n" not in text.strip() and len(told) <= LONGEST_HEADING
    yield Heading(at, told.rstrip(".")) if heads else Aside(at, told)


def _ending(action: Finish | Fail, at: int) -> Iterator[Aside]:
    if isinstance(action, Fail):
        reason = tidy(action.reason, LONGEST_REMARK)
        yield Aside(at, sentence(f"here it was given up: {reason}" if reason else "here it was given up"))
    elif action.answer.strip():
        yield Aside(at, sentence(f"the answer is {quoted(action.answer.strip(), LONGEST_REMARK)}"))


def _act(step: Step, number: int, at: int, before: FrameId | None) -> Act:
    words = sentence(describe(step) if is_hidden(step) else tidy(step.description, LONGEST_SENTENCE) or describe(step))
    frame = step.observation.frame or (_elsewhere(step, before) if isinstance(step.action, _ON_SCREEN) else None)
    if not isinstance(step.action, _POINTED):
        field = focused(step)
        region = field.bounds if field and field.bounds.area else None
        return Act(number, at, step, words, frame, (), region, _named(Target(Point(0, 0), element=field)))
    ends = [target for target in (step.target, step.destination) if target]
    region = _region(step.target) if step.target else None
    return Act(number, at, step, words, frame, tuple(target.point for target in ends), region, _named(step.target))


def _elsewhere(step: Step, before: FrameId | None) -> FrameId | None:
    """The picture around the target, else what the step before left behind."""
    crop = step.target.crop.frame if step.target and step.target.crop else None
    return crop or before


def _region(target: Target) -> Rect | None:
    known = (target.element and target.element.bounds.area) or (target.text and target.text.bounds.area)
    return recorded_region(target) if known else None


def _named(target: Target | None) -> str:
    """What people call the target, empty where nothing but its place is known."""
    element = target.element if target else None
    known = element and (element.name.strip() or element.label.strip())
    printed = target and target.text and target.text.text.strip()
    return describe_target(target) if known or printed else ""


def _apps(steps: Sequence[Step]) -> tuple[str, ...]:
    windows = ((step.target.window if step.target else None) or step.observation.window for step in steps)
    return tuple(dict.fromkeys(describe_app(window.app) for window in windows if window and window.app.strip()))
