"""Thinkers and models that say what they were given: for demonstrations, teaching and tests."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from agents.planning.ports import Idea, Moment
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Timings, Vectors
from agents.runtime.prompt import Picture, Prompt
from workbench.errors import BadInputError

CHARACTERS_PER_TOKEN = 4
PICTURE_TOKENS = 256
"""A scripted model has no vocabulary: its tokens are these estimates."""


class ScriptedThinker:
    """Says these ideas, one after the other, and keeps the moments that it was told."""

    def __init__(self, ideas: Iterable[Idea]) -> None:
        """Say `ideas` in their order."""
        self.moments: list[Moment] = []
        self._ideas = iter(ideas)

    def think(self, moment: Moment) -> Idea:
        """The next idea; raises `ModelError` when all were said."""
        self.moments.append(moment)
        idea = next(self._ideas, None)
        if idea is None:
            raise ModelError(f"the script has no idea for step {len(self.moments)}; add one, or end it with finish")
        return idea


Says = Callable[[Prompt], str]


class ScriptedModel:
    """A model whose answers are written beforehand, or made from the prompt by a function.

    It keeps the prompts that it was asked, in order. It answers in pieces of a word each, so that listeners hear it
    as they would any other, and does not hold itself to grammars: its answers are checked like everybody's.
    """

    def __init__(self, answers: Sequence[str] | Says, *, name: str = "scripted", context: int = 8192) -> None:
        """Answer with `answers` in their order, or with what the function says to the prompt."""
        self.prompts: list[Prompt] = []
        self.askings: list[Asking] = []
        self._name = name
        self._context = context
        self._says = answers if callable(answers) else _in_order(answers)

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @property
    def loaded(self) -> Loaded:
        """It is always ready; it takes pictures, and looks at none."""
        return Loaded(self._name, "scripted", self._context, sees=True)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The next answer; raises `ModelError` when all were given."""
        self.prompts.append(prompt)
        self.askings.append(asking)
        text = self._says(prompt)
        if heard is not None:
            for piece in _pieces(text):
                heard(piece)
        timings = Timings(prompt_tokens=self.count(prompt), answer_tokens=tokens_in(text))
        return Answer(text, timings=timings)

    def count(self, prompt: Prompt) -> int:
        """An estimate: so many characters per token, and a fixed number for each picture."""
        parts = [part for message in prompt for part in message.parts]
        return sum(PICTURE_TOKENS if isinstance(part, Picture) else tokens_in(part) for part in parts)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """It makes no vectors: raises `BadInputError`."""
        raise BadInputError(f"model {self._name} is a script and makes no vectors of {len(texts)} texts")

    def cancel(self) -> None:
        """Nothing runs that could be cancelled."""

    def close(self) -> None:
        """Nothing is held that could be let go of."""


def tokens_in(text: str) -> int:
    """About how many tokens a text takes."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def said(answer: object) -> str:
    """An answer as the compact JSON in which models give it."""
    return msgspec.json.encode(answer).decode()


def _in_order(answers: Sequence[str]) -> Says:
    left = iter(answers)

    def says(_prompt: Prompt) -> str:
        answer = next(left, None)
        if answer is None:
            raise ModelError(f"the script has only {len(answers)} answers; add one for this question")
        return answer

    return says


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    return [word + " " for word in words[:-1]] + words[-1:]
