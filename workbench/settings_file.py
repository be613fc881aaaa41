"""The file that settings are kept in: TOML with one table per section, read with line numbers, replaced as a whole."""

import json
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import BadInputError, UnavailableError

_LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class SettingsFile:
    """The file's text and what it says, not yet checked against the table of settings."""

    path: Path
    text: str
    tree: Mapping[str, object]

    @classmethod
    def read(cls, path: Path) -> "SettingsFile":
        """Read the file; a missing one is empty. Raises `BadInputError` that names the file and the line."""
        text = _text(path)
        try:
            tree = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadInputError(f"{path} is not readable: {error}; mend the line or delete the file") from error
        return cls(path, text, tree)

    def entries(self) -> Iterator[tuple[str, object]]:
        """What the file sets, as `section.name` and value; names outside any section as they are."""
        for section, content in self.tree.items():
            if isinstance(content, dict):
                yield from ((f"{section}.{name}", value) for name, value in content.items())
            else:
                yield section, content

    def line_of(self, key: str) -> int:
        """The line that sets the key, from 1; line 1 where it is spelled in a way that this does not recognise."""
        section, _, name = key.rpartition(".")
        current = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
                current = header[1].strip("\"'")
            before = re.sub(r"[\s\"']", "", line.partition("=")[0])
            if "=" in line and (before, current) in ((name, section), (key, "")):
                return number
        return 1


def write(target: Path, values: Mapping[str, object]) -> None:
    """Replace the file by these `section.name` values, in their order; raises `UnavailableError` when it cannot be."""
    content = _toml(values).encode("utf-8")
    try:
        target = target.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=".settings-", delete=False) as part:
            part.write(content)
        _replace(Path(part.name), target)
    except (OSError, ValueError) as error:
        raise UnavailableError(f"the settings cannot be written to {target}: {_reason(error)}") from error


def _replace(part: Path, target: Path) -> None:
    try:
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _text(path: Path) -> str:
    try:
        if path.exists() and path.stat().st_size > _LARGEST_BYTES:
            raise BadInputError(f"{path} is no settings file: it is larger than 1 MB; move it away")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path} is no settings file: it is not UTF-8 text; mend it or move it away") from error
    except (OSError, ValueError) as error:
        raise BadInputError(
            f"the settings in {path} cannot be read: {_reason(error)}; mend or move the file"
        ) from error


def _reason(error: Exception) -> object:
    return getattr(error, "strerror", None) or error


def _toml(values: Mapping[str, object]) -> str:
    sections: dict[str, list[str]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        sections.setdefault(section, []).append(f"{name} = {_value(value)}\n")
    return "\n".join(f"[{section}]\n{''.join(lines)}" for section, lines in sections.items())


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
