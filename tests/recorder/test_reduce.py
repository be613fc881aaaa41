"""Raw events become the steps that a person would say they did."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.gestures import thinned
from recorder.reduce import explain, reduce
from workbench.actions import (
    Action,
    Activate,
    Click,
    Condition,
    Drag,
    Hover,
    Note,
    PathPoint,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.geometry import Point, Rect
from workbench.inputs import EventKind
from workbench.trajectory import Element, PathNode


def actions(hand: Any) -> list[Action]:
    return [step.action for step in reduce(hand.events, hand.sightings)]


@pytest.fixture
def hand(kit: Any) -> Any:
    return kit.hand()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_quick_presses_at_one_place_are_one_click_with_a_count(hand: Any, count: int) -> None:
    assert actions(hand.click(50, 60, count=count)) == [Click(count=count)]


def test_a_fourth_quick_press_begins_a_new_click(hand: Any) -> None:
    assert actions(hand.click(50, 60, count=5)) == [Click(count=3), Click(count=2)]


def test_presses_apart_in_time_or_place_are_separate_clicks(hand: Any) -> None:
    hand.click(50, 60).wait(500).click(50, 60).click(80, 60)
    assert actions(hand) == [Click(), Click(), Click()]


def test_a_click_keeps_its_button_and_the_modifiers_held(hand: Any) -> None:
    hand.click(5, 5, button="right").click(90, 90, held=("ctrl", "shift"))
    assert actions(hand) == [Click("right"), Click("left", 1, ("ctrl", "shift"))]


def test_a_click_says_where_it_was_and_which_events_it_came_from(hand: Any) -> None:
    (step,) = reduce(hand.click(50, 60).events, ())
    assert step.target is not None
    assert step.target.point == Point(50, 60)
    assert (step.first_event, step.last_event) == (2, 3)


def test_a_press_that_travels_is_a_drag_with_its_path_and_destination(hand: Any) -> None:
    (step,) = reduce(hand.drag([(10, 10), (60, 10), (110, 10), (110, 80)]).events, ())
    assert step.action == Drag(path=(PathPoint(100, 0, 40), PathPoint(100, 70, 60)))
    assert step.destination is not None
    assert step.destination.point == Point(110, 80)


def test_a_hand_that_trembles_while_clicking_does_not_drag(hand: Any) -> None:
    assert actions(hand.drag([(10, 10), (13, 12), (11, 10)])) == [Click()]


def test_notches_at_one_place_are_summed_per_direction(hand: Any) -> None:
    hand.scroll(0, 1, times=4).scroll(0, -1, times=2)
    assert actions(hand) == [Scroll(dy=4), Scroll(dy=-2)]


def test_scrolling_elsewhere_is_another_step(hand: Any) -> None:
    hand.scroll(0, 1, times=2)
    hand.move(400, 400)
    assert actions(hand.scroll(0, 1)) == [Scroll(dy=2), Scroll(dy=1)]


def test_backspace_takes_back_what_was_typed(hand: Any) -> None:
    assert actions(hand.type("helo").key("BackSpace").type("lo")) == [TypeText("hello")]


def test_backspace_beyond_the_typed_text_is_pressed(hand: Any) -> None:
    hand.type("a").key("BackSpace").key("BackSpace").key("BackSpace")
    assert actions(hand) == [PressKeys(("BackSpace",), 2)]


def test_text_that_was_taken_back_completely_leaves_no_step_but_is_explained(hand: Any) -> None:
    hand.type("ab").key("BackSpace").key("BackSpace")
    reduction = explain(hand.events, ())
    assert reduction.steps == ()
    assert list(reduction.aside.values()).count("typed and taken back") == 4


def test_shortcuts_name_their_keys_without_the_level_that_shift_chose(hand: Any) -> None:
    hand.key("s", "s", held=("ctrl",)).key("Z", "Z", held=("ctrl", "shift")).key("ISO_Left_Tab", held=("shift",))
    keys = [("ctrl", "s"), ("ctrl", "shift", "z"), ("shift", "Tab")]
    assert actions(hand) == [PressKeys(k) for k in keys]


def test_shift_while_typing_is_part_of_the_text(hand: Any) -> None:
    assert actions(hand.key("A", "A", held=("shift",)).type("b")) == [TypeText("Ab")]


def test_named_keys_in_a_row_are_counted(hand: Any) -> None:
    hand.key("Right").key("Right").key("Tab").key("Return").wait(1500).key("Return")
    assert actions(hand) == [
        PressKeys(("Right",), 2),
        PressKeys(("Tab",)),
        PressKeys(("Return",)),
        PressKeys(("Return",)),
    ]


def test_a_key_that_repeats_by_itself_types_again(hand: Any) -> None:
    hand.key_down("a", "a")
    hand.wait(400)
    for _ in range(3):
        hand.wait(30).key_down("a", "a")
    hand.key_up("a")
    assert actions(hand) == [TypeText("aaaa")]


def test_super_alone_opens_the_menu_but_not_when_it_was_held_for_something(hand: Any) -> None:
    hand.key("super").click(50, 50, held=("super",))
    assert actions(hand) == [PressKeys(("super",)), Click(modifiers=("super",))]


def test_return_stays_in_text_only_where_the_field_has_several_lines(kit: Any) -> None:
    single, several = kit.hand(), kit.hand()
    for hand, many in ((single, False), (several, True)):
        hand.key_down("a", "a")
        hand.see(focused=kit.entry(multi_line=many), active=kit.window())
        hand.key("Return").type("b")
    assert actions(several) == [TypeText("a\nb")]
    assert actions(single) == [TypeText("a"), PressKeys(("Return",)), TypeText("b")]


def test_dead_keys_and_compose_give_the_text_that_arrives(hand: Any) -> None:
    hand.key("dead_acute").key("e", "e").key("dead_circumflex").key("space", " ").key("Multi_key").type("oe")
    assert actions(hand) == [TypeText("é^œ")]


def test_the_fields_value_tells_what_an_input_method_made_of_the_keys(kit: Any) -> None:
    hand = kit.hand()
    first = hand.key_down("n", "n")
    hand.see(focused=kit.entry(value=""), active=kit.window())
    hand.type("i").see(before=False, focused=kit.entry(value="你"), active=kit.window())
    (step,) = reduce(hand.events, hand.sightings)
    assert first.seq == step.first_event
    assert step.action == TypeText("你")
    assert step.outcome.element is not None
    assert step.outcome.element.value == "你"


def test_a_completed_or_reformatted_value_does_not_replace_what_was_typed(kit: Any) -> None:
    hand = kit.hand()
    hand.key_down("g", "g")
    hand.see(focused=kit.entry(value=""), active=kit.window())
    hand.see(before=False, focused=kit.entry(value="google – suche"), active=kit.window())
    assert actions(hand) == [TypeText("g")]


def test_text_splits_where_the_focus_moved_by_itself(kit: Any) -> None:
    hand = kit.hand()
    for label, character in (("Name", "a"), ("City", "b")):
        hand.key_down(character, character)
        hand.see(focused=kit.entry(label), active=kit.window())
        hand.key_up(character)
    steps = reduce(hand.events, hand.sightings)
    assert [step.action for step in steps] == [TypeText("a"), TypeText("b")]
    assert [step.target.element.label for step in steps if step.target and step.target.element] == ["Name", "City"]


@pytest.mark.parametrize("said", [{"label": ""}, {"path": ()}, {"path": (PathNode("panel", index=2),)}, {}])
def test_text_goes_on_in_a_field_of_which_a_busy_application_says_only_a_part(kit: Any, said: dict[str, Any]) -> None:
    whole = msgspec.structs.replace(
        kit.entry("Name"), path=(PathNode("frame"), PathNode("panel", index=1), PathNode("panel", index=2))
    )
    hand = kit.hand()
    for character, field in (("a", whole), ("b", msgspec.structs.replace(whole, **said)), ("c", whole)):
        hand.key_down(character, character)
        hand.see(focused=field, active=kit.window())
        hand.key_up(character)
    parts = [action.text for action in actions(hand)]
    assert parts == (["a", "b", "c"] if said == {"path": ()} else ["abc"])


def test_a_label_that_was_told_only_afterwards_is_kept(kit: Any) -> None:
    hand = kit.hand()
    hand.key_down("a", "a")
    hand.see(focused=kit.entry(""), active=kit.window())
    hand.key_up("a")
    hand.see(before=False, focused=kit.entry("Name"), active=kit.window())
    (step,) = reduce(hand.events, hand.sightings)
    assert step.target.element.label == "Name"


def test_a_secret_is_a_step_that_holds_its_name_and_says_what_is_missing(kit: Any) -> None:
    hand = kit.hand()
    hand.put("secret", text="app.password")
    hand.see(focused=kit.entry("Password", value=None), active=kit.window())
    (step,) = reduce(hand.events, hand.sightings)
    assert step.action == TypeText(secret="app.password")
    assert "not recorded" in step.masked
    assert step.target is not None
    assert step.target.element is not None
    assert step.target.element.label == "Password"


def test_notes_become_steps(hand: Any) -> None:
    hand.put("note", text="now the totals")
    assert actions(hand) == [Note("now the totals")]


def test_what_is_held_across_a_pause_is_no_step(hand: Any) -> None:
    hand.key_down("ctrl")
    hand.down()
    hand.put("pause")
    hand.put("resume")
    hand.up()
    hand.key_up("ctrl")
    hand.type("x")
    reduction = explain(hand.events, ())
    assert [step.action for step in reduction.steps] == [TypeText("x")]
    assert len(reduction.aside) == len(hand.events) - 1


def test_a_window_that_came_by_itself_late_is_waited_for(kit: Any) -> None:
    hand = kit.hand().click(50, 50)
    hand.see(before=False, active=kit.window(title="Main"))
    hand.wait(4000).key_down("Return")
    hand.see(active=kit.window(title="Import finished"))
    assert actions(hand) == [
        Click(),
        Wait(until=Condition(window="Import finished", app="mousepad")),
        PressKeys(("Return",)),
    ]


def test_a_window_that_followed_the_input_is_not_waited_for(kit: Any) -> None:
    hand = kit.hand().click(50, 50)
    hand.see(before=False, active=kit.window(title="Main"))
    hand.wait(800).key_down("Return")
    hand.see(active=kit.window(title="Question"))
    assert actions(hand) == [Click(), PressKeys(("Return",))]


def test_a_window_brought_to_the_front_while_paused_is_activated(kit: Any) -> None:
    hand = kit.hand().click(50, 50)
    hand.see(before=False, active=kit.window("galculator", "Calc"))
    hand.put("pause")
    hand.put("resume")
    hand.key_down("a", "a")
    hand.see(active=kit.window("mousepad", "Notes"))
    assert actions(hand) == [Click(), Activate("mousepad", "Notes"), TypeText("a")]


def test_what_an_excluded_application_got_is_said_on_the_next_step(kit: Any) -> None:
    hand = kit.hand().click(50, 50)
    hand.put("excluded")
    hand.click(90, 90)
    steps = reduce(hand.events, ())
    assert [bool(step.masked) for step in steps] == [False, True]


def test_walking_through_the_list_of_windows_activates_the_one_it_ended_at(kit: Any) -> None:
    hand = kit.hand()
    hand.key_down("alt")
    for _ in range(2):
        hand.key("Tab").wait(1500)
    hand.key_up("alt")
    hand.see(before=False, active=kit.window("galculator", "Calc"))
    assert actions(hand) == [Activate("galculator", "Calc")]


def _menu(kit: Any, hand: Any, *, inside: bool) -> None:
    menu = Element("gimp", "Main", "menu", "Recent", Rect(0, 0, 80, 20))
    path = (PathNode("menu", "Recent"),) if inside else ()
    item = Element("gimp", "Main", "menu item", "one.png", Rect(100, 0, 80, 20), path=path)
    hand.move(20, 10)
    hand.see(element=menu, window=kit.window("gimp", "", 7)).wait(700).move(110, 10)
    hand.down()
    hand.see(element=item, window=kit.window("gimp", "", 7)).wait(40).up()


def test_resting_on_a_menu_whose_item_is_clicked_next_is_a_hover(kit: Any) -> None:
    hand = kit.hand()
    _menu(kit, hand, inside=True)
    assert actions(hand) == [Hover(dwell_ms=700), Click()]


def test_a_click_where_the_pointer_already_is_needs_no_movement_before_it(kit: Any) -> None:
    hand = kit.hand()
    press = hand.down()
    hand.put("button_up", button="left", point=press.point)
    hand.see(press, element=kit.entry(), window=kit.window())
    assert [step.action for step in reduce(hand.events, hand.sightings)] == [Click()]


def test_resting_on_something_that_opened_nothing_is_no_hover(kit: Any) -> None:
    hand = kit.hand()
    _menu(kit, hand, inside=False)
    assert actions(hand) == [Click()]


def test_outcome_is_what_was_seen_after_and_else_what_the_next_step_saw(kit: Any) -> None:
    hand = kit.hand().click(50, 50)
    hand.see(before=False, frame="aa", active=kit.window(title="One")).wait(600).click(300, 300).wait(600)
    hand.move(500, 500)
    hand.see(hand.down(), frame="bb", active=kit.window(title="Two")).up()
    first, second, third = reduce(hand.events, hand.sightings)
    assert (first.outcome.frame, second.outcome.frame, third.observation.frame) == ("aa", "bb", "bb")
    assert third.outcome.frame is None


@dataclass(frozen=True)
class Deed:
    action: Action
    at: Point


PLACES = st.builds(Point, st.integers(0, 20).map(lambda n: n * 60), st.integers(0, 20).map(lambda n: n * 50))
HELD = st.sampled_from([(), ("ctrl",), ("shift",), ("ctrl", "shift")])
WORDS = st.text("abcXYZ 019.,-ü", min_size=1, max_size=8)
CHORDS = st.sampled_from([("ctrl", "s"), ("Return",), ("Tab",), ("alt", "F4"), ("Escape",), ("Left",), ("super",)])
ACTIONS = st.one_of(
    st.builds(Click, st.sampled_from(["left", "middle", "right"]), st.integers(1, 3), HELD),
    st.builds(TypeText, WORDS),
    st.builds(PressKeys, CHORDS, st.integers(1, 3)),
    st.builds(Scroll, dy=st.integers(1, 5)),
    st.builds(Scroll, dx=st.integers(-5, -1)),
    st.just(Drag(path=(PathPoint(200, 0, 20), PathPoint(200, 90, 40)))),
    st.builds(Note, WORDS),
)
DEEDS = st.lists(st.builds(Deed, ACTIONS, PLACES), max_size=12)


def perform(hand: Any, deed: Deed) -> None:
    hand.wait(2500)
    at, action = deed.at, deed.action
    match action:
        case Click():
            hand.click(at.x, at.y, count=action.count, button=action.button, held=action.modifiers)
        case TypeText():
            hand.type(action.text)
        case PressKeys():
            for _ in range(action.count):
                hand.key(action.keys[-1], held=action.keys[:-1])
        case Scroll():
            hand.move(at.x, at.y)
            _turn(hand, action)
        case Drag():
            hand.drag([(at.x, at.y), (at.x + 200, at.y), (at.x + 200, at.y + 90)])
        case Note():
            hand.put("note", text=action.text)


def _turn(hand: Any, action: Scroll) -> None:
    sign = (action.dx > 0) - (action.dx < 0), (action.dy > 0) - (action.dy < 0)
    hand.scroll(*sign, times=abs(action.dx) + abs(action.dy))


def _joined(deeds: list[Deed]) -> list[Action]:
    """What must come back: text goes on where nothing else happened in between."""
    expected: list[Action] = []
    for deed in deeds:
        last = expected[-1] if expected else None
        if isinstance(deed.action, TypeText) and isinstance(last, TypeText):
            expected[-1] = TypeText(last.text + deed.action.text)
        else:
            expected.append(deed.action)
    return expected


@given(DEEDS)
def test_any_sequence_of_actions_is_read_back_from_its_events(kit: Any, deeds: list[Deed]) -> None:
    hand = kit.hand()
    for deed in deeds:
        perform(hand, deed)
    assert actions(hand) == _joined(deeds)


@given(DEEDS)
def test_every_event_is_in_exactly_one_step_or_is_explained(kit: Any, deeds: list[Deed]) -> None:
    hand = kit.hand()
    for deed in deeds:
        perform(hand, deed)
    reduction = explain(hand.events, ())
    assert reduction.members.keys() | reduction.aside.keys() == {event.seq for event in hand.events}
    assert not reduction.members.keys() & reduction.aside.keys()
    assert set(reduction.members.values()) == {step.id for step in reduction.steps}


@given(DEEDS, st.data())
def test_a_recording_that_was_cut_off_keeps_every_step_but_the_one_in_hand(
    kit: Any, deeds: list[Deed], data: st.DataObject
) -> None:
    hand = kit.hand()
    for deed in deeds:
        perform(hand, deed)
    cut = data.draw(st.integers(0, len(hand.events)))
    whole, part = reduce(hand.events, ()), reduce(hand.events[:cut], ())
    finished = [step for step in whole if (step.last_event or 0) < cut]
    assert [step.action for step in part[: len(finished) - 1]] == [step.action for step in finished[:-1]]
    assert len(finished) <= len(part) <= len(finished) + 1


NOISE = st.lists(
    st.tuples(
        st.sampled_from(get_args(EventKind)),
        st.sampled_from(["a", "ctrl", "alt", "super", "BackSpace", "dead_acute", "Multi_key", "Return", "Tab"]),
        st.integers(0, 900),
    ),
    max_size=60,
)


@given(NOISE)
@settings(max_examples=200)
def test_unbalanced_and_nonsensical_events_are_all_accounted_for(kit: Any, noise: list[tuple[str, str, int]]) -> None:
    hand = kit.hand()
    for kind, key, gap in noise:
        hand.wait(gap).put(kind, keysym=key, text=key if key == "a" else "", button="left", keycode=len(key), dy=1)
    reduction = explain(hand.events, ())
    assert reduction.members.keys() ^ reduction.aside.keys() == {event.seq for event in hand.events}


PATHS = st.lists(
    st.builds(PathPoint, st.integers(-300, 300), st.integers(-300, 300), st.just(0)), min_size=2, max_size=60
)


@given(PATHS)
def test_a_thinned_path_keeps_its_ends_and_stays_close_to_every_point(path: list[PathPoint]) -> None:
    kept = thinned(path)
    assert (kept[0], kept[-1]) == (path[0], path[-1])
    assert all(min(_off(a, point, b) for a, b in pairwise(kept)) <= 2.5 for point in path)


def _off(a: PathPoint, p: PathPoint, b: PathPoint) -> float:
    along = (b.dx - a.dx) ** 2 + (b.dy - a.dy) ** 2
    share = ((p.dx - a.dx) * (b.dx - a.dx) + (p.dy - a.dy) * (b.dy - a.dy)) / along if along else 0.0
    share = min(1.0, max(0.0, share))
    x, y = a.dx + share * (b.dx - a.dx), a.dy + share * (b.dy - a.dy)
    return float(((p.dx - x) ** 2 + (p.dy - y) ** 2) ** 0.5)
