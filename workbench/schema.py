"""The JSON Schema of trajectories, for programs that read or write them without this one."""

import inspect
from typing import Any

import msgspec

from workbench.trajectory import SCHEMA_VERSION, Trajectory

SCHEMA_ID = f"gui-agent-workbench/trajectory-{SCHEMA_VERSION}"


def trajectory_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of what `show --json` prints and `trajectory.json` in a bundle holds."""
    described = _dedented(msgspec.json.schema(Trajectory))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **described}


def _dedented(value: Any) -> Any:
    """Docstrings without the indentation of the source, which Python 3.13 strips and 3.11 does not."""
    if isinstance(value, dict):
        return {
            name: inspect.cleandoc(item) if name == "description" and isinstance(item, str) else _dedented(item)
            for name, item in value.items()
        }
    return [_dedented(item) for item in value] if isinstance(value, list) else value


def schema_text() -> str:
    """The schema as it is published in `docs/schema/trajectory.schema.json`."""
    return msgspec.json.format(msgspec.json.encode(trajectory_schema()), indent=2).decode() + "\n"
