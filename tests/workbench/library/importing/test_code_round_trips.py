"""What is written as code for pyautogui comes back equal, up to what each writer says that its format cannot hold."""

import contextlib
import itertools
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import (
    Activate,
    Ask,
    Check,
    Click,
    Condition,
    Drag,
    Fail,
    Finish,
    Hover,
    Note,
    PathPoint,
    PressKeys,
    Scroll,
    TypeText,
    Wait,
)
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.library.exporting import known as writers
from workbench.library.exporting.formats import agentnet, osworld, pyautogui
from workbench.library.exporting.material import Material
from workbench.library.importing import known as readers
from workbench.library.importing.pictures import Pictures
from workbench.library.pyautogui_code.writing import ALIKE, KEYS
from workbench.library.store import Library
from workbench.trajectory import (
    Element,
    FrameId,
    Observation,
    Outcome,
    Step,
    Target,
    Trajectory,
    Variable,
    Window,
)

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
MODIFIERS = st.sets(st.sampled_from(("ctrl", "shift", "alt", "super"))).map(
    lambda some: tuple(name for name in ("ctrl", "shift", "alt", "super") if name in some)
)
PLAIN_KEYS = st.sampled_from(
    [
        *(key for key in KEYS if key not in ("ctrl", "shift", "alt", "super")),
        *ALIKE,
        *"abzAZ09",
        "plus",
        "exclam",
        "slash",
    ]
)
CORNER = Point(0, 0)
BUTTONS = st.sampled_from(("left", "middle", "right"))


@st.composite
def keys(draw):
    held = draw(MODIFIERS)
    return PressKeys((*held, draw(PLAIN_KEYS)), draw(st.integers(1, 5)))


@dataclass(frozen=True)
class Kept:
    """A picture in the library: as it is, and moved to 0, 0 as readers store it."""

    frame: FrameId
    moved: FrameId
    bounds: Rect

    @property
    def corner(self) -> Point:
        return Point(self.bounds.x, self.bounds.y)

    @property
    def screens(self) -> tuple[Screen, ...]:
        return (Screen("recorded", Rect(0, 0, self.bounds.width, self.bounds.height), primary=True),)


class Album:
    """Pictures in a library that lives as long as the tests."""

    def __init__(self, library: Library) -> None:
        self.library = library
        generator = np.random.default_rng(1)
        areas = [Rect(0, 0, 64, 48), Rect(-70, -20, 130, 90), Rect(0, 0, 5100, 3)]
        self.pictures = [self._put(generator, area) for area in areas]

    def _put(self, generator: np.random.Generator, area: Rect) -> Kept:
        pixels = generator.integers(0, 255, (area.height, area.width, 4), dtype=np.uint8)
        put = self.library.frames.put
        return Kept(put(pixels, origin=Point(area.x, area.y)), put(pixels, origin=Point(0, 0)), area)

    def load(self, frame: FrameId) -> Frame:
        return self.library.frames.load(frame)


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    with Library.open(tmp_path_factory.mktemp("round") / "library") as library:
        yield Album(library)


@st.composite
def acts(draw, area):
    """An action that pyautogui can do, with where it goes."""
    window = Window("mousepad", "Untitled", Rect(0, 0, 9, 9))
    element = Element("mousepad", "Untitled", "push button", "Save", Rect(0, 0, 9, 9))
    points = st.builds(Point, st.integers(area.x, area.right - 1), st.integers(area.y, area.bottom - 1))
    targets = st.builds(Target, points, st.none() | st.just(window), st.none() | st.just(element))
    paths = st.lists(st.builds(PathPoint, st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 9000)), max_size=3)
    pointing = st.one_of(
        st.builds(Click, BUTTONS, st.integers(1, 5), MODIFIERS),
        st.builds(Hover, st.integers(0, 60_000)),
        st.builds(Scroll, st.integers(-1000, 1000), st.integers(-1000, 1000), MODIFIERS),
        st.builds(Drag, paths.map(tuple), BUTTONS, MODIFIERS),
    )
    other = st.one_of(
        st.builds(TypeText, TEXT), st.just(TypeText(secret="bank")), keys(), st.builds(Wait, st.floats(0, 1e6)),
    )  # fmt: skip
    action = draw(pointing | other)
    aimed = isinstance(action, Click | Hover | Scroll | Drag)
    target = draw(targets) if aimed else draw(st.none() | targets)
    return Step("", action, target=target, destination=draw(targets) if isinstance(action, Drag) else None)


def expected(step, origin=CORNER):
    """What any of the formats keeps of a step."""
    aimed = isinstance(step.action, Click | Hover | Scroll | Drag)
    moved = [target and Target(target.point.offset(-origin.x, -origin.y)) for target in (step.target, step.destination)]
    action = step.action
    if isinstance(action, PressKeys):
        action = replace(action, keys=tuple(ALIKE.get(key, key) for key in action.keys))
    if isinstance(action, Drag):
        at_ms = action.path[-1].at_ms if action.path else 0
        one, other = moved[0].point, moved[1].point
        action = replace(action, path=(PathPoint(other.x - one.x, other.y - one.y, at_ms),) if at_ms else ())
    masked = "a secret that is asked for" if isinstance(action, TypeText) and action.secret else ""
    return Step("", action, target=moved[0] if aimed else None, destination=moved[1], masked=masked)


