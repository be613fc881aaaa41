"""Running measurements: each benchmark is a file with a function `measure` that returns figures.

Every file is measured in a process of its own, so that what one loads does not weigh on the next. Whatever a
measurement prints goes to standard error; its figures come back through a file.
"""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

from workbench.errors import BadInputError, UnavailableError, WorkbenchError
from workbench.own_processes import own_process

_GOAL = re.compile(r"^\s*(<=|>=|≤|≥|<|>|==|=)?\s*(-?\d+(?:\.\d+)?)")


class Figure(Struct, frozen=True):
    """One measured value beside its goal (such as `<= 5`) and what the baseline needed in the same run."""

    name: str
    value: float
    unit: str = ""
    goal: str | float | None = None
    baseline: str | float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none, or none with a direction."""
        found = _GOAL.match(self.goal) if isinstance(self.goal, str) else None
        if not found or not found[1]:
            return None
        limit = float(found[2])
        return {"<": self.value <= limit, "≤": self.value <= limit, "=": self.value == limit}.get(
            found[1][0], self.value >= limit
        )


def folder() -> Path:
    """Where the benchmarks of a source checkout are; raises `UnavailableError` for an installed package."""
    path = Path(__file__).resolve().parent.parent / "tests" / "benchmarks"
    if not path.is_dir():
        raise UnavailableError("benchmarks come with the source, not with the installed program; run it in a checkout")
    return path


def available() -> dict[str, Path]:
    """Every benchmark by name."""
    return {
        path.stem: path
        for path in sorted(folder().glob("*.py"))
        if not path.stem.startswith(("_", "test_", "conftest"))
    }


def choose(names: list[str]) -> dict[str, Path]:
    """The benchmarks of these names, all without any; raises `BadInputError` for a name that is none."""
    known = available()
    for name in names:
        if name not in known:
            raise BadInputError(f"there is no benchmark “{name}”; there are {', '.join(known) or 'none yet'}")
    return {name: known[name] for name in names} if names else known


def measure(path: Path) -> list[Figure]:
    """Run one benchmark to its end; raises `WorkbenchError` with its last words when it fails."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as passing:
        answer = Path(passing) / "figures.json"
        command = own_process("workbench.bench", str(path), str(answer))
        done = subprocess.run(command, stdout=sys.__stderr__, stderr=subprocess.PIPE, text=True, errors="replace")
        if done.returncode or not answer.exists():
            last = done.stderr.strip().splitlines()[-1:] or [f"exit {done.returncode}"]
            raise WorkbenchError(f"the benchmark {path.stem} failed: {last[0]}; run it again with --debug")
        return msgspec.json.decode(answer.read_bytes(), type=list[Figure])


def _measure_here(path: Path, answer: Path) -> None:
    """What the process of one benchmark does; it may import what lies beside it, as any script may."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(f"benchmark_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BadInputError(f"{path} is no Python file; a benchmark is one with a function `measure`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    figures = msgspec.convert(module.measure(), list[Figure], strict=False)
    answer.write_bytes(msgspec.json.encode(figures))


if __name__ == "__main__":
    _measure_here(Path(sys.argv[1]), Path(sys.argv[2]))
