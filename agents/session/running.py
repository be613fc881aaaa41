"""An agent's run in its process: models, planner, grounder, verifier and events, wired together."""

from dataclasses import dataclass
from dataclasses import replace as with_fields
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from agents.grounding.finding import Finder
from agents.grounding.grounder import AgentGrounder
from agents.grounding.looking import read_whole
from agents.grounding.outcome import AgentVerifier
from agents.memory.batches import Foreseen
from agents.memory.changes import MemoryChange, Remember
from agents.memory.lending import Lender
from agents.memory.tree import WorkingMemory, entries
from agents.memory.workflows.shelf import WorkflowShelf
from agents.planning.planner import AgentPlanner, Seen, Surroundings
from agents.planning.recorded import words_of
from agents.runtime.pool import Pool
from agents.safety.calling import CallApprover
from agents.safety.judging import second_look
from agents.safety.scoping import SecretApprover
from agents.safety.wariness import WaryThinker
from agents.screen.reading import Read, read_printed, read_screen
from agents.session.borrowing import lender_for
from agents.session.experience import Experience
from agents.session.messages import AgentOrder
from agents.session.minds import Opened, opened, pool_of
from agents.session.recalling import Recalled, edits_of, recalled
from workbench import events
from workbench.approval import Mode
from workbench.errors import StoppedError, WorkbenchError
from workbench.library.frames import FrameStore
from workbench.library.store import Library
from workbench.session.approving import PolicyApprover
from workbench.session.child import Pipe, Questions
from workbench.session.emergency import watch_emergency
from workbench.session.eyes import Eyes
from workbench.session.loop import Players, run
from workbench.session.performing import DesktopPerformer
from workbench.session.recording import becoming
from workbench.session.resuming import Resumption, carried, resumable
from workbench.session.roles import Approver, Ending
from workbench.session.running import Asking, Ready, Told, expecting

SHOWN_LINES = 60
"""How many controls a thinker is shown: more than most windows have, and few enough for a small model."""

PEOPLED: tuple[Mode, ...] = ("ask", "risky")
"""Ways to approve in which a person is waited for."""

UNSURE = "the run broke off here: it may or may not have happened"


@dataclass(frozen=True)
class _Run:
    """What the parts of one run share."""

    order: AgentOrder
    told: Told
    ready: Ready
    pipe: Pipe
    lender: Lender
    earlier: Resumption | None
    memory: Recalled


def carry_out(order: AgentOrder, pipe: Pipe, ready: Ready) -> None:
    """Carry out the task and say everything."""
    watch_emergency(ready.guard, ready.desktop, order.emergency_hotkey, pipe)
    with pool_of(order.minds) as pool:
        carry_out_with(pool, order, pipe, ready=ready)


def carry_out_with(pool: Pool, order: AgentOrder, pipe: Pipe, *, ready: Ready) -> None:
    """The same with the models of a pool that stays open, and an emergency stop that is watched for already."""
    library = Path(order.library) if order.library is not None else None
    told = Told(pipe, Eyes(ready.desktop, FrameStore(Path(order.frames)), pipe.check), library)
    try:
        minds = opened(pool, order, pipe.check)
        with lender_for(order, minds, check=pipe.check, say=told.progress) as lender:
            run_of = _Run(order, told, ready, pipe, lender, *_recalled(order))
            players = _players(run_of, minds)
            told.started(_begun(run_of), earlier=carried(run_of.earlier) if run_of.earlier else ())
            told.over(_ran(players, told))
    finally:
        told.close()


def _recalled(order: AgentOrder) -> tuple[Resumption | None, Recalled]:
    """The run that this one goes on with, and the memory with which it begins."""
    earlier = _earlier(order)
    memory = recalled(order.task, earlier.changes if earlier else ())
    if earlier is not None:
        earlier = with_fields(earlier, changes=memory.changes)  # whoever resumes this run finds all of them to fit
    return earlier, memory


def _ran(players: Players, told: Told) -> Ending:
    try:
        return run(players, told.watch())
    except StoppedError as stop:
        return Ending("stopped", str(stop))
    except WorkbenchError as error:
        return Ending("failed", str(error), error.exit_code)


def _earlier(order: AgentOrder) -> Resumption | None:
    if not order.resumes or order.library is None:
        return None
    with Library.open(Path(order.library)) as library:
        return resumable(library, order.resumes)


def _begun(of: _Run) -> events.RunStarted:
    """The first event: the order in it has no folders, not that of the models either, and names its exemplars only."""
    order = of.order
    kept = becoming(order.task, of.told.eyes, commands=order.commands) if order.library is not None else None
    named = replace(order, exemplars=(), exemplar_ids=tuple(each.id for each in order.exemplars))
    plain: dict[str, Any] = msgspec.to_builtins(named)
    for name in ("frames", "library", "lends_from", "run"):
        plain.pop(name)
    plain["minds"].pop("folder")
    return events.RunStarted(
        run=order.run,
        trajectory=kept.id if kept else None,
        title=kept.title if kept else order.task,
        task=order.task,
        order=plain,
        resumes=order.resumes,
        becomes=kept,
    )


