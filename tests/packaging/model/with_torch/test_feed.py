"""The processes that make data keep the order of their blocks, and end with the training they work for."""

import os
import subprocess
import sys
from pathlib import Path

from builtin_model.feed import Block, Feed, batches
from builtin_model.packing import Encoder

ROOT = Path(__file__).resolve().parents[4]
ORDER = Block(seed=3, split="train", screens=3, per_screen=2, batch_tokens=400)

FEEDING = """
import os
from builtin_model.feed import Block, Feed

if __name__ == "__main__":
    with Feed(Block(3, "train", 2, 2, 400), (), workers=1) as feed:
        next(iter(feed))
        print("fed", flush=True)
        os.read(0, 1)
"""


def test_batches_come_in_the_order_of_their_blocks_however_many_processes_make_them(tokeniser):
    encoder = Encoder(tokeniser)
    with Feed(ORDER, tokeniser.merges, workers=2) as feed:
        stream = iter(feed)
        expected = [batch for number in range(3) for batch in batches(feed.numbered(number), encoder)]
        assert [next(stream) for _ in expected] == expected
        assert feed.block == 3


def test_lists_above_the_limit_are_left_out_and_no_batch_is_larger_than_ordered(tokeniser):
    encoder = Encoder(tokeniser)
    found = batches(Block(3, "train", 60, 2, 900, longest=160), encoder)
    sizes = [len(screen.tokens) for batch in found for screen in batch]
    assert sizes
    assert max(sizes) <= 160
    assert all(sum(screen.size for screen in batch) <= 900 or len(batch) == 1 for batch in found)


def test_a_process_that_makes_data_ends_when_the_training_is_killed(tmp_path):
    script = tmp_path / "feeding.py"
    script.write_text(FEEDING)
    path = os.pathsep.join([str(ROOT / "packaging" / "model"), str(ROOT)])
    # every process of the training holds its error stream open, so it is at its end when all are gone
    training = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert training.stdout.readline() == b"fed\n"
    training.kill()
    training.communicate(timeout=60)
