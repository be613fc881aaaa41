"""A model that breaks down is asked once more, and only once."""

import pytest

from agents.planning.scripted import ScriptedModel
from agents.runtime.persisting import Persisting
from agents.runtime.ports import LateError, ModelError, late
from agents.runtime.prompt import Message, Prompt
from workbench.errors import BadInputError, StoppedError, WorkbenchError

PROMPT: Prompt = (Message("user", ("which step?",)),)


def _model(*outcomes: WorkbenchError | str) -> ScriptedModel:
    """A model that fails and answers in this order."""
    left = list(outcomes)

    def says(prompt: Prompt) -> str:
        outcome = left.pop(0)
        if isinstance(outcome, WorkbenchError):
            raise outcome
        return outcome

    return ScriptedModel(says)


def test_an_answer_that_broke_off_is_asked_for_again():
    model = _model(ModelError("cut off"), "yes")
    assert Persisting(model).ask(PROMPT).text == "yes"
    assert model.prompts == [PROMPT, PROMPT]


def test_a_model_that_fails_twice_in_a_row_has_failed():
    model = _model(ModelError("first"), ModelError("second"), "too late")
    with pytest.raises(ModelError, match="second"):
        Persisting(model).ask(PROMPT)
    assert len(model.prompts) == 2


@pytest.mark.parametrize("error", [late(), StoppedError("cancelled"), BadInputError("too long")])
def test_what_asking_again_does_not_mend_is_raised_at_once(error):
    model = _model(error, "yes")
    with pytest.raises(type(error)):
        Persisting(model).ask(PROMPT)
    assert len(model.prompts) == 1


def test_lateness_is_still_a_failure_of_the_model():
    assert isinstance(late(), LateError)
    assert isinstance(late(), ModelError)
