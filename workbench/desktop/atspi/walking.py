"""Walking an accessible tree in order, lazily, a family at a time."""

import time
from collections.abc import Iterator
from dataclasses import replace

from workbench.desktop.atspi.describing import Describer
from workbench.desktop.atspi.tree import Facts, Tree
from workbench.trajectory import Element, PathNode

_DEPTH = 100
_OPENED_ELSEWHERE = frozenset(("menu", "combo box"))
"""What may show its children while it is not on the screen itself."""


class Walker:
    """Walks the trees of one application; `patience_s` is how long one family may take to answer."""

    def __init__(self, tree: Tree, describer: Describer, app: str, patience_s: float) -> None:
        self._tree, self._describer, self._app, self._patience_s = tree, describer, app, patience_s

    def below(self, toplevel: Facts) -> Iterator[Element]:
        """The toplevel and all that shows below it; ends early where the application stops to answer."""
        yield self._describer.made(toplevel, app=self._app, path=(), deadline=self._deadline())
        yield from self._family(toplevel, (PathNode(toplevel.role, toplevel.name, toplevel.index),))

    def _family(self, parent: Facts, path: tuple[PathNode, ...]) -> Iterator[Element]:
        deadline = self._deadline()
        children = self._tree.children(parent.ref, deadline=deadline)
        for index, facts in enumerate(self._tree.facts(children, deadline=deadline)):
            if not facts or not (facts.showing or facts.role in _OPENED_ELSEWHERE):
                continue
            child = replace(facts, parent=parent.ref, index=index)
            if child.showing:
                yield self._describer.made(child, app=self._app, path=path, deadline=self._deadline())
            if len(path) < _DEPTH:
                yield from self._family(child, (*path, PathNode(child.role, child.name, child.index)))

    def _deadline(self) -> float:
        return time.monotonic() + self._patience_s
