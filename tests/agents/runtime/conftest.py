"""What tests of the runtime share: the tiny model, broken files, and a worker process spoken to over pipes."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from agents.runtime.messages import Answered, Load, Ready, Refused


def _sibling(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


TALKING = _sibling("talking")
Talk = TALKING.Talk


@pytest.fixture(scope="session")
def talking() -> ModuleType:
    """Short ways to write messages, and what talks to a worker."""
    return TALKING


@pytest.fixture(scope="session")
def gguf_files() -> ModuleType:
    """Writers of GGUF files that are broken in one way each."""
    return _sibling("gguf_files")


@pytest.fixture(scope="session")
def screens() -> ModuleType:
    """Drawer of screens with coloured buttons, as the tiny model was trained on."""
    return _sibling("screens")


@pytest.fixture(scope="session")
def tiny() -> Load:
    """How the tiny model is loaded; its number does not matter."""
    return TALKING.load(TALKING.TINY / "lm.gguf", TALKING.TINY / "mmproj.gguf")


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Callable[[], Talk]]:
    """Starts worker processes, and ends them with the test."""
    running: list[Talk] = []

    def start() -> Talk:
        running.append(Talk(tmp_path / f"worker{len(running)}.txt"))
        return running[-1]

    yield start
    for talk in running:
        talk.process.kill()
        talk.close()


@pytest.fixture
def worker(start_worker: Callable[[], Talk]) -> Talk:
    """A worker without a model."""
    return start_worker()


@pytest.fixture
def loaded(worker: Talk, tiny: Load) -> Talk:
    """A worker with the tiny model."""
    assert isinstance(worker.load(tiny), Ready)
    return worker


@pytest.fixture
def refused() -> Callable[..., Refused]:
    """Asserts that a reply refuses with all of these words in one line."""

    def check(reply: Any, *words: str, exit_code: int = 2) -> Refused:
        assert isinstance(reply, Refused), reply
        assert "\n" not in reply.text
        assert [word for word in words if word.lower() not in reply.text.lower()] == [], reply.text
        assert reply.exit_code == exit_code
        return reply

    return check


@pytest.fixture
def answers(screens: ModuleType) -> Callable[[Talk], bool]:
    """Whether a worker with the tiny model answers a question about a screen as it should."""

    def check(talk: Talk) -> bool:
        picture, _ = screens.draw(screens.Random(1))
        reply = talk.ask(TALKING.user(TALKING.image(np.asarray(picture)), "click red"), grammar=screens.GRAMMAR)
        return isinstance(reply, Answered) and reply.answer.text.startswith('{"x":')

    return check
