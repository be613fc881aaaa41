"""Calling a workflow: when a task asks for one in so many words, and the steps that a call consists of.

A workflow is carried out step by step like anything else: each step gets its place from what was recorded there and
from its words, is decided about, and is verified. What was recorded itself does not get into the run.
"""

from dataclasses import dataclass

from agents.grounding.wishes import Wish
from agents.memory.changes import CloseSubgoal
from agents.memory.tree import Entry, Subgoal, current, entries
from agents.memory.workflows.matching import meant
from agents.memory.workflows.ports import Matched, Workflow
from agents.planning.ports import Idea, Moment
from agents.planning.recorded import target_words, words_of
from agents.planning.wording import idea_words, same_step
from agents.screen.listing import cut
from workbench.actions import Argument, Call, Finish, PressKeys, TypeText
from workbench.session.variables import filled
from workbench.trajectory import Step, Target

LONGEST_SAID = 460
"""Characters of what is said about a call: reports show so much."""


@dataclass(frozen=True)
class CalledStep:
    """One step of a call, and where it is meant to go; None where only the focus says where."""

    step: Step
    wish: Wish | None


def call_due(moment: Moment) -> Idea | None:
    """The call that the task, or the clause that is open, asks for; its end where it was made; None for neither.

    One that was rejected or did not work is not made again.
    """
    subgoal = current(moment.memory)
    matched = meant(moment.workflows, subgoal.words) if moment.workflows else None
    if matched is None:
        return None
    idea = call_of(matched)
    words = idea_words(idea)
    made = [entry for entry in entries(subgoal) if same_step(entry.words, words)]
    if made and made[-1].verified is not False:
        is_task = subgoal is moment.memory.root
        return Idea(Finish(), thought="What was asked is done.") if is_task else Idea(changes=(CloseSubgoal(),))
    untouched = not any(isinstance(child, Entry | Subgoal) for child in subgoal.children)
    return idea if untouched and not any(same_step(words, banned) for banned in moment.banned) else None


def call_of(matched: Matched) -> Idea:
    """The call of a workflow with values for its variables."""
    names = [variable.name for variable in matched.workflow.variables]
    arguments = tuple(Argument(name, matched.values[name]) for name in names)
    call = Call(matched.workflow.title, arguments)
    return Idea(call, thought=call_words(matched.workflow, call))


def call_words(workflow: Workflow, call: Call) -> str:
    """What a person is told of a call: what it was learned from, and its steps."""
    *others, last = (f"“{title}”" for title in workflow.learned_from or ("recordings that were deleted",))
    learned = f"learned from {', '.join(others)} and {last}" if others else f"learned from {last}"
    steps = "; ".join(one.step.description for one in called_steps(workflow, call, "s"))
    return cut(f"the workflow “{workflow.title}”, {learned}: {steps}", LONGEST_SAID)


def called_steps(workflow: Workflow, call: Call, name: str) -> tuple[CalledStep, ...]:
    """The steps of a call with its values filled in; their ids are the name with `-1`, `-2` and so on."""
    values = {argument.name: argument.value for argument in call.arguments}
    count = len(workflow.trajectory.steps)
    return tuple(
        _called(filled(step, values), f"{name}-{number}", f"step {number} of {count} of workflow “{workflow.title}”")
        for number, step in enumerate(workflow.trajectory.steps, 1)
    )


def _called(recorded: Step, name: str, thought: str) -> CalledStep:
    words = target_words(recorded.target)
    bare = Step(name, recorded.action, description=words_of(recorded), thought=thought)
    return CalledStep(bare, _wish(recorded, words))


def _wish(recorded: Step, words: str) -> Wish | None:
    """Keys go to the window in which they were pressed, everything else to its target."""
    target = recorded.target
    if isinstance(recorded.action, PressKeys) or (isinstance(recorded.action, TypeText) and not words):
        window = (target.window if target else None) or recorded.observation.window
        return Wish("", exemplar=Target(window.bounds.centre, window)) if window else None
    return Wish(words, exemplar=target) if target is not None else None
