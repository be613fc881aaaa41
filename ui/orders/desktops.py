"""Where a run works: the person's own desktop, or a private one that comes and goes with it."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from workbench import settings
from workbench.errors import BadInputError

SIZE = re.compile(r"(\d{2,5})x(\d{2,5})")


@dataclass(frozen=True)
class Place:
    """A desktop to work on: the environment of its processes, its display's name, and whether it is private."""

    environment: Mapping[str, str]
    display: str | None
    private: bool


@contextmanager
def place(size: str | None, apps: Sequence[str]) -> Iterator[Place]:
    """The desktop with the applications started on it.

    `size` is `WxH` for a private one, empty for one of the size in the settings, None for the person's own desktop.

    Applications on a private desktop end with it; on the person's own they stay open. Raises `BadInputError` for what
    cannot be read or found, `UnavailableError` for what does not come up.
    """
    if size is None:
        _launch_here(apps)
        yield Place(os.environ, os.environ.get("DISPLAY"), private=False)
        return
    from workbench.desktop.private import PrivateDesktop

    with PrivateDesktop.start(parse_size(size or settings.load().desktop.private_size)) as desktop:
        for command in apps:
            desktop.launch(command)
        yield Place(desktop.environment(), desktop.display, private=True)


def parse_size(text: str) -> tuple[int, int]:
    """`1280x800` as numbers of pixels; raises `BadInputError` for anything else."""
    found = SIZE.fullmatch(text)
    if found is None:
        raise BadInputError(f"{text!r} is not a size such as 1280x800, which a private desktop needs")
    return int(found[1]), int(found[2])


def _launch_here(apps: Sequence[str]) -> None:
    if not apps:
        return
    from workbench.desktop.launching import launch
    from workbench.desktop.opening import open_desktop

    desktop = open_desktop(None, with_accessibility=False)
    try:
        for command in apps:
            launch(command, desktop.windows)
    finally:
        desktop.close()