def material(album, *trajectories):
    return Material(trajectories, album.load, lambda _: (), lambda: None)


@contextlib.contextmanager
def written(album, name, *trajectories):
    """The path that a writer wrote, and what it remarked."""
    writer = writers.writer(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"out{writer.SUFFIX}"
        yield path, writer.write(material(album, *trajectories), path)


def read_back(album, path, name):
    """The drafts of what was written, recognised as that format alone."""
    (found,) = readers.find(path)
    assert found.format == name
    return [item.read(Pictures(album.library.frames)) for item in found.reader.items(found.source)]


def numbered(steps):
    return tuple(replace(step, id=f"s{number}") for number, step in enumerate(steps, 1))


PATIENT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.data())
@PATIENT
def test_agentnet_comes_back_up_to_what_it_cannot_hold(album, data):
    drawn, back = [], []
    for _ in range(data.draw(st.integers(1, 4))):
        shown = data.draw(st.none() | st.sampled_from(album.pictures))
        step = data.draw(acts(shown.bounds if shown else Rect(-500, -500, 9000, 9000)))
        description, thought = data.draw(TEXT), data.draw(TEXT)
        frame = shown.frame if shown else None
        drawn.append(replace(step, observation=Observation(9, 9.0, frame), description=description, thought=thought))
        kept = expected(step, shown.corner if shown else CORNER)
        seen = Observation(frame=shown.moved, screens=shown.screens) if shown else Observation()
        back.append(replace(kept, observation=seen, description=description, thought=thought))
    end = data.draw(st.builds(Finish, TEXT) | st.builds(Fail, TEXT))
    trajectory = Trajectory("t1", "Any title", numbered([*drawn, Step("", end)]), task="do it")
    other = Trajectory("t2", "Another", numbered([Step("", PressKeys(("a",)))]))
    with written(album, "agentnet", trajectory, other) as (path, _):
        one, two = read_back(album, path, "agentnet")
    assert one.steps == numbered([*back, Step("", end)])
    assert (one.title, one.task) == ("do it", "do it")
    assert (two.title, two.task, len(two.steps)) == ("Another", "Another", 1)


@given(st.data())
@PATIENT
def test_osworld_comes_back_up_to_what_it_cannot_hold(album, data):
    count = data.draw(st.integers(1, 4))
    states = [data.draw(st.none() | st.sampled_from(album.pictures)) for _ in range(count + 1)]
    drawn, back = [], []
    for before, after in itertools.pairwise(states):
        step = data.draw(acts(before.bounds if before else Rect(-500, -500, 9000, 9000)))
        at_s = data.draw(st.just(0.0) | st.integers(10**15, 2 * 10**15).map(lambda number: number / 1e6))
        description, thought = data.draw(TEXT), data.draw(TEXT)
        words = {"description": description, "thought": thought}
        seen = Observation(0, at_s, before.frame if before else None)
        drawn.append(replace(step, observation=seen, outcome=Outcome(after.frame if after else None), **words))
        kept = expected(step, before.corner if before else CORNER)
        seen = Observation(0, at_s, before.moved if before else None, screens=before.screens if before else ())
        back.append(replace(kept, observation=seen, outcome=Outcome(after.moved if after else None), **words))
    trajectory = Trajectory("t1", "Any title", numbered(drawn), task="do it")
    with written(album, "osworld", trajectory) as (path, _):
        (draft,) = read_back(album, path, "osworld")
    timeless = [replace(step, observation=replace(step.observation, monotonic_ns=0)) for step in draft.steps]
    assert tuple(timeless) == numbered(back)
    assert draft.task == "do it"


@given(st.data())
@PATIENT
def test_a_script_comes_back_up_to_what_it_cannot_hold(album, data):
    names = data.draw(st.lists(TEXT.filter(lambda name: "}" not in name and "{" not in name), unique=True, max_size=2))
    variables = tuple(Variable(name, data.draw(st.none() | TEXT)) for name in names)
    pieces = TEXT | st.sampled_from([f"{{{{{name}}}}}" for name in names] or [""])
    area = Rect(-20_000, -20_000, 40_000, 40_000)
    texts = st.lists(pieces, max_size=4).map("".join).map(lambda text: Step("", TypeText(text)))
    asked = st.builds(Ask, TEXT, st.none() | TEXT).map(lambda action: Step("", action))
    drawn = data.draw(st.lists(acts(area) | texts | asked, min_size=1, max_size=5))
    title = data.draw(st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=40))
    kept = [expected(step) if not isinstance(step.action, Ask) else step for step in drawn]
    described = [replace(step, description=data.draw(TEXT)) for step in drawn]
    trajectory = Trajectory("t1", title, numbered(described), task="do it", variables=variables)
    with written(album, "pyautogui", trajectory) as (path, _):
        compile(path.read_text(encoding="utf-8"), "script", "exec")
        if not any(line.startswith("pyautogui.") and "(" in line for line in path.read_text("utf-8").splitlines()):
            return  # a script of nothing but waits is not taken for one of pyautogui
        (draft,) = read_back(album, path, "pyautogui")
    assert draft.steps == numbered(kept)
    assert (draft.title, draft.task) == (title, "do it")
    assert draft.variables == variables


