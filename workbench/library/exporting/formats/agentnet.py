"""AgentNet's training sets: a line for each trajectory, and the picture before every step.

Several trajectories share `agentnet.jsonl` and the folder `images`. Secrets are written as `SECRETS['name']`, never as
text. What the format cannot hold:

* title (the instruction is the task, or the title where there is none), commands, dates, platform, revisions
* windows, elements, crops, texts and every other witness; the targets of typing and keys
* pictures after a step, what changed, what was verified; times; what was masked
* the path of a drag but for its duration; names of variables, which become their defaults; without one the name stays
* a pixel's place on a desktop whose top-left corner is not 0, 0
* steps that pyautogui cannot do (see `workbench.library.pyautogui_code.writing`), which are left out and remarked
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from workbench.actions import Fail, Finish
from workbench.library.exporting import png
from workbench.library.exporting.coding import Picture, defaults, picture_of, text_code, unfilled
from workbench.library.exporting.material import Material
from workbench.library.importing.drafts import Remark
from workbench.library.pyautogui_code.writing import Code, Dialect, code_of, literal, pixels
from workbench.trajectory import Step, Trajectory

TITLE = "AgentNet"
SUFFIX = ""
SEVERAL = True
USES_RUNS = False

FILE = "agentnet.jsonl"
PICTURES = "images"


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; the remarks of several trajectories follow each other."""
    remarks: list[Remark] = []
    (path / PICTURES).mkdir(parents=True)
    with (path / FILE).open("wb") as file:
        for trajectory in material.trajectories:
            elements = list(_elements(material, trajectory, path, remarks))
            file.write(msgspec.json.encode(_task(trajectory, elements)) + b"\n")
    return tuple(remarks)


def _task(trajectory: Trajectory, elements: list[dict[str, Any]]) -> dict[str, Any]:
    ends = [step.action for step in trajectory.steps if isinstance(step.action, Finish | Fail)]
    completed = {"task_completed": isinstance(ends[-1], Finish)} if ends else {}
    asked = trajectory.task or trajectory.title
    return {"task_id": trajectory.id, "instruction": asked, **completed, "traj": elements}


def _elements(
    material: Material, trajectory: Trajectory, path: Path, remarks: list[Remark]
) -> Iterator[dict[str, Any]]:
    values = defaults(trajectory)
    index = 0
    for number, step in enumerate(trajectory.steps, 1):
        shown = picture_of(material, step.observation.frame)
        code = _code(step, shown, values)
        remarks += [Remark(number, what) for what in (*code.lost, *unfilled(step, trajectory))]
        if code.lines:
            name = f"{trajectory.id}_{number}.png" if shown else ""
            if shown:
                (path / PICTURES / name).write_bytes(png.encoded(shown.frame))
            yield {"index": index, **({"image": name} if name else {}), "value": _value(step, code)}
            index += 1
        material.told()


def _value(step: Step, code: Code) -> dict[str, str]:
    words = {"thought": step.thought, "action": step.description}
    return {**{name: text for name, text in words.items() if text}, "code": "\n".join(code.lines)}


def _code(step: Step, shown: Picture | None, values: dict[str, str]) -> Code:
    match step.action:
        case Finish(answer=said):
            return Code((_end("success", said),))
        case Fail(reason=said):
            return Code((_end("failure", said),))
    points = [target.point for target in (step.target, step.destination) if target]
    on_it = shown is not None and all(map(shown.shows, points))
    place = shown.fractions if shown and on_it else pixels
    lost = ("its place is not on its picture, and stays in pixels",) if shown and not on_it else ()
    dialect = Dialect(place, lambda action: f"message={text_code(action, values)}", _wait, "computer.tripleClick")
    code = code_of(step, dialect)
    return Code(code.lines, (*code.lost, *lost))


def _end(status: str, said: str) -> str:
    more = f", answer={literal(said)}" if said else ""
    return f"computer.terminate(status={status!r}{more})"


def _wait(seconds: float) -> str:
    return f"computer.wait(time={seconds!r})" if seconds else "computer.wait()"
