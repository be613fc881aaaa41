"""Training of a model that sees: pointing at widgets on drawn screens, mixed with the tasks of the text model.

The questions about a picture share it, as those about a list do. Beside the answer are taught: where two heads look
(`network.Guidance`), the column already where the target is named, and for every patch, in the terms of the
vocabulary itself, words of the widget it shows and the cells of its middle. What is near the right cell is nearly
right: targets are bells over the cells that become narrow.
"""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it
from torch import Tensor

from builtin_model.case import PointingKind
from builtin_model.feed import Feed
from builtin_model.network import Guidance, Network, Seen
from builtin_model.packing import Packed, Screen, packed
from builtin_model.picture_feed import PictureBatch, PictureFeed
from builtin_model.pictures import Kit
from builtin_model.tokens import Tokeniser

WIDEST, NARROWEST = 0.025, 0.006
"""The bells over the cells at the beginning and at the end, as parts of the picture's side."""

MENTION_WEIGHT = 0.5
PATCH_WEIGHT = 0.5

Lesson = list[Screen] | PictureBatch


@dataclass(frozen=True)
class Pictures:
    """What pictures a model learns from: `share` of its steps are taken on them, `screens` at a time."""

    kit: Kit
    kinds: tuple[PointingKind, ...]
    share: float
    screens: int
    per_screen: int
    workers: int


@dataclass(frozen=True)
class PointingLoss:
    """What a batch of pictures lost, and how it answered: predicted (questions, 2) columns and rows."""

    answered: Tensor
    at_mention: Tensor
    patches: Tensor
    guidance: Guidance
    predicted: Tensor


class MixedFeed:
    """Lists and pictures by turns, so many pictures as their share says; `lists` is None where it is all."""

    def __init__(self, lists: Feed | None, pictures: PictureFeed, share: float) -> None:
        self._lists = lists
        self._pictures = pictures
        self._share = share
        self._open = ExitStack()

    @property
    def longest(self) -> int:
        """The most tokens that a list may have."""
        return self._lists.longest if self._lists else 0

    @longest.setter
    def longest(self, tokens: int) -> None:
        if self._lists:
            self._lists.longest = tokens

    @property
    def block(self) -> int:
        """The number of the block of lists that comes next."""
        return self._lists.block if self._lists else 0

    def __enter__(self) -> "MixedFeed":
        """Itself."""
        for feed in (self._lists, self._pictures):
            if feed is not None:
                self._open.enter_context(feed)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the processes of both."""
        self._open.close()

    def __iter__(self) -> Iterator[Lesson]:
        """The lessons."""
        lists, pictures = iter(self._lists or ()), iter(self._pictures)
        due = 0.0
        while True:
            due += self._share if self._lists else 1.0
            if due >= 1.0:
                due -= 1.0
                yield next(pictures)
            else:
                yield next(lists)


def pointing_loss(network: Network, tokeniser: Tokeniser, batch: PictureBatch, *, used: float) -> PointingLoss:
    """What the network loses on a batch when `used` of the budget is gone; on the network's device, under autocast."""
    laid, seen = look(network, batch)
    logits, guidance = network.run(_with_mentions(laid, batch), seen)
    assert guidance is not None
    said = logits.log_softmax(-1)
    answers, mentions = said[: len(laid.rows)].view(-1, 3, said.shape[1]), said[len(laid.rows) :]
    cells = torch.from_numpy(batch.cells).to(logits.device)
    columns, rows = slice(*tokeniser.columns), slice(*tokeniser.rows)
    width = tokeniser.cells * (WIDEST + (NARROWEST - WIDEST) * used)
    across, down = (_bells(cells[:, axis], tokeniser.cells, width) for axis in (0, 1))
    answered = _missed(across, answers[:, 0, columns]) + _missed(down, answers[:, 1, rows])
    return PointingLoss(
        answered=answered - answers[:, 2, tokeniser.end].mean(),
        at_mention=_missed(across, mentions[:, columns]),
        patches=_patch_loss(network, tokeniser, batch, seen, width),
        guidance=guidance,
        predicted=torch.stack([answers[:, 0, columns].argmax(-1), answers[:, 1, rows].argmax(-1)], 1),
    )


def look(network: Network, batch: PictureBatch, *, guided: bool = True) -> tuple[Packed, Seen]:
    """The batch on the network's device, and what its sight makes of the pictures."""
    assert network.vision
    device = network.own.device
    laid = packed(batch.screens, guided=guided).on(device)
    vectors = network.vision(torch.from_numpy(batch.pixels).to(device, non_blocking=True))
    before = laid.list_slots.shape[1] - vectors.shape[1]
    return laid, Seen(vectors.flatten(0, 1), laid.list_slots[:, before:].flatten())


def hits(predicted: Tensor, batch: PictureBatch, cells: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """By question whether the middle of the predicted cell lies in the bounds of what is meant."""
    size = np.asarray(batch.pixels.shape[2:0:-1])
    spots = (predicted.cpu().numpy() + 0.5) * size / cells
    inside = (spots >= batch.bounds[:, :2]) & (spots < batch.bounds[:, 2:])
    found: np.ndarray[Any, np.dtype[np.bool_]] = inside.all(1)
    return found


def _with_mentions(laid: Packed, batch: PictureBatch) -> Packed:
    """The batch with one more row per question: the last token of the words that tell the target apart."""
    questions = [question for screen in batch.screens for question in screen.questions]
    back = [len(question.prompt) - (question.mention or (0, len(question.prompt)))[1] for question in questions]
    rows = laid.rows[::3] - torch.tensor(back, device=laid.rows.device)
    return replace(laid, rows=torch.cat([laid.rows, rows]))


def _patch_loss(network: Network, tokeniser: Tokeniser, batch: PictureBatch, seen: Seen, width: float) -> Tensor:
    """How badly the rows of patches tell words and cells of what they show, compared with the embedding's rows."""
    device = seen.vectors.device
    embedding = network.embedding()
    rows = seen.vectors.index_select(0, torch.from_numpy(batch.patches).to(device))
    even = F.rms_norm(rows.float(), rows.shape[-1:]) * (4.0 / math.sqrt(rows.shape[-1]))
    cells = torch.from_numpy(batch.patch_cells).to(device)
    shown = cells[:, 0] >= 0
    lost = _named(even, embedding, torch.from_numpy(batch.patch_words).to(device))
    for axis, tokens in enumerate((tokeniser.columns, tokeniser.rows)):
        told = F.linear(even[shown], embedding[slice(*tokens)]).float().log_softmax(-1)
        lost = lost + _missed(_bells(cells[shown, axis], tokeniser.cells, width), told)
    return lost


def _named(even: Tensor, embedding: Tensor, words: Tensor) -> Tensor:
    """The cross entropy of the words among all that name something in the batch."""
    known, places = torch.unique(words, return_inverse=True)
    wanted = torch.zeros(len(words), len(known), device=words.device).scatter_(1, places, 1.0)
    if int(known[0]) < 0:
        known, wanted = known[1:], wanted[:, 1:]
    told = F.linear(even, embedding[known]).float().log_softmax(-1)
    return _missed(wanted / wanted.sum(1, keepdim=True), told)


def _bells(cells: Tensor, count: int, width: float) -> Tensor:
    """Weights over the cells that sum to 1, a bell around each of the given ones."""
    away = torch.arange(count, device=cells.device)[None] - cells[:, None]
    return (-(away.float() ** 2) / (2 * width**2)).softmax(-1)


def _missed(wanted: Tensor, told: Tensor) -> Tensor:
    return -(wanted * told).sum(-1).mean()
