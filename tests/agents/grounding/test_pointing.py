"""A model that sees is believed only where a second, closer look agrees; with the tiny model, which is a real one."""

import importlib.util
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest

from agents.grounding.choosing import Chooser
from agents.grounding.finding import Finder
from agents.grounding.merit import Merit, Merits
from agents.grounding.pointing import Pointer
from agents.grounding.wishes import Wish
from agents.planning.scripted import ScriptedModel
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.pointing.asking import PointingStyle
from agents.runtime.pointing.coordinates import Convention
from agents.runtime.prompt import pictures_of
from agents.screen.listing import Line
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect

TESTS = Path(__file__).resolve().parents[2]
TINY = TESTS / "data" / "tiny_vlm"
AREA = Rect(20, 10, 400, 300)


def _screens():
    path = TESTS / "agents" / "runtime" / "screens.py"
    spec = importlib.util.spec_from_file_location("pointing_screens", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _frame(pixels=None):
    blank = np.zeros((400, 600, 4), np.uint8) if pixels is None else pixels
    return Frame(blank, Point(0, 0), 0)


def _saying(*places):
    """A pointer whose model names these per cents, one after the other."""
    model = ScriptedModel([f'{{"x":{x},"y":{y}}}' for x, y in places])
    style = PointingStyle(form="json", convention=Convention(space="percent", cells=True))
    return Pointer(model, style, 0.9), model


def test_two_looks_that_agree_give_the_place_of_the_closer_one():
    pointer, model = _saying((50, 50), (60, 40))
    vote = pointer.look_twice("plus", _frame(), AREA)
    closer = Rect(142, 102, 160, 120)
    assert vote.state == "found"
    assert vote.point.distance(Point(closer.x + 96, closer.y + 48)) <= 3
    assert vote.confidence == pytest.approx(0.99)
    sizes = [(one.width, one.height) for prompt in model.prompts for one in pictures_of(prompt)]
    assert sizes == [(400, 300), (400, 300)]


def test_the_closer_look_stays_inside_the_window_at_its_edges():
    pointer, _ = _saying((99, 99), (95, 95))
    vote = pointer.look_twice("plus", _frame(), AREA)
    assert vote.state == "absent" or AREA.contains(vote.point)
    pointer, _ = _saying((99, 99), (98, 98))
    assert AREA.contains(pointer.look_twice("plus", _frame(), AREA).point)


def test_two_looks_that_differ_name_no_place():
    pointer, _ = _saying((50, 50), (95, 50))
    vote = pointer.look_twice("plus", _frame(), AREA)
    assert (vote.state, vote.point) == ("absent", None)


def test_a_model_that_names_no_place_settles_nothing():
    pointer = Pointer(ScriptedModel(["I see a plus"]), PointingStyle(form="json"), 0.9)
    assert pointer.look_twice("plus", _frame(), AREA).state == "absent"


def test_a_model_that_often_misses_does_not_act_alone_and_one_that_seldom_does_may(looked):
    for hit_rate, cause in ((0.95, ""), (0.6, "weak")):
        pointer, _ = _saying((50, 50), (50, 50))
        finder = Finder(pointer=Pointer(pointer.model, pointer.style, hit_rate))
        assert finder.find(Wish("the plus key"), looked()).verdict.cause == cause


def test_of_two_costly_ways_the_one_that_was_right_more_often_is_asked_first(looked, meaning):
    screen = looked(Line("", "button", "+"))
    for merits, first in (
        (Merits(), "choice"),
        (Merits({"choice": Merit(2, 5), "pointing": Merit(9, 9)}), "pointing"),
    ):
        pointer, _ = _saying((17, 16), (44, 21))
        finder = Finder(Chooser(meaning('button "+"')), pointer, merits)
        found = finder.find(Wish("the plus key"), screen)
        assert [one.source for one in found.evidence][1] == first
        assert found.ref == "e1"


def test_a_real_model_that_sees_points_at_what_is_meant_or_at_nothing():
    screens = _screens()
    style = PointingStyle(
        prompt="click {target}",
        grammar=screens.GRAMMAR,
        form="json",
        convention=Convention(space="percent", cells=True),
    )
    hits = misses = 0
    with LocalModel("tiny", Load(0, str(TINY / "lm.gguf"), str(TINY / "mmproj.gguf"), context=512, threads=1)) as model:
        pointer = Pointer(model, style, 0.9)
        for seed in range(10):
            picture, buttons = screens.draw(Random(seed))
            pixels = np.dstack([np.asarray(picture)[:, :, ::-1], np.zeros((128, 192), np.uint8)])
            vote = pointer.look_twice(buttons[0].colour, _frame(np.ascontiguousarray(pixels)), Rect(0, 0, 192, 128))
            button = buttons[0]
            if vote.point is not None:
                hit = Rect(button.x, button.y, button.width, button.height).grown(2).contains(vote.point)
                hits, misses = hits + hit, misses + (not hit)
    assert misses <= 1
    assert hits >= 6
