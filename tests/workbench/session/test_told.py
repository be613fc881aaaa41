"""What a run says of its end."""

from dataclasses import dataclass, field

import pytest

from workbench.desktop.ports import Desktop
from workbench.errors import BadInputError, UnavailableError
from workbench.events import RunEnded, RunOutcome
from workbench.library.frames import FrameStore
from workbench.session.child import Pipe
from workbench.session.eyes import Eyes
from workbench.session.roles import Ending
from workbench.session.running import Told


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
