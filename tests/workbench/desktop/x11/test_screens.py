import subprocess
from contextlib import closing

import numpy as np
import pytest

from workbench.desktop.x11.hiding import OWN_PROPERTY
from workbench.desktop.x11.screens import X11Screens
from workbench.errors import UnavailableError
from workbench.geometry import Rect

RED, GREEN = (0, 0, 255), (0, 255, 0)
GREY = (128, 128, 128)


@pytest.fixture
def screens(display):
    opened = X11Screens(display)
    yield opened
    opened.close()


def _at(frame, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in frame.crop(Rect(x, y, 1, 1))[0, 0, :3])


def test_a_picture_shows_what_is_on_the_screen(screens, canvas):
    canvas(100, 100, 200, 150, 0xFF0000)
    frame = screens.grab()
    assert frame.pixels.shape == (800, 1280, 4)
    assert (_at(frame, 100, 100), _at(frame, 299, 249)) == (RED, RED)
    assert RED not in (_at(frame, 99, 100), _at(frame, 300, 249))


def test_a_picture_belongs_to_its_owner(screens, canvas):
    window = canvas(100, 100)
    kept = screens.grab()
    window.destroy()
    assert _at(screens.grab(), 110, 110) != RED
    assert _at(kept, 110, 110) == RED
    kept.pixels[:] = 0


def test_a_picture_can_go_into_memory_that_is_there(screens, canvas):
    canvas(100, 100)
    buffer = np.zeros((800, 1280, 4), np.uint8)
    frame = screens.grab_into(buffer)
    assert frame.pixels is buffer
    assert _at(frame, 110, 110) == RED


def test_a_part_of_the_screen_is_taken_as_it_is_now(screens, canvas):
    canvas(100, 100, 200, 150, 0xFF0000)
    part = screens.grab_part(Rect(90, 95, 20, 10))
    assert part.bounds == Rect(90, 95, 20, 10)
    assert (_at(part, 100, 100), _at(part, 109, 104)) == (RED, RED)
    assert RED not in (_at(part, 99, 100), _at(part, 100, 99))


def test_a_part_ends_where_the_screen_does(screens):
    assert screens.grab_part(Rect(-10, 790, 30, 30)).bounds == Rect(0, 790, 20, 10)
    with pytest.raises(ValueError, match="outside"):
        screens.grab_part(Rect(2000, 0, 10, 10))


def test_a_hidden_window_is_grey_in_a_part_too(screens, canvas):
    hidden = canvas(100, 100, 200, 150, 0xFF0000)
    screens.hide([hidden.window.id])
    assert _at(screens.grab_part(Rect(90, 90, 60, 60)), 110, 110) == GREY


def test_taking_a_part_does_not_hide_a_change_from_who_waits(screens, canvas):
    screens.grab()
    canvas(100, 100)
    screens.grab_part(Rect(0, 0, 10, 10))
    assert screens.wait_for_change(5)


def test_memory_of_another_size_is_refused(screens):
    with pytest.raises(ValueError, match="800, 1280, 4"):
        screens.grab_into(np.zeros((10, 10, 4), np.uint8))


def test_a_hidden_window_is_grey_and_its_neighbours_are_not(screens, canvas):
    hidden = canvas(100, 100, 200, 150, 0xFF0000)
    canvas(400, 100, 50, 50, 0x00FF00)
    screens.hide([hidden.window.id])
    frame = screens.grab()
    assert not (frame.pixels[100:250, 100:300, :3] != 128).any()
    assert _at(frame, 410, 110) == GREEN
    screens.hide([])
    assert _at(screens.grab(), 110, 110) == RED


def test_what_lies_over_a_hidden_window_stays_visible(screens, canvas):
    hidden = canvas(100, 100, 200, 150, 0xFF0000)
    canvas(150, 120, 50, 50, 0x00FF00)
    screens.hide([hidden.window.id])
    frame = screens.grab()
    assert (_at(frame, 110, 110), _at(frame, 160, 130), _at(frame, 210, 130)) == (GREY, GREEN, GREY)
    hidden.raise_()
    assert _at(screens.grab(), 160, 130) == GREY


