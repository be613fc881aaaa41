"""Accessible trees that are read once for as long as nothing in them can have changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from workbench.desktop.ports import Accessibility
from workbench.geometry import Point
from workbench.trajectory import Element, Window


@runtime_checkable
class Announcing(Protocol):
    """Accessibility whose applications say by themselves when something of theirs changed."""

    def news(self) -> int | None:
        """How often they have said so; None where they may keep it quiet."""
        ...


@dataclass(frozen=True)
class _Walk:
    """One whole walk over an application, and the news that there had been when it began."""

    elements: tuple[Element, ...]
    news: int


@dataclass
class RememberedTrees:
    """The accessibility port of `trees`, whose `walk` is done again only after news, or after `forget`.

    Whoever sees the screen calls `forget` when its pixels change: not every toolkit announces everything. A walk in
    which somebody did not answer in time is not kept. All other questions are always put.
    """

    trees: Accessibility
    _walks: dict[str, _Walk] = field(default_factory=dict, repr=False)

    def news(self) -> int | None:
        """How often applications have said so far that something changed; None where they may keep it quiet."""
        return self.trees.news() if isinstance(self.trees, Announcing) else None

    def forget(self) -> None:
        """Walk anew the next time."""
        self._walks.clear()

    def read_ahead(self, app: str) -> bool:
        """Walk over the application now, for a `walk` that is to come; False where that would be of no use to it."""
        news = self.news()
        known = self._walks.get(app)
        if news is None or (known is not None and known.news == news):
            return False
        for _ in self.walk(app):
            pass
        return app in self._walks

    @property
    def unanswered(self) -> int:
        """How many questions were not answered in time so far."""
        return self.trees.unanswered

    def walk(self, app: str) -> Iterator[Element]:
        """All showing elements of the application, in tree order, as they are now."""
        news = self.news()
        known = self._walks.pop(app, None)
        if known is not None and known.news == news:
            self._walks[app] = known
            yield from known.elements
            return
        unanswered, found = self.unanswered, list[Element]()
        for element in self.trees.walk(app):
            found.append(element)
            yield element
        if news is not None and found and self.unanswered == unanswered:
            self._walks[app] = _Walk(tuple(found), news)

    def element_at(self, point: Point, window: Window | None) -> Element | None:
        """The deepest showing element at the point, asked for now."""
        return self.trees.element_at(point, window)

    def focused(self) -> Element | None:
        """The element with the keyboard focus, asked for now."""
        return self.trees.focused()

    def find(self, *, app: str, role: str | None = None, name: str | None = None, limit: int = 50) -> list[Element]:
        """Showing elements with that role and exact name, asked for now."""
        return self.trees.find(app=app, role=role, name=name, limit=limit)

    def refresh(self, element: Element) -> Element | None:
        """The same element, asked for now."""
        return self.trees.refresh(element)

    def speaks_for(self, app: str) -> bool | None:
        """Whether the application is on the accessibility bus, asked for now."""
        return self.trees.speaks_for(app)
