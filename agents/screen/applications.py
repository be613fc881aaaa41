"""Applications in words: the controls of their menus, dialogs and pages, and how people ask for each of them.

The files in `commands` were written for this project, one kind of application each. A line `[menu File]` opens a part
of the screen; any other line is one control, `role: labels ; spoken ; sentences ; sentences that want it off`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from agents.screen.listing import Role

COMMANDS = Path(__file__).with_name("commands")
VALUE = "{v}"

_FIELDS: frozenset[Role] = frozenset({"field", "text area", "password field", "number field"})
_TICKED: frozenset[Role] = frozenset({"checkbox", "switch"})
_VALUED: frozenset[Role] = _FIELDS | {"dropdown", "slider"}
_NO_CONTROLS = {"heading", "image", "text", "window", "element"}
_ROLES = frozenset(get_args(Role)) - _NO_CONTROLS


@dataclass(frozen=True)
class Command:
    """One control: the texts that programs print on it, and what people say for it.

    `spoken` name it, `sentences` ask for it as a task (`{v}` stands for a value), `off` want it switched off.
    """

    role: Role
    labels: tuple[str, ...]
    spoken: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    off: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All words for it, printed or spoken."""
        return (*self.labels, *self.spoken)


@dataclass(frozen=True)
class Part:
    """Controls that appear together: a menu, a toolbar, a dialog, a page, a list; the title may be empty."""

    kind: str
    title: str
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Application:
    """A kind of application and the parts of its screens."""

    name: str
    parts: tuple[Part, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """The controls of all parts."""
        return tuple(command for part in self.parts for command in part.commands)


@cache
def applications(folder: Path = COMMANDS) -> tuple[Application, ...]:
    """All applications in the order of their files' names; ValueError names the file and line that is malformed."""
    found = tuple(_application(path) for path in sorted(folder.glob("*.txt")))
    if not found:
        raise ValueError(f"{folder} holds no application: write one as NAME.txt")
    return found


def _application(path: Path) -> Application:
    parts: list[tuple[str, list[Command]]] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            _read(line.strip(), parts)
        except ValueError as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return Application(path.stem, tuple(_part(head, commands) for head, commands in parts if commands))


def _read(line: str, parts: list[tuple[str, list[Command]]]) -> None:
    if line.startswith("["):
        if not line.endswith("]") or not line[1:-1].strip():
            raise ValueError("a part is opened by its kind and title between brackets")
        parts.append((line[1:-1].strip(), []))
    elif line:
        if not parts:
            raise ValueError("a control stands before the first part")
        parts[-1][1].append(_command(line))


def _part(head: str, commands: list[Command]) -> Part:
    kind, _, title = head.partition(" ")
    return Part(kind, title.strip(), tuple(commands))


def _command(line: str) -> Command:
    role, colon, rest = line.partition(":")
    role = role.strip()
    pieces = rest.split(";")
    if not colon or role not in _ROLES or len(pieces) > 4 or '"' in line:
        raise ValueError('a control is a role, a colon, and up to four lists between semicolons, without any "')
    labels, spoken, sentences, off = (*pieces, *[""] * (4 - len(pieces)))
    command = Command(
        role,  # type: ignore[arg-type]  # it is one of the roles
        _listed(labels, ","),
        _listed(spoken, ","),
        _listed(sentences, "|"),
        _listed(off, "|"),
    )
    for problem in _problems(command):
        raise ValueError(problem)
    return command


def _problems(command: Command) -> Iterator[str]:
    """What is wrong with a control, in words."""
    if not command.labels or not (command.sentences or command.spoken):
        yield "a control has a label and something that is said for it"
    if command.off and command.role not in _TICKED:
        yield "only checkboxes and switches are switched off"
    for said in (*command.names, *command.sentences, *command.off):
        takes = said in command.sentences and command.role in _VALUED
        if said.replace(VALUE, "").strip(", ") != said and not takes and VALUE in said:
            yield f"nothing can be put into a {command.role}: {said}"
        if "{" in said.replace(VALUE, "", 1) or not said.replace(VALUE, "").strip():
            yield f"a sentence has words and one {VALUE} at most: {said}"
    if command.role in _FIELDS and not all(VALUE in said for said in command.sentences):
        yield f"a sentence for a {command.role} says where its value stands by {VALUE}"


def _listed(text: str, between: str) -> tuple[str, ...]:
    found = tuple(filter(None, (" ".join(one.split()) for one in text.split(between))))
    if len(set(found)) != len(found):
        raise ValueError(f"one phrase stands twice: {text.strip()}")
    return found
