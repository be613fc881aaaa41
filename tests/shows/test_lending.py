"""A run that reached its task is lent to a later one, step by step, and everybody is told what was lent and why."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import planned_model
import pytest

from agents.runtime.models.registry import Entry, Registry
from workbench.library.learning import Use
from workbench.library.store import Library

pytestmark = pytest.mark.slow

FIRST = "click button 7, then click button 6"
SECOND = f"{FIRST}, then click button 1"


@dataclass(frozen=True)
class Played:
    """A run that is over: what its model was asked, what `--json` printed, and what was said on the way."""

    prompts: list[str]
    document: Any
    talk: str


@pytest.fixture
def play(workbench: Any, tmp_path: Path) -> Iterator[Callable[..., Played]]:
    """Carries a task out on a calculator of its own, with a model that clicks what a test wrote down."""
    (tmp_path / "settings.toml").write_text('[learning]\njoin = "always"\n')
    registry = Registry(tmp_path / "models")
    own = {"WORKBENCH_MODELS": str(registry.folder), "WORKBENCH_SETTINGS": str(tmp_path / "settings.toml")}
    where = ("--private-desktop", "640x480", "--app", "galculator", "--approve", "auto", "--timeout", "30")
    with ExitStack() as stack:

        def run(task: str, *names: str, options: tuple[str, ...] = ()) -> Played:
            clicks = [planned_model.step("click", target=f'button "{name}"') for name in names]
            model = stack.enter_context(planned_model.serving([*clicks, planned_model.step("finish")]))
            registry.add(Entry("planned", kind="server", url=model.url), replace=True)
            words = ("run", task, "--model", "planned", *where, *options, "--json")
            done: subprocess.CompletedProcess[str] = workbench.run(*words, environment=dict(os.environ) | own)
            assert done.returncode == 0, done.stderr
            return Played(model.prompts, json.loads(done.stdout), done.stderr)

        yield run


def test_steps_of_an_earlier_run_are_shown_to_a_later_one_and_named_in_log_report_and_show(
    play: Callable[..., Played], workbench: Any, tmp_path: Path
) -> None:
    first = play(FIRST, "7", "6")
    lent = first.document["trajectory"]
    assert "later runs may be shown this one" in first.talk
    assert not any("recorded: " in prompt for prompt in first.prompts)

    report = tmp_path / "report"
    second = play(SECOND, "7", "6", "1", options=("--lend", "steps", "--report", str(report)))
    begun, followed = second.prompts[:2]
    assert f'recorded: {FIRST}\n0: click button "7"\n+1: click button "6"\n' in begun
    assert f'recorded: {FIRST}\n-1: click button "7"\n0: click button "6"\n' in followed
    (one,), (two,) = (each["lent"] for each in second.document["steps"][:2])
    assert (one["kind"], one["lent"], one["first"], two["first"]) == ("steps", lent, 1, 2)
    assert "it follows a step like the last one" in two["why"]
    assert 0 < one["score"] <= 1
    assert one["tokens"] > 0
    assert f"step 1: shown “{FIRST}” ({lent}), step 1" in second.talk
    page = Path(second.document["report"]).read_text()
    assert f"“{FIRST}” ({lent}), step 2 of revision" in page

    for name, number in ((second.document["run"], "2"), (second.document["trajectory"], "2")):
        shown = workbench.run("show", name, "--step", number)
        assert f"shown “{FIRST}” ({lent}), step 2 of revision" in shown.stdout, shown.stderr
    assert f"({lent}), step 1 of" in workbench.run("show", second.document["run"]).stdout
    with Library.open(workbench.library) as library:
        assert library.verify() == []
        assert library.learning.uses() == [
            Use(first.document["run"], "nothing", "", success=True),
            Use(second.document["run"], "steps", lent, success=True),
        ]
