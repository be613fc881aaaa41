"""The client of the worker process, against a scripted worker that fails in every way there is."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from agents.runtime.awaiting import Patience
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking, ModelError, stopped
from agents.runtime.prompt import Message, Picture, Prompt
from workbench.errors import BadInputError, StoppedError, UnavailableError, WorkbenchError

SCRIPTED = (sys.executable, str(Path(__file__).with_name("scripted_worker.py")))
LONG_S = 20.0
CALM = Patience(ping_s=0.1, silence_s=LONG_S, start_s=LONG_S, cancel_s=LONG_S)
"""A worker that the machine keeps waiting for a moment is none that hangs or is deaf."""
KILLS = Patience(ping_s=0.1, silence_s=LONG_S, start_s=LONG_S, cancel_s=0.3)
"""For workers that do not let themselves be cancelled."""
SILENCE_S = 2.0
HASTY = Patience(ping_s=0.1, silence_s=SILENCE_S, start_s=LONG_S)
"""For workers that hang."""


def _ask(*parts: str | Picture) -> Prompt:
    return (Message("user", parts),)


def _until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < end_s, "it never came true"
        time.sleep(0.01)


def _gone(pid: int) -> bool:
    """Not even a zombie is left."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _picture(seed: int) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (5, 7, 3), np.uint8))


def _new(file: str = "tiny.gguf", patience: Patience = CALM) -> LocalModel:
    return LocalModel("tiny", Load(0, f"models/{file}"), patience=patience, command=SCRIPTED)


@pytest.fixture
def model(request: pytest.FixtureRequest) -> Iterator[LocalModel]:
    """A model whose worker is given all the time that it needs, unless the test says another patience."""
    with _new(patience=getattr(request, "param", CALM)) as model:
        yield model


hasty = pytest.mark.parametrize("model", [HASTY], indirect=True, ids=["hasty"])
kills = pytest.mark.parametrize("model", [KILLS], indirect=True, ids=["kills"])


def test_an_answer_comes_in_pieces_and_then_whole(model):
    heard: list[str] = []
    assert model.ask(_ask("say hello"), heard=heard.append).text == "hello"
    assert heard == list("hello")
    assert model.loaded.architecture == "scripted"


def test_a_model_is_loaded_at_its_first_use_and_once(model):
    assert model.pid is None
    assert model.loaded.context == 4096
    pid = model.pid
    assert model.count(_ask("four")) == 4
    assert model.pid == pid


def test_pixels_are_sent_once_and_again_only_when_the_worker_lost_them(model):
    first, second = _picture(1), _picture(2)
    sent = [model.ask(_ask("say a", *pictures)).timings.image_tokens for pictures in [(first,), (first, second)]]
    assert sent == [5 * 7 * 3, 5 * 7 * 3]
    assert model.ask(_ask("say b", second, first, second)).timings.image_tokens == 0
    model.ask(_ask("lose the pictures"))
    assert model.ask(_ask("say c", first, second, first)).timings.image_tokens == 2 * 5 * 7 * 3


def test_pixels_are_sent_again_to_a_fresh_worker(model):
    model.see(_ask("say a", _picture(1)))
    with pytest.raises(ModelError):
        model.ask(_ask("die SIGKILL"))
    assert model.ask(_ask("say a", _picture(1))).timings.image_tokens == 5 * 7 * 3


@pytest.mark.parametrize("slice_", [np.s_[::2, ::-1], np.s_[1:3, 2:4]])
def test_pixels_that_do_not_lie_together_are_sent_as_they_look(model, slice_):
    view = Picture(_picture(1).pixels[slice_])
    assert model.ask(_ask("say a", view)).timings.image_tokens == view.pixels.size


@pytest.mark.parametrize(
    ("code", "kind"), [(1, ModelError), (2, BadInputError), (3, StoppedError), (4, UnavailableError), (9, ModelError)]
)
def test_a_refusal_becomes_the_error_of_its_exit_code(model, code, kind):
    with pytest.raises(WorkbenchError, match="no, not this") as caught:
        model.ask(_ask(f"refuse {code}"))
    assert type(caught.value) is kind


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT", "SIGTERM", "SIGBUS", "SIGILL", "SIGFPE"])
def test_a_death_is_one_line_that_names_signal_model_file_and_reason_but_no_prompt(model, name):
    model.ask(_ask("say a"))
    with pytest.raises(ModelError) as caught:
        model.ask(_ask(f"die {name} swordfish"))
    text = str(caught.value)
    assert all(word in text for word in (name, "tiny", "tiny.gguf", "GGML_ASSERT(it fits) failed", "ask again"[:3]))
    assert "\n" not in text
    assert "swordfish" not in text
    assert model.ask(_ask("say b")).text == "b"


