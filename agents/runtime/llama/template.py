"""A model's chat template: where its own control tokens stand between the parts of our messages.

The template never sees our text. Each part is replaced by a mark that occurs nowhere else; what the template wrote
around the marks is the model's, what belongs at the marks is ours, and the two are turned into tokens apart.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from agents.runtime.messages import Image, Text, Turn, Turns
from workbench.errors import BadInputError


@dataclass(frozen=True)
class Frame:
    """Text of the template: the only text that may become control tokens."""

    text: str


Segment = Frame | Text | Image
"""A stretch of a prompt as the model shall see it."""


class ChatTemplate:
    """The template of one model, compiled; `of` names the model in errors."""

    def __init__(self, source: str, names: dict[str, str], *, of: str) -> None:
        self._of = of
        self._names = names
        if not source:
            raise BadInputError(f"{of} has no chat template, so it cannot be asked: choose an instruct model")
        self._template = _compiled(source, of)

    def segments(self, turns: Turns, *, asks: bool) -> list[Segment]:
        """The prompt in order. With `asks` it ends where the model shall answer; otherwise behind its last part."""
        if not any(turn.parts for turn in turns):
            raise BadInputError("the prompt is empty: ask the model something")
        turns = tuple(Turn(turn.role, tuple(_joined(turn))) for turn in turns)
        why = ""
        for variant in _variants(turns):
            marked = _Marked()
            try:
                text = self._render(marked.messages(variant), asks=asks)
            except _TemplateError as error:
                why = why or str(error)
                continue
            if marked.complete(text):
                found = marked.split(text)
                return found if asks else found[:-1]
        raise BadInputError(
            f"the chat template of {self._of} does not take this prompt ({why or 'it leaves a part of it out'}): "
            "begin with one system message, then let user and assistant take turns"
        )

    def _render(self, messages: list[dict[str, Any]], *, asks: bool) -> str:
        from jinja2 import TemplateError

        try:
            return str(
                self._template.render(
                    messages=messages,
                    add_generation_prompt=asks,
                    tools=None,
                    documents=None,
                    raise_exception=_refuse,
                    strftime_now=lambda shape: datetime.now().astimezone().strftime(shape),
                    **self._names,
                )
            )
        except (
            TemplateError,
            TypeError,
            ValueError,
            KeyError,
            AttributeError,
            ArithmeticError,
            RecursionError,
        ) as error:
            raise _TemplateError(" ".join(str(error).split())[:200] or type(error).__name__) from error


class _TemplateError(Exception):
    """The template did not take these messages."""


def _refuse(message: str) -> NoReturn:
    raise _TemplateError(message)


def _compiled(source: str, of: str) -> Any:
    """Compile in a sandbox that reaches nothing: templates come with files from strangers."""
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    sandbox = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _generation_tag()]
    )
    sandbox.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        return sandbox.from_string(source)
    except jinja2.TemplateError as error:
        raise BadInputError(f"the chat template of {of} does not parse ({error}): the file is broken") from error


def _generation_tag() -> Any:
    """Training marks what the assistant says by `{% generation %}`; for us it is as if it were not there."""
    from jinja2.ext import Extension

    class Generation(Extension):
        tags = {"generation"}  # noqa: RUF012 - the shape jinja2 gives it

        def parse(self, parser: Any) -> Any:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    return Generation


class _Marked:
    """Messages whose parts are marks, and the way back."""

    def __init__(self) -> None:
        self._stem = f"part{secrets.token_hex(8)}n"
        self._parts: list[Text | Image] = []

    def messages(self, variant: "_Variant") -> list[dict[str, Any]]:
        return [
            {"role": turn.role, "content": self._content(turn, as_list=variant.as_list(turn))} for turn in variant.turns
        ]

    def complete(self, text: str) -> bool:
        """Whether every part stands there once, in order, and no list was written out as Python writes it."""
        marks = [self._mark(number) for number in range(len(self._parts))]
        places = [text.find(mark) for mark in marks]
        once = all(text.count(mark) == 1 for mark in marks)
        written_out = any(f"'text': '{mark}'" in text or f'"text": "{mark}"' in text for mark in marks)
        return once and places == sorted(places) and not written_out

    def split(self, text: str) -> list[Segment]:
        """The frames and parts in order; begins and ends with a frame, which may be empty."""
        found: list[Segment] = []
        for number, part in enumerate(self._parts):
            before, _, text = text.partition(self._mark(number))
            found += [Frame(before), part]
        return [*found, Frame(text)]

    def _content(self, turn: Turn, *, as_list: bool) -> str | list[dict[str, str]]:
        marks = []
        for part in turn.parts:
            marks.append(self._mark(len(self._parts)))
            self._parts.append(part)
        return [{"type": "text", "text": mark} for mark in marks] if as_list else "".join(marks)

    def _mark(self, number: int) -> str:
        return f"{self._stem}{number}e"


@dataclass(frozen=True)
class _Variant:
    """One way to hand messages to a template: which of them as lists of parts."""

    turns: Turns
    lists: str

    def as_list(self, turn: Turn) -> bool:
        return self.lists == "all" or (self.lists == "pictures" and any(isinstance(part, Image) for part in turn.parts))


def _variants(turns: Turns) -> Iterator[_Variant]:
    """Templates differ: some take lists, some only text, some know no system message. The most natural comes first."""
    folded = _system_folded(turns)
    for given in (turns,) if folded is turns else (turns, folded):
        for lists in ("pictures", "all", "none"):
            yield _Variant(given, lists)


def _system_folded(turns: Turns) -> Turns:
    """The system message as the beginning of the first user message."""
    if len(turns) < 2 or turns[0].role != "system" or turns[1].role != "user":
        return turns
    first = Turn("user", (*turns[0].parts, Text("\n\n"), *turns[1].parts))
    return (Turn("user", tuple(_joined(first))), *turns[2:])


def _joined(turn: Turn) -> Iterator[Text | Image]:
    """The parts with neighbouring texts put together, and without empty ones."""
    text = ""
    for part in turn.parts:
        if isinstance(part, Text):
            text += part.text
            continue
        if text:
            yield Text(text)
        text = ""
        yield part
    if text:
        yield Text(text)
