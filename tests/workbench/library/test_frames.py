"""Frames come back as they were put, or it is said that they do not."""

import errno
import os
import struct
import subprocess
import threading
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import BadInputError, UnavailableError
from workbench.geometry import Point, Rect
from workbench.library.frames import FrameStore

ORIGIN = Point(-1920, 30)


@pytest.fixture
def store(tmp_path: Path) -> FrameStore:
    return FrameStore(tmp_path / "frames", cache_bytes=0)


def test_a_picture_comes_back_with_its_pixels_and_origin_and_an_opaque_fourth_channel(store, picture):
    pixels = picture(1)
    frame = store.load(store.put(pixels, origin=ORIGIN))
    assert np.array_equal(frame.pixels[..., :3], pixels[..., :3])
    assert (frame.pixels[..., 3] == 255).all()
    assert frame.bounds == Rect(-1920, 30, 600, 200)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_sequence_of_changing_pictures_comes_back(tmp_path_factory, data):
    store = FrameStore(tmp_path_factory.mktemp("frames"), cache_bytes=0)
    width, height = data.draw(st.integers(1, 600)), data.draw(st.integers(1, 200))
    pixels = np.zeros((height, width, 4), dtype=np.uint8)
    put = []
    for _ in range(data.draw(st.integers(1, 4))):
        left, top = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        pixels[top : top + data.draw(st.integers(1, 90)), left : left + 70] = data.draw(st.integers(0, 255))
        put.append((store.put(pixels, origin=Point(0, 0)), pixels.copy()))
    for frame, expected in put:
        assert np.array_equal(store.load(frame).pixels[..., :3], expected[..., :3])


def test_equal_pixels_have_one_id_whatever_their_fourth_channel_and_memory_layout(store, picture):
    pixels = picture(1)
    other = pixels.copy()
    other[..., 3] = 7
    padded = np.zeros((200, 700, 4), dtype=np.uint8)
    padded[:, :600] = pixels
    ids = {store.put(each, origin=ORIGIN) for each in (pixels, other, padded[:, :600])}
    assert len(ids) == 1


def test_another_origin_or_pixel_makes_another_id(store, picture):
    changed = picture(1)
    changed[-1, -1, 0] ^= 1
    ids = {
        store.put(picture(1), origin=ORIGIN),
        store.put(picture(1), origin=Point(0, 0)),
        store.put(changed, origin=ORIGIN),
    }
    assert len(ids) == 3


def test_a_small_change_stores_only_the_tiles_it_touches(store, picture):
    pixels = picture(1, width=1920, height=1080)
    store.put(pixels, origin=ORIGIN)
    before = set(store.folder.rglob("*.tile"))
    pixels[500:505, 900:905] = 9
    store.put(pixels, origin=ORIGIN)
    assert len(set(store.folder.rglob("*.tile")) - before) == 1


def test_tiles_of_equal_bytes_and_other_shapes_are_not_confused(store):
    pixels = np.zeros((64 + 28, 256 + 112, 4), dtype=np.uint8)  # its last row and last column hold equally many pixels
    assert np.array_equal(store.load(store.put(pixels, origin=ORIGIN)).pixels[..., :3], pixels[..., :3])


def test_pictures_of_absurd_sizes_are_refused_before_they_are_copied(store):
    wide = np.broadcast_to(np.zeros(4, dtype=np.uint8), (1, 16_385, 4))
    vast = np.broadcast_to(np.zeros(4, dtype=np.uint8), (16_384, 16_384, 4))
    for pixels in (wide, vast, np.zeros((0, 5, 4), dtype=np.uint8)):
        with pytest.raises(BadInputError, match="measures"):
            store.put(pixels, origin=ORIGIN)


def test_a_picture_of_another_kind_is_a_programming_error(store):
    with pytest.raises(ValueError, match="uint8"):
        store.put(np.zeros((4, 4, 3), dtype=np.uint8), origin=ORIGIN)


def test_loaded_pixels_cannot_be_written_to(store, picture):
    frame = store.load(store.put(picture(), origin=ORIGIN))
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels[0, 0] = 0


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "g" * 32, "a" * 31, "A" * 32, "a\0" * 16])
def test_what_is_no_id_is_refused_and_never_a_path(store, name):
    assert not store.has(name)
    with pytest.raises(BadInputError, match="not the id of a frame"):
        store.load(name)


def test_a_missing_frame_is_named_with_how_to_look_further(store):
    with pytest.raises(BadInputError, match="frame " + "a" * 32 + " is missing.*workbench-cli verify"):
        store.load("a" * 32)


@pytest.mark.parametrize("kind", ["*.frame", "*.tile"])
@pytest.mark.parametrize("harm", ["gone", "cut", "flipped", "longer", "empty"])
def test_every_damage_is_noticed_on_loading_and_on_checking(store, picture, kind, harm):
    frame = store.put(picture(1), origin=ORIGIN)
    for path in store.folder.rglob(kind):
        _harm(path, harm)
    with pytest.raises(BadInputError):
        store.load(frame)
    with pytest.raises(BadInputError):
        store.check(frame, sound=set())


