"""Does a model work on this machine, and how fast: it is loaded, shown a picture, given a prompt and made to answer."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct

from agents.runtime.ports import Answer, Asking, Loaded, Model
from agents.runtime.prompt import Message, Picture, Prompt
from workbench.errors import StoppedError, UnavailableError, WorkbenchError

SCREEN = (1920, 1080)
"""The size of the picture that is looked at: what most screens have."""

QWEN_IMAGE_TOKENS = 1024
"""Qwen-VL models point badly with fewer tokens for a picture (llama.cpp, issue 16842)."""

SLOW_IMAGE_S = 120.0
SLOW_TOKENS_PER_S = 1.0
_ROOM = 512
_TIMEOUT_S = 900.0
_GRAMMAR = r'root ::= "{\"x\":" n ",\"y\":" n "}"' + "\nn ::= [0-9] | [1-9] [0-9] [0-9]?\n"
_SCHEMA = (
    '{"type":"object","properties":{"x":{"type":"integer","minimum":0,"maximum":999},'
    '"y":{"type":"integer","minimum":0,"maximum":999}},"required":["x","y"],"additionalProperties":false}'
)
_POINT_TOKENS = 64
_TEXTS = ("a window with a form", "a list of files")
_BROKEN = "its answer about a picture breaks the grammar: its files are damaged (NaN) or do not belong together"
_FORMLESS = (
    "the server does not hold answers to a form, and without that the model did not keep to it: "
    "use a server that knows GBNF or JSON schemas (llama-server, vLLM), or another model"
)
_SENTENCE = "The window has a list on its left and a form on its right; the button below saves what was written. "


class CheckReport(Struct, frozen=True):
    """What `models check --json` prints. `ok` means that there are no problems, which are sentences.

    Times are of one picture of a whole screen; `gpu` is None where all runs on the CPU or elsewhere.
    What an embedder cannot do took no time and 0 tokens.
    """

    name: str
    ok: bool
    load_ms: float = 0.0
    image_ms: float = 0.0
    image_tokens: int = 0
    prompt_tokens_per_s: float = 0.0
    generate_tokens_per_s: float = 0.0
    gpu: str | None = None
    context: int = 0
    problems: tuple[str, ...] = ()


class _Point(Struct, frozen=True, forbid_unknown_fields=True):
    """What `_GRAMMAR` and `_SCHEMA` let a model say."""

    x: Annotated[int, Meta(ge=0, le=999)]
    y: Annotated[int, Meta(ge=0, le=999)]


@dataclass
class _Findings:
    """What is known so far."""

    load_ms: float = 0.0
    image_ms: float = 0.0
    image_tokens: int = 0
    prompt_tokens_per_s: float = 0.0
    generate_tokens_per_s: float = 0.0
    gpu: str | None = None
    context: int = 0
    problems: list[str] = field(default_factory=list)

    def report(self, name: str) -> CheckReport:
        found = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return CheckReport(name, ok=not self.problems, **{**found, "problems": tuple(self.problems)})

    def attempt(self, work: "Callable[[Model, Loaded, _Findings], None]", model: Model, loaded: Loaded) -> None:
        """Do one part; what the model cannot do becomes a problem."""
        try:
            work(model, loaded, self)
        except StoppedError:
            raise
        except WorkbenchError as error:
            if str(error) not in self.problems:
                self.problems.append(str(error))


def check(model: Model, name: str) -> CheckReport:
    """Try everything that the workbench needs of a model; takes as long as a few questions.

    A model that was loaded to embed is given two texts, any other a picture, a long text and a question.

    What fails is a problem in the report, not an error; only `StoppedError` is raised, and `UnavailableError` where
    this machine cannot run it at all.
    """
    findings = _Findings()
    try:
        loaded = model.loaded
    except (StoppedError, UnavailableError):
        raise
    except WorkbenchError as error:
        findings.problems.append(str(error))
        return findings.report(name)
    findings.load_ms, findings.context, findings.gpu = round(loaded.load_ms, 1), loaded.context, loaded.gpu or None
    if loaded.problem:
        findings.problems.append(loaded.problem)
    for part in (_embed,) if loaded.embeds else (_look, _read, _write):
        findings.attempt(part, model, loaded)
    return findings.report(name)


def draw_screen(width: int, height: int, *, seed: int) -> Picture:
    """A picture like a screen: windows with title bars, lines of text and buttons; another one for each seed."""
    chance = np.random.default_rng(seed)
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = chance.integers(40, 220, 3)
    for _ in range(4):
        x, y = int(chance.integers(0, width * 2 // 3)), int(chance.integers(0, height * 2 // 3))
        _draw_window(pixels[y : y + height // 3, x : x + width // 3], chance)
    return Picture(pixels)


def _draw_window(area: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", chance: np.random.Generator) -> None:
    area[:] = 245
    area[:24] = chance.integers(60, 140, 3)
    for top in range(40, area.shape[0] - 40, 18):
        area[top : top + 8, 12 : 12 + int(chance.integers(20, max(area.shape[1] - 24, 21)))] = 60
    area[-32:-10, -90:-12] = chance.integers(0, 256, 3)


def _embed(model: Model, loaded: Loaded, findings: _Findings) -> None:  # noqa: ARG001 - every part takes the same
    vectors = model.embed(_TEXTS)
    if len(vectors) != len(_TEXTS) or not np.isfinite(vectors).all() or np.allclose(vectors[0], vectors[1]):
        findings.problems.append(
            "its vectors do not tell two texts apart: its files are damaged, or it is no embedding model; get another"
        )


def _look(model: Model, loaded: Loaded, findings: _Findings) -> None:
    if not loaded.sees:
        findings.problems.append(
            "it takes no pictures: add it again with its picture part, `models add NAME --model F.gguf --mmproj F.gguf`"
        )
        return
    prompt = _user(draw_screen(*SCREEN, seed=secrets.randbits(32)), "click red")
    needed = model.count(prompt)
    if needed + _ROOM > loaded.context:
        findings.problems.append(
            f"its context of {loaded.context} tokens is too small for one screenshot, which takes {needed} and "
            f"{_ROOM} for the rest; give it more context or fewer image tokens"
        )
        return
    answer = model.ask(prompt, Asking(_GRAMMAR, _SCHEMA, max_tokens=_POINT_TOKENS, timeout_s=_TIMEOUT_S))
    findings.image_ms = round(answer.timings.image_ms, 1)
    findings.image_tokens = answer.timings.image_tokens
    findings.problems += _seen_badly(answer, loaded)


def _seen_badly(answer: Answer, loaded: Loaded) -> Iterator[str]:
    tokens = answer.timings.image_tokens
    looking_s = (answer.timings.image_ms + answer.timings.prompt_ms) / 1000
    if not _is_point(answer.text):
        yield _FORMLESS if not answer.constrained else _BROKEN
    if tokens < QWEN_IMAGE_TOKENS and _is_qwen_vl(loaded.architecture):
        yield (
            f"it sees a screen with {tokens} image tokens; below {QWEN_IMAGE_TOKENS} Qwen-VL models point badly: "
            "raise its image_min_tokens"
        )
    if looking_s > SLOW_IMAGE_S:
        yield (
            f"unusably slow: looking at one screenshot took {looking_s:.0f} s; "
            "use a GPU, a smaller model or fewer image tokens"
        )


def _is_point(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=_Point)
    except (msgspec.MsgspecError, UnicodeEncodeError, RecursionError):
        return False
    return True


def _is_qwen_vl(architecture: str) -> bool:
    name = architecture.lower()
    return "qwen" in name and "vl" in name


def _read(model: Model, loaded: Loaded, findings: _Findings) -> None:
    """Measure how fast a text of at most a quarter of the context is read."""
    sentence = max(model.count(_user(_SENTENCE * 2)) - model.count(_user(_SENTENCE)), 1)
    repeated = max(min(512, loaded.context // 4) // sentence, 1)
    prompt = _user(f"{secrets.token_hex(4)} {_SENTENCE * repeated}")
    timings = model.ask(prompt, Asking(max_tokens=1, timeout_s=_TIMEOUT_S)).timings
    findings.prompt_tokens_per_s = _per_s(timings.prompt_tokens - timings.reused_tokens, timings.prompt_ms)


def _write(model: Model, loaded: Loaded, findings: _Findings) -> None:  # noqa: ARG001 - every part takes the same
    question = _user("Count from one to one hundred, in words.")
    answer = model.ask(question, Asking(max_tokens=64, timeout_s=_TIMEOUT_S))
    findings.generate_tokens_per_s = _per_s(answer.timings.answer_tokens, answer.timings.answer_ms)
    if not answer.text.strip("\x00 \n"):
        findings.problems.append("it answers nothing to a plain question: its files are damaged or no chat model's")
    elif findings.generate_tokens_per_s < SLOW_TOKENS_PER_S:
        findings.problems.append(
            f"unusably slow: it writes {findings.generate_tokens_per_s} tokens/s; use a GPU or a smaller model"
        )


def _user(*parts: str | Picture) -> Prompt:
    return (Message("user", parts),)


def _per_s(tokens: int, took_ms: float) -> float:
    return round(tokens * 1000 / took_ms, 1) if took_ms > 0 and tokens > 0 else 0.0
