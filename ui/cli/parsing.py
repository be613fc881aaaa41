"""Reading arguments: one parser for all commands, whose errors are one line and which knows no abbreviations."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from workbench.errors import BadInputError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `BadInputError` instead of printing a usage page and leaving.

    Commands that add sub-commands get the same kind of parser for them.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        """Refuse the arguments."""
        raise BadInputError(f"{message}; `{self.prog} --help` shows how it is used")


@dataclass(frozen=True)
class Shared:
    """The options that every command has, wherever on the line they stand."""

    json: bool = False
    debug: bool = False
    library: Path | None = None


def add_shared(parser: argparse.ArgumentParser) -> None:
    """Show the shared options in a command's help; `split_shared` is what reads them."""
    group = parser.add_argument_group("options of every command")
    group.add_argument("--json", action="store_true", help="print one JSON document on standard output")
    group.add_argument("--library", metavar="DIR", help="use the library in this folder (also: WORKBENCH_LIBRARY)")
    group.add_argument("--debug", action="store_true", help="show tracebacks and log messages with errors")


def split_shared(arguments: Sequence[str]) -> tuple[Shared, list[str]]:
    """The shared options and everything else in its order; what follows `--` is left alone.

    Raises `BadInputError` for `--library` without a folder.
    """
    found: dict[str, Any] = {}
    rest: list[str] = []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        if word in ("--json", "--debug"):
            found[word[2:]] = True
        elif word == "--library" or word.startswith("--library="):
            found["library"] = _folder(word, words)
        else:
            rest.append(word)
    return Shared(**found), rest


def _folder(word: str, following: list[str]) -> Path:
    """The absolute path behind `--library`, taken off the words that follow where it is not part of the word itself."""
    _, equals, value = word.partition("=")
    if not equals:
        value = following.pop(0) if following and not following[0].startswith("-") else ""
    if not value or "\0" in value:
        raise BadInputError("--library needs a folder; give it as `--library DIR`")
    return Path(value).absolute()
