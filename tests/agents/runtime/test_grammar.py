"""Grammars made of our own types, against an interpreter of GBNF written for these tests, and against llama.cpp."""

import json
import random
import re
import subprocess
import sys
import typing
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta, Struct

from agents.runtime.grammar.digits import HIGHEST, LOWEST, decimal, whole
from agents.runtime.grammar.gbnf import MOST_REPEATS, check_gbnf
from agents.runtime.grammar.json_schema import grammar_from, grammar_of, held_to, schema_of
from agents.runtime.local import LocalModel
from agents.runtime.messages import Load
from agents.runtime.models.families import family
from agents.runtime.pointing.answers import numbers_of
from agents.runtime.pointing.asking import asking_of, question
from agents.runtime.pointing.targets import scene
from agents.runtime.ports import Asking
from agents.runtime.typed import ask_typed
from workbench.actions import ACTION_TYPES, Action, Argument, Click, Condition, Finish, PathPoint
from workbench.errors import BadInputError

MODEL = Path(__file__).parents[2] / "data/tiny_vlm/lm.gguf"
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAMPLES = " aZ09_,:{}[]/-.\x7fé漢\U0001f600"


class Circle(Struct, tag="circle", frozen=True):
    radius: Annotated[int, Meta(ge=1, le=40)]


class Label(Struct, tag="label", frozen=True, omit_defaults=True):
    text: Annotated[str, Meta(max_length=5)] = ""
    name: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,3}\.?$")] = "a"
    bold: bool = False


class Group(Struct, tag="group", frozen=True):
    parts: Annotated[list["Circle | Label | Group"], Meta(max_length=2)]
    size: tuple[int, Annotated[float, Meta(ge=-2, le=1)]]
    level: Literal[1, "one", None] = None
    weights: dict[str, Annotated[int, Meta(gt=-3, lt=3)]] = {}
    pair: Annotated[list[bool], Meta(min_length=2, max_length=3)] = msgspec.field(default_factory=lambda: [True, False])


Shape = Circle | Label | Group


# the interpreter: a grammar is read into nested tuples, which can be matched and generated from


class Reading:
    """A grammar, as nested tuples: ("any", alternatives), ("all", items), ("ref", name), ("one", negated, ranges), …"""

    def __init__(self, text):
        self.text, self.at, self.rules = text, 0, {}
        while self.at < len(text):
            head = re.compile(r"([A-Za-z0-9-]+) ::= ").match(text, self.at)
            self.at = head.end()
            self.rules[head[1]] = self.either()
            assert text[self.at] == "\n"
            self.at += 1

    def either(self):
        found = [self.sequence()]
        while self.text[self.at] == "|":
            self.at += 2
            found.append(self.sequence())
        return ("any", found)

    def sequence(self):
        found = []
        while self.text[self.at] not in "|)\n":
            found.append(self.repeated(self.item()))
            while self.text[self.at] == " ":
                self.at += 1
        return ("all", found)

    def item(self):
        start = self.text[self.at]
        if start == "(":
            self.at += 1
            inner = self.either()
            assert self.text[self.at] == ")"
            self.at += 1
            return inner
        if start == '"':
            self.at += 1
            found = []
            while self.text[self.at] != '"':
                found.append(self.character())
            self.at += 1
            return ("all", [("one", False, [(c, c)]) for c in found])
        if start == "[":
            return self.ranges()
        name = re.compile(r"[A-Za-z0-9-]+").match(self.text, self.at)
        self.at = name.end()
        return ("ref", name.group())

    def ranges(self):
        self.at += 1
        negated = self.text[self.at] == "^"
        self.at += negated
        found = []
        while self.text[self.at] != "]":
            low = high = self.character()
            if self.text[self.at] == "-" and self.text[self.at + 1] != "]":
                self.at += 1
                high = self.character()
            found.append((low, high))
        self.at += 1
        return ("one", negated, found)

    def character(self):
        escape = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))").match(self.text, self.at)
        if escape is None:
            self.at += 1
            return self.text[self.at - 1]
        self.at = escape.end()
        return chr(int(escape[1], 16)) if escape[1] else {"n": "\n", "r": "\r", "t": "\t"}.get(escape[2], escape[2])

    def repeated(self, item):
        found = re.compile(r"([*+?])|\{(\d+)(,?)(\d*)\}").match(self.text, self.at)
        if found is None:
            return item
        self.at = found.end()
        if found[1]:
            return ("times", item, int(found[1] == "+"), 1 if found[1] == "?" else None)
        least = int(found[2])
        return ("times", item, least, int(found[4]) if found[4] else (None if found[3] else least))


