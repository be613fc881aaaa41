"""Targets recorded on real applications, on a private desktop."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from workbench.desktop.ports import Frame
from workbench.locate.witness import build_target
from workbench.trajectory import Element, Target

T = TypeVar("T")
Record = Callable[..., Target]
Ask = Callable[[Callable[[], T]], T]


@pytest.fixture
def answered(stage: Any) -> Ask[Any]:
    """Asks something, again while an application is too busy to say its part in time."""

    def ask(question: Callable[[], T]) -> T:
        accessibility, found = stage.desktop.accessibility, list[T]()

        def all_answered() -> bool:
            before = accessibility.unanswered
            found[:] = [question()]
            return bool(accessibility.unanswered == before)

        stage.until(all_answered)
        return found[0]

    return ask


@pytest.fixture
def record(stage: Any, answered: Ask[Any]) -> Record:
    """Makes a target in the middle of an element, as a recorder would; it stays when the application has gone."""

    def drawn(element: Element) -> Frame | None:
        """The screen, once it shows more than one colour there: a busy application is slow to draw its window."""
        frame: Frame = stage.desktop.screens.grab()
        part = frame.crop(element.bounds)
        return frame if (part != part[0, 0]).any() else None

    def make(element: Element, *, accessible: bool = True) -> Target:
        desktop, frames = stage.desktop, stage.frames
        frame = stage.until(lambda: drawn(element))
        frame_id = f"frame-{len(frames)}"
        frames[frame_id] = frame
        point = element.bounds.centre
        window = desktop.windows.at(point)
        told = answered(lambda: desktop.accessibility.element_at(point, window)) if accessible else None
        return build_target(point=point, frame=frame, frame_id=frame_id, window=window, element=told)

    return make


@pytest.fixture
def buttons(stage: Any, record: Record) -> Callable[..., dict[str, Target]]:
    """Record buttons of what runs now, by name."""

    def make(*names: str, role: str = "push button", **how: bool) -> dict[str, Target]:
        return {name: record(stage.element(role, name), **how) for name in names}

    return make
