"""The whole recipe in small: data, training, export, parity, evaluation and card, by the one command there is."""

import os
import subprocess
import sys

import msgspec
import pytest

pytest.importorskip("torch", reason="the recipe needs PyTorch: pip install -e .[train]")

CHANCE = 0.12
"""Who picks one of 5 to 30 lines blindly is right less often."""

MARGIN = 0.25
"""By so much a miniature is better than chance and than the network before it was trained."""


def _built(root, folder, *options, **environment):
    known = {**os.environ, "PYTHON": sys.executable, **environment}
    command = [root / "packaging" / "model" / "build", "tiny", folder, *options]
    subprocess.run(command, check=True, cwd=root, env=known, stdout=subprocess.DEVNULL)


def _figures(folder):
    from builtin_model.evaluation import Figures

    return msgspec.json.decode((folder / "figures.json").read_bytes(), type=Figures)


def _untrained(folder, tmp_path):
    """How often the same network chooses the right element before it has learned anything."""
    from builtin_model.data.testing import held_out
    from builtin_model.exporting import export
    from builtin_model.network import Network
    from builtin_model.questions import of_cases
    from builtin_model.stored import Run
    from builtin_model.tokens import Tokeniser

    from agents.grounding.weighing import Asker
    from agents.prompts.choosing import BUILT_IN
    from agents.runtime.local import LocalModel
    from agents.runtime.messages import Load

    described = Run(folder).described()
    tokeniser = Tokeniser(described.merges)
    file = tmp_path / "untrained.gguf"
    export(Network(described.shape, tokeniser, seed=1), tokeniser, file, "f16")
    questions = [question for question in of_cases(held_out(4242, 5, fewest=5, most=30)) if question.aims]
    with LocalModel("untrained", Load(0, str(file), gpu_layers=0, threads=1)) as model:
        asker = Asker(model, BUILT_IN)
        return sum(question.hits(asker.said(question.situation).choice) for question in questions) / len(questions)


def _made_up(file_bytes):
    """Figures of an evaluation in which two ways answer two questions of every kind."""
    from builtin_model.case import KINDS
    from builtin_model.composites import Following
    from builtin_model.evaluation import LENGTHS, REAL, WAYS, Figures, Goal, Speed
    from builtin_model.figures import part, share
    from builtin_model.questions import Question

    from agents.prompts.choosing import ClickIt, NoneFits, Situation
    from agents.screen.listing import ElementList, Line, numbered

    shown = ElementList("shop", "Page", numbered([Line("", "button", "Save")]))
    right = {kind: (NoneFits() if kind.startswith("none") else ClickIt("e1"),) for kind in KINDS}
    asked = [Question(Situation(shown, "save"), kind, right[kind]) for kind in KINDS for _ in range(2)]
    said = {way: [ClickIt("e1") if way == "together" else NoneFits() for _ in asked] for way in WAYS}
    half = share([True, False])
    following = Following(half, share([True, True]), half, half)
    goals = [Goal("element", 0.4, half), Goal("called absent", 0.03, half, most=True)]
    parts = [part(name, asked, said) for name in (*LENGTHS, REAL)]
    return Figures("x.gguf", file_bytes, parts, goals, Speed(2, 30.0, 5.0, 400, 9, 2, 80.0), following)


def test_the_card_is_filled_between_its_markers_and_nowhere_else(root):
    from builtin_model.report import Trained, sections_of, written

    card = (root / "docs" / "built-in-model.md").read_text(encoding="utf-8")
    made = Trained("tiny", 1, 60, 1234, 90.0, 400_000)
    sections = sections_of(_made_up(4_321_000), made, {"equal": 0.995, "prompts": 550, "other_tokens": 0})
    once = written(card, sections)
    assert "| 4.3 MB |" in once
    assert "| exact | 2 |" in once
    assert "reached" in once
    assert "**missed**" in once
    assert written(once, sections) == once
    bare = dict.fromkeys(sections, "")
    assert written(once, bare) == written(card, bare)


def test_a_card_without_a_place_for_a_section_is_refused():
    from builtin_model.report import written

    with pytest.raises(ValueError, match="no place for speed"):
        written("# nothing", {"speed": "fast"})


@pytest.mark.slow
@pytest.mark.training
def test_ten_minutes_of_training_teach_something_that_llama_cpp_repeats(root, tmp_path):
    folder = tmp_path / "run"
    _built(root, folder, "--threads", "2", PER_KIND="20", EPISODES="0")
    parity = msgspec.json.decode((folder / "parity.json").read_bytes())
    assert parity["equal"] >= 0.99
    learned = next(part for part in _figures(folder).parts if part.name.startswith("5 to 30")).all.element["model"]
    assert learned.low > CHANCE + MARGIN
    assert learned.low > _untrained(folder, tmp_path) + MARGIN
