"""Choosing the next token, within a grammar where there is one, and turning tokens into text as they come."""

import codecs
import ctypes
from types import TracebackType
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from agents.runtime.llama.vocabulary import Vocabulary
from agents.runtime.ports import Asking, ModelError, Weighed
from workbench.errors import BadInputError

Logits = npt.NDArray[np.float32]

LIKELY = 32
"""So many likely tokens are tried before the grammar is asked about the whole vocabulary."""

NEGLIGIBLE_NATS = 20.0
"""Tokens so far below another one in their logits add less than a thousandth to the sum of probabilities, however large
the vocabulary: the grammar need not be asked about them."""

_CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])


class Grammar:
    """A GBNF grammar that has followed an answer so far. Free it with `with`."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._native = llama_cpp.llama_sampler_init_grammar(vocabulary.handle, text.encode(), b"root")
        if not self._native:
            raise BadInputError(
                "the grammar does not parse: it must be GBNF with the rule `root`, without left recursion"
            )

    def __enter__(self) -> "Grammar":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        llama_cpp.llama_sampler_free(self._native)

    def masked(self, tokens: npt.NDArray[np.integer[Any]], logits: Logits) -> Logits:
        """The logits of these tokens, minus infinity for those that the grammar does not allow next."""
        candidates = np.empty(len(tokens), _CANDIDATE)
        candidates["id"], candidates["logit"], candidates["p"] = tokens, logits, 0
        data = candidates.ctypes.data_as(llama_cpp.llama_token_data_p)
        array = llama_cpp.llama_token_data_array(data, len(candidates), -1, False)
        llama_cpp.llama_sampler_apply(self._native, ctypes.byref(array))
        return candidates["logit"].copy()

    def accept(self, token: int) -> None:
        """Go on behind this token, which must be allowed."""
        llama_cpp.llama_sampler_accept(self._native, token)


class Sampler:
    """Chooses tokens: the likeliest, or drawn by temperature and seed.

    `likelihood` is the smallest probability of a token so far, where that was asked for, else None; `weighed` are the
    tokens so far with their alternatives, where those were.
    """

    def __init__(self, asking: Asking, vocabulary: Vocabulary, grammar: Grammar | None) -> None:
        self._temperature = asking.temperature
        self._random = np.random.default_rng(asking.seed)
        self._vocabulary = vocabulary
        self._grammar = grammar
        self._all = np.arange(vocabulary.size, dtype=np.int32)
        self.likelihood: float | None = 1.0 if asking.likelihood else None
        self.weighed: list[Weighed] = []
        self._alternatives = asking.alternatives
        self._said = b""

    def choose(self, logits: Logits) -> int:
        """The next token; raises ModelError where the logits are no numbers or the grammar leaves nothing."""
        token = self._draw(logits)
        if not np.isfinite(logits[token]):
            raise ModelError("the model computes no numbers (NaN): its file is damaged, download it again")
        if self._grammar is None:
            self._weigh(token, logits)
            return token
        if not np.isfinite(self._grammar.masked(np.array([token]), logits[[token]])[0]):
            token = self._allowed(self._grammar, logits)
        self._weigh(token, logits)
        if not self._vocabulary.ends_answer(token):
            self._grammar.accept(token)
        return token

    def _weigh(self, token: int, logits: Logits) -> None:
        if self.likelihood is None and not self._alternatives:
            return
        tokens, chances = self._chances(token, logits)
        if self.likelihood is not None:
            self.likelihood = min(self.likelihood, float(chances[tokens == token][0]))
        if self._alternatives:
            likely = np.argsort(-chances, kind="stable")[: self._alternatives]
            options = tuple((self._text(tokens[at]), float(chances[at])) for at in likely if chances[at] > 0)
            self.weighed.append(Weighed(self._said.decode("utf-8", "replace"), options))
            self._said += self._vocabulary.piece(token)

    def _text(self, token: int) -> str:
        return self._vocabulary.piece(int(token)).decode("utf-8", "replace")

    def _chances(self, token: int, logits: Logits) -> "tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]":
        """What is allowed next and not hopeless beside the token, and how likely each is at temperature 1."""
        telling = np.flatnonzero(logits >= logits[token] - NEGLIGIBLE_NATS).astype(np.int32)
        allowed = logits[telling] if self._grammar is None else self._grammar.masked(telling, logits[telling])
        shares = np.exp(allowed.astype(np.float64) - float(allowed.max()))
        return telling, shares / shares.sum()

    def _draw(self, logits: Logits) -> int:
        if self._temperature <= 0:
            return int(logits.argmax())
        scaled = (logits - logits.max()).astype(np.float64) / self._temperature
        chances = np.exp(scaled)
        total = chances.sum()
        if not np.isfinite(total) or total <= 0:
            return int(logits.argmax())
        return int(min(np.searchsorted(np.cumsum(chances), self._random.random() * total, "right"), len(logits) - 1))

    def _allowed(self, grammar: Grammar, logits: Logits) -> int:
        if self._temperature <= 0 and len(logits) > LIKELY:
            likely = np.argpartition(logits, -LIKELY)[-LIKELY:]
            masked = grammar.masked(likely, logits[likely])
            if np.isfinite(masked.max()):
                return int(likely[masked.argmax()])
        masked = grammar.masked(self._all, logits)
        if not np.isfinite(masked.max()):
            raise ModelError("the grammar allows no word that this model knows: give it another grammar")
        return self._draw(masked)


class TextFlow:
    """Text from the bytes of tokens: whole characters only, held back while it may be the beginning of a stop text."""

    def __init__(self, stop: tuple[str, ...]) -> None:
        self._stop = tuple(filter(None, stop))
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._told = 0
        self.text = ""
        self.stopped = False

    def feed(self, data: bytes) -> str:
        """What can be told now; empty while nothing can."""
        self.text += self._decoder.decode(data)
        found = [at for at in (self.text.find(stop, self._told) for stop in self._stop) if at >= 0]
        if found:
            self.text = self.text[: min(found)]
            self.stopped = True
        return self._tell(len(self.text) - (0 if self.stopped else self._held_back()))

    def end(self) -> str:
        """What is left to be told when nothing more comes."""
        if not self.stopped:
            self.text += self._decoder.decode(b"", final=True)
        return self._tell(len(self.text))

    def _tell(self, until: int) -> str:
        piece = self.text[self._told : until]
        self._told = max(self._told, until)
        return piece

    def _held_back(self) -> int:
        """How much of the end may be the beginning of a stop text."""
        return max(
            (size for stop in self._stop for size in range(1, len(stop)) if self.text.endswith(stop[:size])), default=0
        )
