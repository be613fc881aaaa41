"""Keys that name no field go to the window in front of which they were thought up, and to no other."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from agents.grounding.finding import Finder
from agents.grounding.grounder import AgentGrounder
from workbench.actions import PressKeys, TypeText
from workbench.desktop.ports import Frame
from workbench.geometry import Point, Rect, Screen
from workbench.library.frames import FrameStore
from workbench.session.eyes import Eyes
from workbench.session.roles import Grounding
from workbench.trajectory import Observation, Step, Window

ORDERS = Window("shop", "Orders", Rect(0, 0, 9, 9), handle=1)
ASKS = Window("shop", "Delete all orders?", Rect(0, 0, 9, 9), handle=2)
RENAMED = Window("shop", "Orders (3)", Rect(0, 0, 9, 9), handle=1)


@pytest.fixture
def ground(tmp_path: Path) -> Any:
    """Grounds keys that were thought up in front of one window while another may have come to the front."""

    def make(action: PressKeys | TypeText, *, planned: Window | None, now: Window) -> Grounding:
        frame = Frame(np.zeros((9, 9, 4), np.uint8), Point(0, 0), 0)
        layout = (Screen("only", frame.bounds),)
        screens = SimpleNamespace(grab=lambda: frame, layout=lambda: layout, wait_for_change=lambda _: False)
        windows = SimpleNamespace(active=lambda: now, all=lambda: (now,))
        desktop = cast("Any", SimpleNamespace(screens=screens, windows=windows, accessibility=None))
        eyes = Eyes(desktop, FrameStore(tmp_path), lambda: None)
        step = Step("s1", action, observation=Observation(window=planned))
        return AgentGrounder(eyes, lambda _: None, Finder(), 0.0).ground(step)

    return make


@pytest.mark.parametrize("action", [PressKeys(("Return",)), PressKeys(("alt", "F4")), TypeText("yes\n")])
def test_keys_do_not_answer_a_window_that_came_to_the_front_while_they_were_thought_up(
    ground: Any, action: Any
) -> None:
    found = ground(action, planned=ORDERS, now=ASKS)
    assert (found.ok, found.verdict.cause) == (False, "wrong-window")
    assert "“Delete all orders?” came to the front" in found.verdict.reason


@pytest.mark.parametrize(("planned", "now"), [(ORDERS, ORDERS), (ORDERS, RENAMED), (None, ASKS)])
def test_keys_go_to_the_window_that_was_planned_whatever_it_is_called_by_now(
    ground: Any, planned: Window | None, now: Window
) -> None:
    assert ground(PressKeys(("Return",)), planned=planned, now=now).ok
