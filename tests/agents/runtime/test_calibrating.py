"""Calibrating finds out how a model counts: ten simulated models, and the real one of these tests."""

import random
import subprocess
import sys
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from agents.runtime.pointing.asking import SCREENS, PointingStyle, point
from agents.runtime.pointing.calibrating import Profile, calibrate, calibrated, table
from agents.runtime.pointing.coordinates import Convention, ImageRule, write
from agents.runtime.pointing.fitting import Fit, Observation, fit
from agents.runtime.pointing.targets import COLOURS, scene
from agents.runtime.ports import Answer, Loaded, ModelError
from agents.runtime.prompt import pictures_of
from workbench.geometry import Rect

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests/data/tiny_vlm"
QWEN = ImageRule(multiple=28, min_pixels=56 * 56, max_pixels=1_003_520)
SQUARE = ImageRule(fixed=896)
PLAIN = ImageRule()

MODELS = {
    "pixels of the original": (Convention(space="original"), PLAIN),
    "pixels of the resized": (Convention(space="resized"), QWEN),
    "0 to 1": (Convention(space="unit"), PLAIN),
    "0 to 100": (Convention(space="percent"), PLAIN),
    "0 to 1000": (Convention(space="thousand"), PLAIN),
    "boxes": (Convention(space="thousand", shape="box"), PLAIN),
    "y first": (Convention(space="thousand", order="yx"), PLAIN),
    "letterboxed": (Convention(space="resized", letterbox=True), SQUARE),
    "boxes of the original, y first": (Convention(space="original", shape="box", order="yx"), PLAIN),
}
"""Nine ways of counting; the tenth model points at random."""


class Simulated:
    """A model that sees coloured buttons and counts in one way, with noise and outliers as parts of the screen."""

    def __init__(self, convention, rule, *, noise=0.0, outliers=0.0, seed=0):
        self.convention, self.rule = convention, rule
        self.noise, self.outliers = noise, outliers
        self.chance = random.Random(seed)
        self.loaded = Loaded("simulated", "none", 8192, sees=True)
        self.asked = 0

    def ask(self, prompt, asking=None, heard=None):
        self.asked += 1
        (picture,) = pictures_of(prompt)
        name = next(word for word in prompt[-1].parts[-1].split() if word in COLOURS)
        return Answer(self.said(seen(picture.pixels, name), (picture.width, picture.height)))

    def said(self, target, size):
        corners = [(target.x, target.y), (target.right, target.bottom)]
        if self.convention.shape == "point":
            corners = [(target.x + target.width / 2, target.y + target.height / 2)]
        off = [self.chance.gauss(0, self.noise) * sum(size) / 2 for _ in "xy"]
        if self.chance.random() < self.outliers:
            off = [self.chance.uniform(0, side) - at for side, at in zip(size, corners[0], strict=True)]
        single = msgspec.structs.replace(self.convention, shape="point")
        numbers = []
        for x, y in corners:
            spot = min(max(x + off[0], 0), size[0]), min(max(y + off[1], 0), size[1])
            numbers += write(spot, single, sent=size, rule=self.rule)
        return str(list(numbers))


def seen(pixels, name):
    """Where the largest patch of that colour is."""
    low, high = (tuple(min(255, max(0, part + by)) for part in COLOURS[name]) for by in (-10, 10))
    _, _, found, _ = cv2.connectedComponentsWithStats(cv2.inRange(pixels, low, high))
    x, y, width, height, _ = found[1 + np.argmax(found[1:, cv2.CC_STAT_AREA])]
    return Rect(int(x), int(y), int(width), int(height))


def observations(model, sizes=SCREENS, count=12):
    """What a simulated model says about targets on screens that nobody draws."""
    chance = random.Random(5)
    found = []
    for size in sizes:
        for _ in range(count):
            target = Rect(chance.randint(0, size[0] - 60), chance.randint(0, size[1] - 30), 50, 20)
            found.append(Observation(size, target, tuple(msgspec.json.decode(model.said(target, size)))))
    return found


@pytest.mark.parametrize("name", MODELS)
def test_calibrating_finds_how_a_simulated_model_counts(name):
    convention, rule = MODELS[name]
    told = []
    made = calibrate(
        Simulated(convention, rule, noise=0.003),
        PointingStyle(),
        scenes=3,
        progress=lambda done, of: told.append((done, of)),
    )
    assert made.profile.convention == convention
    assert rule in (made.profile.rule, PLAIN)
    assert made.profile.answered == made.profile.asked == len(made.shots) == len(told)
    assert told[-1] == (len(told), len(told))
    assert made.profile.hit_rate >= 0.7
    assert sum(row.asked for row in made.profile.hits) == made.profile.asked
    assert made.profile.margin >= 2


