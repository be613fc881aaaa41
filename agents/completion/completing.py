"""Completing one trajectory of the library: meanings, thoughts and chapters, in one new revision.

What a person wrote stays: a description that is not the recorder's own, a thought that is there, remarks that head
steps. Recorded steps get their witnesses first (`recorder.complete`); one that lacks them still gets no description.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_fields
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agents.completion import authors
from agents.completion.asking import Asker, Moment, Said
from agents.completion.chapters import Chapter, chapters_from, frames_between, signature
from agents.completion.meaning import meaning
from agents.completion.naming import NOTHING, Proposal, offered
from agents.completion.thinking import thought
from agents.completion.veiling import veiled
from agents.runtime.ports import Model, ModelError
from workbench import editing
from workbench.actions import Note
from workbench.errors import BadInputError
from workbench.trajectory import FrameId, Step, Trajectory

if TYPE_CHECKING:
    from agents.completion.chapters import Signature
    from workbench.desktop.ports import Frame
    from workbench.library.store import Library

Told = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

MOST_FAILURES = 3
"""Steps in a row about which a model says nothing usable; after so many it is asked no more."""


@dataclass(frozen=True)
class Completed:
    """What completing came to: how many steps got a meaning and a thought, how many chapters were set.

    `refused` says in lines what of the model was not taken, `proposal` which title and task a person may take.
    """

    trajectory: Trajectory
    meanings: int = 0
    thoughts: int = 0
    chapters: int = 0
    refused: tuple[str, ...] = ()
    proposal: Proposal = NOTHING


@dataclass(frozen=True)
class _Words:
    """New words of a step; None leaves what is there."""

    meaning: str | None = None
    thought: str | None = None


def complete(
    library: "Library",
    trajectory_id: str,
    *,
    model: Model | None = None,
    told: Told = lambda _done, _of: None,
    check: Callable[[], None] = lambda: None,
) -> Completed:
    """Complete the trajectory and return it; without anything to add no revision is made.

    `check` is called between steps: what it raises, usually `StoppedError`, ends the work with nothing changed. Without
    a model only what nobody has written yet is filled in; with one, words of an earlier completion are written anew.
    What was edited meanwhile is kept; where something was purged meanwhile, `BadInputError` says so.
    """
    trajectory = library.get(trajectory_id)
    work = _Work(library, trajectory, model)
    for number in range(len(trajectory.steps)):
        check()
        work.do(number)
        told(number + 1, len(trajectory.steps))
    check()
    done = _saved(library, trajectory, work)
    proposed = work.named(offered(library, done.trajectory))
    return with_fields(done, proposal=proposed, refused=tuple(work.refused))


class _Work:
    """Completing as it goes on, step by step; writes nothing."""

    def __init__(self, library: "Library", trajectory: Trajectory, model: Model | None) -> None:
        self.words: dict[str, _Words] = {}
        self.refused: list[str] = []
        self._library, self._trajectory = library, trajectory
        shown = veiled(trajectory)
        self._veiled, self._task = shown.steps, shown.task
        self._authors = authors.authors(library, trajectory)
        self.sets_chapters = not self._authors.has_chapters and not authors.has_notes(trajectory)
        self._asker = Asker(model, self._load) if model is not None else None
        self._failures = 0
        self._signatures: dict[FrameId, Signature] = {}
        self._meanings: list[str] = []

    def do(self, at: int) -> None:
        """Work out the words of one step, and look at its pictures."""
        step, told = self._trajectory.steps[at], self._veiled[at]
        rules = meaning(told)
        describes = self._authors.may_describe(step, better=self._asker is not None)
        thinks = self._authors.may_think(step, better=self._asker is not None)
        said = self._said(at, rules) if (describes or thinks) and not isinstance(step.action, Note) else Said()
        reason = said.thought or thought(self._task, self._veiled[:at], told)
        self.words[step.id] = _Words((said.meaning or rules) if describes else None, reason if thinks else None)
        self._meanings.append(said.meaning or rules)
        if self.sets_chapters:
            self._look(told, last=at == len(self._veiled) - 1)

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, once all steps are done; none where a person has set some."""
        return chapters_from(self._veiled, self._signatures) if self.sets_chapters else ()

    def named(self, proposed: Proposal) -> Proposal:
        """The proposal, in the model's words where it has some."""
        if self._asker is None or not proposed or self._failures >= MOST_FAILURES:
            return proposed
        try:
            named = self._asker.name(self._meanings)
        except ModelError as error:
            self.refused.append(f"title and task: {error}")
            return proposed
        return Proposal(named.title if proposed.title else "", named.task if proposed.task else "")

    def _said(self, at: int, rules: str) -> Said:
        if self._asker is None or self._failures >= MOST_FAILURES:
            return Said()
        after = self._veiled[at + 1] if at + 1 < len(self._veiled) else None
        moment = Moment(self._task, self._veiled[at], rules, tuple(self._meanings), after)
        said = self._asker.ask(moment)
        self.refused += [f"step {at + 1}: {why}" for why in said.refused]
        self._failures = 0 if said.meaning or said.thought or not said.refused else self._failures + 1
        if self._failures >= MOST_FAILURES:
            self.refused.append(f"nothing usable for {MOST_FAILURES} steps: the rest was completed by rules")
        return said

    def _look(self, step: Step, *, last: bool) -> None:
        for name in frames_between(step, last=last):
            if name not in self._signatures and (frame := self._load(name)) is not None:
                self._signatures[name] = signature(frame)

    def _load(self, name: FrameId) -> "Frame | None":
        """The picture; None where it is damaged, which `verify` reports."""
        try:
            return self._library.frames.load(name)
        except BadInputError:
            return None


