"""Pairs of decisions and of attempts, and hints: what people said, what failed and what worked, from real runs."""

import json
from typing import Any, Literal

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from workbench import events
from workbench.actions import Click, PressKeys, TypeText
from workbench.approval import Decision
from workbench.errors import BadInputError
from workbench.geometry import Point
from workbench.library.exporting.training.splitting import split_of
from workbench.library.learning import Lesson, Span
from workbench.trajectory import Observation, Step, Target, Trajectory


class Part(Struct, forbid_unknown_fields=True):
    """A text, or the place of a picture."""

    type: Literal["text", "image"]
    text: str | None = None


class Message(Struct, forbid_unknown_fields=True):
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: list[Part]

    @property
    def text(self) -> str:
        return "".join(part.text or "" for part in self.content)


class StepPair(Struct, forbid_unknown_fields=True):
    """A line of `preferences-steps`."""

    prompt: tuple[Message, Message]
    chosen: tuple[Message]
    rejected: tuple[Message]
    images: tuple[str]
    why: Literal["modified", "rejected", "took-over", "failed"]
    said: str
    trajectory: str
    step: int
    run: str
    chosen_from: str

    @property
    def sides(self) -> tuple[str, str]:
        """What is chosen and what is rejected, by what it goes to, or its kind."""
        return tuple(named(action(side[0].text)) for side in (self.chosen, self.rejected))  # type: ignore[return-value]  # two of them


class WayPair(Struct, forbid_unknown_fields=True):
    """A line of `preferences-trajectories`."""

    prompt: tuple[Message, Message]
    chosen: list[Message]
    rejected: list[Message]
    images: tuple[str]
    chosen_images: list[str]
    rejected_images: list[str]
    chosen_trajectory: str
    rejected_trajectory: str
    chosen_run: str
    rejected_run: str


class HintPair(Struct, forbid_unknown_fields=True):
    """A line of `hint-pairs`."""

    id: str
    without_hint: tuple[Message, Message]
    with_hint: tuple[Message, Message]
    answer: tuple[Message]
    images: tuple[str]
    hint: str
    hint_words: str
    app: str
    trajectory: str
    step: int
    by: Literal["human", "agent", "import", "person"]


def action(value: str) -> dict[str, Any]:
    return json.loads(value.rpartition("\n")[2].removeprefix("Action: "))


def named(found: dict[str, Any]) -> str:
    return str(found.get("on", found["kind"])).removeprefix("the button ").strip("“”")


def lines(done: Any, kind: Any, name: str = "train.jsonl") -> list[Any]:
    found = [msgspec.json.decode(line, type=kind) for line in (done.path / name).read_bytes().splitlines()]
    assert all((done.path / image).is_file() for line in found for image in line.images)
    return found


def pictures(messages: Any) -> int:
    return sum(part.type == "image" for message in messages for part in message.content)


def overruled(log: list[events.Event]) -> list[str]:
    """What people decided against proposals, by the plain events."""
    words = [event.decision.word for event in log if isinstance(event, events.ApprovalDecided)]
    return [word for word in words if word in ("reject", "modify", "take-over")]


def test_every_proposal_that_a_person_overruled_is_a_pair_with_what_was_done_instead(runs, written, model):
    other = Step("s3", PressKeys(("ctrl", "s")))
    decided = [
        Decision("reject", "person", words="it is open"),
        Decision("reject", "person"),
        Decision("modify", "person", step=other, words="by keyboard"),
        Decision("take-over", "person"),
        model.go_on,
        model.yes,
    ]
    answers = [model.click(name) for name in ("Open", "Print", "Save", "Close", "Open")]
    ran = runs.run([*answers, model.finish], decided, [True, True])
    found = lines(written("preferences-steps", runs.material(ran)), StepPair)
    assert len(found) == len(overruled(runs.made["r1"])) == 4
    assert [(pair.why, pair.step, *pair.sides, pair.said) for pair in found] == [
        ("rejected", 1, "press_keys", "Open", "it is open"),
        ("rejected", 1, "press_keys", "Print", ""),
        ("modified", 1, "press_keys", "Save", "by keyboard"),
        ("took-over", 2, "ask", "Close", ""),
    ]
    assert all((pair.trajectory, pair.chosen_from, pair.run) == (ran.id, ran.id, "r1") for pair in found)
    assert all(pictures(pair.prompt) == len(pair.images) == 1 for pair in found)
    assert "1. press Ctrl+S" in found[3].prompt[1].text
    assert "the person took over" not in str(found[3]), "what came of it nobody knew when it was proposed"


