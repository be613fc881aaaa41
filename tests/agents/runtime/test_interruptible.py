"""A question to a model ends when the one who asks has to go, and nothing of it is left behind."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.planning.scripted import ScriptedModel
from agents.runtime.interruptible import Interruptible
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Answer, Asking, ModelError, Vectors
from agents.runtime.prompt import Message, Prompt
from workbench.errors import BadInputError, StoppedError

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
HELLO: Prompt = (Message("user", ("hello",)),)
ENDLESS = Asking(grammar='root ::= [a-z] [a-z] root | "!"', max_tokens=100_000)
PATIENCE_S = 30.0


class Leaving:
    """A check that lets the asker go on for so long, then calls them away."""

    def __init__(self, when: Callable[[], bool]) -> None:
        self.when = when
        self.threads: set[int] = set()

    def __call__(self) -> None:
        self.threads.add(threading.get_ident())
        if self.when():
            raise StoppedError("the person stopped it")


def stays() -> None:
    """Nobody has to go."""


def asking_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "question to a model"]


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    yield
    for thread in asking_threads():
        thread.join(PATIENCE_S)
    assert asking_threads() == []


@pytest.fixture(scope="module")
def local() -> Iterator[LocalModel]:
    load = Load(0, str(TINY / "lm.gguf"), str(TINY / "mmproj.gguf"), context=4096, threads=1)
    with LocalModel("tiny", load) as model:
        yield model


def test_an_answer_comes_as_the_model_gave_it() -> None:
    model = ScriptedModel(["press 7 now"])
    heard: list[str] = []
    answer = Interruptible(model, stays).ask(HELLO, Asking(max_tokens=9), heard.append)
    assert (answer.text, "".join(heard)) == ("press 7 now", "press 7 now")
    assert (model.prompts, model.askings) == ([HELLO], [Asking(max_tokens=9)])


def test_pieces_are_heard_and_checks_are_made_on_the_asker_s_thread(local: LocalModel) -> None:
    here: set[int] = set()
    pieces: list[str] = []

    def heard(piece: str) -> None:
        here.add(threading.get_ident())
        pieces.append(piece)

    check = Leaving(lambda: False)
    answer = Interruptible(local, check).ask(HELLO, Asking(max_tokens=60, grammar=ENDLESS.grammar), heard)
    assert "".join(pieces) == answer.text
    assert here == {threading.get_ident()}
    assert check.threads <= here


def test_a_question_that_the_asker_leaves_ends_while_the_model_still_talks(local: LocalModel) -> None:
    pieces: list[str] = []
    asked = Interruptible(local, Leaving(lambda: len(pieces) > 3))
    with pytest.raises(StoppedError, match="the person stopped it"):
        asked.ask(HELLO, ENDLESS, pieces.append)
    assert 3 < len(pieces) < 4000
    assert local.ask(HELLO, Asking(max_tokens=2)).text is not None


def test_a_question_that_is_left_before_the_model_begins_does_not_go_on_behind_one_s_back(local: LocalModel) -> None:
    local.close()
    with pytest.raises(StoppedError, match="the person stopped it"):
        Interruptible(local, Leaving(lambda: True)).ask(HELLO, ENDLESS)
    assert local.ask(HELLO, Asking(max_tokens=2)).finish in ("length", "stop")


def test_a_model_that_does_not_hear_the_first_cancellation_is_told_again() -> None:
    model = _Deaf(hears_at=3)
    with pytest.raises(StoppedError):
        Interruptible(model, Leaving(lambda: True)).ask(HELLO)
    assert model.cancelled == 3


def test_what_the_listener_raises_ends_the_question_too(local: LocalModel) -> None:
    def heard(_piece: str) -> None:
        raise ValueError("nobody listens")

    with pytest.raises(ValueError, match="nobody listens"):
        Interruptible(local, stays).ask(HELLO, ENDLESS, heard)
    assert local.ask(HELLO, Asking(max_tokens=2)).finish in ("length", "stop")


def test_what_the_model_raises_comes_out_as_it_is() -> None:
    asked = Interruptible(ScriptedModel([]), stays)
    with pytest.raises(ModelError, match="the script has only 0 answers"):
        asked.ask(HELLO)
    with pytest.raises(BadInputError, match="makes no vectors"):
        asked.embed(["hello"])


def test_everything_else_is_the_model_s_own() -> None:
    model = ScriptedModel(["hi"], name="muse", context=99)
    asked = Interruptible(model, stays)
    assert (asked.name, asked.loaded, asked.count(HELLO)) == ("muse", model.loaded, model.count(HELLO))


def test_loading_can_be_left_as_well() -> None:
    model = _Deaf(hears_at=2)
    with pytest.raises(StoppedError):
        _ = Interruptible(model, Leaving(lambda: True)).loaded
    assert model.cancelled == 2


class _Deaf(ScriptedModel):
    """A model that hears only the cancellation of that number."""

    def __init__(self, hears_at: int) -> None:
        super().__init__([])
        self.cancelled = 0
        self._hears_at = hears_at
        self._heard = threading.Event()

    def ask(self, *_: Any) -> Answer:
        assert self._heard.wait(PATIENCE_S)
        raise StoppedError("the question to the model was cancelled")

    @property
    def loaded(self) -> Any:
        return self.ask()

    def embed(self, texts: Any) -> Vectors:
        raise AssertionError(texts)

    def cancel(self) -> None:
        self.cancelled += 1
        if self.cancelled == self._hears_at:
            self._heard.set()
