"""A folder as OSWorld keeps a run: `traj.jsonl`, a picture after every step, `result.txt` and the task.

The picture after a step is its outcome's, else the one before the next step. `initial_state.png` is the one before the
first. `result.txt` is 1.0 where the trajectory ends with success and 0.0 where it gives up; it is left out where it
says neither, for nobody judged it. Secrets are written as `SECRETS['name']`, never as text. The format cannot hold:

* title (what was asked is the task, or the title where there is none), commands, platform, revisions
* windows, elements, crops, texts and every other witness; the targets of typing and keys
* the picture before a step where it is not the one after the step before; what changed, what was verified
* times but the date of each step, to the microsecond; what was masked; answers and reasons at the end
* the path of a drag but for its duration; names of variables, which become their defaults; without one the name stays
* a pixel's place on a desktop whose top-left corner is not 0, 0
* steps that pyautogui cannot do (see `workbench.library.pyautogui_code.writing`), which are left out and remarked
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from workbench.actions import Fail, Finish, Wait
from workbench.library.exporting import png
from workbench.library.exporting.coding import Picture, defaults, picture_of, text_code, unfilled
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark
from workbench.library.pyautogui_code.writing import Code, Dialect, code_of, pixels, sleep
from workbench.trajectory import FrameId, Step, Trajectory

TITLE = "OSWorld"
SUFFIX = ""
SEVERAL = False
USES_RUNS = False

FILE = "traj.jsonl"
INITIAL = "initial_state.png"
RESULT = "result.txt"
TASK = "task.json"

_LATEST_S = 253402300799.0
"""The last second of the year 9999."""


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder."""
    (trajectory,) = material.trajectories
    path.mkdir(exist_ok=True)
    (path / TASK).write_bytes(msgspec.json.encode(_task(trajectory)) + b"\n")
    remarks = _write_steps(material, trajectory, path)
    end = trajectory.steps[-1].action if trajectory.steps else None
    if isinstance(end, Finish | Fail):
        (path / RESULT).write_text("1.0\n" if isinstance(end, Finish) else "0.0\n")
    return remarks


def _task(trajectory: Trajectory) -> dict[str, str]:
    return {"id": trajectory.id, "instruction": trajectory.task or trajectory.title}


def _write_steps(material: Material, trajectory: Trajectory, path: Path) -> tuple[Remark, ...]:
    steps, values = trajectory.steps, defaults(trajectory)
    remarks: list[Remark] = []
    if steps:
        _draw(material, steps[0].observation.frame, path / INITIAL)
    written = 0
    with (path / FILE).open("wb") as file:
        for number, step in enumerate(steps, 1):
            code = _code(step, picture_of(material, step.observation.frame), values)
            remarks += [Remark(number, what) for what in (*code.lost, *unfilled(step, trajectory))]
            if code.lines:
                written += 1
                line = _line(step, code, written, last=number == len(steps))
                if _draw(material, _following(steps, number), path / line["screenshot_file"]):
                    file.write(msgspec.json.encode(line) + b"\n")
                else:
                    file.write(msgspec.json.encode({**line, "screenshot_file": None}) + b"\n")
            material.told()
    return tuple(remarks)


def _line(step: Step, code: Code, number: int, *, last: bool) -> dict[str, Any]:
    stamp = _stamp(step.observation.epoch_s)
    words = {"response": step.thought, "natural_language_action": step.description}
    return {
        "step_num": number,
        **({"action_timestamp": stamp} if stamp else {}),
        "action": "\n".join(code.lines),
        **{name: text for name, text in words.items() if text},
        "reward": 0,
        "done": last,
        "info": {},
        "screenshot_file": f"step_{number}_{stamp}.png" if stamp else f"step_{number}.png",
    }


def _following(steps: Sequence[Step], number: int) -> FrameId | None:
    """The picture after step `number`, from 1."""
    after = steps[number - 1].outcome.frame
    return after or (steps[number].observation.frame if number < len(steps) else None)


def _draw(material: Material, frame: FrameId | None, path: Path) -> bool:
    shown = picture_of(material, frame)
    if shown:
        path.write_bytes(png.encoded(shown.frame))
    return shown is not None


def _stamp(epoch_s: float) -> str:
    if not 0 < epoch_s < _LATEST_S:
        return ""
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y%m%d@%H%M%S%f")


def _code(step: Step, shown: Picture | None, values: dict[str, str]) -> Code:
    match step.action:
        case Finish(answer=said):
            return Code(("DONE",), ("its answer",) if said else ())
        case Fail(reason=said):
            return Code(("FAIL",), ("its reason",) if said else ())
        case Wait(seconds=0.0, until=None):
            return Code(("WAIT",))
    place = (lambda point: pixels(shown.within(point))) if shown else pixels
    return code_of(step, Dialect(place, lambda action: text_code(action, values), sleep))
