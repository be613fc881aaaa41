"""The rule by itself: what any votes allow, and what none ever do."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.geometry import Point, Rect
from workbench.locate.decide import DEFAULT_THRESHOLDS, Grounds, decide, stands_out
from workbench.locate.verdict import Vote

HERE, NEAR, FAR = Point(100, 100), Point(104, 98), Point(400, 300)

scores = st.floats(0, 1, allow_nan=False)
points = st.sampled_from([HERE, NEAR, FAR, None])
votes = st.builds(
    Vote,
    witness=st.sampled_from(["element", "crop", "text"]),
    state=st.sampled_from(["found", "absent", "blind", "veto"]),
    point=points,
    confidence=scores,
    runner_up=scores,
    cause=st.sampled_from(["", "ambiguous", "missing", "renamed", "disabled"]),
    reason=st.just("so it is"),
)
ballots = st.lists(votes, max_size=3, unique_by=lambda vote: vote.witness).map(tuple)
grounds = st.builds(Grounds, one_pixel_voice=st.booleans(), sure_window=st.booleans(), roomy=st.booleans())


def found(witness, point=HERE, confidence=1.0, runner_up=0.0, region=None):
    return Vote(witness, "found", point, region, confidence, runner_up)


@given(ballots, grounds)
def test_a_point_needs_a_witness_that_found_it(cast, on):
    verdict = decide(cast, on)
    places = [vote.point for vote in cast if vote.state == "found"]
    assert verdict.point is None or verdict.point in places


@given(ballots, grounds)
def test_a_veto_always_wins(cast, on):
    if any(vote.state == "veto" for vote in cast):
        assert decide(cast, on).point is None


@given(ballots, grounds)
def test_every_halt_has_a_cause_and_a_sentence_and_no_point_has_either(cast, on):
    verdict = decide(cast, on)
    assert (verdict.point is None) == bool(verdict.cause) == bool(verdict.reason)
    assert (verdict.point is None) == (verdict.located_by == ())


@given(ballots, grounds)
def test_the_order_of_the_votes_does_not_matter(cast, on):
    first = decide(cast, on)
    for order in permutations(cast):
        again = decide(order, on)
        assert (again.point, again.cause, again.located_by) == (first.point, first.cause, first.located_by)


@given(ballots, grounds, st.integers(0, 2), scores)
def test_a_surer_vote_never_stops_what_was_allowed(cast, on, which, more):
    before = decide(cast, on)
    if which < len(cast) and before.point is not None:
        surer = replace(cast[which], confidence=max(cast[which].confidence, more))
        after = decide((*cast[:which], surer, *cast[which + 1 :]), on)
        assert after.point is not None
        assert after.confidence >= before.confidence


@given(ballots, grounds, scores)
def test_a_better_runner_up_never_allows_what_was_stopped(cast, on, closer):
    worse = tuple(replace(vote, runner_up=max(vote.runner_up, closer)) for vote in cast)
    if decide(cast, on).point is None:
        assert decide(worse, on).point is None


@given(ballots, grounds)
def test_witnesses_that_name_different_places_never_act(cast, on):
    places = {vote.point for vote in cast if vote.state == "found" and vote.point is not None}
    if FAR in places and len(places) > 1:
        assert decide(cast, on).point is None


@given(ballots)
def test_another_window_needs_two_voices(cast):
    verdict = decide(cast, Grounds(sure_window=False))
    assert verdict.point is None or "element" in verdict.located_by


def test_two_agreeing_witnesses_act_however_close_their_runners_up():
    verdict = decide((found("element", confidence=0.8, runner_up=0.8), found("crop", NEAR, 0.9, 0.85)), Grounds())
    assert verdict.point == HERE
    assert verdict.located_by == ("element", "crop")
    assert verdict.confidence == pytest.approx(0.98)


def test_crop_and_text_are_one_voice_where_accessibility_sees():
    pair = (found("crop", confidence=0.92), found("text", confidence=0.95))
    assert decide(pair, Grounds(one_pixel_voice=True)).cause == "weak"
    assert decide(pair, Grounds(one_pixel_voice=False)).point == HERE


def test_one_witness_alone_must_be_sure():
    assert decide((found("crop", confidence=DEFAULT_THRESHOLDS.alone),), Grounds()).point == HERE
    assert decide((found("crop", confidence=DEFAULT_THRESHOLDS.alone - 0.01),), Grounds()).cause == "weak"


def test_one_witness_alone_must_be_far_ahead():
    assert decide((found("crop", confidence=1.0, runner_up=0.99),), Grounds()).cause == "weak"
    assert not stands_out(0.97, 0.95)
    assert stands_out(0.97, 0.93)


def test_pixels_alone_do_not_act_on_what_accessibility_misses():
    for cause in ("missing", "ambiguous"):
        told = Vote("element", "absent", cause=cause, reason="it is not there")
        assert decide((told, found("crop")), Grounds()).cause == cause


def test_anywhere_on_a_button_is_the_same_place_and_on_a_map_it_is_not():
    wide = (found("element", Point(20, 10), region=Rect(0, 0, 300, 30)), found("crop", Point(250, 12)))
    assert decide(wide, Grounds(same_surface=True)).point == Point(20, 10)
    assert decide(wide, Grounds(same_surface=False)).cause == "disagreement"


def test_on_a_large_target_the_pixels_know_the_point():
    pair = (found("element"), found("crop", NEAR))
    assert decide(pair, Grounds(roomy=True)).point == NEAR


def test_nothing_recorded_is_no_witness():
    assert decide((), Grounds()).cause == "no-witness"


def test_the_most_telling_cause_is_told():
    blind = Vote("crop", "blind", cause="ambiguous", reason="two places look alike")
    absent = Vote("element", "absent", cause="missing", reason="it is nowhere")
    assert decide((absent, blind), Grounds()).reason == "two places look alike"


def test_of_two_witnesses_with_one_cause_the_one_that_knows_names_is_told():
    pixels = Vote("crop", "blind", cause="ambiguous", reason="two places look like the recording")
    names = Vote("element", "blind", cause="ambiguous", reason="2 elements are a button 'Save'")
    assert decide((pixels, names), Grounds()).reason == names.reason
