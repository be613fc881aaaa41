"""The command line's entrance: finds the command, runs it, and turns every error into one line and an exit code.

Only the module of the chosen command is imported, which keeps `--help` quick.
"""

import contextlib
import difflib
import importlib
import logging
import os
import signal
import sys
import threading
import traceback
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NoReturn, Protocol, cast

from ui.cli.console import Console
from ui.cli.parsing import Parser, Shared, add_shared, split_shared
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError

PROGRAM = "workbench-cli"
PACKAGES = ("workbench", "recorder", "agents", "ui")

COMMANDS: dict[str, tuple[str, str]] = {
    "record": ("record", "record what is done on a desktop as a trajectory"),
    "replay": ("replay", "do a recorded trajectory again on today's screen"),
    "run": ("run", "carry out a task in words with a model, step by step, under a person's eye"),
    "list": ("list", "list the trajectories of the library"),
    "show": ("show", "show a trajectory's steps, or what happened in a run"),
    "search": ("search", "find trajectories and steps by words"),
    "edit": ("edit", "change a trajectory; every change is a revision that can be undone"),
    "complete": ("complete", "give recorded steps their meaning and a thought, and recordings their chapters"),
    "delete": ("delete", "delete a trajectory for good, with its frames"),
    "verify": ("verify", "check that nothing in the library is missing or damaged"),
    "export": ("export", "write trajectories to a file or folder, after a look for what should not leave"),
    "import": ("import_", "take recordings of this and other tools into the library"),
    "models": ("models", "fetch, add, check, calibrate and try the models that see the screen"),
    "learn": ("learn", "find workflows and hints in what was done, and say which of them a model may be lent"),
    "corrections": ("corrections", "list and forget what you said about a model's steps"),
    "secrets": ("secrets", "keep the passwords that trajectories name in the system's keyring"),
    "settings": ("settings", "show and change settings"),
    "doctor": ("doctor", "check what this machine can do and how to mend what it cannot"),
    "eval": (
        "eval",
        "measure agents on a suite of tasks: what past work and memory gain, what planted instructions can do",
    ),
    "bench": ("bench", "measure the program against its goals and a baseline"),
}
"""Every command: the module in `ui.cli.commands` that holds it, and what it does in a line."""

EPILOG = """A trajectory is named by its id, a unique prefix of it, its exact title, or the path of a bundle.
Exit codes: 0 done, 1 a step failed or a check did not hold, 2 wrong usage or bad input,
3 stopped by a person or the policy, 4 this machine cannot do it.

example:
  workbench-cli record --private-desktop --app galculator --stop-after 20 --title "Add two numbers"
  workbench-cli replay "Add two numbers" --private-desktop --app galculator"""


class Command(Protocol):
    """What every module in `ui.cli.commands` offers."""

    HELP: str
    EXAMPLE: str

    def configure(self, parser: Parser) -> None:
        """Add the command's own arguments."""
        ...

    def run(self, args: Namespace, console: Console) -> int:
        """Do it and return the exit code; raises `WorkbenchError` for what goes wrong."""
        ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; nothing but `SystemExit` ever leaves it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    console = Console(debug="--debug" in arguments)
    with _termination_interrupts(), _quiet_libraries(debug=console.debug):
        try:
            code = _carry_out(arguments, console)
            console.flush()
        except BaseException as error:  # noqa: BLE001 - the edge: whatever happened becomes one line here
            code = _explain(error, console)
    return code


def load(name: str) -> Command:
    """The module of a command; raises `BadInputError` for a name that is none."""
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1)
        meant = f"did you mean `{near[0]}`?" if near else f"`{PROGRAM} --help` lists them"
        raise BadInputError(f"“{name}” is no command; {meant}")
    return cast(Command, importlib.import_module(f"ui.cli.commands.{COMMANDS[name][0]}"))


def command_parser(name: str) -> Parser:
    """The parser of one command, as its help and the documentation show it."""
    command = load(name)
    parser = Parser(prog=f"{PROGRAM} {name}", description=command.HELP, epilog=f"example:\n  {command.EXAMPLE}")
    command.configure(parser)
    add_shared(parser)
    return parser


