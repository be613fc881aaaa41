"""Models for roles share memory: never above the budget, with little swapping, answered in the order asked."""

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.runtime.pool import Job, Pool, Role, Use
from agents.runtime.ports import PLAIN, Answer, Asking, Heard, Loaded, Model, ModelError, Vectors, stopped
from agents.runtime.prompt import Message, Prompt
from workbench.errors import BadInputError, StoppedError

LONG_S = 20.0
ROLES: list[Role] = ["planner", "grounder", "judge", "embedder"]
NAMES = ["a", "b", "c"]


class Memory:
    """What is loaded, and was: the models of one test register here."""

    def __init__(self, needs: dict[str, int]) -> None:
        self.needs = needs
        self.held: set[str] = set()
        self.loads: list[str] = []
        self.most = 0
        self.opened: list[str] = []
        self.lock = threading.Lock()

    def open(self, name: str) -> Model:
        self.opened.append(name)
        return Remembered(self, name)

    def take(self, name: str) -> None:
        with self.lock:
            if name not in self.held:
                self.held.add(name)
                self.loads.append(name)
            if len(self.held) > 1:
                self.most = max(self.most, sum(map(self.needs.__getitem__, self.held)))


class Remembered:
    """A model that loads at its first use, says its name, and waits where it is told to."""

    def __init__(self, memory: Memory, name: str) -> None:
        self.memory = memory
        self.name = name
        self.busy = threading.Lock()
        self.cancelled = threading.Event()

    @property
    def loaded(self) -> Loaded:
        self.memory.take(self.name)
        return Loaded(self.name, "fake", 100, False)

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        self.memory.take(self.name)
        text = str(prompt[0].parts[0])
        assert self.busy.acquire(blocking=False), "a model was asked by two at once"
        try:
            self.cancelled.clear()
            if heard:
                heard("")
            if text == "wait":
                assert self.cancelled.wait(LONG_S)
                raise StoppedError("stopped")
            if text == "fail":
                raise ModelError("failed")
            assert self.name in self.memory.held, "a model was closed while it answered"
            return Answer(f"{self.name}:{text}")
        finally:
            self.busy.release()

    def count(self, prompt: Prompt) -> int:
        self.memory.take(self.name)
        return len(prompt)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.memory.take(self.name)
        return np.ones((len(texts), 1), np.float32)

    def cancel(self) -> None:
        self.cancelled.set()

    def close(self) -> None:
        self.cancelled.set()
        assert not self.busy.locked() or self.busy.acquire(timeout=LONG_S)
        if self.busy.locked():
            self.busy.release()
        with self.memory.lock:
            self.memory.held.discard(self.name)


def _ask(text: str) -> Prompt:
    return (Message("user", (text,)),)


def _pool(memory: Memory, budget_bytes: int, names: Sequence[str]) -> Pool:
    roles = dict(zip(ROLES, names, strict=False))
    return Pool(memory.open, memory.needs.__getitem__, budget_bytes=budget_bytes, roles=roles)


def _job(role: Role, text: str) -> Job[str]:
    return Job(role, lambda model: model.ask(_ask(text)).text)


assigned = st.lists(st.sampled_from(NAMES), min_size=4, max_size=4)
sizes = st.fixed_dictionaries({name: st.integers(1, 10) for name in NAMES})
batches = st.lists(st.sampled_from(ROLES), max_size=12)


@settings(deadline=None)
@given(assigned, sizes, st.integers(1, 25), batches)
def test_whatever_is_asked_the_models_together_keep_to_the_budget(names, needs, budget_bytes, roles):
    memory = Memory(needs)
    with _pool(memory, budget_bytes, names) as pool:
        models = {role: pool.model_for(role) for role in ROLES}
        answers = [models[role].ask(_ask(str(index))).text for index, role in enumerate(roles)]
        assert set(pool.resident) == memory.held
    assert answers == [f"{names[ROLES.index(role)]}:{index}" for index, role in enumerate(roles)]
    assert memory.most <= budget_bytes
    assert sorted(memory.opened) == sorted({names[ROLES.index(role)] for role in roles})
    assert memory.held == set()


