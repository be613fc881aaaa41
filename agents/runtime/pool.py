"""Models for roles: planner, grounder, judge and embedder may differ, and are loaded in turn where memory is short."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from types import TracebackType
from typing import Generic, Literal, TypeVar

from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, Model, Vectors, stopped
from agents.runtime.prompt import Prompt
from workbench.errors import BadInputError

Role = Literal["planner", "grounder", "judge", "embedder"]
T = TypeVar("T")

_AGAIN_S = 0.05
"""How long after a cancellation it is repeated: a model does not hear one that comes before it has begun."""


@dataclass(frozen=True)
class Job(Generic[T]):
    """A question for a role: `work` asks the model that it is given and returns what came of it."""

    role: Role
    work: Callable[[Model], T]


@dataclass(eq=False)
class Use:
    """One use of a model, from waiting in line to its end, and its cancellation, which reaches no other use.

    The pool alone changes it; `holds` and `halted` under the pool's lock.
    """

    name: str
    holds: bool = False
    halted: bool = False
    thread: int = field(default_factory=threading.get_ident)
    _asked: Model | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, model: Model) -> None:
        """From here on it asks this model."""
        with self._lock:
            self._asked = model

    def end(self) -> None:
        """It asks no more; nothing is cancelled for it from here on."""
        with self._lock:
            self._asked = None
        self._over.set()

    def cancel(self) -> bool:
        """End what it asks now; whether it asks at all."""
        with self._lock:
            if self._asked is not None:
                self._asked.cancel()
            return self._asked is not None

    def insist(self) -> None:
        """Cancel until it is over."""
        while not self._over.wait(_AGAIN_S) and self.cancel():
            pass


class Pool:
    """One instance per model, however many roles it has; those that are loaded need at most `budget_bytes` together.

    `opener` makes the model of a registered name without loading it; `needs_bytes` says how much memory it will take.
    When one has to be loaded, those used longest ago are closed first, none that is answering. A model that needs more
    than the whole budget is loaded alone. For any thread; who waits for memory is served in order of arrival. Nobody
    may ask one model of the pool from within what hears another's answer.
    """

    def __init__(
        self,
        opener: Callable[[str], Model],
        needs_bytes: Callable[[str], int],
        *,
        budget_bytes: int,
        roles: Mapping[Role, str],
    ) -> None:
        self._opener = opener
        self._needs_bytes = needs_bytes
        self._budget_bytes = budget_bytes
        self._roles = dict(roles)
        self._models: dict[str, Model] = {}
        self._needs: dict[str, int] = {}
        self._resident: dict[str, None] = {}
        self._closing: dict[str, None] = {}
        self._busy: set[str] = set()
        self._line: list[Use] = []
        self._changed = threading.Condition()

    def __enter__(self) -> "Pool":
        """Itself; nothing is loaded yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    @property
    def resident(self) -> tuple[str, ...]:
        """The names of the models that may hold memory now, the one used longest ago first."""
        with self._changed:
            return (*self._closing, *self._resident)

    def model_for(self, role: Role) -> "RoleModel":
        """The model of a role, which makes room for itself when asked; raises `BadInputError` where none is set."""
        return RoleModel(self, self._name(role))

    def in_order(self, jobs: Sequence[Job[T]]) -> list[T]:
        """Do all jobs model by model, those first that are loaded, and return what came of them in the order asked.

        As few models are loaded as can be. An error ends it.
        """
        resident = self.resident
        names = [self._name(job.role) for job in jobs]
        order = list(dict.fromkeys([name for name in resident if name in names] + names))
        turn = sorted(range(len(jobs)), key=lambda index: order.index(names[index]))
        done = {index: jobs[index].work(self.model_for(jobs[index].role)) for index in turn}
        return [done[index] for index in range(len(jobs))]

    def close(self) -> None:
        """Stop what runs and close every model. Idempotent; a later question loads its model again.

        Raises ValueError from within what hears an answer.
        """
        with self._changed:
            uses = tuple(self._line)
        if any(use.thread == threading.get_ident() for use in uses):
            raise ValueError("a pool cannot be closed from within what hears an answer")
        for use in uses:
            self.halt(use)
        with self._changed:
            self._changed.wait_for(lambda: not any(use in self._line for use in uses))
            idle = [name for name in self._resident if name not in self._busy]
            self._retire(idle)
        self._close(idle)

    @contextmanager
    def hold(self, use: Use) -> Iterator[Model]:
        """Wait in line, make room and have the model to oneself; raises `StoppedError` when halted while waiting."""
        with self._changed:
            self._line.append(use)
        try:
            yield self._begun(use)
        finally:
            use.end()
            with self._changed:
                self._line.remove(use)
                if use.holds:
                    self._busy.discard(use.name)
                self._changed.notify_all()

    def halt(self, use: Use) -> None:
        """End that use early, whether it waits or asks; returns at once, and reaches no use but this."""
        with self._changed:
            before, use.halted = use.halted, True
            self._changed.notify_all()
        if not before and use.cancel():
            threading.Thread(target=use.insist, name="model cancel", daemon=True).start()

    def _name(self, role: Role) -> str:
        if role not in self._roles:
            raise BadInputError(f"no model has the role {role}; choose one in the settings")
        return self._roles[role]

    def _begun(self, use: Use) -> Model:
        with self._changed:
            model = self._open(use.name)
            self._changed.wait_for(lambda: use.halted or self._may_begin(use))
            if use.halted:
                raise stopped()
            retired = self._reserve(use)
        self._close(retired)
        with self._changed:
            if use.halted:
                raise stopped()
            use.begin(model)
        return model

    def _open(self, name: str) -> Model:
        if name not in self._models:
            self._needs[name] = self._needs_bytes(name)
            self._models[name] = self._opener(name)
        return self._models[name]

    def _may_begin(self, use: Use) -> bool:
        """Whether the model is free and fits beside those that answer, and nobody before waits for memory."""
        if use.name in self._busy or use.name in self._closing:
            return False
        before = takewhile(lambda other: other is not use, self._line)
        return all(other.name in self._resident for other in before) and self._fits(
            use.name, beside=self._busy | self._closing.keys()
        )

    def _fits(self, name: str, *, beside: set[str]) -> bool:
        needed = sum(self._needs[other] for other in beside | {name})
        return name in self._resident or beside <= {name} or needed <= self._budget_bytes

    def _reserve(self, use: Use) -> list[str]:
        """Give the model and its memory to this use; the names of those that have to be closed before it begins."""
        retired: list[str] = []
        closing = set(self._closing)
        while not self._fits(use.name, beside=self._resident.keys() | closing):
            retired.append(next(other for other in self._resident if other not in self._busy))
            self._retire(retired[-1:])
        self._resident.pop(use.name, None)
        self._resident[use.name] = None
        self._busy.add(use.name)
        use.holds = True
        return retired

    def _retire(self, names: Collection[str]) -> None:
        """Let nobody begin with these, which are about to be closed and hold their memory until they are."""
        for name in names:
            del self._resident[name]
            self._closing[name] = None

    def _close(self, names: Sequence[str]) -> None:
        """Close those that were retired; it takes seconds and is done without the lock."""
        left = list(names)
        try:
            while left:
                self._models[left[0]].close()
                del left[0]
        finally:
            with self._changed:
                self._closing = {name: None for name in self._closing if name not in names}
                self._resident = {**dict.fromkeys(left), **self._resident}
                self._changed.notify_all()


