"""A recorder that is killed at any instant leaves a sound library, and a recording that can be used."""

import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from recorder.complete import recover
from recorder.reduce import reduce
from workbench.library.store import Library


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_any_instant_the_recording_is_a_sound_beginning(
    desk: Any, record: Any, tmp_path: Path, seed: int
) -> None:
    with desk.running("mousepad"), record(desk, tmp_path) as made:
        after_s = random.Random(seed).uniform(0.02, 0.7)
        killer = threading.Timer(after_s, made.child.process.kill)
        killer.start()
        began_ns = time.monotonic_ns()
        for _ in range(4):
            desk.type("ab cd", pause_s=0.02)
            desk.press(desk.windows.active().bounds.centre)
        killer.join()
        result = made.child.wait()
    assert result is not None
    with Library.open(tmp_path) as library:
        assert library.verify() == []
        assert recover(library) == []
        trajectory = library.get(made.child.trajectory)
        events, sightings = library.events(trajectory.id), library.sightings(trajectory.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert all(event.monotonic_ns >= began_ns for event in events)
    assert trajectory.steps == reduce(events, sightings)
