"""What `workbench-cli run` refuses before it starts anything, in one line each."""

import os
import sys

import pytest

SOMEWHERE = ("--private-desktop", "320x200")


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_MODELS", str(tmp_path / "models"))


def _refused(answer, code: int, *said: str) -> None:
    assert (answer.code, answer.out) == (code, "")
    assert len(answer.lines) == 1
    assert all(words in answer.err for words in said), answer.err


@pytest.mark.parametrize("name", ["", " ", "a b", "../x"])
def test_a_name_that_no_model_has_is_refused_and_no_other_model_taken_instead(cli, name):
    _refused(cli("run", "press 7", "--model", name, *SOMEWHERE), 4, f"no model “{name}”")


def test_a_task_and_a_run_to_go_on_with_exclude_each_other(cli):
    _refused(cli("run", "press 7", "--resume", "r1", *SOMEWHERE), 2, "leave the task out")


def test_a_run_has_a_task_or_goes_on_with_another(cli):
    _refused(cli("run", *SOMEWHERE), 2, "say what is to be done")
    _refused(cli("run", "--resume", "", *SOMEWHERE), 2, "say what is to be done")


def test_a_report_that_could_not_be_written_is_refused_before_the_run(cli, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    for folder in (file, file / "below"):
        _refused(cli("run", "press 7", *SOMEWHERE, "--report", str(folder)), 4, str(folder), "another folder")
    assert file.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are Unicode there")
def test_a_task_that_is_no_unicode_is_refused_and_not_waited_for(process):
    _refused(process("run", os.fsdecode(b"press \xff"), *SOMEWHERE), 2, "Unicode")
