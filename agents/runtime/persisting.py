"""A model that is asked once more where it broke down: its process died, or a connection was cut in mid-answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from agents.runtime.ports import PLAIN, Answer, Asking, Heard, LateError, Loaded, Model, ModelError, Vectors
from agents.runtime.prompt import Prompt

T = TypeVar("T")


@dataclass(frozen=True)
class Persisting:
    """Asks `model`, and at once a second time where it fails: by then a process that died starts afresh.

    The second failure is raised. A model that was too slow is not asked again: nobody waits twice as long.
    """

    model: Model

    @property
    def name(self) -> str:
        """What people call it."""
        return self.model.name

    @property
    def loaded(self) -> Loaded:
        """What it is; loads it if that was not done yet."""
        return _twice(lambda: self.model.loaded)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The answer; the pieces of one that broke off were heard too."""
        return _twice(lambda: self.model.ask(prompt, asking, heard))

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes."""
        return _twice(lambda: self.model.count(prompt))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        return _twice(lambda: self.model.embed(texts))

    def cancel(self) -> None:
        """End the question that is being answered now."""
        self.model.cancel()

    def close(self) -> None:
        """Let go of the model."""
        self.model.close()


def _twice(work: Callable[[], T]) -> T:
    try:
        return work()
    except LateError:
        raise
    except ModelError:
        return work()
