"""Walking an accessible tree in order: what shows is asked for together, the elements are made one by one.

Most toolkits name all that shows below a window in one answer; where one cannot (Qt), the tree is asked level by level.
Either way the questions of many objects travel together, which is what makes a walk fast.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workbench.desktop.atspi.describing import LISTED, Describer, seen_in
from workbench.desktop.atspi.tree import Facts, Ref, Tree
from workbench.trajectory import Element, PathNode

_DEPTH = 100
_OPENED_ELSEWHERE = frozenset(("menu", "combo box"))
"""What may show its children while it is not on the screen itself."""

_TOGETHER = 48
"""Of how many objects the facts are asked for within one patience."""

_PATIENCES = 5
"""How many times its patience a whole tree may take."""


@dataclass(frozen=True)
class _Survey:
    """What is known of a tree before its elements are made: facts of what may show, and children in order."""

    facts: dict[Ref, Facts]
    children: dict[Ref, list[Ref]]


class Walker:
    """Walks the trees of one application; `patience_s` is how long some dozen objects may take to answer."""

    def __init__(self, tree: Tree, describer: Describer, app: str, patience_s: float) -> None:
        self._tree, self._describer, self._app, self._patience_s = tree, describer, app, patience_s
        self._end = 0.0

    def below(self, toplevel: Facts) -> Iterator[Element]:
        """The toplevel and all that shows below it; ends early where the application stops to answer."""
        yield self._describer.made(toplevel, app=self._app, path=(), deadline=self._deadline())
        self._end = time.monotonic() + _PATIENCES * self._patience_s
        survey = self._matched(toplevel) or self._levels(toplevel)
        yield from self._family(toplevel, (PathNode(toplevel.role, toplevel.name, toplevel.index),), survey)

    def _family(self, parent: Facts, path: tuple[PathNode, ...], survey: _Survey) -> Iterator[Element]:
        # taken out, so that a tree that bites its tail is walked once
        for index, ref in enumerate(survey.children.pop(parent.ref, ())):
            facts = survey.facts.get(ref)
            if not facts:
                continue
            child = replace(facts, parent=parent.ref, index=index)
            if tuple(node.role for node in path[-2:]) == LISTED:
                child = seen_in(child, parent.bounds)
            if child.showing:
                yield self._describer.made(child, app=self._app, path=path, deadline=self._deadline())
            if len(path) < _DEPTH:
                yield from self._family(child, (*path, PathNode(child.role, child.name, child.index)), survey)

    def _matched(self, toplevel: Facts) -> _Survey | None:
        """What the application itself names as showing; None where it cannot tell."""
        showing = self._tree.matches(toplevel.ref, states=("showing",), deadline=self._before_the_end())
        if showing is None:
            return None
        hollow = self._tree.matches(toplevel.ref, roles=_OPENED_ELSEWHERE, deadline=self._before_the_end()) or []
        facts = self._facts(tuple(dict.fromkeys((*showing, *hollow))))
        return _Survey(facts, self._children((toplevel.ref, *facts)))

    def _levels(self, toplevel: Facts) -> _Survey:
        survey = _Survey({}, {})
        level: Sequence[Ref] = (toplevel.ref,)
        for _ in range(_DEPTH):
            below = self._children(level)
            survey.children.update(below)
            new = dict.fromkeys(ref for refs in below.values() for ref in refs if ref not in survey.facts)
            survey.facts.update(self._facts(tuple(new)))
            level = [ref for ref in new if ref in survey.facts]
            if not level:
                break
        return survey

    def _facts(self, refs: Sequence[Ref]) -> dict[Ref, Facts]:
        """The facts of those that may show something."""
        found: dict[Ref, Facts] = {}
        for part in _parts(refs):
            answers = self._tree.facts(part, deadline=self._before_the_end())
            found.update((one.ref, one) for one in answers if one and (one.showing or one.role in _OPENED_ELSEWHERE))
            if not any(answers):
                break
        return found

    def _children(self, refs: Sequence[Ref]) -> dict[Ref, list[Ref]]:
        found: dict[Ref, list[Ref]] = {}
        for part in _parts(refs):
            found.update(zip(part, self._tree.children_of(part, deadline=self._before_the_end()), strict=True))
            if time.monotonic() > self._end:
                break
        return found

    def _deadline(self) -> float:
        return time.monotonic() + self._patience_s

    def _before_the_end(self) -> float:
        return min(self._deadline(), self._end)


def _parts(refs: Sequence[Ref]) -> Iterable[Sequence[Ref]]:
    return (refs[start : start + _TOGETHER] for start in range(0, len(refs), _TOGETHER))
