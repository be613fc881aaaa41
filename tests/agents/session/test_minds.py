"""Which models think in a run: by their roles and by what their files say, and never one that is not there."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agents.planning.choosing_thinker import ChoosingThinker
from agents.planning.planning_thinker import PlanningThinker
from agents.prompts.choosing import ANY_MODEL, BUILT_IN
from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from agents.session.messages import AgentOrder, Minds
from agents.session.minds import CHOOSING, PROMPT_KEY, minds_of, speaks_choosing
from workbench.errors import BadInputError, StoppedError, UnavailableError

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
SERVER = Entry("far", kind="server", url="http://127.0.0.1:9/v1")
NEAR = Entry("near", model=str(TINY / "lm.gguf"), mmproj=str(TINY / "mmproj.gguf"), family="built-in")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(tmp_path / "models")
    made.add(SERVER)
    made.add(NEAR)
    return made


@pytest.fixture
def order(registry: Registry, tmp_path: Path) -> Callable[..., AgentOrder]:
    """The order of a run in which these models think."""

    def make(planner: str, **roles: str) -> AgentOrder:
        minds = Minds(str(registry.folder), planner, **roles)
        return AgentOrder("r1", "press 7", None, str(tmp_path), minds, memory="flat")

    return make


def stays() -> None:
    """Nobody has to go."""


@pytest.fixture
def no_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise FileNotFoundError("built-in.gguf")

    monkeypatch.setattr(built_in, "built_in_file", missing)


def test_a_model_that_plans_is_asked_for_plans_with_the_memory_that_was_ordered(
    order: Callable[..., AgentOrder],
) -> None:
    with minds_of(order("far"), stays) as minds:
        assert isinstance(minds.thinker, PlanningThinker)
        assert minds.thinker.style.mode == "flat"
        assert minds.thinker.model.name == "far"
        assert (minds.pointer, minds.judge) == (None, None)


def test_the_model_that_comes_along_chooses_where_nobody_else_was_named(order: Callable[..., AgentOrder]) -> None:
    with minds_of(order("far"), stays) as minds:
        assert (minds.chooser.model.name, minds.chooser.style) == (built_in.NAME, BUILT_IN)


@pytest.mark.usefixtures("no_built_in")
def test_in_a_copy_without_it_the_planner_chooses_too(order: Callable[..., AgentOrder]) -> None:
    with minds_of(order("far"), stays) as minds:
        assert (minds.chooser.model.name, minds.chooser.style) == ("far", ANY_MODEL)


def test_a_grounder_and_a_judge_of_one_s_own_are_asked(order: Callable[..., AgentOrder]) -> None:
    with minds_of(order("far", grounder="near", judge="far"), stays) as minds:
        assert (minds.chooser.model.name, minds.chooser.style) == ("near", ANY_MODEL)
        assert minds.judge is not None
        assert minds.judge.name == "far"


def test_a_model_that_was_trained_on_the_choosing_prompt_is_asked_with_it(order: Callable[..., AgentOrder]) -> None:
    with minds_of(order(built_in.NAME), stays) as minds:
        assert isinstance(minds.thinker, ChoosingThinker)
        assert minds.thinker.style == BUILT_IN


def test_what_a_model_was_trained_on_stands_in_its_file_and_in_no_name(registry: Registry, tmp_path: Path) -> None:
    assert not speaks_choosing(registry, "far")
    assert not speaks_choosing(registry, "near")
    registry.add(Entry("choosy", model=str(_saying(tmp_path / "choosy.gguf", CHOOSING))))
    registry.add(Entry("later", model=str(_saying(tmp_path / "later.gguf", "choosing-9"))))
    assert speaks_choosing(registry, "choosy")
    assert not speaks_choosing(registry, "later")


@pytest.mark.parametrize("role", ["planner", "grounder", "judge"])
def test_a_model_that_is_not_there_is_named_before_any_is_loaded(order: Callable[..., AgentOrder], role: str) -> None:
    roles = {"planner": "far"} | {role: "nobody"}
    with pytest.raises(UnavailableError, match="no model “nobody”"), minds_of(order(**roles), stays):
        pytest.fail("a run without its model")


def test_a_model_whose_file_is_gone_is_named(order: Callable[..., AgentOrder], registry: Registry) -> None:
    registry.add(Entry("lost", model="/nowhere/lost.gguf"))
    with pytest.raises(BadInputError, match="lost its file"), minds_of(order("lost"), stays):
        pytest.fail("a run without its model")


def test_whoever_thinks_can_be_interrupted(order: Callable[..., AgentOrder]) -> None:
    def leaves() -> None:
        raise StoppedError("the person stopped it")

    with minds_of(order("near", grounder="near", judge="near"), leaves) as minds:
        assert isinstance(minds.thinker, PlanningThinker)
        for model in (minds.thinker.model, minds.chooser.model, minds.judge):
            assert model is not None
            with pytest.raises(StoppedError, match="the person stopped it"):
                _ = model.loaded


def _saying(path: Path, prompt: str) -> Path:
    """A model file that says of itself that it was trained on this prompt."""
    import gguf

    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string(PROMPT_KEY, prompt)
    writer.add_tensor("token_embd.weight", np.zeros((8, 8), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
