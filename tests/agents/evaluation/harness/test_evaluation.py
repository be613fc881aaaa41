"""Evaluations from plan to results: played once, gone on with, stopped, by one process or several."""

import os
import sqlite3
import time
from contextlib import closing
from functools import partial

import pytest
import toy_suite
from toy_suite import CASTING, TASKS

from agents.evaluation.harness.conditions import Condition
from agents.evaluation.harness.crews import alone, side_by_side
from agents.evaluation.harness.evaluation import evaluate
from agents.evaluation.harness.plan import Episode, Plan, seeds_from
from agents.evaluation.harness.player import Unplayed
from agents.evaluation.harness.results import Played, Results
from agents.evaluation.suites import Score
from workbench.errors import BadInputError, UnavailableError

IDENTITY = {"suite": "toy", "model": "none", "version": "1"}
SCORE = Score("easy", 1, "do it", 1.0, True, 2, 0.5, "task")
PLAN = Plan(TASKS, seeds_from(1, 4), (Condition(), Condition(1)))

in_two_processes = partial(side_by_side, CASTING, processes=2)
in_one = partial(alone, CASTING)


@pytest.fixture
def results(tmp_path):
    with Results.begin(tmp_path / "out", IDENTITY) as results:
        yield results


def open_stages(toys):
    return list(toys.glob("open-*"))


@pytest.mark.parametrize("crew", [in_one, in_two_processes])
def test_a_plan_is_played_once_in_full_and_nothing_is_left_to_play(toys, results, crew):
    heard = []
    first = evaluate(PLAN, results, crew, lambda done, of, what: heard.append((done, of, what)))
    again = evaluate(PLAN, results, crew)
    assert first.complete
    assert first == again
    assert [one.episode for one in first.played] == list(PLAN.episodes())
    assert len(toy_suite.played()) == len(PLAN)
    assert [one[:2] for one in heard] == [(n, len(PLAN)) for n in range(1, len(PLAN) + 1)]
    assert {one[2].episode.key for one in heard} == {one.key for one in PLAN.episodes()}
    assert open_stages(toys) == []


def test_several_processes_come_to_what_one_comes_to(toys, tmp_path):
    with Results.begin(tmp_path / "one", IDENTITY) as one, Results.begin(tmp_path / "two", IDENTITY) as two:
        alone_played = evaluate(PLAN, one, in_one).played
        assert evaluate(PLAN, two, in_two_processes).played == alone_played
    processes = {line.split()[0] for line in toy_suite.played()}
    assert str(os.getpid()) in processes
    assert len(processes) == 3


def test_an_evaluation_that_was_stopped_plays_only_what_is_missing(toys, tmp_path):
    def after_seven(done, of, what):
        if done == 7:
            raise KeyboardInterrupt

    with Results.begin(tmp_path / "out", IDENTITY) as results:
        stopped = evaluate(PLAN, results, in_one, after_seven)
    assert (stopped.stopped, stopped.complete, len(stopped.played)) == (True, False, 7)
    with Results.begin(tmp_path / "out", IDENTITY) as results:
        whole = evaluate(PLAN, results, in_one)
    assert whole.complete
    assert len(whole.played) == len(PLAN)
    assert len(toy_suite.played()) == len(PLAN)
    assert open_stages(toys) == []


def test_more_seeds_and_conditions_add_to_what_was_played(toys, results):
    small = Plan(TASKS[:2], seeds_from(1, 2))
    evaluate(small, results, in_one)
    assert len(evaluate(PLAN, results, in_one).played) == len(PLAN)
    assert len(toy_suite.played()) == len(PLAN)
    assert len(evaluate(small, results, in_one).played) == len(small)


def test_results_of_another_version_or_model_are_not_mixed(tmp_path):
    Results.begin(tmp_path, IDENTITY).close()
    with pytest.raises(BadInputError, match=r"played with another model \(none, now other\).*choose another --out"):
        Results.begin(tmp_path, {**IDENTITY, "model": "other"})
    with pytest.raises(BadInputError, match="played with another version"):
        Results.begin(tmp_path, {**IDENTITY, "version": "2"})
    assert Results.begin(tmp_path, IDENTITY).identity == IDENTITY


