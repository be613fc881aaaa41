"""By whom an evaluation is played, in short texts: results of others must not be mixed with it."""

import hashlib
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from agents.evaluation.suites import Limits
from agents.runtime.models.registry import Registry
from agents.session.messages import Minds
from workbench.own_processes import PACKAGES, is_frozen

if TYPE_CHECKING:
    from workbench.library.store import Library

DIGEST_LENGTH = 16
_ROOT = Path(__file__).resolve().parents[3]


class Identity(Struct, frozen=True):
    """Suite, program, model and all that every episode has in common.

    `code` is a digest of the program's files, `lent` says from what past work is lent.
    """

    suite: str
    model: str
    model_file: str
    program: str
    code: str
    lent: str
    max_steps: str
    max_seconds: str

    @classmethod
    def of(cls, suite: str, minds: Minds, *, limits: Limits, lent: str) -> "Identity":
        """Reads the whole files of all models that think: about a second for each gigabyte."""
        registry = Registry(Path(minds.folder))
        names = dict.fromkeys(filter(None, (minds.planner, minds.grounder, minds.judge, minds.embedder)))
        return cls(
            suite,
            model=", ".join(names),
            model_file=", ".join(model_digest(registry, name) for name in names),
            program=program(),
            code=code_digest(),
            lent=lent,
            max_steps=f"{limits.steps}",
            max_seconds=f"{limits.seconds:g}",
        )

    def plain(self) -> dict[str, str]:
        """As results keep it."""
        return dict(msgspec.structs.asdict(self))

    @property
    def name(self) -> str:
        """A name for a folder, which another identity does not have."""
        digest = hashlib.sha256(msgspec.json.encode(self)).hexdigest()
        return f"{self.suite}-{self.model.partition(',')[0]}-{digest[:8]}"


def program() -> str:
    """The version of this program; "unknown" where it was not installed."""
    try:
        return version("gui-agent-workbench")
    except PackageNotFoundError:
        return "unknown"


def code_digest() -> str:
    """What tells this program from one of the same version that was changed: a digest of its files."""
    if is_frozen():
        return _digest(Path(sys.executable))
    digest = hashlib.sha256()
    for path in sorted(path for name in PACKAGES for path in (_ROOT / name).rglob("*") if _counts(path)):
        digest.update(f"{path.relative_to(_ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGEST_LENGTH]


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def model_digest(registry: Registry, name: str) -> str:
    """What tells a model's files from others; of one behind a server, its address and what it is called there."""
    entry = registry.get(name)
    if entry.kind == "server":
        return f"{entry.url} {entry.remote_name}"
    return " ".join(_digest(path) for path in registry.files(entry) if path is not None)


def library_digest(library: "Library") -> str:
    """What tells what a library has to lend from what others have: its trajectories with their revisions."""
    heads = sorted(f"{one.id}@{library.get(one.id).revision} {one.reviewed}" for one in library.summaries())
    return hashlib.sha256("\n".join(heads).encode()).hexdigest()[:DIGEST_LENGTH]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:DIGEST_LENGTH]
