"""What a line of the library says."""

import time

import pytest

from ui.qt.library import entries
from ui.qt.library.dialogs import common_tags, split_tags
from workbench.errors import BadInputError
from workbench.library.records import Hit, Summary


def _entry(identifier="a", **fields):
    chosen = {"title": "A letter", "task": "", "created": 5.0, "steps": 2, "source": "human", "seconds": 3.0}
    return Summary(id=identifier, **(chosen | {"state": "complete"} | fields))


def _names(found):
    return [one.id for one in found]


def test_each_order_sorts_and_leaves_equals_as_they_were():
    old, long, new = (
        _entry("old", created=1.0, title="b"),
        _entry("long", created=2.0, title="C", steps=9),
        _entry("new", created=3.0, title="a"),
    )
    given = [new, long, old]
    assert _names(entries.ordered(given, "newest")) == ["new", "long", "old"]
    assert _names(entries.ordered(given, "oldest")) == ["old", "long", "new"]
    assert _names(entries.ordered(given, "title")) == ["new", "old", "long"]
    assert _names(entries.ordered(given, "steps")) == ["long", "new", "old"]


def test_a_tag_sifts_whatever_its_case_and_is_offered_once():
    one, other, bare = _entry("1", tags=("Mail", "weekly")), _entry("2", tags=("mail",)), _entry("3")
    assert _names(entries.tagged([one, other, bare], "MAIL")) == ["1", "2"]
    assert _names(entries.tagged([one, other, bare], "")) == ["1", "2", "3"]
    assert [tag.lower() for tag in entries.tags_of([one, other, bare])] == ["mail", "weekly"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ["recorded"]),
        ({"source": "import", "reviewed": False}, ["not reviewed", "imported"]),
        ({"state": "recording"}, ["recording", "recorded"]),
        ({"state": "recording", "source": "agent"}, ["running", "agent"]),
        ({"state": "broken"}, ["broken off", "recorded"]),
        ({"outcome": "failed"}, ["recorded", "last run failed"]),
    ],
)
def test_badges_say_what_to_know_before_opening_it(fields, said):
    assert [badge.text for badge in entries.badges(_entry(**fields))] == said


def test_moments_are_told_as_people_say_them():
    now = time.mktime((2026, 7, 15, 12, 0, 0, 0, 0, -1))
    assert entries.when(now - 3600, now) == "today 11:00"
    assert entries.when(now - 86_400, now) == "yesterday 12:00"
    assert entries.when(now - 40 * 86_400, now).startswith("5 ")
    assert entries.when(now - 400 * 86_400, now).endswith(" 2025")
    assert entries.when(0.0, now) == entries.when(1e300, now) == ""


def test_a_line_is_told_to_those_who_hear_it_and_shows_no_control_characters():
    said = entries.spoken(_entry(title="evil\u202e\ntitle", task="do it", tags=("home",), outcome="finished"))
    assert said.startswith("evil")
    assert "\u202e" not in said
    assert "\n" not in said
    assert all(word in said for word in ("do it", "recorded", "last run finished", "home", "2 steps", "3.0 s"))


def test_hits_are_grouped_by_trajectory_with_their_steps_in_order():
    hits = [
        Hit("b", "Beta", None, "Beta", 9.0),
        Hit("a", "Alpha", 7, "save as", 8.0, "click Save"),
        Hit("b", "Beta", 2, "save", 7.0, "click Save"),
        Hit("a", "Alpha", 3, "saved", 6.0, ""),
    ]
    assert [(one.trajectory, one.step, one.description, one.snippet) for one in entries.grouped(hits)] == [
        ("b", None, "", ""),
        ("b", 2, "click Save", ""),
        ("a", None, "", ""),
        ("a", 3, "", "saved"),
        ("a", 7, "click Save", "save as"),
    ]


def test_tags_are_typed_with_commas_between_them():
    assert split_tags(" mail,, two  words ,") == ["mail", "two words"]
    with pytest.raises(BadInputError):
        split_tags("x" * 41)


def test_several_trajectories_share_the_tags_that_all_have():
    assert common_tags([_entry(tags=("Mail", "x")), _entry(tags=("mail",))]) == ["Mail"]
    assert common_tags([_entry(tags=("Mail",)), _entry()]) == []
