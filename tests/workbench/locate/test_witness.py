"""Making witnesses, and reading printed text."""

import dataclasses
import subprocess
import sys

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from workbench.desktop.ports import Frame
from workbench.errors import UnavailableError
from workbench.geometry import Point, Rect
from workbench.locate import ocr
from workbench.locate.locator import locate
from workbench.locate.ocr import read_text
from workbench.locate.pixels import gray, search
from workbench.locate.text import alike
from workbench.locate.witness import DISTINCT, add_text, build_target
from workbench.trajectory import Element, Target, TextWitness, Window


def build(scene, element=None, point=None) -> Target:
    return build_target(
        point=point or element.bounds.centre,
        frame=scene.frame(),
        frame_id="f",
        window=scene.windows[0],
        element=element,
    )


def test_the_crop_of_a_button_is_its_label_without_the_border(form):
    scene = form()
    element = scene.elements[0]
    region = build(scene, element).crop.region
    assert region.area < element.bounds.area
    assert element.bounds.intersection(region) == region


def test_the_crop_of_a_button_among_equal_ones_takes_in_what_tells_them_apart(form):
    scene = form(names=("Save", "Edit", "Edit", "Edit"))
    region = build(scene, scene.elements[2]).crop.region
    assert region.width > scene.elements[2].bounds.width


@settings(max_examples=30, deadline=None)
@given(st.integers(100, 519), st.integers(50, 349))
def test_a_crop_stays_in_its_window_and_is_told_apart_whenever_any_is(x, y):
    pixels = np.full((600, 800, 4), 90, np.uint8)
    pixels[50:350, 100:520] = 240
    cv2.putText(pixels, "one two three", (120, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (20,) * 3, 1, cv2.LINE_AA)
    bounds = Rect(100, 50, 420, 300)
    frame = Frame(pixels, Point(0, 0), 0)
    target = build_target(
        point=Point(x, y), frame=frame, frame_id="f", window=Window("form", "Form", bounds), element=None
    )
    if target.crop is not None:
        assert bounds.intersection(target.crop.region) == target.crop.region
        fit = search(gray(frame.crop(target.crop.region)), gray(frame.crop(bounds)))
        assert fit.best.score == pytest.approx(1.0, abs=1e-3)


def test_a_plain_desktop_gives_no_crop(scene):
    assert build(scene().window(), point=Point(300, 150)).crop is None


def test_the_backend_address_of_an_element_is_not_kept(form):
    scene = form()
    element = replace(scene.elements[0], ref=(":1.5", "/org/a11y/7"))
    assert build(scene, element).element.ref is None


def test_frames_with_a_negative_origin_are_cut_at_the_right_place(form):
    scene = form()
    frame = Frame(scene.pixels, Point(-1920, -40), 0)
    moved = scene.elements[0].bounds.offset(-1920, -40)
    window = replace(scene.windows[0], bounds=scene.windows[0].bounds.offset(-1920, -40))
    element = replace(scene.elements[0], bounds=moved)
    target = build_target(point=moved.centre, frame=frame, frame_id="f", window=window, element=element)
    assert moved.intersection(target.crop.region) == target.crop.region
    sight = replace_sight(scene.sight(frame, accessible=False), frame, window)
    assert locate(target, sight).point == moved.centre


def replace_sight(sight, frame, window):
    return dataclasses.replace(sight, frame=frame, windows=(window,), active=window)


def test_the_text_on_a_button_is_recorded_and_read_again(form):
    scene = form()
    target = add_text(build(scene, scene.elements[1]), scene.frame())
    assert target.text.text == "Delete"
    assert scene.elements[1].bounds.grown(6).contains(target.text.bounds.centre)


def test_the_label_beside_a_field_is_recorded_and_not_its_content(scene):
    desk = scene().window()
    for text, x in (("City:", 130), ("Rome", 215)):
        cv2.putText(desk.pixels, text, (x, 121), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20,) * 3, 1, cv2.LINE_AA)
    field = Element("form", "Form", "text", "", Rect(205, 100, 200, 30), label="City:", value="Rome")
    target = add_text(build(desk, field), desk.frame())
    assert target.text.text == "City:"


def test_where_nothing_is_printed_no_text_is_recorded(scene):
    desk = scene().window()
    target = Target(Point(300, 150), desk.windows[0])
    assert add_text(target, desk.frame()) == target


