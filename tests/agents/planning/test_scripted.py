"""Scripted thinkers and models say what they were given, and say so when it is used up."""

import pytest

from agents.planning.ports import Idea
from agents.planning.scripted import ScriptedModel, ScriptedThinker
from agents.runtime.ports import ModelError
from agents.runtime.prompt import Message
from workbench.actions import Finish
from workbench.errors import BadInputError

PROMPT = (Message("user", ("hello there",)),)


def test_ideas_come_in_their_order_and_then_the_script_is_over(moment):
    thinker = ScriptedThinker([Idea(thought="one"), Idea(Finish())])
    assert thinker.think(moment).thought == "one"
    assert thinker.think(moment).action == Finish()
    with pytest.raises(ModelError, match="no idea for step 3"):
        thinker.think(moment)
    assert thinker.moments == [moment] * 3


def test_answers_come_in_their_order_or_from_a_function():
    model = ScriptedModel(["a", "b"])
    assert [model.ask(PROMPT).text, model.ask(PROMPT).text] == ["a", "b"]
    with pytest.raises(ModelError, match="only 2 answers"):
        model.ask(PROMPT)
    assert ScriptedModel(lambda prompt: str(prompt[0].parts[0]).upper()).ask(PROMPT).text == "HELLO THERE"


def test_what_is_heard_is_the_answer_in_pieces():
    heard: list[str] = []
    answer = ScriptedModel([" so it  is "]).ask(PROMPT, heard=heard.append)
    assert "".join(heard) == answer.text
    assert len(heard) > 1


def test_it_makes_no_vectors():
    with pytest.raises(BadInputError, match="makes no vectors"):
        ScriptedModel([]).embed(["x"])
