"""Small trajectories of every kind for property tests of edits."""

import pytest
from hypothesis import strategies as st

from workbench.actions import Click, Note, PressKeys, Scroll, TypeText, Wait
from workbench.geometry import Point, Rect
from workbench.trajectory import Element, Observation, Outcome, Step, Target, Trajectory, Variable, Window

WINDOW = Window("notes", "Notes", Rect(0, 0, 400, 300))

texts = st.text(alphabet="ab {}amount\n", min_size=1, max_size=12)
elements = st.sampled_from(["Save", "Open"]).map(
    lambda name: Element("notes", "Notes", "push button", name, Rect(10, 10, 60, 20))
)
targets = st.builds(Target, st.builds(Point, st.integers(0, 20), st.just(15)), element=st.none() | elements)
actions = st.one_of(
    st.builds(TypeText, texts),
    st.builds(Click, count=st.integers(1, 2)),
    st.builds(PressKeys, st.sampled_from([("Return",), ("ctrl", "s")]), st.integers(1, 3)),
    st.builds(Scroll, dy=st.integers(-3, 3)),
    st.builds(Wait, st.integers(0, 4).map(float)),
    st.builds(Note, texts),
)


@st.composite
def _trajectories(draw) -> Trajectory:
    """Steps that follow each other closely or at leisure, with one variable declared."""
    drawn = draw(st.lists(st.tuples(actions, targets, st.integers(0, 900)), min_size=1, max_size=6))
    time_ms, steps = 1, []
    for number, (action, target, later_ms) in enumerate(drawn, 1):
        time_ms += later_ms
        seen = Observation(monotonic_ns=time_ms * 10**6, window=WINDOW)
        placed = target if isinstance(action, Click | Scroll) else None
        steps.append(Step(f"s{number}", action, seen, placed, outcome=Outcome(frame=f"f{number}")))
    return Trajectory("T", "Sample", tuple(steps), variables=(Variable("amount", "12"),))


@pytest.fixture(scope="session")
def trajectories():
    """The strategy for trajectories, to draw from."""
    return _trajectories