def test_text_that_stands_elsewhere_never_acts_alone(form):
    then, now = form(), form(names=("Delete", "Apply", "Save"))
    target = replace(add_text(build(then, then.elements[0]), then.frame()), crop=None, element=None)
    verdict = locate(target, now.sight(then.frame(), accessible=False))
    assert (verdict.point, verdict.cause) == (None, "weak")


def test_a_text_of_which_only_the_middle_is_known_keeps_its_distance(form):
    scene = form()
    text = add_text(build(scene, scene.elements[1]), scene.frame()).text
    middle = text.bounds.centre
    known = replace(text, bounds=Rect(middle.x, middle.y, 0, 0))
    target = Target(middle.offset(60, 20), scene.windows[0], text=known)
    verdict = locate(target, scene.sight(scene.frame(), accessible=False))
    (vote,) = [vote for vote in verdict.votes if vote.witness == "text"]
    assert vote.state == "found"
    assert vote.point.distance(target.point) <= 4


def test_another_word_where_the_text_was_is_a_veto(form):
    then, now = form(), form(names=("Store", "Delete"))
    target = replace(add_text(build(then, then.elements[0]), then.frame()), crop=None, element=None)
    verdict = locate(target, now.sight(then.frame(), accessible=False))
    assert verdict.cause == "renamed"
    assert "'Save'" in verdict.reason
    assert "'Store'" in verdict.reason


def test_text_is_placed_in_desktop_pixels(form):
    scene = form()
    box = Rect(100, 240, 420, 60)
    lines = read_text(scene.frame().crop(box), Point(box.x, box.y))
    assert [line.text for line in sorted(lines, key=lambda line: line.bounds.x)] == [
        "Save",
        "Delete",
        "Cancel",
        "Apply",
    ]
    for line in lines:
        element = next(e for e in scene.elements if e.name == line.text)
        assert element.bounds.contains(line.bounds.centre)
        assert line.confidence > 0.9


def test_nothing_is_read_off_a_sliver():
    assert read_text(np.zeros((2, 50, 4), np.uint8), Point(0, 0)) == []


@pytest.mark.parametrize(
    ("recorded", "now", "same"),
    [
        ("Save as…", "Save as...", True),
        ("Free space", "Freespace", True),
        ("Newsletter", "Newsietter", True),
        ("Save", "Sane", False),
        ("5 items", "6 items", False),
        ("Page 10 of 12", "Page 11 of 12", False),
    ],
)
def test_readings_are_alike_but_for_reading_mistakes(recorded, now, same):
    assert alike(recorded, now) == same


def test_missing_models_are_said_in_one_line(monkeypatch):
    monkeypatch.setattr(ocr, "PACKAGE", "no_such_package_at_all")
    with pytest.raises(UnavailableError, match="install"):
        ocr._models()


def test_reading_needs_no_network_and_says_nothing():
    program = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('a connection was tried')\n"
        "socket.socket.connect = refuse\n"
        "import numpy as np\n"
        "from workbench.geometry import Point\n"
        "from workbench.locate.ocr import read_text\n"
        "assert read_text(np.full((60, 200, 4), 230, np.uint8), Point(0, 0)) == []\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_the_locator_loads_no_text_reading():
    program = (
        "import sys, workbench.locate.locator, workbench.locate.conditions, workbench.locate.witness\n"
        "print([name for name in ('rapidocr', 'onnxruntime', 'Xlib', 'pyautogui', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_the_wanted_text_at_the_expected_place_bears_out_the_crop(form):
    then, now = form(), form(dark=True)
    target = replace(add_text(build(then, then.elements[2]), then.frame()), element=None)
    verdict = locate(target, now.sight(then.frame(), accessible=False))
    assert verdict.located_by == ("crop", "text")
    assert verdict.point == target.point


def test_a_distinct_crop_has_no_look_alike_in_its_window(form):
    scene = form()
    target = build(scene, scene.elements[3])
    fit = search(gray(scene.frame().crop(target.crop.region)), gray(scene.frame().crop(scene.windows[0].bounds)))
    assert fit.runner_up < DISTINCT


def test_a_text_witness_without_letters_is_blind(form):
    now = form()
    target = Target(Point(150, 260), now.windows[0], text=TextWitness(":", Rect(140, 255, 20, 10)))
    assert locate(target, now.sight()).cause == "no-witness"
