"""`workbench-cli eval` of suites that are played by actors: kept, gone on with, stopped, compared, refused."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import toy_suite

from agents.evaluation.harness import casting
from agents.evaluation.harness.casting import Casting
from ui.cli import evaluating_desktops

ROOT = Path(__file__).resolve().parents[3]
ROW = {"task", "exemplars", "memory", "episodes", "success", "steps", "tokens", "seconds"}


@pytest.fixture
def toys(tmp_path, monkeypatch) -> Path:
    """The toy suite in the place of miniwob, played by its own actors."""
    folder = tmp_path / "toys"
    folder.mkdir()
    monkeypatch.setenv("WORKBENCH_TOY", str(folder))
    monkeypatch.setenv("PYTHONPATH", str(Path(toy_suite.__file__).parent))
    monkeypatch.setattr(casting, "SUITES", {"miniwob": "toy_suite:Toy"})
    monkeypatch.setattr(evaluating_desktops, "_casting", lambda *_: Casting("toy_suite:Toy", "toy_suite:Doers"))
    return folder


def test_an_evaluation_is_played_kept_and_not_played_again(cli, toys, tmp_path):
    words = ("eval", "miniwob", "--tasks", "easy,hard", "--episodes", "2", "--seed", "3", "--json")
    first, again = cli(*words), cli(*words)
    assert (first.code, first.json["suite"], first.json["model"], first.json["seed"]) == (0, "toy", "built-in", 3)
    assert [(row["task"], row["episodes"], row["success"]) for row in first.json["rows"]] == [
        ("easy", 2, 1.0),
        ("hard", 2, 0.0),
    ]
    assert set(first.json["rows"][0]) >= ROW
    summary = first.json["summary"]
    assert (summary["complete"], summary["episodes"], summary["planned"], summary["unplayed"]) == (True, 4, 4, [])
    assert summary["conditions"][0]["success_95"]["low"] < 0.5 < summary["conditions"][0]["success_95"]["high"]
    assert Path(summary["out"], "results.db").is_file()
    assert again.json == first.json
    assert "4 of them were played before" in again.err
    assert len(toy_suite.played()) == 4


def test_where_nobody_names_a_folder_it_is_one_in_the_library(cli, toys):
    answer = cli("eval", "miniwob", "--tasks", "easy", "--json")
    folder = Path(answer.json["summary"]["out"])
    assert folder.parent.name == "evaluations"
    assert folder.name.startswith("toy-built-in-")
    compared = cli("eval", "compare", folder.name, str(folder))
    assert (compared.code, "success +0 points" in compared.out) == (0, True)


def test_each_episode_is_told_in_a_line_where_there_is_no_terminal(cli, toys, tmp_path):
    answer = cli("eval", "miniwob", "--tasks", "easy,hard", "--out", str(tmp_path / "out"))
    assert answer.lines[1].startswith("1/2  easy #0: solved, ")
    assert answer.lines[2].startswith("2/2  hard #0: not solved (ended by task), ")
    table = answer.out.splitlines()
    assert table[0].split() == ["TASK", "EPISODES", "SUCCESS", "REWARD", "NODES", "STEPS", "TOKENS", "SECONDS", "ASKED"]
    assert "(1) no exemplars, no workflows, hierarchical memory" in answer.out


def test_on_a_terminal_a_bar_takes_its_own_place(toys, tmp_path):
    script = (
        "from ui.cli import evaluating_desktops; from agents.evaluation.harness import casting; import sys;"
        "casting.SUITES = {'miniwob': 'toy_suite:Toy'};"
        "evaluating_desktops._casting = lambda *_: casting.Casting('toy_suite:Toy', 'toy_suite:Doers');"
        "from ui.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    mine, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{Path(toy_suite.__file__).parent}"}
    words = [sys.executable, "-c", script, "eval", "miniwob", "--out", str(tmp_path / "out")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(mine, 4096):
                shown += piece
        except OSError:  # how a terminal says that nobody writes any more
            pass
        os.close(mine)
    assert process.returncode == 0, shown
    assert b"\r[####################....]" not in shown
    assert b"\r[########################] 5/5" in shown
    assert b", " in shown.split(b"1/5")[1][:20], "how long it still takes"


def test_conditions_are_numbered_and_compared_with_the_first(cli, toys, tmp_path, monkeypatch):
    monkeypatch.setattr(evaluating_desktops, "_lent", lambda *_: ("something", "/nowhere"))
    words = ("eval", "miniwob", "--exemplars", "0,1", "--lend", "whole,steps", "--out", str(tmp_path / "out"))
    told, answer = cli(*words, "--ablate"), cli(*words, "--json")
    assert ["helped", "0/1", "1/1", "1/1"] in [line.split() for line in told.out.splitlines()]
    assert "1 exemplar whole, no workflows, hierarchical memory, against no exemplars" in told.out
    assert "success +20 points" in told.out
    assert {(row["exemplars"], row["lend"]) for row in answer.json["rows"]} == {
        (0, "whole"),
        (1, "whole"),
        (1, "steps"),
    }
    assert answer.json["summary"]["against_first"][0]["better"] == 1


def test_two_evaluations_are_compared_task_by_task(cli, toys, tmp_path):
    for seed, name in ((2, "a"), (2, "b")):
        cli("eval", "miniwob", "--seed", f"{seed}", "--out", str(tmp_path / name))
    cli("eval", "miniwob", "--seed", "7", "--out", str(tmp_path / "c"))
    same = cli("eval", "compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json").json
    assert same["comparisons"][0]["pairs"] == 5
    assert same["comparisons"][0]["changed"] == []
    assert same["differs"] == {}
    other = cli("eval", "compare", str(tmp_path / "a"), str(tmp_path / "c"))
    assert (other.code, other.out) == (2, "")
    assert "no task was played with the same seed in both" in other.err


def test_what_could_not_be_played_is_said_and_makes_it_exit_1(cli, toys, tmp_path):
    (toys / "odd").write_text("unavailable")
    answer = cli("eval", "miniwob", "--out", str(tmp_path / "out"), "--json")
    assert answer.code == 1
    assert answer.json["summary"]["unplayed"] == [{"task": "odd", "seed": 0, "why": "odd cannot be played"}]
    assert answer.json["summary"]["complete"] is False
    assert "odd #0 was not played: odd cannot be played" in answer.err


def test_ctrl_c_keeps_what_was_measured_and_the_same_words_go_on(cli, toys, tmp_path, monkeypatch):
    told = evaluating_desktops._Telling.__call__

    def stop_after_two(self, done, of, outcome):
        told(self, done, of, outcome)
        if done == 2:
            os.kill(os.getpid(), signal.SIGINT)

    words = ("eval", "miniwob", "--out", str(tmp_path / "out"), "--json")
    with monkeypatch.context() as patched:
        patched.setattr(evaluating_desktops._Telling, "__call__", stop_after_two)
        stopped = cli(*words)
    assert (stopped.code, stopped.json["summary"]["complete"], len(stopped.json["rows"])) == (3, False, 2)
    assert "stopped; 2 of 5 episodes were measured and are kept" in stopped.err
    whole = cli(*words)
    assert (whole.code, len(whole.json["rows"])) == (0, 5)
    assert len(toy_suite.played()) == 5


def test_another_model_does_not_add_to_the_same_results(cli, toys, tmp_path):
    out = str(tmp_path / "out")
    assert cli("eval", "miniwob", "--tasks", "easy", "--out", out).code == 0
    other = cli("eval", "miniwob", "--tasks", "easy", "--max-steps", "7", "--out", out)
    assert (other.code, other.out, len(other.lines)) == (2, "", 1)
    assert "played with another max_steps (30, now 7)" in other.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["miniwob", "--tasks", "easy,harder"], 2, "there is no task “harder” in toy; there are easy, even"),
        (["miniwob", "--exemplars", "some"], 2, "“some” is no number of exemplars"),
        (["miniwob", "--lend", "half"], 2, "there is no way to lend “half”; there are whole, steps"),
        (["miniwob", "--workflows", "maybe"], 2, "there is no switch for workflows “maybe”; there are off, on"),
        (["miniwob", "--memory", "round"], 2, "there is no kind of memory “round”"),
        (["miniwob", "--demonstrations", "2"], 2, "no condition lends the demonstrations; add --exemplars 1"),
        (["miniwob", "--demonstrations", "2", "--exemplars", "1", "--seed", "1000000"], 2, "choose a smaller --seed"),
        (["miniwob", "--demonstrations", "2", "--exemplars", "1"], 2, "toy has no solver"),
        (["miniwob", "--model", "nobody"], 4, "there is no model “nobody” here"),
        (["miniwob", "easy"], 2, "“easy” is one word too many"),
        (["compare", "one"], 2, "name two evaluations"),
        (["compare", "one", "two"], 2, "there is no evaluation in"),
        (["compare", "one", "two", "--parallel", "2"], 2, "--parallel is for playing"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(cli, toys, words, code, said):
    answer = cli("eval", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err.splitlines()[-1]
    assert toy_suite.played() == []


@pytest.mark.slow
@pytest.mark.skipif(find_spec("miniwob") is None, reason="the package miniwob is not installed")
@pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed")
def test_the_agent_itself_is_measured_on_real_pages_with_what_was_demonstrated_and_without(cli, tmp_path):
    words = ("eval", "miniwob", "--tasks", "click-test,enter-text", "--seed", "1", "--max-steps", "10")
    lent = ("--exemplars", "0,1", "--demonstrations", "1", "--out", str(tmp_path / "out"), "--parallel", "2", "--json")
    answer = cli(*words, *lent)
    assert answer.code == 0, answer.err
    rows = {(row["task"], row["exemplars"]): row for row in answer.json["rows"]}
    assert len(rows) == 4
    assert rows["click-test", 0]["success"] == 1.0
    assert rows["enter-text", 1]["tokens"] != rows["enter-text", 0]["tokens"], "what is lent changes the prompts"
    assert "2 demonstrations of 2 of 2 tasks" in answer.err
    assert json.loads((tmp_path / "out" / "demonstrations" / "demonstrations.json").read_text()).keys() == {
        "click-test",
        "enter-text",
    }
