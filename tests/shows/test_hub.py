"""Recordings of other tools through the command line: in, shown, out as bundles, and in again elsewhere, all the same.

`WORKBENCH_SAMPLES` names a folder of recordings that nobody here made; without it there is nothing to show.
"""

import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
SAMPLES = "WORKBENCH_SAMPLES"
DEMONSTRATIONS = 40
SHOWN = 2
"""How many of each format leave and come back."""


@pytest.fixture(scope="module")
def samples() -> Path:
    folder = os.environ.get(SAMPLES)
    if not folder or not Path(folder).is_dir():
        pytest.skip(f"{SAMPLES} names no folder of recordings of other tools")
    return Path(folder)


def lines_with(path: Path, words: str) -> int:
    return sum(words in line for line in path.read_text(errors="replace").splitlines())


def clicks_and_typing(shown: Any) -> Counter[str]:
    return Counter(step["action"]["kind"] for step in shown["steps"])


def bare(shown: Any) -> Any:
    """What must be the same in another library: all but the id, the number of the revision and where it is."""
    return {key: value for key, value in shown.items() if key not in ("id", "revision", "reviewed")}


def test_every_recording_comes_in_is_shown_and_goes_out_and_in_again_unchanged(workbench, tmp_path, samples):
    folders = [samples / name for name in ("aloha", "openadapt_flow", "pc_tracker", "winshots", "screenagent")]
    taken = workbench.json("import", *map(str, folders))
    sessions = {path.parent for path in (samples / "screenagent").rglob("*_translate.json")}
    counted = Counter(one["format"] for one in taken)
    assert counted["screenagent"] == len(sessions) > 0
    assert (counted["pc-tracker"], counted["openadapt-flow"], counted["aloha"]) == (1, 1, 3)
    listed = {one["id"]: one for one in workbench.json("list")}
    assert listed.keys() == {one["id"] for one in taken}
    seen = {}
    out = tmp_path / "out"
    out.mkdir()
    for one in (one for name in counted for one in [each for each in taken if each["format"] == name][:SHOWN]):
        identifier = one["id"]
        seen[identifier] = shown = workbench.json("show", identifier)
        assert len(shown["steps"]) == one["steps"] == listed[identifier]["steps"]
        told = workbench.run("show", identifier, "--history")
        assert told.returncode == 0
        for remark in one["remarks"][:100]:
            assert remark["what"] in told.stdout
        path = out / f"{identifier}.trajectory"
        left = workbench.run("export", identifier, "--leaks", "accept", "--unread-pictures", "-o", str(path))
        assert left.returncode == 0, left.stderr
    elsewhere = type(workbench)(tmp_path / "elsewhere")
    arrived = {Path(one["path"]).stem: one["id"] for one in elsewhere.json("import", str(out))}
    assert arrived.keys() == seen.keys()
    for identifier, shown in seen.items():
        assert bare(elsewhere.json("show", arrived[identifier])) == bare(shown)
    elsewhere.close()


def test_what_is_shown_has_the_clicks_that_the_raw_files_have(workbench, samples):
    (log,) = (samples / "pc_tracker").rglob("*.jsonl")
    (one,) = workbench.json("import", str(samples / "pc_tracker"))
    found = clicks_and_typing(workbench.json("show", one["id"]))
    assert found["click"] == lines_with(log, '"action": "click')
    assert found["type_text"] == lines_with(log, '"action": "type text') > 0
    (log,) = (samples / "openadapt_flow").rglob("events.jsonl")
    (one,) = workbench.json("import", str(samples / "openadapt_flow"))
    found = clicks_and_typing(workbench.json("show", one["id"]))
    kinds = Counter(json.loads(line)["kind"] for line in log.read_text().splitlines())
    assert found["click"] == kinds["click"] + kinds["double_click"] + kinds["right_click"]
    assert found["type_text"] == kinds["type"]


def test_demonstrations_arrive_one_by_one_with_their_task(workbench, samples):
    files = sorted((samples / "miniwob_demos").rglob("*.json.gz"))[::25][:DEMONSTRATIONS]
    told = {path.name: json.loads(gzip.decompress(path.read_bytes())) for path in files}
    taken = workbench.json("import", *map(str, files))
    assert [one["name"] for one in taken] == [path.name for path in files]
    listed = {one["id"]: one for one in workbench.json("list")}
    for one in taken:
        raw = told[one["name"]]
        assert listed[one["id"]]["task"] == raw["utterance"].strip()
        assert bool(one["steps"]) == any(
            (state["action"] or {}).get("type") in ("mouseup", "keydown") for state in raw["states"]
        )


def test_what_is_no_recording_is_said_in_one_line_and_nothing_is_taken(workbench, samples):
    done = workbench.run("import", str(samples / "pddl"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "is in no format that is known" in done.stderr
    assert workbench.json("list") == []
