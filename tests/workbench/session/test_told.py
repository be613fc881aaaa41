"""What a run says of its end."""

from dataclasses import dataclass, field

import pytest

from workbench.actions import Call, Click
from workbench.desktop.ports import Desktop
from workbench.errors import BadInputError, UnavailableError
from workbench.events import RunEnded, RunOutcome, RunStarted, StepProposed
from workbench.library.frames import FrameStore
from workbench.library.store import Library
from workbench.session.child import Pipe
from workbench.session.eyes import Eyes
from workbench.session.roles import Ending, Proposal
from workbench.session.running import Told
from workbench.trajectory import Step


@dataclass
class Ears(Pipe):
    """A pipe whose other end is a list."""

    heard: list[object] = field(default_factory=list)

    def say(self, message: object) -> None:
        self.heard.append(message)


@pytest.mark.parametrize(
    ("outcome", "error_code", "expected"),
    [
        ("finished", None, 0),
        ("failed", None, 1),
        ("stopped", None, 3),
        ("failed", BadInputError.exit_code, 2),
        ("failed", UnavailableError.exit_code, 4),
    ],
)
def test_a_run_ends_with_the_exit_code_of_the_error_that_ended_it_else_of_its_outcome(
    tmp_path, outcome: RunOutcome, error_code: int | None, expected: int
) -> None:
    ears = Ears(source=None, sink=None)  # type: ignore[arg-type]  # nothing is read or written
    eyes = Eyes(Desktop.__new__(Desktop), FrameStore(tmp_path), lambda: None)
    Told(ears, eyes).over(Ending(outcome, "why", error_code))
    (ended,) = ears.heard
    assert isinstance(ended, RunEnded)
    assert (ended.outcome, ended.reason, ended.exit_code) == (outcome, "why", expected)


def test_the_log_of_a_call_is_without_the_words_of_what_the_workflow_was_learned_from(tmp_path) -> None:
    ears = Ears(source=None, sink=None)  # type: ignore[arg-type]  # nothing is read or written
    eyes = Eyes(Desktop.__new__(Desktop), FrameStore(tmp_path / "frames"), lambda: None)
    Library.open(tmp_path).close()
    told = Told(ears, eyes, tmp_path)
    told.say(RunStarted(run="r1", trajectory=None, title="t"))
    for action in (Call("Add customer"), Click()):
        told.proposed(Proposal(1, Step("s1", action), why="learned from “Ada”"))
    told.close()
    heard = [event.why for event in ears.heard if isinstance(event, StepProposed)]
    with Library.open(tmp_path) as library:
        logged = [event.why for event in library.run_events("r1") if isinstance(event, StepProposed)]
    assert heard == ["learned from “Ada”"] * 2
    assert logged == ["", "learned from “Ada”"]
