"""A training set in the ShareGPT form of LLaMA-Factory: a line for each state, with the decision that was made in it.

`train.jsonl` (and `test.jsonl`), `images/`, and `dataset_info.json`: name the folder as `dataset_dir` and the set
`workbench_train`. A line has `system`, `conversations` (the person with `<image>`, task and steps so far; the model
with thought and action, see `workbench.library.exporting.training.answers`), `images`, and for people `id`,
`trajectory`, `step` (from 1) and `by` (`human`, `agent`, `import`, or `person`: someone who put it in the place of a
model's). `alternatives` are up to nine other decisions of the same state, none of them made up, with `from`:

* `rejected`, `modified`, `took-over`: what a person rejected, replaced, or did by hand instead; `said` are their words
* `failed`: what was proposed there before and could not be done
* `verified`, `recorded`: what another run did over the same picture, proven to work, and what another recording did

No trainer reads `alternatives` by itself. `verified` and `recorded` ones are lines of their own besides, in
`alternatives-train.jsonl`: learn from both for what PC Agent-E calls trajectory boost. The form cannot hold:

* windows, elements, crops, texts and every other witness but the name of a target
* pictures after a step, what changed; times; runs, but for their decisions; notes, but in the steps so far
* steps that `Study.examples` leaves out, which are remarked; variables, which become their defaults
* the path of a drag; places to more than a thousandth of the picture
"""

from pathlib import Path

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.sharegpt import alternatives, line_of, write_info
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import Example, Study
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Trajectory

TITLE = "ShareGPT (LLaMA-Factory)"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True

_BOOSTING = ("verified", "recorded")


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; the remarks of several trajectories follow each other. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    album = Album(material, path)
    study, remarks = Study(material, album), list[Remark]()
    with Lines(path) as lines, Lines(path, "alternatives-") as more:
        for trajectory in material.trajectories:
            examples = study.examples(trajectory)
            remarks += examples.remarks
            for example in examples.found:
                _write(study, trajectory, example, (lines, more))
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing("no step has a picture and a place on it, and may leave; choose other trajectories")
    write_info(path, (lines, more))
    return tuple(remarks)


def _write(study: Study, trajectory: Trajectory, example: Example, sets: tuple[Lines, Lines]) -> None:
    line = line_of(example, study.album)
    split = split_of(trajectory.id, study.material.test_share)
    others = alternatives(example, study.options(example, trajectory), study.album)
    told = [
        {"value": value, "from": one.origin, "trajectory": one.trajectory, "run": one.run, "said": one.said}
        for one, value in others
    ]
    sets[0].add(split, {**line, "alternatives": told})
    for one, value in others:
        if one.origin in _BOOSTING:
            said = [line["conversations"][0], {"from": "gpt", "value": value}]
            sets[1].add(split, {**line, "conversations": said, "by": one.origin, "from_trajectory": one.trajectory})
