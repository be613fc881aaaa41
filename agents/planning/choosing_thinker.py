"""Thinking with a model that only chooses: one instruction at a time, one action on one line of the element list.

It is what the built-in model can do, and any other model too. What such a model lacks is done by rules around it: the
task is split into clauses, each of which becomes a subgoal; typed text is looked up in what the person said, and asked
for where it stands nowhere; a step that had no effect is not offered again.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from agents.grounding.weighing import Asker
from agents.memory.changes import CloseSubgoal, MemoryChange, OpenSubgoal, Remember
from agents.memory.tree import Entry, Fact, Remark, Subgoal, WorkingMemory, current, entries, walk
from agents.planning.calling import call_due
from agents.planning.carrying import todays_text
from agents.planning.clauses import clauses
from agents.planning.ports import Idea, Moment
from agents.planning.repeating import repeated
from agents.prompts.choosing import (
    ANY_MODEL,
    AskFor,
    Choice,
    ChoosingStyle,
    ClickIt,
    DoubleClickIt,
    Example,
    Finished,
    NoneFits,
    Press,
    RightClickIt,
    Situation,
    TypeInto,
    step_words,
)
from agents.prompts.folding import unfolded
from agents.runtime.ports import Model
from agents.screen.listing import ElementList, Line, called
from workbench.actions import Ask, Click, Fail, Finish, TypeText, Wait
from workbench.keynames import pressed

WAITED = "wait "
ASKED = 'ask "'
UNTOLD = (WAITED, ASKED)
"""Steps that say nothing about how far a subgoal has come."""

_PLAIN_TYPING = re.compile(
    r"(?:please\s+)?(?:type|write|enter)\s+"
    r"(?:\"([^\"{]+)\"|“([^”{]+)”|'([^'{]+)')"
    r"(?:\s+(?:here|now|into the (?:text|document)))?\s*[.!]?",
    re.I,
)
"""A text and nothing about where it goes; names of secrets, which stand in braces, need a field that is named."""

PATIENCE_S = 1.0
"""A screen on which nothing fits may still be loading: it is looked at once more after this."""


@dataclass(frozen=True)
class ChoosingThinker:
    """Asks a model with the choosing prompt; see `agents.prompts.choosing` for what it is told."""

    model: Model
    style: ChoosingStyle = ANY_MODEL

    def think(self, moment: Moment) -> Idea:
        """The next action for the subgoal that is due; the next subgoal where one is met."""
        if (call := call_due(moment)) is not None:
            return call
        led = any(example.leads for example in moment.examples)
        if not led and _between_clauses(moment.memory):
            parts = clauses(moment.memory.root.words)
            if len(parts) > 1:
                return _begin(parts, moment.memory.root)
        situation = situation_of(moment.memory, _offered(moment.read.shown, moment.banned), moment.examples)
        if (typed := _to_focus(situation, moment)) is not None:
            return typed
        if (choice := repeated(moment.examples, situation.shown_list, moment.banned)) is not None:
            return _Reading(moment, situation).idea(choice)
        settled = Asker(self.model, self.style).settled(situation)
        idea = _Reading(moment, situation).idea(settled.choice)
        return replace(idea, sureness=settled.sureness, timings=settled.timings)


@dataclass(frozen=True)
class _Reading:
    """What an answer means in the situation in which it was given."""

    moment: Moment
    situation: Situation

    def idea(self, choice: Choice) -> Idea:
        """The answer as an idea."""
        match choice:
            case Finished():
                return self._finished()
            case NoneFits():
                return self._none()
            case Press():
                return self._press(choice)
        line = self.situation.shown_list.line(choice.element)
        if line is None:
            return self._none()
        if isinstance(choice, AskFor):
            return self._ask(line)
        if isinstance(choice, TypeInto):
            return self._type(line, choice.text)
        return Idea(_click(choice), target=called(line), ref=line.ref, thought=f"{self._goal}: {called(line)}")

    @property
    def _goal(self) -> str:
        return self.situation.goal or self.situation.task

    def _finished(self) -> Idea:
        if not self.situation.goal:
            return Idea(Finish(), thought="What was asked is done.")
        nothing: tuple[MemoryChange, ...] = ()
        if not entries(current(self.moment.memory)):
            nothing = (Remember(words="nothing, it was so already", verified=True),)
        return Idea(changes=(*nothing, CloseSubgoal()), thought=f"Met: {self.situation.goal}")

    def _none(self, reason: str = "") -> Idea:
        done = entries(current(self.moment.memory))
        if not done or not done[-1].words.startswith(WAITED):
            return Idea(Wait(PATIENCE_S), thought="Nothing fits yet; looking once more.")
        why = reason or f"nothing on the screen is what “{self._goal}” means"
        return Idea(Fail(f"{why}; say it in the words that the screen shows, or choose a larger model"), thought=why)

    def _press(self, choice: Press) -> Idea:
        try:
            return Idea(pressed(choice.keys), thought=self._goal)
        except ValueError as error:
            return self._none(str(error))

    def _ask(self, line: Line) -> Idea:
        """Ask for a value; never for a password, which would stand in the run's log and in prompts."""
        if line.role == "password field":
            keep = "keep it with `workbench-cli secrets set NAME` and write {{secret:NAME}} in the task"
            return Idea(Fail(f"the task names no secret for {called(line)}; {keep}"))
        return Idea(Ask(f"What should go into {called(line)}?"), thought=f"A value for {called(line)} is missing.")

    def _type(self, line: Line, text: str) -> Idea:
        """Type what was said, in the letters in which it was said; ask where it was not."""
        said = todays_text(self.situation, line) or unfolded(text, self._sources())
        if said is None:
            return self._ask(line)
        secret = said.removeprefix("{{secret:").removesuffix("}}")
        action = TypeText(secret=secret) if secret in self.moment.secrets and said != secret else TypeText(said)
        replaces = bool(line.value) and line.role != "text area"
        return Idea(action, target=called(line), ref=line.ref, replaces=replaces, thought=self._goal)

    def _sources(self) -> tuple[str, ...]:
        shown = [step.words for example in self.situation.examples for step in example.steps]
        return (
            self.situation.goal,
            self.situation.task,
            *(example.task for example in self.situation.examples),
            *shown,
        )