def takes(reading, text):
    return len(text) in _ends(reading, ("ref", "root"), text, frozenset([0]))


def _ends(reading, node, text, starts):
    """Where the node may end in the text when it begins at one of `starts`."""
    if node[0] == "ref":
        return _ends(reading, reading.rules[node[1]], text, starts) if starts else starts
    if node[0] == "any":
        return frozenset().union(*(_ends(reading, one, text, starts) for one in node[1]))
    if node[0] == "all":
        for item in node[1]:
            starts = _ends(reading, item, text, starts) if starts else starts
        return starts
    if node[0] == "one":
        return frozenset(at + 1 for at in starts if at < len(text) and _fits(text[at], node))
    _, item, least, most = node
    for _ in range(least):
        starts = _ends(reading, item, text, starts)
    found, count = starts, least
    while starts and (most is None or count < most):
        starts, count = _ends(reading, item, text, starts) - found, count + 1
        found |= starts
    return found


def _fits(character, node):
    return any(low <= character <= high for low, high in node[2]) != node[1]


def written(reading, chance, node=("ref", "root"), depth=0):
    """A random text of the grammar."""
    if node[0] == "ref":
        return written(reading, chance, reading.rules[node[1]], depth + 1)
    if node[0] == "any":
        return written(reading, chance, chance.choice(node[1]), depth)
    if node[0] == "all":
        return "".join(written(reading, chance, item, depth) for item in node[1])
    if node[0] == "one":
        if node[1]:
            return chance.choice([c for c in SAMPLES if _fits(c, node)])
        low, high = chance.choice(node[2])
        return chr(chance.randint(ord(low), ord(high)))
    _, item, least, most = node
    more = 0 if depth > 8 else chance.randint(0, 4 if most is None else most - least)
    return "".join(written(reading, chance, item, depth) for _ in range(least + more))


def reading_of(kind):
    return Reading(grammar_of(kind))


ACTIONS, SHAPES = reading_of(Action), reading_of(Shape)


# values of our types

NUMBERS = st.integers(-(10**6), 10**6) | st.integers(-(10**8), 10**8).map(lambda n: n / 1000)
for kind in (Argument, Condition, PathPoint, *ACTION_TYPES):
    hints = typing.get_type_hints(kind)
    fields = {
        name: NUMBERS if hint is float else st.integers(LOWEST, HIGHEST) if hint is int else st.from_type(hint)
        for name, hint in hints.items()
        if name in kind.__struct_fields__
    }
    st.register_type_strategy(kind, st.builds(kind, **fields))

CIRCLES = st.builds(Circle, st.integers(1, 40))
LABELS = st.builds(Label, st.text(max_size=5), st.from_regex(r"\A[a-z][a-z0-9_]{0,3}\.?\Z"), st.booleans())
SHAPE_VALUES = st.recursive(
    CIRCLES | LABELS,
    lambda inner: st.builds(
        Group,
        parts=st.lists(inner, max_size=2),
        size=st.tuples(st.integers(LOWEST, HIGHEST), st.integers(-2000, 1000).map(lambda n: n / 1000)),
        level=st.sampled_from([1, "one", None]),
        weights=st.dictionaries(st.text(max_size=3), st.integers(-2, 2), max_size=3),
        pair=st.lists(st.booleans(), min_size=2, max_size=3),
    ),
    max_leaves=4,
)


@unhurried
@given(st.one_of(*(st.from_type(kind) for kind in ACTION_TYPES)))
def test_every_action_is_accepted_as_it_is_written(action):
    assert takes(ACTIONS, msgspec.json.encode(action).decode())


@unhurried
@given(st.randoms(use_true_random=False))
def test_whatever_the_grammar_of_actions_writes_is_an_action(chance):
    msgspec.json.decode(written(ACTIONS, chance), type=Action)


@unhurried
@given(SHAPE_VALUES)
def test_every_value_of_a_recursive_union_is_accepted_as_it_is_written(shape):
    assert takes(SHAPES, msgspec.json.encode(shape).decode())


