"""Answers of a type are validated, asked for again with what was wrong, and never quoted in an error."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pytest
from msgspec import Meta, Struct

from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Vectors
from agents.runtime.prompt import Message, Prompt
from agents.runtime.typed import ask_typed

SCRIPTED = (sys.executable, str(Path(__file__).with_name("scripted_worker.py")))
PROMPT: Prompt = (Message("system", ("you click",)), Message("user", ("where?",)))
SECRET = "swordfish"


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    x: Annotated[int, Meta(ge=0, le=999)]
    kind: Literal["click", "hover"] = "click"


class Said:
    """A model that says these answers, one after the other, and keeps what it was asked."""

    name = "said"

    def __init__(self, *answers: str, finish: str = "stop") -> None:
        self.answers = list(answers)
        self.finish = finish
        self.prompts: list[Prompt] = []

    @property
    def loaded(self) -> Loaded:
        return Loaded("said", "fake", 100, False)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        self.prompts.append(prompt)
        return Answer(self.answers.pop(0), self.finish)

    def count(self, prompt: Prompt) -> int:
        return 1

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_an_answer_that_fits_is_returned_as_its_type():
    model = Said('{"x": 7}')
    assert ask_typed(model, PROMPT, Place, asking=PLAIN) == Place(7)
    assert model.prompts == [PROMPT]


@pytest.mark.parametrize(
    "bad",
    [
        '{"x": 1000}',
        '{"x": "seven"}',
        '{"x": 7, "kind": "swordfish"}',
        '{"x": 7, "swordfish": 1}',
        '{"x": 7',
        "",
        "\x00\x00",
        '{"x": 7} swordfish',
        "swordfish",
        "\ud800",
        "[" * 5000,
    ],
)
def test_an_answer_that_does_not_fit_is_shown_to_the_model_and_asked_for_again(bad):
    model = Said(bad, '{"x": 7}')
    assert ask_typed(model, PROMPT, Place, asking=PLAIN) == Place(7)
    shown = model.prompts[1]
    assert shown[:2] == PROMPT
    assert shown[2] == Message("assistant", (bad,))
    assert str(shown[3].parts[0]).startswith("That answer does not fit: ")


@pytest.mark.parametrize(
    "bad", ['{"x": 7, "kind": "swordfish"}', '{"x": 7, "swordfish": 1}', "swordfish", '{"x": "swordfish"}']
)
def test_an_error_says_what_was_wrong_but_not_what_was_said(bad):
    model = Said(bad, bad, bad)
    with pytest.raises(ModelError, match=r"model said gave no usable answer in 3 attempts: .+; ") as caught:
        ask_typed(model, PROMPT, Place, asking=PLAIN)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert model.answers == []


def test_the_place_of_the_fault_is_named():
    with pytest.raises(ModelError, match=r"\$\.x"):
        ask_typed(Said('{"x": 1000}'), PROMPT, Place, asking=PLAIN, attempts=1)


def test_every_attempt_starts_from_the_question_with_only_the_last_answer_behind_it():
    model = Said("one", "two", "three")
    with pytest.raises(ModelError):
        ask_typed(model, PROMPT, Place, asking=PLAIN)
    assert [len(prompt) for prompt in model.prompts] == [2, 4, 4]
    assert model.prompts[2][2] == Message("assistant", ("two",))


def test_an_answer_that_was_cut_off_says_so():
    with pytest.raises(ModelError, match="it was cut off, because no more tokens were allowed or fit;"):
        ask_typed(Said('{"x": 1', finish="length"), PROMPT, Place, asking=Asking(max_tokens=9), attempts=1)


def test_a_model_that_fails_is_not_asked_again_for_the_type():
    with (
        LocalModel("tiny", Load(0, "tiny.gguf"), command=SCRIPTED) as model,
        pytest.raises(ModelError, match="SIGKILL"),
    ):
        ask_typed(model, (Message("user", ("die SIGKILL",)),), Place, asking=PLAIN)


def test_no_attempts_are_a_mistake():
    with pytest.raises(ValueError, match="0 attempts"):
        ask_typed(Said(), PROMPT, Place, asking=PLAIN, attempts=0)
