"""The tiny model really looks at screens, and the worker changes nothing about what it says."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
TINY = HERE.parents[1] / "data" / "tiny_vlm"
SCREENS = 150
SEED = 20_417


def _plain_answers(folder: Path, grammar: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(HERE / "plain_llama.py"), str(folder), str(TINY), grammar],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "answers.json").read_text())


def test_the_worker_answers_as_plain_llama_cpp_does_and_finds_the_buttons(loaded, screens, talking, tmp_path):
    random = screens.Random(SEED)
    questions, answers, hits = [], [], []
    for number in range(SCREENS):
        picture, buttons = screens.draw(random)
        picture.save(tmp_path / f"{number}.png")
        wanted = random.choice(buttons)
        questions.append((f"{number}.png", f"click {wanted.colour}"))
        prompt = talking.user(talking.image(np.asarray(picture)), questions[-1][1])
        reply = loaded.ask(prompt, grammar=screens.GRAMMAR)
        answers.append(reply.answer.text)
        point = json.loads(reply.answer.text)
        hits.append(wanted.hit(point["x"], point["y"]))
    (tmp_path / "questions.json").write_text(json.dumps(questions))
    assert answers == _plain_answers(tmp_path, screens.GRAMMAR)
    assert sum(hits) / SCREENS >= 0.75
