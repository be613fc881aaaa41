"""One recording is taken where one is asked for."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.orders.importing import take_one
from workbench.errors import BadInputError
from workbench.library.store import Library

TASK = {"task_id": "a", "instruction": "wait", "traj": [{"value": {"code": "computer.wait()"}}]}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def test_a_file_of_one_recording_is_taken(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(json.dumps(TASK) + "\n")
    assert library.get(take_one(library, path)).task == "wait"


def test_of_a_file_of_several_recordings_none_is_taken(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text((json.dumps(TASK) + "\n") * 3)
    with pytest.raises(BadInputError, match="several recordings"):
        take_one(library, path)
    assert list(library.summaries()) == []
