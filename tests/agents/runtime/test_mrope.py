"""Models of the Qwen-VL family count a picture's positions otherwise than its tokens; reuse must not mix the two up."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from agents.runtime.llama.brake import Brake
from agents.runtime.llama.engine import Engine
from agents.runtime.llama.eye import Patch
from agents.runtime.ports import Asking

WORD = "root ::= [a-z]{12}"
PLAIN = Path(__file__).with_name("plain_llama.py")


@pytest.fixture(scope="module")
def pair(gguf_files, talking, tmp_path_factory):
    return gguf_files.write_mrope_pair(talking.TINY / "lm.gguf", tmp_path_factory.mktemp("mrope"))


@pytest.fixture
def engine(pair, talking):
    engine = Engine(talking.load(*pair), Brake())
    yield engine
    engine.close()


def _logits(engine, prompt, *, afresh):
    """What the model thinks at the end of a prompt, and what that cost."""
    if afresh:
        engine._evaluated.forget()
    timings = engine.ask(prompt, Asking(max_tokens=1), lambda piece: None).timings
    return engine._logits().copy(), timings


def test_a_picture_takes_fewer_positions_than_tokens(engine, talking):
    with engine._eye.request():
        patches = [unit for unit in engine._eye.units(talking.noise(280, 140)) if isinstance(unit, Patch)]
    assert [(patch.tokens, patch.positions) for patch in patches] == [(50, 10)]


@pytest.mark.parametrize("before", [("look", "click red"), ("click gray",)])
def test_reused_pictures_and_positions_give_what_a_full_evaluation_gives(engine, talking, before):
    picture, other = talking.noise(280, 140, 1), talking.noise(140, 280, 2)
    prompt = talking.user("look", picture, "and", other, "click blue")
    _logits(engine, talking.user(before[0], picture, *before[1:]), afresh=True)
    reusing, cheap = _logits(engine, prompt, afresh=False)
    full, dear = _logits(engine, prompt, afresh=True)
    assert cheap.images_encoded == 1
    assert dear.reused_tokens == 0 < cheap.reused_tokens
    assert np.allclose(reusing, full, atol=2e-2)
    assert reusing.argmax() == full.argmax()


def test_answers_are_those_of_plain_llama_cpp(engine, pair, talking, tmp_path):
    questions, answers = [], []
    for number in range(8):
        pixels = np.random.default_rng(number).integers(0, 256, (140, 280, 3), dtype=np.uint8)
        PillowImage.fromarray(pixels).save(tmp_path / f"{number}.png")
        questions.append((f"{number}.png", f"click {number}"))
        prompt = talking.user(talking.image(pixels), questions[-1][1])
        answers.append(engine.ask(prompt, Asking(grammar=WORD, max_tokens=16), lambda piece: None).text)
    (tmp_path / "questions.json").write_text(json.dumps(questions))
    done = subprocess.run(
        [sys.executable, str(PLAIN), str(tmp_path), str(pair[0].parent), WORD], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(set(answers)) > 1
    assert answers == json.loads((tmp_path / "answers.json").read_text())
