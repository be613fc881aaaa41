"""The hands of a run on a real X screen."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from Xlib import X
from Xlib.display import Display

from workbench.actions import Click, Drag, PathPoint, PressKeys, Scroll, TypeText
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.errors import StoppedError
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
    while eyes.desktop.windows.all():  # the next test counts the windows that it finds
        eyes.desktop.screens.wait_for_change(0.05)


def opened(client: Display, eyes: Eyes, title: str, *, at: Rect, menu: bool = False) -> Any:
    """Map a window of the application `shop`, wait until it is under its own middle and, but for a menu, listed."""
    window = client.screen().root.create_window(
        at.x,
        at.y,
        at.width,
        at.height,
        0,
        client.screen().root_depth,
        override_redirect=menu,
        event_mask=X.ExposureMask | X.ButtonPressMask,
    )
    window.set_wm_class("shop", "Shop")
    window.set_wm_name(title)
    window.set_wm_normal_hints(flags=(1 << 0) | (1 << 2), min_width=1, min_height=1)
    window.map()
    client.sync()
    for _ in range(200):
        there = eyes.desktop.windows.at(at.centre)
        listed = menu or any(one.title == title for one in eyes.desktop.windows.all())
        if listed and there is not None and there.title == title:
            return window
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


def tip_over(client: Display, eyes: Eyes, *, at: Rect) -> Any:
    tip = opened(client, eyes, "what it is", at=at, menu=True)
    kind = client.get_atom("_NET_WM_WINDOW_TYPE_TOOLTIP")
    tip.change_property(client.get_atom("_NET_WM_WINDOW_TYPE"), client.get_atom("ATOM"), 32, [kind])
    client.sync()
    return tip


def pressed(client: Display) -> tuple[int, int]:
    """The next press, waited for: its window and button. The window manager looks at presses before they arrive."""
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        if client.pending_events() and (event := client.next_event()).type == X.ButtonPress:
            return event.window.id, event.detail
        time.sleep(0.005)
    raise AssertionError("nothing was pressed")


def assert_nothing_was_pressed(client: Display, eyes: Eyes, tip: Any) -> None:
    """The next press that anybody hears of is one that comes only now, on the tip."""
    eyes.desktop.pointer.move(Point(120, 100))
    eyes.desktop.pointer.press("right")
    eyes.desktop.pointer.release("right")
    assert pressed(client) == (tip.id, 3)


def test_a_click_on_what_a_tooltip_covers_waits_until_the_tip_has_gone(eyes: Eyes, client: Display) -> None:
    below = opened(client, eyes, "Customers", at=Rect(40, 40, 200, 120))
    step, grounding = clicked(eyes, Point(140, 100))
    tip = tip_over(client, eyes, at=Rect(100, 80, 80, 60))

    def application() -> None:
        if eyes.desktop.pointer.on_tip():
            tip.unmap()
            client.sync()

    performer = DesktopPerformer(replace(eyes, check=application), 1.0, str, lambda _: None, {}, lambda _: None)
    performer.perform(step, grounding)
    assert pressed(client) == (below.id, 1)


def test_a_stop_while_a_tooltip_is_waited_for_keeps_the_button_up(eyes: Eyes, client: Display) -> None:
    opened(client, eyes, "Customers", at=Rect(40, 40, 200, 120))
    step, grounding = clicked(eyes, Point(140, 100))
    tip = tip_over(client, eyes, at=Rect(100, 80, 80, 60))

    def stop() -> None:
        if eyes.desktop.pointer.on_tip():
            raise StoppedError("somebody pressed stop")

    performer = DesktopPerformer(replace(eyes, check=stop), 1.0, str, lambda _: None, {}, lambda _: None)
    with pytest.raises(StoppedError, match="somebody pressed stop"):
        performer.perform(step, grounding)
    assert_nothing_was_pressed(client, eyes, tip)


@pytest.mark.parametrize("action", [Click(), Drag(path=(PathPoint(10, 0, 5),)), Scroll(dy=1)])
def test_a_pointer_moved_while_a_tooltip_is_waited_for_ends_the_run(eyes: Eyes, client: Display, action) -> None:
    opened(client, eyes, "Customers", at=Rect(40, 40, 200, 120))
    step, grounding = clicked(eyes, Point(140, 100))
    tip = tip_over(client, eyes, at=Rect(100, 80, 80, 60))

    def person() -> None:
        if eyes.desktop.pointer.on_tip():
            eyes.desktop.pointer.move(Point(60, 60))

    performer = DesktopPerformer(replace(eyes, check=person), 1.0, str, lambda _: None, {}, lambda _: None)
    with pytest.raises(StoppedError, match="somebody moved the pointer"):
        performer.perform(structs.replace(step, action=action), grounding)
    assert_nothing_was_pressed(client, eyes, tip)
