"""Damaged recordings of every format: each is taken or refused in one line, soon, in little memory, touching nothing.

A process of its own takes them, so that one that hangs or crashes is found and named. `WORKBENCH_MUTATIONS=500` tries
that many for each format, and from `WORKBENCH_SAMPLES` real recordings are damaged too.
"""

import gzip
import io
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from workbench.errors import BadInputError
from workbench.library.importing import known
from workbench.library.importing.pictures import Pictures
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused, take
from workbench.trajectory import frames_of

PROGRAM = Path(__file__).with_name("hostile") / "take.py"
COUNT = int(os.environ.get("WORKBENCH_MUTATIONS", "16"))
SILENT_S = 120.0
"""After which the one at work hangs, on however busy a machine."""

CPU_S = 5.0
TIMES = 4
CONSTANT_BYTES = 768 * 1024 * 1024
"""What the largest picture that is taken needs while it is decoded and stored."""


def told(command: list[str]) -> Iterator[dict[str, object]]:
    """What the process says, line by line; ends it when it says nothing any more."""
    lines: queue.Queue[str | None] = queue.Queue()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:

        def listen() -> None:
            for line in process.stdout:
                lines.put(line)
            lines.put(None)

        said: list[str] = []
        threads = [threading.Thread(target=listen), threading.Thread(target=lambda: said.extend(process.stderr))]
        for thread in threads:
            thread.start()
        try:
            while (line := lines.get(timeout=SILENT_S)) is not None:
                yield json.loads(line)
        finally:
            process.kill()
            for thread in threads:
                thread.join()
    assert process.returncode == 0, "".join(said)[-2000:]


@pytest.mark.parametrize("name", known.READERS)
def test_a_damaged_recording_is_taken_or_refused_in_one_line(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-B", str(PROGRAM), name, "0", str(COUNT), str(tmp_path)]
    if samples := os.environ.get("WORKBENCH_SAMPLES"):
        command.append(samples)
    begun: dict[str, object] = {}
    ended = taken = 0
    try:
        for line in told(command):
            if "case" in line:
                begun = line
                continue
            ended += 1
            taken += "taken" in line["lines"]
            assert line["faults"] == [], begun
            assert line["lines"], begun
            assert line["cpu_s"] <= CPU_S * max(line["count"], 1), (begun, line)
            assert line["grown"] <= TIMES * line["size"] + CONSTANT_BYTES, (begun, line)
    except queue.Empty:
        pytest.fail(f"it hangs: {begun}")
    assert ended == COUNT
    assert 0 < taken < COUNT, "damage that always or never matters tests nothing"


def folder_of(tmp_path: Path, png: Callable[..., bytes]) -> Path:
    """A run of OSWorld with one line and its picture."""
    folder = tmp_path / "run"
    folder.mkdir()
    line = {"step_num": 1, "action_timestamp": "20260608@170011500000", "action": "WAIT", "screenshot_file": "a.png"}
    (folder / "traj.jsonl").write_text(json.dumps(line) + "\n")
    (folder / "a.png").write_bytes(png())
    return folder


def test_folders_that_lead_around_in_circles_or_out_are_not_searched(tmp_path, take_all, png):
    outside = folder_of(tmp_path, png)
    inside = tmp_path / "many"
    inside.mkdir()
    for number in range(40):
        (inside / f"around{number}").symlink_to(inside)
    (inside / "out").symlink_to(outside)
    with pytest.raises(BadInputError, match="in no format that is known"):
        take_all(inside)


def test_a_recording_whose_lines_are_gone_is_refused_by_name(tmp_path, png):
    folder = folder_of(tmp_path, png)
    (folder / "traj.jsonl").unlink()
    (item,) = known.reader("osworld").items(Source(folder))
    with pytest.raises(BadInputError, match=r"has none of traj\.jsonl"):
        item.read(None)


@pytest.mark.parametrize(
    "start",
    [
        b"#EXTM3U\n#EXTINF:1,\n/etc/hostname\n",
        b"ffconcat version 1.0\nfile 'a'\n",
        b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n",
    ],
)
def test_a_video_that_is_a_list_of_other_files_is_not_opened(tmp_path, library, start):
    path = tmp_path / "take.mp4"
    path.write_bytes(start)
    with pytest.raises(BadInputError, match="is no video of a kind that is read"), Pictures(library.frames).video(path):
        pass


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path):
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * 1_000_000) * 50)
    with pytest.raises(BadInputError, match="cannot be what it seems"):
        Source(path).data()
    with pytest.raises(BadInputError, match="line 1 is longer"):
        list(Source(path).lines())


def test_a_picture_larger_than_any_screen_is_refused_before_it_is_decoded(library):
    file = io.BytesIO()
    Image.new("1", (10_000, 9_500)).save(file, "PNG")
    with pytest.raises(BadInputError, match="as no screen has"):
        Pictures(library.frames).encoded(file.getvalue(), what="a.png")


def test_pictures_that_no_step_shows_do_not_stay(tmp_path, take_one, library, png):
    folder = folder_of(tmp_path, png)
    (folder / "initial_state.png").write_bytes(png(7))
    (folder / "traj.jsonl").write_text('{"step_num": 1, "action": "nonsense(", "screenshot_file": "a.png"}\n')
    trajectory = take_one(folder).trajectory
    assert set(library.frames.all()) == frames_of(trajectory)


def test_a_source_without_any_recording_is_refused_and_not_passed_over(tmp_path, library):
    (tmp_path / "empty.jsonl").write_text("\n\n")
    found = known.find(tmp_path / "empty.jsonl", chosen="agentnet")
    (one,) = take(library, found, reduce=lambda _: ())
    assert isinstance(one, Refused)
    assert "there is no recording of" in str(one.why)


def test_lines_without_end_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.library.importing.source.MAX_EMPTY_LINES", 9_999)
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n" * 10_000)
    with pytest.raises(BadInputError, match="more lines than it can have"):
        list(Source(path).lines())