def _players(of: _Run, minds: Opened) -> Players:
    order, told, eyes = of.order, of.told, of.told.eyes
    values: dict[str, str] = {}
    asking = Asking(told, Questions(of.pipe))
    performer = DesktopPerformer(
        eyes, order.timeout_s, asking.secret, asking.question, values, expecting(of.ready.guard, eyes)
    )
    experience = Experience(order.library)
    planner = _planner(of, minds, values, experience)
    asking.planner, asking.performer = planner, performer
    finder = Finder(minds.chooser, minds.pointer, experience.merits())
    ask = asking.drifted if order.seen and order.approve in PEOPLED else None
    grounder = experience.grounder = AgentGrounder(eyes, planner.wish, finder, order.timeout_s, ask)
    return Players(
        planner=planner,
        grounder=grounder,
        approver=_approver(of, minds, planner, asking),
        performer=performer,
        verifier=AgentVerifier(eyes, lambda: grounder.read, order.effect_s),
        person=asking,
    )


def _approver(of: _Run, minds: Opened, planner: AgentPlanner, asking: Asking) -> Approver:
    """The policy, behind the rule for secrets, with the judge's second look where there is one."""
    order, second = of.order, second_look(minds.judge, lambda: planner.thought)
    foresight = Foreseen(Path(order.library)) if order.library is not None and order.approve in PEOPLED else None
    policy = PolicyApprover(order.approve, "model", asking.decision, order.policy, second=second, foresight=foresight)
    return SecretApprover(CallApprover(policy), (order.task,), order.secrets)


def _planner(of: _Run, minds: Opened, values: dict[str, str], experience: Experience) -> AgentPlanner:
    order, earlier = of.order, of.earlier
    memory = of.memory.memory

    def refused(why: str) -> None:
        of.told.say(events.Progress(text=f"that change of the memory cannot be made: {why}"))

    around = Surroundings(
        look=Looking(of.told.eyes),
        lends=of.lender.lends,
        recorded=of.lender.recorded,
        corrections=experience.told,
        workflows=_workflows(order).offered,
        taken=experience.taken,
        changed=lambda change: of.told.say(events.MemoryChanged(change=msgspec.to_builtins(change))),
        edits=lambda: edits_of(of.pipe.changes(), refused),
        refused=refused,
        values=values,
        secrets=order.secrets,
    )
    return AgentPlanner(
        thinker=WaryThinker(minds.thinker),
        around=around,
        memory=memory,
        limits=order.limits,
        trouble="; ".join(filter(None, (earlier.warning, order.warning, of.memory.warning))) if earlier else "",
        index=earlier.next_index - 1 if earlier else 0,
        owed=owed(memory, earlier) if earlier else (),
    )


def _workflows(order: AgentOrder) -> WorkflowShelf:
    """The workflows that may be called in this run."""
    return WorkflowShelf((order.lends_from or order.library) if order.lending.workflows else None)


def owed(memory: WorkingMemory, earlier: Resumption) -> tuple[MemoryChange, ...]:
    """The steps that the earlier run took and did not live to remember, so that nobody takes them again unawares."""
    last = max((entry.step for entry in entries(memory.root) if entry.step is not None), default=-1)
    taken = [(one, one.status != "failed", one.message) for one in (*earlier.done, *earlier.failed)]
    changes = [
        Remember(words=words_of(one.step), observed=said, verified=worked, step=one.index - 1)
        for one, worked, said in taken
        if one.index - 1 > last
    ]
    unsure = earlier.unsure
    if unsure is not None and unsure.index - 1 > last:
        changes.append(Remember(words=words_of(unsure.step), observed=UNSURE, step=unsure.index - 1))
    return tuple(sorted(changes, key=lambda change: change.step or 0))


@dataclass(frozen=True)
class Looking:
    """Takes a look for the planner: elements, or printed text where an application says nothing of itself."""

    eyes: Eyes

    def __call__(self, wanted: str, before: Read | None) -> Seen:
        """The moment, and what a model is shown of it."""
        sight = self.eyes.look()
        whole = read_whole(sight, before=before, wanted=wanted, most=SHOWN_LINES)
        read = whole or read_screen(sight, before=before, most=SHOWN_LINES, wanted=wanted)
        silent = whole is not None and all(line.role == "window" for line in whole.shown.lines)
        if silent and sight.active is not None:  # one that is only busy says more the next time than its print does
            read = read_printed(sight, most=SHOWN_LINES, wanted=wanted)
        return Seen(sight, read)
