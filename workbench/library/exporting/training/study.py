"""What trajectories and their runs show: states, the decision that was made in each, and others that were made there.

A state is a task, the steps before in words, and a picture. Only steps that did what they should are decisions to learn
from; which those are is said at `Study.examples`. After PC Agent-E (trajectory boost), with decisions that were made
by somebody and none that were made up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from workbench.actions import Note
from workbench.library.exporting.coding import defaults
from workbench.library.exporting.material import Material
from workbench.library.exporting.training.album import Album
from workbench.library.exporting.training.answers import filled, is_private, told, unsayable
from workbench.library.exporting.training.episodes import Attempt, Episode, attempt_of
from workbench.library.exporting.training.splitting import common_split
from workbench.library.importing.drafts import Remark
from workbench.trajectory import FrameId, Step, Trajectory

By = Literal["human", "agent", "import", "person"]
"""Whose decision it is: of whoever recorded it, a model's, of nobody knows whom, or of a person who overruled a model.
"""

Origin = Literal["rejected", "modified", "took-over", "failed", "verified", "recorded"]
"""Why something else was decided in the same state: a person rejected it, put another step in its place or took over;
it failed; it is what another run did, with the proof that it worked; it is what another recording did."""


@dataclass(frozen=True)
class State:
    """What is known before step `number` (from 1) of a trajectory."""

    trajectory: str
    number: int
    task: str
    history: tuple[str, ...]
    frame: FrameId


@dataclass(frozen=True)
class Option:
    """Another decision in a state: the step over its own picture, and where it comes from; `run` is empty for none."""

    step: Step
    origin: Origin
    trajectory: str
    run: str = ""
    said: str = ""


@dataclass(frozen=True)
class Example:
    """A state with the decision to learn from; `step` is over the state's picture, its variables filled in."""

    state: State
    step: Step
    by: By
    run: str = ""

    @property
    def id(self) -> str:
        """What the state is called in the set."""
        return f"{self.state.trajectory}-{self.state.number}"


@dataclass(frozen=True)
class Examples:
    """The examples of one trajectory, and which of its steps are none, and why."""

    found: tuple[Example, ...]
    remarks: tuple[Remark, ...] = ()


