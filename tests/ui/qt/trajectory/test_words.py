"""What the room says of steps, events and times; no widget needed."""

from hypothesis import given
from hypothesis import strategies as st

from ui.qt.trajectory.event_rows import HIDDEN, rows_of
from ui.qt.trajectory.facts import details_of, witnesses_of
from ui.qt.trajectory.filmstrip import nearest, places
from workbench.actions import Click, TypeText
from workbench.geometry import Point, Rect
from workbench.inputs import InputEvent
from workbench.trajectory import Element, Observation, Step, Target


def moves(*places: int) -> list[InputEvent]:
    return [InputEvent(n, n * 10**6, "move", Point(x, 0)) for n, x in enumerate(places, 1)]


def keys(text: str) -> list[InputEvent]:
    return [InputEvent(n, n * 10**6, "key_down", keysym=each, text=each) for n, each in enumerate(text, 1)]


def test_a_run_of_moves_is_one_line_from_its_first_to_its_last_place():
    events = [*moves(1, 2, 3), InputEvent(4, 4 * 10**6, "button_down", Point(3, 0), button="left")]
    rows = rows_of(events, Step("s", Click(), first_event=1, last_event=4))
    assert [(row.what, row.detail) for row in rows] == [("3 moves", "1, 0 → 3, 0"), ("button down", "left at 3, 0")]


def test_only_the_events_of_the_step_are_shown():
    assert [row.seq for row in rows_of(keys("abcd"), Step("s", Click(), first_event=2, last_event=3))] == [2, 3]
    assert rows_of(keys("abcd"), Step("s", Click())) == ()


@given(st.text(alphabet="abcxyz0123456789", min_size=1), st.sampled_from(["masked", "secret", "password"]))
def test_no_character_of_a_hidden_text_is_shown(text, why):
    field = Element("a", "w", "password text", "Password", Rect(0, 0, 9, 9), value=text, password=True)
    step = Step("s", TypeText(secret="x" if why == "secret" else None), first_event=1, last_event=len(text))
    if why == "masked":
        step = Step("s", TypeText(text=""), masked="typed text", first_event=1, last_event=len(text))
    if why == "password":
        seen = Observation(focused=field)
        target = Target(Point(1, 1), element=field)
        step = Step("s", TypeText(text=text), seen, target=target, first_event=1, last_event=len(text))
        shown = [fact.words for fact in details_of(step)] + [
            fact.words for known in witnesses_of(step) for fact in known.facts
        ]
        assert f"“{text}”" not in " ".join(shown)
        assert text not in shown
    assert {row.detail for row in rows_of(keys(text), step)} == {HIDDEN}


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_steps_stand_in_their_order_between_both_ends(times):
    steps = [Step(str(n), Click(), Observation(monotonic_ns=time)) for n, time in enumerate(times)]
    stands = places(steps)
    assert list(stands) == sorted(stands)
    assert 0 <= stands[0] <= stands[-1] <= 1


@given(st.integers(1, 60))
def test_a_place_on_the_line_leads_to_the_step_that_stands_there(count):
    stands = places([Step(str(n), Click(), Observation(monotonic_ns=n * n + 1)) for n in range(count)])
    assert [nearest(stands, stand) for stand in stands] == list(range(1, count + 1))
