"""What a prompt is made of."""

import numpy as np

from agents.runtime.prompt import Message, Picture, pictures_of


def test_a_picture_stays_what_it_was_when_the_memory_it_came_from_is_filled_anew() -> None:
    ring = np.zeros((4, 6, 3), np.uint8)
    picture = Picture(ring)
    known = picture.digest
    ring[:] = 255
    assert not picture.pixels.any()
    assert Picture(ring).digest != known == Picture(np.zeros((4, 6, 3), np.uint8)).digest


def test_pictures_of_other_shapes_with_the_same_bytes_differ() -> None:
    assert Picture(np.zeros((4, 6, 3), np.uint8)).digest != Picture(np.zeros((6, 4, 3), np.uint8)).digest


def test_a_part_of_a_larger_picture_has_the_digest_of_its_own_pixels() -> None:
    whole = np.arange(4 * 8 * 3, dtype=np.uint8).reshape(4, 8, 3)
    assert Picture(whole[:, 2:6]).digest == Picture(whole[:, 2:6].copy()).digest


def test_the_pictures_of_a_prompt_come_in_order() -> None:
    one, other = Picture(np.zeros((1, 1, 3), np.uint8)), Picture(np.ones((1, 1, 3), np.uint8))
    prompt = (Message("system", ("look",)), Message("user", (one, "and", other)))
    assert pictures_of(prompt) == [one, other]
