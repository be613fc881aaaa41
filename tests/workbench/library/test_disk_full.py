"""When the disk is full, one clear line says so and the library stays sound."""

import subprocess
from pathlib import Path

import pytest

from workbench.library.store import Library

FILLING = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from workbench.errors import UnavailableError
from workbench.geometry import Point
from workbench.inputs import InputEvent
from workbench.library.store import Library, RecordingOpening
from workbench.library.bundle import export_bundle
from workbench.trajectory import Trajectory

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
library = Library.open(Path(sys.argv[1]))
library.save(Trajectory("before", "T"))
writer = library.begin_recording(RecordingOpening("R"))
noise = np.random.default_rng(1).integers(0, 255, (64, 256, 4), dtype=np.uint8)

def limit(size_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))

def events():
    for seq in range(1, 10_000_000, 1000):
        writer.append([InputEvent(n, n, "note", text="x" * 100) for n in range(seq, seq + 1000)], [])

def save():
    for n in range(10_000):
        library.save(Trajectory(f"t{n}", "y" * 10_000))

def frame():
    library.frames.put(noise, origin=Point(0, 0))

def export():
    frame_id = library.frames.put(noise, origin=Point(0, 0))
    from workbench.trajectory import Observation, Step
    from workbench.actions import Note
    library.save(Trajectory("noisy", "T", (Step("s", Note("n"), Observation(frame=frame_id)),)))
    limit(20_000)
    export_bundle(library, "noisy", Path(sys.argv[1]) / "out.trajectory")

what = {"events": events, "save": save, "frame": frame, "export": export}[sys.argv[2]]
limit({"frame": 20_000, "export": 10**8}.get(sys.argv[2], 2_000_000))
try:
    what()
except UnavailableError as error:
    print(error)
else:
    print("nothing was refused")
"""


@pytest.mark.parametrize("what", ["events", "save", "frame", "export"])
def test_a_full_disk_is_said_in_one_line_and_leaves_a_sound_library(tmp_path: Path, python: str, what: str):
    folder = tmp_path / "library"
    told = subprocess.run([python, "-c", FILLING, str(folder), what], capture_output=True, text=True, check=True)
    assert told.stderr == ""
    (line,) = told.stdout.splitlines()
    assert str(folder) in line
    assert "disk" in line or "too large" in line
    assert not list(folder.rglob("*.part"))
    assert not list(folder.glob("*.trajectory"))
    with Library.open(folder) as library:
        assert library.verify() == []
        assert library.get("before").title == "T"
        recording = library.unfinished()[0]
        library.continue_recording(recording).close()
