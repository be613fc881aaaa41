"""Hints to be learned by heart: a state told with a hint and without it, and the same answer to both.

For context distillation (Memento No More): what a model answers with the hint it is to answer without. The hints are
those that a person approved (JEF Hinter); a line is made for each step that shows one. A line of `train.jsonl` (and
`test.jsonl`) has `with_hint` and `without_hint` (lists of messages whose content is a list of parts), `answer` (a list
of one message, see `workbench.library.exporting.training.answers`), `images` (one, below `images/`), and for people
`hint` (its id), `hint_words`, `app`, `trajectory`, `step` (from 1) and `by`. The form cannot hold what `sharegpt`
cannot.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from workbench.library.exporting.material import Hint, Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import answer
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.messages import asked, said
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import Example, Study
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Trajectory

TITLE = "Hint pairs (distillation)"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder, and remark steps that show a hint and are no examples. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    study, remarks = Study(material, Album(material, path)), list[Remark]()
    with Lines(path) as lines:
        for trajectory in material.trajectories:
            examples, hints = study.examples(trajectory), material.hints(trajectory.id)
            split = split_of(trajectory.id, material.test_share)
            for hint, example in _shown(hints, examples.found):
                lines.add(split, _line(hint, example, study.album))
            remarks += [one for one in examples.remarks if _is_of(one, hints, trajectory)]
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing("nobody approved a hint that a step of these shows; `workbench-cli learn` finds some")
    return tuple(remarks)


def _shown(hints: Sequence[Hint], examples: Sequence[Example]) -> Iterator[tuple[Hint, Example]]:
    """Every hint with the examples that show it."""
    for hint in hints:
        for example in examples:
            if example.step.id in hint.steps:
                yield hint, example


def _is_of(remark: Remark, hints: Sequence[Hint], trajectory: Trajectory) -> bool:
    """Whether the remark is about a step that shows a hint, or about all of them."""
    shown = {step for hint in hints for step in hint.steps}
    return bool(shown) and (remark.step == 0 or trajectory.steps[remark.step - 1].id in shown)


def _line(hint: Hint, example: Example, album: Album) -> dict[str, Any]:
    state = example.state
    return {
        "id": f"{example.id}-{hint.id}",
        "without_hint": asked(state),
        "with_hint": asked(state, hint=hint.words),
        "answer": [said("assistant", answer(example.step, album.bounds(state.frame)))],
        "images": [album.file(state.frame)],
        "hint": hint.id,
        "hint_words": hint.words,
        "app": hint.app,
        "trajectory": state.trajectory,
        "step": state.number,
        "by": example.by,
    }
