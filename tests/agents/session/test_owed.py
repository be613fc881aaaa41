"""What a run that goes on with another one remembers of steps that the other did not live to remember."""

from collections.abc import Sequence

import pytest

from agents.memory.changes import MemoryChange, Remember
from agents.memory.editing import replayed
from agents.session.running import UNSURE, owed
from workbench.actions import PressKeys
from workbench.events import StepStatus
from workbench.session.resuming import KnownStep, Resumption
from workbench.trajectory import Step


def known(index: int, status: StepStatus = "done", message: str = "") -> KnownStep:
    return KnownStep(index, Step(f"s{index}", PressKeys((f"F{index}",))), status, message)


def remembered(*indices: int) -> Sequence[MemoryChange]:
    return [Remember(words=f'press "F{index}"', verified=True, step=index - 1) for index in indices]


def test_nothing_is_owed_of_steps_that_were_remembered() -> None:
    earlier = Resumption("r1", "go", {}, done=(known(1), known(2)))
    assert owed(replayed("go", remembered(2)), earlier) == ()


def test_a_step_whose_end_was_logged_and_not_remembered_is_not_forgotten() -> None:
    earlier = Resumption("r1", "go", {}, done=(known(1), known(3)), failed=(known(2, "failed", "nothing changed"),))
    found = owed(replayed("go", remembered(1)), earlier)
    assert [(one.step, one.verified, one.observed) for one in found if isinstance(one, Remember)] == [
        (1, False, "nothing changed"),
        (2, True, ""),
    ]


@pytest.mark.parametrize("status", ["skipped", "failed"])
def test_a_step_that_nobody_knows_the_end_of_is_told_as_such(status: StepStatus) -> None:
    earlier = Resumption("r1", "go", {}, done=(known(1),), unsure=known(2, status))
    (found,) = owed(replayed("go", remembered(1)), earlier)
    assert isinstance(found, Remember)
    assert (found.step, found.verified, found.observed) == (1, None, UNSURE)
    assert "F2" in found.words.upper()
