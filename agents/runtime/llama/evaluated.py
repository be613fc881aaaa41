"""The evaluated prompt: what llama.cpp holds in its memory (KV cache), and how a new prompt reuses its beginning."""

import ctypes
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp
import numpy as np

from agents.runtime.llama.brake import Brake
from agents.runtime.llama.eye import Eye, Patch, Unit
from agents.runtime.ports import ModelError
from workbench.errors import BadInputError

SAVED_PROMPTS = 8
SAVED_BYTES = 1024**3
"""So many prompts, and so many bytes of them, are kept by name; the oldest make room."""

_ALL = -1
_ABORTED = 2


def tokens_of(units: Sequence[Unit]) -> int:
    """How many tokens of the context the units take."""
    return sum(unit.tokens if isinstance(unit, Patch) else 1 for unit in units)


def common(first: Sequence[Unit], second: Sequence[Unit]) -> int:
    """How many units two prompts have in common from their beginning."""
    for index, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return index
    return min(len(first), len(second))


@dataclass(frozen=True)
class _Saved:
    units: list[Unit]
    state: Any


class EvaluatedPrompt:
    """One prompt in a context's memory, and prompts kept by name. One thread.

    `all_outputs` makes every token give a result, which embedding wants; else only the last of a prompt does.
    """

    def __init__(self, context: Any, brake: Brake, *, batch: int, eye: Eye | None = None) -> None:
        self.all_outputs = False
        self._context = context
        self._memory = llama_cpp.llama_get_memory(context)
        self._brake = brake
        self._eye = eye
        self._batch_size = batch
        self._batch = llama_cpp.llama_batch_init(batch, 0, 1)
        self._tokens = np.ctypeslib.as_array(self._batch.token, (batch,))
        self._positions = np.ctypeslib.as_array(self._batch.pos, (batch,))
        self._wanted = np.ctypeslib.as_array(self._batch.logits, (batch,))
        np.ctypeslib.as_array(self._batch.n_seq_id, (batch,))[:] = 1
        for index in range(batch):
            self._batch.seq_id[index][0] = 0
        self._held: list[Unit] = []
        self._end = 0
        self._saved: OrderedDict[str, _Saved] = OrderedDict()

    def begin(self, units: Sequence[Unit]) -> int:
        """Keep what the memory has in common with this prompt, at most all but its last unit; gives how many units."""
        kept = min(common(self._held, units), len(units) - 1)
        self._cut(kept)
        return len(self._held)

    def extend(self, units: Sequence[Unit]) -> None:
        """Evaluate more units; afterwards the logits behind the last can be read where that is a token.

        Raises what the brake was pressed for, or ModelError; what was evaluated until then is kept.
        """
        index = 0
        while index < len(units):
            self._brake.check()
            unit = units[index]
            if isinstance(unit, Patch):
                self._extend_patch(unit)
                index += 1
            else:
                run = _run(units, index, self._batch_size)
                self._extend_tokens(run, last=index + len(run) == len(units))
                index += len(run)

    def forget(self) -> None:
        """Begin with nothing."""
        self._clear()

    def save(self, name: str) -> None:
        """Keep the prompt as it is now under a name."""
        size = llama_cpp.llama_state_seq_get_size(self._context, 0)
        if size > SAVED_BYTES:
            raise BadInputError(f"a prompt of {size / 1e6:.0f} MB is too large to be kept: keep a shorter one")
        state = (ctypes.c_uint8 * size)()
        if llama_cpp.llama_state_seq_get_data(self._context, state, size, 0) != size:
            raise ModelError("the evaluated prompt could not be kept: go on without")
        self._saved.pop(name, None)
        self._saved[name] = _Saved(list(self._held), state)
        while len(self._saved) > SAVED_PROMPTS or sum(len(each.state) for each in self._saved.values()) > SAVED_BYTES:
            self._saved.popitem(last=False)

    def restore(self, name: str) -> None:
        """Go back to a prompt that was kept; raises BadInputError for a name that is not, or no longer, known."""
        saved = self._saved.get(name)
        if saved is None:
            raise BadInputError(f"no prompt is kept as {name!r}, or no longer: evaluate it again")
        self._clear()
        if llama_cpp.llama_state_seq_set_data(self._context, saved.state, len(saved.state), 0) == 0:
            self._clear()
            raise ModelError(f"the prompt {name!r} could not be restored: evaluate it again")
        self._held, self._end = list(saved.units), _positions_of(saved.units)

    def close(self) -> None:
        """Free what it holds besides the context."""
        llama_cpp.llama_batch_free(self._batch)
        self._saved.clear()

    def _extend_tokens(self, run: list[int], *, last: bool) -> None:
        count = len(run)
        self._batch.n_tokens = count
        self._tokens[:count] = run
        self._positions[:count] = np.arange(self._end, self._end + count)
        self._wanted[:count] = self.all_outputs
        self._wanted[count - 1] = last or self.all_outputs
        self._evaluated(llama_cpp.llama_decode(self._context, self._batch), run)

    def _extend_patch(self, patch: Patch) -> None:
        assert self._eye is not None
        batch = self._batch_size
        if self._eye.whole_batches and patch.tokens > batch:
            raise BadInputError(f"a picture of {patch.tokens} tokens is too large for this model: send a smaller one")
        self._evaluated(self._eye.decode(patch, self._context, at=self._end, batch=batch), [patch])

    def _evaluated(self, code: int, units: Sequence[Unit]) -> None:
        if code == 0:
            self._held += units
            self._end += _positions_of(units)
            return
        self._cut(len(self._held))
        if code == _ABORTED:
            self._brake.check()
        raise ModelError(f"llama.cpp could not evaluate the prompt (code {code}): free memory, or ask for less")

    def _cut(self, count: int) -> None:
        """Keep the first units only; nothing where this memory cannot forget a part (recurrent models)."""
        end = _positions_of(self._held[:count])
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, end, _ALL):
            self._clear()
            return
        del self._held[count:]
        self._end = end

    def _clear(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, True)
        self._held, self._end = [], 0


def _run(units: Sequence[Unit], start: int, most: int) -> list[int]:
    """The tokens that follow each other from there on."""
    run: list[int] = []
    for unit in units[start : start + most]:
        if isinstance(unit, Patch):
            break
        run.append(unit)
    return run


def _positions_of(units: Sequence[Unit]) -> int:
    return sum(unit.positions if isinstance(unit, Patch) else 1 for unit in units)
