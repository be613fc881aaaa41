"""Show 5: a recording that halts on a screen that drifted is repaired, the repair accepted, and then replays alone.

The model is scripted, behind the server that any other one would be asked through; the form's own log is the judge.
"""

import json
import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.desktop.private import PrivateDesktop

Desk = Callable[..., PrivateDesktop]
Plan = dict[str, Any]

APPS = Path(__file__).resolve().parents[1] / "apps"
ACTS = [["click", "gtk_form", "Newsletter"], ["click", "gtk_form", "Save"], ["click", "gtk_form", "Apply"]]
DONE = "toggled Newsletter on\nclicked Save\nclicked Apply\n"
HALT_S = "4"
PATIENCE_S = 60.0


def click(target: str) -> Plan:
    return {"thought": f"the step means {target}", "step": {"action": "click", "target": target}}


FINISH: Plan = {"thought": "it is done", "step": {"action": "finish"}}


@dataclass(frozen=True)
class Drift:
    """What is different today, the plans of the model for it, and how many steps the mended trajectory has."""

    name: str
    options: str
    plans: tuple[Plan, ...]
    steps: int = 3
    waits: str = ""
    log: str = DONE


DRIFTS = (
    Drift("renamed", "--rename Save=Store", (click('button "Store"'),)),
    Drift("moved into a menu", "--into-menu Save", (click('"More"'), click('menu item "Save"'), FINISH), steps=4),
    Drift(
        "a question in the way",
        "--dialog 'Are you there?'",
        (click('button "No"'),),
        steps=4,
        waits="Question",
        log=f"answered no\n{DONE}",
    ),
)


@dataclass
class Form:
    """The form on a desktop of its own, with the log that it keeps."""

    desktop: PrivateDesktop
    log: Path

    @property
    def told(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def tells(self, log: str) -> bool:
        """Whether this is all that it tells once it has told the last of it."""
        end_s = time.monotonic() + PATIENCE_S
        while len(self.told) < len(log) and time.monotonic() < end_s:
            time.sleep(0.05)
        return self.told == log


@pytest.fixture
def form(desk: Desk, tmp_path: Path, perform: Callable[..., None]) -> Callable[..., Form]:
    def start(options: str = "", waits: str = "") -> Form:
        desktop = desk()
        log = tmp_path / f"log-{desktop.display.strip(':')}-{len(list(tmp_path.glob('log-*')))}"
        script = shlex.quote(str(APPS / "gtk_form.py"))
        desktop.launch(f"/usr/bin/python3 {script} --at 200,150 --log {log} {options}")
        if waits:
            perform(desktop, [["wait-window", waits]])
        return Form(desktop, log)

    return start


@pytest.fixture
def recorded(workbench: Any, form: Callable[..., Form]) -> str:
    made = form("")
    trajectory = workbench.record(made.desktop, ACTS, pause_s=0.3)["trajectory"]
    assert made.tells(DONE), made.told
    made.desktop.close()
    return str(trajectory)


@pytest.mark.slow
@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_halted_recording_is_repaired_accepted_and_then_replays_without_a_model(
    drift: Drift, workbench: Any, mind: Any, form: Callable[..., Form], recorded: str
) -> None:
    halted = form(drift.options, drift.waits)
    workbench.json(
        "replay", recorded, "--timeout", HALT_S, "--approve", "auto", environment=halted.desktop.environment(), code=1
    )
    halted.desktop.close()
    mind.plans(*drift.plans)
    today = form(drift.options, drift.waits)
    words = ("replay", recorded, "--on-drift", "repair", "--model", "mind", "--approve", "auto", "--timeout", HALT_S)
    done = workbench.run(*words, "--json", environment=today.desktop.environment() | mind.environment)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [step["status"] for step in document["steps"]].count("repaired") == 1
    assert today.tells(drift.log), today.told
    today.desktop.close()
    again = form(drift.options, drift.waits)
    document = workbench.json("replay", recorded, "--approve", "auto", environment=again.desktop.environment())
    assert [step["status"] for step in document["steps"]] == ["done"] * drift.steps
    assert again.tells(drift.log), again.told


@pytest.mark.slow
def test_what_the_model_cannot_repair_halts_with_both_reasons_and_offers_nothing(
    workbench: Any, mind: Any, form: Callable[..., Form], recorded: str
) -> None:
    today = form("--rename Save=Store")
    words = ("replay", recorded, "--on-drift", "repair", "--model", "mind", "--approve", "auto", "--timeout", HALT_S)
    done = workbench.run(*words, "--json", environment=today.desktop.environment() | mind.environment)
    document = json.loads(done.stdout)
    assert (done.returncode, document["outcome"]) == (1, "failed")
    assert "Store" in document["reason"]
    assert document["reason"].endswith("the model could not repair it: it was told nothing")
    assert today.tells("toggled Newsletter on\n"), today.told
    refused = workbench.run("edit", recorded, "--repair", document["run"])
    assert (refused.returncode, "repaired no step" in refused.stderr) == (2, True)


@pytest.mark.slow
def test_without_anybody_there_a_repair_is_a_proposal_that_can_be_kept_later_and_undone(
    workbench: Any, mind: Any, form: Callable[..., Form], recorded: str
) -> None:
    mind.plans(click('button "Store"'))
    today = form("--rename Save=Store")
    words = ("replay", recorded, "--on-drift", "repair", "--model", "mind", "--approve", "risky", "--timeout", HALT_S)
    done = workbench.run(*words, "--json", environment=today.desktop.environment() | mind.environment)
    run = json.loads(done.stdout)["run"]
    assert done.returncode == 0, done.stderr
    assert f"--repair {run}" in done.stderr
    before = workbench.json("show", recorded)
    assert "Save" in before["steps"][1]["description"]
    kept = workbench.json("edit", recorded, "--repair", run)
    assert kept["revision"] == before["revision"] + 1
    step = workbench.json("show", recorded)["steps"][1]
    assert "Store" in step["description"]
    assert step["target"]["element"]["name"] == "Store"
    assert step["target"]["crop"]
    again = workbench.run("edit", recorded, "--repair", run)
    assert (again.returncode, "any more" in again.stderr) == (2, True)
    workbench.json("edit", recorded, "--undo")
    assert workbench.json("show", recorded)["steps"] == before["steps"]
    assert workbench.json("verify")["ok"]
