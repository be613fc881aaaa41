"""Episodes on real applications: all is set up anew, somebody acts, and what there is afterwards is the score."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

from msgspec.structs import replace

from agents.evaluation.desktop.applications import Applications, refuse_missing
from agents.evaluation.desktop.catalogue import names, task_named
from agents.evaluation.desktop.evidence import UnresponsiveError
from agents.evaluation.desktop.problems import Problem
from agents.evaluation.desktop.watching import Watch
from agents.evaluation.staging import Lost, Place, opened_place, with_second_chance, worth_nothing
from agents.evaluation.suites import Actor, Assignment, Limits, Score, StageOptions
from workbench.errors import UnavailableError

SIZE_PX = (1280, 800)
SETTLES_S = 1.0
"""So long after the actor's last action an application may still be at it: writing a file takes a moment."""

HANGS_S = 4.0
"""An application that has not answered for so long hangs."""


@dataclass(frozen=True)
class DesktopSuite:
    """The suite: `agents.evaluation.desktop.catalogue` has its tasks."""

    name: str = "desktop"

    def tasks(self) -> tuple[str, ...]:
        """The tasks, short ones first; raises `UnavailableError` where an application is not installed."""
        refuse_missing()
        return names()

    @contextmanager
    def open(self, options: StageOptions = StageOptions()) -> "Iterator[DesktopStage]":  # noqa: B008 - frozen
        """A stage with a desktop of its own, which begins with its first episode."""
        refuse_missing()
        stage = DesktopStage(options.size_px or SIZE_PX)
        try:
            yield stage
        finally:
            stage.close()


@dataclass
class DesktopStage:
    """A private desktop whose applications are new for every episode; it is new itself after any trouble. One thread.

    The task never ends an episode: whoever acts has to know when it is done.
    """

    size_px: tuple[int, int]
    _place: Place | None = None
    _applications: Applications | None = None
    _running: ExitStack = field(default_factory=ExitStack)

    def play(self, task: str, seed: int, actor: Actor, limits: Limits) -> Score:
        """One episode.

        One whose applications do not come up, or hang when it is to be scored, is played a second time on a new
        desktop. When they hang again that is worth nothing; raises `UnavailableError` where they twice do not come up.
        """
        problem = task_named(task).problem(seed)
        told = f"{task} with seed {seed}"
        score = with_second_chance(lambda: self._played(problem, actor, limits), self.close, told)
        return replace(score, task=task, seed=seed)

    def close(self) -> None:
        """End applications and desktop; the next episode brings new ones."""
        applications, self._place, self._applications = self._applications, None, None
        try:
            if applications is not None:
                with suppress(UnavailableError):  # what does not end goes with its desktop
                    applications.end()
        finally:
            self._running.close()

    def _played(self, problem: Problem, actor: Actor, limits: Limits) -> Score | Lost:
        try:
            place = self._fresh()
            applications = self._applications = Applications(place, place.private.folder / "home")
            applications.start(problem.setting)
        except UnavailableError as error:
            return Lost(str(error))
        watch, began_s = Watch(problem, applications), time.monotonic()
        acted = actor.act(Assignment(problem.told, place.private.environment(), limits, watch.look))
        score = worth_nothing("", 0, problem.told, acted=acted, seconds=time.monotonic() - began_s)
        try:
            watch.settle(SETTLES_S, HANGS_S)
        except UnresponsiveError as error:
            return Lost(str(error), replace(score, completion=0.0))
        solved = watch.is_solved
        return replace(score, reward=float(solved), success=solved, completion=watch.completion)

    def _fresh(self) -> Place:
        """The desktop without anything on it; another one where the old does not get empty."""
        if self._applications is not None:
            try:
                self._applications.end()
            except UnavailableError:
                self.close()
        self._applications = None
        if self._place is None:
            self.close()
            self._place = opened_place(self._running, self.size_px)
        return self._place
