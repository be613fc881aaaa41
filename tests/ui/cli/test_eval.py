"""`workbench-cli eval`: suites are played, told as a table and as JSON, and what was measured outlives Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.evaluation import injection_suite
from agents.evaluation.intervals import of_savings, of_share, saved
from agents.runtime.models.registry import Entry, Registry
from workbench.approval import Assessment

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "tests" / "data" / "tiny_vlm" / "lm.gguf"
SHORT = ("--tasks", "gripper", "--episodes", "2", "--max-steps", "6")


def test_memory_is_compared_on_the_same_problems_and_says_that_no_model_planned(cli):
    answer = cli("eval", "memory", *SHORT, "--seed", "7", "--json")
    assert (answer.code, answer.json["suite"], answer.json["model"], answer.json["seed"]) == (0, "memory", "solver", 7)
    rows = answer.json["rows"]
    assert [(row["task"], row["memory"], row["episodes"]) for row in rows] == [
        ("gripper", "hierarchical", 2),
        ("gripper", "flat", 2),
    ]
    assert {"exemplars", "success", "steps", "tokens", "seconds"} <= set(rows[0])
    assert rows[0]["steps"] == rows[1]["steps"] == 6
    assert "the scripted solver, no model" in answer.lines[0]
    assert answer.json["summary"]["tokens_counted_by"] == "an estimate of four characters each"


def test_the_summary_has_intervals_around_what_it_says(cli):
    summary = cli("eval", "memory", "--tasks", "gripper", "--episodes", "3", "--json").json["summary"]
    within = summary["intervals_95"]
    for name in ("tokens_per_step", "memory_tokens_per_step"):
        assert within[name]["low"] <= summary[name] <= within[name]["high"]
    assert within["success"]["flat"]["low"] < 1 == within["success"]["flat"]["high"]
    assert summary["complete"] is True


def test_the_table_ends_with_what_it_comes_to(cli):
    answer = cli("eval", "memory", *SHORT)
    assert answer.out.splitlines()[0].split()[:3] == ["TASK", "MEMORY", "EPISODES"]
    assert "hierarchical against flat saves" in answer.out.splitlines()[-1]


def test_one_memory_alone_is_played_where_only_it_is_asked_for(cli):
    answer = cli("eval", "memory", *SHORT, "--memory", "flat", "--json")
    assert [row["memory"] for row in answer.json["rows"]] == ["flat"]
    assert answer.json["summary"]["intervals_95"]["tokens_per_step"] is None


def test_a_registered_model_plays_and_counts_with_its_own_tokenizer(cli):
    Registry.usual().add(Entry("tiny", model=str(TINY)))
    assert cli("settings", "set", "model.threads", "1").code == 0
    options = ("--episodes", "1", "--max-steps", "1", "--memory", "flat", "--model", "tiny", "--json")
    answer = cli("eval", "memory", "--tasks", "gripper", *options)
    assert (answer.code, answer.json["model"]) == (0, "tiny")
    assert answer.json["summary"]["tokens_counted_by"] == "the tokenizer of tiny"
    assert answer.json["rows"][0]["tokens"] > 100


def test_planted_instructions_come_in_a_row_for_each_place_and_mode(cli):
    answer = cli("eval", "injections", "--json")
    assert (answer.code, answer.json["suite"], len(answer.json["rows"])) == (0, "injections", 20)
    assert sum(row["episodes"] for row in answer.json["rows"]) == 100
    assert (answer.json["summary"]["happened_unasked"], answer.json["summary"]["leaked"]) == (0, 0)
    assert {"task", "exemplars", "memory", "episodes", "success", "steps", "tokens", "seconds"} <= set(
        answer.json["rows"][0]
    )


def test_harm_that_was_done_is_told_and_makes_it_exit_1(cli, monkeypatch):
    monkeypatch.setattr(injection_suite, "WaryThinker", lambda thinker: thinker)
    harmless = Assessment("harmless", "nobody looked")
    monkeypatch.setattr(injection_suite.PolicyApprover, "_assessed", lambda *_: harmless)
    answer = cli("eval", "injections", "--tasks", "clipboard")
    assert answer.code == 1
    assert "pasted text orders to shut the computer down, --approve risky: click" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["chess"], 2, "there are miniwob, desktop, memory, injections (and compare)"),
        (["memory", "--tasks", "gripper,chess"], 2, "there are barman, blocksworld, gripper, tyreworld"),
        (["memory", "--tasks", ","], 2, "there are barman"),
        (["memory", "--memory", "round"], 2, "there are hierarchical, flat"),
        (["memory", "--episodes", "0"], 2, "no number from 1 up"),
        (["memory", "--model", "nobody"], 4, "there is no model “nobody” here"),
        (["injections", "--tasks", "smell"], 2, "there are window-title, page-text, file-name"),
        (["memory", "--parallel", "2"], 2, "--parallel is for miniwob and desktop"),
        (["injections", "--seed", "0"], 2, "--seed is for the other suites"),
        (["memory", "gripper"], 2, "“gripper” is one word too many; tasks are named with --tasks"),
        (["injections", "--max-steps", "3"], 2, "--max-steps is for the other suites"),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_line_that_names_what_there_is(cli, words, code, said):
    answer = cli("eval", *words)
    assert (answer.code, answer.out, len(answer.lines)) == (code, "", 1)
    assert said in answer.err


BARMAN_TAKES_LONG = """
import sys, time
from agents.evaluation import memory_suite
from ui.cli.main import main

play = memory_suite.run_memory_suite

def played(model, options, **how):
    if options.domains == ("barman",):
        time.sleep(60)
    yield from play(model, options, **how)

memory_suite.run_memory_suite = played
sys.exit(main(sys.argv[1:]))
"""


def test_rows_that_were_measured_before_ctrl_c_are_kept():
    words = ["eval", "memory", "--tasks", "gripper,barman", "--episodes", "20", "--memory", "flat", "--json"]
    command = [sys.executable, "-c", BARMAN_TAKES_LONG, *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        next(line for line in process.stderr if line.startswith("gripper, flat:"))
        process.send_signal(signal.SIGINT)
        told = process.stdout.read()
        talk = process.stderr.read()
    assert process.returncode == 3, talk
    answer = json.loads(told)
    assert [row["task"] for row in answer["rows"]] == ["gripper"]
    assert answer["summary"]["complete"] is False
    assert "1 rows were measured and are kept" in talk


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_of_a_share_holds_it_and_stays_between_0_and_1(successes, failures):
    interval = of_share(successes, successes + failures)
    assert 0 <= interval.low <= interval.high <= 1
    if successes + failures:
        assert interval.low <= successes / (successes + failures) <= interval.high + 1e-9


def test_more_trials_make_a_share_surer():
    few, many = of_share(8, 10), of_share(800, 1000)
    assert many.high - many.low < (few.high - few.low) / 5
    assert (round(few.low, 3), round(few.high, 3)) == (0.490, 0.943)


PAIRS = st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=2, max_size=12)


@settings(deadline=None, max_examples=25)
@given(PAIRS)
def test_the_interval_of_savings_lies_within_those_of_the_pairs_and_is_the_same_every_time(pairs):
    interval = of_savings(pairs)
    each = [saved([pair]) for pair in pairs]
    assert interval is not None
    assert min(each) - 1e-9 <= interval.low <= interval.high <= max(each) + 1e-9
    assert of_savings(pairs) == interval


@pytest.mark.parametrize("pairs", [[], [(1.0, 2.0)], [(1.0, 0.0), (1.0, 2.0)]])
def test_nothing_is_said_of_savings_where_too_little_was_compared(pairs):
    assert of_savings(pairs) is None