@unhurried
@given(st.randoms(use_true_random=False))
def test_whatever_the_grammar_of_a_recursive_union_writes_keeps_every_limit(chance):
    msgspec.json.decode(written(SHAPES, chance), type=Shape)


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"circle","radius":0}',
        '{"type":"circle","radius":41}',
        '{"type":"circle","radius":07}',
        '{"type":"circle","radius": 7}',
        '{"type":"circle"}',
        '{"radius":7,"type":"circle"}',
        '{"type":"circle","radius":7,"radius":7}',
        '{"type":"label","text":"sixsix"}',
        '{"type":"label","text":"a\nb"}',
        '{"type":"label","text":"\\ud800"}',
        '{"type":"label","name":"A"}',
        '{"type":"label","bold":true,"text":""}',
        '{"type":"square"}',
        "{}",
        "",
    ],
)
def test_what_the_type_does_not_allow_is_not_accepted(text):
    assert not takes(SHAPES, text)


@unhurried
@given(st.integers(-1500, 1500), st.integers(0, 1500))
def test_whole_numbers_are_exactly_those_between_the_limits(low, width):
    reading = Reading(f"root ::= {whole(low, low + width)}\n")
    accepted = [number for number in range(-1600, 3101) if takes(reading, str(number))]
    assert accepted == list(range(low, low + width + 1))
    assert not any(takes(reading, text) for text in ("-0", "", "-", "00", f"0{low}", f"+{abs(low)}"))


@unhurried
@given(st.integers(LOWEST, HIGHEST), st.integers(LOWEST, HIGHEST), st.randoms(use_true_random=False))
def test_whole_numbers_of_any_size_end_at_the_limits(one, other, chance):
    low, high = sorted((one, other))
    reading = Reading(f"root ::= {whole(low, high)}\n")
    assert [takes(reading, str(n)) for n in (low - 1, low, high, high + 1)] == [False, True, True, False]
    assert low <= int(written(reading, chance)) <= high


@unhurried
@given(st.integers(-300, 300), st.integers(0, 300), st.integers(-700_000_000, 700_000_000))
def test_decimal_numbers_are_exactly_those_between_the_limits(low, width, millionths):
    reading = Reading(f"root ::= {decimal(low, low + width)}\n")
    sign, size = "-" * (millionths < 0), abs(millionths)
    text = f"{sign}{size // 10**6}.{size % 10**6:06d}"
    assert takes(reading, text) == (low * 10**6 <= millionths <= (low + width) * 10**6)


