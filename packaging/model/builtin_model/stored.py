"""A run on disk: what is needed to go on with it, to export it and to look at it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import torch

from builtin_model.merges import Pair
from builtin_model.network import Network, Shape
from builtin_model.tokens import Tokeniser
from builtin_model.vision import Sight


class Described(msgspec.Struct, frozen=True):
    """What the weights belong to: the recipe's name, the shape of the network, and the merges of its vocabulary.

    `sight` is None for a model that only reads.
    """

    recipe: str
    seed: int
    shape: Shape
    merges: tuple[Pair, ...]
    sight: Sight | None = None

    @property
    def tokeniser(self) -> Tokeniser:
        """How text becomes tokens."""
        return Tokeniser(self.merges, self.sight.cells if self.sight else 0)


class Run:
    """The folder of one training run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log.jsonl"
        self.curve = folder / "curve.svg"
        self._described = folder / "run.json"
        self._checkpoint = folder / "checkpoint.pt"

    @property
    def begun(self) -> bool:
        """Whether there is something to go on with."""
        return self._checkpoint.exists() and self._described.exists()

    def describe(self, described: Described) -> None:
        """Write down what the run trains."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._described.write_bytes(msgspec.json.encode(described))

    def described(self) -> Described:
        """What the run trains; raises OSError or msgspec.DecodeError where the folder is none of a run."""
        return msgspec.json.decode(self._described.read_bytes(), type=Described)

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep everything that is needed to go on; at any moment either the old or the new state is whole."""
        beside = self._checkpoint.with_suffix(".new")
        torch.save(dict(state), beside)
        beside.replace(self._checkpoint)

    def state(self) -> dict[str, Any]:
        """What was kept last."""
        found: dict[str, Any] = torch.load(self._checkpoint, map_location="cpu", weights_only=True)
        return found

    def network(self) -> tuple[Network, Tokeniser]:
        """The network with the weights kept last, in 32 bits, and its tokeniser."""
        described = self.described()
        tokeniser = described.tokeniser
        network = Network(described.shape, tokeniser, sight=described.sight)
        network.load_state_dict(self.state()["network"])
        return network.eval(), tokeniser
