"""The screens of real programs on which the model is evaluated, and never trained: read as the product reads them.

`PYTHONPATH=packaging/model python -m builtin_model.real_screens OUT.json` starts each program on a private desktop,
clicks its way to each state and writes the element lists under the names of the states. `packaging/model/evaluation`
holds what it wrote once, because the sentences there name references of these very lists.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import join

import msgspec

from agents.screen.listing import ElementList, called
from agents.screen.reading import Read
from builtin_model.capturing import BROWSER, Stage, stage
from workbench.errors import UnavailableError, WorkbenchError

_KINDS = ("press", "type")

_BROWSER_LINES = 16

PRODUCT_LINES = 60
"""As many as the product shows."""


@dataclass(frozen=True)
class State:
    """A program in one state: how it is started, and what is done then: clicks (`role "name"`), keys, words typed."""

    name: str
    command: str
    acts: tuple[str, ...] = ()


def _menu(*names: str) -> tuple[str, ...]:
    """Clicks on a menu and the items in it."""
    first, *items = names
    return (f'menu "{first}"', *(f'menu item "{item}"' for item in items))


def _page(name: str) -> tuple[str, ...]:
    """Going to one of the browser's own pages, which it does not open from the command line."""
    return ("press ctrl+l", f"type chrome://{name}", "press Return")


_ELSEWHERE = "env --chdir=/usr/share/doc/libc6 mousepad"
"""Its dialogs show the folder in which it was started."""

STATES = (
    State("galculator", "galculator"),
    State("galculator scientific", "galculator", _menu("View", "Scientific Mode")),
    State("galculator preferences", "galculator", _menu("Edit", "Preferences...")),
    State("galculator edit menu", "galculator", _menu("Edit")),
    State("mousepad file menu", "mousepad", _menu("File")),
    State("mousepad edit menu", "mousepad", _menu("Edit")),
    State("mousepad search menu", "mousepad", _menu("Search")),
    State("mousepad document menu", "mousepad", _menu("Document")),
    State("mousepad find", "mousepad", _menu("Search", "Find and Replace...")),
    State("mousepad go to", "mousepad", _menu("Search", "Go to...")),
    State("mousepad preferences", "mousepad", _menu("Edit", "Preferences...")),
    State("mousepad save as", _ELSEWHERE, _menu("File", "Save As...")),
    State("pcmanfm", "pcmanfm /usr/share"),
    State("pcmanfm list", "pcmanfm /usr/share/doc/libc6", ("press ctrl+4",)),
    State("pcmanfm preferences", "pcmanfm --show-pref=1"),
    State("lxappearance", "lxappearance"),
    State("lxappearance font", "lxappearance", ('tab "Font"',)),
    State("gucharmap", "gucharmap"),
    State("gucharmap view menu", "gucharmap", _menu("View")),
    State("gucharmap find", "gucharmap", _menu("Search", "Find")),
    State("chromium settings", "chromium", _page("settings")),
    State("chromium appearance", "chromium", _page("settings/appearance")),
    State("chromium privacy", "chromium", _page("settings/privacy")),
    State("chromium downloads", "chromium", _page("settings/downloads")),
    State("chromium bookmarks", "chromium", _page("bookmarks")),
    State("chromium history", "chromium", _page("history")),
    State("chromium extensions", "chromium", _page("extensions")),
)


def lists(states: Sequence[State], on: Stage) -> Iterator[tuple[str, ElementList]]:
    """The name and element list of each state; raises `UnavailableError` for one that is not reached."""
    for state in states:
        with tempfile.TemporaryDirectory() as folder, on.shown(_command(state, folder)):
            yield state.name, _reached(state, on).shown


def _command(state: State, folder: str) -> str:
    return join([*BROWSER, f"--user-data-dir={folder}"]) if state.command == "chromium" else state.command


def _reached(state: State, on: Stage) -> Read:
    for act in state.acts:
        _done(act, on, state)
    read = on.settled(lambda read: _is_there(read, state), most=PRODUCT_LINES)
    if read is None:
        raise UnavailableError(f"{state.name}: the screen does not come to rest; try again when there is less to do")
    return read


def _is_there(read: Read, state: State) -> bool:
    """Whether the program shows what was gone to: a browser shows its own buttons long before the page."""
    if state.command != "chromium":
        return len(read.shown.lines) > 1
    return "New Tab" not in read.shown.window and len(read.shown.lines) > _BROWSER_LINES


def _done(act: str, on: Stage, state: State) -> None:
    kind, _, words = act.partition(" ")
    ready = (lambda read: _ref(read, act) is not None) if kind not in _KINDS else (lambda read: bool(read.shown.lines))
    read = on.settled(ready, most=PRODUCT_LINES)
    if read is None:
        raise UnavailableError(f"{state.name}: there is no {act}; look at what the program shows today")
    if kind == "press":
        on.keys(*words.split("+"))
    elif kind == "type":
        on.desktop.keyboard.type_text(words)
    else:
        on.click(read.elements[_ref(read, act) or ""].bounds.centre)


def _ref(read: Read, wanted: str) -> str | None:
    """The reference of the last line that is called so: what was opened last."""
    return next((line.ref for line in reversed(read.shown.lines) if called(line) == wanted), None)


def main(words: Sequence[str] | None = None) -> int:
    """Write the element lists of all states; 1 where one is not reached."""
    parser = argparse.ArgumentParser(prog="builtin_model.real_screens", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--only", default="", help="states whose names begin so")
    given = parser.parse_args(words)
    try:
        with stage() as on:
            found = dict(lists([state for state in STATES if state.name.startswith(given.only)], on))
    except WorkbenchError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    body = b",\n".join(msgspec.json.encode(name) + b": " + msgspec.json.encode(one) for name, one in found.items())
    given.out.write_bytes(b"{" + body + b"}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
