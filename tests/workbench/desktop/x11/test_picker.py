"""Pointing at a place on a display on which somebody else holds pointer or keyboard."""

import time

import pytest
from Xlib import X

from workbench.desktop.x11.picker import pick_point_x11
from workbench.errors import StoppedError, UnavailableError


def _hold(link, device: str) -> None:
    root = link.screen().root
    if device == "pointer":
        root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)
    else:
        root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
    link.sync()


def _let_go(link) -> None:
    link.ungrab_pointer(X.CurrentTime)
    link.ungrab_keyboard(X.CurrentTime)
    link.sync()


def _stop() -> None:
    raise StoppedError("everything is held now, and a click is waited for")


@pytest.mark.parametrize("device", ["pointer", "keyboard"])
def test_what_another_program_holds_for_a_moment_is_waited_for(display, link, monkeypatch, device):
    _hold(link, device)
    monkeypatch.setattr(time, "sleep", lambda seconds: _let_go(link))
    with pytest.raises(StoppedError, match="a click is waited for"):
        pick_point_x11(display, 1.0, _stop)


@pytest.mark.parametrize("device", ["pointer", "keyboard"])
def test_what_another_program_keeps_holding_is_said(display, link, device):
    _hold(link, device)
    with pytest.raises(UnavailableError, match=f"another program holds the {device}, so nobody can point"):
        pick_point_x11(display, 1.0, _stop)
    _let_go(link)
