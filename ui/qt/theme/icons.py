"""Icons from `assets/icons`, drawn in the colour of the text around them and sharp at every scale."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets

FOLDER = Path(assets.__file__).parent / "icons"


def icon(name: str, colour: str, *, chosen: str = "") -> QIcon:
    """The icon of that name in a colour, in `chosen` where its button is checked; raises KeyError for no such icon."""
    return QIcon(_Drawn(_source(name), colour, chosen or colour))


def application_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(FOLDER / "workbench.svg"))


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    file = FOLDER / f"{name}.svg"
    if not file.exists():
        raise KeyError(f"there is no icon {name} in {FOLDER.name}")
    return file.read_text(encoding="utf-8")


class _Drawn(QIconEngine):
    """Draws an icon anew at every size, at half strength where its button is disabled."""

    def __init__(self, source: str, colour: str, chosen: str) -> None:
        super().__init__()
        self._source, self._colour, self._chosen = source, colour, chosen
        self._drawings = {each: _drawing(source, each) for each in {colour, chosen}}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setOpacity(0.4 if mode == QIcon.Mode.Disabled else 1.0)
        colour = self._chosen if state == QIcon.State.On else self._colour
        self._drawings[colour].render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, made.rect(), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Drawn(self._source, self._colour, self._chosen)


def _drawing(source: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
