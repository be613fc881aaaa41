"""What repeats is found whatever stands around it, and nothing that does not."""

import random
from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agents.memory.workflows.repeating import LEAST_SEQUENCES, LEAST_STEPS, Repeat, repeats

SEQUENCES = st.lists(st.lists(st.integers(-1, 6), max_size=14), max_size=7)


def _there(repeat: Repeat, sequences: Sequence[Sequence[int]]) -> bool:
    size = len(repeat.tokens)
    return all(
        tuple(sequences[place.sequence][place.start : place.start + size]) == repeat.tokens for place in repeat.places
    )


@given(SEQUENCES)
def test_every_run_stands_where_it_says_in_several_sequences_and_over_no_other(sequences):
    seen: set[tuple[int, int]] = set()
    for repeat in repeats(sequences):
        assert _there(repeat, sequences)
        assert len(repeat.tokens) >= LEAST_STEPS
        assert len(set(repeat.tokens)) > 1
        assert min(repeat.tokens) >= 0
        assert len({place.sequence for place in repeat.places}) == len(repeat.places) >= LEAST_SEQUENCES
        covered = {(p.sequence, p.start + at) for p in repeat.places for at in range(len(repeat.tokens))}
        assert not covered & seen
        seen |= covered


@given(SEQUENCES)
def test_nothing_that_repeats_is_missed_where_nothing_is_found(sequences):
    pairs = [{(a, b) for a, b in pairwise(one) if a >= 0 and b >= 0 and a != b} for one in sequences]
    shared = any(one & other for at, one in enumerate(pairs) for other in pairs[at + 1 :])
    assert bool(repeats(sequences)) == shared


def test_routines_are_found_among_a_thousand_sequences_each_once_and_whole():
    chance = random.Random(7)
    routines = [tuple(range(100 * number, 100 * number + 4 + number % 5)) for number in range(1, 21)]
    sequences = []
    for number in range(1000):
        noise = [10_000 + 100 * number + at for at in range(4)]
        chosen = chance.sample(routines, 3)
        sequences.append([*chosen[0], noise[0], *chosen[1], *noise[1:3], *chosen[2], noise[3]])
    assert {one.tokens for one in repeats(sequences)} == set(routines)


def test_a_long_routine_is_told_before_a_frequent_pair_of_steps():
    sequences = [[1, 2, 3, 4, 5, 6]] * 3 + [[90 + at, 5, 6, 190 + at] for at in range(9)]
    found = repeats(sequences)
    assert [one.tokens for one in found] == [(1, 2, 3, 4, 5, 6), (5, 6)]
    assert len(found[1].places) == 9


def test_a_variant_of_a_routine_that_was_found_is_not_told():
    sequences = [[1, 2, 3, 4, 5, 6, 7, 8]] * 4 + [[1, 2, 3, 4, 5, 6, 7]] * 2
    assert len(repeats(sequences)) == 1
