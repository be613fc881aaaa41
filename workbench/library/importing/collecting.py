"""What readers of formats of steps share: steps in their order with what was dropped, and numbers that are checked."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from workbench.geometry import Point, Rect
from workbench.keynames import keysym
from workbench.library.importing.drafts import Remark
from workbench.trajectory import Observation, Step

if TYPE_CHECKING:
    from workbench.library.importing.pictures import Pictures, Shot
    from workbench.library.importing.source import Source

LIMIT_PX = 2**15
"""No desktop reaches further to any side."""

LONGEST_S = 10 * 365 * 24 * 3600.0
"""Longer recordings are none: such a time is as good as not given."""

MOST_NOTCHES = 1000
"""Nobody turns a wheel further at once."""

LONGEST_TITLE = 80

LONGEST_NAME = 64

NO_ZONE = "its times have no zone and are read as UTC"

_PLACE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")


@dataclass
class Collected:
    """Steps in their order, numbered as they come, and remarks that belong to the step that comes next."""

    steps: list[Step] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def add(self, step: Step) -> None:
        """Take a step, under the next id."""
        self.steps.append(replace(step, id=f"s{len(self.steps) + 1}"))

    def remark(self, what: str) -> None:
        """Say what was dropped or repaired where the next step is, or would have been."""
        self.remarks.append(Remark(len(self.steps) + 1, what))

    def remark_whole(self, what: str) -> None:
        """Say what was dropped or repaired everywhere."""
        self.remarks.append(Remark(0, what))


def place(x: float, y: float, shot: "Shot | None" = None) -> Point | None:
    """The pixel of a place; None where no desktop reaches, or where it is not on the picture that is given."""
    if not (abs(x) <= LIMIT_PX and abs(y) <= LIMIT_PX):  # not a number is not below either
        return None
    at = Point(math.floor(x), math.floor(y))
    return at if shot is None or Rect(0, 0, shot.width, shot.height).contains(at) else None


def box(left: float, top: float, right: float, bottom: float) -> Rect | None:
    """The rectangle between two corners; None where no desktop reaches or the corners are the wrong way round."""
    if not all(abs(side) <= LIMIT_PX for side in (left, top, right, bottom)) or right < left or bottom < top:
        return None
    x, y = math.floor(left), math.floor(top)
    return Rect(x, y, math.ceil(right) - x, math.ceil(bottom) - y)


def notches(count: float) -> int | None:
    """Whole turns of a wheel, at least one where it was turned at all; None for what nobody turns."""
    if not abs(count) <= MOST_NOTCHES:
        return None
    return round(count) or (0 if count == 0 else int(math.copysign(1, count)))


def seconds(count: float) -> float:
    """A time that passed; 0 for one that cannot be."""
    return count if 0 <= count <= LONGEST_S else 0.0


def keys_of(names: list[str]) -> tuple[str, ...] | None:
    """Keys that are pressed together, by our names; None where there is none or one is unknown.

    Beside a modifier a letter means its key, whichever way it is written.
    """
    found = [keysym(name) for name in names]
    known = [name for name in found if name]
    if not known or len(known) < len(found) or len(set(known)) < len(known):
        return None
    return tuple(name.lower() if len(name) == 1 and len(known) > 1 else name for name in known)


def variable_names(given: Iterable[str], literal: Iterable[str]) -> dict[str, str]:
    """A variable's name for every parameter of a format, each another, and none that a literal text has."""
    taken = {name for text in literal for name in _PLACE.findall(text)}
    found: dict[str, str] = {}
    for count, name in enumerate(dict.fromkeys(given), 1):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[:LONGEST_NAME] or "value"
        plain = f"_{plain}" if plain[0].isdigit() else plain
        found[name] = plain if plain not in taken else f"{plain}_{count}"
        while found[name] in taken:
            found[name] += "_"
        taken.add(found[name])
    return found


def secret_name(given: str) -> str:
    """The name of a secret as the keyring keeps it: small letters, digits, `.`, `_` and `-`."""
    return re.sub(r"[^a-z0-9._-]", "_", given.lower())[:LONGEST_NAME] or "secret"


def moment(text: str | None) -> datetime | None:
    """A time as ISO 8601 writes it; None for what is none."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def lacks_zone(text: str | None) -> bool:
    """Whether it is a time of which nobody knows where on earth it was."""
    when = moment(text)
    return when is not None and when.tzinfo is None


def title_of(text: str, otherwise: str) -> str:
    """A title: the first line of the text, cut; `otherwise` where it has none."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), otherwise)
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def epoch_s(when: datetime | None) -> float:
    """Seconds since 1970 of a time that may lack its zone, then of that time in UTC; 0 where none is given."""
    if when is None:
        return 0.0
    return max(0.0, (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


def observed(shot: "Shot | None", *, after_s: float = 0.0, at_s: float = 0.0) -> Observation:
    """What a picture shows, so long after the start and at that time since 1970 (0: unknown)."""
    return Observation(
        monotonic_ns=round(seconds(after_s) * 1e9),
        epoch_s=at_s,
        frame=shot.frame if shot else None,
        screens=shot.screens if shot else (),
    )


def picture(source: "Source", name: str, pictures: "Pictures") -> "Shot | None":
    """A picture file of the recording, stored; None where it is not there. Raises `BadInputError` for a damaged one."""
    plain = name.replace("\\", "/")
    return pictures.file(source, plain) if plain and source.has(plain) else None