def test_tiles_that_were_swapped_are_noticed_on_checking(store, picture):
    frame = store.put(picture(1), origin=ORIGIN)
    listed = store.tile_list(frame)
    first, other = (
        listed.tiles[0],
        next(tile for tile in listed.tiles[:2] + listed.tiles[3:5] if tile != listed.tiles[0]),
    )
    store.tile_path(first).write_bytes(store.tile_path(other).read_bytes())
    with pytest.raises(BadInputError, match="other pixels"):
        store.check(frame, sound=set())


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (16_385, 1), (16_384, 16_384), (2**32 - 1, 2**32 - 1)])
def test_a_stored_frame_of_absurd_size_is_refused_before_anything_is_allocated(store, size):
    encoded = struct.pack("<4sIIii", b"GWF1", *size, 0, 0)
    frame = blake2b(encoded, digest_size=16).hexdigest()
    store.path(frame).parent.mkdir(parents=True)
    store.path(frame).write_bytes(encoded)
    with pytest.raises(BadInputError, match="measures"):
        store.load(frame)


def test_recently_loaded_frames_come_from_memory_up_to_the_limit(tmp_path, picture):
    store = FrameStore(tmp_path / "frames", cache_bytes=2 * picture().nbytes)
    first, second, third = (store.put(picture(seed), origin=ORIGIN) for seed in range(3))
    for frame in (first, second, third):
        store.load(frame)
    for path in store.folder.rglob("*.frame"):
        path.unlink()
    assert store.load(second).pixels is not None
    with pytest.raises(BadInputError):
        store.load(first)


def test_reclaiming_spares_what_is_used_and_what_is_new(store, picture):
    used, fresh, condemned = (store.put(picture(seed), origin=ORIGIN) for seed in range(3))
    gone = store.reclaim({used}, condemned={condemned}, put_before_s=_date(store, condemned) + 1)
    assert set(store.all()) == {used, fresh}
    assert gone.frames == 1
    assert gone.size_bytes > 0
    for frame in (used, fresh):
        store.check(frame, sound=set())


def test_reclaiming_spares_a_condemned_frame_that_was_put_again_since(store, picture):
    frame = store.put(picture(), origin=ORIGIN)
    store.reclaim(set(), condemned={frame}, put_before_s=_date(store, frame) - 1)
    assert store.has(frame)


def test_reclaiming_leaves_no_tile_that_no_frame_needs(store, picture):
    frame = store.put(picture(), origin=ORIGIN)
    store.reclaim(set(), condemned={frame}, put_before_s=_date(store, frame) + 1)
    assert not [path for path in store.folder.rglob("*") if path.suffix in (".tile", ".frame")]


def test_a_picture_put_again_after_it_was_reclaimed_is_whole(store, picture):
    frame = store.put(picture(), origin=ORIGIN)
    store.reclaim(set(), condemned={frame}, put_before_s=_date(store, frame) + 1)
    assert store.put(picture(), origin=ORIGIN) == frame
    store.check(frame, sound=set())


def test_a_picture_like_one_that_was_reclaimed_is_whole(store, picture):
    before = store.put(picture(), origin=ORIGIN)
    changed = picture()
    changed[0, 0] = 255 - changed[0, 0]
    store.reclaim(set(), condemned={before}, put_before_s=_date(store, before) + 1)
    store.check(store.put(changed, origin=ORIGIN), sound=set())


def test_a_picture_is_whole_after_the_disk_refused_the_one_before(store, picture, monkeypatch):
    store.put(picture(1), origin=ORIGIN)
    with monkeypatch.context() as full:
        full.setattr(os, "open", _refused)
        with pytest.raises(UnavailableError):
            store.put(picture(2), origin=ORIGIN)
    store.check(store.put(picture(2), origin=ORIGIN), sound=set())


def test_threads_may_put_at_once(store, picture):
    found: dict[int, str] = {}

    def put(seed: int) -> None:
        found[seed] = store.put(picture(seed), origin=ORIGIN)

    threads = [threading.Thread(target=put, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, frame in found.items():
        assert np.array_equal(store.load(frame).pixels[..., :3], picture(seed)[..., :3])


def test_a_process_that_puts_is_not_harmed_by_one_that_reclaims(store, picture, python):
    script = (
        "import sys, numpy as np\nfrom pathlib import Path\n"
        "from workbench.geometry import Point\nfrom workbench.library.frames import FrameStore\n"
        "store = FrameStore(Path(sys.argv[1]))\n"
        "for seed in range(60):\n"
        "    pixels = np.full((100, 300, 4), seed % 7, dtype=np.uint8); pixels[:, :256] = 99\n"
        "    print(store.put(pixels, origin=Point(seed, 0)))\n"
    )
    child = subprocess.Popen([python, "-c", script, str(store.folder)], stdout=subprocess.PIPE, text=True)
    while child.poll() is None:
        mine = store.put(picture(), origin=ORIGIN)
        store.reclaim(set(), condemned={mine}, put_before_s=_date(store, mine) + 1)
    put = child.communicate()[0].split()
    assert len(put) == 60
    for frame in put:
        store.check(frame, sound=set())


def _refused(*_: object) -> int:
    raise OSError(errno.ENOSPC, "no space")


def _harm(path: Path, how: str) -> None:
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
        return
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    path.write_bytes({"cut": data[:-1], "flipped": flipped, "longer": data + b"x", "empty": b""}[how])


def _date(store: FrameStore, frame: str) -> float:
    return store.path(frame).stat().st_mtime


def test_a_list_of_tiles_that_is_not_compressed_is_read_as_well(store: FrameStore) -> None:
    frame = store.put(np.zeros((100, 300, 4), np.uint8), origin=Point(3, 4))
    before = store.tile_list(frame)
    assert store.path(frame).read_bytes() != before.encode()
    store.path(frame).write_bytes(before.encode())
    assert store.tile_list(frame) == before
    store.path(frame).write_bytes(b"no list at all")
    with pytest.raises(BadInputError, match=frame):
        store.tile_list(frame)
