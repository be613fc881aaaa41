"""Training: `python -m builtin_model.training cpu|gpu|tiny RUN`, which goes on where RUN was left with `--resume`.

Matrices learn by Muon (Jordan et al. 2024), everything else by AdamW, after a short warm-up at full speed and over the
last third of the budget ever slower (warm-up, stable, decay: arXiv 2404.06395). Beside the answer two heads are taught
where to look: see `network.Guidance`. Everything is drawn from the seed; with a budget in steps two runs are alike.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it
from torch import Tensor

from agents.prompts.choosing import BUILT_IN, question_text, screen_text
from builtin_model.curve import drawn
from builtin_model.feed import NO_LIMIT, Block, Feed, batches
from builtin_model.network import Network
from builtin_model.packing import Encoder, Screen, packed
from builtin_model.recipes import RECIPES, Recipe
from builtin_model.sighted import Lesson, MixedFeed
from builtin_model.stored import Described, Run
from builtin_model.tokens import learned_tokeniser

DECAY = 0.35
"""The last part of the budget, over which the steps become small."""

GROWTH = 0.12
"""The first part of the budget, over which lists grow to their full length."""

SHORTEST = 90
"""Tokens of the longest list at the very beginning."""

WARM_UP_STEPS = 40
SAVE_EVERY_S = 60.0
REPORT_EVERY = 25
LOOK_EVERY = 5
PART_WEIGHTS = (1.0, 2.0, 1.0)
GUIDANCE_WEIGHT = 0.5
HIGHEST_GRADIENT = 2.0


@dataclass(frozen=True)
class Budget:
    """How long to train: until `seconds` of training have passed, or for `steps` where that is set."""

    seconds: float
    steps: int = 0

    def used(self, progress: "Progress") -> float:
        """How much of it is gone, from 0 to 1."""
        return min(1.0, progress.step / self.steps if self.steps else progress.seconds / self.seconds)


@dataclass
class Progress:
    """How far a run has come; `block` is the next block of lists, `pictures` the next batch of pictures."""

    step: int = 0
    tasks: int = 0
    seconds: float = 0.0
    block: int = 0
    pictures: int = 0


class _Tally:
    """Values since the last report."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = {}

    def add(self, **values: float) -> None:
        for name, value in values.items():
            self._values.setdefault(name, []).append(value)

    def means(self) -> dict[str, float]:
        return {name: round(sum(values) / len(values), 4) for name, values in self._values.items()}


