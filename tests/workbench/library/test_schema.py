"""The published JSON Schema is the one the program writes by."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.codec import to_json
from workbench.schema import schema_text, trajectory_schema

TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}
SAID = {"$schema", "$id", "$defs", "title", "description", "default", "discriminator"}


def test_the_published_schema_is_the_generated_one(root: Path):
    published = root / "docs" / "schema" / "trajectory.schema.json"
    assert published.read_text() == schema_text(), "write workbench.schema.schema_text() to it"


def test_a_sample_fits_the_schema(a_trajectory):
    assert flaws(a_trajectory("one", frames=("a" * 32,))) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_trajectory_fits_the_schema(trajectories, data):
    assert flaws(data.draw(trajectories(st.just("a" * 32)))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"click"', '"exec"'),
        ('"title":', '"titel":'),
        ('"x":10', '"x":"ten"'),
        ('"width":30', '"width":null'),
        ('"steps":[', '"more":1,"steps":['),
    ],
)
def test_what_is_wrong_does_not_fit_the_schema(a_trajectory, old, new):
    text = to_json(a_trajectory("one")).decode()
    assert old in text
    assert flaws(json.loads(text.replace(old, new))) != []


def flaws(value: Any) -> list[str]:
    plain = value if isinstance(value, dict) else json.loads(to_json(value))
    schema = trajectory_schema()
    return list(_flaws(plain, schema, schema["$defs"], ""))


def _flaws(value: Any, schema: dict[str, Any], defs: dict[str, Any], where: str) -> list[str]:
    """A validator of as much of JSON Schema as the schema uses; a keyword it does not know is a flaw."""
    found: list[str] = []
    for keyword, rule in schema.items():
        if keyword not in SAID:
            found += [f"{where}: {flaw}" for flaw in _plain(value, keyword, rule, schema)]
            found += [
                f for part, inner, name in _parts(value, keyword, rule) for f in _flaws(part, inner, defs, where + name)
            ]
        if keyword == "$ref":
            found += _flaws(value, defs[rule.removeprefix("#/$defs/")], defs, where)
        if keyword == "anyOf" and all(_flaws(value, each, defs, where) for each in rule):
            found.append(f"{where}: fits none of {len(rule)}")
    return found


def _plain(value: Any, keyword: str, rule: Any, schema: dict[str, Any]) -> list[str]:
    """What a keyword says about the value itself."""
    held = set(value) if isinstance(value, dict) else set()
    length = len(value) if isinstance(value, list) else None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    right = {
        "type": lambda: number if rule in ("number", "integer") else isinstance(value, TYPES.get(rule, ())),
        "enum": lambda: value in rule,
        "required": lambda: not isinstance(value, dict) or held.issuperset(rule),
        "additionalProperties": lambda: rule is False and held.issubset(schema.get("properties", {})),
        "minItems": lambda: length is None or length >= rule,
        "maxItems": lambda: length is None or length <= rule,
    }
    if keyword in ("$ref", "anyOf", "properties", "items", "prefixItems"):
        return []
    return [] if keyword in right and right[keyword]() else [f"{value!r} does not fit {keyword} {rule!r}"]


def _parts(value: Any, keyword: str, rule: Any) -> list[tuple[Any, dict[str, Any], str]]:
    """The parts of the value that a keyword gives schemas to."""
    if keyword == "properties" and isinstance(value, dict):
        return [(value[name], each, f".{name}") for name, each in rule.items() if name in value]
    if keyword == "items" and isinstance(value, list) and rule is not False:
        return [(item, rule, "[]") for item in value]
    if keyword == "prefixItems" and isinstance(value, list):
        return [(item, each, "[]") for item, each in zip(value, rule, strict=False)]
    return []
