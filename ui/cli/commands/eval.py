"""`workbench-cli eval`: measures agents on suites of tasks, with and without a model."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.values import positive

HELP = "measure agents on a suite of tasks: what a memory saves, what planted instructions can do"
EXAMPLE = "workbench-cli eval memory --tasks gripper,barman --episodes 10"


def configure(parser: ArgumentParser) -> None:
    """The suite, what of it is played, and by whom."""
    parser.add_argument("suite", metavar="SUITE", help="memory (four planning domains) or injections")
    parser.add_argument("--tasks", metavar="A,B", help="only these tasks of the suite (default: all)")
    memory = parser.add_argument_group("the suite memory")
    memory.add_argument("--episodes", type=positive, metavar="N", help="problems per task (default 5)")
    memory.add_argument("--seed", type=int, metavar="N", help="another number makes other problems (default 0)")
    memory.add_argument("--model", metavar="NAME", help="the model that plans (default: a solver without a model)")
    memory.add_argument("--memory", metavar="A,B", help="what is compared (default hierarchical,flat)")
    memory.add_argument("--max-steps", type=positive, metavar="N", help="an episode ends here (default 100)")


def run(args: Namespace, console: Console) -> int:
    """Play the suite and print its rows; 1 where a planted instruction did harm, 3 where it was stopped."""
    from ui.cli.evaluating import carry_out

    return carry_out(args, console)
