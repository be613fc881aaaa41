"""Writes the pages that say what the code says: commands from the parsers, settings from their table."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from ui.cli.main import COMMANDS, PROGRAM, command_parser
from ui.cli.parsing import Parser

INTRODUCTION = f"""# The command line

*This page is written by `make docs`; do not edit it.*

Data goes to standard output, talk to standard error. `--json` prints one JSON document and nothing else on standard
output, `--library DIR` (or `WORKBENCH_LIBRARY`) chooses the library, `--debug` adds tracebacks; the three are accepted
before and after the command's name. Options cannot be abbreviated.

A trajectory (`T`) is named by its id, a unique prefix of it, its exact title, or the path of a `.trajectory` bundle;
`T@3` is its third revision. Only `show`, `replay` and `export` take a bundle: they leave your library untouched.

| exit | means |
|---|---|
| 0 | did what was asked |
| 1 | a step failed, or a check did not hold |
| 2 | wrong usage or bad input; one line says what, where, and what to do |
| 3 | a person or the policy stopped it |
| 4 | this machine cannot do it; one line says how to mend it |

`{PROGRAM} --help` lists the commands, `{PROGRAM} COMMAND --help` explains one."""

SHARED = ("--json", "--library", "--debug", "--help")


def reference() -> str:
    """The whole page as Markdown; the same on every version of Python and in terminals of every width."""
    return "\n\n".join([INTRODUCTION, *(_section(name) for name in COMMANDS)]) + "\n"


def _section(name: str) -> str:
    parser = command_parser(name)
    example = (parser.epilog or "").split("\n", 1)[-1].strip()
    head = f"## {name}\n\n{_sentence(parser.description or '')}\n\n```\n{example}\n```"
    return "\n\n".join(filter(None, [head, *_tables(parser)]))


def _tables(parser: Parser) -> Iterator[str]:
    """One table of arguments for the command and one for each of its sub-commands."""
    rows = [_row(action) for action in parser._actions if _is_own(action)]
    if rows:
        yield "\n".join(["| argument | meaning |", "|---|---|", *rows])
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, child in action.choices.items():
                yield f"### {parser.prog.removeprefix(PROGRAM).strip()} {name}"
                yield _sentence(child.description or _help_of(action, name))
                yield from _tables(child)


def _is_own(action: argparse.Action) -> bool:
    shared = any(option in SHARED for option in action.option_strings)
    return not shared and not isinstance(action, argparse._SubParsersAction) and action.help != argparse.SUPPRESS


def _row(action: argparse.Action) -> str:
    meaning = (action.help or "").replace("|", "\\|") % {"default": action.default, "prog": PROGRAM}
    return f"| `{_form(action)}` | {meaning} |"


def _form(action: argparse.Action) -> str:
    value = _value(action)
    if action.option_strings:
        return ", ".join(action.option_strings) + (f" {value}" if value else "")
    return {"?": f"[{value}]", "*": f"[{value} …]", "+": f"{value} …"}.get(str(action.nargs), value)


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices is not None and action.metavar is None:
        return "\\|".join(map(str, action.choices))
    value = str(action.metavar or action.dest.upper())
    return f"[{value}]" if action.option_strings and action.nargs == "?" else value


def _help_of(action: "argparse._SubParsersAction[Parser]", name: str) -> str:
    return next((choice.help or "" for choice in action._choices_actions if choice.dest == name), "")


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if not whole or whole[-1] in ".!?" else f"{whole}."


def pages() -> dict[str, str]:
    """Every generated page by its place below `docs`."""
    from ui.cli.commands.settings import reference_page

    return {"cli.md": reference(), "settings.md": reference_page()}


def write(folder: Path) -> None:
    """Write the generated pages into the folder of the documentation."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).resolve().parents[2] / "docs")
