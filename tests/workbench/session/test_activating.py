"""Bringing a window to the front: the one that is meant, or none."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.actions import Activate
from workbench.geometry import Rect
from workbench.library.frames import FrameStore
from workbench.locate.verdict import Verdict
from workbench.session.eyes import Eyes
from workbench.session.loop import StepFailed
from workbench.session.performing import DesktopPerformer
from workbench.session.roles import Grounding
from workbench.trajectory import Step, Window


@dataclass
class Windows:
    """Windows from the topmost down, of which the first has the focus."""

    stack: list[Window] = field(default_factory=list)

    def all(self) -> tuple[Window, ...]:
        return tuple(self.stack)

    def active(self) -> Window | None:
        return self.stack[0] if self.stack else None

    def activate(self, window: Window) -> None:
        self.stack.remove(window)
        self.stack.insert(0, window)


def bring(tmp_path: Path, action: Activate, *titles: str) -> str:
    """The title of the window that is in front afterwards; at first the windows lie there in this order."""
    windows = Windows([Window("writer", title, Rect(0, 0, 9, 9), handle=at) for at, title in enumerate(titles, 1)])
    desktop = cast("Any", SimpleNamespace(windows=windows, screens=None))
    performer = DesktopPerformer(
        Eyes(desktop, FrameStore(tmp_path), lambda: None), 0.0, str, lambda _: None, {}, lambda _: None
    )
    sight = cast("Any", None)  # bringing to the front looks at windows only
    performer.perform(Step("s1", action), Grounding(True, Verdict(), sight))
    return windows.stack[0].title


def test_of_windows_with_titles_much_alike_the_one_that_was_named_comes_to_the_front(tmp_path: Path) -> None:
    meant = Activate("writer", "Untitled 2 - Writer")
    assert bring(tmp_path, meant, "Untitled 1 - Writer", "Untitled 2 - Writer") == "Untitled 2 - Writer"


def test_the_only_window_with_a_title_like_it_is_meant(tmp_path: Path) -> None:
    assert bring(tmp_path, Activate("writer", "Report - Writer"), "Options", "Report 2 - Writer") == "Report 2 - Writer"


def test_an_application_alone_means_its_topmost_window(tmp_path: Path) -> None:
    assert bring(tmp_path, Activate("writer"), "Letter", "Report") == "Letter"


@pytest.mark.parametrize("today", [("Report 3 - Writer", "Report 4 - Writer"), ("Report 2 - Writer",) * 2])
def test_a_window_is_never_picked_out_of_several_that_may_be_meant(tmp_path: Path, today: tuple[str, ...]) -> None:
    with pytest.raises(StepFailed, match="more than one window of writer"):
        bring(tmp_path, Activate("writer", "Report 2 - Writer"), *today)
