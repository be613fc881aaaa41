"""Scripts for pyautogui, as OmniACT's tasks are and as people write them: parsed, never executed.

A file may begin with `Task: …` and `Output Script:`, as OmniACT's do, or with a text in quotation marks whose first
line is the title and in which a line `Task: …` says what was asked. What decides while it runs cannot be read and is
left out. The script has no pictures: places are the pixels that it names.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import BadInputError
from workbench.library.importing.collecting import Collected, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.pyautogui_steps import Around, add_steps
from workbench.library.importing.source import Source
from workbench.library.pyautogui_code.calls import LONGEST_CHARACTERS, parse
from workbench.library.pyautogui_code.reading import CodeReader

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures

TITLE = "pyautogui"

SUFFIXES = (".py", ".txt")

_CALL = re.compile(rb"^(?:import [\w, ]+; *)*(?:for \w+ in range\(\d+\): *)?pyautogui\.[A-Za-z]+\(", re.M)
_START_BYTES = 64 * 1024
_HEAD = re.compile(r"\A\s*Task:(?P<task>[^\n]*)\n(?:\s*\n)*\s*(?:Output )?Script:[^\n]*\n", re.I)
_TASK_LINE = re.compile(r"^Task: (.+)$", re.M)


def recognises(source: Source) -> bool:
    """Whether it is a text that calls pyautogui from its outermost level."""
    if source.is_folder or source.path.suffix.lower() not in SUFFIXES:
        return False
    start = source.start(count=_START_BYTES)
    return b"\0" not in start and bool(_CALL.search(start.replace(b"\r\n", b"\n")))


def items(source: Source) -> Iterator[Item]:
    """The one script that it is."""
    yield Item(source.name, partial(_read, source=source))


def _read(_: "Pictures", *, source: Source) -> Draft:
    text = source.text(limit=4 * LONGEST_CHARACTERS).replace("\r\n", "\n")
    head = _HEAD.match(text)
    code = "\n" * text[: head.end()].count("\n") + text[head.end() :] if head else text
    try:
        program = parse(code)
    except BadInputError as error:
        raise BadInputError(f"{source.path}: {error}") from error
    collected, reader = Collected(), CodeReader()
    for reading in (reader.follow(program), reader.finish()):
        add_steps(collected, reading, Around())
    asked = head["task"].strip() if head else _asked(program.docstring)
    return Draft(
        title=title_of(program.docstring or asked, source.path.stem),
        task=asked,
        steps=tuple(collected.steps),
        variables=program.variables,
        remarks=tuple(collected.remarks),
    )


def _asked(docstring: str) -> str:
    found = _TASK_LINE.search(docstring)
    return found[1].strip() if found else ""
