"""Batches are only a faster way to the same numbers, and training goes on where it was left."""

from dataclasses import replace

import pytest
import torch

from agents.prompts.choosing import ClickIt, Situation
from agents.screen.listing import ElementList, Line, numbered


@pytest.fixture(scope="module")
def screens(tokeniser):
    from builtin_model.case import Case, Span, Supervision
    from builtin_model.packing import Encoder

    found = []
    for size in (2, 3, 5):
        shown = ElementList("shop", "page", numbered([Line("", "button", f"save {n}") for n in range(size)]))
        cases = [
            Case(
                Situation(shown, f"click save {n}" + " now" * n),
                ClickIt(f"e{n + 1}"),
                "exact",
                Supervision(Span("task", 6, 12)),
            )
            for n in range(size)
        ]
        found.append(Encoder(tokeniser).screen(shown, cases))
    return found


def test_a_question_is_answered_alike_in_a_batch_and_alone(network, screens):
    from builtin_model.packing import packed

    with torch.no_grad():
        together = network.run(packed(screens, guided=False))[0]
        alone = [
            network.run(packed([replace(screen, questions=(question,))], guided=False))[0]
            for screen in screens
            for question in screen.questions
        ]
    torch.testing.assert_close(together, torch.cat(alone), atol=2e-4, rtol=1e-3)


def test_what_stands_behind_a_token_does_not_change_it(network, screens):
    from builtin_model.packing import packed

    screen = screens[0]
    (first, *_) = screen.questions
    longer = replace(first, answer=(*first.answer, *first.answer))
    with torch.no_grad():
        short = network.run(packed([replace(screen, questions=(first,))], guided=False))[0]
        long = network.run(packed([replace(screen, questions=(longer,))], guided=False))[0]
    torch.testing.assert_close(long[: len(short)], short, atol=2e-4, rtol=1e-3)


def test_gradients_are_those_of_numbers_moved_a_little(network, screens):
    from builtin_model.packing import packed

    batch = packed(screens)
    weight = network.tensor("blk.1.attn_v.weight")

    def loss():
        logits, guidance = network.run(batch)
        return torch.nn.functional.cross_entropy(logits, batch.targets) + guidance.element + guidance.gathered

    (gradient,) = torch.autograd.grad(loss(), [weight])
    direction = gradient / gradient.norm()
    with torch.no_grad():
        weight += 0.01 * direction
        higher = loss()
        weight -= 0.02 * direction
        lower = loss()
        weight += 0.01 * direction
    assert float((higher - lower) / 0.02) == pytest.approx(float(gradient.norm()), rel=0.03)


def test_guidance_points_at_the_element_and_gathers_names_and_mentions(screens, tokeniser):
    from builtin_model.packing import packed

    batch = packed(screens)
    questions = sum(len(screen.questions) for screen in screens)
    lines = sum(len(screen.names) for screen in screens)
    assert [len(each) for each in (batch.guides.elements, batch.guides.mentions, batch.guides.names)] == [
        2 * questions,
        2 * questions,
        lines,
    ]
    first = screens[0]
    assert tokeniser.tokens[first.tokens[first.questions[1].element]].factors[0] == "e2"


def test_a_run_learns_and_goes_on_where_it_was_left(tmp_path, monkeypatch, one_thread):
    from builtin_model import training
    from builtin_model.stored import Run

    small = replace(training.RECIPES["tiny"], text_screens=20, block_screens=4, per_screen=4, merges=100)
    monkeypatch.setitem(training.RECIPES, "tiny", small)
    monkeypatch.setattr(training, "REPORT_EVERY", 4)
    monkeypatch.setattr(training, "LOOK_EVERY", 1)
    run = Run(tmp_path / "run")
    started = training.Training(run, resume=False, recipe="tiny", seed=4, device="cpu")
    started.learn(training.Budget(0, steps=8), workers=1, evaluations=0)
    again = training.Training(run, resume=True, recipe="tiny", seed=4, device="cpu")
    assert (again.progress.step, again.progress.tasks) == (8, started.progress.tasks)
    torch.testing.assert_close(again.network.state_dict(), started.network.state_dict())
    again.learn(training.Budget(0, steps=16), workers=1, evaluations=0)
    losses = [row["loss"] for row in map(training.msgspec.json.decode, run.log.read_bytes().splitlines())]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert run.curve.read_text(encoding="utf-8").count("<polyline") >= 3
    assert run.state()["progress"]["step"] == 16
