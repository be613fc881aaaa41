"""Opening what a recording needs, side by side, so that it is ready within half a second."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.desktop.ports import Desktop
from workbench.errors import UnavailableError

if TYPE_CHECKING:
    from workbench.library.store import Library

_log = logging.getLogger(__name__)


@contextmanager
def opened(library_folder: str | None) -> Iterator[tuple[Desktop, "Library"]]:
    """The desktop of the environment and the library; both are closed at the end.

    Raises what either of them refuses.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="opening") as pool:
        opening = pool.submit(_open_library, library_folder)
        try:
            desktop = _open_desktop()
        except BaseException:
            opening.result().close()
            raise
    try:
        with opening.result() as library:
            yield desktop, library
    finally:
        _close(desktop)


def _close(desktop: Desktop) -> None:
    """Close it; one that has gone meanwhile leaves nothing to close."""
    try:
        desktop.close()
    except UnavailableError as error:
        _log.info("closing the desktop: %s", error)


def _open_library(folder: str | None) -> "Library":
    from workbench.library.store import Library

    return Library.open(Path(folder) if folder else None)


def _open_desktop() -> Desktop:
    from workbench.desktop.opening import open_desktop

    return open_desktop()
