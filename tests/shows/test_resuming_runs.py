"""Show 4 with a model: `run` is killed at any instant, and `run --resume` finishes the task without doing a step twice.

The model is scripted, but it looks: it presses the digit that the display lacks, as the element list tells it. What the
calculator shows in the end is the judge. `WORKBENCH_SHOWS=full` kills at 30 instants instead of six.
"""

import os
import random
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from Xlib.display import Display

from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.events import StepActing
from workbench.library.store import Library
from workbench.session.resuming import resumable

Plan = dict[str, Any]

KILLS = 30 if os.environ.get("WORKBENCH_SHOWS") == "full" else 6
PATIENCE_S = 90.0
GOAL = "1234"
TASK = f"enter {GOAL}"
UNSURE = "may or may not have happened"


def next_digit(prompt: str) -> Plan:
    """Press what the display lacks; whatever else stands there is a failure that the test will see."""
    line = re.search(r"text area.*\[(e\d+)\]", prompt)
    assert line, prompt
    shown = re.findall(rf'(?:text area|\[{line[1]}\]) = "(\d*)"', prompt)
    number = shown[-1].lstrip("0") if shown else ""
    if number == GOAL:
        return {"thought": "all are there", "step": {"action": "finish", "answer": number}}
    if not GOAL.startswith(number):
        return {"thought": "", "step": {"action": "fail", "reason": f"the display shows {number}"}}
    digit = GOAL[len(number)]
    return {"thought": f"{number} stands there", "step": {"action": "click", "target": f'button "{digit}"'}}


@pytest.fixture
def calculator(desk: Callable[..., PrivateDesktop]) -> PrivateDesktop:
    return desk("galculator", size=(800, 600))


def shown(desktop: PrivateDesktop) -> str:
    """The number that the calculator shows, once it answers."""
    end_s = time.monotonic() + PATIENCE_S
    with closing(connect(desktop.display)) as connection:
        opened = open_accessibility(bus_address=desktop.bus_address, windows=X11Windows(connection))
        assert opened is not None
        with closing(opened):
            while time.monotonic() < end_s:
                for one in opened.walk("galculator"):
                    if one.role == "text" and one.value is not None:
                        return one.value.strip()
    raise AssertionError("the calculator shows no number")


def held(desktop: PrivateDesktop) -> int:
    """How many keys and buttons are down."""
    with closing(Display(desktop.display)) as display:
        buttons = display.screen().root.query_pointer().mask >> 8 & 0x1F
        return sum(map(int.bit_count, display.query_keymap())) + int(buttons).bit_count()


def marked(token: str) -> dict[int, str]:
    """The living processes that carry the token in their environment, with their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def kill(token: str, number: int) -> None:
    """Kill the parent, the process of the run, or both."""
    words = (["ui.cli.main"], ["agents.session.child"], ["ui.cli.main", "agents.session.child"])[number % 3]
    for pid, line in marked(token).items():
        if any(word in line for word in words):
            os.kill(pid, signal.SIGKILL)


def until(holds: Callable[[], Any], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not happen"
        time.sleep(0.02)


def runs(library: Path) -> list[str]:
    """The runs of the library, the newest first."""
    with Library.open(library) as opened:
        return [run.id for run in opened.runs()]


def acting(library: Path, run: str) -> int:
    with Library.open(library) as opened:
        return sum(isinstance(event, StepActing) for event in opened.run_events(run))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_run_is_resumed_and_finishes_without_doing_any_step_twice(
    number: int, workbench: Any, mind: Any, calculator: PrivateDesktop, record_property: Callable[[str, object], None]
) -> None:
    chance, killed = random.Random(number), threading.Event()

    def says(prompt: str) -> Plan:
        plan = next_digit(prompt)
        if plan["step"]["action"] == "finish":  # no run is over before it is killed
            killed.wait(PATIENCE_S)
        return plan

    mind.says = says
    token = uuid.uuid4().hex
    environment = calculator.environment() | mind.environment
    begun = workbench.start(
        "run", TASK, "--model", "mind", "--approve", "auto", environment=environment | {"WORKBENCH_TEST_TOKEN": token}
    )
    until(lambda: (workbench.library / "library.db").exists() and runs(workbench.library), "the run")
    (run,) = runs(workbench.library)
    until(lambda: acting(workbench.library, run) > chance.randrange(len(GOAL)), "a step")
    time.sleep(chance.uniform(0.0, 0.4))
    kill(token, number)
    _, talk = begun.communicate(timeout=PATIENCE_S)
    until(lambda: not marked(token), "the end of its processes")
    killed.set()
    assert held(calculator) == 0
    parent_lived = number % 3 == 1
    assert (f"\nto go on with it: workbench-cli run --resume {run}\n" in f"\n{talk}") == parent_lived
    with Library.open(workbench.library) as library:
        unsure = resumable(library, run).unsure
    record_property("unsure", unsure is not None)
    asked = len(mind.prompts)
    document = workbench.json("run", "--resume", run, environment=environment)
    assert document["outcome"] == "finished", document
    assert shown(calculator).lstrip("0") == GOAL
    assert (UNSURE in mind.prompts[asked]) == (unsure is not None)
    assert workbench.json("verify")["ok"]


@pytest.mark.slow
def test_a_run_that_finished_is_not_resumed(workbench: Any, mind: Any, calculator: PrivateDesktop) -> None:
    mind.plans({"thought": "", "step": {"action": "finish"}})
    environment = calculator.environment() | mind.environment
    document = workbench.json("run", TASK, "--model", "mind", "--approve", "auto", environment=environment)
    again = workbench.run("run", "--resume", document["run"], environment=environment)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "finished; there is nothing to go on with" in again.stderr


def test_an_unknown_run_is_refused_in_a_line(workbench: Any) -> None:
    refused = workbench.run("run", "--resume", "r0000")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "no run 'r0000' here" in refused.stderr