@settings(deadline=None)
@given(assigned, sizes, st.integers(1, 25), batches, batches)
def test_a_batch_loads_no_model_twice_and_none_that_is_there(names, needs, budget_bytes, before, batch):
    memory = Memory(needs)
    with _pool(memory, budget_bytes, names) as pool:
        for role in before:
            pool.model_for(role).ask(_ask("before"))
        resident, loads = set(pool.resident), len(memory.loads)
        answers = pool.in_order([_job(role, str(index)) for index, role in enumerate(batch)])
        wanted = {names[ROLES.index(role)] for role in batch}
        assert sorted(memory.loads[loads:]) == sorted(wanted - resident)
    assert answers == [f"{names[ROLES.index(role)]}:{index}" for index, role in enumerate(batch)]


@settings(deadline=None)
@given(sizes, st.integers(1, 25), st.lists(batches, min_size=2, max_size=4))
def test_threads_at_once_get_their_answers_within_the_budget(needs, budget_bytes, batches):
    memory, names = Memory(needs), ["a", "b", "c", "a"]
    answers: dict[int, list[str]] = {}
    with _pool(memory, budget_bytes, names) as pool:

        def work(who: int) -> None:
            answers[who] = [pool.model_for(role).ask(_ask(f"{who}")).text for role in batches[who]]

        _together([lambda who=who: work(who) for who in range(len(batches))])
    assert answers == {
        who: [f"{names[ROLES.index(role)]}:{who}" for role in batch] for who, batch in enumerate(batches)
    }
    assert memory.most <= budget_bytes


def _together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
        assert not thread.is_alive()


def test_the_model_used_longest_ago_makes_room():
    memory = Memory({"a": 4, "b": 4, "c": 4})
    with _pool(memory, 8, NAMES) as pool:
        for role in ("planner", "grounder", "planner", "judge"):
            pool.model_for(role).count(_ask(""))
        assert pool.resident == ("a", "c")


def test_a_model_larger_than_the_budget_is_loaded_alone():
    memory = Memory({"a": 4, "b": 40, "c": 4})
    with _pool(memory, 8, NAMES) as pool:
        pool.model_for("planner").embed(["x"])
        assert pool.model_for("grounder").ask(_ask("x")).text == "b:x"
        assert pool.resident == ("b",)


def test_who_waits_for_memory_is_not_overtaken_for_ever():
    memory = Memory({"a": 5, "b": 5, "c": 5})
    order: list[str] = []
    with _pool(memory, 5, NAMES) as pool:
        asked, go = threading.Event(), threading.Event()

        def first() -> None:
            pool.model_for("planner").ask(_ask("1"), heard=lambda _: (asked.set(), go.wait(LONG_S)))
            order.append("a")

        def second() -> None:
            pool.model_for("grounder").ask(_ask("2"))
            order.append("b")

        threads = [threading.Thread(target=work) for work in (first, second)]
        threads[0].start()
        assert asked.wait(LONG_S)
        threads[1].start()
        go.set()
        for thread in threads:
            thread.join(LONG_S)
    assert sorted(order) == ["a", "b"]


def test_a_role_cancels_its_own_question_and_not_that_of_another_role_with_the_same_model():
    memory = Memory({"a": 1})
    with _pool(memory, 1, ["a", "a"]) as pool:
        planner, grounder = pool.model_for("planner"), pool.model_for("grounder")
        asked, caught = threading.Event(), []

        def wait() -> None:
            try:
                planner.ask(_ask("wait"), heard=lambda _: asked.set())
            except StoppedError as error:
                caught.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        assert asked.wait(LONG_S)
        grounder.cancel()
        assert thread.is_alive()
        planner.cancel()
        thread.join(LONG_S)
        assert len(caught) == 1
        assert grounder.ask(_ask("x")).text == "a:x"


