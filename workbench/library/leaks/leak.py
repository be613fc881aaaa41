"""A finding of the leak scan: what kind of thing it is, where it stands, and as much of it as may be shown."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from workbench.geometry import Rect
from workbench.library.store import MASK
from workbench.trajectory import FrameId

Kind = Literal[
    "secret", "private-key", "token", "url-password", "password", "e-mail", "card-number", "iban", "phone-number"
]

NAMES: dict[Kind, str] = {
    "secret": "secret of the keyring",
    "private-key": "private key",
    "token": "access token",
    "url-password": "password in an address",
    "password": "password",
    "e-mail": "e-mail address",
    "card-number": "card number",
    "iban": "bank account",
    "phone-number": "phone number",
}
"""Every kind in people's words."""

_SHOWN = 2
"""How many characters of each end an excerpt shows."""

_SHORTEST_SHOWN = 10
"""Of a shorter text an excerpt shows nothing: its ends would tell too much of it."""

Stretch = tuple[int, int]
"""Where something stands in a text: the first character, and the one after the last."""


@dataclass(frozen=True)
class Place:
    """Where something was found: a field of a step, of the head or of a run's event, or a region of a picture.

    `trajectory` is its id and revision (`T@3`). `step` counts from 1 and is None for what belongs to no step; for a
    picture it is the first step that shows it. `field` names the value within its record. `region` is in desktop
    pixels. `start` is the first character.
    """

    trajectory: str
    step: int | None = None
    field: str = ""
    frame: FrameId = ""
    region: Rect | None = None
    run: str = ""
    start: int = 0

    @property
    def words(self) -> str:
        """The place for people, in one line."""
        return f"{self.trajectory}, {self.within}"

    @property
    def within(self) -> str:
        """The place for people who know which trajectory it is."""
        parts = [f"run {self.run}"] if self.run else []
        parts += [f"step {self.step}"] if self.step else []
        if self.region:
            at = self.region
            return ", ".join([*parts, f"picture at {at.x},{at.y} {at.width}x{at.height}"])
        return ", ".join([*parts, self.field])


@dataclass(frozen=True)
class Leak:
    """One thing that was found, at all its `places`; the first of them gives it its `id`.

    The id follows from kind and place, not from what was found, so that it gives nothing away; any edit of the
    trajectory makes it another one. `excerpt` is what may be shown. `texts` stays in memory and is part of no
    representation: it is every way in which the thing was written or read.
    """

    id: str
    kind: Kind
    places: tuple[Place, ...]
    excerpt: str
    texts: tuple[str, ...] = field(repr=False)

    @property
    def place(self) -> Place:
        """Where it was found first."""
        return self.places[0]

    @property
    def name(self) -> str:
        """What it is, in people's words."""
        return NAMES[self.kind]

    @property
    def where(self) -> str:
        """Its places for people: the first, and how many more there are."""
        return self.place.words + self._more

    @property
    def within(self) -> str:
        """The same for people who know which trajectory it is."""
        return self.place.within + self._more

    @property
    def _more(self) -> str:
        more = len(self.places) - 1
        return f" and {more} more place{'s' if more > 1 else ''}" if more else ""


def leak(kind: Kind, places: tuple[Place, ...], texts: tuple[str, ...], *, secret: str = "") -> Leak:
    """A finding with its id and excerpt; `secret` is the name under which the keyring has it."""
    return Leak(_id(kind, places[0]), kind, places, f"{MASK} ({secret})" if secret else _excerpt(texts[0]), texts)


def _excerpt(text: str) -> str:
    """The ends of the text on one line, its middle masked."""
    flat = " ".join(text.split())
    if len(flat) < _SHORTEST_SHOWN:
        return MASK
    return f"{flat[:_SHOWN]}{MASK}{flat[-_SHOWN:]}"


def _id(kind: Kind, place: Place) -> str:
    said = "\n".join(map(str, (kind, place.trajectory, place.run, place.step, place.field, place.frame, place.region)))
    return hashlib.blake2b(f"{said}\n{place.start}".encode("utf-8", "replace"), digest_size=5).hexdigest()
