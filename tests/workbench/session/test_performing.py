"""The hands of a run on a real X screen."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workbench.actions import PressKeys, TypeText
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.opening import open_x11
from workbench.library.frames import FrameStore
from workbench.locate.verdict import Verdict
from workbench.session.eyes import Eyes
from workbench.session.loop import StepFailed
from workbench.session.performing import DesktopPerformer
from workbench.session.roles import Grounding
from workbench.trajectory import Step


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
