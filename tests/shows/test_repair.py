"""Show 5: a recording that halts on a screen that drifted is repaired, the repair accepted, and then replays alone.

The model is scripted, behind the server that any other one would be asked through; the form's own log is the judge.
"""

import json
import shlex
import sys
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
    log: str = DONE


DRIFTS = (
    Drift("renamed", "--rename Save=Store", (click('button "Store"'),)),
    Drift("moved into a menu", "--into-menu Save", (click('"More"'), click('menu item "Save"'), FINISH), steps=4),
    Drift(
        "a question in the way",
        "--dialog 'Are you there?'",
        (click('button "No"'),),
        steps=4,
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


@pytest.fixture
def form(desk: Desk, tmp_path: Path) -> Callable[[str], Form]:
    def start(options: str = "") -> Form:
        desktop = desk()
        log = tmp_path / f"log-{desktop.display.strip(':')}-{len(list(tmp_path.glob('log-*')))}"
        script = shlex.quote(str(APPS / "gtk_form.py"))
        desktop.launch(f"/usr/bin/python3 {script} --at 200,150 --log {log} {options}")
        return Form(desktop, log)

    return start


@pytest.fixture
def recorded(workbench: Any, form: Callable[[str], Form]) -> str:
    made = form("")
    trajectory = workbench.record(made.desktop, ACTS, pause_s=0.3)["trajectory"]
    assert made.told == DONE
    made.desktop.close()
    return str(trajectory)


@pytest.mark.slow
@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_a_halted_recording_is_repaired_accepted_and_then_replays_without_a_model(
    drift: Drift, workbench: Any, mind: Any, form: Callable[[str], Form], recorded: str
) -> None:
    halted = form(drift.options)
    workbench.json(
        "replay", recorded, "--timeout", HALT_S, "--approve", "auto", environment=halted.desktop.environment(), code=1
    )
    halted.desktop.close()
    mind.plans(*drift.plans)
    today = form(drift.options)
    words = ("replay", recorded, "--on-drift", "repair", "--model", "mind", "--approve", "auto", "--timeout", HALT_S)
    done = workbench.run(*words, "--json", environment=today.desktop.environment() | mind.environment)
    sys.stdout.write(done.stderr)
    sys.stdout.write("\n".join(mind.prompts))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert [step["status"] for step in document["steps"]].count("repaired") == 1
    assert today.told == drift.log
    today.desktop.close()
    again = form(drift.options)
    document = workbench.json(
        "replay", recorded, "--timeout", HALT_S, "--approve", "auto", environment=again.desktop.environment()
    )
    assert [step["status"] for step in document["steps"]] == ["done"] * drift.steps
    assert again.told == drift.log