def test_a_hidden_window_stays_hidden_wherever_it_goes(screens, canvas):
    hidden = canvas(100, 100, 200, 150, 0xFF0000)
    screens.hide([hidden.window.id])
    for x in (0, 300, 900, 1200):
        hidden.window.configure(x=x, y=x // 2)
        hidden.connection.sync()
        frame = screens.grab()
        assert not (frame.pixels[:, :, :3] == RED).all(axis=2).any()


def test_hiding_a_managed_window_hides_its_title_bar_too(screens, canvas, link, wait_until):
    canvas(100, 200, 300, 100, 0xFF0000, managed=True)
    window = canvas(300, 400, 300, 100, 0xFF0000, managed=True, name="hidden one")
    frame_of = link.create_resource_object("window", window.window.id).query_tree().parent
    screens.hide([window.window.id])
    place = frame_of.get_geometry()
    pixels = screens.grab().crop(Rect(place.x, place.y, place.width, place.height))
    assert not (pixels[:, :, :3] != 128).any()


def test_our_own_windows_and_their_pop_ups_are_hidden_without_being_named(screens, canvas):
    canvas(100, 100, 200, 150, 0xFF0000, properties={OWN_PROPERTY: 4242})
    canvas(400, 100, 50, 50, 0xFF0000, properties={"_NET_WM_PID": 4242})
    canvas(500, 100, 50, 50, 0x00FF00, properties={"_NET_WM_PID": 4243})
    frame = screens.grab()
    assert (_at(frame, 110, 110), _at(frame, 410, 110), _at(frame, 510, 110)) == (GREY, GREY, GREEN)


def test_a_hidden_window_that_vanishes_is_forgotten_silently(screens, canvas, capfd):
    hidden = canvas()
    screens.hide([hidden.window.id, 0x123456])
    screens.grab()
    hidden.destroy()
    assert _at(screens.grab(), 110, 110) != GREY
    assert capfd.readouterr().err == ""


def test_waiting_ends_at_a_change_and_not_before(screens, canvas):
    screens.grab()
    assert not screens.wait_for_change(0.02)
    canvas()
    assert screens.wait_for_change(5)
    assert screens.wait_for_change(0)
    screens.grab()
    assert not screens.wait_for_change(0.02)


def test_without_damage_every_moment_may_be_a_change(servers):
    with closing(X11Screens(servers("640x480x24", "-extension", "DAMAGE"))) as screens:
        screens.grab()
        assert screens.wait_for_change(1)


def test_monitors_are_named_and_scaled_as_toolkits_scale(servers):
    display = servers("640x480x24")
    with closing(X11Screens(display)) as screens:
        assert [(screen.bounds, screen.scale, screen.primary) for screen in screens.layout()] == [
            (Rect(0, 0, 640, 480), 1.0, True)
        ]
        subprocess.run(["xrdb", "-display", display, "-merge"], input=b"Xft.dpi: 144\n", check=True)
        assert [screen.scale for screen in screens.layout()] == [1.5]
        subprocess.run(["xrdb", "-display", display, "-merge"], input=b"Xft.dpi: 1.2.3\n", check=True)
        assert [screen.scale for screen in screens.layout()] == [1.0]


def test_the_picture_follows_the_size_of_the_desktop(servers, resize):
    display = servers("1280x800x24")
    with closing(X11Screens(display)) as screens:
        assert screens.grab().pixels.shape == (800, 1280, 4)
        resize(display, 1024, 768)
        assert screens.grab().pixels.shape == (768, 1024, 4)
        assert screens.layout()[0].bounds == Rect(0, 0, 1024, 768)


@pytest.mark.parametrize("depth", ["8", "16"])
def test_a_display_with_few_colours_is_refused(servers, depth):
    with pytest.raises(UnavailableError, match=f"{depth} bits of colour"):
        X11Screens(servers(f"640x480x{depth}"))


def test_changes_are_told_with_the_place_around_them_and_once(screens, canvas):
    assert screens.changes() is None
    assert screens.changes().area == 0
    canvas(100, 100, 50, 40)
    canvas(400, 300, 20, 10)
    changed = screens.changes()
    assert changed.intersection(Rect(100, 100, 320, 210)) == Rect(100, 100, 320, 210)
    assert changed.area < 1280 * 800
    assert screens.changes().area == 0


def test_a_picture_brought_up_to_date_only_where_it_changed_is_the_whole_truth(screens, canvas):
    buffer = np.zeros((800, 1280, 4), np.uint8)
    screens.changes()
    screens.grab_into(buffer)
    moving = canvas(100, 100, 60, 60, 0xFF0000)
    for place in (200, 500, 900):
        canvas(place, 50, 30, 30, 0x00FF00)
        moving.window.configure(x=place, y=place // 2)
        moving.connection.sync()
        screens.grab_into(buffer, screens.changes())
        assert np.array_equal(buffer[..., :3], screens.grab().pixels[..., :3])


def test_what_is_hidden_is_painted_over_even_where_nothing_is_taken_anew(screens, canvas):
    hidden = canvas(100, 100, 200, 150, 0xFF0000)
    buffer = np.zeros((800, 1280, 4), np.uint8)
    screens.grab_into(buffer)
    assert _at(screens.grab_into(buffer, Rect(0, 0, 0, 0)), 110, 110) == RED
    assert screens.covered == ()
    screens.hide([hidden.window.id])
    assert _at(screens.grab_into(buffer, Rect(0, 0, 0, 0)), 110, 110) == GREY
    assert screens.covered == (Rect(100, 100, 200, 150),)
