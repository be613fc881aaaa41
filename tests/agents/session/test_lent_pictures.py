"""Which runs are shown pictures of lent steps: those that want them, with a planner that sees and reads plans."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.memory.lending import Lender, Lending
from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from agents.session.borrowing import lender_for
from agents.session.messages import AgentOrder, Minds
from agents.session.minds import opened, pool_of
from workbench.library.store import Library

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"


@pytest.fixture
def lending(tmp_path: Path) -> Callable[..., object]:
    """Who lends to a run with this planner, and what is said."""
    registry = Registry(tmp_path / "models")
    registry.add(Entry("sees", model=str(TINY / "lm.gguf"), mmproj=str(TINY / "mmproj.gguf")))
    registry.add(Entry("blind", model=str(TINY / "lm.gguf")))
    Library.open(tmp_path / "library").close()

    @contextmanager
    def make(planner: str, *, crops: bool = True, exemplars: int = 1) -> Iterator[tuple[Lender, list[str]]]:
        minds, said = Minds(str(registry.folder), planner), list[str]()
        order = AgentOrder(
            "r1",
            "press 7",
            str(tmp_path / "library"),
            str(tmp_path / "library" / "frames"),
            minds,
            lending=Lending(exemplars, crops=crops),
        )
        with (
            pool_of(minds) as pool,
            lender_for(order, opened(pool, order, lambda: None), check=lambda: None, say=said.append) as lender,
        ):
            yield lender, said

    return make


def test_a_planner_that_sees_is_shown_pictures_where_they_are_wanted(lending: Callable[..., object]) -> None:
    with lending("sees") as (lender, said):
        assert (lender.crops is not None, said) == (True, [])


@pytest.mark.parametrize("options", [{"crops": False}, {"exemplars": 0}])
def test_nobody_is_shown_any_where_they_are_not_wanted(lending: Callable[..., object], options: dict) -> None:
    with lending("sees", **options) as (lender, said):
        assert (lender.crops, said) == (None, [])


@pytest.mark.parametrize("planner", ["blind", built_in.NAME])
def test_a_planner_that_does_not_see_is_shown_none_and_that_is_said(
    lending: Callable[..., object], planner: str
) -> None:
    with lending(planner) as (lender, said):
        assert lender.crops is None
    assert said == [
        f"the model {planner} is shown no pictures of lent steps: it does not see, or its prompt has no place for them"
    ]
