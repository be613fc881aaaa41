"""A folder that Hugging Face `datasets` loads, with a data card: `load_dataset("imagefolder", data_dir=FOLDER)`.

`README.md` is the card; `train/` (and `test/`) have `metadata.jsonl` and the pictures, one for each row. The card says
what the fields are, how many rows there are, how they came about and what was left out; a licence is for the person to
choose. The form cannot hold what `sharegpt` cannot, nor alternatives.
"""

from pathlib import Path
from typing import Any

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import MARK, answer
from workbench.library.exporting.training.card import Tally, card
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.splitting import SPLITS, Split, split_of
from workbench.library.exporting.training.study import Example, Study
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Trajectory

TITLE = "Hugging Face datasets"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; the remarks of several trajectories follow each other. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    study, tally, remarks = Study(material, Album(material, path)), Tally(), list[Remark]()
    with Lines(path) as lines:
        for trajectory in material.trajectories:
            examples = study.examples(trajectory)
            remarks += examples.remarks
            tally.take(trajectory, examples.found, examples.remarks)
            split = split_of(trajectory.id, material.test_share)
            for example in examples.found:
                lines.add(split, _row(example, trajectory, split, study.album))
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing("no step has a picture and a place on it, and may leave; choose other trajectories")
    for split in (one for one in SPLITS if one in lines.counts):
        (path / lines.name(split)).rename(path / split / "metadata.jsonl")
        tally.rows[split] = lines.counts[split]
    (path / "README.md").write_text(card(tally), encoding="utf-8")
    return tuple(remarks)


def _row(example: Example, trajectory: Trajectory, split: Split, album: Album) -> dict[str, Any]:
    state, step = example.state, example.step
    bounds = album.bounds(state.frame)
    said = answer(step, bounds)
    window = (step.target.window if step.target else None) or step.observation.window
    name = f"{state.trajectory}-{state.number}.png"
    album.copy(state.frame, f"{split}/{name}")
    return {
        "file_name": name,
        "id": example.id,
        "trajectory": state.trajectory,
        "step": state.number,
        "title": trajectory.title,
        "task": state.task,
        "history": "\n".join(state.history),
        "thought": step.thought.strip(),
        "action": said.rpartition("\n")[2].removeprefix(MARK),
        "answer": said,
        "by": example.by,
        "app": window.app if window else "",
        "window": window.title if window else "",
        "width": bounds.width,
        "height": bounds.height,
    }
