"""Lines in the ShareGPT form of LLaMA-Factory, with the `dataset_info.json` by which it finds them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import SYSTEM, answer
from workbench.library.exporting.training.lines import Lines
from workbench.library.exporting.training.prompting import prompt
from workbench.library.exporting.training.study import Example, Option
from workbench.trajectory import Step

INFO = "dataset_info.json"

MOST_ALTERNATIVES = 9
"""So many other decisions a state is given, as in PC Agent-E."""

_MARKS = ("<image>", "<video>", "<audio>")
"""What LLaMA-Factory replaces by pictures and sounds."""

_COLUMNS = {"messages": "conversations", "system": "system", "images": "images"}


def line_of(example: Example, album: Album) -> dict[str, Any]:
    """An example as a line; its picture is written."""
    step = example.step
    return {
        "id": example.id,
        "system": SYSTEM,
        "conversations": [
            {"from": "human", "value": f"<image>\n{unmarked(prompt(example.state))}"},
            {"from": "gpt", "value": value_of(step, album)},
        ],
        "images": [album.file(example.state.frame)],
        "trajectory": example.state.trajectory,
        "step": example.state.number,
        "by": example.by,
    }


def value_of(step: Step, album: Album) -> str:
    """A decision over its own picture."""
    assert step.observation.frame is not None, "a decision without a picture is no answer"
    return unmarked(answer(step, album.bounds(step.observation.frame)))


def unmarked(text: str) -> str:
    """The text without anything that would be taken for a picture; actions never have such marks."""
    for mark in _MARKS:
        text = text.replace(mark, f"‹{mark[1:-1]}›")
    return text


def alternatives(example: Example, options: Sequence[Option], album: Album) -> list[tuple[Option, str]]:
    """Other decisions in the state with their values: each action once, none that is the example's own."""
    seen, found = {_action(value_of(example.step, album))}, []
    for option in options:
        value = value_of(option.step, album)
        if _action(value) not in seen:
            seen.add(_action(value))
            found.append((option, value))
    return found[:MOST_ALTERNATIVES]


def write_info(path: Path, sets: Sequence[Lines]) -> None:
    """Write `dataset_info.json`: a data set for each file of lines, named as the file is."""
    names = [name for lines in sets for name in lines.names.values()]
    info = {
        f"workbench_{name.removesuffix('.jsonl').replace('-', '_')}": {
            "file_name": name,
            "formatting": "sharegpt",
            "columns": _COLUMNS,
        }
        for name in names
    }
    (path / INFO).write_bytes(msgspec.json.format(msgspec.json.encode(info)) + b"\n")


def _action(value: str) -> str:
    """The action alone, without the thought."""
    return value.rpartition("\n")[2]
