"""`workbench-cli replay`: do a recorded trajectory again on today's screen."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ui.cli.console import Console
from ui.cli.values import positive, seconds, speed
from workbench.session.starting import start_process

HELP = "do a recorded trajectory again on today's screen"
EXAMPLE = 'workbench-cli replay "Add two numbers" --private-desktop --app galculator --report report'


def configure(parser: ArgumentParser) -> None:
    """The trajectory, where to replay it, and how."""
    parser.add_argument(
        "trajectory", metavar="TRAJECTORY", help="id, prefix, title or bundle; T@3 is its third revision"
    )
    where = parser.add_argument_group("where")
    where.add_argument("--app", action="append", default=[], metavar="CMD", help="start this application first")
    where.add_argument(
        "--private-desktop", nargs="?", const="", metavar="WxH", help="on a desktop of its own that nobody sees"
    )
    _configure_values(parser)
    _configure_pace(parser)
    parser.add_argument("--approve", choices=("ask", "auto", "risky", "never"), help="who approves steps")
    parser.add_argument("--on-drift", choices=("halt", "ask", "repair"), help="what to do where the place is unsure")
    parser.add_argument("--model", metavar="NAME", help="the model that repairs (default: as for `run`)")
    parser.add_argument("--report", metavar="DIR", type=Path, help="write a report that opens in a browser")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write a JUnit file for CI")


def _configure_values(parser: ArgumentParser) -> None:
    values = parser.add_argument_group("values")
    values.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="type this instead")
    values.add_argument("--data", metavar="FILE.csv", type=Path, help="one run per row of this file")


def _configure_pace(parser: ArgumentParser) -> None:
    pace = parser.add_argument_group("pace")
    pace.add_argument("--dry-run", action="store_true", help="locate every step, do none")
    pace.add_argument("--speed", type=speed, metavar="X", help="at X times the recorded pace (default: no pauses)")
    pace.add_argument("--from", dest="first", type=positive, default=1, metavar="N", help="begin with step N")
    pace.add_argument("--to", dest="last", type=positive, metavar="N", help="end after step N")
    pace.add_argument("--break-at", type=positive, action="append", default=[], metavar="N", help="pause before step N")
    pace.add_argument("--step", action="store_true", help="pause before every step")
    pace.add_argument("--timeout", type=seconds, metavar="S", help="the longest that a step may wait (default 20)")


def run(args: Namespace, console: Console) -> int:
    """Replay once, or once per row; the exit code is that of the worst run.

    The process of the run loads at the same time as everything that this one needs for it.
    """
    prepared_first = args.private_desktop is not None or args.app or args.data or args.on_drift == "repair"
    early = None if prepared_first else start_process()
    from ui.cli.replaying import replay

    return replay(args, console, early)
