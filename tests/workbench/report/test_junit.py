"""Results for build servers."""

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UnavailableError
from workbench.events import Event, RunEnded
from workbench.report.document import ReplayDocument, document_of
from workbench.report.junit import write_junit


def test_every_step_is_a_case_and_the_halt_a_failure(halted_run: list[Event], tmp_path: Path) -> None:
    suite = _suite(write_junit([document_of(halted_run)], tmp_path / "new" / "results.xml"))
    assert [case.get("name") for case in suite.findall("testcase")] == [
        "001 click the button “Save” in Mousepad",
        "002 type “hello” into the field “Name” in Mousepad",
        "003 click the button “Save” in Mousepad",
    ]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "0")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "it is called “Store” now"


def test_a_run_that_was_stopped_between_steps_is_a_failure(finished_run: list[Event], tmp_path: Path) -> None:
    stopped = [*finished_run[:-1], RunEnded(outcome="stopped", reason="the emergency stop", exit_code=3)]
    suite = _suite(write_junit([document_of(stopped)], tmp_path / "results.xml"))
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")


def test_the_rows_of_a_data_file_are_the_cases(
    finished_run: list[Event], halted_run: list[Event], tmp_path: Path
) -> None:
    suite = _suite(write_junit([document_of(finished_run), document_of(halted_run)], tmp_path / "results.xml"))
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == ["row 1", "row 2"]
    assert [case.find("failure") is not None for case in cases] == [False, True]


def test_a_file_that_cannot_be_written_is_said_in_a_line(finished_run: list[Event], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="choose another path"):
        write_junit([document_of(finished_run)], tmp_path / "file" / "results.xml")


@given(text=st.text())
def test_any_text_makes_valid_xml(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    document = ReplayDocument("failed", text, None, "run-1", (), 1.0, None, text)
    path = write_junit([document], tmp_path_factory.getbasetemp() / "any.xml")
    assert _suite(path).get("tests") == "1"


def test_a_dry_run_is_skipped_steps(finished_run: list[Event], tmp_path: Path) -> None:
    document = document_of(finished_run)
    dry = msgspec.structs.replace(
        document, steps=tuple(msgspec.structs.replace(step, status="would-do") for step in document.steps)
    )
    assert _suite(write_junit([dry], tmp_path / "results.xml")).get("skipped") == "2"


def _suite(path: Path) -> ET.Element:
    suite = ET.parse(path).getroot().find("testsuite")
    assert suite is not None
    return suite
