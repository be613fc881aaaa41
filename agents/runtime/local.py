"""A model of GGUF files that runs on this machine, in a worker process that may die at any time without loss."""

import contextlib
import itertools
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from agents.runtime.awaiting import Call, GaveUpError, LateError, Patience, Wait
from agents.runtime.messages import (
    Answered,
    Ask,
    Count,
    Counted,
    Done,
    Embed,
    Embedded,
    Load,
    Ready,
    Refused,
    Reply,
    Request,
    Restore,
    Save,
    See,
    Turns,
)
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, ModelError, Timings, Vectors, late, stopped
from agents.runtime.process import WORKER, Ending, WorkerGoneError, WorkerProcess
from agents.runtime.prompt import Prompt
from agents.runtime.sending import Sender, as_unicode
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError

log = logging.getLogger(__name__)

R = TypeVar("R", Ready, Answered, Counted, Done, Embedded)
Make = Callable[[int], Request]

_PATIENT = Patience()
_AGAIN = "ask again: it starts afresh"
_DAMAGED = f"{_AGAIN}; if it ends again, the file is damaged or not made for this llama.cpp: get it again"
_SMALLER = "choose a smaller model or fewer layers on the GPU, or close what else is at work"
_MEND = {
    "SIGKILL": "if memory ran out, close something or choose a smaller model or context; else just ask again",
    "SIGTERM": _AGAIN,
}