def test_thoughts_are_on_both_sides_of_a_pair_or_on_neither(runs, written, model):
    other = Step("s2", PressKeys(("ctrl", "s")), thought="so")
    decided = [Decision("reject", "person"), model.yes, Decision("modify", "person", step=other)]
    answers = [model.click("Open", "one"), model.click("Save", "two"), model.click("Close", "three")]
    ran = runs.run([*answers, model.finish], decided, [True, True])
    both, neither = lines(written("preferences-steps", runs.material(ran)), StepPair)
    assert [side[0].text.partition("\n")[0] for side in (both.chosen, both.rejected)] == ["two", "one"]
    assert [side[0].text.partition("{")[0] for side in (neither.chosen, neither.rejected)] == ["Action: "] * 2


def test_what_failed_is_set_beside_what_worked_on_the_same_screen(runs, written, model):
    answers = [model.click("Open"), model.click("Save"), model.click("Print")]
    ran = runs.run([*answers, model.finish], [model.yes] * 3, [False, True, True])
    (pair,) = lines(written("preferences-steps", runs.material(ran)), StepPair)
    assert (pair.why, pair.step, *pair.sides) == ("failed", 1, "Save", "Open")
    failed = [e for e in runs.made["r1"] if isinstance(e, events.StepEnded) and e.verified is False]
    assert len(failed) == 1


def test_what_worked_on_another_screen_is_not_set_beside_what_failed(runs, written, model):
    ran = runs.run([model.click("Open"), model.click("Save"), model.finish], [model.yes] * 2, [False, True])
    (run_of,) = runs.material(ran).runs(ran.id)
    other = ran.steps[1].outcome.frame
    log = [
        replace(event, frame=other)
        if isinstance(event, events.StepLocated | events.ApprovalDecided) and event.index == 2
        else event
        for event in run_of.events
    ]
    changed = _with_runs(runs.material(ran), lambda _: [_replaced(run_of, log)])
    with pytest.raises(BadInputError, match="nothing to write"):
        written("preferences-steps", changed)


def test_what_another_run_of_the_task_did_there_is_better_than_what_failed(runs, written, model):
    stuck = runs.run([model.click("Open"), model.plan("fail", reason="no")], [model.yes], [False])
    good = runs.run([model.click("Save"), model.finish], [model.yes], [True])
    other = runs.run([model.click("Print"), model.finish], [model.yes], [True], task="print")
    done = written("preferences-steps", runs.material(other, stuck, good))
    (pair,) = lines(done, StepPair)
    assert (pair.why, pair.trajectory, pair.chosen_from, *pair.sides) == ("failed", stuck.id, good.id, "Save", "Open")


def test_giving_up_is_never_the_better_side_and_what_nobody_overruled_is_in_no_pair(runs, written, model):
    later = [model.click("Open"), model.click("Save"), model.click("Print"), model.click("Close")]
    ran = runs.run(
        [*later, model.plan("fail", reason="no")], [model.yes] * 3 + [Decision("reject", "person")], [True, True, True]
    )
    last = runs.run([model.click("Open"), model.finish], [Decision("stop", "person")])
    with pytest.raises(BadInputError, match="nothing to write: in no run of these"):
        written("preferences-steps", runs.material(ran, last, runs.record(_recording())))


def _recording() -> Trajectory:
    return Trajectory("rec", "Save", (Step("a", Click()),), task="save the letter")


