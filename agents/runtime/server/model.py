"""A model that a server runs: llama-server, vLLM or anything else that speaks OpenAI's chat interface.

Nothing leaves this machine that was not allowed (`consent.py`), and what does is told to `sending` first.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import msgspec
import numpy as np

from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Timings, Vectors, stopped
from agents.runtime.prompt import Prompt, pictures_of
from agents.runtime.sending import as_unicode
from agents.runtime.server import dialect, faults
from agents.runtime.server.address import ServerEntry
from agents.runtime.server.calls import Call, Calls, Sign
from agents.runtime.server.dialect import Known, Way
from agents.runtime.server.exchange import Stop
from agents.runtime.server.sse import events
from workbench import secrets
from workbench.errors import BadInputError

ASSUMED_CONTEXT = 8192
"""In tokens, where neither the server nor the entry says how many fit."""

PROBE_S = 20.0
"""How long it may take to find out what a server is."""

_BUSY = frozenset({429, 503})
_TELLING = frozenset({301, 302, 303, 307, 308, 401, 403, 429, 500, 502, 503, 504})
_CHARACTERS_PER_TOKEN = 3
_TOKENS_PER_MESSAGE = 8
_LONGEST_ANSWER_CHARACTERS = 4_000_000


class ServerModel:
    """`agents.runtime.ports.Model` over HTTP; every question has a connection of its own.

    `secret` fetches the server's key by name. `sending` is told the site and the bytes whenever a prompt is about to
    leave this machine, in the thread of the caller. An address that is none, or that would be reached without TLS,
    raises `BadInputError` at once. Calls from within `heard` raise ValueError, all but `cancel` and `close`.
    """

    def __init__(
        self, entry: ServerEntry, *, sending: Sign | None = None, secret: Callable[[str], str] = secrets.get
    ) -> None:
        self._entry = entry
        self._calls = Calls(entry, secret, sending)
        self._turn_lock, self._lock = threading.Lock(), threading.Lock()
        self._stop: Stop | None = None
        self._owner: int | None = None
        self._known: Known | None = None
        self._refused: set[Way] = set()
        self._constrained = True

    def __repr__(self) -> str:
        """The model's name and where it runs."""
        return f"ServerModel({self._entry.name!r} at {self._calls.address.origin})"

    @property
    def name(self) -> str:
        """What people call it: its name in the registry."""
        return self._entry.name

    @property
    def constrained(self) -> bool:
        """Whether the server held the last answer to its grammar or schema; where not, the caller has to check it.

        True before the first question.
        """
        return self._constrained

    @property
    def loaded(self) -> Loaded:
        """What the server says about its model; asks it without sending any prompt if that was not done yet."""
        with self._turn(PROBE_S) as call:
            known = self._find_out(call)
        return Loaded(
            name=self._entry.name,
            architecture=known.kind,
            context=self._entry.context or known.context or ASSUMED_CONTEXT,
            sees=known.sees,
            load_ms=known.took_ms,
            embedding_size=known.embedding_size,
            embeds=self._entry.embeds,
        )

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """See `Model.ask`. Special tokens in texts are broken up by a space (`dialect.harmless`)."""
        with self._turn(asking.timeout_s) as call:
            self._calls.check_consent()
            known = self._find_out(call)
            if pictures_of(prompt) and not known.sees:
                raise BadInputError(f"the model “{self._entry.name}” at {self._calls.address.site} takes no pictures")
            for way in dialect.ladder(known, asking):
                if way in self._refused:
                    continue
                try:
                    answer = self._answer(call, dialect.question(known, prompt, asking, way), heard)
                except faults.FormError as error:
                    if way == "none" or (known.kind == "llama.cpp" and way == "grammar"):
                        raise BadInputError(str(error)) from error
                    self._refused.add(way)
                    continue
                self._constrained = way != "none" or not (asking.grammar or asking.schema)
                return msgspec.structs.replace(answer, constrained=self._constrained)
        raise AssertionError("the last way is never refused")

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes.

        llama-server counts the texts with its own template and tokenizer. For any other it is an estimate: a token for
        every 3 characters, rounded up, and 8 for every message. Pictures are always estimated: one token for each 28
        pixels squared.
        """
        with self._turn(PROBE_S) as call:
            pictures = sum(dialect.picture_tokens(picture) for picture in pictures_of(prompt))
            if self._find_out(call).kind == "llama.cpp":
                return pictures + self._counted(call, prompt)
        return pictures + sum(_estimated(message.parts) for message in prompt)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows; raises `BadInputError` where the server makes none."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        with self._turn(PLAIN.timeout_s) as call:
            self._calls.check_consent()
            known = self._find_out(call)
            body = {"model": known.model, "input": [as_unicode(text) for text in texts], "encoding_format": "float"}
            found = call.post(self._calls.address.url("/embeddings"), body, dialect.Embeddings)
        rows = [each.embedding for each in sorted(found.data, key=lambda each: each.index)]
        if len(rows) != len(texts) or len({len(row) for row in rows}) != 1 or not rows[0]:
            raise ModelError(f"the model server at {self._calls.address.site} sent other vectors than were asked for")
        return self._unit(np.asarray(rows, np.float32))

    def cancel(self) -> None:
        """End the question that is being answered now; without one, nothing happens. Any thread."""
        with self._lock:
            stop = self._stop
        if stop is not None:
            stop.set()

    def close(self) -> None:
        """End what runs, and forget the key and what was found out about the server."""
        self.cancel()
        self._forget()

    @contextmanager
    def _turn(self, timeout_s: float) -> Iterator[Call]:
        """One question at a time, with its own stop and deadline; what failed or changed is looked at anew."""
        if self._owner == threading.get_ident():
            raise ValueError("a model cannot be asked from within what hears its answer")
        with self._turn_lock:
            stop = Stop()
            with self._lock:
                self._stop, self._owner = stop, threading.get_ident()
            try:
                yield Call(self._calls, stop, time.monotonic() + timeout_s)
            except (ModelError, faults.ChangedError):
                self._forget()
                raise
            finally:
                with self._lock:
                    self._stop = self._owner = None

    def _forget(self) -> None:
        self._calls.forget()
        self._known = None
        self._refused = set()

    def _find_out(self, call: Call) -> Known:
        """What the server is, asked once; raises `BadInputError` where it has not the model."""
        known = self._known
        if known is None:
            started_s = time.monotonic()
            probe = Call(self._calls, call.stop, min(call.deadline, started_s + PROBE_S))
            found = _examined(probe, self._calls, self._entry)
            known = msgspec.structs.replace(found, took_ms=(time.monotonic() - started_s) * 1000)
            self._known = known
        return known

    def _answer(self, call: Call, body: bytes, heard: Heard | None) -> Answer:
        with call.streamed(self._calls.address.url("/chat/completions"), body) as (head, chunks):
            reading = _Reading(self._calls, heard)
            streams = "text/event-stream" in head.headers.get("content-type", "")
            for data in events(chunks) if streams else [b"".join(chunks)]:
                if data == b"[DONE]":
                    break
                try:
                    reading.take(msgspec.json.decode(data, type=dialect.Piece))
                except msgspec.DecodeError:
                    raise faults.no_json(self._calls.address, head, data) from None
                if call.stop.is_set:
                    raise stopped()
        return reading.answer()

    def _counted(self, call: Call, prompt: Prompt) -> int:
        address = self._calls.address
        turns = {"messages": dialect.messages(prompt, pictures=False)}
        text = call.post(address.root_url("/apply-template"), turns, dialect.Templated).prompt
        given = {"content": text, "add_special": True, "parse_special": True}
        return len(call.post(address.root_url("/tokenize"), given, dialect.Tokens).tokens)

    def _unit(self, rows: Vectors) -> Vectors:
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
            raise ModelError(f"the model server at {self._calls.address.site} sent vectors that are no directions")
        return np.asarray(rows / lengths, np.float32)


class _Reading:
    """Puts an answer together from its pieces."""

    def __init__(self, calls: Calls, heard: Heard | None) -> None:
        self._calls, self._heard = calls, heard
        self._texts: list[str] = []
        self._length, self._finish = 0, ""
        self._usage, self._timings = dialect.Usage(), dialect.ServerTimings()
        self._started_s = self._first_s = time.monotonic()

    def take(self, piece: dialect.Piece) -> None:
        """Take the next piece; raises `ModelError` where it is an error or the answer never ends."""
        where = f"the model server at {self._calls.address.site}"
        if piece.error is not None:
            raise self._calls.failed(msgspec.json.encode({"error": piece.error}))
        if piece.text and self._heard:
            self._heard(piece.text)
        if piece.text and not self._texts:
            self._first_s = time.monotonic()
        self._texts.append(piece.text)
        self._length += len(piece.text)
        if self._length > _LONGEST_ANSWER_CHARACTERS:
            raise ModelError(f"{where} does not stop answering; it was cut off at {self._length} characters")
        self._finish = piece.finish or self._finish
        self._usage, self._timings = piece.usage or self._usage, piece.timings or self._timings

    def answer(self) -> Answer:
        """The whole; raises `ModelError` where it was cut off or is empty."""
        text, where = "".join(self._texts), f"the model server at {self._calls.address.site}"
        if not self._finish:
            raise ModelError(f"the answer of {where} was cut off after {len(text)} characters; ask again")
        if not text:
            why = "it ran out of tokens before it said anything" if self._finish == "length" else "it said nothing"
            raise ModelError(f"{where} sent an empty answer: {why}; ask again, or for more tokens")
        return Answer(text, "length" if self._finish == "length" else "stop", self._cost())

    def _cost(self) -> Timings:
        usage, own, now_s = self._usage, self._timings, time.monotonic()
        details = usage.prompt_tokens_details
        cached = (details.cached_tokens if details else None) or own.cache_n or 0
        return Timings(
            prompt_tokens=usage.prompt_tokens or 0,
            reused_tokens=cached,
            answer_tokens=usage.completion_tokens or 0,
            prompt_ms=own.prompt_ms or (self._first_s - self._started_s) * 1000,
            answer_ms=own.predicted_ms or (now_s - self._first_s) * 1000,
        )


def _examined(call: Call, calls: Calls, entry: ServerEntry) -> Known:
    """Ask a server what it is and has, by what only its kind has."""
    address = calls.address
    listed = call.get(address.url("/models"), dialect.Models, telling=_TELLING)
    models = {model.id: model for model in listed.data} if listed else {}
    name = _chosen(models, entry, address.site)
    model = models.get(name) or dialect.Listed(name)
    owner = model.owned_by or ""
    meta_size = (model.meta.n_embd if model.meta else None) or 0
    if owner != "vllm" and (props := call.get(address.root_url("/props"), dialect.Props, telling=_BUSY)):
        sees = props.modalities.vision if props.modalities else None
        context = props.default_generation_settings.n_ctx or 0
        return Known("llama.cpp", "", name, context, sees is not False, meta_size)
    if owner in ("", "vllm") and (version := call.get(address.root_url("/version"), dialect.Version, telling=_BUSY)):
        return Known("vLLM", version.version, name, model.max_model_len or 0)
    return Known("OpenAI-compatible", "", name, model.max_model_len or 0, embedding_size=meta_size)


def _chosen(models: dict[str, dialect.Listed], entry: ServerEntry, site: str) -> str:
    """The model's name there; raises `BadInputError` where the server has others only, or several to choose from."""
    if entry.model in models or (entry.model and not models):
        return entry.model
    if len(models) == 1 and not entry.model:
        return next(iter(models))
    names = ", ".join(f"“{name[:80]}”" for name in sorted(models)[:10]) or "none that it lists"
    wanted = f"has no model “{entry.model}”" if entry.model else "does not say which model is meant"
    raise BadInputError(f"the model server at {site} {wanted}; name one of those it has: {names}")


def _estimated(parts: Sequence[object]) -> int:
    characters = sum(len(part) for part in parts if isinstance(part, str))
    return -(-characters // _CHARACTERS_PER_TOKEN) + _TOKENS_PER_MESSAGE
