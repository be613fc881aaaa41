"""What an agent costs beside its model: time per step, tokens per step, and how much of a prompt a cache can serve.

The time is that of `workbench-cli run` on a real calculator with a model behind a server that answers at once, from its
answer to the next question: acting, verifying, logging, looking, listing and sending are all in it. Beside it stand a
replay of clicks on the same buttons and one walk over the accessible tree. Prompts are those of made-up tasks.
"""

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import _agent_tasks
import _random_model
import replaying

from agents.evaluation.playing import counted_by, estimated
from agents.memory.serialising import Count, Mode, render, text_of
from agents.planning.ports import Moment
from agents.prompts.planning import PlanningStyle, planning_prompt
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.models import built_in
from agents.runtime.models.registry import Entry, Registry
from agents.runtime.ports import Asking, Model
from agents.runtime.prompt import Prompt
from workbench.desktop.private import PrivateDesktop

SERVER = Path(__file__).resolve().parents[1] / "apps" / "obedient_model.py"
BUTTONS = replaying.BUTTONS
LENGTHS = (5, 15, 40)
ROUNDS = 2
CONTEXT = 16384
SMALL = _random_model.Size(
    vocabulary=1024, width=64, layers=2, heads=2, kv_heads=1, head_width=32, hidden=128, context=CONTEXT
)

Figure = dict[str, Any]


def measure() -> list[Figure]:
    """The figures; starts and ends a private desktop, a server and a model of its own."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as name:
        folder = Path(name)
        with _model(folder) as model:
            count = counted_by(model) if built_in.comes_along() else estimated
            tokens = [figure for steps in LENGTHS for figure in _tokens(steps, count)]
            served = [_served(model, mode) for mode in ("hierarchical", "flat")]
        return [*_times(folder), *tokens, *served]


def _times(folder: Path) -> list[Figure]:
    """What a step takes outside the model; the first run warms up."""
    with PrivateDesktop.start(replaying.SIZE) as desktop:
        desktop.launch("galculator")
        replaying._recorded(folder, desktop)
        replayed, _ = [replaying._replayed(folder, desktop) for _ in range(2)][-1]
        took = [step_ms for run in [_run(folder, desktop) for _ in range(1 + ROUNDS)][1:] for step_ms in run]
        walk_ms = _walk(desktop)
    replay_ms = statistics.median(step["elapsed_ms"] for step in replayed["steps"][1:])
    beside = f"{replay_ms:.0f} ms a replayed step, {walk_ms:.0f} ms one walk of the whole tree"
    return [
        _figure("a step outside the model, median", statistics.median(took), "ms", "<= 100", beside),
        _figure("the same, 90th percentile", statistics.quantiles(took, n=10)[-1], "ms", None),
    ]


def _run(folder: Path, desktop: PrivateDesktop) -> list[float]:
    """From each answer of the model to its next question, in milliseconds, without the first."""
    orders = [f"AGENT click {name}!" for name in BUTTONS]
    models = folder / "models"
    with _serving(orders) as (port, asked):
        Registry(models).add(
            Entry("at-once", kind="server", url=f"http://127.0.0.1:{port}", context=CONTEXT), replace=True
        )
        words = ["run", "click the buttons", "--model", "at-once", "--approve", "auto", "--exemplars", "none", "--json"]
        environment = desktop.environment() | {"WORKBENCH_MODELS": str(models)}
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli.main", *words, "--library", str(folder / "library")],
            env=environment,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"the run that is measured failed: {done.stdout[-600:]} {done.stderr.strip()[-300:]}")
    return [(after["came_ns"] - before["went_ns"]) / 1e6 for before, after in itertools.pairwise(asked)][1:]


@contextmanager
def _serving(orders: list[str]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The port of a model that obeys these orders at once; what it was asked is in the list afterwards."""
    asked: list[dict[str, Any]] = []
    with subprocess.Popen([sys.executable, str(SERVER), *orders], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline()), asked
        server.terminate()
        asked.extend(json.loads(line) for line in server.stdout)


def _walk(private: PrivateDesktop) -> float:
    """How long it takes to ask for every element of the application, median of five times, in milliseconds."""
    os.environ.update(private.environment())
    from workbench.desktop.opening import open_desktop

    with closing(open_desktop(private.display)) as desktop:
        assert desktop.accessibility is not None
        took = []
        for _ in range(5):
            start_s = time.perf_counter()
            sum(1 for _ in desktop.accessibility.walk("galculator"))
            took.append((time.perf_counter() - start_s) * 1000)
    return statistics.median(took)


def _tokens(steps: int, count: Count) -> list[Figure]:
    """Tokens per step, hierarchical against flat, of whole prompts and of what is remembered in them."""

    def whole(mode: Mode) -> float:
        return statistics.mean(count(_written(_prompt(moment, mode))) for moment in _agent_tasks.moments(steps))

    def part(mode: Mode) -> float:
        return statistics.mean(count(text_of(render(moment.memory, mode))) for moment in _agent_tasks.moments(steps))

    def published(mode: Mode) -> float:
        """With every observation as a whole screen, where it is remembered at all."""
        screens = _agent_tasks.remembered_screens(steps, mode)
        return whole(mode) + statistics.mean(sum(map(count, seen)) for seen in screens)

    return [
        _saved(f"prompt tokens per step saved on {steps} steps", whole, ">= 35" if steps >= 15 else None),
        _saved(f"of them those of the memory, {steps} steps", part, None),
        _saved(f"the same if whole screens were remembered, as HiAgent does, {steps} steps", published, None),
    ]


def _saved(name: str, cost: Callable[[Mode], float], goal: str | None) -> Figure:
    folded, flat = cost("hierarchical"), cost("flat")
    return _figure(name, 100 * (1 - folded / flat), "%", goal, f"{folded:.0f} against {flat:.0f} tokens flat")


def _prompt(moment: Moment, mode: Mode) -> Prompt:
    return planning_prompt(moment, PlanningStyle(mode))


def _written(prompt: Prompt) -> str:
    return "\n".join(str(part) for message in prompt for part in message.parts)


def _served(model: Model, mode: Mode) -> Figure:
    """Which share of a prompt's tokens was there from the step before, as the runtime itself counts."""
    shares = []
    for moment in _agent_tasks.moments(15):
        timings = model.ask(_prompt(moment, mode), Asking(max_tokens=1)).timings
        shares.append(100 * timings.reused_tokens / (timings.prompt_tokens or 1))
    return _figure(
        f"of a prompt served from the cache, {mode}, median of 15 steps", statistics.median(shares[1:]), "%", ">= 80"
    )


@contextmanager
def _model(folder: Path) -> Iterator[Model]:
    """The built-in model, or a small one of random weights whose letters are its tokens: shares are about the same."""
    if built_in.comes_along():
        path = built_in.built_in_file()
    else:
        path, _ = _random_model.write(folder, SMALL)
    with LocalModel("measured", Load(0, str(path), context=CONTEXT, threads=2, gpu_layers=0)) as model:
        yield model


def _figure(name: str, value: float, unit: str, goal: str | None, baseline: str | None = None) -> Figure:
    return {"name": name, "value": value, "unit": unit, "goal": goal, "baseline": baseline}