class RoleModel:
    """A `Model` that its pool loads when it is asked and may close in between."""

    def __init__(self, pool: Pool, name: str) -> None:
        self.name = name
        self._pool = pool
        self._uses: set[Use] = set()
        self._loaded: Loaded | None = None

    @property
    def loaded(self) -> Loaded:
        """What it is; loads it if that was never done, but not merely to say it again."""
        if self._loaded is None:
            self._loaded = self._with(lambda model: model.loaded)
        return self._loaded

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        """The answer; `heard` is told its pieces as they come."""
        return self._with(lambda model: model.ask(prompt, asking, heard))

    def count(self, prompt: Prompt) -> int:
        """How many tokens the prompt takes, pictures and template included."""
        return self._with(lambda model: model.count(prompt))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 per text, as rows."""
        return self._with(lambda model: model.embed(texts))

    def cancel(self) -> None:
        """End what this object is asking, also while it waits; other roles of the same model are left alone."""
        for use in tuple(self._uses):
            self._pool.halt(use)

    def close(self) -> None:
        """Stop what this object asks; its memory belongs to the pool, which other roles may share."""
        self.cancel()

    def _with(self, work: Callable[[Model], T]) -> T:
        use = Use(self.name)
        self._uses.add(use)
        try:
            with self._pool.hold(use) as model:
                return work(model)
        finally:
            self._uses.discard(use)
