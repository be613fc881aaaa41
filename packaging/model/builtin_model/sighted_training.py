"""Training of a model that sees, step by step: as `training` does it, with pictures among the lessons."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import torch
from torch import Tensor

from builtin_model.feed import Feed
from builtin_model.picture_feed import ASKING, PictureBatch, PictureFeed, PictureOrder, picture_batch
from builtin_model.pictures import drawn
from builtin_model.pointing_cases import pointing_cases, words_of
from builtin_model.sighted import (
    MENTION_WEIGHT,
    PATCH_WEIGHT,
    Lesson,
    MixedFeed,
    Pictures,
    PointingLoss,
    hits,
    pointing_loss,
)
from builtin_model.training import GUIDANCE_WEIGHT, Training

TEXT_SCREENS = 400
"""So many screens are drawn to learn from what the vocabulary has to spell."""


class SightedTraining(Training):
    """One run of a recipe with pictures."""

    def evaluate(self, screens: int = 48) -> dict[str, Any]:
        """Held-out pictures, the share of hits by kind; before them what the text model is asked, if it reads."""
        pictures = self._pictures
        found = super().evaluate(screens) if pictures.share < 1 else {}
        rows: dict[str, list[bool]] = {}
        for number in range(max(1, screens // pictures.screens)):
            batch = picture_batch(replace(self._picture_order("test"), seed=number), self.tokeniser)
            with torch.no_grad(), torch.autocast(self.device.type, dtype=torch.bfloat16):
                right = hits(self._pointed(batch, 1.0).predicted, batch, self.tokeniser.cells)
            kinds = [question.kind for screen in batch.screens for question in screen.questions]
            for kind, hit in zip(kinds, right.tolist(), strict=True):
                rows.setdefault(kind, []).append(hit)
        every = [hit for values in rows.values() for hit in values]
        by_kind = {kind: round(sum(values) / len(values), 4) for kind, values in sorted(rows.items())}
        return {**found, "held-out hit": round(sum(every) / len(every), 4), "hits": by_kind}

    @property
    def _pictures(self) -> Pictures:
        assert self.recipe.pictures
        return self.recipe.pictures

    def _picture_order(self, split: Any = "train") -> PictureOrder:
        pictures, sight = self._pictures, self.recipe.sight
        assert sight
        return PictureOrder(
            seed=self._seed,
            split=split,
            kit=pictures.kit,
            kinds=pictures.kinds,
            screens=pictures.screens,
            per_screen=pictures.per_screen,
            patch=sight.patch,
        )

    def _texts(self, seed: int) -> Iterator[str]:
        pictures = self._pictures
        chance = Random(seed + 900)  # noqa: S311 - training data, no secret
        for _ in range(TEXT_SCREENS):
            screen = drawn(pictures.kit, pictures.kit.sizes[0], "train", chance)
            cases = pointing_cases(screen.widgets, pictures.per_screen, pictures.kinds, chance)
            yield from (ASKING + case.target for case in cases)
            yield from (" " + " ".join(words_of(widget)) for widget in screen.widgets)
        if pictures.share < 1:
            yield from super()._texts(seed)

    def _feed(self, workers: int) -> Feed | MixedFeed:
        pictures = self._pictures
        lists = super()._feed(workers) if pictures.share < 1 else None
        assert not isinstance(lists, MixedFeed)
        drawing = PictureFeed(
            self._picture_order(), self.tokeniser, workers=pictures.workers, first=self.progress.pictures
        )
        return MixedFeed(lists, drawing, pictures.share)

    def _lost(self, lesson: Lesson, used: float) -> Tensor:
        if not isinstance(lesson, PictureBatch):
            return super()._lost(lesson, used)
        with torch.autocast(self.device.type, dtype=torch.bfloat16):
            lost = self._pointed(lesson, used)
        self.progress.tasks += lesson.questions
        self.progress.pictures = lesson.number + 1
        if self._looking:
            self._tell(lost, lesson)
        guided = lost.guidance.element + lost.guidance.gathered
        return lost.answered + MENTION_WEIGHT * lost.at_mention + PATCH_WEIGHT * lost.patches + GUIDANCE_WEIGHT * guided

    def _pointed(self, batch: PictureBatch, used: float) -> PointingLoss:
        return pointing_loss(self.network, self.tokeniser, batch, used=used)

    def _tell(self, lost: PointingLoss, batch: PictureBatch) -> None:
        told = {
            "loss": lost.answered,
            "at mention": lost.at_mention,
            "patches": lost.patches,
            "pointing": lost.guidance.element,
            "gathering": lost.guidance.gathered,
        }
        self._tally.add(
            hit=float(hits(lost.predicted, batch, self.tokeniser.cells).mean()),
            **{name: float(value.detach()) for name, value in told.items()},
        )
