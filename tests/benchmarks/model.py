"""What the worker process of a model costs beside llama-cpp-python in this process, and what it saves.

One model of 508 million random weights (q8_0) with a vision tower that makes 1 000 tokens of a 1280x800 picture, one
context at a time, two threads. Both sides answer the same prompts in turn.
"""

import gc
import statistics
import tempfile
import time
from pathlib import Path

import _random_model
import numpy as np
from llama_cpp import Llama

from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking
from agents.runtime.prompt import Message, Picture, Prompt

CONTEXT = 4096
THREADS = 2
ANSWER_TOKENS = 32
ROUNDS = 5
TINY = Path(__file__).resolve().parents[1] / "data" / "tiny_vlm"

Figure = dict[str, float | str | None]

_chance = np.random.default_rng(1)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="workbench-model-") as folder:
        model, mmproj = _random_model.write(Path(folder), _random_model.Size())
        with LocalModel("random", _load(model, mmproj)) as worker:
            figures = [*_speed(worker, model), *_images(worker)]
    return [*_per_request(), *figures]


def _load(model: Path, mmproj: Path) -> Load:
    return Load(0, str(model), str(mmproj), context=CONTEXT, threads=THREADS, gpu_layers=0)


def _speed(worker: LocalModel, model: Path) -> list[Figure]:
    """Tokens per second and whole requests: 120 fresh tokens of prompt, 32 of answer."""
    plain = Llama(str(model), n_ctx=CONTEXT, n_threads=THREADS, n_threads_batch=THREADS, verbose=False)
    ours_s, theirs_s, ours_rate, theirs_rate = [], [], [], []
    for _ in range(ROUNDS + 1):
        text = _words(60)
        begun = time.perf_counter()
        timings = worker.ask(_asked(text), Asking(max_tokens=ANSWER_TOKENS)).timings
        ours_s.append(time.perf_counter() - begun)
        ours_rate.append((timings.answer_tokens - 1) / timings.answer_ms * 1000)
        whole_s, rate = _plainly(plain, text)
        theirs_s.append(whole_s)
        theirs_rate.append(rate)
    plain.close()
    del plain
    gc.collect()
    ours, theirs = _middle(ours_s), _middle(theirs_s)
    return [
        _figure(
            "tokens/s against plain llama.cpp calls",
            100 * _middle(ours_rate) / _middle(theirs_rate),
            "%",
            ">= 97",
            f"{_middle(ours_rate):.1f} against {_middle(theirs_rate):.1f} tokens/s",
        ),
        _figure(
            "a request through the worker, more time",
            100 * (ours - theirs) / theirs,
            "%",
            "<= 3",
            f"{ours * 1000:.0f} against {theirs * 1000:.0f} ms",
        ),
    ]


def _plainly(plain: Llama, text: str) -> tuple[float, float]:
    """The same with llama-cpp-python in this process: seconds in all, and tokens per second after the first."""
    prompt = f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n".encode()
    begun = time.perf_counter()
    tokens = plain.tokenize(prompt, add_bos=False, special=True)
    plain.reset()
    arrived = []
    for _, _token in zip(range(ANSWER_TOKENS), plain.generate(tokens, temp=0.0, top_k=1), strict=False):
        arrived.append(time.perf_counter())
    return arrived[-1] - begun, (len(arrived) - 1) / (arrived[-1] - arrived[0])


def _images(worker: LocalModel) -> list[Figure]:
    """What is saved where the beginning of a prompt, or its picture, is the same as before."""
    documentation = _words(300)
    full_s, second_s, step_s, afresh_s = [], [], [], []
    for _ in range(3):
        screen, later = _screen(), _screen()
        full_s.append(_timed(worker, _looking(documentation, screen, _words(10))))
        second_s.append(_timed(worker, _looking(documentation, screen, _words(10))))
        step_s.append(_timed(worker, _looking(documentation, later, _words(10))))
        afresh_s.append(_timed(worker, _looking(_words(300), _screen(), _words(10))))
    return [
        _figure(
            "second question about the same picture, faster",
            _middle(full_s) / _middle(second_s),
            "times",
            ">= 10",
            f"{_middle(second_s) * 1000:.0f} against {_middle(full_s) * 1000:.0f} ms for a full evaluation",
        ),
        _figure(
            "next step with a new picture, faster",
            _middle(afresh_s) / _middle(step_s),
            "times",
            None,
            f"{_middle(step_s):.2f} against {_middle(afresh_s):.2f} s without reuse",
        ),
    ]


def _per_request() -> list[Figure]:
    """What a request costs beyond the model's own time, on a model that answers in milliseconds."""
    with LocalModel("tiny", _load(TINY / "lm.gguf", TINY / "mmproj.gguf")) as worker:
        over_ms = []
        for number in range(200):
            screen = Picture(_chance.integers(0, 255, (128, 192, 3), np.uint8))
            begun = time.perf_counter()
            timings = worker.ask(_looking("", screen, f"click {number}"), Asking(max_tokens=4)).timings
            spent_ms = (time.perf_counter() - begun) * 1000
            over_ms.append(spent_ms - timings.image_ms - timings.prompt_ms - timings.answer_ms)
    return [
        _figure("a request through the worker, beyond the model's own time", statistics.median(over_ms), "ms", "<= 5")
    ]


def _figure(name: str, value: float, unit: str, goal: str | None, baseline: str | None = None) -> Figure:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}


def _timed(worker: LocalModel, prompt: Prompt) -> float:
    begun = time.perf_counter()
    worker.ask(prompt, Asking(max_tokens=1))
    return time.perf_counter() - begun


def _middle(seconds: list[float]) -> float:
    """The median without the first, which warms up."""
    return statistics.median(seconds[1:] or seconds)


def _words(count: int) -> str:
    return " ".join(f"w{number}" for number in _chance.integers(0, 9, count))


def _asked(text: str) -> Prompt:
    return (Message("user", (text,)),)


def _looking(documentation: str, screen: Picture, question: str) -> Prompt:
    return (Message("system", (documentation,)), Message("user", (screen, question)))


def _screen() -> Picture:
    return Picture(np.repeat(np.repeat(_chance.integers(0, 255, (50, 80, 3), np.uint8), 16, 0), 16, 1))
