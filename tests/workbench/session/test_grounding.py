"""Who is busy is waited for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workbench.actions import Click
from workbench.desktop.dry import DryAccessibility, DryDesktop
from workbench.geometry import Rect
from workbench.library.frames import FrameStore
from workbench.session.eyes import Eyes
from workbench.session.grounding import WitnessGrounder
from workbench.trajectory import Element, Step, Target, Window

WINDOW = Window("shop", "Orders", Rect(0, 0, 64, 48), handle=1)
PAY = Element("shop", "Orders", "push button", "Pay", Rect(8, 8, 20, 10), states=("enabled", "showing"))
SILENT = 4
"""How many looks find the application busy."""


class Busy(DryAccessibility):
    """An application that answers nothing at first."""

    def __init__(self, elements: list[Element], silent: int) -> None:
        super().__init__([])
        self.silent, self._later = silent, elements

    def speaks_for(self, app: str) -> bool | None:  # type: ignore[override]  # the port knows silence, memory does not
        if self.silent:
            self.silent -= 1
            return None
        self.elements = self._later
        return super().speaks_for(app)


def test_an_application_that_is_busy_for_longer_than_a_decision_takes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.session.grounding.PATIENCE_S", 0.0)
    dry = DryDesktop(frames=[np.full((48, 64, 4), 200, np.uint8)], windows=[WINDOW])
    busy = Busy([PAY], SILENT)
    eyes = Eyes(replace(dry.desktop, accessibility=busy), FrameStore(tmp_path), lambda: None)
    step = Step("s1", Click(), target=Target(PAY.bounds.centre, WINDOW, PAY))
    grounding = WitnessGrounder(eyes, 20.0).ground(step)
    assert (grounding.ok, grounding.point) == (True, PAY.bounds.centre), grounding.verdict
    assert busy.silent == 0
