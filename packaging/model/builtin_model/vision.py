"""Sight: what turns a screenshot into rows that the decoder reads before the words, as llama.cpp's projector phi4 does.

A vision transformer without a class token (SigLIP, arXiv 2303.15343) looks at square patches; its learned places form
a square table that is stretched to the picture's grid; two layers carry its rows to the width of the decoder. A
picture keeps its proportions. Weights have the names of the mmproj file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - what everybody calls it
from numpy.typing import NDArray
from torch import Tensor, nn

Array = NDArray[np.float32]

_LINEAR = ("attn_q", "attn_k", "attn_v", "attn_out", "ffn_up", "ffn_down")
_THIN = ("attn_out.weight", "ffn_down.weight")
_PATCHES, _PLACES = "v.patch_embd.weight", "v.position_embd.weight"


@dataclass(frozen=True)
class Sight:
    """The size of the vision transformer, and how the model counts.

    Widths are multiples of 32, as q8_0 wants them. `patch` is a side in pixels, `grid` the side of the table of places
    in patches. Pictures have `least_px` to `most_px` pixels; llama.cpp brings others to that. Answers name one of
    `cells` columns and rows of the picture, 100 or 1000. `reads` is False where nothing but pointing is learned.
    """

    patch: int = 16
    grid: int = 12
    width: int = 128
    layers: int = 4
    heads: int = 4
    inner: int = 512
    least_px: int = 256
    most_px: int = 24_576
    cells: int = 100
    reads: bool = False
    epsilon: float = 1e-6


def vision_shapes(sight: Sight, width: int) -> dict[str, tuple[int, ...]]:
    """The tensors by their names in the file, for a decoder of that width; the patches' weights lie flat."""
    own = sight.width
    found: dict[str, tuple[int, ...]] = {
        _PATCHES: (own, 3 * sight.patch**2),
        "v.patch_embd.bias": (own,),
        _PLACES: (sight.grid**2, own),
        "v.post_ln.weight": (own,),
        "v.post_ln.bias": (own,),
        "mm.0.weight": (width, own),
        "mm.0.bias": (width,),
        "mm.2.weight": (width, width),
        "mm.2.bias": (width,),
    }
    sizes = {"ffn_up": (sight.inner, own), "ffn_down": (own, sight.inner)}
    for layer in range(sight.layers):
        start = f"v.blk.{layer}."
        for norm in ("ln1", "ln2"):
            found |= {f"{start}{norm}.weight": (own,), f"{start}{norm}.bias": (own,)}
        for name in _LINEAR:
            size = sizes.get(name, (own, own))
            found |= {f"{start}{name}.weight": size, f"{start}{name}.bias": size[:1]}
    return found


