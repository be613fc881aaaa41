"""A model whose questions end when the one who asks has to: a run that is stopped does not wait for an answer."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, Model, Vectors
from agents.runtime.prompt import Prompt

T = TypeVar("T")

LOOK_S = 0.1
"""How often is asked whether to go on while the model thinks."""

AGAIN_S = 0.05
"""A cancellation is repeated this often: a model does not hear one that comes before it has begun."""


@dataclass(frozen=True)
class Interruptible:
    """Asks `model` and meanwhile calls `check` on the asker's thread; what `check` raises ends the question.

    Pieces of the answer are heard on the asker's thread too.
    """

    model: Model
    check: Callable[[], None]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.model.name

    @property
    def loaded(self) -> Loaded:
        """What it is; loads it if that was not done yet."""
        return self._watched(lambda _: self.model.loaded)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The answer; raises what `check` raises, and what `Model.ask` does."""
        return self._watched(lambda hear: self.model.ask(prompt, asking, hear if heard else None), heard)

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes."""
        return self._watched(lambda _: self.model.count(prompt))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        return self._watched(lambda _: self.model.embed(texts))

    def cancel(self) -> None:
        """End the question that is being answered now."""
        self.model.cancel()

    def close(self) -> None:
        """Let go of the model."""
        self.model.close()

    def _watched(self, work: Callable[[Heard], T], heard: Heard | None = None) -> T:
        question = _Question(work)
        question.start()
        try:
            while not question.over.wait(LOOK_S):
                self.check()
                question.tell(heard)
        finally:
            while not question.over.wait(AGAIN_S):
                self.model.cancel()
        question.tell(heard)
        return question.result()


class _Question(Generic[T]):
    """One question on a thread of its own, with what it says on the way."""

    def __init__(self, work: Callable[[Heard], T]) -> None:
        self.over = threading.Event()
        self._work = work
        self._pieces: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._answers: list[T] = []
        self._error: BaseException | None = None

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name="question to a model", daemon=True).start()

    def tell(self, heard: Heard | None) -> None:
        """Hand on the pieces that have come."""
        while heard is not None and not self._pieces.empty():
            heard(self._pieces.get())

    def result(self) -> T:
        """What came of it, or what it raised."""
        if self._error is not None:
            raise self._error
        return self._answers[0]

    def _run(self) -> None:
        try:
            self._answers.append(self._work(self._pieces.put))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the asker's thread raises it
            self._error = error
        finally:
            self.over.set()