@pytest.mark.parametrize("code", [0, 3])
def test_a_worker_that_ends_by_itself_is_one_line_too(model, code):
    with pytest.raises(ModelError, match=rf"tiny\.gguf.* exit code {code};"):
        model.ask(_ask(f"exit {code}"))
    assert model.ask(_ask("say b")).text == "b"


@pytest.mark.parametrize("file", ["stand.gguf", "die SIGKILL.gguf", "die SIGABRT.gguf", "exit 1.gguf"])
def test_a_death_while_loading_says_so_and_leaves_nothing(file):
    patience = Patience(ping_s=0.1, silence_s=0.5, start_s=0.5 if file == "stand.gguf" else 20.0)
    with _new(file, patience) as model:
        with pytest.raises(ModelError, match="while loading"):
            model.ask(_ask("say a"))
        assert model.pid is None


def test_a_file_that_is_refused_leaves_no_process_and_can_be_tried_again():
    with _new("broken.gguf") as model:
        for _ in range(2):
            with pytest.raises(BadInputError, match=r"broken\.gguf is cut short"):
                _ = model.loaded
            assert model.pid is None


def test_a_worker_that_died_between_questions_is_replaced_unnoticed(model):
    model.ask(_ask("say a"))
    pid = model.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    _until(lambda: model.pid is None)
    assert model.ask(_ask("say b")).text == "b"
    assert _gone(pid)


@hasty
def test_a_worker_that_hangs_is_ended_and_replaced(model):
    model.ask(_ask("say a"))
    pid = model.pid
    with pytest.raises(ModelError, match=rf"tiny\.gguf.* hung: it gave no sign of life for {SILENCE_S:g} s"):
        model.ask(_ask("stand"))
    assert pid is not None
    assert _gone(pid)
    assert model.ask(_ask("say b")).text == "b"


@hasty
def test_a_worker_that_hangs_while_a_large_picture_is_sent_to_it_blocks_nobody(model):
    model.ask(_ask("say a"))
    os.kill(model.pid, signal.SIGSTOP)
    large = Picture(np.zeros((1000, 1000, 3), np.uint8))
    with pytest.raises(ModelError, match="hung"):
        model.ask(_ask("say a", large))
    assert model.ask(_ask("say b", large)).text == "b"


def test_a_worker_that_works_long_but_answers_pings_is_left_alone():
    with _new(patience=Patience(ping_s=0.1, silence_s=SILENCE_S, start_s=LONG_S, cancel_s=LONG_S)) as model:
        model.ask(_ask("say a"))
        pid = model.pid
        timer = threading.Timer(1.5 * SILENCE_S, model.cancel)
        with pytest.raises(StoppedError):
            model.ask(_ask("wait"), heard=lambda _: timer.start())
        timer.join()
        assert model.pid == pid


@pytest.mark.parametrize(
    "how", ["babble 74657374206f75747075740a0a", "babble 02000000c1c1", "babble ffffffff00", "shut", "other", "kind"]
)
def test_nonsense_is_one_error_and_the_next_question_works(model, how):
    with pytest.raises(ModelError, match=r"process of model tiny \(tiny\.gguf\).*; ask again"):
        model.ask(_ask(how))
    assert model.ask(_ask("say b")).text == "b"


def test_a_question_is_cancelled_from_another_thread_and_the_worker_goes_on(model):
    model.ask(_ask("say a"))
    pid = model.pid
    with pytest.raises(StoppedError):
        model.ask(_ask("wait"), heard=lambda _: threading.Thread(target=model.cancel).start())
    assert model.ask(_ask("say b")).text == "b"
    assert model.pid == pid


@kills
def test_a_question_that_does_not_let_itself_be_cancelled_is_killed(model):
    model.ask(_ask("say a"))
    pid = model.pid
    with pytest.raises(StoppedError):
        model.ask(_ask("deaf"), heard=lambda _: model.cancel())
    assert _gone(pid)
    assert model.ask(_ask("say b")).text == "b"


def test_a_model_is_cancelled_while_it_loads():
    with _new("deaf.gguf", KILLS) as model:
        with pytest.raises(StoppedError):
            model.ask(_ask("say a"), heard=lambda _: threading.Thread(target=model.cancel).start())
        assert model.pid is None


def test_cancelling_nothing_does_nothing(model):
    model.cancel()
    assert model.ask(_ask("say a")).text == "a"
    model.cancel()
    assert model.ask(_ask("say b")).text == "b"


