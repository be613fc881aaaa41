"""Rows of OpenAdapt's database, whose values are of whatever type somebody put there."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

Value = int | float | str | bytes | None

TABLES: dict[str, tuple[str, ...]] = {
    "recording": ("id", "timestamp", "monitor_width", "monitor_height", "pixel_ratio", "platform", "task_description",
                  "video_start_time", "config"),
    "action_event": ("id", "name", "timestamp", "recording_id", "recording_timestamp", "browser_event_id", "mouse_x",
                     "mouse_y", "mouse_dx", "mouse_dy", "mouse_button_name", "mouse_pressed", "key_name", "key_char",
                     "canonical_key_name", "canonical_key_char", "element_state", "structural_observation",
                     "disabled"),
    "window_event": ("id", "timestamp", "recording_id", "recording_timestamp", "title", "left", "top", "width",
                     "height", "state"),
    "screenshot": ("id", "timestamp", "recording_id", "recording_timestamp"),
    "browser_event": ("id", "recording_id", "recording_timestamp", "message"),
}  # fmt: skip
"""The tables and the columns that are of use."""


@dataclass(frozen=True)
class Row:
    """One row: its values by column, of whatever type they are; a column that is not there is None."""

    values: dict[str, Value]

    @property
    def label(self) -> str:
        """The number that people find the row by."""
        return str(self.values.get("id"))[:20]

    def number(self, column: str) -> float | None:
        """A finite number, None for anything else."""
        value = self.values.get(column)
        try:
            found = float(value) if isinstance(value, int | float | str) else math.nan
        except (ValueError, OverflowError):
            return None
        return found if math.isfinite(found) else None

    def text(self, column: str) -> str:
        """Text, empty for anything else."""
        value = self.values.get(column)
        return value if isinstance(value, str) else ""

    @property
    def still(self) -> "Still | None":
        """The screenshot that the row tells of, None without a number or a time."""
        number, at_s = self.number("id"), self.number("timestamp")
        if number is None or at_s is None:
            return None
        return Still(int(number), at_s, int(self.number("length") or 0))

    def flag(self, column: str) -> bool | None:
        """Yes or no, None where it is not said."""
        found = self.number(column)
        return None if found is None else bool(found)


@dataclass(frozen=True)
class Still:
    """A screenshot: its row, its time since 1970, and how long its PNG is, 0 where it only is in the video."""

    id: int
    at_s: float
    length: int


class Stills:
    """The screenshots of a recording by their time."""

    def __init__(self, stills: Sequence[Still]) -> None:
        self._stills = sorted(stills, key=lambda still: still.at_s)
        self._times = [still.at_s for still in self._stills]

    def at(self, at_s: float) -> Still | None:
        """The last one that was taken until then."""
        place = bisect_right(self._times, at_s)
        return self._stills[place - 1] if place else None

    @property
    def first(self) -> Still | None:
        """The first one that has pixels of its own."""
        return next((still for still in self._stills if still.length), None)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._stills)
