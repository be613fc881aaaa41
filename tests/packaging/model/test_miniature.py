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
    from agents.grounding.weighing import Asker
    from agents.prompts.choosing import BUILT_IN
    from agents.runtime.local import LocalModel
    from agents.runtime.messages import Load
    from builtin_model.data.testing import held_out
    from builtin_model.exporting import export
    from builtin_model.network import Network
    from builtin_model.questions import of_cases
    from builtin_model.stored import Run
    from builtin_model.tokens import Tokeniser

    described = Run(folder).described()
    tokeniser = Tokeniser(described.merges)
    file = tmp_path / "untrained.gguf"
    export(Network(described.shape, tokeniser, seed=1), tokeniser, file, "f16")
    questions = [question for question in of_cases(held_out(4242, 5, fewest=5, most=30)) if question.aims]
    with LocalModel("untrained", Load(0, str(file), gpu_layers=0, threads=1)) as model:
        asker = Asker(model, BUILT_IN)
        return sum(question.hits(asker.said(question.situation).choice) for question in questions) / len(questions)


def test_one_command_goes_from_data_to_a_card_with_figures(root, tmp_path):
    from builtin_model.stored import Run

    folder = tmp_path / "run"
    _built(root, folder, "--steps", "6", "--evaluations", "1", PARITY="1", PER_KIND="1", EPISODES="1", THREADS="1")
    figures = _figures(folder)
    assert {row.name for part in figures.parts for row in part.kinds} > {"exact", "none", "chromium"}
    assert figures.following.with_one.of == 1
    assert Run(folder).state()["progress"]["step"] == 6
    parity = msgspec.json.decode((folder / "parity.json").read_bytes())
    assert parity["other_tokens"] == 0
    card = (folder / "card" / "built-in-model.md").read_text(encoding="utf-8")
    assert f"{figures.bytes / 1e6:.1f} MB" in card
    assert "| exact |" in card
    assert (folder / "card" / "pictures" / "built-in-model-training.svg").read_text().startswith("<svg")


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