@dataclass
class Study:
    """Everything about the trajectories of a set; runs are read once, when they are first needed."""

    material: Material
    album: Album
    _attempts: dict[str, tuple[Attempt, ...]] = field(default_factory=dict)
    _words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _elsewhere: "dict[tuple[str, FrameId], list[Option]] | None" = None

    def attempts(self, trajectory: Trajectory) -> tuple[Attempt, ...]:
        """Its runs: the one that became it, and its replays."""
        if trajectory.id not in self._attempts:
            runs = self.material.runs(trajectory.id)
            self._attempts[trajectory.id] = tuple(attempt_of(run, trajectory.id) for run in runs)
        return self._attempts[trajectory.id]

    def made(self, trajectory: Trajectory) -> Attempt | None:
        """The run that became it; None for a recording."""
        return next((one for one in self.attempts(trajectory) if one.made), None)

    def examples(self, trajectory: Trajectory) -> Examples:
        """Its steps as examples, but for notes, which are no decisions.

        Left out with a remark is what privacy keeps back, what has no picture, what cannot be said over it, what
        failed, and what a person did by hand, which nobody saw; also all of a run that did not reach its task.
        """
        made = self.made(trajectory)
        if made is not None and made.reached is False:
            return Examples((), (Remark(0, "its run did not reach the task; its steps are no examples"),))
        episodes = {one.kept: one for one in made.episodes if one.kept} if made else {}
        found, remarks = [], []
        for number, step in enumerate(trajectory.steps, 1):
            episode = episodes.get(step.id)
            why = self._unfit(step, made, episode)
            if why:
                remarks.append(Remark(number, why))
            elif not isinstance(step.action, Note):
                found.append(self._example(trajectory, number, episode, made))
        return Examples(tuple(found), tuple(remarks))

    def options(self, example: Example, trajectory: Trajectory) -> tuple[Option, ...]:
        """What else was decided in the state of an example: in its own run before, and over the same picture elsewhere.

        Nothing of trajectories on the other side of the split.
        """
        made = self.made(trajectory)
        found = list(_overruled(trajectory.id, made, example.step.id)) if made else []
        others = self.worked(trajectory, example.state.frame)
        found += [one for one in others if (one.trajectory, one.run) != (trajectory.id, example.run)]
        return tuple(one for one in found if self.sayable(one.step))

    def worked(self, trajectory: Trajectory, frame: FrameId | None) -> tuple[Option, ...]:
        """What worked over that picture, in this or another trajectory of the same task and on the same side."""
        found = self._others().get((task_key(trajectory), frame or ""), [])
        share = self.material.test_share
        return tuple(one for one in found if common_split((trajectory.id, one.trajectory), share))

    def state_of(self, trajectory: Trajectory, attempt: Attempt, episode: Episode) -> State | None:
        """What was known when something was proposed; None where it had no picture, or no place in the trajectory."""
        number, history = episode.number, episode.before
        if not attempt.made:
            number = next((at for at, step in enumerate(trajectory.steps, 1) if step.id == episode.asked.id), 0)
            history = self.history(trajectory, number)
        if not number or not episode.frame:
            return None
        return State(trajectory.id, number, task_of(trajectory), history, episode.frame)

    def history(self, trajectory: Trajectory, number: int) -> tuple[str, ...]:
        """The steps before that one, from 1, in words."""
        if trajectory.id not in self._words:
            made = self.made(trajectory)
            failed = made.failed if made else frozenset()
            self._words[trajectory.id] = tuple(told(step, failed=step.id in failed) for step in trajectory.steps)
        return self._words[trajectory.id][: max(0, number - 1)]

    def sayable(self, step: Step) -> bool:
        """Whether the step can be an answer over its picture."""
        frame = step.observation.frame
        return frame is not None and not is_private(step) and not unsayable(step, self.album.bounds(frame))

    def _unfit(self, step: Step, made: Attempt | None, episode: Episode | None) -> str:
        """Why a step is no example; empty where it is one."""
        if is_private(step):
            return "it is kept back for privacy"
        if isinstance(step.action, Note):
            return ""
        if episode is not None and episode.how == "by-hand":
            return "a person did it by hand, and nobody saw how"
        if made is not None and step.id in made.failed:
            return "it failed"
        frame = step.observation.frame
        return unsayable(step, self.album.bounds(frame)) if frame else "it has no picture"

    def _example(self, trajectory: Trajectory, number: int, episode: Episode | None, made: Attempt | None) -> Example:
        step = filled(trajectory.steps[number - 1], defaults(trajectory))
        by: By = trajectory.source
        if episode is not None and episode.overruled == "modified" and episode.done is not None:
            by, step = "person", replace(step, thought=episode.done.thought)
        assert step.observation.frame is not None, "a step without a picture is no example"
        state = State(
            trajectory.id, number, task_of(trajectory), self.history(trajectory, number), step.observation.frame
        )
        return Example(state, step, by, made.run if made else "")

    def _others(self) -> dict[tuple[str, FrameId], list[Option]]:
        """What worked anywhere, by task and picture: of recordings every step, of runs those with a proof."""
        if self._elsewhere is None:
            self._elsewhere = {}
            for trajectory in self.material.trajectories:
                for option in self._worked(trajectory):
                    frame = option.step.observation.frame
                    if task_key(trajectory) and frame:
                        self._elsewhere.setdefault((task_key(trajectory), frame), []).append(option)
        return self._elsewhere

    def _worked(self, trajectory: Trajectory) -> Iterator[Option]:
        values = defaults(trajectory)
        if self.made(trajectory) is None:
            for step in trajectory.steps:
                if not isinstance(step.action, Note):
                    yield Option(filled(step, values), "recorded", trajectory.id)
        for attempt in self.attempts(trajectory):
            for one in attempt.episodes:
                if one.how == "worked" and one.done is not None and not one.private:
                    yield Option(filled(one.done, values), "verified", trajectory.id, attempt.run)


def task_of(trajectory: Trajectory) -> str:
    """What was asked: the task, or the title where there is none."""
    return trajectory.task.strip() or trajectory.title.strip()


def task_key(trajectory: Trajectory) -> str:
    """What makes two tasks the same: their words."""
    return " ".join(trajectory.task.casefold().split())


def same_state(episodes: Iterable[Episode]) -> Iterator[tuple[Episode, ...]]:
    """Episodes in a row between which nobody touched the desktop: all but the last of each group did nothing."""
    group: list[Episode] = []
    for one in episodes:
        group.append(one)
        if one.touched:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _overruled(trajectory_id: str, made: Attempt, step_id: str) -> Iterator[Option]:
    """What was proposed in the state in which a step was taken and was not done."""
    for group in same_state(made.episodes):
        if group[-1].kept == step_id:
            yield from (option for one in group if (option := _declined(trajectory_id, made, one)) is not None)


def _declined(trajectory_id: str, made: Attempt, one: Episode) -> Option | None:
    origin = origin_of(one)
    return None if origin is None or one.private else Option(one.asked, origin, trajectory_id, made.run, one.said)


def origin_of(one: Episode) -> Origin | None:
    """Why a proposal was not what to do; None where nobody can say that."""
    overruled: dict[str, Origin] = {"rejected": "rejected", "modified": "modified", "took-over": "took-over"}
    return overruled.get(one.overruled) or ("failed" if one.how == "failed" else None)
