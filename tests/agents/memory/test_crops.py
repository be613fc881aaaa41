"""Pictures of lent steps: where they are, what they cost as a real model counts, and whose are never shown."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.memory.crops import SHOWN_PX, Crops
from agents.memory.lending import Lender, Lending
from agents.memory.retrieval.indexing import bring_up_to_date
from agents.memory.retrieval.lexical import LexicalRetriever
from agents.memory.shelf import Shelf
from agents.memory.tree import remembering
from agents.planning.ports import Due, Moment
from agents.prompts.planning import PlanningStyle, planning_prompt
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.ports import Asking
from agents.runtime.prompt import Picture, pictures_of
from agents.screen.listing import ElementList
from agents.screen.reading import Read
from workbench.actions import Click, TypeText
from workbench.desktop.covering import GREY
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.report.lending import loan_line
from workbench.trajectory import CropWitness, Element, Observation, Step, Target, Trajectory, Window

TINY = Path(__file__).resolve().parents[2] / "data" / "tiny_vlm"
SCREEN = Rect(0, 0, 400, 300)
NEW, NAME, SAVE = Rect(20, 20, 60, 20), Rect(20, 60, 200, 20), Rect(300, 250, 60, 20)
FORM = Read(ElementList("shop", "shop window", ()), {})


@pytest.fixture(scope="module")
def eye():
    """A real model that sees."""
    if not (TINY / "mmproj.gguf").is_file():
        pytest.skip("the tiny model is not here")
    load = Load(0, str(TINY / "lm.gguf"), str(TINY / "mmproj.gguf"), context=4096, threads=1)
    with LocalModel("tiny", load) as model:
        yield model


@pytest.fixture
def pixels():
    """A screen of no two equal places."""
    return np.random.default_rng(3).integers(0, 255, (SCREEN.height, SCREEN.width, 4), dtype=np.uint8)


@pytest.fixture
def demonstration(library, pixels):
    """A recording with pictures: click New, click into the field and type, click Save."""

    def make(identifier: str = "one", **changes: dict) -> Trajectory:
        frame = library.frames.put(pixels, origin=Point(0, 0))

        def step(name: str, role: str, place: Rect, action) -> Step:
            window = Window("shop", "shop window", SCREEN)
            element = Element("shop", "shop window", role, name, place)
            target = Target(place.centre, window, element, CropWitness(frame, place))
            step = Step(name, action, Observation(frame=frame, window=window), target)
            return replace(step, **changes.get(name, {}))

        steps = (
            step("New", "push button", NEW, Click()),
            step("Name", "text", NAME, TypeText("Bob")),
            step("Save", "push button", SAVE, Click()),
        )
        return library.save(Trajectory(identifier, "A recording", steps, task="add the customer Bob"))

    return make


@pytest.fixture
def lender(library, eye):
    """Who lends with pictures from the library as it is."""

    def make(**options) -> Lender:
        def stock() -> Shelf:
            bring_up_to_date(library)
            return Shelf(library, LexicalRetriever(library.memories), {})

        return Lender(Lending(**options), stock, crops=Crops(library.frames.load, eye))

    return make


def _shown(lends: Lender, *done: str, task: str = "add the customer Bob"):
    return lends.lends(Due(remembering(task), FORM, done))


def _pictures(shown) -> dict[int, Picture | None]:
    (example,) = shown.examples
    return {step.mark: step.picture for step in example.steps}


def test_each_step_is_shown_with_what_it_touched_framed_and_its_mark(demonstration, lender, pixels):
    demonstration()
    shown = _shown(lender(way="whole"), 'click button "New"')
    pictures = _pictures(shown)
    assert sorted(pictures) == [-1, 0, 1]
    inside = Rect(0, 0, *SHOWN_PX)  # New is in the corner
    seen = pictures[-1].pixels
    assert seen.shape == (inside.height, inside.width, 3)
    button = np.s_[NEW.y : NEW.bottom, NEW.x : NEW.right]
    assert (seen[button] == pixels[..., 2::-1][button]).all()
    assert (seen[NEW.y - 4, NEW.x : NEW.right] == (255, 0, 0)).all()


def test_steps_that_were_searched_for_bring_their_pictures_too(demonstration, lender):
    demonstration()
    shown = _shown(lender(way="steps"), task='click "Save"')
    assert {mark for mark, picture in _pictures(shown).items() if picture} == {-1, 0}


def test_a_loan_says_how_many_pictures_and_tokens_as_the_model_counts_them(demonstration, lender, eye):
    demonstration()
    shown = _shown(lender(way="whole"), 'click button "New"')
    (loan,) = shown.loans
    moment = Moment(remembering("add the customer Eve"), FORM, examples=shown.examples)
    with_them = planning_prompt(moment, PlanningStyle())
    texts = [
        type(message)(message.role, tuple(p for p in message.parts if isinstance(p, str))) for message in with_them
    ]
    assert loan.crops == len(pictures_of(with_them)) == 3
    assert loan.crop_tokens == pytest.approx(eye.count(with_them) - eye.count(tuple(texts)), abs=3)
    assert loan.crop_tokens < loan.tokens
    assert f"about {loan.tokens} tokens, {loan.crop_tokens} of them for 3 pictures" in loan_line(loan, "one")


def test_a_real_model_is_asked_with_pictures_between_the_lines(demonstration, lender, eye):
    demonstration()
    shown = _shown(lender(way="whole"), 'click button "New"')
    prompt = planning_prompt(Moment(remembering("add Eve"), FORM, examples=shown.examples), PlanningStyle())
    parts = prompt[1].parts
    before = [parts[at - 1].rpartition("\n")[0].splitlines()[-1] for at, part in enumerate(parts) if at % 2]
    assert [line.partition(":")[0] for line in before] == ["-1", "0", "+1"]
    assert all(line.endswith(", which looked so:") for line in before)
    answer = eye.ask(prompt, Asking(max_tokens=1))
    assert answer.timings.image_tokens == shown.loans[0].crop_tokens


def test_the_due_step_comes_first_where_the_budget_has_no_room_for_all_and_text_is_never_displaced(
    demonstration, lender
):
    demonstration()
    all_of_it = _shown(lender(way="whole"), 'click button "New"').loans[0]
    text, each = all_of_it.tokens - all_of_it.crop_tokens, all_of_it.crop_tokens // 3
    for budget, marks in ((text, set()), (text + each, {0}), (text + 2 * each, {0, -1}), (text + 3 * each, {0, -1, 1})):
        shown = _shown(lender(way="whole", tokens=budget), 'click button "New"')
        assert {mark for mark, picture in _pictures(shown).items() if picture} == marks
        assert shown.loans[0].tokens <= budget
        assert len(shown.examples[0].steps) == 3


@pytest.mark.parametrize(
    "hidden",
    [
        {"masked": "what was typed was left out"},
        {"action": TypeText(secret="bank.password")},
        {"target": Target(NAME.centre, element=Element("shop", "w", "text", "Name", NAME, password=True))},
        {"observation": Observation(focused=Element("shop", "w", "password text", "", NAME, password=True))},
    ],
    ids=["masked", "secret", "password", "focus in a password field"],
)
def test_a_hidden_step_has_no_picture_and_its_neighbours_have(demonstration, lender, hidden):
    demonstration(Name=hidden)
    pictures = _pictures(_shown(lender(way="whole"), 'click button "New"'))
    assert pictures[0] is None
    assert pictures[1] is not None


def test_a_place_that_was_painted_over_is_not_shown(demonstration, lender, pixels):
    pixels[SAVE.y - 20 : SAVE.bottom, SAVE.x : SAVE.right] = GREY
    demonstration()
    pictures = _pictures(_shown(lender(way="whole"), 'click button "New"', 'type "x" into field "Name"'))
    assert pictures[0] is None
    assert pictures[-1] is not None


def test_a_picture_that_is_gone_is_left_out(demonstration, lender, library):
    saved = demonstration()
    frame = saved.steps[0].observation.frame
    library.frames.path(frame).unlink()
    shown = _shown(lender(way="whole"))
    assert set(_pictures(shown).values()) == {None}
    assert shown.loans[0].crops == 0


@given(st.integers(0, 399), st.integers(0, 299), st.integers(1, 400), st.integers(1, 300))
def test_whatever_was_touched_the_picture_holds_the_point_and_is_within_the_screen(x, y, wide, high):
    down, across = np.mgrid[:300, :400]
    screen = np.stack([across % 256, down % 256, across // 256 + 2 * (down // 256), down * 0], axis=-1).astype(np.uint8)
    place = Rect(max(0, x - wide // 2), max(0, y - high // 2), wide, high)
    target = Target(Point(x, y), crop=CropWitness("f" * 32, place))
    crops = Crops(lambda _: Frame(screen, Point(0, 0), 0), None)  # type: ignore[arg-type]  # nothing is counted
    picture = crops.of((Step("s", Click(), target=target),), target)
    assert (picture.width, picture.height) == SHOWN_PX
    row, column = next((at, by) for at, by in np.ndindex(picture.pixels.shape[:2]) if picture.pixels[at, by, 0] < 4)
    red, green, blue = map(int, picture.pixels[row, column])
    left, top = blue + 256 * (red % 2) - column, green + 256 * (red // 2) - row
    assert Rect(left, top, *SHOWN_PX).contains(Point(x, y))


def test_a_step_that_nobody_saw_has_no_picture():
    def gone(_frame: str) -> Frame:
        raise BadInputError("it is gone")

    crops, target = Crops(gone, None), Target(Point(1, 1))  # type: ignore[arg-type]  # nothing is counted
    assert crops.of((Step("s", Click()),), None) is None
    assert crops.of((Step("s", Click(), target=target),), target) is None
