"""The port of a language model: whoever plans, grounds or judges asks through it, wherever the model runs."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from agents.runtime.prompt import Prompt
from workbench.errors import StoppedError, WorkbenchError

Vectors = npt.NDArray[np.float32]
Heard = Callable[[str], None]
"""Told each piece of text as it comes."""


class ModelError(WorkbenchError):
    """The model did not answer: its process died, hung or ran out of memory, or it said nothing usable."""


class LateError(ModelError):
    """The model did not answer in the time that it was given."""


def stopped() -> StoppedError:
    """What a question ends with that was cancelled, whoever noticed."""
    return StoppedError("the question to the model was cancelled")


def late(who: str = "the model") -> LateError:
    """What a question ends with whose time is over, whoever noticed; the model may go on or start afresh."""
    return LateError(f"{who} gave no complete answer in time; ask for less, or allow it more time")


class Asking(Struct, frozen=True):
    """How a question is to be answered.

    `grammar` is GBNF with the rule `root`; the answer follows it to the letter. `schema` is a JSON Schema as text, for
    servers that know no GBNF; whoever sets one sets both. `temperature` 0 always takes the likeliest token.
    `timeout_s` is the longest that the answer may take. With `likelihood` the answer says how likely it was, where the
    model can tell; with `alternatives` it says what else could have stood in the place of each
    token, so many at most.
    """

    grammar: str = ""
    schema: str = ""
    max_tokens: int = 512
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    timeout_s: float = 300.0
    likelihood: bool = False
    alternatives: int = 0


PLAIN = Asking()
"""Free text, as likely as can be."""


class Timings(Struct, frozen=True):
    """What an answer cost. Tokens count images too; `reused_tokens` of the prompt were evaluated before."""

    prompt_tokens: int = 0
    reused_tokens: int = 0
    image_tokens: int = 0
    answer_tokens: int = 0
    images_encoded: int = 0
    image_ms: float = 0.0
    prompt_ms: float = 0.0
    answer_ms: float = 0.0


class Weighed(Struct, frozen=True):
    """What could have come next in an answer behind the text `before`, the likeliest first, and how likely each was.

    Likelihoods are among what the grammar allowed there, at temperature 1, and sum to at most 1. Text that ends within
    a character holds U+FFFD; the end of the answer is the empty text.
    """

    before: str
    options: tuple[tuple[str, float], ...]


class Answer(Struct, frozen=True):
    """What the model said. `finish` is "stop", "length" (ran out of tokens) or "cancelled".

    `constrained` is False where a grammar or schema was wished for and a server answered without it. `likelihood` is
    the smallest probability of any of its tokens and of its end among what the grammar allowed there, at temperature 1,
    0 to 1; None where nobody asked for it or nobody knows: servers do not, and of a cancelled answer it is not known.
    `weighed` are its tokens in order with their alternatives; empty where the likelihood would be None.
    """

    text: str
    finish: str = "stop"
    timings: Timings = Timings()
    constrained: bool = True
    likelihood: float | None = None
    weighed: tuple[Weighed, ...] = ()


class Loaded(Struct, frozen=True):
    """A model that is ready. `gpu` names the device that layers were put on; empty where all runs on the CPU.

    `sees` tells whether it takes pictures, `context` how many tokens fit. `load_ms` is how long loading took.
    `embeds` is set for a model that makes vectors and answers no questions.
    `problem` says in one line what does not run as well as it could; empty where nothing is known to.
    """

    name: str
    architecture: str
    context: int
    sees: bool
    gpu: str = ""
    gpu_layers: int = 0
    layers: int = 0
    load_ms: float = 0.0
    embedding_size: int = 0
    embeds: bool = False
    problem: str = ""


class Model(Protocol):
    """One model, for any thread, one question at a time: a second caller waits for the first.

    Every method raises `ModelError` where the model fails (the next call may work again), `BadInputError` where what
    was asked can never work, and `UnavailableError` where this machine cannot run it.
    """

    @property
    def name(self) -> str:
        """What people call it: its name in the registry."""
        ...

    @property
    def loaded(self) -> Loaded:
        """What it is; loads it if that was not done yet."""
        ...

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The answer; `heard` is told its pieces as they come. Raises `StoppedError` when it was cancelled."""
        ...

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes, pictures and template included."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        ...

    def cancel(self) -> None:
        """End the question that is being answered now, within a second; any thread may call it.

        One that waits for its turn, or has not begun to, is not touched.
        """
        ...

    def close(self) -> None:
        """Let go of the model and its memory. Idempotent; a later question loads it again."""
        ...
