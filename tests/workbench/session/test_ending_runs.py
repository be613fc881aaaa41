"""How a conversation with the process of a run ends, whatever that process does."""

import subprocess
import sys

import pytest

from workbench import events
from workbench.session.messages import Stop
from workbench.session.parent import ChildDiedError, RunChild

BEGINS_AND_DIES = """
import json, sys
sys.stdin.readline()
print(json.dumps(dict(kind="run-started", run="r1", trajectory=None, title="")), flush=True)
sys.stdin.readline()
"""


class Interrupted:
    """A face at which somebody presses Ctrl-C as soon as the run has begun."""

    def hear(self, event: events.Event) -> None:
        raise KeyboardInterrupt


def test_a_process_that_dies_of_a_ctrl_c_leaves_a_log_with_an_end() -> None:
    command = [sys.executable, "-c", BEGINS_AND_DIES]
    with RunChild(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)) as child:
        with pytest.raises(ChildDiedError, match="exit code 0"):
            child.conduct(Stop("the order of this script"), Interrupted(), str)  # type: ignore[arg-type]  # it is only told
        assert [type(event) for event in child.told] == [events.RunStarted, events.RunEnded]
