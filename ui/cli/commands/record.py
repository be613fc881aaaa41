"""`workbench-cli record`: record what is done on a desktop as a trajectory, or a part of one again."""

from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from ui.cli.values import pattern, positive, seconds
from workbench.errors import BadInputError

HELP = "record what is done on a desktop as a trajectory"
EXAMPLE = 'workbench-cli record --title "Monthly report" --task "Send the report of this month"'


def configure(parser: ArgumentParser) -> None:
    """What the recording is called, where it happens, when it ends, and what is left out."""
    parser.add_argument("--title", default="", help="what to call it (default: made from the steps)")
    parser.add_argument("--task", default="", metavar="TEXT", help="what is being done, in your words")
    parser.add_argument("--app", action="append", default=[], metavar="CMD", help="start this application first")
    parser.add_argument(
        "--private-desktop", nargs="?", const="", metavar="WxH", help="on a desktop of its own that nobody sees"
    )
    parser.add_argument("--stop-after", type=seconds, metavar="SECONDS", help="end by itself (default: Ctrl-C ends it)")
    parser.add_argument(
        "--exclude",
        action="append",
        type=pattern,
        default=[],
        metavar="APP-OR-TITLE",
        help="leave these windows out of everything",
    )
    parser.add_argument("--no-frames", action="store_true", help="keep no pictures of the screen")
    parser.add_argument("--people-only", action="store_true", help="leave out input that programs make")
    _configure_again(parser)


def _configure_again(parser: ArgumentParser) -> None:
    again = parser.add_argument_group("a part of a trajectory again")
    again.add_argument("--again", metavar="T", help="replay T up to step N, then record what takes its place")
    again.add_argument("--from", dest="first", type=positive, metavar="N", help="the first step to record again")
    again.add_argument(
        "--to", dest="last", type=positive, metavar="M", help="the last one (default: the last there is)"
    )
    again.add_argument("--var", action="append", default=[], metavar="NAME=VALUE", help="type this in the replay")
    again.add_argument("--approve", choices=("ask", "auto", "risky", "never"), help="who approves the replay's steps")
    again.add_argument("--timeout", type=seconds, metavar="S", help="the longest that a replayed step may wait")


def run(args: Namespace, console: Console) -> int:
    """Record until the time is up, Ctrl-C, SIGTERM or the stop hotkey; everything is saved by then."""
    _check(args)
    if args.again is not None:
        from ui.cli.recording_again import record_again

        return record_again(args, console)
    from ui.cli.opening import chosen_path
    from ui.cli.recording import Recorder, options_of, summary
    from ui.orders.desktops import place

    seen = args.private_desktop is None
    recorder = Recorder(console, options_of(args), chosen_path(console), args.stop_after, seen)
    with place(args.private_desktop, args.app) as where:
        result = recorder.record(where.environment)
    console.data(result, summary(result))
    return 0


def _check(args: Namespace) -> None:
    """Refuse options that only make sense together."""
    if args.again is None:
        alone = [name for name in ("from", "to", "var", "approve", "timeout") if getattr(args, _NAMES.get(name, name))]
        if alone:
            raise BadInputError(f"--{alone[0]} says how to record a trajectory again; name it with --again T")
    elif args.first is None:
        raise BadInputError("say from which step on it is recorded again, such as --from 3")
    elif args.first == 1:
        idle = [name for name in ("approve", "timeout") if getattr(args, name)]
        if idle:
            raise BadInputError(f"nothing is replayed before step 1; leave out --{idle[0]}")


_NAMES = {"from": "first", "to": "last"}