def _saved(library: "Library", begun: Trajectory, work: _Work) -> Completed:
    """One revision of what was found, made from the newest; words that were edited meanwhile stay."""
    newest = library.get(begun.id)
    was = {step.id: step for step in begun.steps}
    steps = tuple(_worded(step, was.get(step.id), work.words) for step in newest.steps)
    pairs = list(zip(steps, newest.steps, strict=True))
    meanings = sum(new.description != old.description for new, old in pairs)
    thoughts = sum(new.thought != old.thought for new, old in pairs)
    chapters = () if authors.has_notes(newest) else _found_again(work.chapters(), begun, newest)
    if not meanings and not thoughts and not chapters:
        return Completed(newest)
    counted = ((meanings, "meanings"), (thoughts, "thoughts"), (len(chapters), authors.CHAPTERS))
    note = f"{authors.NOTE} {', '.join(name for count, name in counted if count)}"
    saved = library.revise(_headed(replace(newest, steps=steps, purges=begun.purges), chapters), note=note)
    return Completed(saved, meanings, thoughts, len(chapters))


def _worded(step: Step, was: Step | None, words: dict[str, _Words]) -> Step:
    """The step in its new words, each where the old ones are still those that were read."""
    new = words.get(step.id)
    if new is None or was is None or step.action != was.action:
        return step
    if new.meaning is not None and step.description == was.description:
        step = replace(step, description=new.meaning)
    return replace(step, thought=new.thought) if new.thought is not None and step.thought == was.thought else step


def _found_again(chapters: Sequence[Chapter], begun: Trajectory, newest: Trajectory) -> tuple[Chapter, ...]:
    """The chapters where their steps stand now; those whose step is gone are left out."""
    places = {step.id: at for at, step in enumerate(newest.steps)}
    ids = [begun.steps[one.opens].id for one in chapters]
    found = [Chapter(places[name], one.words) for name, one in zip(ids, chapters, strict=True) if name in places]
    return tuple(sorted(found, key=lambda one: one.opens))


def _headed(trajectory: Trajectory, chapters: Sequence[Chapter]) -> Trajectory:
    """The trajectory with a remark in front of each chapter."""
    for chapter in reversed(chapters):
        trajectory = editing.with_inserted(trajectory, chapter.opens + 1, Note(chapter.words))
    return trajectory