def _between_clauses(memory: WorkingMemory) -> bool:
    """Whether a clause may begin now; never behind steps that an exemplar led through without any."""
    root = memory.root
    return current(memory) is root and not any(isinstance(child, Entry) for child in root.children)


def _begin(parts: Sequence[str], root: Subgoal) -> Idea:
    """The clause that is due as the next subgoal; the end of the run when there is none, or one was given up."""
    begun = [child for child in root.children if isinstance(child, Subgoal)]
    lost = next((clause for clause in begun if clause.state == "abandoned"), None)
    if lost is not None:
        return Idea(Fail(f"the part “{lost.words}” was given up: {lost.reason}"), thought="A part could not be done.")
    if len(begun) >= len(parts):
        return Idea(Finish(), thought="Every part of the task is done.")
    due = parts[len(begun)]
    return Idea(changes=(OpenSubgoal(words=due),), thought=f"Next: {due}")


def situation_of(memory: WorkingMemory, shown: ElementList, examples: tuple[Example, ...] = ()) -> Situation:
    """What such a model is told of its memory, beside the list and the recorded steps."""
    subgoal = current(memory)
    told = [entry.words for entry in entries(subgoal) if entry.verified is not False]
    return Situation(
        shown_list=shown,
        task=" ; ".join([memory.root.words, *_answers(memory)]),
        goal="" if subgoal is memory.root else subgoal.words,
        done=tuple(words for words in told if not words.startswith(UNTOLD)),
        examples=examples,
    )


def _answers(memory: WorkingMemory) -> list[str]:
    """What people said in the run: each question of ours with its answer, and remarks."""
    asked, found = "", []
    for node in walk(memory.root):
        if isinstance(node, Entry) and node.words.startswith(ASKED):
            asked = node.words.removeprefix(ASKED).removesuffix('"')
        elif isinstance(node, Fact) and node.by == "person":
            found.append(f"{asked} {node.words}".strip())
            asked = ""
        elif isinstance(node, Remark) and node.by == "person":
            found.append(node.words)
    return found


def _offered(shown: ElementList, banned: Sequence[str]) -> ElementList:
    """The list without what had no effect when it was tried in this state."""
    kept = tuple(line for line in shown.lines if step_words("click", called(line)) not in banned)
    return structs.replace(shown, lines=kept)


def _to_focus(situation: Situation, moment: Moment) -> Idea | None:
    """Typing that names no field goes to the one that has the focus; a goal of that kind is met by it."""
    match = _PLAIN_TYPING.fullmatch(situation.goal or situation.task)
    focused = any(line.role in ("field", "text area") and "focused" in line.states for line in moment.read.shown.lines)
    if match is None or not focused or situation.examples:
        return None
    text = next(group for group in match.groups() if group is not None)
    if step_words("type", text=text) not in situation.done:
        return Idea(TypeText(text), thought=match.string)
    return Idea(changes=(CloseSubgoal(),)) if situation.goal else Idea(Finish(), thought="What was asked is done.")


def _click(choice: ClickIt | DoubleClickIt | RightClickIt) -> Click:
    match choice:
        case DoubleClickIt():
            return Click(count=2)
        case RightClickIt():
            return Click(button="right")
    return Click()
