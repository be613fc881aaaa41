"""Passwords: what a secret is called, which keys write it, and where on the screen nothing may be seen."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from workbench.geometry import Rect
from workbench.trajectory import Element, Window

PASSING = frozenset({"Tab", "ISO_Left_Tab", "Return", "KP_Enter", "Escape"})
"""Keys that leave a password field rather than writing in it."""

MOVING = PASSING | {"Up", "Down", "Prior", "Next", "F6"}
"""Keys that may move the focus."""

GONE_NS = 1_000_000_000
"""A picture may be older than the moment at which a field was found to be gone: its place is covered so long."""


@dataclass
class _Place:
    bounds: Rect
    gone_ns: int | None = None

    def stood(self, when_ns: int) -> bool:
        return self.gone_ns is None or when_ns < self.gone_ns


@dataclass(frozen=True)
class Veil:
    """A window into which a secret was typed from that moment on while nobody could say into which field."""

    window: Window
    since_ns: int


@dataclass
class SecretFields:
    """The password fields that are known, and which parts of a picture they may show in. Any thread may ask.

    Where the field of a secret is not known, a veil lies over the whole window: it is covered in pictures, and of the
    elements of its application no text is kept.
    """

    veils: tuple[Veil, ...] = ()
    _fields: dict[tuple[object, ...], Element] = field(default_factory=dict)
    _places: dict[tuple[object, ...], list[_Place]] = field(default_factory=dict)

    def know(self, element: Element) -> None:
        """Remember a password field; one that was seen before may have moved."""
        key = _identity(element)
        self._fields[key] = element
        places = self._places.setdefault(key, [])
        if not places or places[-1].bounds != element.bounds or places[-1].gone_ns is not None:
            self._places[key] = [*places[-3:], _Place(element.bounds)]

    def gone(self, element: Element, now_ns: int) -> None:
        """The field is no longer on the screen."""
        for place in self._places.get(_identity(element), []):
            place.gone_ns = place.gone_ns or now_ns

    def holds(self, element: Element) -> bool:
        """Whether it is one of them, even if it shows its text now."""
        return element.password or _identity(element) in self._fields

    def veiled(self, app: str) -> bool:
        """Whether any text of the application may be a secret."""
        return any(veil.window.app == app for veil in self.veils)

    def known(self) -> list[Element]:
        """All of them, as they were last seen."""
        return list(self._fields.values())

    def on_screen(self, app: str, when_ns: int) -> Element | None:
        """One that the application showed at that time."""
        shown = (e for key, e in list(self._fields.items()) if self._places[key][-1].stood(when_ns))
        return next((element for element in shown if element.app == app), None)

    def covered(self, taken_ns: int) -> list[Rect]:
        """The parts of a picture taken at that time in which one of them may show."""
        places = [place for places in list(self._places.values()) for place in places]
        veiled = [veil.window.bounds for veil in self.veils if veil.since_ns <= taken_ns]
        return veiled + [p.bounds for p in places if p.gone_ns is None or taken_ns < p.gone_ns + GONE_NS]


def shielded(element: Element | None, fields: SecretFields) -> Element | None:
    """The element without its text if it is, or ever was, a password field, or may hold a secret."""
    if element is None or not fields.holds(element):
        return valueless(element) if element and fields.veiled(element.app) else element
    return replace(element, value=None, password=True)


def valueless(element: Element | None) -> Element | None:
    """The element without what it holds."""
    return replace(element, value=None) if element else None


def secret_name(app: str, label: str) -> str:
    """The name a secret gets, from the application and the field's label: `mousepad.password`."""
    return ".".join(filter(None, [_slug(app), _slug(label)])) or "secret"


def name_of_field(element: Element) -> str:
    """The secret's name for what is typed into this password field."""
    return secret_name(element.app, _slug(element.label or element.name) or "password")


def is_typing(keysym: str, held: Sequence[str]) -> bool:
    """Whether the key writes or edits in the field that has the focus, rather than leaving or commanding."""
    if {"alt", "super"} & set(held):
        return False
    return keysym not in PASSING and not (keysym.startswith("F") and keysym[1:].isdigit())


def _identity(element: Element) -> tuple[object, ...]:
    """What stays of a field while its text is shown or hidden."""
    if element.ref is not None:
        return ("ref", *element.ref)
    path = tuple((node.role, node.index) for node in element.path)
    return (element.app, element.window, path, element.index, element.label)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]
