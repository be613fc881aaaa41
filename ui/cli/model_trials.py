"""What `workbench-cli models` does with a model that runs: checks it, calibrates it, asks it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.cli.console import Console, one_line
from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.checking import CheckReport
    from agents.runtime.models.registry import Registry
    from agents.runtime.pointing.calibrating import Calibration, Profile
    from agents.runtime.ports import Model
    from agents.runtime.prompt import Prompt


@dataclass(frozen=True)
class Question:
    """What a model is asked about some pictures, and the longest answer in tokens."""

    text: str
    images: tuple[Path, ...]
    max_tokens: int


def check_model(name: str, console: Console) -> int:
    """Print what works and how fast; exit code 1 where something does not."""
    from msgspec.structs import replace

    from agents.runtime.checking import check

    with _opened(name, console) as model:
        report = check(model, name)
    gpu = shown(report.gpu) if report.gpu else None
    report = replace(report, gpu=gpu, problems=tuple(map(one_line, report.problems)))
    console.data(report, _report_text(report))
    return 0 if report.ok else 1


def calibrate_model(name: str, console: Console) -> int:
    """Find out how the model counts and keep that; exit code 1 where nothing explains its answers."""
    from agents.runtime.models.families import family
    from agents.runtime.models.registry import Registry
    from agents.runtime.pointing.calibrating import calibrate, table

    registry = Registry.usual()
    entry = registry.get(name)
    registry.check_writable(name)
    with _opened(name, console) as model:
        if not model.loaded.sees:
            raise _blind(name)
        found = calibrate(model, family(entry.family).pointing, progress=_progress(console))
    profile = _keep(found, name, registry)
    picture = registry.keep_picture(name, found.png)
    console.data({"profile": profile, "picture": str(picture)}, f"{table(profile)}\n\nhits and misses: {picture}")
    return 0 if profile.convention else 1


def try_model(name: str, question: Question, console: Console) -> int:
    """Ask, and print the answer alone as it comes."""
    from agents.runtime.ports import Asking

    prompt = _prompt(question)
    with _opened(name, console) as model:
        if question.images and not model.loaded.sees:
            raise _blind(name)
        heard = None if console.json else _printing(console)
        answer = model.ask(prompt, Asking(max_tokens=question.max_tokens), heard)
    if console.json:
        console.data({"name": name, "answer": shown(answer.text), "finish": answer.finish, "timings": answer.timings})
    else:
        console.piece("\n")
    if answer.finish == "length":
        console.say(_cut_off(name, answer.timings.answer_tokens, question.max_tokens))
    return 0


def _cut_off(name: str, tokens: int, most: int) -> str:
    """Why an answer ended early, and what gives it more room."""
    if tokens >= most or not tokens:  # some servers do not count
        return f"the answer was cut off after {tokens} tokens; --max-tokens gives it more"
    return (
        f"the answer was cut off after {tokens} tokens: the context of “{name}” is full; "
        "ask for less, or add it again with more --context and --replace"
    )


def shown(text: str) -> str:
    """A model's words without anything that could steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


@contextlib.contextmanager
def _opened(name: str, console: Console) -> "Iterator[Model]":
    """The model, closed afterwards, also when a person ends it."""
    from agents.runtime.models.opening import open_model

    model = open_model(name, sign=lambda site, size: console.say(f"sending {max(size // 1000, 1)} kB to {site}"))
    try:
        yield model
    finally:
        model.close()


def _prompt(question: Question) -> "Prompt":
    from agents.runtime.models.picture_file import read_picture
    from agents.runtime.prompt import Message

    if not question.text.strip():
        raise BadInputError("the question is empty; write it in quotes behind the options")
    return (Message("user", (*map(read_picture, question.images), question.text)),)


def _printing(console: Console) -> Callable[[str], None]:
    return lambda piece: console.piece(shown(piece))


def _blind(name: str) -> BadInputError:
    return BadInputError(
        f"the model “{name}” takes no pictures; add it again with its mmproj: "
        f"`workbench-cli models add {name} --model F --mmproj F --replace`"
    )


def _progress(console: Console) -> Callable[[int, int], None]:
    """Says every quarter of the way."""

    def tell(done: int, of: int) -> None:
        if done * 4 // of > (done - 1) * 4 // of:
            console.say(f"{done} of {of} questions answered")

    return tell


def _keep(found: "Calibration", name: str, registry: "Registry") -> "Profile":
    """Keep the profile; returns the profile with what only the registry knows of the model."""
    from msgspec.structs import replace

    entry = registry.get(name)
    size_bytes = registry.files(entry)[0].stat().st_size if entry.kind == "local" else 0
    profile = replace(found.profile, model=name, size_bytes=size_bytes)
    registry.keep_profile(name, profile)
    return profile


def _report_text(report: "CheckReport") -> str:
    measured = [
        (report.load_ms, f"load      {report.load_ms:.0f} ms"),
        (report.image_tokens, f"picture   {report.image_ms:.0f} ms, {report.image_tokens} tokens"),
        (report.prompt_tokens_per_s, f"prompt    {report.prompt_tokens_per_s:.0f} tokens/s"),
        (report.generate_tokens_per_s, f"answer    {report.generate_tokens_per_s:.0f} tokens/s"),
        (report.context, f"context   {report.context} tokens"),
        (report.context, f"GPU       {report.gpu or 'none'}"),
    ]
    lines = [line for figure, line in measured if figure]
    problems = [f"problem   {problem}" for problem in report.problems]
    return "\n".join([*lines, *problems, f"{report.name} {'works' if report.ok else 'does not work as it should'}"])
