import pytest
from Xlib import X

from workbench.desktop.x11.connection import check_xlib, connect
from workbench.desktop.x11.opening import open_x11
from workbench.desktop.x11.windows import X11Windows
from workbench.errors import UnavailableError
from workbench.geometry import Point


def test_an_outdated_xlib_is_refused_with_the_way_to_mend_it():
    with pytest.raises(UnavailableError, match="python-xlib>=0"):
        check_xlib((0, 15))
    check_xlib((0, 33))
    check_xlib((1, 0))


# python-xlib forgets to close the socket that did not connect
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [":4711", "nonsense", ":", "nohost.invalid:0"])
def test_a_display_that_does_not_answer_is_refused_with_a_way_out(name):
    with pytest.raises(UnavailableError, match="--private-desktop"):
        connect(name)


def test_a_server_without_xtest_is_refused_and_nothing_stays_open(servers):
    with pytest.raises(UnavailableError, match="lacks the extension XTEST"):
        open_x11(servers("640x480x24", "-extension", "XTEST"))


def test_every_port_of_a_display_that_is_gone_says_so(mortal, canvas):
    name, end = mortal
    desktop = open_x11(name)
    desktop.screens.grab()
    desktop.observer.start(lambda event: None)
    end()
    for ask in (
        desktop.pointer.position,
        desktop.windows.all,
        desktop.windows.active,
        lambda: desktop.windows.at(Point(1, 1)),
        desktop.screens.layout,
        desktop.screens.grab,
        lambda: desktop.screens.wait_for_change(5),
        lambda: desktop.keyboard.press("a"),
        lambda: desktop.keyboard.type_text("a"),
    ):
        with pytest.raises(UnavailableError, match="display"):
            ask()
    desktop.close()


def test_a_display_that_goes_while_a_picture_is_taken_is_told_and_closed_without_another_word(mortal):
    name, end = mortal
    desktop = open_x11(name)
    whole = desktop.screens.grab().bounds
    end()
    with pytest.raises(UnavailableError, match="gives no picture"):
        desktop.screens._shot(whole, whole)
    desktop.close()


def test_a_display_that_goes_while_it_is_opened_is_refused_too(mortal, monkeypatch):
    name, end = mortal

    def too_late(connection):
        end()
        return X11Windows(connection)

    monkeypatch.setattr("workbench.desktop.x11.opening.X11Windows", too_late)
    with pytest.raises(UnavailableError, match="display is gone"):
        open_x11(name)


def test_closing_lets_go_of_what_is_held_and_ends_the_observer(display, link):
    desktop = open_x11(display)
    heard: list[object] = []
    desktop.observer.start(heard.append)
    desktop.keyboard.press("ctrl")
    desktop.close()
    assert not any(link.query_keymap())
    count = len(heard)
    link.xtest_fake_input(X.MotionNotify, x=3, y=3)
    link.sync()
    assert len(heard) == count
