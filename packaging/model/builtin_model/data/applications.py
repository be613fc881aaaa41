"""Which of the sentences that ask for commands are learned from, and which are for the test."""

from zlib import crc32

from agents.screen.applications import VALUE, Application, Command, Part, applications
from builtin_model.case import Split

__all__ = ["VALUE", "Application", "Command", "Part", "applications", "of_split"]

_HELD_OUT = 6


def of_split(said: tuple[str, ...], split: Split) -> tuple[str, ...]:
    """Those of the sentences or phrases that belong to the split: one of six, by its checksum, is for the test."""
    return tuple(one for one in said if (crc32(one.encode()) % _HELD_OUT == 0) == (split == "test"))