@kills
@pytest.mark.parametrize("how", ["wait", "deaf"])
def test_an_answer_that_takes_too_long_is_ended(model, how):
    model.ask(_ask("say a"))
    with pytest.raises(ModelError, match=r"^the model gave no complete answer in time; "):
        model.ask(_ask(how), Asking(timeout_s=0.2))
    assert model.ask(_ask("say b")).text == "b"


def test_callers_at_once_each_get_their_own_answer(model):
    answers: dict[int, list[str]] = {}

    def call(who: int) -> None:
        answers[who] = [model.ask(_ask(f"drip {who}-{turn}")).text for turn in range(10)]

    threads = [threading.Thread(target=call, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {who: [f"{who}-{turn}" for turn in range(10)] for who in range(4)}


@kills
@pytest.mark.parametrize("how", ["wait", "deaf", "drip abcdef"])
def test_an_error_of_whoever_hears_comes_through_and_the_model_goes_on(model, how):
    def heard(_: str) -> None:
        raise KeyError("of my own")

    with pytest.raises(KeyError, match="of my own"):
        model.ask(_ask(how), heard=heard)
    assert model.ask(_ask("say b")).text == "b"


def test_ctrl_c_ends_the_question_and_the_model_goes_on(model):
    main = threading.main_thread().ident
    assert main is not None
    with pytest.raises(KeyboardInterrupt):
        model.ask(
            _ask("wait"),
            heard=lambda _: threading.Timer(0.1, signal.pthread_kill, (main, signal.SIGINT)).start(),
        )
    assert model.ask(_ask("say b")).text == "b"


def test_asking_from_within_what_hears_is_refused_instead_of_waiting_for_ever(model):
    with pytest.raises(ValueError, match="from within"):
        model.ask(_ask("say a"), heard=lambda _: model.close())
    assert model.ask(_ask("say b")).text == "b"


def test_prompts_are_kept_by_name_until_the_worker_is_gone(model):
    model.see(_ask("say a"))
    model.save("head")
    model.restore("head")
    with pytest.raises(ModelError):
        model.ask(_ask("exit 1"))
    with pytest.raises(BadInputError, match="head"):
        model.restore("head")


def test_vectors_come_as_rows(model):
    assert model.embed(["a", "b \ud800"]).tolist() == [[1.0], [1.0]]
    assert model.embed([]).shape == (0, 0)


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2), np.uint8), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 2, 3), np.uint8), np.zeros((2, 2, 3))],
)
def test_what_is_no_picture_is_refused_before_it_is_sent(model, pixels):
    with pytest.raises(BadInputError, match="a picture for a model"):
        model.ask(_ask("say a", Picture(pixels)))


def test_text_that_is_no_unicode_does_not_stop_anything(model):
    assert model.ask(_ask("say a\udcffb")).text == "a?b"
    with pytest.raises(BadInputError, match="Unicode"):
        model.ask(_ask("say a"), Asking(stop=("\ud800",)))
    assert model.ask(_ask("say b")).text == "b"


def test_a_process_that_cannot_be_started_says_so():
    with (
        LocalModel("tiny", Load(0, "tiny.gguf"), command=("/nonexistent/python",)) as model,
        pytest.raises(UnavailableError, match="cannot start the model's process"),
    ):
        model.ask(_ask("say a"))


def test_a_process_that_gets_no_threads_is_ended_and_says_so(monkeypatch):
    begun: list[subprocess.Popen[bytes]] = []

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    def spawn(command: list[str], **how: object) -> "subprocess.Popen[bytes]":
        begun.append(popen(command, **how))  # type: ignore[call-overload]  # what it was given
        return begun[0]

    popen = subprocess.Popen
    with LocalModel("tiny", Load(0, "tiny.gguf"), command=SCRIPTED) as model, monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", spawn)
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(UnavailableError, match="can't start new thread; free some memory"):
            model.ask(_ask("say a"))
    assert begun[0].returncode is not None
    for pipe in (begun[0].stdin, begun[0].stdout, begun[0].stderr):
        assert pipe is not None
        pipe.close()


def test_the_worker_has_a_session_of_its_own_and_prints_no_backtraces(model):
    assert model.ask(_ask("surroundings")).text == "True 1"


def test_closing_leaves_no_process_thread_or_descriptor_and_may_be_repeated():
    def count() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    _new().close()
    gc.collect()
    before = count()
    with _new(patience=HASTY) as model:
        for how in (
            "say a",
            "die SIGKILL",
            "say a",
            "die SIGABRT",
            "babble 74657374",
            "say a",
            "shut",
            "stand",
            "say a",
        ):
            try:
                model.ask(_ask(how))
            except ModelError:
                continue
        pid = model.pid
    model.close()
    assert pid is not None
    assert _gone(pid)
    _until(lambda: count() == before)


