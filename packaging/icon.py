"""Draws the program's icon as a picture, for systems whose programs carry one: `icon.py FILE.png`.

PyInstaller makes Windows' and macOS' own formats of it.
"""

import sys
from pathlib import Path

SIZE_PX = 1024


def main(target: Path) -> None:
    """Draw `assets/icons/workbench.svg` into a square PNG; needs PySide6 and no display."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    source = Path(__file__).resolve().parents[1] / "assets" / "icons" / "workbench.svg"
    image = QImage(SIZE_PX, SIZE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    if not image.save(str(target)):
        raise SystemExit(f"icon: {target} cannot be written; check its folder and the space there")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
