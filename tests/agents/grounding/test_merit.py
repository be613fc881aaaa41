"""How often a way of finding was right is counted, kept and weighed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.grounding.merit import Merit, Merits, load_merits, save_merits
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
    save_merits(path, merits)
    save_merits(path, merits)
    assert load_merits(path) == merits
    assert [one.name for one in tmp_path.iterdir()] == ["merits.json"]


def test_a_damaged_record_says_which_file_it_is(tmp_path):
    path = tmp_path / "merits.json"
    path.write_text("{")
    with pytest.raises(BadInputError, match=r"merits\.json"):
        load_merits(path)


def test_a_folder_that_is_not_there_says_what_to_mend(tmp_path):
    with pytest.raises(UnavailableError, match="cannot be written"):
        save_merits(tmp_path / "nowhere" / "merits.json", Merits())
