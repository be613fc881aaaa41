"""A window that stays open for long holds no more after a run than before it, but for what it keeps on purpose."""

import threading
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
STEPS = 70


@pytest.fixture
def soak(application, tmp_path, monkeypatch):
    """The whole window, and a real child process that tells as many steps as it is asked for."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import _soak

    monkeypatch.setattr(_soak, "FRAMES", 6)
    with _soak.soaking(application, tmp_path) as made:
        both = threading.Barrier(2)  # both threads for files are there from now on, and not only once both are needed
        for begun in [made.core.tasks.soon(both.wait) for _ in range(2)]:
            begun.result(60)
        yield made


@pytest.mark.slow
def test_runs_one_after_the_other_leave_no_object_window_thread_or_open_file_behind(soak):
    soak.session(STEPS)
    before = soak.tally()
    for _ in range(2):
        soak.session(STEPS)
    after = soak.tally()
    assert after.at == 3 * STEPS
    assert after.counts == before.counts
    assert soak.core.notices.shown == []
