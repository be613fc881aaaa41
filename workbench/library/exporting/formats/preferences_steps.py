"""Pairs of decisions in one state, of which one is better, for TRL's DPO; from approvals and failures, after IPR.

A line of `train.jsonl` (and `test.jsonl`) has `prompt`, `chosen` and `rejected` as lists of messages whose content is a
list of parts, `images` (one, below `images/`), and for people `why` (`modified`, `rejected`, `took-over`, `failed`: see
`workbench.library.exporting.training.pairs`), `said` (the words of the person who decided), `trajectory`, `step` (from
1: the place in the trajectory at which it was), `run` and `chosen_from`, the trajectory that the better one is from.
The form of answers is that of `workbench.library.exporting.training.answers`; thoughts are on both sides or on neither.

Only runs have what pairs are made of. The form cannot hold what `sharegpt` cannot, nor what a person did by hand, which
nobody saw: there the better answer is to ask them to do it.
"""

from pathlib import Path
from typing import Any

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import answer
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.messages import asked, said
from workbench.library.exporting.training.pairs import Pair, pairs_of
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import Study
from workbench.library.importing.drafts import Remark

TITLE = "Preferences between steps (DPO)"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; there is never anything to remark. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    study = Study(material, Album(material, path))
    with Lines(path) as lines:
        for trajectory in material.trajectories:
            split = split_of(trajectory.id, material.test_share)
            for pair in pairs_of(study, trajectory):
                lines.add(split, _line(pair, study.album))
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing(
            "in no run of these did a person reject or change a proposal, or something work after it had failed on the"
            " same screen; choose others"
        )
    return ()


def _line(pair: Pair, album: Album) -> dict[str, Any]:
    bounds = album.bounds(pair.state.frame)
    return {
        "prompt": asked(pair.state),
        "chosen": [said("assistant", answer(pair.chosen, bounds))],
        "rejected": [said("assistant", answer(pair.rejected, bounds))],
        "images": [album.file(pair.state.frame)],
        "why": pair.why,
        "said": pair.said,
        "trajectory": pair.state.trajectory,
        "step": pair.state.number,
        "run": pair.run,
        "chosen_from": pair.chosen_from,
    }
