"""Who is slow is given more time, who hangs holds nobody up: asked of a real application that is stopped meanwhile."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from workbench.desktop.atspi.bus import Bus
from workbench.desktop.atspi.patience import LEAST_S, MOST_S, Patience
from workbench.desktop.atspi.switch import accessibility_address
from workbench.desktop.atspi.tree import REGISTRY, Tree, get
from workbench.desktop.atspi.wire import Question


@pytest.fixture
def bus(stage: Any) -> Iterator[Bus]:
    with closing(Bus.connect(stage.desktop.bus_address)) as session:
        address = accessibility_address(session)
    with closing(Bus.connect(address)) as opened:
        yield opened


@pytest.fixture
def question(bus: Bus, stage: Any) -> Question:
    """What galculator is called, asked of itself."""
    stage.window("galculator")
    tree = Tree(bus)

    def named() -> list[Question]:
        apps = tree.children(REGISTRY, deadline=time.monotonic() + LEAST_S)
        names = tree.names(apps, deadline=time.monotonic() + LEAST_S)
        return [
            get(app, "Name") for app, name in zip(apps, names, strict=True) if (name or "").casefold() == "galculator"
        ]

    (found,) = stage.until(named)
    return found


def test_who_answers_late_is_given_more_time_and_asked_again_at_once(bus: Bus, question: Question, stage: Any) -> None:
    patience = Patience(bus)
    with stage.halted(stage.window("galculator").pid):
        assert bus.ask_one(question, deadline=patience.deadline()) is None
    stage.until(lambda: bus.listen() or bus.late == 1)
    assert patience.seconds == 2 * LEAST_S
    assert bus.ask_one(question, deadline=time.monotonic() + 60) is not None


def test_who_hangs_is_given_no_more_time(bus: Bus, question: Question, stage: Any) -> None:
    patience = Patience(bus)
    with stage.halted(stage.window("galculator").pid):
        assert [bus.ask_one(question, deadline=patience.deadline()) for _ in range(3)] == [None] * 3
        assert (patience.seconds, bus.late, bus.unanswered) == (LEAST_S, 0, 3)


def test_more_time_than_the_most_is_given_to_nobody(bus: Bus) -> None:
    patience = Patience(bus)
    for late in range(1, 6):
        bus.late = late
        assert patience.seconds <= MOST_S
    assert patience.seconds == MOST_S
