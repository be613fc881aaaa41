"""`workbench-cli bench`: measures the program against its goals and against a baseline in the same run."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.tables import table
from workbench import bench
from workbench.bench import Figure

HELP = "measure the program against its goals and a baseline"
EXAMPLE = "workbench-cli bench library locating"


def configure(parser: ArgumentParser) -> None:
    """Which benchmarks, and whether a missed goal is a failure."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")
    parser.add_argument("--check", action="store_true", help="exit 1 when a goal is missed")


def run(args: Namespace, console: Console) -> int:
    """Print every figure; with --check exit 1 when one misses its goal."""
    figures: dict[str, list[Figure]] = {}
    for name, path in bench.choose(args.names).items():
        console.say(f"measuring {name} …")
        figures[name] = bench.measure(path)
    rows = [_row(name, figure) for name, found in figures.items() for figure in found]
    answer = [_entry(name, figure) for name, found in figures.items() for figure in found]
    console.data(answer, table(("BENCHMARK", "WHAT", "VALUE", "GOAL", "", "BASELINE"), rows))
    missed = any(figure.met is False for found in figures.values() for figure in found)
    return 1 if args.check and missed else 0


def _row(name: str, figure: Figure) -> tuple[str, ...]:
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    goal, baseline = _number(figure.goal), _number(figure.baseline)
    return name, figure.name, f"{figure.value:.4g} {figure.unit}", goal, verdict, baseline


def _number(value: str | float | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.4g}"


def _entry(name: str, figure: Figure) -> dict[str, object]:
    return {
        "benchmark": name,
        "name": figure.name,
        "value": figure.value,
        "unit": figure.unit,
        "goal": figure.goal,
        "met": figure.met,
        "baseline": figure.baseline,
    }