def test_what_a_person_changed_in_a_replay_is_a_pair_over_the_picture_of_that_day(runs, written, model):
    ran = runs.run([model.click("Open"), model.click("Save"), model.finish], [model.yes] * 2, [True, True])
    second = ran.steps[1]
    close = replace(model.elements[3], ref=None)
    other = replace(second, target=Target(close.bounds.centre, model.window, close))
    runs.replay(ran, [model.yes, Decision("modify", "person", step=other), model.yes], [True, True])
    log = runs.made["r2"]
    (pair,) = lines(written("preferences-steps", runs.material(ran)), StepPair)
    assert (pair.why, pair.step, *pair.sides, pair.run) == ("modified", 2, "Close", "Save", "r2")
    assert "1. click the button “Open” in Mousepad" in pair.prompt[1].text
    decided = next(e for e in log if isinstance(e, events.ApprovalDecided) and e.decision.word == "modify")
    assert pair.images == (f"images/{decided.frame}.png",)


def test_a_secret_that_was_proposed_is_in_no_pair(runs, written, model):
    typed = [
        model.plan("type", text="Xylophon", target='password field "Pass"'),
        model.click("Save"),
        model.finish,
    ]
    private = runs.run([model.click("Save"), model.finish], [model.yes], [True])
    events_of = runs.made["r1"]
    proposal = next(e for e in events_of if isinstance(e, events.StepProposed))
    hidden = replace(proposal, step=replace(proposal.step, action=TypeText("Xylophon"), description=typed[0]))
    material = runs.material(private)
    (run_of,) = material.runs(private.id)
    refused = [
        replace(hidden, index=9),
        events.ApprovalDecided(index=9, decision=Decision("reject", "person"), frame=private.steps[0].outcome.frame),
        events.StepEnded(index=9, status="skipped"),
    ]
    log = (run_of.events[0], *refused, *run_of.events[1:])
    changed = _with_runs(material, lambda _: [_replaced(run_of, log)])
    with pytest.raises(BadInputError, match="nothing to write"):
        written("preferences-steps", changed)
    plain = replace(hidden, step=replace(hidden.step, description="type it"), index=9)
    log = (run_of.events[0], plain, *refused[1:], *run_of.events[1:])
    (pair,) = lines(written("preferences-steps", _with_runs(material, lambda _: [_replaced(run_of, log)])), StepPair)
    assert pair.sides == ("Save", "type_text")


def _with_runs(material: Any, runs: Any) -> Any:
    from dataclasses import replace as with_fields

    return with_fields(material, runs=runs)


def _replaced(run: Any, log: Any) -> Any:
    from dataclasses import replace as with_fields

    return with_fields(run, events=tuple(log))


def test_a_whole_attempt_that_reached_its_task_is_set_over_each_that_did_not(runs, written, model):
    missed = runs.run(
        [model.click("Open"), model.click("Print"), model.plan("fail", reason="no")], [model.yes] * 2, [True, False]
    )
    good = runs.run([model.click("Save"), model.finish], [model.yes], [True])
    other = runs.run([model.click("Save"), model.finish], [model.yes], [True], task="print")
    recorded = runs.record(replace(good, id="rec", source="human", revision=0))
    done = written("preferences-trajectories", runs.material(missed, good, other, recorded))
    found = lines(done, WayPair)
    assert [(one.chosen_trajectory, one.rejected_trajectory) for one in found] == [
        (good.id, missed.id),
        ("rec", missed.id),
    ]
    assert (found[0].chosen_run, found[0].rejected_run, found[1].chosen_run) == ("r2", "r1", "")
    first = found[0]
    assert [message.role for message in first.rejected] == ["assistant", "user", "assistant", "user", "assistant"]
    kinds = [named(action(message.text)) for message in first.rejected if message.role == "assistant"]
    assert kinds == ["Open", "Print", "fail"]
    assert len(first.rejected_images) == 3 == len(missed.steps)
    assert len(first.chosen_images) == 2 == sum(message.role == "assistant" for message in first.chosen)
    assert first.rejected[1].text == "This was done. In front is “Letter - Mousepad”."
    assert first.rejected[3].text.startswith("This failed.")
    assert pictures(first.prompt) == len(first.images) == 1
    assert pictures([*first.chosen, *first.rejected]) == 0
    assert all((done.path / image).is_file() for image in first.chosen_images + first.rejected_images)


