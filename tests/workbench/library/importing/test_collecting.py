"""What readers of formats of steps share: numbers of any size end as something that can be stored, or as nothing."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.geometry import Point, Rect
from workbench.library.importing import collecting
from workbench.library.importing.pictures import Shot
from workbench.session.variables import NAME

ANY = st.floats() | st.integers(-(10**30), 10**30).map(float)
SHOT = Shot("f", 320, 200)


@given(x=ANY, y=ANY)
def test_a_place_is_on_the_picture_or_none(x, y):
    found = collecting.place(x, y, SHOT)
    inside = 0 <= x < 320 and 0 <= y < 200
    assert found == (Point(math.floor(x), math.floor(y)) if inside else None)


@given(sides=st.tuples(ANY, ANY, ANY, ANY))
def test_a_box_is_no_larger_than_a_desktop_or_none(sides):
    found = collecting.box(*sides)
    assert found is None or (max(abs(found.x), abs(found.y)) <= collecting.LIMIT_PX and found.right >= found.x)


def test_a_box_holds_all_of_what_it_is_around():
    assert collecting.box(0.5, 1, 9.2, 8) == Rect(0, 1, 10, 7)


@pytest.mark.parametrize(("count", "whole"), [(0, 0), (0.2, 1), (-0.2, -1), (2.4, 2), (1001, None), (math.nan, None)])
def test_a_wheel_that_was_turned_was_turned_by_a_notch(count, whole):
    assert collecting.notches(count) == whole


@given(count=ANY)
def test_any_time_can_be_stored(count):
    seen = collecting.observed(None, after_s=count)
    assert 0 <= seen.monotonic_ns < 2**63


@given(
    given=st.lists(st.text(max_size=4), max_size=8), literal=st.lists(st.from_regex(r"\{\{[a-z_]{1,2}\}\}"), max_size=5)
)
def test_variables_have_different_names_that_no_literal_text_has(given, literal):
    names = collecting.variable_names(given, literal)
    assert set(names) == set(given)
    assert len(set(names.values())) == len(names)
    for name in names.values():
        assert NAME.fullmatch(name)
        assert not any("{{" + name + "}}" in text for text in literal)


@given(name=st.text(max_size=100))
def test_names_of_secrets_fit_the_keyring(name):
    from workbench.secrets import check_name

    check_name(collecting.secret_name(name))


def test_keys_are_known_all_or_none():
    assert collecting.keys_of(["Control_L", "S"]) == ("ctrl", "s")
    assert collecting.keys_of(["S"]) == ("S",)
    assert collecting.keys_of(["ctrl", "nonsense"]) is None
    assert collecting.keys_of(["ctrl", "Control_R"]) is None
    assert collecting.keys_of([]) is None


def test_times_without_a_zone_are_of_utc_and_never_before_1970():
    assert collecting.epoch_s(datetime(1970, 1, 2)) == 86400.0
    assert collecting.epoch_s(datetime(1969, 1, 1, tzinfo=UTC)) == 0.0
    assert collecting.epoch_s(collecting.moment("1970-01-01T01:00:00+01:00")) == 0.0
    assert collecting.moment("yesterday") is None


def test_titles_are_one_short_line():
    assert collecting.title_of("\n  one \ntwo", "other") == "one"
    assert collecting.title_of(" \n", "other") == "other"
    assert len(collecting.title_of("x" * 200, "")) == collecting.LONGEST_TITLE
