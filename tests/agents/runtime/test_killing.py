"""The real worker with a real model is killed, stopped and asked for a long time; nothing is lost, left or leaked.

`WORKBENCH_SHOWS=full` kills 200 times instead of 16 and asks 2000 times instead of 300.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.runtime.awaiting import Patience
from agents.runtime.checking import draw_screen
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking, ModelError
from agents.runtime.prompt import Message, Prompt
from workbench.errors import StoppedError

FULL = os.environ.get("WORKBENCH_SHOWS") == "full"
KILLS = 200 if FULL else 16
REQUESTS = 2000 if FULL else 300
DATA = Path(__file__).parents[2] / "data" / "tiny_vlm"
LOAD = Load(0, str(DATA / "lm.gguf"), str(DATA / "mmproj.gguf"), context=4096, threads=1)
POINT = Asking(r'root ::= "{\"x\":" n ",\"y\":" n "}"' + "\nn ::= [0-9] | [1-9] [0-9]", max_tokens=24)
ENDLESS = Asking('root ::= "a" root', max_tokens=3800)
WORDS = ("red", "green", "blue", "yellow", "pink", "black")
LONG_S = 30.0
SLACK_KIB = 4096


def _question(number: int) -> Prompt:
    return (Message("user", (draw_screen(192, 128, seed=number), f"click {WORDS[number % len(WORDS)]}")),)


def _until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < end_s, "it never came true"
        time.sleep(0.005)


def _gone(pid: int) -> bool:
    """Not even a zombie is left."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _children() -> set[int]:
    return {pid for task in Path("/proc/self/task").iterdir() for pid in _children_of(task)}


def _children_of(task: Path) -> list[int]:
    """Those of one thread, which may end while it is looked at."""
    try:
        return [int(pid) for pid in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _rss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.fixture
def model() -> Iterator[LocalModel]:
    with LocalModel("tiny", LOAD) as model:
        yield model


class Killer(threading.Thread):
    """Kills the worker once, some time after the question was asked, as soon as there is one, unless it is `over`."""

    def __init__(self, model: LocalModel, after_s: float) -> None:
        super().__init__()
        self._model = model
        self._after_s = after_s
        self.over = False

    def run(self) -> None:
        _until(lambda: self.over or self._model.pid is not None)
        time.sleep(self._after_s)
        pid = self._model.pid
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):  # it was ended in between
                os.kill(pid, signal.SIGKILL)


def test_killed_at_any_moment_it_answers_right_or_fails_cleanly_and_answers_when_asked_again(model, record_property):
    chance, before = random.Random(7), _children()
    expected = [model.ask(_question(number), POINT).text for number in range(KILLS)]
    failures, processes = [], {model.pid}
    for number in range(KILLS):
        killer = Killer(model, chance.uniform(0, chance.choice([0.02, 0.3])))
        killer.start()
        try:
            answer = model.ask(_question(number), POINT).text
        except ModelError as error:
            failures.append(str(error))
            killer.over = True  # the kill before this may have ended the question; then there is no worker to wait for
            killer.join()
            answer = model.ask(_question(number), POINT).text
        killer.join()
        assert answer == expected[number]
        processes.add(model.pid)
        assert len(_children() - before) <= 1
    record_property("killed while answering", len(failures))
    record_property("workers", len(processes))
    assert failures
    assert all("SIGKILL" in failure and "\n" not in failure for failure in failures)
    model.close()
    assert _children() - before == set()
    assert all(_gone(pid) for pid in processes if pid)


def test_asked_for_a_long_time_neither_side_grows(model):
    questions = [_question(number) for number in range(6)]

    def ask(count: int) -> tuple[int, int]:
        for number in range(count):
            model.ask(questions[number % len(questions)], POINT, lambda _: None)
        assert model.pid is not None
        return _rss_kib(os.getpid()), _rss_kib(model.pid)

    ours, theirs = ask(REQUESTS // 3)
    ours_then, theirs_then = ask(REQUESTS - REQUESTS // 3)
    assert (ours_then - ours < SLACK_KIB, theirs_then - theirs < SLACK_KIB) == (True, True)


def test_callers_at_once_get_the_answers_that_they_get_alone(model):
    alone = [model.ask(_question(number), POINT).text for number in range(12)]
    together: dict[int, str] = {}

    def call(numbers: range) -> None:
        together.update({number: model.ask(_question(number), POINT).text for number in numbers})

    threads = [threading.Thread(target=call, args=(range(first, 12, 3),)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[number] for number in range(12)] == alone
    assert len(set(alone)) > 1


def test_a_picture_is_encoded_once_however_often_it_is_asked_about(model):
    prompt = _question(3)
    first = model.ask(prompt, POINT)
    again = model.ask(prompt, POINT)
    assert (first.timings.images_encoded, again.timings.images_encoded) == (1, 0)
    assert again.text == first.text
    picture = prompt[0].parts[0]
    twice = (Message("user", (picture, "and", picture, "click red")),)
    assert model.count(twice) > 2 * first.timings.image_tokens


def test_a_stopped_worker_is_noticed_and_replaced():
    with LocalModel("tiny", LOAD, patience=Patience(ping_s=0.2, silence_s=3.0)) as model:
        expected = model.ask(_question(1), POINT).text
        pid = model.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ModelError, match=r"tiny \(lm\.gguf\) hung"):
            model.ask(_question(1), POINT)
        assert _gone(pid)
        assert model.ask(_question(1), POINT).text == expected


def test_a_long_answer_is_cancelled_and_the_same_worker_goes_on():
    heard: list[str] = []

    def hear(piece: str) -> None:
        heard.append(piece)
        if len(heard) == 5:
            canceller = threading.Thread(target=model.cancel)
            canceller.start()
            canceller.join()

    # one that is slow to let itself be cancelled would be killed
    with LocalModel("tiny", LOAD, patience=Patience(cancel_s=LONG_S)) as model:
        expected = model.ask(_question(1), POINT).text
        pid = model.pid
        with pytest.raises(StoppedError):
            model.ask(_question(2), ENDLESS, hear)
        assert len(heard) < 3000
        assert model.ask(_question(1), POINT).text == expected
        assert model.pid == pid


def test_a_kept_prompt_comes_back_in_the_same_worker(model):
    prompt = _question(4)
    assert model.see(prompt[:1]).image_tokens > 0
    model.save("screen")
    expected = model.ask(_question(5), POINT).text
    model.restore("screen")
    answer = model.ask(prompt, POINT)
    assert answer.timings.images_encoded == 0
    assert model.ask(_question(5), POINT).text == expected


PROGRAM = """
import sys
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking
from agents.runtime.prompt import Message
model = LocalModel("tiny", Load(0, sys.argv[1], threads=1))
said = []
def hear(piece):
    if not said:
        print(model.pid, flush=True)
    said.append(piece)
while True:
    model.ask((Message("user", ("click red",)),), Asking('root ::= "a" root', max_tokens=3000), hear)
"""


def test_a_program_that_is_killed_while_the_model_answers_leaves_no_worker():
    with subprocess.Popen([sys.executable, "-c", PROGRAM, LOAD.model], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        program.kill()
    _until(lambda: _gone(pid))
