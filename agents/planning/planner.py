"""The agent as a planner of the step loop: looks, has a thinker think, makes steps of ideas, keeps what came of them.

What the thinker wants is only words: the memory changes by `agents.memory`, trouble is noticed by
`agents.planning.recovery`, the place is found by `agents.grounding`, and whether it may happen is the approver's part.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from agents.grounding.wishes import Wish, typing_steps
from agents.memory.changes import Abandon, MemoryChange, Note, Pin, Remember
from agents.memory.editing import apply
from agents.memory.tree import TASK, WorkingMemory, current, entries
from agents.memory.workflows.ports import Workflow
from agents.planning import recovery
from agents.planning.calling import called_steps
from agents.planning.ports import Due, Idea, Moment, Shown, Thinker
from agents.planning.recorded import words_of
from agents.planning.recovery import Limits, Spent, Trodden
from agents.planning.wording import idea_words
from agents.screen.reading import Read
from workbench.actions import Action, Ask, Call, Fail, Finish, TypeText, kind
from workbench.errors import BadInputError
from workbench.events import Loan
from workbench.locate.sight import Sight
from workbench.session.roles import Ending, Proposal, Taken
from workbench.trajectory import Observation, Step, Target

MOST_THOUGHTS = 8
"""How often in a row a thinker may change its memory without wanting a step."""

ANSWER = "answer"
"""The variable that holds what the person answered last."""

ASKED_AFTER = 3
"""After so many rejections by people in a row they are asked in words what they want instead."""

MOST_REJECTIONS = 5
"""So many rejections by people in a row end the run: it is not understood."""


@dataclass(frozen=True)
class Seen:
    """One look at the screen: the moment itself, and what a model is shown of it."""

    sight: Sight
    read: Read


@dataclass(frozen=True)
class Surroundings:
    """What a planner needs of the run around it.

    `look` takes a look, given the words that are wanted and the look before. `lends` is what past work shows for this
    moment, `recorded` where its due step went after these steps, if it is the one of these words. `corrections` are
    what people said about steps like those of this screen, `workflows` those that may be called on it. `taken` is told
    of every step, with the task and the step in words and the list on which it was thought up, `changed` of every
    change of the memory. `edits` are those that people made since the last thought; `refused` is told why one makes no
    sense. `values` holds what was read or answered, `secrets` the names that may be typed.
    """

    look: Callable[[str, Read | None], Seen]
    lends: Callable[[Due], Shown] = lambda _due: Shown()
    recorded: Callable[[tuple[str, ...], str], Target | None] = lambda _done, _words: None
    corrections: Callable[[WorkingMemory, Read], tuple[str, ...]] = lambda _memory, _read: ()
    workflows: Callable[[WorkingMemory, Read], tuple[Workflow, ...]] = lambda _memory, _read: ()
    taken: Callable[[Taken, str, str, Read], None] = lambda _taken, _task, _words, _read: None
    changed: Callable[[MemoryChange], None] = lambda _change: None
    edits: Callable[[], Iterable[MemoryChange]] = lambda: ()
    refused: Callable[[str], None] = lambda _why: None
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Intent:
    """One idea on its way through the loop.

    In words, on which screen it was had, whether it begins a subgoal, and of how many steps it consists.
    """

    idea: Idea
    words: str
    state: recovery.State
    fresh: bool
    steps: int = 1

    @property
    def calls(self) -> bool:
        """Whether it is to call a workflow."""
        return isinstance(self.idea.action, Call)


@dataclass
class AgentPlanner:
    """Proposes what a thinker thinks up; `memory` is what the run has in mind, also when it goes on after a crash.

    `trouble` is told to the thinker at the first step, such as that a step may or may not have been done before. `owed`
    are changes that an earlier run did not get round to make: they come before the first thought.
    """

    thinker: Thinker
    around: Surroundings
    memory: WorkingMemory
    limits: Limits = field(default_factory=Limits)
    trouble: str = ""
    index: int = 0
    owed: tuple[MemoryChange, ...] = ()
    wishes: dict[tuple[str, str], Wish] = field(default_factory=dict)
    _queue: deque[Step] = field(default_factory=deque)
    _intent: _Intent | None = None
    _moment: Moment | None = None
    _shown: Shown = Shown()  # noqa: RUF009 - frozen
    _seen: Seen | None = None
    _history: list[Trodden] = field(default_factory=list)
    _tokens: int = 0
    _untold: int = 0
    _rejections: int = 0
    _since_s: float = field(default_factory=time.monotonic)

    def propose(self) -> Proposal | Ending:
        """The next step of the idea that is being carried out, or of a new one."""
        thoughts = 0
        while not self._queue:
            if thoughts == MOST_THOUGHTS:
                return Ending("failed", f"the model changed its mind {MOST_THOUGHTS} times without taking a step")
            thoughts += 1
            ending = self._think()
            if ending is not None:
                return ending
        self.index += 1
        assert self._intent is not None
        idea = self._intent.idea
        tokens, self._untold = self._untold, 0
        step, shown = self._queue.popleft(), self._shown
        loans = (*shown.loans, *self._lent(step.action))
        why = step.thought or idea.thought
        return Proposal(self.index, step, why, idea.sureness, loans=loans, wanted=shown.wanted, tokens=tokens)

    def remember(self, taken: Taken) -> Ending | None:
        """Keep how a step went; the run ends where the task does, where the policy forbids, where it gets nowhere."""
        intent = self._intent
        assert intent is not None, "a step is remembered that nobody proposed"
        if self._seen is not None:
            self.around.taken(taken, self.memory.root.words, intent.words, self._seen.read)
        if taken.status == "skipped" and taken.decision is not None:
            return self._refused(taken, intent)
        self._rejections = 0
        if isinstance(taken.proposal.step.action, Finish | Fail) and taken.status == "done":
            return _end(taken.proposal.step.action)
        worked = taken.status != "failed"
        if worked and self._queue and not self._is_instead(taken, intent):
            return None
        self._queue.clear()
        self._keep(taken, intent, worked=worked)
        return None

    def wish(self, step: Step) -> Wish | None:
        """Where a proposed step is meant to go; None for keys that a person put in its place."""
        return self.wishes.get((step.id, kind(step.action)))

    @property
    def thought(self) -> tuple[Moment, Idea]:
        """What the thinker was told last, and the idea that is carried out; raises ValueError before the first."""
        if self._moment is None or self._intent is None:
            raise ValueError("nothing was thought up yet")
        return self._moment, self._intent.idea

    def _think(self) -> Ending | None:
        """Have the next idea: it may change the memory, and it may want a step."""
        owed, self.owed = self.owed, ()
        for change in owed:
            self._change(change)
        self._heed()
        self._seen = self.around.look(current(self.memory).words, self._seen.read if self._seen else None)
        state = recovery.state_of(self._seen.read.shown)
        advice = recovery.advice(self._history, state, self._spent, self.limits)
        if advice.ending is not None:
            return advice.ending
        if advice.abandon and current(self.memory).id != TASK:
            self._change(Abandon(reason=advice.abandon))
        self._moment = self._told(self._seen.read, advice)
        idea = self._question()
        if idea is None:
            idea = self.thinker.think(self._moment)
        else:
            self._shown = Shown()
        spent = sum(cost.prompt_tokens + cost.answer_tokens for cost in idea.timings)
        self._tokens += spent
        self._untold += spent
        self.trouble = ""
        for change in idea.changes:
            if not self._try(change):
                return None
        if idea.action is not None:
            fresh = not entries(current(self.memory))
            steps = self._steps(idea, self._seen)
            self._intent = _Intent(idea, idea_words(idea), state, fresh, len(steps))
            self._queue.extend(steps)
        return None

    def _question(self) -> Idea | None:
        """What a person is asked who has rejected one proposal after the other; None while that is not so."""
        if self._rejections != ASKED_AFTER:
            return None
        question = f"{ASKED_AFTER} proposals in a row were rejected, the last one: {self._history[-1].step}. "
        return Idea(Ask(f"{question}What should be done instead?"), thought="What is wanted has to be asked for.")

    def _told(self, read: Read, advice: recovery.Advice) -> Moment:
        self._shown = self.around.lends(Due(self.memory, read, self._walked))
        return Moment(
            memory=self.memory,
            read=read,
            trouble=" ".join(filter(None, [self.trouble, advice.trouble])),
            banned=advice.banned,
            corrections=self.around.corrections(self.memory, read),
            examples=self._shown.examples,
            hints=self._shown.hints,
            workflows=self.around.workflows(self.memory, read),
            secrets=self.around.secrets,
            steps_left=max(0, self.limits.steps - len(self._history)),
        )

    def _steps(self, idea: Idea, seen: Seen) -> tuple[Step, ...]:
        """The idea as steps of a trajectory: typing into a field that has no focus yet begins with a click on it."""
        assert idea.action is not None
        asks = isinstance(idea.action, Ask) and idea.action.variable is None
        step = Step(
            f"s{len(self._history) + 1}",
            msgspec.structs.replace(idea.action, variable=ANSWER) if asks else idea.action,
            observation=_observation(seen.sight),
            description=idea_words(idea),
            thought=idea.thought,
        )
        steps: tuple[Step, ...] = (step,)
        if isinstance(idea.action, Call):
            return (msgspec.structs.replace(step, thought=""), *self._called(idea.action, step.id))
        if isinstance(idea.action, TypeText) and idea.target:
            steps = typing_steps(step, field=idea.target, replaces=idea.replaces)
        if idea.target:
            recorded = self.around.recorded(self._walked, idea_words(idea))
            wish = Wish(idea.target, idea.ref, idea.sureness, idea.replaces, seen.read, recorded)
            self.wishes.update({(each.id, kind(each.action)): wish for each in steps})
        return steps

    def _called(self, call: Call, name: str) -> tuple[Step, ...]:
        """The steps of a workflow; where each is meant to go is known by what was recorded."""
        found = called_steps(self._workflow(call), call, name)
        self.wishes.update({(one.step.id, kind(one.step.action)): one.wish for one in found if one.wish})
        return tuple(one.step for one in found)

    def _lent(self, action: Action) -> tuple[Loan, ...]:
        """What is lent by a step that calls a workflow; nothing by any other."""
        if not isinstance(action, Call):
            return ()
        return (Loan("workflow", self._workflow(action).id, why="it is called"),)

    def _workflow(self, call: Call) -> Workflow:
        assert self._moment is not None
        return next(one for one in self._moment.workflows if one.title == call.workflow)

    def _keep(self, taken: Taken, intent: _Intent, *, worked: bool) -> None:
        """Remember the whole idea by its last step, or by the one that failed."""
        verification = taken.verification
        observed = verification.observed or ("" if worked else taken.message)
        if intent.calls and not worked:
            observed = f"at “{taken.proposal.step.description}”: {observed}"
        verified = verification.ok if worked else False
        words = _done(taken, intent)
        self._change(Remember(words=words, observed=observed, verified=verified, step=taken.proposal.index - 1))
        self._history.append(Trodden(intent.state, words, verified, intent.idea.expect, observed, intent.fresh))
        action = taken.proposal.step.action
        if worked and isinstance(action, Ask) and verification.by != "person":
            answer = self.around.values.get(action.variable or "", "").strip()
            self._change(Pin(words=answer or "(no answer)", by="person"))

    def _is_instead(self, taken: Taken, intent: _Intent) -> bool:
        """Whether a person has done something else in the place of a whole workflow."""
        decided = taken.decision is not None and taken.decision.word in ("modify", "take-over")
        return decided and intent.calls and len(self._queue) + 1 == intent.steps

    def _refused(self, taken: Taken, intent: _Intent) -> Ending | None:
        """A step that was not permitted: the policy's word ends the run, a person's is taken to heart."""
        decision = taken.decision
        assert decision is not None
        self._queue.clear()
        if decision.by == "policy":
            return Ending("stopped", f"step {taken.proposal.index}: {taken.message}")
        if decision.word != "reject":
            return None
        self._rejections += 1
        said = decision.words.strip() or decision.reason.strip() or "no reason was given"
        if self._rejections == MOST_REJECTIONS:
            return Ending("stopped", f"{MOST_REJECTIONS} proposals in a row were rejected, the last one: {said}")
        self._change(Remember(words=intent.words, observed="a person rejected this", verified=False))
        if decision.words.strip():
            self._change(Note(words=decision.words, by="person"))
        self._history.append(Trodden(intent.state, intent.words, None, "", said, intent.fresh, rejected=True))
        return None

    def _heed(self) -> None:
        """Make the changes that people want of the memory."""
        for change in self.around.edits():
            try:
                self._change(change)
            except BadInputError as error:
                self.around.refused(str(error))

    def _try(self, change: MemoryChange) -> bool:
        """Make a change that the thinker wants; one that makes no sense is told to it the next time."""
        try:
            self._change(change)
        except BadInputError as error:
            self.trouble = str(error)
            return False
        return True

    def _change(self, change: MemoryChange) -> None:
        self.memory = apply(self.memory, change)
        self.around.changed(change)

    @property
    def _walked(self) -> tuple[str, ...]:
        """What was done so far in words, but for what failed."""
        return tuple(entry.words for entry in entries(self.memory.root) if entry.verified is not False)

    @property
    def _spent(self) -> Spent:
        return Spent(len(self._history), time.monotonic() - self._since_s, self._tokens)


def _done(taken: Taken, intent: _Intent) -> str:
    """What was done in words: the idea, or what a person made of it."""
    modified = taken.decision is not None and taken.decision.word == "modify"
    return words_of(taken.proposal.step) if modified else intent.words


def _end(action: Finish | Fail) -> Ending:
    return Ending("finished") if isinstance(action, Finish) else Ending("failed", action.reason)


def _observation(sight: Sight) -> Observation:
    return Observation(
        monotonic_ns=sight.frame.monotonic_ns, epoch_s=time.time(), window=sight.active, screens=sight.screens
    )
