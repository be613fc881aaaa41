"""Films: MP4 and GIF."""

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageSequence

from workbench.actions import Click, Note, TypeText
from workbench.desktop.ports import Frame
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.exporting import drawing
from workbench.library.exporting.film import DOTS, MOMENT_MS, Film, Stage, stage_for
from workbench.library.exporting.formats import gif, mp4
from workbench.library.exporting.guide import guide_of
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Observation, Step, Trajectory

STAGE = Stage(640, 400)


@pytest.fixture
def shown(monkeypatch):
    """What was written onto plates."""
    plates: list[str] = []
    draw = drawing.draw_plate
    monkeypatch.setattr(
        drawing, "draw_plate", lambda p, words, **at: (plates.append(words.lines[0]), draw(p, words, **at))
    )
    return plates


def shots_of(trajectory, picture):
    film = Film(guide_of(trajectory), STAGE, picture=picture, told=lambda: None)
    return list(film.shots()), film


def screen(name: str) -> Frame:
    return Frame(np.full((400, 640, 4), 40 + 20 * int(name[1:]), np.uint8), Point(0, 0), 0)


def length_ms(shots) -> int:
    return sum(shot.stands_ms for shot in shots)


def test_the_pointer_goes_to_the_place_and_a_click_shows_there(letter):
    click = replace(letter, steps=letter.steps[1:2])
    shots, _ = shots_of(click, screen)
    rings = [(shot.picture[40:120, 60:140] == drawing.ACTED).all(axis=2).any() for shot in shots]
    assert rings.index(True) > 6
    arrows = [_pointer_at(shot.picture) for shot in shots if _pointer_at(shot.picture)]
    assert arrows[-1] == pytest.approx((100, 80), abs=4)
    assert arrows[0][0] > arrows[-1][0]


def _pointer_at(picture):
    """The tip of the pointer, which is the only thing in ink."""
    rows, columns = np.nonzero((picture[:400] == drawing.INK).all(axis=2))
    return (int(columns.min()), int(rows.min())) if rows.size else None


def test_keys_and_typed_text_stand_on_a_plate(letter, shown):
    shots_of(letter, screen)
    assert "Ctrl+S × 2" in shown
    assert "Dear {{name}}, # this is <b>bold</b>" in shown
    assert "↓ 3  ← 1" in shown


def test_secrets_are_dots_however_long_they_are(letter, shown):
    shots_of(replace(letter, steps=letter.steps[11:13]), screen)
    assert set(shown) <= {DOTS[:n] for n in range(9)}
    assert shown.count(DOTS) == 2


def test_every_line_stands_long_enough_to_be_read(letter):
    shots, _ = shots_of(letter, screen)
    assert all(shot.stands_ms % MOMENT_MS == 0 and shot.stands_ms > 0 for shot in shots)
    cards = [shot for shot in shots if (shot.picture[:20] == drawing.PLATE).all()]
    assert all(card.stands_ms >= 1200 for card in cards)
    assert len(cards) == 5


def test_steps_without_a_picture_are_told_of(letter):
    def fewer(name: str) -> Frame:
        if name == "f1":
            raise BadInputError("the frame f1 is missing")
        return screen(name)

    _, film = shots_of(replace(letter, steps=letter.steps[1:3]), fewer)
    assert film.remarks == [Remark(1, "the frame f1 is missing"), Remark(2, "the frame f1 is missing")]


@pytest.mark.parametrize(
    ("bounds", "stage"),
    [
        (Rect(0, 0, 1280, 800), Stage(1280, 800)),
        (Rect(-1920, 0, 3840, 2160), Stage(1280, 720)),
        (Rect(0, 0, 160, 210), Stage(400, 524)),
        (Rect(0, 0, 16384, 1), Stage(1280, 2)),
        (Rect(0, 0, 1, 16384), Stage(400, 960)),
    ],
)
def test_a_stage_is_readable_and_of_even_sides(bounds, stage):
    assert stage_for(bounds, widest_px=1280, highest_px=960) == stage


@pytest.fixture
def short(letter) -> Trajectory:
    return replace(letter, steps=letter.steps[1:2], task="")


