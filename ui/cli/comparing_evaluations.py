"""Carrying out `workbench-cli eval compare`: two evaluations, episode by episode."""

from collections.abc import Sequence
from pathlib import Path

from ui.cli.console import Console
from ui.cli.evaluating_desktops import evaluations_folder
from ui.cli.evaluation_tables import changed_table, conclusions
from workbench.errors import BadInputError


def carry_out(names: Sequence[str], console: Console) -> int:
    """Print what the second gains over the first; returns the exit code."""
    from agents.evaluation.harness.comparing import compare, differing
    from agents.evaluation.harness.results import Results

    if len(names) != 2:
        raise BadInputError("name two evaluations, the one before and the one after: eval compare BEFORE AFTER")
    before, after = (_folder(name, console) for name in names)
    with Results.read(before) as one, Results.read(after) as other:
        compared = compare(one, other)
        differs = differing(one.identity, other.identity)
    blocks = ["\n".join(f"{name}: {values[0]}, then {values[1]}" for name, values in differs.items())]
    for each in compared:
        blocks += [*conclusions([each]), changed_table(each)]
    report = {"before": str(before), "after": str(after), "differs": differs, "comparisons": compared}
    console.data(report, "\n\n".join(filter(None, blocks)))
    return 0


def _folder(name: str, console: Console) -> Path:
    """A folder by its path, or by its name among the evaluations of the library."""
    return Path(name) if Path(name).is_dir() else evaluations_folder(console) / name