class Slow(Remembered):
    """A model that is deaf to cancellations until its question has begun, and closes when it is let."""

    def __init__(self, memory: Memory, name: str) -> None:
        super().__init__(memory, name)
        self.given, self.begins = threading.Event(), threading.Event()
        self.closes, self.may_close = threading.Event(), threading.Event()
        self.may_close.set()

    def ask(self, prompt: Prompt, asking: Asking = PLAIN, heard: Heard | None = None) -> Answer:
        self.given.set()
        assert self.begins.wait(LONG_S)
        return super().ask(prompt, asking, heard)

    def close(self) -> None:
        self.closes.set()
        assert self.may_close.wait(LONG_S)
        super().close()


def _slow_pool(budget_bytes: int, names: Sequence[str]) -> tuple[Pool, dict[str, Slow]]:
    memory = Memory(dict.fromkeys(NAMES, 5))
    models = {name: Slow(memory, name) for name in names}
    roles = dict(zip(ROLES, names, strict=False))
    return Pool(models.__getitem__, memory.needs.__getitem__, budget_bytes=budget_bytes, roles=roles), models


def _asking(model: Model, text: str, outcomes: list[str]) -> threading.Thread:
    """A thread that asks, and what came of it."""

    def ask() -> None:
        try:
            outcomes.append(model.ask(_ask(text)).text)
        except StoppedError as error:
            outcomes.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_cancellation_that_comes_before_the_model_has_begun_is_not_lost():
    pool, models = _slow_pool(5, ["a"])
    planner, outcomes = pool.model_for("planner"), []
    thread = _asking(planner, "wait", outcomes)
    assert models["a"].given.wait(LONG_S)
    planner.cancel()
    models["a"].begins.set()
    thread.join(LONG_S)
    assert outcomes == ["stopped"]
    pool.close()


def test_a_cancellation_of_a_question_that_has_ended_does_not_reach_the_next():
    pool, models = _slow_pool(5, ["a", "a"])
    models["a"].begins.set()
    use = Use("a")
    with pool.hold(use):
        pass
    models["a"].cancelled.clear()
    pool.halt(use)
    with pool.hold(Use("a")):
        assert not models["a"].cancelled.is_set()
        pool.halt(use)
        assert not models["a"].cancelled.is_set()
    pool.close()


def test_a_model_that_takes_long_to_close_keeps_nobody_from_another_that_is_there():
    pool, models = _slow_pool(10, NAMES)
    outcomes: list[str] = []
    for model in models.values():
        model.begins.set()
    for role in ("planner", "grounder"):
        pool.model_for(role).ask(_ask("x"))
    models["a"].may_close.clear()
    waits = _asking(pool.model_for("judge"), "y", outcomes)
    assert models["a"].closes.wait(LONG_S)
    other = _asking(pool.model_for("grounder"), "z", outcomes)
    other.join(LONG_S)
    assert outcomes == ["b:z"]
    assert set(pool.resident) == {"a", "b", "c"}
    back = _asking(pool.model_for("planner"), "again", outcomes)
    models["a"].may_close.set()
    for thread in (waits, back):
        thread.join(LONG_S)
    assert sorted(outcomes) == ["a:again", "b:z", "c:y"]
    pool.close()
    assert pool.resident == ()


def test_a_question_is_cancelled_while_room_is_made_for_it():
    pool, models = _slow_pool(5, ["a", "b"])
    models["a"].begins.set()
    pool.model_for("planner").ask(_ask("x"))
    models["a"].may_close.clear()
    grounder, outcomes = pool.model_for("grounder"), []
    thread = _asking(grounder, "y", outcomes)
    assert models["a"].closes.wait(LONG_S)
    grounder.cancel()
    models["a"].may_close.set()
    thread.join(LONG_S)
    assert outcomes == [str(stopped())]
    assert not models["b"].given.is_set()
    pool.close()


