"""Grammars in GBNF that hold a model's answer to our own types.

Answers come out as compact JSON: no space between tokens, the fields of an object in the order of the type, whole
numbers exactly within their limits. The JSON Schema that msgspec derives from a type is what a grammar is made of;
what a grammar cannot hold is refused by name instead of being left out.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from agents.runtime.grammar.digits import HIGHEST, LOWEST, decimal, whole
from agents.runtime.grammar.gbnf import MOST_REPEATS, check_gbnf
from agents.runtime.grammar.patterns import characters
from agents.runtime.ports import PLAIN, Asking
from workbench.errors import BadInputError

Schema = dict[str, Any]

_NOTES = {"title", "description", "default", "examples", "$comment", "deprecated", "$defs", "$schema", "discriminator"}
"""What says nothing about which values are right."""

_KNOWN: dict[str, set[str]] = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "number": {"minimum", "maximum"},
    "boolean": set(),
    "null": set(),
}

_CHARACTER = (
    r'[^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | '
    r'"u" ([0-9A-CE-Fa-ce-f] [0-9A-Fa-f]{3} | [Dd] [0-7] [0-9A-Fa-f]{2}))'
)
"""One character of a JSON string. Halves of surrogate pairs are left out: alone they are no text."""


def schema_of(kind: Any) -> Schema:
    """The JSON Schema of a type that msgspec can decode; raises `BadInputError` where it has none."""
    try:
        return msgspec.json.schema(kind)
    except TypeError as error:
        raise BadInputError(f"no JSON Schema can be made of {kind!r}: {error}") from error


def grammar_of(kind: Any) -> str:
    """The grammar of every value of the type, as msgspec writes it; raises `BadInputError` naming what it cannot hold.

    Decimal numbers have at most six decimals and no exponent.
    """
    return grammar_from(schema_of(kind))


def grammar_from(schema: Schema) -> str:
    """The grammar of a JSON Schema; raises `BadInputError` naming the place of a keyword that it cannot hold."""
    maker = _Maker(schema.get("$defs", {}))
    root = maker.expression(schema, "#")
    text = "\n".join([f"root ::= {root}", *(f"{name} ::= {body}" for name, body in maker.rules.items())]) + "\n"
    check_gbnf(text)
    return text


def held_to(kind: Any, asking: Asking = PLAIN) -> Asking:
    """The same way of asking, with grammar and schema set so that the answer is a value of the type."""
    schema = json.dumps(schema_of(kind), ensure_ascii=False)
    return msgspec.structs.replace(asking, grammar=grammar_of(kind), schema=schema)


class _Maker:
    """The rules of one grammar as they are found to be needed."""

    def __init__(self, definitions: dict[str, Schema]) -> None:
        """Resolve references among `definitions`."""
        self.rules: dict[str, str] = {}
        self._definitions = definitions
        self._references: dict[str, str] = {}

    def expression(self, schema: Schema | bool, place: str) -> str:
        """GBNF of one schema, good as an item of a sequence."""
        if not isinstance(schema, dict):
            raise BadInputError(f"a grammar cannot hold `{json.dumps(schema)}` at {place}")
        for keyword, make in self._makers():
            if keyword in schema:
                self._refuse_others(schema, {keyword, "type"} if keyword in ("enum", "const") else {keyword}, place)
                return make(schema[keyword], f"{place}/{keyword}")
        kind = schema.get("type")
        if isinstance(kind, list):
            return self._either([{**schema, "type": one} for one in kind], place)
        if kind not in _KNOWN:
            raise BadInputError(f"a grammar needs a type at {place}, which has {kind!r}")
        self._refuse_others(schema, {"type", *_KNOWN[kind]}, place)
        made: str = getattr(self, f"_{kind}")(schema, place)
        return made

    def _makers(self) -> Sequence[tuple[str, Callable[[Any, str], str]]]:
        return (
            ("$ref", self._reference),
            ("anyOf", self._either),
            ("oneOf", self._either),
            ("enum", self._constants),
            ("const", lambda value, _: _literal(value)),
        )

    @staticmethod
    def _refuse_others(schema: Schema, known: set[str], place: str) -> None:
        for keyword in schema:
            if keyword not in known and keyword not in _NOTES:
                raise BadInputError(f"a grammar cannot hold the keyword {keyword} at {place}/{keyword}")

    def _named(self, name: str, body: str) -> str:
        """A rule with that body: one that exists already, or a new one whose name begins with `name`."""
        for known, other in self.rules.items():
            if other == body:
                return known
        fresh = self._fresh(name)
        self.rules[fresh] = body
        return fresh

    def _fresh(self, name: str) -> str:
        stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "rule"
        stem = f"{stem}-rule" if stem == "root" else stem
        taken = {*self.rules, *self._references.values()}
        return next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)

    def _reference(self, target: str, place: str) -> str:
        name = target.removeprefix("#/$defs/")
        if name == target or name not in self._definitions:
            raise BadInputError(f"a grammar cannot follow the reference {target!r} at {place}")
        if name not in self._references:
            rule = self._references[name] = self._fresh(name)
            self.rules[rule] = self.expression(self._definitions[name], f"#/$defs/{name}")
        return self._references[name]

    def _either(self, schemas: list[Schema], place: str) -> str:
        found = [self.expression(schema, f"{place}/{number}") for number, schema in enumerate(schemas)]
        if not found:
            raise BadInputError(f"a grammar needs at least one choice at {place}")
        unique = list(dict.fromkeys(found))
        return unique[0] if len(unique) == 1 else f"({' | '.join(unique)})"

    def _constants(self, values: list[Any], place: str) -> str:
        if not values:
            raise BadInputError(f"a grammar needs at least one choice at {place}")
        return f"({' | '.join(_literal(value) for value in values)})"

    def _object(self, schema: Schema, place: str) -> str:
        fields: dict[str, Schema] = schema.get("properties", {})
        more = schema.get("additionalProperties", "properties" not in schema)
        if isinstance(more, dict) and not fields:
            return self._map(more, f"{place}/additionalProperties")
        if isinstance(more, dict) or not (fields or "properties" in schema):
            raise BadInputError(f"a grammar cannot hold an object of any fields at {place}")
        required = set(schema.get("required", ()))
        if unknown := required - set(fields):
            raise BadInputError(f"the field {min(unknown)!r}, which {place} requires, is not described there")
        made = [
            (
                f"{_literal(name)} {_quoted(':')} {self.expression(field, f'{place}/properties/{name}')}",
                name in required,
            )
            for name, field in fields.items()
        ]
        return self._fields(made, schema.get("title", "object"))

    def _fields(self, made: list[tuple[str, bool]], title: str) -> str:
        """Fields in their order with commas between, each with whether it must be there."""
        first = next((n for n, (_, needed) in enumerate(made) if needed), len(made))
        tails = [""]
        for text, needed in reversed(made[1:]):
            tail = _sequence(f'"," {text}' if needed else f'("," {text})?', tails[0])
            tails.insert(0, tail if first == 0 else self._named(f"{title}-rest", tail))
        starts = [_sequence(text, tail) for (text, _), tail in zip(made, tails, strict=False)][: first + 1]
        inside = starts[0] if len(starts) == 1 and first == 0 else f"({' | '.join(starts)})" if starts else ""
        return _sequence('"{"', inside + "?" * (first == len(made) > 0), '"}"')

    def _map(self, values: Schema, place: str) -> str:
        member = self._named("member", f'{self._string({}, place)} ":" {self.expression(values, place)}')
        return f'"{{" ({member} ("," {member})*)? "}}"'

    def _array(self, schema: Schema, place: str) -> str:
        if "prefixItems" in schema:
            return self._tuple(schema, place)
        if not isinstance(schema.get("items"), dict):
            raise BadInputError(f"a grammar cannot hold an array of anything at {place}")
        item = self.expression(schema["items"], f"{place}/items")
        least, most = _limits(schema, ("minItems", "maxItems"), place)
        if most == 0:
            return _quoted("[]")
        more = self._named("item", f'"," {item}')
        repeated = f"{more}{_times(max(0, least - 1), None if most is None else most - 1)}"
        filled = item if most == 1 else f"{item} {repeated}"
        return f'"[" {filled} "]"' if least else f'"[" ({filled})? "]"'

    def _tuple(self, schema: Schema, place: str) -> str:
        items = schema["prefixItems"]
        least, most = _limits(schema, ("minItems", "maxItems"), place)
        if schema.get("items") is not False or least != len(items) or most not in (None, len(items)):
            raise BadInputError(f"a grammar can hold a tuple only with all of its items, and no more, at {place}")
        made = (self.expression(item, f"{place}/prefixItems/{number}") for number, item in enumerate(items))
        return f'"[" {" {} ".format(_quoted(",")).join(made)} "]"' if items else _quoted("[]")

    def _string(self, schema: Schema, place: str) -> str:
        least, most = _limits(schema, ("minLength", "maxLength"), place)
        if "pattern" in schema:
            if "minLength" in schema or "maxLength" in schema:
                raise BadInputError(f"a grammar cannot hold a pattern together with lengths at {place}/pattern")
            matched = characters(schema["pattern"], f"{place}/pattern")
            return self._named("string", _sequence(r'"\""', matched, r'"\""'))
        character = self._named("character", _CHARACTER)
        return self._named("string", rf'"\"" {character}{_times(least, most)} "\""')

    def _integer(self, schema: Schema, place: str) -> str:
        given = {name: _whole_limit(schema[name], f"{place}/{name}") for name in _KNOWN["integer"] & set(schema)}
        low = max(given.get("minimum", LOWEST), given.get("exclusiveMinimum", LOWEST - 1) + 1)
        high = min(given.get("maximum", HIGHEST), given.get("exclusiveMaximum", HIGHEST + 1) - 1)
        return self._named("integer", self._ranged(whole, (low, high), place))

    def _number(self, schema: Schema, place: str) -> str:
        limits = []
        for keyword in ("minimum", "maximum"):
            limit = schema.get(keyword)
            if limit is not None and limit != int(limit):
                raise BadInputError(
                    f"a grammar can hold a number only to whole limits, not {limit} at {place}/{keyword}"
                )
            limits.append(None if limit is None else int(limit))
        return self._named("number", self._ranged(decimal, (limits[0], limits[1]), place))

    @staticmethod
    def _ranged(make: Callable[[Any, Any], str], limits: tuple[Any, Any], place: str) -> str:
        try:
            return make(*limits)
        except BadInputError as error:
            raise BadInputError(f"{error}, at {place}") from error

    @staticmethod
    def _boolean(_schema: Schema, _place: str) -> str:
        return '("true" | "false")'

    @staticmethod
    def _null(_schema: Schema, _place: str) -> str:
        return '"null"'


def _whole_limit(limit: float, place: str) -> int:
    if limit != int(limit):
        raise BadInputError(f"a whole number needs whole limits, not {limit} at {place}")
    return int(limit)


def _limits(schema: Schema, names: tuple[str, str], place: str) -> tuple[int, int | None]:
    least, most = schema.get(names[0], 0), schema.get(names[1])
    if max(least, most or 0) > MOST_REPEATS:
        raise BadInputError(f"a grammar can count to {MOST_REPEATS}, not to {max(least, most or 0)}, at {place}")
    if most is not None and most < least:
        raise BadInputError(f"{names[0]} {least} and {names[1]} {most} leave nothing at {place}")
    return least, most


def _times(least: int, most: int | None) -> str:
    if most is None:
        return "*" if least == 0 else f"{{{least},}}"
    return f"{{{least}}}" if least == most else f"{{{least},{most}}}"


def _sequence(*items: str) -> str:
    return " ".join(item for item in items if item)


def _literal(value: object) -> str:
    """The value as msgspec writes it, as a literal of GBNF."""
    return _quoted(msgspec.json.encode(value).decode())


def _quoted(text: str) -> str:
    r"""A literal of GBNF: quotes and backslashes escaped, what does not print as \x or \u."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if " " <= c != "\x7f" else f"\\x{ord(c):02x}" for c in plain) + '"'
