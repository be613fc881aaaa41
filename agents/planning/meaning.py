"""What a plan means on today's screen: the idea that comes of it, or why it makes none.

Nothing is guessed: a reference that is not on the list, a secret that was not offered, a window that is not there are
refused with a line for the model.
"""

import re
from functools import reduce, singledispatch

from agents.memory import changes
from agents.memory.changes import MemoryChange
from agents.memory.editing import apply
from agents.memory.workflows.ports import Matched
from agents.planning.calling import call_of
from agents.planning.ports import Idea, Moment
from agents.planning.wording import idea_words, same_step
from agents.prompts.planning import (
    AskPerson,
    CallingPlan,
    CallThe,
    ClickOn,
    Done,
    GiveUp,
    NoteDown,
    Plan,
    PlannedStep,
    PressThe,
    RecallThe,
    ScrollBy,
    SwitchTo,
    TypeIn,
    WaitFor,
)
from agents.screen.listing import Line, called
from agents.screen.reading import Read
from workbench import actions
from workbench.errors import BadInputError
from workbench.keynames import pressed

_REF = re.compile(r"^(?P<words>.*?)\s*(?:\[(?P<ref>e\d{1,2})\]|(?<!\S)(?P<bare>e\d{1,2}))\s*$", re.S)


class UnfitPlan(Exception):  # noqa: N818 - it names what a plan is, and never leaves the planning
    """A plan that cannot be followed here; the text tells the model why in a sentence."""


def idea_of(plan: Plan | CallingPlan, moment: Moment) -> Idea:
    """The idea that a plan comes to at this moment; raises `UnfitPlan`. A banned step is not refused here."""
    made = _changes(plan)
    try:
        reduce(apply, made, moment.memory)
    except BadInputError as error:
        raise UnfitPlan(str(error)) from error
    idea = _idea(plan.step, moment)
    return Idea(
        idea.action,
        target=idea.target,
        ref=idea.ref,
        replaces=idea.replaces,
        thought=" – ".join(filter(None, (plan.thought.strip(), idea.thought))),
        expect=plan.expect.strip(),
        changes=made,
    )


def is_banned(idea: Idea, moment: Moment) -> bool:
    """Whether the idea's step is one of those that must not be proposed again in this state."""
    words = idea_words(idea)
    return bool(words) and any(same_step(words, banned) for banned in moment.banned)


def _changes(plan: Plan | CallingPlan) -> tuple[MemoryChange, ...]:
    turn = plan.subgoal
    met = [changes.CloseSubgoal(summary=turn.met)] if turn and turn.met.strip() else []
    abandoned = [changes.Abandon(reason=turn.abandon)] if turn and turn.abandon.strip() else []
    begun = [changes.OpenSubgoal(words=turn.begin)] if turn and turn.begin.strip() else []
    pinned = [changes.Pin(words=plan.pin)] if plan.pin.strip() else []
    return (*met, *abandoned, *begun, *pinned, *_kept(plan.step))


def _kept(step: PlannedStep | CallThe) -> list[MemoryChange]:
    """What the step itself does to the memory."""
    if isinstance(step, NoteDown):
        return [changes.Note(words=step.text)]
    return [changes.Retrieve(subgoals=step.subgoals)] if isinstance(step, RecallThe) else []


@singledispatch
def _idea(step: PlannedStep | CallThe, moment: Moment) -> Idea:
    raise AssertionError(f"{step} is no step of a plan for {moment.memory.root.words!r}")


@_idea.register
def _(step: ClickOn, moment: Moment) -> Idea:
    words, ref = _target(step.target, moment.read)
    return Idea(actions.Click(step.button, step.count), target=words, ref=ref)


@_idea.register
def _(step: TypeIn, moment: Moment) -> Idea:
    words, ref = _target(step.target, moment.read) if step.target.strip() else ("", "")
    if step.secret and step.secret not in moment.secrets:
        offered = ", ".join(moment.secrets) or "none"
        raise UnfitPlan(f"no secret of that name may be typed; those that may: {offered}")
    action = actions.TypeText(secret=step.secret) if step.secret else actions.TypeText(step.text)
    return Idea(action, target=words, ref=ref, replaces=step.replace)


@_idea.register
def _(step: PressThe, _moment: Moment) -> Idea:
    return Idea(pressed(step.keys))


@_idea.register
def _(step: ScrollBy, moment: Moment) -> Idea:
    words, ref = _target(step.target, moment.read)
    amount = step.amount if step.direction in ("down", "right") else -step.amount
    across = step.direction in ("left", "right")
    return Idea(actions.Scroll(dx=amount if across else 0, dy=0 if across else amount), target=words, ref=ref)


@_idea.register
def _(step: SwitchTo, moment: Moment) -> Idea:
    line = _window(step.window, moment.read)
    element = moment.read.elements.get(line.ref)
    if element is None:
        raise UnfitPlan(f"nobody knows which application {line.ref} belongs to; name another window")
    return Idea(actions.Activate(element.app, line.name))


@_idea.register
def _(step: WaitFor, _moment: Moment) -> Idea:
    return Idea(actions.Wait(float(step.seconds)))


@_idea.register
def _(step: AskPerson, _moment: Moment) -> Idea:
    return Idea(actions.Ask(step.question))


@_idea.register
def _(step: NoteDown, _moment: Moment) -> Idea:
    return Idea(actions.Note(step.text))


@_idea.register
def _(_step: RecallThe, _moment: Moment) -> Idea:
    return Idea()


@_idea.register
def _(step: CallThe, moment: Moment) -> Idea:
    workflow = next((one for one in moment.workflows if same_step(one.title, step.workflow)), None)
    if workflow is None:
        raise UnfitPlan("there is no workflow of that name; name one that is offered")
    values = {one.name: one.value for one in step.arguments}
    wanted = {variable.name for variable in workflow.variables}
    if values.keys() != wanted or len(values) < len(step.arguments):
        raise UnfitPlan(f"that workflow takes these arguments, each once: {', '.join(sorted(wanted)) or 'none'}")
    if any("{{" in value for value in values.values()):
        raise UnfitPlan("a workflow takes plain text, no secrets and no variables; type a secret in a step of its own")
    return call_of(Matched(workflow, values))


@_idea.register
def _(step: Done, _moment: Moment) -> Idea:
    return Idea(actions.Finish(step.answer))


@_idea.register
def _(step: GiveUp, _moment: Moment) -> Idea:
    return Idea(actions.Fail(step.reason))


def _target(said: str, read: Read) -> tuple[str, str]:
    """The words of a target, and the line that it names by its reference, if any."""
    match = _REF.match(said)
    if match is None:
        return said.strip(), ""
    ref = match["ref"] or match["bare"]
    line = read.shown.line(ref)
    if line is None:
        raise UnfitPlan(f"there is no [{ref}] on the list; name a control that is")
    return match["words"].strip() or called(line), ref


def _window(said: str, read: Read) -> Line:
    """The one line of a window that goes by this title."""
    words, ref = _target(said, read)
    windows = [line for line in read.shown.lines if line.role == "window"]
    wanted = words.removeprefix("window").strip().strip('"').casefold()
    by_ref = [line for line in windows if line.ref == ref]
    exact = [line for line in windows if line.name.casefold() == wanted]
    part = [line for line in windows if wanted and wanted in line.name.casefold()]
    found = by_ref or exact or part
    if len(found) != 1:
        raise UnfitPlan(f"{'no' if not found else 'more than one'} window on the list is called like that")
    return found[0]