@pytest.mark.parametrize(
    ("noise", "outliers"),
    [(0, 0), (0.01, 0), (0, 0.2), (0.006, 0.2)],
    ids=["exact", "noisy", "outliers", "noisy with outliers"],
)
@pytest.mark.parametrize("name", MODELS)
def test_a_convention_is_found_through_noise_and_outliers(name, noise, outliers):
    convention, rule = MODELS[name]
    for seed in range(3):
        found = fit(observations(Simulated(convention, rule, noise=noise, outliers=outliers, seed=seed)))
        assert found.convention == convention, found
        assert found.rule == rule or convention.space != "resized"


@pytest.mark.parametrize("space", ["percent", "thousand"])
def test_numbers_that_name_cells_are_told_from_numbers_that_name_edges(space):
    for cells in (False, True):
        convention = Convention(space=space, cells=cells)
        found = fit(observations(Simulated(convention, PLAIN)))
        assert found.convention == convention


def test_a_guess_about_cells_stands_where_the_answers_are_too_rough_to_tell():
    rough = observations(Simulated(Convention(space="percent"), PLAIN, noise=0.06))
    for cells in (False, True):
        guess = Convention(space="percent", cells=cells)
        assert fit(rough, (guess, PLAIN)).convention == guess


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ([(1000, 1000)], False),
        ([(100, 100), (1000, 1000)], True),
        ([(1000, 1000), (1280, 800)], True),
        ([(1000, 1000), (1000, 1000), (1000, 1000), (640, 480)], True),
    ],
)
def test_screens_on_which_two_conventions_agree_decide_nothing(sizes, found):
    convention = Convention(space="thousand")
    result = fit(observations(Simulated(convention, PLAIN, noise=0.003), sizes))
    assert result.convention == (convention if found else None)
    if not found:
        assert "fit two ways of counting" in result.why
        assert "calibrate on screens of other sizes" in result.why


def test_where_the_screens_cannot_tell_about_bars_the_guess_of_the_same_units_is_believed():
    sizes = [(192, 128), (384, 256), (768, 512)]
    rule = ImageRule(multiple=16, min_pixels=256, max_pixels=24576)
    seen_by = observations(Simulated(Convention(space="percent"), PLAIN), sizes)
    for guess in (Convention(space="percent", letterbox=True), Convention(space="percent")):
        assert fit(seen_by, (guess, rule)).convention == guess


@pytest.mark.parametrize("seed", range(5))
def test_a_model_that_points_at_random_has_no_convention(seed):
    convention = random.Random(seed).choice([way for way, _ in MODELS.values()])
    made = fit(observations(Simulated(convention, PLAIN, outliers=1.0, seed=seed)))
    assert made.convention is None
    assert "by mere chance" in made.why


def test_the_tenth_simulated_model_is_refused_with_a_profile_that_says_why():
    style = PointingStyle()
    made = calibrate(Simulated(Convention(), PLAIN, outliers=1.0), style, scenes=3)
    assert made.profile.convention is None
    assert made.profile.hits == ()
    assert made.profile.hit_rate == 0
    assert calibrated(style, made.profile) == style
    assert table(made.profile).startswith("simulated: nothing explains how it points. however they are read")


def test_a_model_that_always_says_the_same_has_no_convention():
    stubborn = [Observation(one.size, one.target, (500, 500)) for one in observations(Simulated(Convention(), PLAIN))]
    assert fit(stubborn).convention is None


def test_too_few_answers_decide_nothing():
    few = observations(Simulated(Convention(), PLAIN))[:7]
    assert fit(few) == Fit(None, why="only 7 of 7 answers name a place; 8 are needed")
    assert fit([]).convention is None


def test_answers_without_a_place_count_as_misses():
    class Moody(Simulated):
        def said(self, target, size):
            return "I cannot see it." if self.chance.random() < 0.3 else super().said(target, size)

    made = calibrate(Moody(Convention(), PLAIN), PointingStyle(screens=((640, 480), (800, 1000))), scenes=6)
    unanswered = sum(shot.at is None for shot in made.shots)
    assert made.profile.convention == Convention()
    assert 0 < unanswered == made.profile.asked - made.profile.answered
    assert made.profile.hit_rate <= made.profile.answered / made.profile.asked


