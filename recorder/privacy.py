"""Passwords: which keys are secret, what a secret is called, and where on the screen nothing may be seen.

A key is public only when accessibility, asked after the key had been read and long enough after the last input that
moves the focus, names a focus that is no password field. Until then it waits in memory.
"""

import re
import unicodedata
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from msgspec.structs import replace

from workbench.geometry import Rect
from workbench.trajectory import Element

Judgement = Literal["public", "secret", "wait", "unsure"]

SETTLE_NS = 40_000_000
"""GTK and Qt move the focus within 5 ms of the input, Chromium within 30: asked later, the answer is about now."""

PATIENCE_NS = 400_000_000
"""An application that does not answer for so long is hung; accessibility gives up after 300 ms."""

REMEMBERED = 64
"""Focus answers and focus-moving inputs that are kept: more than a second of the fastest typing."""

PASSING = frozenset({"Tab", "ISO_Left_Tab", "Return", "KP_Enter", "Escape"})
"""Keys that leave a password field rather than writing in it."""

MOVING = PASSING | {"Up", "Down", "Prior", "Next", "F6"}
"""Keys that may move the focus."""

NEVER_NS = 1 << 62

GONE_NS = 1_000_000_000
"""A picture may be older than the moment at which a field was found to be gone: its place is covered so long."""


@dataclass(frozen=True)
class Answer:
    """What had the focus, asked between two moments; `known` is false where accessibility could not say."""

    from_ns: int
    to_ns: int
    focused: Element | None
    known: bool = True

    @property
    def password(self) -> bool:
        """Whether what is typed there is secret."""
        return self.focused is not None and self.focused.password


@dataclass
class FocusLog:
    """What is known about where the keys went: inputs that move the focus, and answers of accessibility."""

    _moves_ns: list[int] = field(default_factory=list)
    _answers: deque[Answer] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def moved(self, when_ns: int) -> None:
        """An input that may move the focus was read."""
        insort(self._moves_ns, when_ns)
        del self._moves_ns[:-REMEMBERED]

    def answered(self, answer: Answer) -> None:
        """Accessibility said where the focus is."""
        self._answers.append(answer)

    def judge(self, when_ns: int, now_ns: int) -> Judgement:
        """Whether the key that was read at `when_ns` was secret, as far as can be told at `now_ns`.

        `unsure` means that no later answer can tell any more: another input moved the focus first, or nobody answers.
        """
        since, until = self._between_moves(when_ns)
        near = [answer for answer in self._answers if answer.from_ns >= since + SETTLE_NS and answer.from_ns < until]
        if any(answer.password for answer in near):
            return "secret"
        if any(answer.known and answer.from_ns >= when_ns and answer.to_ns <= until for answer in near):
            return "public"
        return "unsure" if until < NEVER_NS or now_ns - when_ns > PATIENCE_NS else "wait"

    def next_ask_ns(self, when_ns: int) -> int:
        """The moment from which an answer about a key that was read at `when_ns` is worth having."""
        return max(when_ns, self._between_moves(when_ns)[0] + SETTLE_NS)

    def field_of(self, when_ns: int) -> Element | None:
        """The password field that a key may have gone to, also by answers that came too early to be sure."""
        since, until = self._between_moves(when_ns)
        near = [a for a in self._answers if a.password and a.to_ns > since and a.from_ns < until]
        return near[-1].focused if near else None

    def focused(self, when_ns: int) -> Element | None:
        """What had the focus when the event was read: by the last answer before it, or else the first after it."""
        since, until = self._between_moves(when_ns)
        near = [a for a in self._answers if a.known and a.from_ns >= since and a.from_ns < until]
        earlier = [answer for answer in near if answer.to_ns <= when_ns]
        return (earlier[-1] if earlier else near[0]).focused if near else None

    def _between_moves(self, when_ns: int) -> tuple[int, int]:
        """The last focus-moving input before that time, and the first one after it."""
        place = bisect_right(self._moves_ns, when_ns - 1)
        later = bisect_right(self._moves_ns, when_ns)
        since = self._moves_ns[place - 1] if place else 0
        return since, self._moves_ns[later] if later < len(self._moves_ns) else NEVER_NS


@dataclass
class _Place:
    bounds: Rect
    gone_ns: int | None = None


@dataclass
class SecretFields:
    """The password fields that are known, and which parts of a picture they may show in. Any thread may ask."""

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

    def known(self) -> list[Element]:
        """All of them, as they were last seen."""
        return list(self._fields.values())

    def on_screen(self, app: str) -> Element | None:
        """One that the application shows."""
        shown = (e for key, e in list(self._fields.items()) if self._places[key][-1].gone_ns is None)
        return next((element for element in shown if element.app == app), None)

    def covered(self, taken_ns: int) -> list[Rect]:
        """The parts of a picture taken at that time in which one of them may show."""
        places = [place for places in list(self._places.values()) for place in places]
        return [p.bounds for p in places if p.gone_ns is None or taken_ns < p.gone_ns + GONE_NS]


def shielded(element: Element | None, fields: SecretFields) -> Element | None:
    """The element without its text if it is, or ever was, a password field."""
    if element is None or not fields.holds(element):
        return element
    return replace(element, value=None, password=True)


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
