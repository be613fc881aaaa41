"""Which formats trajectories are written in."""

from importlib import import_module
from typing import cast

from workbench.errors import BadInputError
from workbench.library.exporting.material import Writer

WRITERS: tuple[str, ...] = (
    "agentnet",
    "osworld",
    "pyautogui",
    "html",
    "markdown",
    "mp4",
    "gif",
    "playwright-trace",
    "sharegpt",
    "openai-messages",
    "critical-steps",
    "preferences-steps",
    "preferences-trajectories",
    "hint-pairs",
    "datasets",
)
"""The formats beside the bundle by the names that people write, each a module of
`workbench.library.exporting.formats`."""


def writer(name: str) -> Writer:
    """The writer of a format; raises `BadInputError` for a name that is none."""
    if name not in WRITERS:
        raise BadInputError(f"there is no format {name[:40]!r}; there are {', '.join(WRITERS)}")
    return cast(Writer, import_module(f"workbench.library.exporting.formats.{name.replace('-', '_')}"))