def test_a_schema_names_what_a_type_is_made_of():
    assert schema_of(Circle)["$defs"]["Circle"]["properties"]["radius"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 40,
    }
    with pytest.raises(BadInputError, match="no JSON Schema can be made of"):
        schema_of(object)


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "string", "format": "date-time"}, "format at #/format"),
        ({"type": "object", "properties": {"a": {"type": "integer", "multipleOf": 2}}}, "#/properties/a/multipleOf"),
        ({"type": "object"}, "any fields at #"),
        ({"type": "object", "properties": {}, "additionalProperties": {"type": "null"}}, None),
        ({"type": "object", "properties": {}, "required": ["a"]}, "'a'"),
        ({"type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": {}}, "any fields at #"),
        ({"type": "array"}, "anything at #"),
        ({"type": "array", "items": {}}, "#/items"),
        ({"type": "array", "items": {"type": "null"}, "uniqueItems": True}, "uniqueItems at #/uniqueItems"),
        ({"type": "array", "items": {"type": "null"}, "maxItems": 5000}, "not to 5000, at #"),
        ({"type": "array", "items": {"type": "null"}, "minItems": 3, "maxItems": 2}, "leave nothing at #"),
        ({"type": "array", "prefixItems": [{"type": "null"}]}, "a tuple only with all of its items"),
        ({"type": "string", "pattern": "a"}, "#/pattern"),
        ({"type": "string", "pattern": "^(a|b)$"}, "#/pattern"),
        ({"type": "string", "pattern": "^[^a]$"}, "#/pattern"),
        ({"type": "string", "pattern": "^[!-~]$"}, "#/pattern"),
        ({"type": "string", "pattern": "^a$", "maxLength": 3}, "#/pattern"),
        ({"type": "integer", "minimum": 3, "maximum": 2}, "at #"),
        ({"type": "integer", "minimum": 0.5}, "#/minimum"),
        ({"type": "number", "maximum": 0.5}, "#/maximum"),
        ({"type": "number", "exclusiveMinimum": 0}, "#/exclusiveMinimum"),
        ({"anyOf": [{"type": "null"}, {"not": {}}]}, "#/anyOf/1"),
        ({"anyOf": []}, "#/anyOf"),
        ({"enum": []}, "#/enum"),
        ({"$ref": "#/$defs/Gone"}, "'#/$defs/Gone'"),
        ({"$ref": "https://example.org/schema"}, "'https://example.org/schema'"),
        ({"allOf": []}, "#"),
        ({}, "#"),
    ],
)
def test_a_keyword_that_a_grammar_cannot_hold_is_refused_by_its_place(schema, place):
    if place is None:
        grammar_from(schema)
        return
    with pytest.raises(BadInputError) as caught:
        grammar_from(schema)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no rule named root"),
        ('answer ::= "a"', "no rule named root"),
        ("root ::= a", "root refers to a, which is not defined"),
        ('root ::= "a', "line 1: a literal has no end"),
        ('root ::= "a\\q"', "no escape"),
        ("root ::= [a", "a class of characters has no end"),
        ("root ::= []", "a class of characters is empty"),
        ('root ::= ("a" | "b"', "`)` is missing"),
        ('root ::= "a")', "')' is not expected"),
        ("root ::= *", "stands after nothing"),
        ('root ::= "a"{2,1}', "is impossible"),
        ('root ::= "a"{9999}', "counts to 1999 repetitions"),
        ('root ::= "a"{x}', "a repetition is written"),
        ('root = "a"', "`::=` is missing after root"),
        ('root ::= "a"\nroot ::= "b"', "line 2: the rule root is defined twice"),
        ('root ::= a_b\na ::= "x"', "'_' is not expected"),
        ('root ::= root "a"', "begins with itself: root → root"),
        ('root ::= a "x"\na ::= "y"? root', "begins with itself"),
        ('root ::= "" ("b"* root)', "begins with itself"),
        ("root ::= " + "(" * 500 + '"a"' + ")" * 500, "too deeply"),
    ],
)
def test_a_grammar_that_llama_cpp_would_refuse_is_refused_with_its_reason(text, said):
    with pytest.raises(BadInputError) as caught:
        check_gbnf(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@unhurried
@given(st.text(alphabet='ro:=ot "a[]()|*+?{}1,\\x\n#<>!.-', max_size=40))
def test_no_text_makes_the_check_fail_in_another_way(text):
    assert {_checked(grammar) for grammar in (text, f"root ::= {text}")} <= {True, False}


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("^$", [""], ["a"]),
        (r"^\d{2,3}\.?$", ["12", "123."], ["1", "1234", "12.."]),
        (r"^[a-c\-]+[^]$", None, None),
        (r"^[\]^]*x$", ["x", "]^x"], ["a", "]"]),
        (r"^\w-\w$", ["a-_"], ["é-a", "a--"]),
    ],
)
def test_a_simple_pattern_is_held_to_the_letter(pattern, fits, fails):
    schema = {"type": "string", "pattern": pattern}
    if fits is None:
        with pytest.raises(BadInputError):
            grammar_from(schema)
        return
    reading = Reading(grammar_from(schema))
    assert [text for text in (*fits, *fails) if takes(reading, f'"{text}"')] == fits
    assert all(re.search(pattern, text) for text in fits)


def test_names_that_a_grammar_has_for_itself_can_be_names_of_types():
    class Root(Struct):
        string: str
        integer: "int | None" = None

    definitions = {
        "root": {"type": "object", "properties": {"a": {"$ref": "#/$defs/string"}}, "required": ["a"]},
        "string": {"enum": ["x  y", 'q"\\', "\x7f"]},
        "character": {"type": "string"},
    }
    schema = {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in definitions], "$defs": definitions}
    reading = Reading(grammar_from(schema))
    assert all(takes(reading, text) for text in ('{"a":"x  y"}', '"x  y"', r'"q\"\\"', '"anything"'))
    assert not takes(reading, '{"a":"anything"}')
    assert takes(reading_of(Root), '{"string":"","integer":-1}')


