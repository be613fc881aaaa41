"""A room with a run that goes on for real: a private desktop, an application, and a model with a script."""

from contextlib import ExitStack
from types import SimpleNamespace

import planned_model
import pytest

from agents.runtime.models.registry import Entry, Registry

BEGINS_S = 60.0


@pytest.fixture
def script():
    """What a model may say."""
    step = planned_model.step
    return SimpleNamespace(
        step=step,
        seven=step("click", {"subgoal": {"begin": "enter the number"}}, target="the 7 button"),
        six=step("click", target="button 6"),
        finish=step("finish", {"subgoal": {"met": "the number is there"}}, answer="7"),
    )


@pytest.fixture
def mind(tmp_path, monkeypatch):
    """Serve a model that gives these answers, as the one that plans."""
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))
    with ExitStack() as stack:

        def serve(*answers):
            model = stack.enter_context(planned_model.serving(answers))
            entry = Entry("planned", kind="server", url=model.url, roles=("planner",))
            Registry(tmp_path / "models").add(entry, replace=True)
            return model

        yield serve


@pytest.fixture
def room(core, mind, shown, until):
    """The room, shown; whatever runs in it at the end is stopped."""
    from ui.qt.run.room import RunRoom

    made = shown(RunRoom(core), 1240, 780)
    until(lambda: made.brief.wish.model)
    yield made
    made.helm.stop()
    until(lambda: not made.helm.running, within_s=BEGINS_S)
    made.bar.hide()
    idle = []
    core.tasks.with_library(lambda library: library.path, idle.append)
    until(lambda: idle)
