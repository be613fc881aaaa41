"""Simulated programs have one way that does the task; only who goes it, with today's values, has done it."""

from random import Random

import pytest

from agents.planning.following import told_steps
from agents.planning.ports import Idea, Moment
from agents.screen.listing import called
from workbench.actions import Click, Finish, TypeText

SEEDS = range(20)


@pytest.fixture(params=SEEDS)
def made(request):
    from builtin_model.simulated import program, values_for

    rng = Random(f"test {request.param}")
    return program(rng), values_for(rng), values_for(rng)


class _Follower:
    """Does the exemplar's due step, with today's value for the recorded one; finishes at its end."""

    def __init__(self, then, now):
        self._values = dict(zip(then, now, strict=True))

    def think(self, moment: Moment) -> Idea:
        due = [step.words for example in moment.examples for step in example.steps if step.mark == 0]
        if not due:
            return Idea(Finish())
        words = due[0]
        for old, new in self._values.items():
            words = words.replace(f'"{old}"', f'"{new}"')
        target = words.partition(" ")[2].rpartition(" into ")[2]
        line = next(line for line in moment.read.shown.lines if called(line) == target)
        action = TypeText(words.split('"')[1]) if words.startswith("type") else Click()
        return Idea(action, target=target, ref=line.ref)


class _Finisher:
    """Says at once that all is done."""

    def think(self, moment: Moment) -> Idea:
        return Idea(Finish())


def test_who_follows_the_recording_with_todays_values_does_the_task(made):
    from builtin_model.composites import play
    from builtin_model.simulated import recorded

    program, then, now = made
    episode = play(program, now, _Follower(then, now), recorded(program, then))
    assert (episode.reached, episode.finished) == (True, True), episode.reason


def test_who_repeats_the_recorded_values_does_another_task(made):
    from builtin_model.composites import play
    from builtin_model.simulated import Stage, recorded

    program, then, now = made
    if any(act.name == "{a}" for acts in program.screens for act in acts):
        stage = Stage(program, now)
        assert all(line.name != then[0] for line in stage.read().shown.lines)
        return
    assert not play(program, now, _Follower(then, then), recorded(program, then)).reached


def test_who_does_nothing_has_done_nothing(made):
    from builtin_model.composites import play

    program, _, now = made
    episode = play(program, now, _Finisher(), None)
    assert (episode.reached, episode.finished, episode.steps) == (False, True, 1)


def test_no_control_on_the_way_is_named_by_the_task(made):
    from builtin_model.simulated import recorded

    from agents.screen.alike import likeness, split

    program, then, _ = made
    words = split(program.told(then))
    for step in recorded(program, then).steps:
        name = step.target.element.name
        assert name == then[0] or likeness(words, split(name)) < 1.0


def test_a_recording_tells_its_steps_as_the_product_does(made):
    from builtin_model.simulated import recorded

    program, then, _ = made
    steps = told_steps(recorded(program, then))
    assert sum(words.startswith("type ") for words in steps) == 2
    assert f'"{then[0]}"' in " ".join(steps)


def test_storing_twice_is_not_what_the_task_wanted(made):
    from builtin_model.simulated import Stage, recorded

    program, _, now = made
    stage = Stage(program, now)
    for _ in range(2):
        for step in recorded(program, now).steps:
            name = step.target.element.name
            line = next(line for line in stage.read().shown.lines if line.name == name)
            stage.act(Click(), line)
            stage.act(step.action, line) if isinstance(step.action, TypeText) else None
    assert len(stage.kept) == 2
    assert not stage.reached
