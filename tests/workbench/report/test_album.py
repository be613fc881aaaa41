"""The pictures of a report."""

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.report.album import Album, Missing, Plate, difference, encoded


def flat(value: int = 200, *, height: int = 120, width: int = 160) -> Frame:
    return Frame(np.full((height, width, 4), value, np.uint8), Point(-160, 0), 0)


def with_spot(frame: Frame, region: Rect, value: int = 10) -> Frame:
    pixels = frame.pixels.copy()
    pixels[region.y : region.bottom, region.x : region.right] = value
    return Frame(pixels, frame.origin, 0)


def photo(seed: int, *, height: int = 540, width: int = 960) -> Frame:
    noise = np.random.default_rng(seed).integers(0, 255, (height, width, 4), dtype=np.uint8)
    return Frame(cv2.GaussianBlur(noise, (0, 0), 3), Point(0, 0), 0)


def colours(frame: Frame) -> NDArray[np.uint8]:
    rgb: NDArray[np.uint8] = frame.pixels[..., 2::-1]
    return rgb


def test_a_frame_is_in_the_album_once_however_often_it_is_shown() -> None:
    album = Album({"a": flat()}.__getitem__)
    assert album.plate("a") == album.plate("a") == Plate("#picture-1", Rect(-160, 0, 160, 120))
    assert album.definitions().count("data:image/webp") == 1


def test_a_frame_that_hardly_differs_is_a_patch_at_its_place() -> None:
    first = flat()
    album = Album({"a": first, "b": with_spot(first, Rect(20, 30, 8, 4))}.__getitem__)
    album.plate("a")
    album.plate("b")
    page = album.definitions()
    assert '<g id="picture-2"><use href="#picture-1"></use><image ' in page
    assert 'x="-140" y="30" width="8" height="4"' in page


def test_a_frame_equal_to_another_costs_no_picture() -> None:
    album = Album({"a": flat(), "b": flat()}.__getitem__)
    album.plate("a")
    album.plate("b")
    assert album.definitions().count("data:image/webp") == 1


def test_a_frame_of_another_size_is_a_picture_of_its_own() -> None:
    album = Album({"a": flat(), "b": flat(width=320)}.__getitem__)
    album.plate("a")
    assert album.plate("b") == Plate("#picture-2", Rect(-160, 0, 320, 120))
    assert "<use" not in album.definitions()


def test_a_frame_that_cannot_be_loaded_is_missing_and_says_why() -> None:
    def refuse(frame: str) -> Frame:
        raise BadInputError(f"the frame {frame} is damaged")

    album = Album(refuse)
    assert album.plate("a") == Missing("the frame a is damaged")
    assert album.changed("a", "b") is None


def test_the_difference_is_the_box_around_every_changed_pixel_and_ignores_the_unused_channel() -> None:
    first = flat()
    assert difference(first, with_spot(first, Rect(20, 30, 8, 4))) == Rect(-140, 30, 8, 4)
    unused = first.pixels.copy()
    unused[..., 3] = 7
    assert difference(first, Frame(unused, first.origin, 0)) is None


def test_desktops_are_kept_without_loss() -> None:
    frame = with_spot(flat(), Rect(5, 6, 7, 8))
    decoded = imagecodecs.webp_decode(encoded(frame.pixels))
    assert np.array_equal(decoded[..., :3], colours(frame))


def test_photographs_are_kept_closely_and_coarser_once_much_is_spent() -> None:
    frame = photo(1)
    fine, coarse = encoded(frame.pixels), encoded(frame.pixels, spent_bytes=7_000_000)
    decoded = imagecodecs.webp_decode(fine)[..., :3]
    assert np.abs(decoded.astype(int) - colours(frame).astype(int)).mean() < 6
    assert len(coarse) < len(fine) / 2
    assert imagecodecs.webp_decode(coarse).shape[:2] == (270, 480)
