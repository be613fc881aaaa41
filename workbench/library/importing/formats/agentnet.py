"""AgentNet's training sets: a file of lines, each a task with what was done for it, as code for pyautogui.

Every element of `traj` names a picture, taken before, and has `value.code` with places as fractions of it,
`value.action` in words and `value.thought`. Pictures lie beside the file or in a folder whose name has `image` in it;
where they were not downloaded, clicks keep their words and lose their places. `observation` and `reflection`, which
models made up about the pictures, are not kept.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field

from workbench.errors import BadInputError
from workbench.library.importing.collecting import Collected, title_of
from workbench.library.importing.drafts import Draft, Item
from workbench.library.importing.pyautogui_steps import Around, add_steps
from workbench.library.importing.source import Source, decoded
from workbench.library.pyautogui_code.reading import CodeReader

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot

TITLE = "AgentNet"

_START_BYTES = 64 * 1024
_MOST_FILES = 50

_STEPS = re.compile(rb'"traj"\s*:\s*\[')
_CODE = re.compile(rb'"code"\s*:')
_TASK = re.compile(rb'"(?:task_id|instruction)"\s*:')


class _Value(Struct):
    code: str = ""
    action: str | None = None
    thought: str | None = None
    last_step_correct: bool | None = None
    last_step_redundant: bool | None = None


class _Element(Struct):
    image: str | None = None
    value: _Value = field(default_factory=_Value)


class _Task(Struct):
    traj: list[_Element]
    task_id: str | int | None = None
    instruction: str | None = None
    natural_language_task: str | None = None
    task_completed: bool | None = None


def recognises(source: Source) -> bool:
    """Whether it is such a file, or a folder with one directly in it."""
    if source.is_folder:
        return any(_is_one(source, name) for name in source.files("*.jsonl*")[:_MOST_FILES])
    return _is_one(source, "")


def items(source: Source) -> Iterator[Item]:
    """The tasks, one for each line."""
    folder = source.folder
    files = source.files("*.jsonl*") if source.is_folder else [source.name]
    for name in files:
        if not _is_one(folder, name):
            continue
        for number, line in source.lines(name) if source.is_folder else source.lines():
            if line.strip():
                what = f"{name} line {number}"
                yield Item(what, partial(_read, line=line, what=what, folder=folder))


def _is_one(source: Source, name: str) -> bool:
    start = source.start(name, count=_START_BYTES)
    found = start.lstrip().startswith(b"{") and _STEPS.search(start) and _TASK.search(start)
    return bool(found and (_CODE.search(start) or len(start) == _START_BYTES))


def _read(pictures: "Pictures", *, line: bytes, what: str, folder: Source) -> Draft:
    task = decoded(line, _Task, what=what)
    asked = task.instruction or task.natural_language_task or ""
    collected, reader = Collected(), CodeReader()
    if task.task_completed is False:
        collected.remark_whole("the file says that the task was not completed")
    for number, element in enumerate(task.traj, 1):
        _add(collected, element, reader, _around(element, number, _shot(element, folder, pictures, collected)))
    add_steps(collected, reader.finish(), Around(where="at the end, "))
    return Draft(
        title=title_of(asked, str(task.task_id or what)),
        task=asked,
        steps=tuple(collected.steps),
        screens=next((step.observation.screens for step in collected.steps if step.observation.screens), ()),
        remarks=tuple(collected.remarks),
    )


def _around(element: _Element, number: int, shot: "Shot | None") -> Around:
    value = element.value
    return Around(shot, description=value.action or "", thought=value.thought or "", where=f"element {number}, ")


def _add(collected: Collected, element: _Element, reader: CodeReader, around: Around) -> None:
    value = element.value
    for name, holds in (("wrong", value.last_step_correct is False), ("redundant", value.last_step_redundant)):
        if holds:
            collected.remark(f"{around.where}the file calls this {name}")
    try:
        reading = reader.read(value.code)
    except BadInputError as error:
        collected.remark(f"{around.where}left out: {error}")
        return
    add_steps(collected, reading, around)


def _shot(element: _Element, folder: Source, pictures: "Pictures", collected: Collected) -> "Shot | None":
    if not element.image:
        return None
    name = element.image.replace("\\", "/")
    for place in ("", *(f"{found}/" for found in folder.folders("*image*"))):
        if folder.has(place + name):
            return pictures.file(folder, place + name)
    collected.remark("its picture is not there")
    return None
