"""Whatever is done to a library in whatever order, it verifies and the heads are where they belong."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from msgspec.structs import replace

from workbench.actions import TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening
from workbench.trajectory import Observation, Step, Trajectory, frames_of

FEW = st.integers(0, 5)


@dataclass
class Model:
    """What one trajectory must be: its revisions as (parent, trajectory) by number, and where the head is."""

    head: int
    revisions: dict[int, tuple[int, Trajectory]] = field(default_factory=dict)


class LibraryMachine(RuleBasedStateMachine):
    """Save, record, revise, undo, redo, forget, purge, delete and reopen, against a model in memory."""

    identifiers = Bundle("identifiers")
    recorded = Bundle("recorded")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="library-machine-"))
        self.library = Library.open(self.folder)
        self.models: dict[str, Model] = {}

    def teardown(self) -> None:
        assert self.library.verify() == []
        self.library.close()
        shutil.rmtree(self.folder)

    @rule(target=identifiers, seed=FEW)
    def save(self, seed):
        saved = self.library.save(Trajectory(self.library.new_id(), f"Title {seed}", self._steps(seed)))
        self.models[saved.id] = Model(1, {1: (0, saved)})
        return saved.id

    @rule(target=recorded, seed=FEW)
    def record(self, seed):
        writer = self.library.begin_recording(RecordingOpening("Recorded"))
        steps = self._steps(seed)
        for step in steps:
            at_ns = step.observation.monotonic_ns
            event = InputEvent(step.first_event, at_ns, "key_down", text=step.action.text[0])
            writer.append([event], [Sighting(event.seq, at_ns, frame=step.observation.frame)])
        saved = writer.finish(Trajectory(writer.id, "Recorded", steps))
        self.models[saved.id] = Model(1, {1: (0, saved)})
        return saved.id

    @rule(identifier=identifiers | recorded, seed=FEW)
    def revise(self, identifier, seed):
        model = self.models[identifier]
        edited = replace(model.revisions[model.head][1], title=f"Edited {seed}")
        saved = self.library.revise(edited, note="edited")
        assert saved.revision == len(model.revisions) + 1
        model.revisions[saved.revision] = (model.head, saved)
        model.head = saved.revision

    @rule(identifier=identifiers | recorded)
    def undo(self, identifier):
        model = self.models[identifier]
        parent = model.revisions[model.head][0]
        if not parent:
            self._refused(self.library.undo, identifier)
            return
        assert self.library.undo(identifier) == model.revisions[parent][1]
        model.head = parent

    @rule(identifier=identifiers | recorded)
    def redo(self, identifier):
        model = self.models[identifier]
        later = [number for number, (parent, _) in model.revisions.items() if parent == model.head]
        if not later:
            self._refused(self.library.redo, identifier)
            return
        assert self.library.redo(identifier) == model.revisions[max(later)][1]
        model.head = max(later)

    @rule(identifier=recorded, since=FEW)
    def forget(self, identifier, since):
        model = self.models[identifier]
        self.library.forget(identifier, since_ns=since * 1000, until_ns=since * 1000 + 1000)
        gone = {since * 1000, since * 1000 + 1000}
        for number, (parent, old) in model.revisions.items():
            stored = self.library.get(identifier, revision=number)
            assert [step.id for step in stored.steps] == [
                s.id for s in old.steps if s.observation.monotonic_ns not in gone
            ]
            assert stored.title == old.title
            model.revisions[number] = (parent, stored)

    @rule(identifier=identifiers | recorded, seed=FEW)
    def purge_text(self, identifier, seed):
        model = self.models[identifier]
        self.library.purge_text(identifier, f"text {seed}", replacement="***")
        for number, (parent, _) in model.revisions.items():
            stored = self.library.get(identifier, revision=number)
            assert f"text {seed}" not in str(stored)
            model.revisions[number] = (parent, stored)

    @rule(identifier=consumes(identifiers))
    def delete(self, identifier):
        self.library.delete(identifier)
        del self.models[identifier]

    @rule()
    def reopen(self):
        self.library.close()
        self.library = Library.open(self.folder)

    @invariant()
    def heads_are_where_they_belong(self):
        assert {summary.id for summary in self.library.summaries()} == set(self.models)
        for identifier, model in self.models.items():
            assert self.library.get(identifier) == model.revisions[model.head][1]

    @invariant()
    def frames_that_are_used_are_there(self):
        used = {
            frame
            for model in self.models.values()
            for _, found in model.revisions.values()
            for frame in frames_of(found)
        }
        assert all(self.library.frames.has(frame) for frame in used)

    def _steps(self, seed: int) -> tuple[Step, ...]:
        steps = []
        for number in range(seed % 3 + 1):
            pixels = np.full((20, 20, 4), seed + number, dtype=np.uint8)
            frame = self.library.frames.put(pixels, origin=Point(0, 0))
            seen = Observation((number + 1) * 1000, frame=frame)
            steps.append(
                Step(f"s{number}", TypeText(f"text {seed}"), seen, first_event=number + 1, last_event=number + 1)
            )
        return tuple(steps)

    def _refused(self, call, identifier: str) -> None:
        try:
            call(identifier)
        except BadInputError:
            return
        raise AssertionError("this had to be refused")


TestLibrary = LibraryMachine.TestCase
TestLibrary.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