# llama.cpp itself

IN_LLAMA = """
import ctypes, json, sys
import llama_cpp as l

@l.llama_log_callback
def quiet(level, text, user):
    pass

l.llama_log_set(quiet, None)
l.llama_backend_init()
parameters = l.llama_model_default_params()
parameters.vocab_only = True
model = l.llama_model_load_from_file(sys.argv[1].encode(), parameters)
vocabulary = l.llama_model_get_vocab(model)
end = l.llama_vocab_eos(vocabulary)

def allowed(sampler, token):
    one = (l.llama_token_data * 1)(l.llama_token_data(token, 0.0, 0.0))
    array = l.llama_token_data_array(one, 1, -1, False)
    l.llama_sampler_apply(sampler, ctypes.byref(array))
    return one[0].logit == 0.0

def takes(grammar, text):
    sampler = l.llama_sampler_init_grammar(vocabulary, grammar.encode(), b"root")
    if not sampler:
        return None
    try:
        for byte in text.encode():
            if not allowed(sampler, byte):
                return False
            l.llama_sampler_accept(sampler, byte)
        return allowed(sampler, end)
    finally:
        l.llama_sampler_free(sampler)

print(json.dumps([takes(*question) for question in json.load(sys.stdin)]))
"""


def in_llama(questions):
    """Whether llama.cpp takes the text, for pairs of grammar and text; None where it refuses the grammar."""
    done = subprocess.run(
        [sys.executable, "-c", IN_LLAMA, str(MODEL)],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def spoilt(text, chance):
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(['"', "0", "}", ",", "\n", ""]) + text[at + chance.randint(0, 1) :]


def test_llama_cpp_takes_exactly_what_the_interpreter_takes():
    chance = random.Random(7)
    questions = []
    for kind, reading in ((Action, ACTIONS), (Shape, SHAPES)):
        texts = [written(reading, chance) for _ in range(40)]
        texts += [spoilt(text, chance) for text in texts]
        questions += [(kind, reading, text) for text in texts]
    answers = in_llama([(grammar_of(kind), text) for kind, _, text in questions])
    assert answers == [takes(reading, text) for _, reading, text in questions]
    assert answers.count(True) >= 80
    assert answers.count(False) >= 40


def test_llama_cpp_and_the_check_agree_about_what_a_grammar_is():
    grammars = [
        'root ::= "a"',
        '# nothing else\nroot ::= [^a-z\\]] . a-1*\na-1 ::= (\n"x" |\n[\\x41-\\x43]{2,3}) # two',
        'root ::= a\n\n\na ::=\n"x"\n',
        'root ::= ("a" | )',
        f'root ::= "a"{{{MOST_REPEATS}}}',
        f'root ::= "a"{{{MOST_REPEATS + 2}}}',
        "root ::= a",
        'root ::= "a',
        "root ::= [a",
        'root ::= ("a"',
        "root ::= *",
        'root ::= root "a"',
        'root = "a"',
        'root ::= "\\q"',
        'root ::= "a" )',
    ]
    assert [answer is not None for answer in in_llama([(text, "") for text in grammars])] == [
        _checked(text) for text in grammars
    ]


def _checked(text):
    try:
        check_gbnf(text)
    except BadInputError:
        return False
    return True


class Spot(Struct, frozen=True):
    x: Annotated[int, Meta(ge=0, le=99)]
    y: Annotated[int, Meta(ge=0, le=99)]


def test_the_real_model_answers_in_our_type_as_it_does_under_its_own_grammar():
    drawn = scene((192, 128), (0.17,), random.Random(3))
    own = family("built-in").pointing
    with LocalModel("tiny", Load(0, str(MODEL), str(MODEL.with_name("mmproj.gguf")), threads=2)) as model:
        for target in drawn.targets:
            prompt = question(own, drawn.picture, target.name)
            spot = ask_typed(model, prompt, Spot, asking=held_to(Spot))
            assert (spot.x, spot.y) == numbers_of(model.ask(prompt, asking_of(own)).text, own.form)
        action = ask_typed(model, prompt, Click | Finish, asking=held_to(Click | Finish, Asking(max_tokens=400)))
        assert isinstance(action, Click | Finish)