class Training:
    """One run: `learn` until the budget is used up, `evaluate` at any time."""

    def __init__(self, run: Run, *, resume: bool, recipe: str, seed: int, device: str) -> None:
        self.run = run
        self.recipe = RECIPES[recipe]
        self.device = torch.device(device)
        torch.manual_seed(seed)
        described = run.described() if resume else self._begun(recipe, seed)
        self._seed = described.seed
        self.tokeniser = described.tokeniser
        self.network = Network(described.shape, self.tokeniser, seed=seed, sight=described.sight).to(self.device)
        self.optimisers = _optimisers(self.network, self.recipe)
        self._rates = [optimiser.param_groups[0]["lr"] for optimiser in self.optimisers]
        self.progress = Progress()
        self._tally = _Tally()
        if resume:
            self._restore(run.state())

    def learn(self, budget: Budget, *, workers: int, evaluations: int = 6) -> None:
        """Train until the budget is used up, with that many evaluations on held-out cases on the way."""
        with self._feed(workers) as feed:
            feed.longest = self._longest(budget)
            due = _Due(budget.used(self.progress), evaluations)
            for lesson in feed:
                self._tally.add(waited=due.since_last())
                self._step(lesson, budget.used(self.progress))
                self.progress.seconds += due.passed()
                self.progress.block, feed.longest = feed.block, self._longest(budget)
                used = budget.used(self.progress)
                self._report()
                if due.evaluation(used):
                    self._log(self.evaluate())
                if due.saving() or used >= 1.0:
                    self.save()
                if used >= 1.0:
                    return
                due.go_on()

    def evaluate(self, screens: int = 48) -> dict[str, Any]:
        """Held-out cases with the right beginning of each answer given: exact answers, elements, by kind."""
        order = Block(77, "test", screens, 12, 4 * self.recipe.batch_tokens)
        made = batches(order, Encoder(self.tokeniser))
        right = [each for batch in made for each in self._right(batch)]
        kinds = sorted({kind for kind, _, _ in right})
        by_kind = {kind: _share([exact for one, exact, _ in right if one == kind]) for kind in kinds}
        elements = [element for _, _, element in right if element is not None]
        return {
            "held-out exact": _share([exact for _, exact, _ in right]),
            "held-out element": _share(elements),
            "kinds": by_kind,
        }

    def save(self) -> None:
        """Keep everything that is needed to go on, and draw the curve."""
        self.run.save(
            {
                "network": self.network.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
                "progress": vars(self.progress),
                "random": torch.get_rng_state(),
            }
        )
        if self.run.log.exists():
            self.run.curve.write_text(drawn(self.run.log.read_text(encoding="utf-8")), encoding="utf-8")

    def _begun(self, recipe: str, seed: int) -> Described:
        tokeniser = learned_tokeniser(self._texts(seed), self.recipe.merges)
        described = Described(recipe, seed, self.recipe.shape, tokeniser.merges, self.recipe.sight)
        self.run.describe(described)
        self.run.log.unlink(missing_ok=True)
        return described

    def _restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.progress = Progress(**state["progress"])
        torch.set_rng_state(state["random"])

    def _texts(self, seed: int) -> Iterator[str]:
        """What the vocabulary is learned from."""
        return texts(seed, self.recipe.text_screens)

    def _feed(self, workers: int) -> Feed | MixedFeed:
        """What is learned from."""
        return Feed(self._order(), self.tokeniser.merges, workers=workers, block=self.progress.block)

    def _order(self) -> Block:
        recipe = self.recipe
        return Block(self._seed, "train", recipe.block_screens, recipe.per_screen, recipe.batch_tokens)

    def _longest(self, budget: Budget) -> int:
        grown = budget.used(self.progress) / GROWTH
        return NO_LIMIT if grown >= 1 else int(SHORTEST + 400 * grown)

    def _step(self, lesson: Lesson, used: float) -> None:
        speed = _speed(self.progress.step, used)
        for optimiser, rate in zip(self.optimisers, self._rates, strict=True):
            optimiser.param_groups[0]["lr"] = rate * speed
        loss = self._lost(lesson, used)
        for optimiser in self.optimisers:
            optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), HIGHEST_GRADIENT)
        for optimiser in self.optimisers:
            optimiser.step()
        self.progress.step += 1

    @property
    def _looking(self) -> bool:
        """Whether this step's answers are looked at for the report."""
        return (self.progress.step + 1) % LOOK_EVERY == 0

    def _lost(self, lesson: Lesson, _used: float) -> Tensor:
        """The loss of a batch of lists, of which the report is told."""
        assert isinstance(lesson, list)
        batch = packed(lesson).on(self.device)
        tasks = sum(len(screen.questions) for screen in lesson)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            logits, guidance = self.network.run(batch)
        assert guidance is not None
        weights = torch.tensor(PART_WEIGHTS, device=self.device)[batch.parts]
        answered = (F.cross_entropy(logits, batch.targets, reduction="none") * weights).sum() / tasks
        self.progress.tasks += tasks
        if self._looking:
            right = _answered(logits.argmax(-1) == batch.targets, batch.parts, batch.owners)
            self._tally.add(**right, loss=float(answered.detach()))
            self._tally.add(pointing=float(guidance.element.detach()), gathering=float(guidance.gathered.detach()))
        return answered + GUIDANCE_WEIGHT * (guidance.element + guidance.copied + guidance.gathered)

    def _report(self) -> None:
        if self.progress.step % REPORT_EVERY == 0:
            self._log({**self._tally.means(), "tasks/s": round(self.progress.tasks / self.progress.seconds, 1)})
            self._tally = _Tally()

    def _log(self, values: dict[str, Any]) -> None:
        place = self.progress
        row = {"step": place.step, "tasks": place.tasks, "seconds": round(place.seconds, 1), **values}
        with self.run.log.open("ab") as log:
            log.write(msgspec.json.encode(row) + b"\n")
        print(msgspec.json.encode(row).decode(), flush=True)  # noqa: T201 - a recipe says how far it is

    def _right(self, screens: Sequence[Screen]) -> Iterator[tuple[str, bool, bool | None]]:
        """By question: its kind, whether its answer is exact, and whether the element is right, if it has one."""
        batch = packed(screens, guided=False).on(self.device)
        with torch.no_grad(), torch.autocast(self.device.type, dtype=torch.bfloat16):
            found = self.network.run(batch)[0].argmax(-1) == batch.targets
        questions = [question for screen in screens for question in screen.questions]
        exact = torch.ones(len(questions), dtype=torch.bool, device=self.device)
        exact[batch.owners[~found]] = False
        chosen = dict(zip(batch.owners[batch.parts == 1].tolist(), found[batch.parts == 1].tolist(), strict=True))
        begun = dict(zip(batch.owners[batch.parts == 0].tolist(), found[batch.parts == 0].tolist(), strict=True))
        for number, question in enumerate(questions):
            element = chosen[number] and begun[number] if number in chosen else None
            yield question.kind, bool(exact[number]), element


