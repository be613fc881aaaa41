"""The network: the decoder that llama.cpp calls qwen3, with one screen's list shared by all questions about it.

RMS norm, rotary positions on halves (NeoX), normalised queries and keys, SwiGLU, input and output embedding tied
(Qwen3, arXiv 2505.09388). Its weights have the names of the GGUF file. Everything that works token by token runs on
packed tokens without padding; only attention is laid out as screens times questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it
from torch import Tensor, nn

from builtin_model.packing import Packed
from builtin_model.tokens import Tokeniser
from builtin_model.vision import Sight, Vision

HIDDEN_SCORE = -1e4
GATHERING_LAYER = 1
"""Its first head is taught to gather names at references, and the mention at the end of the question."""


@dataclass(frozen=True)
class Shape:
    """The size of a network; all widths are multiples of 32, as q8_0 wants them."""

    layers: int = 6
    width: int = 224
    heads: int = 4
    head_width: int = 64
    inner: int = 576
    context: int = 4096
    epsilon: float = 1e-6
    rope_base: float = 1e5

    @property
    def pointing_layer(self) -> int:
        """Its first head is taught to point at the element, its second at the text to copy."""
        return max(self.layers - 2, 0)


@dataclass(frozen=True)
class Guidance:
    """What the guided heads lost against what they were taught: cross entropies, each a mean over its rows."""

    element: Tensor
    copied: Tensor
    gathered: Tensor


def shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """The tensors of all layers by their names in the file, without the embedding."""
    attention, width = shape.heads * shape.head_width, shape.width
    layer: dict[str, tuple[int, ...]] = {
        "attn_norm": (width,),
        "attn_q": (attention, width),
        "attn_k": (attention, width),
        "attn_v": (attention, width),
        "attn_q_norm": (shape.head_width,),
        "attn_k_norm": (shape.head_width,),
        "attn_output": (width, attention),
        "ffn_norm": (width,),
        "ffn_gate": (shape.inner, width),
        "ffn_up": (shape.inner, width),
        "ffn_down": (width, shape.inner),
    }
    found = {f"blk.{i}.{name}.weight": size for i in range(shape.layers) for name, size in layer.items()}
    return {**found, "output_norm.weight": (width,)}


class _Laid(torch.autograd.Function):
    """Rows taken by number; `back` says for every row where it went, so the gradient is a gather too.

    Numbers may name a row more than once: places that only pad, whose gradients are dropped.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor, there: Tensor, back: Tensor) -> Tensor:
        """The rows in the order of `there`."""
        ctx.save_for_backward(back)
        return rows.index_select(0, there)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """The gradients in the order of `back`."""
        (back,) = ctx.saved_tensors
        return gradients[0].index_select(0, back), None, None


class _Merged(torch.autograd.Function):
    """The way back: places that only pad are left out, and get no gradient."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, there: Tensor) -> Tensor:
        """The rows in the order of `there`, each at most once."""
        ctx.save_for_backward(there)
        ctx.size = len(rows)
        return rows.index_select(0, there)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """The gradients where the rows came from."""
        (there,) = ctx.saved_tensors
        gradient = gradients[0].new_zeros(ctx.size, gradients[0].shape[1])
        return gradient.index_copy_(0, there, gradients[0]), None


@dataclass(frozen=True)
class _Layout:
    """How the heads of packed tokens are laid out for attention, and what may not be looked at.

    Units are one head of one token. `laid` (3 x heads x places) and `packed` (tokens x 3 x heads) number them for
    queries, keys and values, `merged` (tokens x heads) for what attention gives. `turns`: cosine and sine.
    """

    lists: tuple[int, int]
    questions: tuple[int, int, int]
    laid: Tensor
    packed: Tensor
    merged: Tensor
    later_list: Tensor
    later_own: Tensor
    beyond: Tensor
    turns: tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Seen:
    """What sight made of a batch's pictures: rows (pictures x patches, width), and which packed tokens they are."""

    vectors: Tensor
    tokens: Tensor


