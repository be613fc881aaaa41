"""The lines of a training set: JSON, one file for each side of the split, and the counts that tell of them."""

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import msgspec

from workbench.errors import BadInputError
from workbench.library.exporting.training.splitting import Split


class Lines:
    """Writes `train.jsonl` and `test.jsonl` below a folder, or the same behind a `prefix`; a context.

    A file is only there if it has lines. `counts` says how many.
    """

    def __init__(self, path: Path, prefix: str = "") -> None:
        """Write below `path`, which exists."""
        self.counts: Counter[str] = Counter()
        self._path, self._prefix = path, prefix
        self._files: dict[str, BinaryIO] = {}
        self._open = ExitStack()

    def __enter__(self) -> "Lines":
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Close the files."""
        self._open.close()

    @property
    def names(self) -> dict[str, str]:
        """The names of the files that are there, by their side of the split."""
        return {split: self.name(split) for split in sorted(self.counts, reverse=True)}

    def name(self, split: str) -> str:
        """What the file of one side is called."""
        return f"{self._prefix}{split}.jsonl"

    def add(self, split: Split, line: Mapping[str, Any]) -> None:
        """Write one line."""
        if split not in self._files:
            self._files[split] = self._open.enter_context((self._path / self.name(split)).open("wb"))
        self._files[split].write(msgspec.json.encode(line) + b"\n")
        self.counts[split] += 1

    def refuse_nothing(self, why: str) -> None:
        """Raise `BadInputError` where no line was written; `why` says what was missing and what to do."""
        if not self.counts:
            raise BadInputError(f"there is nothing to write: {why}")
