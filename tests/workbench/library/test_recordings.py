"""Recordings: visible at once, durable, and known for broken when their writer dies."""

import random
import signal
import subprocess
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening

WRITER = """
import sys
from pathlib import Path
import numpy as np
from workbench.geometry import Point
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening
library = Library.open(Path(sys.argv[1]))
writer = library.begin_recording(RecordingOpening("Killed"))
print(writer.id, flush=True)
seq = 0
while True:
    pixels = np.full((70, 300, 4), seq % 251, dtype=np.uint8)
    frame = library.frames.put(pixels, origin=Point(0, 0))
    batch = [InputEvent(seq + n, (seq + n) * 1000, "move", Point(seq, n)) for n in range(1, 8)]
    writer.append(batch, [Sighting(batch[0].seq, batch[0].monotonic_ns, frame=frame)])
    seq += 7
    print(seq, flush=True)
"""


def test_a_recording_is_listed_from_its_first_moment(library):
    writer = library.begin_recording(RecordingOpening("Morning", task="work", epoch_s=12.0, started_ns=1_000_000_000))
    writer.append([InputEvent(1, 3_500_000_000, "move", Point(1, 2))], [])
    (summary,) = library.summaries()
    assert (summary.id, summary.title, summary.task, summary.created) == (writer.id, "Morning", "work", 12.0)
    assert (summary.state, summary.steps, summary.seconds) == ("recording", 0, 2.5)
    assert library.unfinished() == []
    writer.close()
    assert library.summaries()[0].state == "broken"
    assert library.unfinished() == [writer.id]


def test_another_process_sees_a_recording_live(library, python):
    script = (
        "import sys\nfrom pathlib import Path\nfrom workbench.library.store import Library\n"
        "print(Library.open(Path(sys.argv[1])).summaries()[0].state)"
    )

    def seen() -> str:
        command = [python, "-c", script, str(library.path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    writer = library.begin_recording(RecordingOpening("Morning"))
    assert seen() == "recording"
    writer.close()
    assert seen() == "broken"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_event_and_sighting_comes_back_unchanged(any_of, tmp_path_factory, data):
    frames = st.sampled_from(["a" * 32, "b" * 32])
    numbers = sorted(data.draw(st.sets(st.integers(1, 2**40), min_size=1, max_size=4)))
    events = [replace(data.draw(any_of(InputEvent, frames)), seq=number) for number in numbers]
    sightings = [replace(data.draw(any_of(Sighting, frames)), seq=number) for number in numbers]
    opening = data.draw(any_of(RecordingOpening, frames))
    with Library.open(tmp_path_factory.getbasetemp() / "any-recording") as library:
        writer = library.begin_recording(opening)
        writer.append(events, sightings)
        writer.close()
        assert library.events(writer.id) == events
        assert library.sightings(writer.id) == sightings
        assert library.opening(writer.id) == opening


def test_finishing_stores_the_first_revision_and_keeps_the_events(library, a_trajectory):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append([InputEvent(1, 5, "move")], [])
    saved = writer.finish(a_trajectory(writer.id, title="Named"))
    assert (saved.revision, library.get(writer.id).title) == (1, "Named")
    assert library.summaries()[0].state == "complete"
    assert len(library.events(writer.id)) == 1
    assert not list((library.path / "recordings").iterdir()) or library.unfinished() == []
    with pytest.raises(BadInputError, match="has its steps already"):
        library.complete_recording(saved)


def test_a_recording_without_steps_cannot_be_used_as_a_trajectory_yet(library):
    writer = library.begin_recording(RecordingOpening("Morning"))
    for call in (library.get, library.undo, library.find):
        with pytest.raises(BadInputError, match="not finished; stop or recover it"):
            call(writer.id)
    assert library.identify("Morning") == writer.id
    writer.close()


def test_a_live_recording_is_not_deleted_and_a_broken_one_is(library):
    writer = library.begin_recording(RecordingOpening("Morning"))
    with pytest.raises(BadInputError, match="is being recorded"):
        library.delete(writer.id)
    writer.close()
    library.delete(writer.id)
    assert library.summaries() == []


def test_a_broken_recording_can_be_continued_by_one_writer(library):
    first = library.begin_recording(RecordingOpening("Morning"))
    first.append([InputEvent(1, 5, "move"), InputEvent(2, 6, "move")], [])
    with pytest.raises(BadInputError, match="is being recorded already"):
        library.continue_recording(first.id)
    first.close()
    second = library.continue_recording(first.id)
    assert second.next_seq() == 3
    second.append([InputEvent(3, 7, "move")], [])
    assert library.summaries()[0].state == "recording"
    second.close()
    assert [event.seq for event in library.events(first.id)] == [1, 2, 3]
    assert library.verify() == []


def test_what_has_steps_cannot_be_continued(library, a_trajectory):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.finish(a_trajectory(writer.id))
    library.save(a_trajectory("other"))
    with pytest.raises(BadInputError, match="begin a new recording"):
        library.continue_recording(writer.id)
    with pytest.raises(BadInputError, match="was not recorded here"):
        library.continue_recording("other")


def test_a_number_is_used_once_and_a_refused_batch_leaves_nothing(library):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append([InputEvent(1, 5, "move")], [])
    for batch in (
        [InputEvent(2, 6, "move"), InputEvent(2, 7, "move")],
        [InputEvent(1, 6, "move")],
        [InputEvent(2**64, 6, "move")],
    ):
        with pytest.raises(BadInputError):
            writer.append(batch, [Sighting(1, 5)])
    assert (len(library.events(writer.id)), library.sightings(writer.id)) == (1, [])
    writer.close()


def test_lost_events_are_reported(library):
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append([InputEvent(1, 5, "move"), InputEvent(4, 6, "move")], [])
    writer.close()
    assert [problem.what for problem in library.verify()] == ["events 2 to 3 are missing"]


@pytest.mark.parametrize("seed", range(6))
def test_killing_the_writer_at_any_instant_loses_nothing_that_was_appended(library, python, seed):
    child = subprocess.Popen([python, "-c", WRITER, str(library.path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    identifier = child.stdout.readline().strip()
    chance = random.Random(seed)
    for _ in range(chance.randrange(1, 30)):
        child.stdout.readline()
    deadline = time.monotonic() + chance.random() * 0.01
    while time.monotonic() < deadline:
        pass
    child.send_signal(signal.SIGKILL)
    told = [int(line) for line in child.communicate()[0].split("\n")[:-1]]
    events = library.events(identifier)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len(events) >= max(told, default=0)
    assert len(library.sightings(identifier)) * 7 == len(events)
    assert library.unfinished() == [identifier]
    assert library.verify() == []
    library.continue_recording(identifier).close()