def top_parser() -> Parser:
    """The parser in front of the command: its help lists all commands."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {text}" for name, (_, text) in COMMANDS.items()]
    description = "Record what you do on a desktop and replay it on another day's screen.\n\ncommands:\n"
    parser = Parser(
        prog=PROGRAM, usage=f"{PROGRAM} COMMAND …", description=description + "\n".join(lines), epilog=EPILOG
    )
    add_shared(parser)
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    return parser


def _carry_out(arguments: Sequence[str], console: Console) -> int:
    shared, words = split_shared(arguments)
    if not words or words[0].startswith("-"):
        return _without_command(words, console)
    _share(shared, console)
    parser = command_parser(words[0])
    options = parser.parse_args(words[1:])
    return load(words[0]).run(options, console)


def _share(shared: Shared, console: Console) -> None:
    console.json, console.debug, console.library_path = shared.json, shared.debug, shared.library


def _without_command(words: list[str], console: Console) -> int:
    options = top_parser().parse_args(words)
    if not options.version:
        raise BadInputError(f"no command given; `{PROGRAM} --help` lists them")
    from importlib.metadata import version

    console.data(version("gui-agent-workbench"))
    return 0


def _explain(error: BaseException, console: Console) -> int:
    """Say in one line what ended the command, and return the exit code that goes with it."""
    if isinstance(error, SystemExit):
        return _flushed(error.code, console)
    if console.debug:
        console.say("".join(traceback.format_exception(error)).rstrip())
    known = _as_workbench_error(error)
    console.complain(known)
    return known.exit_code


def _flushed(code: object, console: Console) -> int:
    """The code of a deliberate exit (`--help`), once its text has been handed over."""
    try:
        console.flush()
    except WorkbenchError as error:
        console.complain(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _as_workbench_error(error: BaseException) -> WorkbenchError:
    match error:
        case WorkbenchError():
            return error
        case KeyboardInterrupt():
            return StoppedError("stopped before it was done")
        case ModuleNotFoundError() if (error.name or "").partition(".")[0] not in PACKAGES:
            return UnavailableError(f"the Python package that provides “{error.name}” is missing; install it with pip")
        case OSError():
            place = f" ({error.filename})" if error.filename else ""
            reason = error.strerror or str(error)
            return UnavailableError(f"the system refused{place}: {reason}; check the path, its permissions and space")
        case UnicodeError():
            return BadInputError("something that was given is no Unicode text; write it in UTF-8")
        case MemoryError():
            return UnavailableError("there is not enough memory for this; close other programs and try again")
    name = type(error).__name__
    return WorkbenchError(f"unexpected {name}: {error}; a defect of the program: run again with --debug and report it")


@contextlib.contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Make SIGTERM and a closed terminal end a command the way Ctrl-C does, so that everything is cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before: dict[str, Any] = {name: signal.signal(getattr(signal, name), _interrupt) for name in names}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        before["SIGINT"] = signal.signal(signal.SIGINT, _interrupt_at_terminal)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _interrupt_at_terminal(_number: int, _frame: FrameType | None) -> NoReturn:
    """What is said next begins on a line of its own, not behind the `^C` that a terminal shows."""
    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, b"\n")
    raise KeyboardInterrupt


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _quiet_libraries(*, debug: bool) -> Iterator[None]:
    """Keep warnings and log messages off standard error unless `--debug` asks for them."""
    handler = logging.StreamHandler() if debug else logging.NullHandler()
    undo = _log_through(handler, debug=debug)
    with warnings.catch_warnings():
        if not debug:
            warnings.simplefilter("ignore")
        try:
            yield
        finally:
            undo()


def _log_through(handler: logging.Handler, *, debug: bool) -> Callable[[], None]:
    """Send all log messages to the handler, the program's own ones in detail; returns what takes it back."""
    root = logging.getLogger()
    own = [logging.getLogger(name) for name in PACKAGES]
    levels = [logger.level for logger in own]
    root.addHandler(handler)
    if debug:
        for logger in own:
            logger.setLevel(logging.DEBUG)

    def undo() -> None:
        root.removeHandler(handler)
        for logger, level in zip(own, levels, strict=True):
            logger.setLevel(level)

    return undo


if __name__ == "__main__":
    # leaving without Python's tear-down would be quicker, but exit handlers release what is held
    sys.exit(main())
