"""The child of a model's run without a model or a desktop: it tells steps as a real one does, one after the other.

Started with `python -m told_run`, this folder in PYTHONPATH. Its order is an `AgentOrder`: `limits.steps` says how
many steps it tells, `exemplar_ids` are the frames that it has seen. It waits for answers like a real one, and ends
when it is told to stop or when its pipe closes.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import msgspec

from agents.memory.changes import CloseSubgoal, MemoryChange, OpenSubgoal, Pin, Remember
from agents.session.messages import AgentOrder
from workbench import events
from workbench.actions import Click, TypeText
from workbench.approval import Decision
from workbench.geometry import Point, Rect
from workbench.locate.verdict import Verdict, Vote
from workbench.session.messages import Reply, Stop
from workbench.trajectory import Element, Observation, Step, Target, Window

ASKS_EVERY, QUESTION_EVERY, SUBGOAL_OF, PIN_EVERY, ELEMENTS = 5, 97, 8, 60, 40
WINDOW = Window("notes", "Notes", Rect(0, 0, 1280, 800))


@dataclass
class Pipe:
    """The child's end of the conversation."""

    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def tell(self, event: events.Event) -> None:
        """One event, numbered."""
        sys.stdout.buffer.write(msgspec.json.encode(msgspec.structs.replace(event, number=next(self.numbers))) + b"\n")
        sys.stdout.buffer.flush()

    def asked(self, event: events.Event) -> bool:
        """One event that waits for an answer; whether the run goes on."""
        self.tell(event)
        line = sys.stdin.buffer.readline()
        return bool(line) and not isinstance(msgspec.json.decode(line, type=Reply), Stop)


def run(order: AgentOrder) -> None:
    """Tell all of it."""
    pipe = Pipe()
    pipe.tell(events.RunStarted(run=order.run, trajectory=None, title=order.task, task=order.task))
    going = all(_step(pipe, index, order.exemplar_ids) for index in range(1, order.limits.steps + 1))
    pipe.tell(events.RunEnded(outcome="finished" if going else "stopped", elapsed_ms=1000.0))


def _step(pipe: Pipe, index: int, frames: tuple[str, ...]) -> bool:
    """Everything that is told of one step; whether the run goes on."""
    frame = frames[index % len(frames)]
    step, verdict = _shown(index), _verdict(index)
    if index % SUBGOAL_OF == 1:
        _remember(pipe, OpenSubgoal(words=f"do part {index // SUBGOAL_OF + 1}"))
    pipe.tell(events.Progress(text=f"looking for step {index}"))
    pipe.tell(events.StepProposed(index=index, step=step, frame=frame, why=f"step {index} brings the total nearer"))
    pipe.tell(events.StepLocated(index=index, verdict=verdict, frame=frame))
    if not all(pipe.asked(question) for question in _questions(index, verdict, frame)):
        return False
    pipe.tell(events.ApprovalDecided(index=index, decision=Decision("approve", "policy", "harmless")))
    pipe.tell(events.StepActing(index=index, step=step, frame=frame))
    after = frames[(index + 1) % len(frames)]
    pipe.tell(events.StepEnded(index=index, status="done", verified=True, verified_by="pixels", frame=after))
    for change in _changes(index):
        _remember(pipe, change)
    return True


def _questions(index: int, verdict: Verdict, frame: str) -> Iterator[events.Event]:
    if index % ASKS_EVERY == 0:
        yield events.ApprovalAsked(
            index=index,
            risk="leaves-machine",
            reason="it sends",
            confidence=0.8,
            verdict=verdict,
            frame=frame,
            elements=_listed(),
        )
    if index % QUESTION_EVERY == 0:
        yield events.PersonAsked(index=index, question=f"Which total belongs to step {index}?")


def _changes(index: int) -> Iterator[MemoryChange]:
    yield Remember(words=f"click Button {index}", observed=f"the total is {index}", verified=True, step=index - 1)
    if index % PIN_EVERY == 0:
        yield Pin(words=f"invoice {index} is paid")
    if index % SUBGOAL_OF == 0:
        yield CloseSubgoal(summary=f"part {index // SUBGOAL_OF} is done")


def _remember(pipe: Pipe, change: MemoryChange) -> None:
    pipe.tell(events.MemoryChanged(change=msgspec.to_builtins(change)))


def _shown(index: int) -> Step:
    box = Rect(100 + index % 400, 200, 90, 30)
    element = Element("notes", "Notes", "push button", f"Button {index}", box)
    target = Target(Point(box.x + 45, 215), WINDOW, element)
    action = TypeText(f"{index},50") if index % 3 == 0 else Click()
    return Step(f"s{index}", action, Observation(index * 10**9, window=WINDOW), target, thought=f"now step {index}")


def _verdict(index: int) -> Verdict:
    point = Point(145 + index % 400, 215)
    votes = (
        Vote("element", "found", point, Rect(point.x - 45, 200, 90, 30), 0.9),
        Vote("crop", "found", point, Rect(point.x - 45, 200, 90, 30), 0.99, 0.4),
    )
    return Verdict(point, ("element", "crop"), 0.95, votes)


def _listed() -> tuple[Element, ...]:
    return tuple(
        Element("notes", "Notes", "push button", f"Control {number}", Rect(10, 20 * number, 90, 18))
        for number in range(ELEMENTS)
    )


if __name__ == "__main__":
    run(msgspec.json.decode(sys.stdin.buffer.readline(), type=AgentOrder))
