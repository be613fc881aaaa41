"""What is done with a model that runs, for the command line and the window: check it, calibrate it, ask it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import BadInputError

if TYPE_CHECKING:
    from agents.runtime.checking import CheckReport
    from agents.runtime.models.registry import Registry
    from agents.runtime.pointing.calibrating import Calibration, Profile
    from agents.runtime.ports import Answer, Heard, Model
    from agents.runtime.prompt import Prompt


@dataclass(frozen=True)
class Question:
    """What a model is asked about some pictures, and the longest answer in tokens."""

    text: str
    images: tuple[Path, ...] = ()
    max_tokens: int = 512


@dataclass(frozen=True)
class Calibrated:
    """What calibrating found out and where its picture is."""

    profile: "Profile"
    picture: Path


@contextlib.contextmanager
def opened(name: str, say: Callable[[str], None]) -> "Iterator[Model]":
    """The model, closed afterwards, also when a person ends it; `say` hears what is sent off this machine."""
    from agents.runtime.models.opening import open_model

    model = open_model(name, sign=lambda site, size: say(f"sending {max(size // 1000, 1)} kB to {site}"))
    try:
        yield model
    finally:
        model.close()


def calibrated(model: "Model", name: str, registry: "Registry", progress: Callable[[int, int], None]) -> Calibrated:
    """Find out how the model counts and keep that; raises `BadInputError` for one that takes no pictures."""
    from agents.runtime.models.families import family
    from agents.runtime.pointing.calibrating import calibrate

    registry.check_writable(name)
    if not model.loaded.sees:
        raise _blind(name)
    found = calibrate(model, family(registry.get(name).family).pointing, progress=progress)
    return Calibrated(_keep(found, name, registry), registry.keep_picture(name, found.png))


def asked(model: "Model", name: str, question: Question, heard: "Heard | None" = None) -> "Answer":
    """The model's answer; raises `BadInputError` for an empty question and pictures that it cannot look at."""
    from agents.runtime.ports import Asking

    prompt = prompt_of(question)
    if question.images and not model.loaded.sees:
        raise _blind(name)
    return model.ask(prompt, Asking(max_tokens=question.max_tokens), heard)


def prompt_of(question: Question) -> "Prompt":
    """The question as a model is asked it; raises `BadInputError` where it is empty or a file is no picture."""
    from agents.runtime.models.picture_file import read_picture
    from agents.runtime.prompt import Message

    if not question.text.strip():
        raise BadInputError("the question is empty; write it in quotes behind the options")
    return (Message("user", (*map(read_picture, question.images), question.text)),)


def shown(text: str) -> str:
    """A model's words without anything that could steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)


def report_text(report: "CheckReport") -> str:
    """The report of a check as lines."""
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


def _blind(name: str) -> BadInputError:
    return BadInputError(
        f"the model “{name}” takes no pictures; add it again with its mmproj: "
        f"`workbench-cli models add {name} --model F --mmproj F --replace`"
    )


def _keep(found: "Calibration", name: str, registry: "Registry") -> "Profile":
    """Keep the profile; returns the profile with what only the registry knows of the model."""
    from msgspec.structs import replace

    entry = registry.get(name)
    size_bytes = registry.files(entry)[0].stat().st_size if entry.kind == "local" else 0
    profile = replace(found.profile, model=name, size_bytes=size_bytes)
    registry.keep_profile(name, profile)
    return profile
