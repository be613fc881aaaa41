"""By whom an evaluation is played: another program, model or library is told from the one before."""

from pathlib import Path

import pytest

from agents.evaluation.harness import identity
from agents.evaluation.harness.identity import Identity, code_digest
from agents.evaluation.harness.results import Results
from agents.evaluation.suites import Limits
from agents.runtime.models import built_in
from agents.session.messages import Minds
from workbench.errors import BadInputError


@pytest.fixture
def program(tmp_path, monkeypatch) -> Path:
    """A program of two files, in the place of this one."""
    root = tmp_path / "program"
    for name in ("agents/thinking.py", "workbench/words.txt", "agents/__pycache__/thinking.pyc", "elsewhere/notes.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name, "utf-8")
    monkeypatch.setattr(identity, "_ROOT", root)
    return root


@pytest.mark.parametrize("name", ["agents/thinking.py", "workbench/words.txt", "ui/added.py"])
def test_a_program_whose_files_were_changed_is_another_one(program, name):
    before = code_digest()
    (program / name).parent.mkdir(exist_ok=True)
    (program / name).write_text("changed", "utf-8")
    assert code_digest() != before


def test_a_file_that_was_moved_makes_another_program(program):
    before = code_digest()
    (program / "agents/thinking.py").rename(program / "agents/doing.py")
    assert code_digest() != before


@pytest.mark.parametrize("name", ["agents/__pycache__/thinking.pyc", "elsewhere/notes.py"])
def test_what_is_no_part_of_the_program_makes_no_difference(program, name):
    before = code_digest()
    (program / name).write_text("changed", "utf-8")
    assert code_digest() == before == code_digest()


def test_results_of_other_code_are_refused_in_one_line(program, tmp_path):
    def now() -> Identity:
        return Identity.of("toy", Minds(str(tmp_path), built_in.NAME), limits=Limits(), lent="nothing")

    first = now()
    Results.begin(tmp_path / "out", first.plain()).close()
    (program / "agents/thinking.py").write_text("thinks otherwise", "utf-8")
    assert now().name != first.name
    with pytest.raises(BadInputError, match=r"played with another code \(\w{16}, now \w{16}\).*another --out") as error:
        Results.begin(tmp_path / "out", now().plain())
    assert "\n" not in str(error.value)
