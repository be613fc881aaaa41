"""Targets recorded on real applications, on a private desktop."""

from collections.abc import Callable
from typing import Any

import pytest

from workbench.locate.witness import build_target
from workbench.trajectory import Element, Target

Record = Callable[..., Target]


@pytest.fixture
def record(stage: Any) -> Record:
    """Makes a target in the middle of an element, as a recorder would; it stays when the application has gone."""

    def make(element: Element, *, accessible: bool = True) -> Target:
        desktop, frames = stage.desktop, stage.frames
        frame = desktop.screens.grab()
        frame_id = f"frame-{len(frames)}"
        frames[frame_id] = frame
        point = element.bounds.centre
        window = desktop.windows.at(point)
        told = desktop.accessibility.element_at(point, window) if accessible else None
        return build_target(point=point, frame=frame, frame_id=frame_id, window=window, element=told)

    return make


@pytest.fixture
def buttons(stage: Any, record: Record) -> Callable[..., dict[str, Target]]:
    """Record buttons of what runs now, by name."""

    def make(*names: str, role: str = "push button", **how: bool) -> dict[str, Target]:
        return {name: record(stage.element(role, name), **how) for name in names}

    return make
