"""Running benchmarks and judging their figures."""

import os

import pytest

from workbench import bench
from workbench.bench import Figure
from workbench.errors import BadInputError, UnavailableError, WorkbenchError


@pytest.mark.parametrize(
    ("value", "goal", "met"),
    [
        (5.0, "<= 5", True),
        (5.1, "≤ 5 ms", False),
        (20.0, ">= 20", True),
        (19.0, "≥ 20x", False),
        (0.0, "= 0", True),
        (1.0, "0", None),
        (1.0, 3.0, None),
        (1.0, None, None),
    ],
)
def test_a_goal_with_a_direction_is_met_or_missed(value, goal, met):
    assert Figure("name", value, goal=goal).met is met


def test_a_benchmark_is_measured_in_a_process_of_its_own(tmp_path, capfd):
    path = tmp_path / "sample.py"
    path.write_text(
        "import os\ndef measure():\n    print('noise')\n    return [{'name': 'pid', 'value': os.getpid()}]\n"
    )
    (figure,) = bench.measure(path)
    assert figure.name == "pid"
    assert figure.value != os.getpid()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def measure():\n    raise RuntimeError('no screen')\n", "no screen"),
        ("", "measure"),
        ("def measure():\n    return [{'value': 1}]\n", "name"),
    ],
)
def test_a_benchmark_that_fails_is_an_error_with_its_last_words(text, says, tmp_path):
    path = tmp_path / "sample.py"
    path.write_text(text)
    with pytest.raises(WorkbenchError, match=says):
        bench.measure(path)


def test_a_benchmark_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(BadInputError, match="starting"):
        bench.choose(["nothing"])


def test_without_the_source_there_is_nothing_to_measure(monkeypatch, tmp_path):
    monkeypatch.setattr(bench, "__file__", str(tmp_path / "workbench" / "bench.py"))
    with pytest.raises(UnavailableError, match="checkout"):
        bench.available()