class Network(nn.Module):
    """The decoder; `run` gives logits of the rows asked for. `vision` is None in one that only reads."""

    def __init__(self, shape: Shape, tokeniser: Tokeniser, *, seed: int = 0, sight: Sight | None = None) -> None:
        super().__init__()
        self.shape = shape
        random = np.random.default_rng(seed)
        self.own = nn.Parameter(torch.tensor(_normal(random, (tokeniser.own_rows, shape.width), 0.25)))
        self.shared = nn.Parameter(torch.tensor(_normal(random, (len(tokeniser.factors), shape.width), 0.18)))
        started = {name: torch.tensor(array) for name, array in _started(shape, random).items()}
        self.tensors = nn.ParameterDict({_key(name): nn.Parameter(value) for name, value in started.items()})
        self.register_buffer("sums", torch.tensor(_sums(tokeniser)), persistent=False)
        self.vision = Vision(sight, shape.width, seed=seed) if sight else None

    def tensor(self, name: str) -> Tensor:
        """The weight of that name in the file."""
        found = self.tensors[_key(name)]
        assert isinstance(found, Tensor)
        return found

    def embedding(self) -> Tensor:
        """One row per token, the composed ones as sums of their factors."""
        assert isinstance(self.sums, Tensor)
        return torch.cat([self.own, self.sums @ self.shared])

    def arrays(self) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
        """All tensors of the file in 32 bits, by name."""
        found = {_name(key): value for key, value in self.tensors.items()}
        found["token_embd.weight"] = self.embedding()
        return {name: value.detach().float().cpu().numpy() for name, value in found.items()}

    def run(self, packed: Packed, pictures: Seen | None = None) -> tuple[Tensor, Guidance | None]:
        """The logits of the answer's rows (rows, vocabulary), and the guidance where the batch teaches it.

        Where they stand, the rows of `pictures` are read in place of the tokens' own.
        """
        embedding = self.embedding()
        state = F.embedding(packed.tokens, embedding)
        if pictures is not None:
            state = state.index_copy(0, pictures.tokens, pictures.vectors.to(state.dtype))
        if torch.is_autocast_enabled(state.device.type):
            state = state.to(torch.get_autocast_dtype(state.device.type))
        layout = self._layout(packed, state)
        scores: dict[int, tuple[Tensor, Tensor]] = {}
        for layer in range(self.shape.layers):
            attended, seen = self._attended(layer, state, layout)
            if packed.guides is not None and layer in (GATHERING_LAYER, self.shape.pointing_layer):
                scores[layer] = seen
            state = state + attended
            state = state + self._fed(layer, state)
        answered = self._even(state.index_select(0, packed.rows)) * self.tensor("output_norm.weight").to(state.dtype)
        logits = F.linear(answered, embedding.to(answered.dtype)).float()
        return logits, self._guidance(scores, packed) if scores else None

    def _layout(self, packed: Packed, state: Tensor) -> _Layout:
        lists, questions = packed.list_slots.shape, packed.question_slots.shape
        heads, device = self.shape.heads, state.device
        beyond = torch.arange(lists[1], device=device)[None] >= packed.list_sizes[:, None]
        laid, back, merged = _units(packed, heads)
        return _Layout(
            lists=(lists[0], lists[1]),
            questions=(questions[0], questions[1], questions[2]),
            laid=laid,
            packed=back,
            merged=merged,
            later_list=_hidden(_later(lists[1], device), state),
            later_own=_hidden((_later(questions[2], device) | _apart(packed.segments))[:, None], state),
            beyond=_hidden(beyond[:, None, None, :], state),
            turns=self._turns(packed.positions, state),
        )

    def _turns(self, positions: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and sine of every token's angles, shape (tokens, 1, 1, half a head)."""
        half = self.shape.head_width // 2
        rates = self.shape.rope_base ** (-torch.arange(half, device=positions.device).float() / half)
        angles = positions[:, None, None, None].float() * rates
        return angles.cos().to(state.dtype), angles.sin().to(state.dtype)

    def _even(self, state: Tensor) -> Tensor:
        """Rows of equal length."""
        return F.rms_norm(state, (state.shape[-1],), None, self.shape.epsilon)

    def _weighed(self, norm: str, *names: str) -> Tensor:
        """The matrices behind a norm, one under the other, with the norm's weights worked in: that is the same as
        weighing what comes in, and costs nothing per token.
        """
        return torch.cat([self.tensor(name) for name in names]) * self.tensor(norm)

    def _fed(self, layer: int, state: Tensor) -> Tensor:
        start = f"blk.{layer}."
        weight = self._weighed(start + "ffn_norm.weight", start + "ffn_gate.weight", start + "ffn_up.weight")
        gate, up = F.linear(self._even(state), weight).chunk(2, -1)
        return F.linear(F.silu(gate) * up, self.tensor(start + "ffn_down.weight"))

    def _attended(self, layer: int, state: Tensor, layout: _Layout) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """What a layer's attention adds, and its scores: of lists (screens, heads, list, list), of questions
        (screens, heads, rows, place, list + place).
        """
        start, heads = f"blk.{layer}.", self.shape.heads
        units = self._queries_keys_values(start, state, layout.turns)
        laid = _laid(units, layout.laid, layout.packed)
        (screens, size), (_, questions, own) = layout.lists, layout.questions
        border = 3 * heads * screens * size
        q, k, v = laid[:border].view(3, screens, heads, size, -1)
        own_q, own_k, own_v = laid[border:].view(3, screens, heads, questions, own, -1)
        list_scores = (q @ k.transpose(-1, -2)).add_(layout.later_list)
        list_out = list_scores.softmax(-1) @ v
        far = (own_q.flatten(2, 3) @ k.transpose(-1, -2)).add_(layout.beyond)
        near = (own_q @ own_k.transpose(-1, -2)).add_(layout.later_own)
        scores = torch.cat([far.view(*near.shape[:-1], size), near], -1)
        weights = scores.softmax(-1)
        own_out = (weights[..., :size].flatten(2, 3) @ v).view(own_q.shape) + weights[..., size:] @ own_v
        both = torch.cat([list_out.flatten(0, 2), own_out.flatten(0, 3)])
        merged = _merged(both, layout.merged).view(len(state), -1)
        return F.linear(merged, self.tensor(start + "attn_output.weight")), (list_scores, scores)

    def _queries_keys_values(self, start: str, state: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """Units (tokens x 3 x heads, head width), queries and keys normalised and turned, queries scaled."""
        weight = self._weighed(start + "attn_norm.weight", *(start + f"attn_{name}.weight" for name in "qkv"))
        rows = F.linear(self._even(state), weight).view(len(state), 3, self.shape.heads, -1)
        width = self.shape.head_width
        scale = torch.stack(
            [self.tensor(start + "attn_q_norm.weight") * width**-0.5, self.tensor(start + "attn_k_norm.weight")]
        )
        normal = self._even(rows[:, :2]) * scale[:, None].to(rows.dtype)
        return torch.cat([_turned(normal, turns), rows[:, 2:]], 1).view(-1, width)

    def _guidance(self, scores: Mapping[int, tuple[Tensor, Tensor]], packed: Packed) -> Guidance:
        guides = packed.guides
        assert guides is not None
        of_lists, of_questions = scores[GATHERING_LAYER]
        pointing = scores[self.shape.pointing_layer][1]
        size = of_lists.shape[-1]
        gathered = _spread(of_lists[:, 0], guides.names) + _spread(of_questions[:, 0], guides.mentions, skipped=size)
        return Guidance(
            element=_pointed(pointing[:, 0], guides.elements),
            copied=_pointed(pointing[:, 1], guides.copies, skipped=size),
            gathered=gathered,
        )


def _pointed(scores: Tensor, pairs: Tensor, *, skipped: int = 0) -> Tensor:
    """The mean cross entropy of rows, given with the column that they should look at."""
    if not len(pairs):
        return scores.new_zeros((), dtype=torch.float32)
    rows = scores.flatten(0, -2).index_select(0, pairs[:, 0])
    return F.cross_entropy(rows.float(), pairs[:, 1] + skipped)


def _spread(scores: Tensor, spans: Tensor, *, skipped: int = 0) -> Tensor:
    """The mean cross entropy of rows, given with the span of columns that they should look at evenly."""
    if not len(spans):
        return scores.new_zeros((), dtype=torch.float32)
    rows = scores.flatten(0, -2).index_select(0, spans[:, 0]).float().log_softmax(-1)
    columns = torch.arange(rows.shape[1], device=rows.device)[None] - skipped
    inside = (columns >= spans[:, 1:2]) & (columns < spans[:, 2:3])
    return -((rows * inside).sum(1) / inside.sum(1)).mean()


def _laid(units: Tensor, there: Tensor, back: Tensor) -> Tensor:
    found: Tensor = _Laid.apply(units, there, back)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return found


def _merged(units: Tensor, there: Tensor) -> Tensor:
    found: Tensor = _Merged.apply(units, there)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return found


def _later(size: int, device: torch.device) -> Tensor:
    return torch.ones(size, size, dtype=torch.bool, device=device).triu(1)


def _apart(segments: Tensor) -> Tensor:
    """Which places of a row belong to different questions."""
    return segments[..., :, None] != segments[..., None, :]


def _hidden(mask: Tensor, state: Tensor) -> Tensor:
    """What is added to scores so that they do not count where the mask is set."""
    return torch.zeros(mask.shape, dtype=state.dtype, device=state.device).masked_fill_(mask, HIDDEN_SCORE)


def _units(packed: Packed, heads: int) -> tuple[Tensor, Tensor, Tensor]:
    """The numbers of a `_Layout`: units are numbered token, then query/key/value, then head."""
    device = packed.tokens.device
    kinds, head = torch.arange(3, device=device), torch.arange(heads, device=device)
    parts, places, outs = [], [], []
    lists, questions = packed.list_slots, packed.question_slots.flatten(1)
    before = 0
    for slots in (lists, questions):
        screens, size = slots.shape
        parts.append(
            (
                slots[None, :, None] * 3 * heads + kinds[:, None, None, None] * heads + head[None, None, :, None]
            ).flatten()
        )
        at = torch.arange(screens * size, device=device)
        of_head = (at // size * heads)[:, None] * size + head * size + (at % size)[:, None]
        per_kind = screens * heads * size
        places.append(3 * before + kinds[None, :, None] * per_kind + of_head[:, None])
        outs.append(before + of_head)
        before += per_kind
    laid_at = packed.packed_slots
    return torch.cat(parts), torch.cat(places)[laid_at].flatten(), torch.cat(outs)[laid_at].flatten()


def _turned(rows: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    cosine, sine = turns
    first, second = rows.chunk(2, -1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)


def _key(name: str) -> str:
    """A parameter's name in PyTorch, where a dot would part modules."""
    return name.replace(".", "/")


def _name(key: str) -> str:
    return key.replace("/", ".")


def _normal(random: np.random.Generator, size: tuple[int, ...], scale: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    return (random.standard_normal(size) * scale).astype(np.float32)


def _started(shape: Shape, random: np.random.Generator) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Weights to begin with. Half of the heads, and the guided ones, begin as matchers of equal tokens: their keys
    are their queries (mimetic initialisation, arXiv 2305.09828).
    """
    found = {}
    for name, size in shapes(shape).items():
        if "norm" in name:
            found[name] = np.full(size, 1.4 if "q_norm" in name or "k_norm" in name else 1.0, np.float32)
        else:
            thin = 0.5 if "output" in name or "down" in name else 1.0
            found[name] = _normal(random, size, thin / size[1] ** 0.5)
    for layer in range(shape.layers):
        query, key = found[f"blk.{layer}.attn_q.weight"], found[f"blk.{layer}.attn_k.weight"]
        alike = shape.heads // 2 * shape.head_width
        key[-alike:] = query[-alike:]
        if layer == shape.pointing_layer:
            key[: shape.head_width] = query[: shape.head_width]
    return found


def _sums(tokeniser: Tokeniser) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Which factors make each composed token: ones in an array (composed tokens, factors)."""
    column = {factor: at for at, factor in enumerate(tokeniser.factors)}
    composed = tokeniser.tokens[tokeniser.own_rows :]
    found = np.zeros((len(composed), len(column)), np.float32)
    for row, token in enumerate(composed):
        found[row, [column[factor] for factor in token.factors]] = 1.0
    return found
