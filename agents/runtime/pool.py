"""Models for roles: planner, grounder, judge and embedder may differ, and are loaded in turn where memory is short."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from types import TracebackType
from typing import Generic, Literal, TypeVar

from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, Model, Vectors
from agents.runtime.prompt import Prompt
from workbench.errors import BadInputError, StoppedError

Role = Literal["planner", "grounder", "judge", "embedder"]
T = TypeVar("T")


@dataclass(frozen=True)
class Job(Generic[T]):
    """A question for a role: `work` asks the model that it is given and returns what came of it."""

    role: Role
    work: Callable[[Model], T]


@dataclass(eq=False)
class Use:
    """One use of a model, from waiting in line to its end; the pool alone changes it."""

    name: str
    begun: bool = False
    halted: bool = False


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
            return tuple(self._resident)

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
        """Stop what runs and close every model. Idempotent; a later question loads its model again."""
        with self._changed:
            for use in self._line:
                use.halted = True
            self._changed.notify_all()
            models = [self._models[name] for name in self._resident]
        for model in models:
            model.close()
        with self._changed:
            self._resident = {name: None for name in self._resident if name in self._busy}

    @contextmanager
    def hold(self, use: Use) -> Iterator[Model]:
        """Wait in line, make room and have the model to oneself; raises `StoppedError` when halted while waiting."""
        with self._changed:
            try:
                model = self._await(use)
            except BaseException:
                self._line.remove(use)
                self._changed.notify_all()
                raise
        try:
            yield model
        finally:
            with self._changed:
                self._line.remove(use)
                self._busy.discard(use.name)
                self._changed.notify_all()

    def halt(self, use: Use) -> None:
        """End that use early, whether it waits or asks."""
        with self._changed:
            use.halted = True
            model = self._models[use.name] if use.begun else None
            self._changed.notify_all()
        if model is not None:
            model.cancel()

    def _name(self, role: Role) -> str:
        if role not in self._roles:
            raise BadInputError(f"no model has the role {role}; choose one in the settings")
        return self._roles[role]

    def _await(self, use: Use) -> Model:
        self._line.append(use)
        model = self._open(use.name)
        while not use.halted and not self._may_begin(use):
            self._changed.wait()
        if use.halted:
            raise StoppedError("the question was stopped before it was asked")
        self._make_room(use.name)
        self._resident.pop(use.name, None)
        self._resident[use.name] = None
        self._busy.add(use.name)
        use.begun = True
        return model

    def _open(self, name: str) -> Model:
        if name not in self._models:
            self._needs[name] = self._needs_bytes(name)
            self._models[name] = self._opener(name)
        return self._models[name]

    def _may_begin(self, use: Use) -> bool:
        """Whether the model is free and fits beside those that answer, and nobody before waits for memory."""
        if use.name in self._busy:
            return False
        before = takewhile(lambda other: other is not use, self._line)
        return all(other.name in self._resident for other in before) and self._fits(use.name, beside=self._busy)

    def _fits(self, name: str, *, beside: set[str]) -> bool:
        needed = sum(self._needs[other] for other in beside | {name})
        return name in self._resident or beside <= {name} or needed <= self._budget_bytes

    def _make_room(self, name: str) -> None:
        while name not in self._resident and not self._fits(name, beside=set(self._resident)):
            oldest = next(other for other in self._resident if other not in self._busy)
            self._models[oldest].close()
            del self._resident[oldest]


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