def test_a_file_from_before_there_were_hints_is_still_read(tmp_path):
    with Results.begin(tmp_path, IDENTITY) as results:
        results.add(Played(Episode("easy", 1, Condition(3, "steps", True, "flat")), SCORE))
    with closing(sqlite3.connect(tmp_path / "results.db")) as db:
        db.executescript("ALTER TABLE episodes DROP COLUMN hints; PRAGMA user_version = 1")
    with Results.read(tmp_path) as results:
        (played,) = results.played().values()
    assert played == Played(Episode("easy", 1, Condition(3, "steps", True, "flat")), SCORE)


def test_two_processes_do_not_add_to_one_evaluation_at_once(tmp_path):
    with Results.begin(tmp_path, IDENTITY), pytest.raises(BadInputError, match="is going on already"):
        Results.begin(tmp_path, IDENTITY)


def test_a_file_that_holds_no_evaluation_is_left_alone(tmp_path):
    (tmp_path / "results.db").write_bytes(b"my novel\n" * 200)
    for opening in (partial(Results.begin, tmp_path, IDENTITY), partial(Results.read, tmp_path)):
        with pytest.raises(BadInputError, match="holds no evaluation"):
            opening()
    assert (tmp_path / "results.db").read_bytes() == b"my novel\n" * 200
    with pytest.raises(BadInputError, match="there is no evaluation in"):
        Results.read(tmp_path / "elsewhere")


@pytest.mark.parametrize("crew", [in_one, in_two_processes])
def test_what_cannot_be_played_is_told_and_tried_again_the_next_time(toys, results, crew):
    (toys / "even").write_text("unavailable")
    plan = Plan(TASKS, (1,))
    found = evaluate(plan, results, crew)
    assert [(one.episode.task, one.why) for one in found.unplayed] == [("even", "even cannot be played")]
    assert (len(found.played), found.complete, found.stopped) == (len(TASKS) - 1, False, False)
    (toys / "even").unlink()
    assert evaluate(plan, results, crew).complete


@pytest.mark.parametrize("crew", [in_one, in_two_processes])
def test_one_episode_after_the_other_that_cannot_be_played_ends_it(toys, results, crew):
    for task in TASKS:
        (toys / task).write_text("unavailable")
    with pytest.raises(UnavailableError, match=r"3 episodes in a row could not be played: .* cannot be played"):
        evaluate(PLAN, results, crew)
    assert open_stages(toys) == []


@pytest.mark.parametrize("crew", [in_one, in_two_processes])
def test_what_nobody_can_play_at_all_is_said_as_it_is(toys, results, crew):
    (toys / "no-stage").touch()
    with pytest.raises(UnavailableError, match="there is no stage; build one"):
        evaluate(PLAN, results, crew)


@pytest.mark.parametrize("crew", [in_one, in_two_processes])
def test_a_task_that_the_suite_does_not_have_is_bad_input(toys, results, crew):
    with pytest.raises(BadInputError, match="there is no task harder"):
        evaluate(Plan(("harder",), (1,)), results, crew)


def test_a_process_that_dies_costs_its_episode_and_no_other(toys, results):
    (toys / "odd").write_text("dies")
    heard = []
    found = evaluate(PLAN, results, in_two_processes, lambda done, of, what: heard.append(what))
    assert [one.why for one in found.unplayed] == ["the process that played it ended with 7"]
    assert len(found.played) == len(PLAN) - 1
    assert sum(isinstance(one, Played) for one in heard) == len(PLAN) - 1
    assert sum(isinstance(one, Unplayed) for one in heard) == 1
    assert evaluate(PLAN, results, in_two_processes).complete


def test_processes_end_with_whoever_stops_listening_though_they_are_in_the_middle(toys):
    (toys / "even").write_text("hangs")
    outcomes = side_by_side(CASTING, list(Plan(("easy", "even"), (1,)).episodes()), processes=2)
    assert next(outcomes).episode.task == "easy"
    while not any(line.split()[1] == "even" for line in toy_suite.played()):
        time.sleep(0.01)
    outcomes.close()
    assert open_stages(toys) == []
    for line in toy_suite.played():
        with pytest.raises(ProcessLookupError):
            os.kill(int(line.split()[0]), 0)
