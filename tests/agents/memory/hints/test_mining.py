"""What the rules see in a life, and what they leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.memory.hints.living import Life, Lived
from agents.memory.hints.mining import LONGEST, Card, cards_of, contradicts

MAIN, DIALOG = "Report", "Tip of the day"


def lived(words: str, how: str = "worked", *, number: int = 1, window: str = MAIN, **fields: str) -> Lived:
    kind = {"press": "press_keys", "scroll": "scroll", "type": "type_text"}.get(words.split()[0], "click")
    target = words.partition(" ")[2] if kind == "click" else ""
    given = {"kind": kind, "words": words, "target": target, "app": "writer", **fields}
    return Lived(window=window, number=number, how=how, **given)  # type: ignore[arg-type]  # a test's words


def cards(*steps: Lived, typed: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    numbered = [Lived(**{**_fields(one), "number": number}) for number, one in enumerate(steps, 1)]
    return [(card.rule, card.words) for card in cards_of(Life("t", 1, tuple(numbered), typed))]


def _fields(one: Lived) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


SAVE, MENU = 'click menu item "Save"', 'click button "Menu"'


def test_what_failed_at_first_and_worked_after_another_step_is_reached_by_that_step() -> None:
    found = cards(lived(SAVE, "failed"), lived(MENU), lived(SAVE))
    assert found == [("reached", f"first {MENU}: only then does {SAVE} work")]


@pytest.mark.parametrize(
    "steps",
    [
        (lived(SAVE), lived(MENU), lived(SAVE)),
        (lived(SAVE, "failed"), lived(MENU, "failed"), lived(SAVE)),
        (lived(SAVE, "failed"), lived(MENU, app="other"), lived(SAVE)),
        (lived(SAVE, "failed"), *[lived(f'click button "{n} times"') for n in "ABCDEF"], lived(SAVE)),
    ],
)
def test_a_way_has_no_gap_no_detour_and_a_failure_at_its_start(steps: tuple[Lived, ...]) -> None:
    assert "reached" not in [rule for rule, _ in cards(*steps)]


def test_another_step_that_worked_right_after_one_without_effect_is_told_beside_it() -> None:
    found = cards(lived('click label "Total"', "failed"), lived('click field "Sum"'))
    assert found == [("instead", 'click label "Total" had no effect; click field "Sum" had')]
    assert cards(lived('click label "Total"', "failed"), lived('click field "Sum"', window="Elsewhere")) == []


def test_a_control_that_was_used_right_after_scrolling_may_be_out_of_sight() -> None:
    found = cards(lived('scroll down over list "Files"', "unclear"), lived('click item "Zebra"'))
    assert found == [("scrolled", 'item "Zebra" may be out of sight: scroll down over list "Files" first')]
    assert cards(lived('scroll down over list "Files"'), lived('click item "Zebra"', "failed")) == []


def test_a_window_that_nobody_asked_for_and_the_step_that_closed_it() -> None:
    found = cards(lived('click field "Sum"'), lived('click button "Close"', window=DIALOG), lived('click field "Sum"'))
    assert found == [("interrupted", f'when the window “{DIALOG}” comes in the way, click button "Close" closes it')]


@pytest.mark.parametrize("opener", ['click button "Tips…"', 'click menu item "Tip of the day"', "press ctrl+t"])
def test_a_window_that_the_step_before_opens_is_not_in_the_way(opener: str) -> None:
    assert cards(lived(opener), lived('click button "Close"', window=DIALOG), lived('click field "Sum"')) == []


def test_the_mark_of_unsaved_changes_makes_no_other_window() -> None:
    steps = (lived('click field "Sum"'), lived('click button "Bold"', window=f"*{MAIN}"), lived('click field "Sum"'))
    assert cards(*steps) == []


def test_what_a_person_refused_with_words_and_what_they_put_instead() -> None:
    found = cards(
        lived(SAVE, "rejected", said="never overwrite the template"),
        lived(MENU, "rejected"),
        lived(SAVE, "modified", instead='click menu item "Save as"'),
    )
    assert found == [
        ("refused", f"a person refused to {SAVE}, saying “never overwrite the template”"),
        ("refused", f'instead of {SAVE}, a person had this done: click menu item "Save as"'),
    ]


def test_what_was_tried_again_and_again_is_told_once() -> None:
    found = cards(*[lived('click label "Total"', "failed")] * 3)
    assert found == [("idle", 'click label "Total" has no effect here, however often it is done')]
    assert cards(lived('click label "Total"', "failed")) == []


def test_what_has_an_effect_in_another_life_contradicts_that_it_has_none() -> None:
    idle = Card("idle", "writer", MAIN, SAVE, "…", 1, 1)
    other = Life("t", 1, (lived(SAVE),))
    assert contradicts(other, idle)
    assert not contradicts(Life("t", 1, (lived(SAVE, window="Other"),)), idle)
    assert not contradicts(Life("t", 1, (lived(SAVE, "unclear"),)), idle)
    assert not contradicts(other, Card("refused", "writer", MAIN, SAVE, "…", 1, 1))


@pytest.mark.parametrize(
    ("typed", "kept"), [("zebra", False), ("zeb", True), ("z", True), ("item", False), ("nothing", True)]
)
def test_no_hint_has_typed_text_in_its_words(typed: str, kept: bool) -> None:
    steps = (lived('scroll down over list "Files"'), lived('click item "Zebra"'))
    assert bool(cards(*steps, typed=frozenset({typed}))) is kept


def test_nothing_is_made_of_steps_whose_program_nobody_knows_nor_of_endless_names() -> None:
    steps = (lived(SAVE, "failed", app=""), lived(MENU, app=""), lived(SAVE, app=""))
    assert cards(*steps) == []
    assert cards(*[lived(f'click label "{"x" * LONGEST}"', "failed")] * 2) == []


words = st.sampled_from([SAVE, MENU, 'click label "Total"', "press ctrl+s", 'scroll down over list "Files"'])
hows = st.sampled_from(["worked", "failed", "unclear", "rejected", "modified"])
lives = st.lists(
    st.builds(lambda w, h, win: lived(w, h, window=win, said="no"), words, hows, st.sampled_from([MAIN, DIALOG]))
)


@given(lives, st.frozensets(st.sampled_from(["save", "menu", "total", "files", "tip"])))
def test_whatever_happened_a_card_points_at_its_steps_and_tells_nothing_typed(
    steps: list[Lived], typed: frozenset[str]
) -> None:
    numbered = tuple(Lived(**{**_fields(one), "number": number}) for number, one in enumerate(steps, 1))
    life = Life("t", 1, numbered, typed)
    for card in cards_of(life):
        assert 1 <= card.first <= card.last <= len(steps)
        assert card.app == "writer"
        assert len(card.words) <= LONGEST
        assert not any(text in card.words.casefold() for text in typed)
