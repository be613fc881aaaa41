"""A loaded model in this process: prompts become tokens and patches, what was evaluated is reused, answers stream.

One thread uses an engine; only its brake may be pressed from others. Native code may end the process: see the worker.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any

import llama_cpp
import msgspec
import numpy as np

from agents.runtime.grammar.gbnf import check_gbnf
from agents.runtime.grammar.json_schema import grammar_from
from agents.runtime.llama.brake import Brake
from agents.runtime.llama.evaluated import EvaluatedPrompt, tokens_of
from agents.runtime.llama.eye import Eye, Patch, Unit
from agents.runtime.llama.loading import open_model
from agents.runtime.llama.native import start
from agents.runtime.llama.sampling import Grammar, Logits, Sampler, TextFlow
from agents.runtime.llama.template import ChatTemplate, Frame, Segment
from agents.runtime.llama.vocabulary import Vocabulary
from agents.runtime.messages import Image, Load, Text, Turns
from agents.runtime.ports import Answer, Asking, Heard, Loaded, ModelError, Timings, Vectors, Weighed
from workbench.errors import BadInputError, StoppedError

_FORMS = 32
"""So many grammars are remembered as checked: a planner asks with the same few again and again."""


class Engine:
    """A model that was loaded; `close` frees it."""

    def __init__(self, load: Load, brake: Brake) -> None:
        self._brake = brake
        self._load = load
        self._opened = open_model(load, brake, start())
        self._eye = self._opened.eye
        self._vocabulary = Vocabulary(self._opened.model)
        self._evaluated = EvaluatedPrompt(self._opened.context, brake, batch=self._opened.batch, eye=self._eye)
        self._evaluated.all_outputs = load.embeds

    @property
    def loaded(self) -> Loaded:
        """What was loaded."""
        return self._opened.loaded

    def ask(self, turns: Turns, asking: Asking, heard: Heard) -> Answer:
        """Answer a prompt; `heard` is told pieces. A cancelled answer has what was said until then."""
        self._must_answer()
        meter = _Meter()
        flow = TextFlow(asking.stop)
        likelihood: float | None = None
        weighed: tuple[Weighed, ...] = ()
        with self._brake.within(asking.timeout_s), self._pictures():
            try:
                with _grammar(asking, self._vocabulary) as grammar:
                    self._evaluate(self._units(turns, asks=True), meter)
                    sampler = Sampler(asking, self._vocabulary, grammar)
                    finish = self._generate(sampler, asking, flow, heard, meter)
                    likelihood, weighed = sampler.likelihood, tuple(sampler.weighed)
            except StoppedError:
                finish = "cancelled"
            if rest := flow.end():
                heard(rest)
            return Answer(flow.text, finish, meter.timings(self._eye), likelihood=likelihood, weighed=weighed)

    def see(self, turns: Turns) -> Answer:
        """Evaluate the beginning of a prompt; the answer has no text."""
        self._must_answer()
        meter = _Meter()
        with self._pictures():
            try:
                self._evaluate(self._units(turns, asks=False), meter)
                finish = "stop"
            except StoppedError:
                finish = "cancelled"
            return Answer("", finish, meter.timings(self._eye))

    def count(self, turns: Turns) -> int:
        """How many tokens the prompt takes, as `ask` would send it."""
        with self._pictures():
            return tokens_of(self._units(turns, asks=True))

    def save(self, name: str) -> None:
        """Keep what was evaluated last under a name."""
        self._evaluated.save(name)

    def restore(self, name: str) -> None:
        """Go back to what was kept."""
        self._evaluated.restore(name)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        if not self._load.embeds:
            raise BadInputError(f"{self.loaded.name} was loaded to answer, not to embed: load it as an embedder")
        if not texts:
            return np.empty((0, self.loaded.embedding_size), np.float32)
        return np.stack([self._embedded(text, number) for number, text in enumerate(texts, 1)])

    def close(self) -> None:
        """Free the model; nothing may be called afterwards."""
        self._evaluated.close()
        self._opened.closing.close()

    @cached_property
    def _template(self) -> ChatTemplate:
        return ChatTemplate(self._opened.template, self._vocabulary.named(), of=self.loaded.name)

    @contextmanager
    def _pictures(self) -> Iterator[None]:
        if self._eye is None:
            yield
            return
        with self._eye.request():
            yield

    def _must_answer(self) -> None:
        if self._load.embeds:
            raise BadInputError(f"{self.loaded.name} was loaded to embed, not to answer: load it again as a chat model")

    def _units(self, turns: Turns, *, asks: bool) -> list[Unit]:
        units: list[Unit] = []
        for segment in self._template.segments(turns, asks=asks):
            units += self._units_of(segment)
        if not units:
            raise BadInputError(
                f"the chat template of {self.loaded.name} makes nothing of this prompt: choose another instruct model"
            )
        begun = self._vocabulary.begun([unit for unit in units[:1] if isinstance(unit, int)])
        return [*begun, *units[1:]] if isinstance(units[0], int) else [*begun, *units]

    def _units_of(self, segment: Segment) -> Sequence[Unit]:
        match segment:
            case Frame(text):
                return self._vocabulary.tokens(text, special=True)
            case Text(text=text):
                return self._vocabulary.tokens(text, special=False)
            case Image():
                if self._eye is None:
                    raise BadInputError(
                        f"{self.loaded.name} takes no pictures: load it with its mmproj, or choose a model that sees"
                    )
                return self._eye.units(segment)

    def _evaluate(self, units: list[Unit], meter: "_Meter") -> None:
        total = tokens_of(units)
        pictures = tokens_of([unit for unit in units if isinstance(unit, Patch)])
        if total >= self.loaded.context:
            raise BadInputError(
                f"the prompt takes {total} tokens ({pictures} of them pictures), and {self.loaded.name} was loaded "
                f"with a context of {self.loaded.context}: shorten the prompt, or load it with more"
            )
        with meter.prompting():
            kept = self._evaluated.begin(units)
            meter.prompt_tokens, meter.image_tokens, meter.reused_tokens = total, pictures, tokens_of(units[:kept])
            self._evaluated.extend(units[kept:])

    def _generate(self, sampler: Sampler, asking: Asking, flow: TextFlow, heard: Heard, meter: "_Meter") -> str:
        with meter.answering():
            room = self.loaded.context - meter.prompt_tokens
            for _ in range(max(asking.max_tokens, 1)):
                self._brake.check()
                token = sampler.choose(self._logits())
                if self._vocabulary.ends_answer(token):
                    return "stop"
                meter.answer_tokens += 1
                if piece := flow.feed(self._vocabulary.piece(token)):
                    heard(piece)
                if flow.stopped:
                    return "stop"
                if meter.answer_tokens >= min(asking.max_tokens, room):
                    return "length"
                self._evaluated.extend([token])
        return "length"

    def _logits(self) -> Logits:
        pointer = llama_cpp.llama_get_logits_ith(self._opened.context, -1)
        if not pointer:
            raise ModelError(f"{self.loaded.name} ends its prompts with a picture: its chat template cannot be used")
        return np.ctypeslib.as_array(pointer, (self._vocabulary.size,))

    def _embedded(self, text: str, number: int) -> Vectors:
        tokens = self._vocabulary.tokens(text, special=False, ends=True)
        if not tokens or len(tokens) > self.loaded.context:
            raise BadInputError(
                f"text {number} has {len(tokens)} tokens, and {self.loaded.name} embeds 1 to {self.loaded.context}: "
                "leave it out, or shorten it"
            )
        self._evaluated.forget()
        self._evaluated.extend(tokens)
        pointer = llama_cpp.llama_get_embeddings_seq(self._opened.context, 0)
        if not pointer:
            raise BadInputError(f"{self.loaded.name} makes no vectors of texts: choose an embedding model")
        vector = np.ctypeslib.as_array(pointer, (self.loaded.embedding_size,)).astype(np.float32)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise ModelError(f"{self.loaded.name} computes no numbers (NaN): its file is damaged, download it again")
        return vector / np.float32(length)


@contextmanager
def _grammar(asking: Asking, vocabulary: Vocabulary) -> Iterator[Grammar | None]:
    text = _form(asking.grammar, asking.schema)
    if not text:
        yield None
        return
    with Grammar(text, vocabulary) as grammar:
        yield grammar


@lru_cache(maxsize=_FORMS)
def _form(grammar: str, schema: str) -> str:
    """The grammar that the answer is held to, checked; made from the schema where only that is given."""
    try:
        if grammar:
            check_gbnf(grammar)
            return grammar
        return grammar_from(msgspec.json.decode(schema, type=dict[str, Any])) if schema else ""
    except msgspec.DecodeError as error:
        raise BadInputError(f"the schema of the answer is no JSON object: {error}") from error
    except RecursionError as error:
        raise BadInputError("the form of the answer is nested too deeply: make it flatter") from error


class _Meter:
    """What a request cost so far."""

    def __init__(self) -> None:
        self.prompt_tokens = 0
        self.reused_tokens = 0
        self.image_tokens = 0
        self.answer_tokens = 0
        self._prompt_s = 0.0
        self._answer_s = 0.0

    @contextmanager
    def prompting(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._prompt_s = time.monotonic() - began

    @contextmanager
    def answering(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self._answer_s = time.monotonic() - began

    def timings(self, eye: Eye | None) -> Timings:
        """As told to whoever asked; encoding pictures is counted apart from evaluating them."""
        image_ms = eye.encode_ms if eye else 0.0
        return Timings(
            prompt_tokens=self.prompt_tokens,
            reused_tokens=self.reused_tokens,
            image_tokens=self.image_tokens,
            answer_tokens=self.answer_tokens,
            images_encoded=len(eye.encoded) if eye else 0,
            image_ms=image_ms,
            prompt_ms=max(self._prompt_s * 1000 - image_ms, 0.0),
            answer_ms=self._answer_s * 1000,
        )
