"""Of a few steps the one is proposed that is imagined to lead furthest; whatever goes wrong leaves the first."""

from collections.abc import Callable

import pytest

from agents.planning.imagining import ImaginingThinker
from agents.planning.ports import Idea
from agents.planning.scripted import ScriptedModel, ScriptedThinker, said
from agents.runtime.ports import ModelError
from agents.safety.judging import Judge
from workbench.actions import Click, PressKeys

SAVE, DELETE, KEYS = (
    Idea(Click(), target='button "Save"', ref="e3"),
    Idea(Click(), target='button "Delete"'),
    Idea(PressKeys(("ctrl", "s"))),
)


def _outcomes(*serves: str) -> str:
    return said([{"becomes": f"screen {number}", "serves": word} for number, word in enumerate(serves)])


@pytest.fixture
def imagine() -> Callable[..., tuple[ImaginingThinker, ScriptedModel]]:
    def make(ideas: list[Idea], answer: str, *, doubtful: bool = True) -> tuple[ImaginingThinker, ScriptedModel]:
        model = ScriptedModel([answer] * 2)
        first, *others = [ScriptedThinker([idea]) for idea in ideas]
        return ImaginingThinker(first, tuple(others), Judge(model), lambda moment, idea: doubtful), model

    return make


@pytest.mark.parametrize(
    ("serves", "chosen"),
    [
        (("wrong", "closer", "done"), KEYS),
        (("closer", "done", "done"), DELETE),
        (("closer", "closer", "wrong"), SAVE),
        (("wrong", "wrong", "wrong"), SAVE),
    ],
)
def test_the_step_that_serves_best_is_proposed_and_the_first_where_all_are_equal(moment, imagine, serves, chosen):
    thinker, model = imagine([SAVE, DELETE, KEYS], _outcomes(*serves))
    idea = thinker.think(moment)
    assert idea.action == chosen.action
    assert idea.target == chosen.target
    assert idea.expect.startswith("screen ")
    assert len(model.prompts) == 1


def test_steps_that_are_the_same_are_imagined_once(moment, imagine):
    thinker, model = imagine([SAVE, SAVE, DELETE], _outcomes("wrong", "closer"))
    assert thinker.think(moment).target == DELETE.target
    assert str(model.prompts[0][-1].parts[0]).count("\nstep ") == 2


def test_where_every_thinker_wants_the_same_nobody_is_asked(moment, imagine):
    thinker, model = imagine([SAVE, SAVE], _outcomes("wrong"))
    assert thinker.think(moment) is SAVE
    assert model.prompts == []


def test_a_step_that_nobody_doubts_costs_nothing(moment, imagine):
    thinker, model = imagine([SAVE, DELETE], _outcomes("wrong", "done"), doubtful=False)
    assert thinker.think(moment) is SAVE
    assert model.prompts == []
    assert thinker.others[0].moments == []


@pytest.mark.parametrize("answer", ["so so", _outcomes("done"), _outcomes("done", "perfect")])
def test_a_judge_that_imagines_nothing_usable_leaves_the_first_step(moment, imagine, answer):
    thinker, model = imagine([SAVE, DELETE], answer)
    assert thinker.think(moment) is SAVE
    assert model.prompts != []


def test_a_second_thinker_that_fails_is_left_out_and_the_first_is_not(moment, imagine):
    thinker, _ = imagine([SAVE, DELETE], _outcomes("done"))
    thinker.others[0].think(moment)
    assert thinker.think(moment) is SAVE
    with pytest.raises(ModelError):
        thinker.think(moment)
