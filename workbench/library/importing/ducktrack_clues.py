"""What AgentNetTool saw beside the input: the application in front, the element that was clicked, trees of windows."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from workbench.inputs import InputEvent
from workbench.library.importing.native_elements import (
    NOWHERE,
    AccessibilityNode,
    AutomationNode,
    accessibility_element,
    automation_element,
    automation_window,
)
from workbench.library.importing.source import decoded
from workbench.library.importing.truncated import json_lines
from workbench.trajectory import Element, Window

if TYPE_CHECKING:
    from workbench.library.importing.source import Source
    from workbench.library.importing.tape import Losses, Tape, Taped

TOP_WINDOW, ELEMENT, TREES = "top_window.jsonl", "element.jsonl", "a11y.jsonl"

SAME_PRESS_S = 0.25
"""Another listener looked at the same press: its time is this close."""

FRESH_S = 5.0
"""How long a tree of a window tells what is where."""

MOST_PRESSES = 100
"""No hand presses a button more often in that time."""


class TopWindow(Struct):
    """An application that came to the front."""

    time_stamp: float
    top_window_name: str | None = None


class Clicked(Struct):
    """What was under the pointer at a press."""

    time_stamp: float
    a11y_tree: msgspec.Raw = msgspec.Raw(b"null")


class Tree(Struct):
    """All that a window held."""

    time_stamp: float
    axtree: msgspec.Raw = msgspec.Raw(b"null")


@dataclass
class Clues:
    """Windows by the time when they came to the front, and elements by the event at which they were seen."""

    times: list[float] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    elements: dict[int, Element] = field(default_factory=dict)

    def window(self, at_s: float) -> Window | None:
        """The one in front at that time, None before the first."""
        place = bisect_right(self.times, at_s)
        return self.windows[place - 1] if place else None


@dataclass(frozen=True)
class _Presses:
    """The presses of buttons in their order, by the clock of the files."""

    tape: "Tape"
    events: list[InputEvent]
    times: list[float]

    @classmethod
    def of(cls, taped: "Taped", tape: "Tape") -> "_Presses":
        events = [event for event in taped.events if event.kind == "button_down"]
        return cls(tape, events, [tape.seconds(event.monotonic_ns) for event in events])

    def at(self, at_s: float) -> InputEvent | None:
        """The press at that very time."""
        place = bisect_left(self.times, at_s)
        near = [n for n in (place - 1, place) if 0 <= n < len(self.times)]
        best = min(near, key=lambda n: abs(self.times[n] - at_s), default=None)
        return self.events[best] if best is not None and abs(self.times[best] - at_s) <= SAME_PRESS_S else None

    def within(self, start_s: float, end_s: float) -> list[InputEvent]:
        """Those from one time until before another."""
        return self.events[bisect_left(self.times, start_s) : bisect_left(self.times, end_s)]


def clues_of(source: "Source", taped: "Taped", tape: "Tape") -> Clues:
    """All that the files beside the events say; nothing where there are none."""
    clues, presses = Clues(), _Presses.of(taped, tape)
    fronts = sorted(_fronts(source, tape.losses), key=lambda front: front[0])
    clues.times, clues.windows = [at for at, _ in fronts], [window for _, window in fronts]
    if source.has(TREES):
        _trees(source, presses, clues)
    if source.has(ELEMENT):
        _clicked(source, presses, clues)
    return clues


def _fronts(source: "Source", losses: "Losses") -> Iterator[tuple[float, Window]]:
    if source.has(TOP_WINDOW):
        for _, front in json_lines(source, TopWindow, TOP_WINDOW, losses):
            if front.top_window_name:
                yield front.time_stamp, Window(front.top_window_name, "", NOWHERE)


def _clicked(source: "Source", presses: _Presses, clues: Clues) -> None:
    for number, seen in json_lines(source, Clicked, ELEMENT, presses.tape.losses):
        press = presses.at(seen.time_stamp)
        if press is None or press.point is None:
            continue
        window = clues.window(seen.time_stamp)
        found = _element(seen.a11y_tree, press, presses.tape, where=f"{source.path / ELEMENT} line {number}")
        if found is not None:
            clues.elements[press.seq] = msgspec.structs.replace(found, app=window.app if window else "")


def _trees(source: "Source", presses: _Presses, clues: Clues) -> None:
    """Elements for the presses soon after a tree was taken, until the next one was."""
    last: tuple[float, AutomationNode] | None = None
    for number, tree in json_lines(source, Tree, TREES, presses.tape.losses):
        if last is not None:
            _look(last, tree.time_stamp, presses, clues)
        where = f"{source.path / TREES} line {number}"
        root = (
            decoded(bytes(tree.axtree), AutomationNode, what=where) if b'"ControlType"' in bytes(tree.axtree) else None
        )
        last = (tree.time_stamp, root) if root is not None else None
    if last is not None:
        _look(last, float("inf"), presses, clues)


def _look(tree: tuple[float, AutomationNode], until_s: float, presses: _Presses, clues: Clues) -> None:
    at_s, root = tree
    for press in presses.within(at_s, min(until_s, at_s + FRESH_S))[:MOST_PRESSES]:
        front = clues.window(at_s)
        window = automation_window(root, presses.tape.scale, app=front.app if front else "")
        if press.point is not None and window.bounds.contains(press.point):
            clues.elements[press.seq] = automation_element(
                root, press.point, presses.tape.scale, app=window.app, title=window.title
            )


def _element(tree: msgspec.Raw, press: InputEvent, tape: "Tape", *, where: str) -> Element | None:
    assert press.point is not None
    if b'"ControlType"' in bytes(tree):
        return automation_element(decoded(bytes(tree), AutomationNode, what=where), press.point, tape.scale)
    if b'"AXRole"' in bytes(tree):
        return accessibility_element(decoded(bytes(tree), AccessibilityNode, what=where), tape.scale)
    return None