class Vision(nn.Module):
    """The vision transformer and its projector."""

    def __init__(self, sight: Sight, width: int, *, seed: int = 0) -> None:
        super().__init__()
        self.sight = sight
        started = _started(sight, width, np.random.default_rng(seed))
        self.tensors = nn.ParameterDict(
            {name.replace(".", "/"): nn.Parameter(torch.tensor(array)) for name, array in started.items()}
        )

    def tensor(self, name: str) -> Tensor:
        """The weight of that name in the file."""
        found = self.tensors[name.replace(".", "/")]
        assert isinstance(found, Tensor)
        return found

    def matrices(self) -> Iterator[nn.Parameter]:
        """The weights between layers; all others are embeddings, norms and biases."""
        for key, value in self.tensors.items():
            if value.ndim == 2 and not key.endswith(("patch_embd/weight", "position_embd/weight")):
                yield value

    def arrays(self) -> dict[str, Array]:
        """All tensors of the file in 32 bits, by name."""
        found = {key.replace("/", "."): value.detach().float().cpu().numpy() for key, value in self.tensors.items()}
        side = self.sight.patch
        found[_PATCHES] = found[_PATCHES].reshape(-1, 3, side, side)
        return found

    def forward(self, pixels: Tensor) -> Tensor:
        """Rows for the decoder (pictures, patches, width), patches row by row.

        `pixels` (pictures, height, width, 3), uint8, red first; sides are multiples of the patch.
        """
        rows, grid = self._patches(pixels)
        rows = rows + self._places(grid).to(rows.dtype)
        for layer in range(self.sight.layers):
            start = f"v.blk.{layer}."
            rows = rows + self._attended(start, self._even(rows, start + "ln1"))
            up = self._linear(self._even(rows, start + "ln2"), start + "ffn_up")
            rows = rows + self._linear(F.gelu(up, approximate="tanh"), start + "ffn_down")
        seen = self._linear(self._even(rows, "v.post_ln"), "mm.0")
        return self._linear(F.gelu(seen, approximate="tanh"), "mm.2")

    def _patches(self, pixels: Tensor) -> tuple[Tensor, tuple[int, int]]:
        count, height, width, _ = pixels.shape
        side = self.sight.patch
        grid = height // side, width // side
        cut = (pixels.float() / 127.5 - 1.0).view(count, grid[0], side, grid[1], side, 3)
        flat = cut.permute(0, 1, 3, 5, 2, 4).reshape(count, grid[0] * grid[1], -1)
        return F.linear(flat, self.tensor(_PATCHES), self.tensor("v.patch_embd.bias")), grid

    def _places(self, grid: tuple[int, int]) -> Tensor:
        """The table of places, stretched to the grid of a picture: rows (patches, width)."""
        side = self.sight.grid
        table = self.tensor(_PLACES)
        if grid == (side, side):
            return table
        square = table.float().T.reshape(1, -1, side, side)
        stretched = F.interpolate(square, size=grid, mode="bilinear", antialias=True, align_corners=False)
        return stretched.flatten(2)[0].T

    def _attended(self, start: str, rows: Tensor) -> Tensor:
        heads = self.sight.heads
        q, k, v = (
            self._linear(rows, f"{start}attn_{name}").view(*rows.shape[:2], heads, -1).transpose(1, 2) for name in "qkv"
        )
        found = _attention(q, k, v).transpose(1, 2).flatten(2)
        return self._linear(found, start + "attn_out")

    def _linear(self, rows: Tensor, name: str) -> Tensor:
        return F.linear(rows, self.tensor(name + ".weight"), self.tensor(name + ".bias"))

    def _even(self, rows: Tensor, name: str) -> Tensor:
        norm = self.tensor(name + ".weight"), self.tensor(name + ".bias")
        return F.layer_norm(rows, rows.shape[-1:], *norm, self.sight.epsilon)


def _attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Everybody looks at everybody; on processors torch's own kernel is slow to learn through at these sizes."""
    if q.is_cuda:
        return F.scaled_dot_product_attention(q, k, v)
    weights: Tensor = ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1)
    return weights.to(v.dtype) @ v


def _started(sight: Sight, width: int, random: np.random.Generator) -> dict[str, Array]:
    """Weights to begin with; places begin as sines of row and column."""
    found: dict[str, Array] = {}
    for name, size in vision_shapes(sight, width).items():
        if name.endswith(".bias"):
            found[name] = np.zeros(size, np.float32)
        elif len(size) == 1:
            found[name] = np.ones(size, np.float32)
        else:
            scale = (0.4 if name.endswith(_THIN) else 1.0) / size[-1] ** 0.5
            found[name] = (random.standard_normal(size) * scale).astype(np.float32)
    found[_PLACES] = _waves(sight.grid, sight.width)
    return found


def _waves(side: int, width: int) -> Array:
    """A table of places (side x side, width): the first half of a row tells its row, the second its column."""
    rates = np.exp(-np.arange(width // 4) * np.log(100) / (width // 4))
    angles: NDArray[Any] = np.arange(side)[:, None] * rates
    one = np.concatenate([np.sin(angles), np.cos(angles)], 1)
    whole = np.concatenate([np.repeat(one, side, 0), np.tile(one, (side, 1))], 1)
    return (0.3 * whole).astype(np.float32)
