"""How often a way of finding was right is counted, kept and weighed."""

import subprocess
import sys
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.merit import Merit, Merits, learn_merits, load_merits
from workbench.errors import BadInputError, UnavailableError

COUNTS = st.integers(0, 1000)


@given(COUNTS, COUNTS)
def test_rate_and_trust_stay_within_bounds_and_grow_with_every_hit(hits, misses):
    merit, better = Merit(hits, hits + misses), Merit(hits + 1, hits + misses + 1)
    assert 0 < merit.rate < 1
    assert 0 < merit.trust <= 1
    assert better.rate > merit.rate
    assert better.trust >= merit.trust


def test_a_way_that_was_never_wrong_is_trusted_wholly_and_one_that_was_is_not():
    assert Merit().trust == Merit(9, 9).trust == 1.0
    assert Merit(9, 10).trust < 0.97


@given(st.lists(st.tuples(st.sampled_from(["choice", "pointing", "letters"]), st.booleans())))
def test_every_try_is_counted_for_its_way_alone(tries):
    merits = Merits()
    for source, hit in tries:
        merits = merits.counted(source, hit=hit)
    for source in ("choice", "pointing", "letters"):
        own = [hit for other, hit in tries if other == source]
        assert merits.of(source) == Merit(sum(own), len(own))


def test_what_was_kept_is_read_again(tmp_path):
    path = tmp_path / "merits.json"
    merits = Merits().counted("choice", hit=True).counted("pointing", hit=False)
    assert load_merits(path) == Merits()
    for _ in range(2):
        assert learn_merits(path, lambda _: merits) == merits
    assert load_merits(path) == merits
    assert sorted(one.name for one in tmp_path.iterdir()) == ["merits.json", "merits.json.lock"]


COUNTS_ON = """
import sys
from pathlib import Path
from agents.grounding.merit import learn_merits

sys.stdin.readline()
for _ in range(TIMES):
    learn_merits(Path(sys.argv[1]), lambda merits: merits.counted("choice", hit=True))
"""


def test_what_two_processes_learn_at_once_is_all_kept(tmp_path, root):
    path, times = tmp_path / "merits.json", 100
    command = [sys.executable, "-c", COUNTS_ON.replace("TIMES", str(times)), str(path)]
    with ExitStack() as stack:
        both = [stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, cwd=root)) for _ in range(2)]
        for process in both:
            process.stdin.write(b"go\n")
            process.stdin.close()
        assert [process.wait() for process in both] == [0, 0]
    assert load_merits(path).of("choice") == Merit(2 * times, 2 * times)


def test_a_damaged_record_says_which_file_it_is(tmp_path):
    path = tmp_path / "merits.json"
    path.write_text("{")
    with pytest.raises(BadInputError, match=r"merits\.json"):
        load_merits(path)


def test_a_folder_that_cannot_be_made_says_what_to_mend(tmp_path):
    (tmp_path / "nowhere").write_text("a file")
    with pytest.raises(UnavailableError, match="make its folder writable"):
        learn_merits(tmp_path / "nowhere" / "merits.json", lambda merits: merits)


def test_a_file_that_cannot_be_replaced_says_what_to_mend_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "merits.json"

    def learned(merits):
        path.mkdir()
        return merits

    with pytest.raises(UnavailableError, match="cannot be written"):
        learn_merits(path, learned)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["merits.json", "merits.json.lock"]