def test_an_mp4_plays_as_long_as_its_shots_stand(export, short):
    done = export("mp4", short)
    film = Film(guide_of(short), STAGE, picture=screen, told=lambda: None)
    wanted = length_ms(film.shots()) / 1000
    reader = cv2.VideoCapture(str(done.path), cv2.CAP_FFMPEG)
    count, rate = reader.get(cv2.CAP_PROP_FRAME_COUNT), reader.get(cv2.CAP_PROP_FPS)
    good, first = reader.read()
    reader.release()
    assert good
    assert first.shape[:2] == (STAGE.whole_height, STAGE.width)
    assert count / rate == pytest.approx(wanted, abs=0.01)
    assert len(done.told) == 1
    assert [path.name for path in done.path.parent.iterdir() if path.name.startswith("out")] == ["out-mp4"]


def test_an_mp4_that_cannot_be_made_leaves_nothing(export, letter, tmp_path):
    with pytest.raises(BadInputError, match="has no pictures"):
        export("mp4", Trajectory("T", "Nothing", (Step("a", Note("x")),)))
    assert not list(tmp_path.glob("out*"))


def test_a_gif_shows_the_recording_as_long_as_its_shots_stand(export, recorded):
    trajectory, load = recorded
    short = replace(trajectory, steps=trajectory.steps[5:7])
    done = export("gif", short, load)
    stage = stage_for(Rect(0, 0, 1280, 800), widest_px=960, highest_px=960)
    shots = list(Film(guide_of(short), stage, picture=load, told=lambda: None).shots())
    with Image.open(done.path) as film:
        assert film.size == (960, stage.whole_height)
        assert film.info["loop"] == 0
        stands = [frame.info["duration"] for frame in ImageSequence.Iterator(film)]
        last = np.array(film.convert("RGB")).astype(int)
    assert sum(stands) == length_ms(shots)
    assert len(done.told) == 2
    assert np.abs(last - shots[-1].picture[..., ::-1]).mean() < 3


def test_a_gif_that_would_be_too_long_is_made_smaller_and_then_refused(export, recorded, monkeypatch):
    trajectory, load = recorded
    short = replace(trajectory, steps=trajectory.steps[:1])
    whole = export("gif", short, load)
    size = whole.path.stat().st_size
    monkeypatch.setattr(gif, "MOST_BYTES", size - 1)
    smaller = export("gif", short, load)
    with Image.open(smaller.path) as film:
        assert film.size[0] == 720
    assert len(smaller.told) == 1
    monkeypatch.setattr(gif, "MOST_BYTES", 2000)
    with pytest.raises(BadInputError, match=r"too long for a GIF of .*; export it as mp4, or split it"):
        export("gif", short, load)


def test_where_there_is_no_vp9_another_codec_is_taken(export, short, monkeypatch):
    monkeypatch.setattr(mp4, "CODECS", ("mp4v",))
    done = export("mp4", short)
    assert b"mp4v" in done.path.read_bytes()


def test_pictures_of_other_sizes_fit_onto_the_stage():
    sizes = {"f1": (400, 640), "f2": (1000, 100), "f3": (30, 2000)}
    steps = tuple(Step(name, Click(), Observation(frame=name)) for name in sizes)

    def load(name: str) -> Frame:
        return Frame(np.full((*sizes[name], 4), 250, np.uint8), Point(-7, 3), 0)

    shots, _ = shots_of(Trajectory("T", "t", steps), load)
    assert {shot.picture.shape for shot in shots} == {(STAGE.whole_height, STAGE.width, 3)}


@pytest.mark.parametrize("text", ["word " * 100, "x" * 900, "你好" * 300, "a\u0301" * 300, "😀" * 200])
def test_long_words_are_cut_to_the_lines_that_fit(text):
    words = drawing.laid_out(text, 24, 500, most_lines=2)
    assert len(words.lines) == 2
    assert words.lines[-1].endswith("…")
    assert words.width <= 500


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_trajectory_can_be_filmed(trajectories, data):
    trajectory = data.draw(trajectories(st.sampled_from(["f1", "f2"])))
    shots, _ = shots_of(trajectory, screen)
    assert {shot.picture.shape for shot in shots} == {(STAGE.whole_height, STAGE.width, 3)}
    assert shots[0].stands_ms >= 1200


def test_typed_text_that_is_empty_shows_no_plate(shown):
    shots_of(Trajectory("T", "t", (Step("a", TypeText(""), Observation(frame="f1")),)), screen)
    assert shown == []
