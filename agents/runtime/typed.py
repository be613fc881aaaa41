"""Answers of a type: what a model says is validated, and asked for again, a few times, with what is wrong shown."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from agents.runtime.ports import Answer, Asking, Model, ModelError
from agents.runtime.prompt import Message, Prompt

T = TypeVar("T")

_SAID = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?!\$)[^`]*`")
_SHOWN = 200


@dataclass(frozen=True)
class Typed(Generic[T]):
    """What a model said: decoded, and the answer that it was decoded from."""

    value: T
    answer: Answer


def ask_typed(model: Model, prompt: Prompt, kind: type[T], *, asking: Asking, attempts: int = 3) -> T:
    """The value of `typed_answer`."""
    return typed_answer(model, prompt, kind, asking=asking, attempts=attempts).value


def typed_answer(model: Model, prompt: Prompt, kind: type[T], *, asking: Asking, attempts: int = 3) -> Typed[T]:
    """The answer as a `kind`, decoded from JSON and validated.

    `asking` holds the grammar and the schema of that kind. An answer that does not fit is shown to the model with what
    is wrong, up to `attempts` answers in all; then `ModelError` says what was wrong with the last, without quoting it,
    because what a model says it may have read on the screen.
    """
    if attempts < 1:
        raise ValueError(f"{attempts} attempts are none")
    asked, problem = prompt, ""
    for _ in range(attempts):
        answer = model.ask(asked, asking)
        try:
            return Typed(msgspec.json.decode(answer.text, type=kind), answer)
        except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError) as error:
            problem = _problem(answer, error)
            asked = (*prompt, *_again(answer, problem))
    raise ModelError(
        f"model {model.name} gave no usable answer in {attempts} attempts: {_unquoted(problem)}; "
        "ask in other words or choose another model"
    )


def _problem(answer: Answer, error: Exception) -> str:
    if answer.finish == "length":
        return "it was cut off, because no more tokens were allowed or fit"
    if isinstance(error, msgspec.MsgspecError):
        return str(error)
    return "it is no JSON"


def _again(answer: Answer, problem: str) -> Prompt:
    wish = f"That answer does not fit: {problem}. Answer again, with JSON that fits and nothing else."
    return Message("assistant", (answer.text,)), Message("user", (wish,))


def _unquoted(problem: str) -> str:
    return " ".join(_SAID.sub("…", problem).split())[:_SHOWN]
