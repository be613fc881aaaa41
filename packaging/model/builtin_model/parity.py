"""Proof that llama.cpp answers as PyTorch does: `python -m builtin_model.parity RUN`.

Held-out prompts go through the product's own path (choosing prompt, grammar, worker process, f16 file) and, as tokens,
through the network in 32 bits, the likeliest token each time. Told are the share of equal answers, how many prompts
have other tokens in llama.cpp, and what a decision takes.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import torch

from agents.prompts.choosing import BUILT_IN, choosing, choosing_prompt
from agents.prompts.folding import folded
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from builtin_model.case import Case
from builtin_model.exporting import export
from builtin_model.network import Network
from builtin_model.packing import Encoder, Question, Screen, answer_text, packed
from builtin_model.stored import Run
from builtin_model.tokens import Tokeniser

LONGEST_ANSWER = 48


@dataclass(frozen=True)
class Parity:
    """What was compared, shares from 0 to 1. `right` is how many of llama.cpp's answers are exactly what was asked.

    `other_tokens` counts the prompts that have another number of tokens in the product than in training.
    """

    prompts: int
    equal: float
    right: float
    other_tokens: int
    prompt_tokens: float
    prompt_ms: float
    answer_tokens: float
    answer_ms: float
    decision_ms: float


def compared(network: Network, tokeniser: Tokeniser, model: LocalModel, cases: Iterable[Case]) -> Parity:
    """Ask both about every case; the model must be the export of the network. Raises as `LocalModel.ask` does."""
    encoder, asking = Encoder(tokeniser), choosing()
    rows: list[tuple[float, ...]] = []
    for case in cases:
        screen = encoder.screen(case.situation.shown_list, [case])
        prompt = choosing_prompt(case.situation, BUILT_IN)
        began = time.monotonic()
        answer = model.ask(prompt, asking)
        took_ms = (time.monotonic() - began) * 1000
        expected = greedy(network, tokeniser, screen)
        times = answer.timings
        size = len(screen.tokens) + len(screen.questions[0].prompt)
        rows.append(
            (
                answer.text == expected,
                _same(answer.text, answer_text(case.answer)),
                times.prompt_tokens != size,
                times.prompt_tokens,
                times.prompt_ms,
                times.answer_tokens,
                times.answer_ms,
                took_ms,
            )
        )
    return _summed(rows)


def greedy(network: Network, tokeniser: Tokeniser, screen: Screen) -> str:
    """The network's likeliest answer to the screen's only question."""
    (question,) = screen.questions
    found: list[int] = []
    with torch.no_grad():
        while len(found) < LONGEST_ANSWER:
            asked = Question((*question.prompt, *found), (tokeniser.end,), question.kind)
            batch = packed([Screen(screen.tokens, (), (asked,))], guided=False)
            token = int(network.run(batch)[0][-1].argmax())
            if token == tokeniser.end:
                break
            found.append(token)
    return tokeniser.decode(found)


def _same(said: str, wanted: str) -> bool:
    return folded(said.replace('" ', '"')) == folded(wanted.replace('" ', '"'))


def _summed(rows: Sequence[tuple[float, ...]]) -> Parity:
    columns = [sum(column) for column in zip(*rows, strict=True)]
    count = len(rows)
    means = [column / count for column in columns]
    return Parity(count, means[0], means[1], int(columns[2]), *(round(mean, 2) for mean in means[3:]))


def table(found: Parity) -> str:
    """The figures, one per line."""
    lines = [f"{name.replace('_', ' '):>14}  {value:g}" for name, value in asdict(found).items()]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Compare as the command line says; ends with 1 where parity is below the goal."""
    parser = argparse.ArgumentParser("builtin_model.parity", description="Compare llama.cpp with PyTorch.")
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("--per-kind", type=int, default=25)
    parser.add_argument("--goal", type=float, default=0.99, help="share of equal answers")
    asked = parser.parse_args(arguments)
    from builtin_model.data.testing import held_out

    network, tokeniser = Run(asked.run).network()
    file = asked.run / "workbench-builtin-f16.gguf"
    export(network, tokeniser, file, "f16")
    cases = held_out(4242, asked.per_kind, fewest=5, most=30)
    with LocalModel("built-in", Load(0, str(file), threads=1)) as model:
        found = compared(network, tokeniser, model, cases)
    (asked.run / "parity.json").write_bytes(msgspec.json.encode(found))
    print(table(found))  # noqa: T201 - a recipe says what it found
    return 0 if found.equal >= asked.goal and not found.other_tokens else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