def test_closing_stops_the_question_of_another_thread():
    caught: list[BaseException] = []
    model, waits = _new(), threading.Event()

    def ask() -> None:
        try:
            model.ask(_ask("wait"), heard=lambda _: waits.set())
        except StoppedError as error:
            caught.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert waits.wait(LONG_S)
    model.close()
    thread.join()
    assert len(caught) == 1
    assert model.pid is None


def test_closing_lets_those_go_that_wait_for_their_turn():
    outcomes: list[str] = []
    model, waits, queued = _new(), threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(StoppedError):
            model.ask(_ask("wait"), heard=lambda _: (waits.set(), queued.wait(LONG_S)))

    def second() -> None:
        try:
            outcomes.append(model.ask(_ask("say b")).text)
        except StoppedError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=work) for work in (first, second)]
    threads[0].start()
    assert waits.wait(LONG_S)
    threads[1].start()
    _until(lambda: _is_in(threads[1], "_alone"))
    closer = threading.Thread(target=model.close)
    closer.start()
    _until(lambda: _is_in(closer, "_alone"))
    queued.set()
    for thread in (*threads, closer):
        thread.join(LONG_S)
    assert outcomes == [str(stopped())]
    assert model.pid is None
    assert model.ask(_ask("say c")).text == "c"
    model.close()


def _is_in(thread: threading.Thread, function: str) -> bool:
    """Whether the thread is at work in a function of that name."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_name == function


def test_one_that_waits_its_turn_is_not_touched_when_the_one_before_is_cancelled(model):
    answers: list[str] = []
    waiting = threading.Thread(target=lambda: answers.append(model.ask(_ask("say b")).text))

    def cancel_when_both_ask(_: str) -> None:
        waiting.start()
        _until(lambda: _is_in(waiting, "_alone"))
        model.cancel()

    with pytest.raises(StoppedError) as caught:
        model.ask(_ask("wait"), heard=cancel_when_both_ask)
    waiting.join(LONG_S)
    assert (str(caught.value), answers) == (str(stopped()), ["b"])


def test_a_model_that_takes_too_long_to_load_says_so():
    with _new("deaf.gguf", Patience(load_s=0.2, cancel_s=0.1)) as model:
        with pytest.raises(ModelError, match=r"while loading took longer than 0\.2 s and was stopped; "):
            model.ask(_ask("say a"))
        assert model.pid is None


def test_a_model_that_is_dropped_leaves_no_process():
    model = _new()
    model.ask(_ask("say a"))
    pid = model.pid
    assert pid is not None
    del model
    gc.collect()
    _until(lambda: _gone(pid))


PROGRAM = """
import sys
from agents.runtime.awaiting import Patience
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.prompt import Message
patience = Patience(ping_s=0.1, silence_s=float(sys.argv[4]))
model = LocalModel("tiny", Load(0, "tiny.gguf"), patience=patience, command=sys.argv[1:3])
model.ask((Message("user", ("say a",)),))
print(model.pid, "llama_cpp" in sys.modules, flush=True)
print(model.ask((Message("user", (sys.argv[3],)),)).text, flush=True)
"""


def _program(question: str, silence_s: float = LONG_S) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, *SCRIPTED, question, str(silence_s)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _first_pid(program: "subprocess.Popen[str]") -> int:
    assert program.stdout is not None
    return int(program.stdout.readline().split()[0])


def test_a_program_that_ends_without_closing_leaves_no_process_and_says_nothing():
    with _program("say b") as program:
        out, err = program.communicate(timeout=LONG_S)
    pid, loaded_llama, answer = out.split()
    assert (program.returncode, err, loaded_llama, answer) == (0, "", "False", "b")
    _until(lambda: _gone(int(pid)))


def test_a_program_that_is_killed_leaves_no_process():
    with _program("wait") as program:
        pid = _first_pid(program)
        program.kill()
    _until(lambda: _gone(pid))


def test_a_program_that_was_paused_itself_does_not_take_its_worker_for_dead():
    with _program(f"rest {3 * SILENCE_S}", SILENCE_S) as program:
        _first_pid(program)
        program.send_signal(signal.SIGSTOP)
        time.sleep(1.5 * SILENCE_S)
        program.send_signal(signal.SIGCONT)
        out, err = program.communicate(timeout=LONG_S)
    assert (program.returncode, out.strip(), err) == (0, "rested", "")
