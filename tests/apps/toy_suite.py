"""A suite without a desktop, and those who play it: what comes of an episode is known from its task, seed and actor.

`WORKBENCH_TOY` is a folder: a line in `played` there tells of every episode, whichever process played it, and files
with the names of tasks there make trouble with these tasks.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agents.evaluation.harness.casting import Casting
from agents.evaluation.harness.conditions import Condition
from agents.evaluation.suites import Acted, Actor, Assignment, Limits, Score, StageOptions
from workbench.errors import BadInputError, UnavailableError

TASKS = ("easy", "even", "odd", "helped", "hard")
CASTING = Casting("toy_suite:Toy", actors="toy_suite:Doers")


def folder() -> Path:
    return Path(os.environ["WORKBENCH_TOY"])


def played() -> list[str]:
    """The lines of all episodes that were played, in the order in which they were."""
    return (folder() / "played").read_text("utf-8").splitlines() if (folder() / "played").exists() else []


def trouble(task: str) -> str:
    """The trouble that is made with the task now; another process may take it away at any moment."""
    with suppress(FileNotFoundError):
        return (folder() / task).read_text()
    return ""


@dataclass(frozen=True)
class Toy:
    name: str = "toy"

    def tasks(self) -> tuple[str, ...]:
        return TASKS

    @contextmanager
    def open(self, options: StageOptions = StageOptions()) -> Iterator["ToyStage"]:  # noqa: B008 - frozen
        if (folder() / "no-stage").exists():
            raise UnavailableError("there is no stage; build one")
        opened = folder() / f"open-{os.getpid()}"
        opened.touch()
        try:
            yield ToyStage()
        finally:
            opened.unlink()


@dataclass
class ToyStage:
    def play(self, task: str, seed: int, actor: Actor, limits: Limits) -> Score:
        if task not in TASKS:
            raise BadInputError(f"there is no task {task}")
        if trouble(task) == "unavailable":
            raise UnavailableError(f"{task} cannot be played")
        if trouble(task) == "dies":
            with suppress(FileNotFoundError):  # of two processes that come to it only one takes it away, and dies
                (folder() / task).unlink()
                os._exit(7)
        with (folder() / "played").open("a") as lines:
            lines.write(f"{os.getpid()} {task} {seed}\n")
        while trouble(task) == "hangs":
            time.sleep(0.02)
        acted = actor.act(Assignment(json.dumps([task, seed]), {}, limits, lambda: False))
        success = acted.reason == "solved"
        return Score(
            task, seed, f"do {task}", float(success), success, acted.steps, 0.5, "task", tokens=acted.tokens, asked=0
        )


@dataclass(frozen=True)
class Doer:
    condition: Condition

    def act(self, assignment: Assignment) -> Acted:
        task, seed = json.loads(assignment.task)
        solved = {
            "easy": True,
            "even": seed % 2 == 0,
            "odd": seed % 2 == 1,
            "helped": self.condition.exemplars > 0,
            "hard": False,
        }[task]
        steps = Random(f"{task} {seed}").randrange(2, 6) + (0 if solved else 3)
        tokens = 100 * steps + 50 * self.condition.exemplars
        return Acted("actor", steps, "solved" if solved else "", tokens=tokens)


@dataclass
class Doers:
    told: object

    def actor(self, condition: Condition) -> Actor:
        return Doer(condition)

    def close(self) -> None:
        pass