def test_attempts_on_both_sides_of_the_split_make_no_pair(runs, written, model):
    missed = runs.run([model.click("Open"), model.plan("fail", reason="no")], [model.yes], [True])
    share = 0.5
    good = next(
        ran
        for _ in range(20)
        if (ran := runs.run([model.click("Save"), model.finish], [model.yes], [True]))
        and split_of(ran.id, share) != split_of(missed.id, share)
    )
    assert lines(written("preferences-trajectories", runs.material(missed, good)), WayPair)
    with pytest.raises(BadInputError, match="no two attempts"):
        written("preferences-trajectories", runs.material(missed, good, test_share=share))


def test_an_attempt_with_private_steps_tells_that_there_were_some_and_nothing_of_them(runs, written, model):
    missed = runs.run([model.click("Open"), model.plan("fail", reason="no")], [model.yes], [True])
    frame = missed.steps[0].observation.frame
    seen = Observation(frame=frame, window=model.window)
    target = Target(Point(100, 100), model.window)
    hidden = Step("b", TypeText("Xylophon"), seen, masked="an address", thought="Xylophon")
    steps = (Step("a", Click(), seen, target), hidden, Step("c", Click(), seen, target))
    good = runs.record(Trajectory("rec", "Save", steps, task="Save  the letter"))
    done = written("preferences-trajectories", runs.material(missed, good))
    (pair,) = lines(done, WayPair)
    assert pair.chosen[1].text.endswith("Then there was a step that is kept back for privacy.")
    assert len(pair.chosen_images) == 2
    assert b"Xylophon" not in (done.path / "train.jsonl").read_bytes()


def test_a_step_that_shows_an_approved_hint_is_told_with_and_without_it(runs, written, model):
    ran = runs.run(
        [model.click("Open"), model.click("Save"), model.click("Print"), model.finish],
        [model.yes] * 3,
        [True, False, True],
    )
    learning = runs.library.learning
    spans = (Span(ran.id, 2, 3, 1), Span(ran.id, 3, 3, 1))
    learning.put(Lesson("h1", "hint", "mousepad", "open it first", spans, status="approved", created=1.0))
    learning.put(Lesson("h2", "hint", "mousepad", "nobody looked", spans, status="proposed", created=2.0))
    edited = runs.library.revise(replace(ran, steps=(ran.steps[0], *ran.steps[2:])), note="shorter")
    assert edited.revision == 2
    (pair,) = lines(written("hint-pairs", runs.material(edited)), HintPair)
    assert (pair.hint, pair.hint_words, pair.app, pair.by) == ("h1", "open it first", "mousepad", "agent")
    assert (pair.step, named(action(pair.answer[0].text))) == (2, "Print"), "as the head counts the step"
    without, told = pair.without_hint[1].text, pair.with_hint[1].text
    assert told == without.replace("\n\nWhat is", "\n\nHint: open it first\n\nWhat is")
    assert "Hint" not in without
    assert pictures(pair.with_hint) == pictures(pair.without_hint) == len(pair.images) == 1


def test_a_hint_that_only_failed_steps_show_is_remarked_and_without_any_there_is_no_set(runs, written, model):
    ran = runs.run([model.click("Open"), model.click("Save"), model.finish], [model.yes] * 2, [False, True])
    with pytest.raises(BadInputError, match="nobody approved a hint"):
        written("hint-pairs", runs.material(ran))
    span = (Span(ran.id, 1, 2, 1),)
    runs.library.learning.put(Lesson("h1", "hint", "mousepad", "not so", span, status="approved", created=1.0))
    done = written("hint-pairs", runs.material(ran))
    assert [(one.step, one.what) for one in done.remarks] == [(1, "it failed")]
    assert [named(action(pair.answer[0].text)) for pair in lines(done, HintPair)] == ["Save"]
