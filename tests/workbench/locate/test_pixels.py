"""Finding pictures in pictures."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.locate.pixels import edges, gray, is_flat, same_details, same_tint, scaled, search

WORDS = ("Save", "Sane", "Open", "Close", "Cancel", "Delete", "Apply", "Reply", "Export", "Import", "Print", "Quit")


def written(text: str, size=(140, 40), ink=30, face=225) -> np.ndarray:
    picture = np.full((size[1], size[0]), face, np.uint8)
    cv2.putText(picture, text, (10, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (ink,), 1, cv2.LINE_AA)
    return picture


@pytest.fixture(scope="module")
def wall() -> tuple[np.ndarray, dict[tuple[int, int], str]]:
    """120 labels, each once, many of them one letter apart."""
    picture, places = np.full((700, 1200), 240, np.uint8), {}
    for index in range(120):
        row, column = divmod(index, 8)
        x, y = 7 + column * 147, 5 + row * 46
        text = f"{WORDS[index % len(WORDS)]} {index}"
        picture[y : y + 40, x : x + 140] = written(text)
        places[x, y] = text
    return picture, places


def test_every_unchanged_label_is_found_among_its_look_alikes(wall):
    picture, places = wall
    for (x, y), text in places.items():
        best = search(written(text), picture).best
        assert (best.x_px, best.y_px) == (x, y)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 119), st.integers(-3, 3), st.floats(0.7, 1.2))
def test_a_changed_label_is_found_or_not_told_from_its_neighbour(wall, which, noise, gain):
    picture, places = wall
    (x, y), text = list(places.items())[which]
    today = np.clip(picture * gain + noise, 0, 255).astype(np.uint8)
    fit = search(written(text), today)
    right = (fit.best.x_px, fit.best.y_px) == (x, y)
    assert right or 1 - fit.runner_up < 2 * (1 - fit.best.score)


def test_a_second_copy_is_the_runner_up():
    area = np.full((200, 400), 225, np.uint8)
    area[20:60, 20:160] = area[120:160, 220:360] = written("Save")
    fit = search(written("Save"), area)
    assert fit.runner_up == pytest.approx(1.0, abs=1e-3)


def test_a_line_fits_nowhere_for_certain():
    area = np.full((100, 300), 240, np.uint8)
    area[50, :] = 20
    fit = search(area[40:64, 100:160].copy(), area)
    assert fit.runner_up == pytest.approx(1.0, abs=1e-3)


def test_a_plain_surface_has_no_place():
    assert is_flat(np.full((30, 30), 200, np.uint8))
    assert search(np.full((30, 30), 200, np.uint8), written("Save", (300, 200))).best is None


def test_a_template_larger_than_the_area_has_no_place():
    assert search(written("Save"), written("Save", (100, 30))).best is None


@pytest.mark.parametrize("size", [(8, 6), (20, 13), (40, 30), (139, 39)])
def test_templates_of_every_size_are_found_by_correlation(size):
    area = np.random.default_rng(3).integers(0, 256, (90, 160), dtype=np.uint8)
    area = cv2.GaussianBlur(area, (5, 5), 0)
    template = area[21 : 21 + size[1], 11 : 11 + size[0]]
    dimmed = (area * 0.8).astype(np.uint8)
    best = search(template, dimmed).best
    assert (best.x_px, best.y_px) == (11, 21)


def test_greyed_out_ink_is_another_picture():
    assert search(written("Save"), written("Save", (200, 60), ink=150)).best.score < 0.9


def test_outlines_survive_a_swap_of_light_and_dark():
    light, dark = written("Save"), written("Save", (300, 100), ink=225, face=30)
    best = search(edges(light), edges(dark)).best
    assert best.score > 0.9


def test_one_digit_is_a_detail_that_differs():
    five, six = written("5 items"), written("6 items")
    assert search(five, np.pad(six, 20, constant_values=225)).best.score > 0.9
    assert same_details(five, five)
    assert not same_details(five, six)


def test_dimming_and_noise_are_no_details():
    picture = written("Save")
    noise = np.random.default_rng(1).integers(-6, 7, picture.shape)
    today = np.clip(picture * 0.7 + noise, 0, 255).astype(np.uint8)
    assert same_details(picture, today)


def test_colours_of_one_brightness_are_told_apart():
    red, green = (np.full((24, 24, 4), 30, np.uint8) for _ in range(2))
    red[6:18, 6:18, :3], green[6:18, 6:18, :3] = (60, 60, 200), (60, 139, 60)
    assert search(gray(red), gray(np.pad(green, ((9, 9), (9, 9), (0, 0)), mode="edge"))).best.score > 0.9
    assert same_tint(red, red)
    assert not same_tint(red, green)


def test_scaling_never_vanishes():
    assert scaled(np.zeros((1, 2), np.uint8), 0.1).shape == (1, 1)
