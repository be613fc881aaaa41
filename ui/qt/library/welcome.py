"""What the library shows while nothing is in it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

import assets
from ui.qt.parts.empty import EmptyState
from ui.qt.theme.dressing import Dress

_TEACHES = (
    "Do it once while the workbench looks on. It keeps every step with a picture and with what it recognised, "
    "finds the same places again on another day, and does it for you or teaches it to a local model. "
    "Nothing leaves this machine."
)


def samples() -> list[Path]:
    """The trajectories that come with the program."""
    return sorted((Path(assets.__file__).parent / "samples").glob("*.trajectory"))


class Welcome(EmptyState):
    """Teaches in three lines, offers to record, and to look at a sample first."""

    def __init__(self, dress: Dress, *, record: Callable[[], None], take: Callable[[list[Path]], None]) -> None:
        super().__init__(dress, "record", "Record something you do every week", _TEACHES, action=("&Record…", record))
        self.sample = QPushButton("Add a &sample to look around")
        self.sample.setToolTip("Twelve and thirty, added with a calculator: eight steps")
        self.sample.clicked.connect(lambda _checked=False: take(samples()))
        column = self.layout()
        assert column is not None, "every empty state has one"
        column.addWidget(self.sample)
        column.setAlignment(self.sample, Qt.AlignmentFlag.AlignHCenter)
