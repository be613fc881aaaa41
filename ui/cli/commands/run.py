"""`workbench-cli run`: carry out a task that is only told, step by step, with a model."""

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.values import positive, seconds

HELP = "carry out a task in words with a model, step by step, under a person's eye"
EXAMPLE = 'workbench-cli run "click 7, then click *, then click 6, then click =" --private-desktop --app galculator'


def configure(parser: ArgumentParser) -> None:
    """The task, who thinks, where, and how much is allowed."""
    parser.add_argument("task", metavar="TASK", nargs="?", help="what is to be done, in your own words")
    parser.add_argument(
        "--model", metavar="NAME", help="the model that plans (default: the one with the role, else built-in)"
    )
    where = parser.add_argument_group("where")
    where.add_argument("--app", action="append", default=[], metavar="CMD", help="start this application first")
    where.add_argument(
        "--private-desktop", nargs="?", const="", metavar="WxH", help="on a desktop of its own that nobody sees"
    )
    how = parser.add_argument_group("how")
    how.add_argument(
        "--exemplars", metavar="auto|none|ID,ID", help="recorded trajectories to learn from (default: auto)"
    )
    how.add_argument(
        "--lend",
        choices=("whole", "steps"),
        help="follow alike trajectories as a whole, or search for steps at each step (default: steps)",
    )
    how.add_argument("--workflows", choices=("on", "off"), help="may call the workflows that you approved")
    how.add_argument("--hints", choices=("on", "off"), help="is told the hints that you approved")
    how.add_argument(
        "--memory", choices=("hierarchical", "flat"), help="what is remembered, and how (default: hierarchical)"
    )
    how.add_argument("--approve", choices=("ask", "auto", "risky", "never"), help="who approves steps (default: ask)")
    how.add_argument("--max-steps", type=positive, metavar="N", help="end after so many steps (default 50)")
    how.add_argument("--timeout", type=seconds, metavar="S", help="the longest that a step may wait (default 10)")
    how.add_argument(
        "--resume",
        metavar="RUN|T",
        help="go on with a run that was cut off, or the newest such one of a trajectory, from its last verified step; "
        "what is not said anew stays as it was",
    )
    kept = parser.add_argument_group("what is kept")
    kept.add_argument("--save", action=BooleanOptionalAction, default=True, help="keep the run as a trajectory")
    kept.add_argument("--report", metavar="DIR", type=Path, help="write a report that opens in a browser")


def run(args: Namespace, console: Console) -> int:
    """Carry out the task; the exit code says how it ended."""
    from ui.cli.running import carry_out

    return carry_out(args, console)