def test_the_same_seed_draws_the_same_screens_and_gives_the_same_profile():
    style = PointingStyle(screens=((640, 480), (800, 1000)))
    one, other = (calibrate(Simulated(Convention(), PLAIN), style, seed=4, scenes=3) for _ in range(2))
    assert one.png == other.png
    assert msgspec.structs.replace(one.profile, when="") == msgspec.structs.replace(other.profile, when="")
    assert calibrate(Simulated(Convention(), PLAIN), style, seed=5, scenes=3).png != one.png


def test_what_the_model_raises_ends_calibrating():
    class Dead(Simulated):
        def ask(self, prompt, asking=None, heard=None):
            raise ModelError("the process ended")

    with pytest.raises(ModelError, match="the process ended"):
        calibrate(Dead(Convention(), PLAIN), PointingStyle())


def test_a_profile_survives_being_stored_and_makes_the_next_click_right():
    convention, rule = MODELS["letterboxed"]
    model, style = Simulated(convention, rule), PointingStyle(prompt="click {target}")
    profile = calibrate(model, style, scenes=3).profile
    kept = msgspec.json.decode(msgspec.json.encode(profile), type=Profile)
    assert kept == profile
    drawn = scene((1000, 700), (0.06,), random.Random(1))
    for target in drawn.targets:
        assert target.bounds.contains(point(model, calibrated(style, kept), drawn.picture, target.name))


def test_the_table_has_a_line_for_every_screen_and_height():
    profile = calibrate(Simulated(Convention(), PLAIN), PointingStyle(), scenes=3).profile
    lines = table(profile).splitlines()
    assert lines[0] == "simulated counts points in 0 to 1000, x first"
    assert len(lines) == 5 + len(profile.hits)
    assert lines[-1].split()[0] == "1920x1080"
    assert lines[-1].endswith("100%")


def test_the_picture_shows_every_screen_size_with_its_hits_and_misses():
    made = calibrate(Simulated(Convention(), PLAIN, outliers=0.4), PointingStyle(), scenes=3)
    shown = cv2.cvtColor(cv2.imdecode(np.frombuffer(made.png, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    heights = [round(height * 640 / width) + 8 for width, height in SCREENS]
    assert shown.shape == (sum(heights), 640, 3)
    assert (shown == (0, 170, 60)).all(axis=2).any()
    assert (shown == (230, 0, 40)).all(axis=2).any()


@pytest.mark.parametrize("size", [(192, 128), (640, 480), (1920, 1080), (300, 1200), (40, 30)])
def test_drawn_targets_lie_apart_within_the_screen_and_have_their_colour(size):
    chance = random.Random(2)
    for _ in range(5):
        drawn = scene(size, (0.03, 0.1), chance)
        bounds = [target.bounds for target in drawn.targets]
        assert bounds
        assert all(one.intersection(drawn.picture.bounds) == one for one in bounds)
        assert not any(one.intersection(other) for one in bounds for other in bounds if one is not other)
        for target in drawn.targets:
            inside = drawn.picture.pixels[target.bounds.y : target.bounds.bottom, target.bounds.x : target.bounds.right]
            near = np.abs(inside.astype(np.int16) - COLOURS[target.name]).max(axis=2) <= 10
            assert near.mean() > 0.3


def test_what_calibrating_needs_to_draw_is_loaded_when_it_draws():
    floor = "agents.runtime"
    modules = f"{floor}.pointing.calibrating, {floor}.grammar.json_schema"
    script = f"import sys, {modules}; print({{'cv2', 'llama_cpp'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "set()\n"


def test_calibrating_the_real_model_finds_per_cent_points_with_x_first():
    from agents.runtime.local import LocalModel
    from agents.runtime.messages import Load
    from agents.runtime.models.families import family

    style = msgspec.structs.replace(
        family("built-in").pointing,
        screens=((192, 128), (384, 256), (768, 512)),
        convention=Convention(),
        rule=PLAIN,
    )
    load = Load(0, str(TINY / "lm.gguf"), str(TINY / "mmproj.gguf"), threads=2)
    with LocalModel("tiny", load) as model:
        profile = calibrate(model, style, seed=11, scenes=5).profile
    found = profile.convention
    assert (found.space, found.shape, found.order, found.letterbox) == ("percent", "point", "xy", False)
    assert profile.answered == profile.asked >= 55
    assert profile.hit_rate > 0.6
    assert profile.margin > 2