class _Due:
    """What is due when, and how much time training took; evaluating and saving take none of the budget."""

    def __init__(self, used: float, evaluations: int) -> None:
        self._evaluations = evaluations
        self._next = int(used * evaluations) + 1
        self._saved = self._began = time.monotonic()

    def since_last(self) -> float:
        """Seconds since training went on."""
        return time.monotonic() - self._began

    def passed(self) -> float:
        """The same, and training is about to do something else."""
        passed = self.since_last()
        self._began = time.monotonic()
        return passed

    def go_on(self) -> None:
        """Training goes on."""
        self._began = time.monotonic()

    def evaluation(self, used: float) -> bool:
        """Whether the next evaluation is due."""
        due = used * self._evaluations >= self._next
        self._next += due
        return due

    def saving(self) -> bool:
        """Whether the last saving is long enough ago."""
        due = time.monotonic() - self._saved >= SAVE_EVERY_S
        if due:
            self._saved = time.monotonic()
        return due


def texts(seed: int, screens: int) -> Iterator[str]:
    """What the model will read, to learn merges from."""
    from builtin_model.data.cases import cases

    for shown, asked in cases(seed + 500, "train", screens=screens, per_screen=6):
        yield screen_text(shown, BUILT_IN)
        yield from ("\n" + question_text(case.situation, BUILT_IN) for case in asked)


def _optimisers(network: Network, recipe: Recipe) -> list[torch.optim.Optimizer]:
    matrices = [weight for weight in network.tensors.parameters() if weight.ndim == 2]
    matrices += network.vision.matrices() if network.vision else ()
    known = {id(weight) for weight in (*matrices, network.own, network.shared)}
    vectors = [weight for weight in network.parameters() if weight.ndim == 1]
    tables = [weight for weight in network.parameters() if weight.ndim > 1 and id(weight) not in known]
    others = [*vectors, network.own, network.shared, *tables]
    return [
        torch.optim.Muon(matrices, lr=recipe.matrix_rate, weight_decay=0.01, momentum=0.95),
        torch.optim.AdamW(others, lr=recipe.other_rate, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def _speed(step: int, used: float) -> float:
    """The learning rate's share of its full value."""
    return min(1.0, (step + 1) / WARM_UP_STEPS) * min(1.0, max(0.02, (1.0 - used) / DECAY))


def _answered(right: Tensor, parts: Tensor, owners: Tensor) -> dict[str, float]:
    """The share of right tokens by part of the answer, and of whole answers."""
    names = ("action", "element", "rest")
    found = {
        name: float(right[parts == part].float().mean()) for part, name in enumerate(names) if (parts == part).any()
    }
    wrong = set(owners[~right].tolist())
    return {**found, "exact": 1.0 - len(wrong) / int(owners.max() + 1)}


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / max(len(values), 1), 4)


def main(arguments: Sequence[str]) -> int:
    """Train as the command line says; ends with 0 when the budget is used up."""
    asked = _parser().parse_args(arguments)
    torch.set_num_threads(asked.threads)
    run = Run(asked.run)
    recipe = RECIPES[asked.recipe]
    training = _kind(recipe)(
        run, resume=asked.resume and run.begun, recipe=asked.recipe, seed=asked.seed, device=asked.device
    )
    budget = Budget(asked.seconds or recipe.seconds, asked.steps)
    training.learn(budget, workers=asked.workers or recipe.workers, evaluations=asked.evaluations)
    return 0


def _kind(recipe: Recipe) -> type[Training]:
    if recipe.pictures is None:
        return Training
    from builtin_model.sighted_training import SightedTraining  # it builds on this module

    return SightedTraining


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("builtin_model.training", description="Train the built-in model.")
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("run", type=Path, help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="go on where the run was left, if it was begun")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--seconds", type=float, default=0.0, help="of training; otherwise the recipe's")
    parser.add_argument("--steps", type=int, default=0, help="instead of seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="processes that make data; otherwise the recipe's")
    parser.add_argument("--evaluations", type=int, default=6)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
