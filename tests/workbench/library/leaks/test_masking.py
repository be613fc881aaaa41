"""What was masked is nowhere in the material any more, in words or in pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.actions import Click, TypeText
from workbench.desktop.ports import Frame
from workbench.events import Progress
from workbench.geometry import Point, Rect
from workbench.library.exporting.material import Material, Run
from workbench.library.leaks.leak import Leak, Place, leak
from workbench.library.leaks.masking import GREY, masked
from workbench.library.leaks.scanning import scan
from workbench.library.records import RunSummary
from workbench.locate.ocr import read_text
from workbench.trajectory import Observation, Outcome, Step, Trajectory, Variable

MAIL, CARD = "jane.doe@mail.example.org", "4111 1111 1111 1111"


def _material(*steps: Step, pictures: dict[str, Frame] | None = None, **fields: object) -> Material:
    trajectory = replace(Trajectory("T", "Sample", steps), **fields)
    return Material((trajectory,), (pictures or {}).__getitem__, lambda _: (), lambda: None)


def _found(material: Material, known: dict[str, str] | None = None) -> tuple[Leak, ...]:
    return scan(material, known or {}, told=lambda _done, _of: None)


def test_a_masked_text_is_replaced_wherever_it_occurs_and_others_stay():
    steps = (Step("s1", TypeText(f"{MAIL} and {CARD}"), description=f"type {MAIL}"),)
    material = _material(*steps, task=f"write to {MAIL}", variables=(Variable("who", MAIL),))
    mail = next(one for one in _found(material) if one.kind == "e-mail")
    (left,) = masked(material, [mail]).trajectories
    assert left.steps[0].action == TypeText(f"▇▇▇ and {CARD}")
    assert (left.steps[0].description, left.task, left.variables[0].default) == ("type ▇▇▇", "write to ▇▇▇", "▇▇▇")


def test_what_runs_said_is_masked_too():
    run = Run(RunSummary("R", "T", 1, MAIL, 1.0, None, None, 1.0), (Progress(number=1, text=f"to {MAIL}"),))
    material = Material((Trajectory("T", "Sample"),), {}.__getitem__, lambda _: (run,), lambda: None)
    (left,) = masked(material, _found(material)).runs("T")
    assert left.summary.title == "▇▇▇"
    assert left.events[0].text == "to ▇▇▇"


def test_names_of_ours_are_never_replaced():
    step = Step("click", Click(), description="the secret is click")
    material = _material(step)
    (left,) = masked(material, _found(material, {"odd": "click"})).trajectories
    assert left.steps == (replace(step, description="the secret is ▇▇▇"),)


def test_what_was_masked_in_pictures_cannot_be_read_any_more(painted):
    pixels = painted(f"write to {MAIL}", f"the card is {CARD}", "and good day")
    steps = (Step("s1", Click(), Observation(frame="f1")),)
    material = _material(*steps, pictures={"f1": Frame(pixels, Point(0, 0), 0)})
    left = masked(material, _found(material))
    read = " ".join(line.text for line in read_text(left.picture("f1").pixels, Point(0, 0)))
    assert "good day" in read
    assert not any(word in read for word in ("jane", "mail", "4111", "1111"))
    assert _found(left) == ()
    assert (material.picture("f1").pixels == pixels).all()


def test_a_picture_that_shows_the_same_pixels_in_the_same_place_is_boxed_too(painted):
    pixels = painted(MAIL)
    other = pixels.copy()
    other[-40:] = 7
    moved = painted("something else")
    pictures = {name: Frame(each, Point(5, 5), 0) for name, each in (("f1", pixels), ("f2", other), ("f3", moved))}
    region = Rect(15, 30, 300, 30)
    found = leak("e-mail", (Place("T@1", 1, "picture", "f1", region),), (MAIL,))
    left = masked(_material(pictures=pictures), [found])
    for name in ("f1", "f2"):
        assert (left.picture(name).crop(region)[..., :3] == GREY).all()
    assert (left.picture("f3").pixels == moved).all()


def test_nothing_masked_is_nothing_changed():
    material = _material(Step("s1", TypeText(MAIL), outcome=Outcome("f")))
    assert masked(material, []).trajectories == material.trajectories


@pytest.mark.parametrize("place", ["task", "title"])
@settings(max_examples=60)
@given(text=st.text(st.characters(codec="utf-8"), min_size=4, max_size=30), around=st.text(max_size=5))
def test_no_text_survives_its_masking(place, text, around):
    if text in "▇▇▇" or not text.isprintable() or "▇" in text:
        return
    around = around.encode("utf-8", "ignore").decode()
    material = _material(**{place: around + text + around})
    found = leak("secret", (Place("T@0"),), (text,))
    assert text not in getattr(masked(material, [found]).trajectories[0], place)


def test_boxes_leave_everything_else_as_it_was():
    pixels = np.random.default_rng(1).integers(0, 255, (60, 80, 4), dtype=np.uint8)
    material = _material(pictures={"f": Frame(pixels, Point(0, 0), 0)})
    found = leak("token", (Place("T@1", 1, "picture", "f", Rect(10, 10, 20, 10)),), ("x",))
    left = masked(material, [found]).picture("f").pixels
    differs = (left[..., :3] != pixels[..., :3]).any(axis=2)
    assert differs[10:20, 10:30].mean() > 0.9
    differs[8:22, 8:32] = False
    assert not differs.any()
