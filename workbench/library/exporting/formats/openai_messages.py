"""A training set as OpenAI's fine-tuning takes it: a line for each state, its picture within the line.

`train.jsonl` (and `test.jsonl`) have lines with `messages` and nothing else: the rules (`system`), task, steps so far
and the picture as a data URL (`user`), thought and action (`assistant`, see
`workbench.library.exporting.training.answers`). `states.jsonl` tells of them: `file`, `line` (from 1), `id`,
`trajectory`, `step` (from 1), `by`, and the `alternatives` of the state, all of them as in `sharegpt`. The form cannot
hold what `sharegpt` cannot.
"""

import base64
from pathlib import Path
from typing import Any

import msgspec

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import SYSTEM
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.prompting import prompt
from workbench.library.exporting.training.sharegpt import alternatives, value_of
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import Example, Study
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Trajectory

TITLE = "OpenAI messages"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True

STATES = "states.jsonl"


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; the remarks of several trajectories follow each other. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    study, remarks = Study(material, Album(material, path)), list[Remark]()
    with Lines(path) as lines, (path / STATES).open("wb") as states:
        for trajectory in material.trajectories:
            examples = study.examples(trajectory)
            remarks += examples.remarks
            split = split_of(trajectory.id, material.test_share)
            for example in examples.found:
                lines.add(split, {"messages": _messages(example, study.album)})
                where = {"file": lines.name(split), "line": lines.counts[split]}
                states.write(msgspec.json.encode(where | _state(study, trajectory, example)) + b"\n")
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing("no step has a picture and a place on it, and may leave; choose other trajectories")
    return tuple(remarks)


def _messages(example: Example, album: Album) -> list[dict[str, Any]]:
    url = f"data:image/png;base64,{base64.b64encode(album.data(example.state.frame)).decode()}"
    told = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": prompt(example.state)}]
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": told},
        {"role": "assistant", "content": value_of(example.step, album)},
    ]


def _state(study: Study, trajectory: Trajectory, example: Example) -> dict[str, Any]:
    others = alternatives(example, study.options(example, trajectory), study.album)
    return {
        "id": example.id,
        "trajectory": example.state.trajectory,
        "step": example.state.number,
        "by": example.by,
        "alternatives": [
            {"value": value, "from": one.origin, "trajectory": one.trajectory, "run": one.run, "said": one.said}
            for one, value in others
        ],
    }
