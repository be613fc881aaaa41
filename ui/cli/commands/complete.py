"""`workbench-cli complete`: give recorded steps their meaning and a thought, and the recording its chapters."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console

HELP = "give recorded steps their meaning and a thought, and recordings their chapters"
EXAMPLE = 'workbench-cli complete "Add two numbers"'


def configure(parser: ArgumentParser) -> None:
    """Which trajectories, and who writes."""
    parser.add_argument("trajectory", metavar="T", nargs="?", help="id, prefix or title")
    parser.add_argument("--all", action="store_true", help="every trajectory of the library")
    parser.add_argument(
        "--model", metavar="NAME", help="let this model write, and check itself (default: rules, without any model)"
    )


def run(args: Namespace, console: Console) -> int:
    """Complete them; what a person wrote stays, and title and task are only proposed."""
    from ui.cli.completing import carry_out

    return carry_out(args, console)
