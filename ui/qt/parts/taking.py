"""Importing a file from any room, on a thread and a connection of its own."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QDropEvent

from ui.orders.importing import take_one
from ui.qt.core import Core
from ui.qt.parts.giving import library_at


def take_in(core: Core, path: Path, then: Callable[[str], None]) -> None:
    """Import the one recording there and tell `then` its id; what speaks against it is a notice."""
    name = f"import of {path}"

    def work() -> str:
        try:
            with library_at(core.library_folder) as library:
                return take_one(library, path)
        finally:
            core.tasks.back(lambda: core.ends(name))

    def taken(trajectory_id: str) -> None:
        core.library_changed.emit(trajectory_id)
        then(trajectory_id)

    core.begins(name, "an import")
    core.tasks.aside(work, taken)


def dragged_files(event: QDropEvent) -> list[Path]:
    """The local files that are dragged."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
