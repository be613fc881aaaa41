"""What another application holds in front of a window is no witness of what is done in that window."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from msgspec.structs import replace
from Xlib import X

from recorder.complete import complete, completed
from recorder.covering import covers
from recorder.ring import Shot
from workbench.desktop.ports import Placed
from workbench.geometry import Point, Rect
from workbench.inputs import Sighting
from workbench.library.store import Library
from workbench.trajectory import Target, Window

WORDS = "Delete account"
SIZE = (170, 34)
LETTER = Window("notes", "Letter", Rect(100, 50, 400, 300), handle=7)
TIP = Rect(150, 80, 60, 20)


@contextmanager
def tooltip(desk: Any, at: Point) -> Iterator[None]:
    """A pop-up of another client, with words in it, that no window manager knows of."""
    width, height = SIZE
    pixels = np.full((height, width, 4), 250, np.uint8)
    cv2.putText(pixels, WORDS, (8, 23), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (10,) * 3, 1, cv2.LINE_AA)
    screen = desk.connection.screen()
    shown = screen.root.create_window(at.x, at.y, width, height, 0, screen.root_depth, override_redirect=True)
    shown.map()
    shown.configure(stack_mode=X.Above)
    brush = shown.create_gc()
    shown.put_image(brush, 0, 0, width, height, X.ZPixmap, screen.root_depth, 0, pixels.tobytes())
    desk.connection.sync()
    try:
        yield
    finally:
        shown.destroy()
        desk.connection.sync()


def test_words_of_a_foreign_tooltip_are_no_witness_of_what_is_beside_it(desk: Any, record: Any, tmp_path: Path) -> None:
    with desk.running("galculator"), record(desk, tmp_path) as made:
        centre = desk.element("galculator", "7").bounds.centre
        with tooltip(desk, Point(centre.x + 12, centre.y + 12)):
            made.moment()
            desk.press(centre)
            made.settle(desk)
        made.stop()
    with Library.open(tmp_path) as library:
        (draft,) = library.get(made.child.trajectory, revision=1).steps
        credulous = completed(draft, library).target
        assert credulous is not None
        assert credulous.text is not None, "the words are read where nobody tells whose they are"
        assert "account" in credulous.text.text
        (step,) = complete(library, made.child.trajectory).steps
        assert step.target is not None
        assert step.target.window is not None
        assert step.target.text is None or "account" not in step.target.text.text


@pytest.mark.parametrize(
    ("stacks", "areas"),
    [
        ((((3, TIP), (7, LETTER.bounds)), ((7, LETTER.bounds),)), (TIP,)),
        ((((7, LETTER.bounds),), ((3, TIP), (7, LETTER.bounds))), (TIP,)),
        ((((7, LETTER.bounds), (3, TIP)),), ()),
        ((((3, Rect(600, 0, 50, 50)), (7, LETTER.bounds)),), ()),
        ((((3, TIP),),), ()),
        ((), ()),
    ],
    ids=["went meanwhile", "came meanwhile", "behind it", "beside it", "the window is not there", "nobody looked"],
)
def test_a_picture_knows_what_stood_in_front_of_a_window(stacks: Any, areas: tuple[Rect, ...]) -> None:
    shot = Shot(np.zeros((4, 4, 4), np.uint8))
    shot.stacks = tuple(tuple(Placed(*one) for one in stack) for stack in stacks)
    assert shot.covered(LETTER) == areas


def test_what_lets_clicks_through_and_what_covers_another_window_are_no_covers_of_a_target() -> None:
    told = covers([Sighting(1, 1, frame="f", window=LETTER, covered=(TIP, Rect(290, 190, 20, 20)))])
    later = replace(LETTER, handle=None)
    assert told.over(Target(Point(300, 200), later), "f") == (TIP,)
    assert told.over(Target(Point(300, 200), replace(later, title="Another")), "f") == ()
    assert told.over(Target(Point(300, 200), later), "another") == ()
