"""The hands of a run on a real X screen."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display

from workbench.actions import Click, PressKeys, TypeText
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.geometry import Point, Rect
from workbench.library.frames import FrameStore
from workbench.locate.verdict import Verdict
from workbench.session.eyes import Eyes
from workbench.session.loop import StepFailed
from workbench.session.performing import DesktopPerformer
from workbench.session.roles import Grounding
from workbench.trajectory import Step, Target, Window


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eyes]:
    frames: Path = tmp_path_factory.mktemp("frames")
    with PrivateDesktop.start((320, 200)) as private, closing(open_x11(private.display)) as desktop:
        yield Eyes(desktop, FrameStore(frames), lambda: None)


@pytest.mark.parametrize(
    ("action", "said"),
    [(TypeText("ring \x07"), "U\\+0007 is no character"), (PressKeys(("ctrl", "Hyperspace")), "'Hyperspace'")],
)
def test_what_the_keyboard_cannot_do_fails_the_step_and_not_the_run(eyes: Eyes, action, said: str) -> None:
    performer = DesktopPerformer(eyes, 1.0, str, lambda _: None, {}, lambda _: None)
    with pytest.raises(StepFailed, match=said):
        performer.perform(Step("s1", action), Grounding(True, Verdict(), eyes.look()))


@pytest.fixture
def client(eyes: Eyes) -> Iterator[Display]:
    with closing(Display(eyes.desktop.name)) as display:
        yield display


def opened(client: Display, eyes: Eyes, title: str, *, at: Rect, menu: bool = False) -> None:
    """Map a window of the application `shop` and wait until it is under its own middle."""
    window = client.screen().root.create_window(
        at.x,
        at.y,
        at.width,
        at.height,
        0,
        client.screen().root_depth,
        override_redirect=menu,
        event_mask=X.ExposureMask,
    )
    window.set_wm_class("shop", "Shop")
    window.set_wm_name(title)
    window.set_wm_normal_hints(flags=(1 << 0) | (1 << 2), min_width=1, min_height=1)
    window.map()
    client.sync()
    for _ in range(200):
        there = eyes.desktop.windows.at(at.centre)
        if there is not None and there.title == title:
            return
        eyes.desktop.screens.wait_for_change(0.05)
    raise AssertionError(f"the window {title!r} did not appear")


def clicked(eyes: Eyes, at: Point) -> tuple[Step, Grounding]:
    sight = eyes.look()
    (window,) = [window for window in sight.windows if window.title == "Customers"]
    target = Target(at, window=Window(window.app, window.title, window.bounds))
    return Step("s1", Click(), target=target), Grounding(True, Verdict(point=at, located_by=("element",)), sight)


def test_a_window_of_the_same_application_that_came_over_the_target_takes_no_click(eyes: Eyes, client: Display) -> None:
    performer = DesktopPerformer(eyes, 1.0, str, lambda _: None, {}, lambda _: None)
    opened(client, eyes, "Customers", at=Rect(40, 40, 200, 120))
    step, grounding = clicked(eyes, Point(140, 100))
    performer.perform(step, grounding)
    opened(client, eyes, "Really?", at=Rect(80, 60, 120, 80))
    with pytest.raises(StepFailed, match=r"'Really\?' of .* came over the target at \(140, 100\)"):
        performer.perform(step, grounding)


def test_a_menu_of_the_same_application_may_lie_over_the_place(eyes: Eyes, client: Display) -> None:
    performer = DesktopPerformer(eyes, 1.0, str, lambda _: None, {}, lambda _: None)
    opened(client, eyes, "Customers", at=Rect(40, 40, 200, 120))
    step, grounding = clicked(eyes, Point(140, 100))
    opened(client, eyes, "menu", at=Rect(100, 80, 80, 60), menu=True)
    assert performer.perform(step, grounding) == ""
