"""Traces of OpenAdapt's evaluations: numbered pictures, and a page that says in words what was done between them.

`step_00_reset.png` shows the screen before, `step_01.png` what followed the first step. `README.md`, where there is
one, has for each step the planner's words, the box that the grounder pointed at in thousandths of the picture, or the
code for pyautogui that was executed. A trace without the page tells no actions: its steps are then remarks that hold
the pictures.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from workbench.actions import Click, Note
from workbench.errors import BadInputError
from workbench.library.importing.collecting import Collected, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.pyautogui_steps import Around, add_steps
from workbench.library.importing.source import Source
from workbench.library.pyautogui_code.arguments import Spot
from workbench.library.pyautogui_code.reading import Act, CodeReader, Reading

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures

TITLE = "OpenAdapt evaluation trace"

PAGE = "README.md"
FIRST = "step_00_reset.png"

_PICTURE = re.compile(r"step_(\d{2,4})\.png")
_HEADING = re.compile(r"^### Step (\d{1,4})\b[^\n]*\n(.*?)(?=^#{1,3} |\Z)", re.M | re.S)
_TITLE = re.compile(r"^# (?:Execution Trace: )?(.+)$", re.M)
_FIELD = re.compile(r"^\*\*(\w[\w ]*)\*\*: (.+)$", re.M)
_BOX = re.compile(r"\[\s*(\d{1,4}),\s*(\d{1,4}),\s*(\d{1,4}),\s*(\d{1,4})\s*\]")
_CODE = re.compile(r"`([^`]+)`")
_PARTS = 1000
_LONGEST_BYTES = 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


def recognises(source: Source) -> bool:
    """Whether it is a folder of such pictures."""
    names = source.entries if source.is_folder else {}
    return FIRST in names and any(map(_PICTURE.fullmatch, names)) and source.start(FIRST, count=8) == _PNG


def items(source: Source) -> Iterator[Item]:
    """The one trace that it is."""
    yield Item(source.name, partial(_read, source=source))


def _read(pictures: "Pictures", *, source: Source) -> Draft:
    page = source.text(PAGE, limit=_LONGEST_BYTES) if source.has(PAGE) else ""
    told = {int(number): dict(_FIELD.findall(body)) for number, body in _HEADING.findall(page)}
    shown = {int(found[1]): found[0] for found in map(_PICTURE.fullmatch, source.files("step_*.png")) if found}
    collected, reader = Collected(), CodeReader()
    before = pictures.file(source, FIRST)
    screens = before.screens
    if not told:
        collected.remark_whole("no page says what was done; the steps hold the pictures alone")
    for number in sorted(told.keys() | shown.keys()):
        after = pictures.file(source, shown[number]) if number in shown else None
        if number:
            _add(collected, reader, told.get(number, {}), Around(before, after, where=f"step {number} of the page, "))
            before = after or before
    heading = _TITLE.search(page)
    title = title_of(heading[1] if heading else "", source.name)
    asked = heading[1].strip() if heading else ""
    return Draft(title, asked, tuple(collected.steps), screens=screens, remarks=tuple(collected.remarks))


def _add(collected: Collected, reader: CodeReader, told: dict[str, str], seen: Around) -> None:
    words = told.get("Planner", "").strip()
    around = Around(seen.before, seen.after, description=words, where=seen.where)
    try:
        reading = _reading(reader, told)
    except BadInputError as error:
        collected.remark(f"{around.where}left out: {error}")
        return
    if not reading.acts:
        reading = Reading((Act(Note(words or "What was done here is not told."), 1),), reading.left_out)
        if told:
            collected.remark(f"{around.where}neither a box nor code says what was done")
    add_steps(collected, reading, around)


def _reading(reader: CodeReader, told: dict[str, str]) -> Reading:
    code = _CODE.search(told.get("Action", ""))
    if code:
        return reader.read(code[1])
    box = _BOX.search(told.get("Grounder", ""))
    if not box:
        return Reading(())
    left, top, right, bottom = (int(side) / _PARTS for side in box.groups())
    return Reading((Act(Click(), 1, Spot((left + right) / 2, (top + bottom) / 2)),))