def test_a_model_that_fails_to_close_is_still_counted():
    pool, models = _slow_pool(5, ["a", "b"])
    for model in models.values():
        model.begins.set()
    pool.model_for("planner").ask(_ask("x"))
    models["a"].close = lambda: (_ for _ in ()).throw(ModelError("it stays"))
    with pytest.raises(ModelError, match="it stays"):
        pool.model_for("grounder").ask(_ask("y"))
    assert "a" in pool.resident
    del models["a"].close
    assert pool.model_for("grounder").ask(_ask("y")).text == "b:y"
    pool.close()
    assert pool.resident == ()


def test_closing_a_pool_ends_a_question_that_its_model_was_given_but_has_not_begun():
    pool, models = _slow_pool(5, ["a"])
    outcomes: list[str] = []
    asks = _asking(pool.model_for("planner"), "wait", outcomes)
    assert models["a"].given.wait(LONG_S)
    closes = threading.Thread(target=pool.close)
    closes.start()
    models["a"].begins.set()
    for thread in (asks, closes):
        thread.join(LONG_S)
    assert outcomes == ["stopped"]
    assert (pool.resident, models["a"].memory.held) == ((), set())


def test_closing_a_pool_from_within_what_hears_is_refused_instead_of_waiting_for_ever():
    memory = Memory({"a": 1})
    with _pool(memory, 1, ["a"]) as pool, pytest.raises(ValueError, match="from within"):
        pool.model_for("planner").ask(_ask("x"), heard=lambda _: pool.close())


def test_a_question_that_waits_for_memory_can_be_cancelled():
    memory = Memory({"a": 5, "b": 5})
    with _pool(memory, 5, ["a", "b"]) as pool:
        planner, grounder = pool.model_for("planner"), pool.model_for("grounder")
        outcomes: list[str] = []

        def ask(model: Model, who: str) -> None:
            try:
                model.ask(_ask("wait"), heard=lambda _: threading.Thread(target=begin_second).start())
            except StoppedError:
                outcomes.append(who)

        def begin_second() -> None:
            waiting.start()
            grounder.cancel()
            while waiting.is_alive():
                grounder.cancel()
            planner.cancel()

        waiting = threading.Thread(target=ask, args=(grounder, "second"))
        _together([lambda: ask(planner, "first")])
        assert outcomes == ["second", "first"]
        assert memory.loads == ["a"]


def test_an_error_comes_through_and_the_next_question_works():
    memory = Memory({"a": 1})
    with _pool(memory, 1, ["a"]) as pool:
        with pytest.raises(ModelError, match="failed"):
            pool.in_order([_job("planner", "fail"), _job("planner", "x")])
        assert pool.in_order([_job("planner", "x")]) == ["a:x"]


def test_a_role_without_a_model_and_a_model_that_cannot_be_opened_are_said_at_once():
    def opener(name: str) -> Model:
        raise BadInputError(f"{name} is not known")

    pool = Pool(opener, lambda _: 1, budget_bytes=1, roles={"judge": "a"})
    with pytest.raises(BadInputError, match="role planner"):
        pool.model_for("planner")
    for _ in range(2):
        with pytest.raises(BadInputError, match="a is not known"):
            pool.model_for("judge").ask(_ask("x"))
    assert pool.resident == ()


def test_saying_again_what_a_model_is_loads_nothing():
    memory = Memory({"a": 5, "b": 5})
    with _pool(memory, 5, ["a", "b"]) as pool:
        planner = pool.model_for("planner")
        assert planner.loaded.name == "a"
        pool.model_for("grounder").ask(_ask("x"))
        assert planner.loaded.name == "a"
        assert memory.loads == ["a", "b"]


def test_a_closed_pool_holds_nothing_and_works_again():
    memory = Memory({"a": 5, "b": 5})
    pool = _pool(memory, 10, ["a", "b"])
    pool.model_for("planner").ask(_ask("x"))
    pool.close()
    pool.close()
    assert (pool.resident, memory.held) == ((), set())
    assert pool.model_for("planner").ask(_ask("y")).text == "a:y"
    pool.close()
