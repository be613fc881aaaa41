"""What there is to see of an episode's outcome: files, settings, what applications say of themselves, the page.

All of it is read by the stage, none from anybody's words. It belongs to the thread of the stage.
"""

import configparser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from workbench.errors import UnavailableError

PageState = Mapping[str, "FormState"]
"""The forms of the page by name."""


@dataclass(frozen=True)
class FormState:
    """What a form on the page holds `now`, and what was `saved` last; None before the first time."""

    now: Mapping[str, str]
    saved: Mapping[str, str] | None = None


class UnresponsiveError(UnavailableError):
    """An application does not answer, so that nothing can be said of the outcome."""


class Evidence(Protocol):
    """What the predicates of a task read; each raises `UnresponsiveError` where an application hangs."""

    def file(self, name: str) -> str | None:
        """The text of a file in the episode's folder, without white space at its end; None where there is none."""
        ...

    def setting(self, section: str, key: str) -> str:
        """A stored setting of an application; empty where it was never set."""
        ...

    def text(self, app: str) -> str | None:
        """What the text area of an application holds; None where it shows none."""
        ...

    def shows(self, app: str, role: str, name: str) -> bool:
        """Whether an application shows that element; `role` is the accessibility's own."""
        ...

    def page(self) -> PageState:
        """The state of the page; empty where none is open."""
        ...


class Glance:
    """Evidence at one time: whatever is asked is looked up once. For one look; raises as what it looks at."""

    def __init__(self, at: Evidence) -> None:
        """Nothing is looked up before it is asked for."""
        self.file = cache(at.file)
        self.setting = cache(at.setting)
        self.text = cache(at.text)
        self.shows = cache(at.shows)
        self.page = cache(at.page)


Holds = Callable[[Evidence], bool]


def file_in(folder: Path, name: str) -> str | None:
    """The text of a file without white space at its end; None where it is missing or no text."""
    try:
        return (folder / name).read_text("utf-8").rstrip()
    except (OSError, UnicodeError):
        return None


def setting_in(keyfile: Path, section: str, key: str) -> str:
    """A value of the file in which GSettings keeps what was changed; empty where it is not there."""
    kept = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        kept.read(keyfile, "utf-8")
    except (configparser.Error, UnicodeError):
        return ""  # caught while it was being written
    return kept.get(section, key, fallback="")
