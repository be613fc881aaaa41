"""Pairs of whole attempts at one task, one that reached it over one that did not, for TRL's DPO; after ETO.

A line of `train.jsonl` (and `test.jsonl`) has `prompt` (the rules, the task, and the first picture of the better one),
`chosen` and `rejected`: lists of messages in turn, the model's answers (see
`workbench.library.exporting.training.answers`) and what was seen then, in words. `images` is the one of the prompt.
`chosen_images` and `rejected_images` hold a picture for each answer, over which it was given, for those who show them.
For people there are `chosen_trajectory`, `rejected_trajectory`, `chosen_run` and `rejected_run`.

Which attempts reached their task, and how many pairs are made, is said at `training.attempts.way_pairs`. What privacy
keeps back is told as a step without content. The form cannot hold what `sharegpt` cannot.
"""

from pathlib import Path
from typing import Any

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.attempts import Way, WayPair, way_pairs
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.messages import Message, asked, said
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import State, Study
from workbench.library.importing.drafts import Remark

TITLE = "Preferences between trajectories (DPO)"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; there is never anything to remark. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    study = Study(material, Album(material, path))
    with Lines(path) as lines:
        for pair in way_pairs(study):
            lines.add(split_of(pair.chosen.trajectory, material.test_share), _line(pair, study.album))
        lines.refuse_nothing("there are no two attempts at one task of which one failed and one reached it")
    for trajectory in material.trajectories:
        for _ in trajectory.steps:
            material.told()
    return ()


def _line(pair: WayPair, album: Album) -> dict[str, Any]:
    first = pair.chosen.turns[0].frame
    return {
        "prompt": asked(State(pair.chosen.trajectory, 1, pair.task, (), first)),
        "chosen": _messages(pair.chosen),
        "rejected": _messages(pair.rejected),
        "images": [album.file(first)],
        "chosen_images": [album.file(turn.frame) for turn in pair.chosen.turns],
        "rejected_images": [album.file(turn.frame) for turn in pair.rejected.turns],
        "chosen_trajectory": pair.chosen.trajectory,
        "rejected_trajectory": pair.rejected.trajectory,
        "chosen_run": pair.chosen.run,
        "rejected_run": pair.rejected.run,
    }


def _messages(way: Way) -> list[Message]:
    found: list[Message] = []
    for turn in way.turns:
        found.append(said("assistant", turn.answer))
        found += [said("user", turn.then)] if turn.then else []
    return found
