"""`workbench-cli eval`: measures agents on suites of tasks, with and without a model."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.values import positive, seconds

HELP = "measure agents on a suite of tasks: what past work and memory gain, what planted instructions can do"
EXAMPLE = "workbench-cli eval miniwob --tasks click-test,enter-text --episodes 2 --seed 1 --max-steps 10"


def configure(parser: ArgumentParser) -> None:
    """The suite, what of it is played, by whom, and under which conditions."""
    parser.add_argument(
        "suite",
        metavar="SUITE",
        help="miniwob (web pages) or desktop (applications), on private desktops; memory (four planning domains), "
        "injections; or compare, with two evaluations",
    )
    parser.add_argument("of", metavar="EVALUATION", nargs="*", help="compare: two folders or names of evaluations")
    parser.add_argument("--tasks", metavar="A,B", help="only these tasks of the suite (default: all)")
    parser.add_argument("--episodes", type=positive, metavar="N", help="episodes per task (default: 1, memory: 5)")
    parser.add_argument("--seed", type=int, metavar="N", help="another number makes other problems (default 0)")
    parser.add_argument("--model", metavar="NAME", help="the model that plans (default: as in run; memory: none)")
    parser.add_argument(
        "--max-steps", type=positive, metavar="N", help="an episode ends here (default 30, memory: 100)"
    )
    _configure_conditions(parser)
    _configure_playing(parser)


def _configure_conditions(parser: ArgumentParser) -> None:
    lent = parser.add_argument_group("what is compared; more than one value each makes more conditions")
    lent.add_argument("--memory", metavar="A,B", help="hierarchical, flat (default: hierarchical; memory: both)")
    lent.add_argument("--exemplars", metavar="K,…", help="so many exemplars at once, such as 0,1,3 (default: 0)")
    lent.add_argument("--lend", metavar="A,B", help="exemplars as whole, by steps (default: whole)")
    lent.add_argument("--workflows", metavar="A,B", help="on, off (default: off)")
    lent.add_argument("--hints", metavar="A,B", help="on, off (default: off)")
    lent.add_argument("--ablate", action="store_true", help="change one at a time from the defaults, not all at once")
    lent.add_argument(
        "--demonstrations",
        type=positive,
        metavar="N",
        help="lend from N demonstrations of each task by the suite's solver, made first (default: from the library)",
    )


def _configure_playing(parser: ArgumentParser) -> None:
    playing = parser.add_argument_group("the suites on private desktops")
    playing.add_argument("--max-seconds", type=seconds, metavar="S", help="an episode ends here (default 180)")
    playing.add_argument("--parallel", type=positive, metavar="N", help="so many desktops at once (default 1)")
    playing.add_argument("--ray", metavar="ADDRESS", help="play on the Ray cluster at this address, or `auto`")
    playing.add_argument(
        "--out", type=Path, metavar="DIR", help="keep the results here, and go on with those that are there"
    )


def run(args: Namespace, console: Console) -> int:
    """Play the suite and print its rows; 1 where harm was done or not all could be played, 3 where it was stopped."""
    from ui.cli.evaluating import carry_out

    return carry_out(args, console)
