"""Searching exemplar memory by vectors of the user's own embedder, with the interface of the search by words.

A million vectors are looked through by the signs of their components alone, one bit each, packed: 48 MB for 384
components. The closest by bits are then compared by their whole vectors, which stay on disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from agents.memory.retrieval.lexical import Fitting, best, found_of
from agents.memory.retrieval.ports import Found, Query
from agents.runtime.ports import Model
from workbench.errors import BadInputError, UnavailableError
from workbench.library.memories import Coded, Entry, Level

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workbench.library.memories import Memories

MOST_COMPARED = 200
"""How many of the closest by bits are compared by their whole vectors."""

WORD_BITS = 64

_LEAST_SPREAD = 0.01
"""Where an embedder holds everything to be as alike as this leaves, differences are taken for what they are."""

AT_ONCE = 32
"""How many texts the embedder is given at once: so many are lost where it is stopped."""

ANYTHING = (
    'click button "Save"',
    'type "42" into field "Amount"',
    "press ctrl+c",
    "scroll down in the list",
    "open the settings of the printer",
    "send an e-mail to Anna about the meeting",
    "book a flight from Paris to Rome",
    "rename the file and move it into another folder",
    "choose the colour of the third shape",
    "log in and look for the latest invoice",
    "play the next song",
)
"""Texts that have nothing in common but what all have: so alike to an embedder is what is not alike at all."""


@dataclass
class _Codes:
    """The codes of one level: ids in rising order, and a column of packed bits for each, 64 in a number."""

    ids: "NDArray[np.int64]"
    bits: "NDArray[np.uint64]"


@dataclass
class VectorRetriever:
    """Searches by vectors of `model`; keeps the codes of what it has searched in memory. For one thread at a time.

    `key` is what the vectors are kept by, the model's name where it is empty.
    """

    memories: "Memories"
    model: Model
    key: str = ""
    _levels: dict[Level, _Codes] = field(default_factory=dict)

    def find(self, query: Query) -> tuple[Found, ...]:
        """The best entries, at most one of each trajectory. What has no vector yet is not found: see `embed_missing`.

        Cosines count from where those of `ANYTHING` lie, so that the same likeness is the least for every embedder:
        one has 0.1 for what is not alike, another 0.8. Raises what the embedder raises.
        """
        wanted = embedded(self.model, [query.words])[0]
        ids = self._closest(query.level, wanted)
        vectors = self.memories.vectors(self._key, ids)
        entries = [one for one in self.memories.entries(ids) if one.trajectory not in query.without]
        alike = [(one, self._likeness(vectors[one.id], wanted)) for one in entries if one.id in vectors]
        fitting, by = Fitting(query.situation), f"vectors of {self.model.name}"
        return best((found_of(one, likeness, fitting, by) for one, likeness in alike), query)

    @property
    def _key(self) -> str:
        return self.key or self.model.name

    @cached_property
    def _anything(self) -> "NDArray[np.float32]":
        return embedded(self.model, ANYTHING)

    def _closest(self, level: Level, wanted: "NDArray[np.float32]") -> list[int]:
        import numpy as np

        codes = self._brought_up_to_date(level, wanted.size)
        if not codes.ids.size:
            return []
        differing = np.zeros(codes.ids.size, np.uint16)
        for row, word in zip(codes.bits, _bits(wanted[None]).view(np.uint64)[0], strict=True):
            differing += np.bitwise_count(row ^ word)
        number = min(MOST_COMPARED, differing.size)
        nearest = np.argpartition(differing, number - 1)[:number]
        return [int(one) for one in codes.ids[nearest]]

    def _brought_up_to_date(self, level: Level, components: int) -> _Codes:
        """The codes of a level, those that were added since the last time included."""
        import numpy as np

        known = self._levels.get(level)
        after = int(known.ids[-1]) if known is not None and known.ids.size else -1
        rows = self.memories.codes(self._key, level, after=after)
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        words = -(-components // WORD_BITS)
        joined = np.frombuffer(b"".join(row[1] for row in rows), np.uint64)
        if joined.size != len(rows) * words:
            raise _other_embedder(self.model.name, components)
        new = _Codes(ids, np.ascontiguousarray(joined.reshape(len(rows), words).T))
        if known is not None and known.ids.size:
            new = _Codes(np.concatenate([known.ids, new.ids]), np.concatenate([known.bits, new.bits], axis=1))
        self._levels[level] = new
        return new

    def _likeness(self, stored: bytes, wanted: "NDArray[np.float32]") -> float:
        """0 to 1; 0 for what is no more alike than anything else."""
        import numpy as np

        vector = np.frombuffer(stored, np.float16).astype(np.float32)
        if vector.size != wanted.size:
            raise _other_embedder(self.model.name, wanted.size)
        usual = min(float(np.median(self._anything @ wanted)), 1 - _LEAST_SPREAD)
        return min(max(0.0, (float(vector @ wanted) - usual) / (1 - usual)), 1.0)


def embed_missing(
    memories: "Memories", model: Model, told: Callable[[int], None] = lambda _done: None, *, key: str = ""
) -> int:
    """Give every entry that has none a vector of the model; how many those were. Takes as long as the model does.

    `told` hears before each few texts how many are done; what it raises ends it, and what was done until then stays.
    """
    key, done, last = key or model.name, 0, -1
    while True:
        entries = memories.uncoded(key, limit=AT_ONCE, after=last)
        if not entries and last < 0:
            return done
        if not entries:  # once more from the beginning, for what came in between
            last = -1
            continue
        told(done)
        memories.put_vectors(key, _coded(entries, model))
        done, last = done + len(entries), entries[-1].id


def embedded(model: Model, texts: Sequence[str]) -> "NDArray[np.float32]":
    """Vectors of length 1, one in each row; of a text that is too long for the model, of its beginning.

    What the model can make nothing of is 0. Raises what `Model.embed` raises but for that.
    """
    import numpy as np

    try:
        return _normal(model.embed(texts))
    except BadInputError:
        loaded = model.loaded
        if not loaded.embedding_size or not loaded.embeds:
            raise
    if len(texts) > 1:
        return np.concatenate([embedded(model, [text]) for text in texts])
    half = texts[0][: len(texts[0]) // 2]
    return embedded(model, [half]) if half.strip() else np.zeros((1, loaded.embedding_size), np.float32)


def _coded(entries: Sequence[Entry], model: Model) -> list[Coded]:
    import numpy as np

    vectors = embedded(model, [entry.words for entry in entries])
    codes = _bits(vectors)
    pairs = zip(entries, vectors.astype(np.float16), codes, strict=True)
    return [Coded(entry.id, vector.tobytes(), code.tobytes()) for entry, vector, code in pairs]


def _normal(vectors: object) -> "NDArray[np.float32]":
    """Vectors of length 1, one in each row; those without any direction stay 0."""
    import numpy as np

    array = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    return np.asarray(array / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def _bits(vectors: "NDArray[np.float32]") -> "NDArray[np.uint8]":
    """The signs, packed, rows filled up to whole numbers of 64 bits."""
    import numpy as np

    packed = np.packbits(vectors > 0, axis=1)
    return np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))


def _other_embedder(name: str, components: int) -> UnavailableError:
    return UnavailableError(
        f"model {name} gives vectors of {components} components, those that are kept have others; "
        "give the new embedder a name of its own"
    )
