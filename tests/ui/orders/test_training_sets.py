"""Training sets leave like every other export: looked through first, hints included, and whole."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ui.orders.exporting import Decisions, LeaksFoundError, Order, Secrets, examine, write
from workbench.actions import Click, Finish
from workbench.geometry import Point
from workbench.library.learning import Lesson, Span
from workbench.library.store import Library
from workbench.trajectory import Observation, Step, Target, Trajectory

ADDRESS = "ada@example.org"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A recording of two steps, and an approved hint that tells an address."""
    with Library.open(tmp_path / "library") as opened:
        frame = opened.frames.put(np.zeros((40, 60, 4), np.uint8), origin=Point(0, 0))
        seen = Observation(frame=frame)
        steps = (Step("s1", Click(), seen, Target(Point(3, 3))), Step("s2", Finish(), seen))
        opened.save(Trajectory("one", "One", steps, task="do it"))
        span = (Span("one", 1, 1, 1),)
        hint = Lesson("h1", "hint", "mail", f"click before {ADDRESS} is typed", span, status="approved")
        opened.learning.put(hint)
        yield opened


def test_an_address_in_a_hint_is_found_refused_and_masked(library: Library, tmp_path: Path) -> None:
    order = Order((library.get("one"),), "hint-pairs", tmp_path / "set", pictures_read=False)
    examined = examine(library, order, secrets=Secrets())
    assert [(leak.kind, leak.places[0].field) for leak in examined.leaks] == [("e-mail", "hint h1")]
    with pytest.raises(LeaksFoundError):
        write(library, examined, Decisions())
    assert not order.path or not order.path.exists()
    write(library, examined, Decisions("mask"))
    (line,) = (tmp_path / "set" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["hint_words"] == "click before ▇▇▇ is typed"
    assert ADDRESS not in line


@pytest.mark.parametrize("name", ["sharegpt", "openai-messages", "critical-steps", "datasets", "hint-pairs"])
def test_a_set_replaces_one_of_its_kind_and_is_written_alike_twice(library: Library, tmp_path: Path, name: str) -> None:
    def written() -> dict[str, bytes]:
        order = Order((library.get("one"),), name, tmp_path / "set", pictures_read=False)
        write(library, examine(library, order, secrets=Secrets()), Decisions("accept"))
        return {str(path): path.read_bytes() for path in (tmp_path / "set").rglob("*") if path.is_file()}

    first = written()
    assert first == written()
    assert sum(name.endswith(".jsonl") for name in first) == (2 if name == "openai-messages" else 1)


def test_a_set_without_a_line_leaves_nothing_behind(library: Library, tmp_path: Path) -> None:
    from workbench.errors import BadInputError

    order = Order((library.get("one"),), "preferences-steps", tmp_path / "set", pictures_read=False)
    with pytest.raises(BadInputError, match="nothing to write"):
        write(library, examine(library, order, secrets=Secrets()), Decisions("accept"))
    assert [path.name for path in tmp_path.iterdir()] == ["library"]
