"""A library that one process has open twice: what another process does at its end must not harm it."""

import subprocess
import sys

from workbench.library.store import Library
from workbench.trajectory import Trajectory

ELSEWHERE = """
import sys
from pathlib import Path
from workbench.library.store import Library
from workbench.trajectory import Trajectory
with Library.open(Path(sys.argv[1])) as library:
    library.save(Trajectory(library.new_id(), "from elsewhere"))
"""


def test_opening_a_library_again_keeps_others_from_taking_the_log_away(tmp_path):
    with Library.open(tmp_path) as first:
        first.save(Trajectory(first.new_id(), "one"))
        with Library.open(tmp_path) as second:
            subprocess.run([sys.executable, "-c", ELSEWHERE, str(tmp_path)], check=True, timeout=60)
            assert (tmp_path / "library.db-wal").exists(), "the other process took itself for the last one"
            second.save(Trajectory(second.new_id(), "two"))
        first.save(Trajectory(first.new_id(), "three"))
        assert sorted(each.title for each in first.summaries()) == ["from elsewhere", "one", "three", "two"]
    with Library.open(tmp_path) as again:
        assert again.verify() == []