UNDONE = (
    Click("back"), Activate("mousepad"), Check(Condition(text="done")), Wait(until=Condition(text="done")),
    PressKeys(("dead_acute",)), PressKeys(("ctrl", "Hyper_L")), Hover(),
)  # fmt: skip


@pytest.mark.parametrize("name", ["agentnet", "osworld", "pyautogui"])
def test_steps_that_pyautogui_cannot_do_are_left_out_and_remarked(album, name):
    steps = [Step("", action) for action in (*UNDONE, TypeText("a"))]
    with written(album, name, Trajectory("t1", "Any", numbered(steps))) as (path, remarks):
        (draft,) = read_back(album, path, name)
    assert [remark.step for remark in remarks] == list(range(1, len(UNDONE) + 1))
    assert [step.action for step in draft.steps] == [TypeText("a")]


@pytest.mark.parametrize("name", ["agentnet", "osworld", "pyautogui"])
def test_what_a_format_changes_of_a_step_is_remarked(album, name):
    here = Target(Point(3, 4))
    steps = [
        Step("", TypeText("grün")),
        Step("", PressKeys(("Next",))),
        Step("", Drag((PathPoint(1, 1, 5), PathPoint(2, 2, 9))), target=here, destination=here),
    ]
    with written(album, name, Trajectory("t1", "Any", numbered(steps))) as (_, remarks):
        assert [remark.step for remark in remarks] == [1, 2, 3]
        assert "1 characters" in remarks[0].what


@pytest.mark.parametrize("name", ["agentnet", "osworld", "pyautogui"])
def test_a_secret_is_written_by_its_name_alone(album, name):
    trajectory = Trajectory("t1", "Any", numbered([Step("", TypeText(secret="bank"), masked="hidden")]))
    with written(album, name, trajectory) as (path, _):
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        assert any("SECRETS['bank']" in file.read_text() for file in files)
        (draft,) = read_back(album, path, name)
    assert draft.steps[0].action == TypeText(secret="bank")


@pytest.mark.parametrize("name", ["agentnet", "osworld"])
def test_variables_become_their_defaults_in_data_for_programs(album, name):
    variables = (Variable("city", "{{land}}"), Variable("day"), Variable("land", "Peru"))
    steps = numbered([Step("", TypeText("{{city}} on {{day}}")), Step("", TypeText("{{land}}"))])
    with written(album, name, Trajectory("t1", "Any", steps, variables=variables)) as (path, remarks):
        (draft,) = read_back(album, path, name)
    assert [step.action for step in draft.steps] == [TypeText("{{land}} on {{day}}"), TypeText("Peru")]
    assert [(remark.step, "no value" in remark.what) for remark in remarks] == [(1, True)]


@pytest.mark.parametrize(("end", "text"), [(Finish(), "1.0\n"), (Fail("no"), "0.0\n"), (TypeText("a"), None)])
def test_the_score_is_what_the_trajectory_itself_says(album, end, text):
    with written(album, "osworld", Trajectory("t1", "Any", numbered([Step("", end)]))) as (path, _):
        result = path / "result.txt"
        assert (result.read_text() if result.exists() else None) == text


def test_a_script_says_above_each_line_what_it_does_and_what_it_leaves_out(album):
    steps = [
        Step("", Click(), target=Target(Point(3, 4)), description="Open the\nmenu'''\"\"\""),
        Step("", Note("almost there")),
        Step("", Activate("mousepad")),
        Step("", Finish("42")),
    ]
    trajectory = Trajectory("t1", 'A """title"""\\', numbered(steps), task="x\n'''", commands=("mousepad a",))
    with written(album, "pyautogui", trajectory) as (path, remarks):
        text = path.read_text()
        compile(text, "script", "exec")
    assert "# 1. Open the menu'''\"\"\".\npyautogui.click(3, 4)\n" in text
    assert "Start first: mousepad a" in text
    assert "3 of 4 steps" in text
    assert "#    Pyautogui cannot activate." in text
    assert [remark.step for remark in remarks] == [2, 3, 4]


@pytest.mark.parametrize("writer", [agentnet, osworld, pyautogui])
def test_what_each_format_cannot_hold_is_written_down(writer):
    words = writer.__doc__ or ""
    assert "cannot hold:\n\n* " in words
    for loss in ("title", "every other witness", "targets of typing", "path of a drag", "platform", "cannot do"):
        assert loss in words