class LocalModel:
    """A `Model` of this machine's files, loaded at its first use; use as a context manager or `close` it.

    `load` says which files and how; its number does not matter. One question at a time: a second caller waits.
    A process that died, hung or spoke nonsense raises one `ModelError`, and the next question starts a fresh one.
    No process outlives this object. Calls from within `heard` raise ValueError, all but `cancel`.
    """

    def __init__(
        self, name: str, load: Load, *, patience: Patience = _PATIENT, command: Sequence[str] = WORKER
    ) -> None:
        self.name = name
        self._load = load
        self._patience = patience
        self._command = command
        self._turn = threading.Lock()
        self._owner = 0
        self._era = object()
        self._numbers = itertools.count(1)
        self._sender = Sender()
        self._call: Call | None = None
        self._worker: WorkerProcess | None = None
        self._loaded: Loaded | None = None

    def __enter__(self) -> "LocalModel":
        """Itself, not loaded yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    @property
    def loaded(self) -> Loaded:
        """What it is; loads it if that was not done yet."""
        known = self._loaded
        if known is not None:
            return known
        with self._my_turn(Call()) as call:
            self._ready(call)
            assert self._loaded is not None
            return self._loaded

    @property
    def pid(self) -> int | None:
        """The process id of its worker; None while there is none."""
        worker = self._worker
        return worker.pid if worker is not None and worker.running else None

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The answer; `heard` is told its pieces as they come, on the caller's thread."""
        with self._my_turn(Call(heard)) as call:
            return self._prompted(call, prompt, lambda number, turns: Ask(number, turns, asking), asking.timeout_s)

    def see(self, prompt: Prompt) -> Timings:
        """Evaluate the beginning of prompts to come, so that they are answered sooner."""
        with self._my_turn(Call()) as call:
            return self._prompted(call, prompt, See, self._patience.request_s).timings

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes, pictures and template included."""
        with self._my_turn(Call()) as call:
            reply = self._with_pictures(call, lambda number: Count(number, self._sender.turns(prompt)))
            return self._as(Counted, reply).tokens

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        given = tuple(map(as_unicode, texts))
        if not given:
            return np.empty((0, self.loaded.embedding_size), np.float32)
        with self._my_turn(Call()) as call:
            reply = self._as(Embedded, self._request(call, lambda number: Embed(number, given)))
            if reply.size < 1 or len(reply.vectors) != 4 * reply.size * len(given):
                raise self._babble()
            return np.frombuffer(reply.vectors, dtype="<f4").astype(np.float32).reshape(len(given), reply.size)

    def save(self, name: str) -> None:
        """Keep the prompt that was evaluated last, in the worker, under a name."""
        with self._my_turn(Call()) as call:
            self._as(Done, self._request(call, lambda number: Save(number, name)))

    def restore(self, name: str) -> None:
        """Go back to a prompt that was kept; raises `WorkbenchError` when the worker, perhaps a new one, has it not."""
        with self._my_turn(Call()) as call:
            self._as(Done, self._request(call, lambda number: Restore(number, name)))

    def cancel(self) -> None:
        """End the question that is being answered now, within a second; any thread may call it.

        One that waits for its turn, or has not begun to, is not touched.
        """
        call = self._call
        if call is not None:
            call.halt()

    def close(self) -> None:
        """Stop what runs and what waits, and end the process. Idempotent; a later question loads it again."""
        self._check_outside()
        self._era = object()
        self.cancel()
        with self._alone(Call()):
            self._drop(self._patience.cancel_s)

    @contextlib.contextmanager
    def _my_turn(self, call: Call) -> Iterator[Call]:
        """Have the model to oneself, unless it is closed before."""
        self._check_outside()
        era = self._era
        with self._alone(call):
            if era is not self._era:
                raise stopped()
            yield call

    @contextlib.contextmanager
    def _alone(self, call: Call) -> Iterator[Call]:
        with self._turn:
            self._owner, self._call = threading.get_ident(), call
            try:
                yield call
            finally:
                self._owner, self._call = 0, None

    def _check_outside(self) -> None:
        if self._owner == threading.get_ident():
            raise ValueError("a model cannot be asked from within what hears its answer")

    def _prompted(self, call: Call, prompt: Prompt, make: Callable[[int, Turns], Request], timeout_s: float) -> Answer:
        reply = self._with_pictures(call, lambda number: make(number, self._sender.turns(prompt)), timeout_s)
        answer = self._as(Answered, reply).answer
        if answer.finish == "cancelled":
            raise stopped()
        return answer

    def _with_pictures(self, call: Call, make: Make, timeout_s: float | None = None) -> Reply:
        """Request; a worker that lost pictures is sent all of them once more."""
        reply = self._request(call, make, timeout_s)
        if isinstance(reply, Refused) and reply.missing:
            self._sender.forget()
            reply = self._request(call, make, timeout_s)
        return reply

    def _request(self, call: Call, make: Make, timeout_s: float | None = None) -> Reply:
        worker = self._ready(call)
        return self._exchange(worker, call, make, self._patience.request_s if timeout_s is None else timeout_s)

    def _ready(self, call: Call) -> WorkerProcess:
        """The worker with the model in it."""
        if self._worker is not None and not self._worker.running:
            self._drop()
        if self._worker is None:
            self._worker = WorkerProcess(self._command)
            self._loaded = self._begin(self._worker, call)
            log.debug("model %s is loaded in process %d", self.name, self._worker.pid)
            if self._loaded.problem:
                log.warning("model %s: %s", self.name, self._loaded.problem)
        return self._worker

    def _begin(self, worker: WorkerProcess, call: Call) -> Loaded:
        try:
            reply = self._exchange(
                worker, call, lambda number: replace(self._load, number=number), self._patience.load_s
            )
            return self._as(Ready, reply).loaded
        except BaseException:
            self._drop()
            raise

    def _exchange(self, worker: WorkerProcess, call: Call, make: Make, timeout_s: float) -> Reply:
        number = next(self._numbers)
        wait = Wait(worker, call, patience=self._patience, timeout_s=timeout_s)
        try:
            return wait.run(make(number), number)
        except WorkerGoneError as gone:
            ending = worker.ending(gone)
            raise ModelError(f"{self._who} {_how(ending)}; {_mend(ending)}") from None
        except LateError as error:
            raise late() if self._loaded else ModelError(f"{self._who} {error}; {_SMALLER}") from None
        except GaveUpError as error:
            raise ModelError(f"{self._who} {error}; {_AGAIN}, with a smaller model or prompt if need be") from None
        except UnicodeEncodeError:
            raise BadInputError(
                f"model {self.name} cannot be asked with text that is no Unicode, nor be in a file named so; rename it"
            ) from None
        finally:
            if not worker.running:
                self._drop()

    def _as(self, kind: type[R], reply: Reply) -> R:
        if isinstance(reply, kind):
            return reply
        if isinstance(reply, Refused):
            raise _as_error(reply)
        raise self._babble()

    def _babble(self) -> ModelError:
        self._drop()
        return ModelError(f"{self._who} answered what it was not asked; {_AGAIN}")

    def _drop(self, patience_s: float = 0.0) -> None:
        """End the worker, if there is one, and forget what it knew."""
        worker, self._worker, self._loaded = self._worker, None, None
        self._sender.forget()
        if worker is not None:
            worker.end(patience_s)

    @property
    def _who(self) -> str:
        doing = "" if self._loaded else " while loading"
        return f"the process of model {self.name} ({Path(self._load.model).name}){doing}"


def _how(ending: Ending) -> str:
    said = f" ({ending.native})" if ending.native else ""
    if ending.babbled:
        return f"said what is no message and was ended{said}"
    return f"was ended by {ending.signal}{said}" if ending.signal else f"ended with exit code {ending.code}{said}"


def _mend(ending: Ending) -> str:
    return _AGAIN if ending.babbled else _MEND.get(ending.signal, _DAMAGED)


def _as_error(refused: Refused) -> WorkbenchError:
    for line in refused.native:
        log.debug("worker: %s", line)
    kinds: tuple[type[WorkbenchError], ...] = (BadInputError, StoppedError, UnavailableError)
    kind = next((kind for kind in kinds if kind.exit_code == refused.exit_code), ModelError)
    return kind(refused.text)
