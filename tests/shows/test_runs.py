"""Every run is a trajectory: logged, listed, replayed from a fresh start, and resumed when it was cut short.

`WORKBENCH_SHOWS=full` kills at 30 instants instead of six.
"""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from Xlib.display import Display

from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.library.naming import new_id
from workbench.library.store import Library
from workbench.session.messages import Order
from workbench.session.replaying import new_run_id
from workbench.session.resuming import Resumption, resumable
from workbench.trajectory import Trajectory

Desk = Callable[..., PrivateDesktop]

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "apps" / "scripted_run.py"
KILLS = 30 if os.environ.get("WORKBENCH_SHOWS") == "full" else 6
PATIENCE_S = 60.0


def order(library: Path, task: str) -> Order:
    """What a run that is kept is told; the library is there afterwards."""
    with Library.open(library) as opened:
        frames = opened.frames_folder
    kept = Trajectory(new_id(), "Press buttons", task=task, source="agent", created=time.time())
    return Order(new_run_id(), kept, str(frames), library=str(library))


def start(
    desktop: PrivateDesktop, ordered: Order, variables: dict[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), "parent"],
        env=desktop.environment() | {"PYTHONPATH": str(ROOT)} | (variables or {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(msgspec.json.encode(ordered) + b"\n")
    process.stdin.flush()
    return process


def shown(desktop: PrivateDesktop) -> str:
    """What the calculator shows, as soon as it answers."""
    found: list[str] = []
    until(lambda: bool(found.extend(fields(desktop)) or found), "an answer of the calculator")
    return found[0].strip()


def fields(desktop: PrivateDesktop) -> list[str]:
    """What the calculator's fields hold."""
    with closing(connect(desktop.display)) as connection:
        opened = open_accessibility(bus_address=desktop.bus_address, windows=X11Windows(connection))
        assert opened is not None
        with closing(opened):
            return [one.value or "" for one in opened.walk("galculator") if one.role in ("text", "entry")]


@pytest.mark.slow
def test_a_run_replays_from_a_fresh_start_with_the_same_result(workbench: Any, desk: Desk, tmp_path: Path) -> None:
    desktop = desk("galculator")
    ordered = order(workbench.library, "7 8 * 5 =")
    process = start(desktop, ordered)
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert out.decode().split()[-2:] == ["RunEnded", "0"]
    until(lambda: shown(desktop).startswith("390"), "the product on the display")
    number = shown(desktop)
    desktop.close()
    (listed,) = workbench.json("list")
    assert (listed["source"], listed["steps"], listed["id"]) == ("agent", 5, ordered.trajectory.id)
    assert workbench.json("verify") == {"ok": True, "problems": []}
    today = desk("galculator")
    document = workbench.json("replay", ordered.trajectory.id, environment=today.environment())
    assert document["outcome"] == "finished", document
    assert [step["verified"] for step in document["steps"]] == [True] * 5
    until(lambda: shown(today) == number, "the same number")
    steps = workbench.json("show", ordered.trajectory.id)["steps"]
    assert all(step["description"] and step["target"]["crop"] for step in steps)
    assert steps[0]["thought"] == "because 7 comes next"
    bundle = tmp_path / "run.trajectory"
    assert workbench.run("export", ordered.trajectory.id, "--to", "bundle", "-o", str(bundle)).returncode == 0
    assert bundle.exists()


DIGITS = "123456789123"
AFTERWARDS = " keys:ctrl+shift" * 24
"""So much is left to be done that no run is over before it is killed."""

WORDS = " ".join(f"{digit} keys:ctrl+shift" for digit in DIGITS) + AFTERWARDS


@pytest.fixture(scope="module")
def calculator() -> Iterator[PrivateDesktop]:
    """One desktop with a calculator for all kills of this module."""
    with PrivateDesktop.start((800, 600)) as desktop:
        desktop.launch("galculator")
        yield desktop


def held(desktop: PrivateDesktop) -> int:
    """How many keys and buttons are down."""
    display = Display(desktop.display)
    try:
        buttons = display.screen().root.query_pointer().mask >> 8 & 0x1F
        return sum(map(int.bit_count, display.query_keymap())) + int(buttons).bit_count()
    finally:
        display.close()


def marked(token: str) -> dict[int, str]:
    """The living processes that carry the token in their environment."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if token.encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def victims(token: str, number: int) -> list[int]:
    """The parent, the process of the run, or both."""
    runs = {pid: words.rstrip().endswith("parent") for pid, words in marked(token).items() if SCRIPT.name in words}
    return [pid for pid, is_parent in runs.items() if number % 3 == 2 or is_parent == (number % 3 == 0)]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_killed_at_any_instant_is_known_step_by_step_and_leaves_nothing_held(
    workbench: Any, calculator: PrivateDesktop, record_property: Callable[[str, object], None], number: int
) -> None:
    chance = random.Random(number)
    before = shown(calculator)
    ordered = order(workbench.library, ("C " if before not in ("", "0") else "") + WORDS)
    token = uuid.uuid4().hex
    process = start(calculator, ordered, {"WORKBENCH_TEST_TOKEN": token})
    assert process.stdout
    begun_at = ordered.trajectory.task.split().index("1") + 1
    wait_for(process, f"StepActing {begun_at}")
    time.sleep(chance.uniform(0.0, 2.5))
    for pid in victims(token, number):
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE_S)
    until(lambda: not marked(token), "the end of its processes")
    assert held(calculator) == 0
    with Library.open(workbench.library) as library:
        found = resumable(library, ordered.run)
        library.recover_runs()
        (listed,) = library.summaries()
        assert library.verify() == []
    record_property("steps", len(found.done))
    record_property("unsure", found.unsure is not None)
    assert_known(found, ordered, calculator)
    assert (listed.id, listed.state, listed.steps) == (ordered.trajectory.id, "complete", len(found.done))


def assert_known(found: Resumption, ordered: Order, calculator: PrivateDesktop) -> None:
    """What the log says is done was done, in this order; at most the step it is unsure of may have been done too."""
    words = ordered.trajectory.task.split()
    done = [words[step.index - 1] for step in found.done]
    assert done == words[: len(done)]
    certain = "".join(word for word in done if word.isdigit())
    last = words[found.unsure.index - 1] if found.unsure else ""
    allowed = (certain or "0", certain, certain + last)
    until(lambda: shown(calculator) in allowed, f"one of {allowed} on the display")
    assert bool(found.warning) == (found.unsure is not None)
    assert found.next_index == len(done) + 1 + bool(found.unsure)
    assert [change["words"] for change in found.changes][: len(done)] == [f"about to press {word}" for word in done]


def wait_for(process: "subprocess.Popen[bytes]", line: str) -> None:
    assert process.stdout
    for said in process.stdout:
        if said.decode().strip() == line:
            return
    raise AssertionError(f"the run ended before {line!r}")


def until(holds: Callable[[], Any], what: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end_s, f"{what} did not happen"
        time.sleep(0.05)
