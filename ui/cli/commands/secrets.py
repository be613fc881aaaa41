"""`workbench-cli secrets`: keep the passwords that trajectories name in the system's keyring."""

import getpass
import sys
from argparse import ArgumentParser, Namespace

from ui.cli.console import Console
from workbench import secrets
from workbench.errors import BadInputError, StoppedError

HELP = "keep the passwords that trajectories name in the system's keyring"
EXAMPLE = "workbench-cli secrets set bank-login"

LONGEST_CHARACTERS = 10_000


def configure(parser: ArgumentParser) -> None:
    """The three things that can be done with secrets; a value is never an argument."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|set|remove")
    actions.add_parser("list", help="show the names, never the values")
    for action, help_text in (
        ("set", "keep a value, typed without being shown or read from standard input"),
        ("remove", "forget a value"),
    ):
        named = actions.add_parser(action, help=help_text)
        named.add_argument("name", metavar="NAME", help="a-z, 0-9, full stop, hyphen and underscore")


def run(args: Namespace, console: Console) -> int:
    """Do what was asked; raises `BadInputError` for bad names and `UnavailableError` without a safe keyring."""
    match args.action:
        case "list":
            _list(console)
        case "set":
            _set(args.name, console)
        case _:
            secrets.remove(args.name)
            console.data({"name": args.name, "kept": False}, f"removed the secret {args.name}")
    return 0


def _list(console: Console) -> None:
    names = secrets.names()
    empty = "no secrets are kept; `workbench-cli secrets set NAME` adds one"
    console.data([{"name": name} for name in names], "\n".join(names) if names else empty)


def _set(name: str, console: Console) -> None:
    secrets.check_name(name)
    secrets.usable_keyring()
    secrets.put(name, _value(name))
    console.data({"name": name, "kept": True}, f"kept the secret {name}")


def _value(name: str) -> str:
    if sys.stdin is None:
        raise BadInputError("there is no standard input to read the value from; run it in a terminal or pipe it in")
    value = _typed(name) if sys.stdin.isatty() else _piped(name)
    if len(value) > LONGEST_CHARACTERS:
        raise BadInputError(
            f"the value of “{name}” is longer than {LONGEST_CHARACTERS} characters; nothing was changed"
        )
    return value


def _typed(name: str) -> str:
    try:
        return getpass.getpass(f"Value of {name} (not shown): ")
    except EOFError as error:
        raise StoppedError(f"no value was typed for “{name}”; nothing was changed") from error


def _piped(name: str) -> str:
    """All of standard input, less one line end at its end, as `echo` leaves there."""
    try:
        text = sys.stdin.buffer.read(4 * LONGEST_CHARACTERS + 3).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(f"the value of “{name}” is no UTF-8 text; nothing was changed") from error
    return text.removesuffix("\n").removesuffix("\r")
