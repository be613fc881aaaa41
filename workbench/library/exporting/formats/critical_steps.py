"""The critical steps alone in the ShareGPT form of LLaMA-Factory, after ATLaS; a few steps teach most of a task.

Everything is as in `sharegpt`, without alternatives. A line has `critical` besides: the reasons for which its step is,
as `workbench.library.exporting.training.critical` defines them. The steps so far that a model is told are all of them.
"""

from pathlib import Path

from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.critical import critical
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.sharegpt import line_of, write_info
from workbench.library.exporting.training.splitting import split_of
from workbench.library.exporting.training.study import Study
from workbench.library.importing.drafts import Remark

TITLE = "Critical steps (ShareGPT)"
SUFFIX = ""
SEVERAL = True
USES_RUNS = True


def write(material: Material, path: Path) -> tuple[Remark, ...]:
    """Write the folder; the remarks of several trajectories follow each other. See `material.Writer`."""
    path.mkdir(exist_ok=True)
    album = Album(material, path)
    study, remarks = Study(material, album), list[Remark]()
    with Lines(path) as lines:
        for trajectory in material.trajectories:
            examples = study.examples(trajectory)
            remarks += examples.remarks
            split = split_of(trajectory.id, material.test_share)
            for example, reasons in critical(trajectory, examples.found, study.made(trajectory)):
                lines.add(split, {**line_of(example, album), "critical": reasons})
            for _ in trajectory.steps:
                material.told()
        lines.refuse_nothing("no step has a picture and a place on it, and may leave; choose other trajectories")
    write_info(path, (lines,))
    return tuple(remarks)
