"""From cases to batches: prompts become tokens, the spans of supervision become columns, screens are packed.

A screen's list is encoded once and followed by all questions about it. A question's tokens are its prompt and its
answer without the last token; their positions go on where the list ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from agents.prompts.choosing import BUILT_IN, Choice, TypeInto, question_text, screen_text, told
from agents.prompts.folding import folded
from agents.screen.listing import ElementList
from builtin_model.case import Case, Kind, PointingKind
from builtin_model.case import Span as Marked
from builtin_model.tokens import ANSWERING, ASKED, Span, Tokeniser

Columns = NDArray[np.int32]


@dataclass(frozen=True)
class Question:
    """A question in tokens; places count from its own first token, `element` is a column of the list or -1.

    `mention` is where the words stand that name the element, `copied` where the typed text stands in the prompt.
    """

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    kind: Kind | PointingKind
    element: int = -1
    mention: Span | None = None
    copied: Span | None = None

    @property
    def size(self) -> int:
        """How many tokens of it the network reads."""
        return len(self.prompt) + len(self.answer) - 1


@dataclass(frozen=True)
class Screen:
    """A list in tokens, where each line's reference stands and its name, and the questions about it."""

    tokens: tuple[int, ...]
    names: tuple[tuple[int, int, int], ...]
    questions: tuple[Question, ...]

    @property
    def size(self) -> int:
        """How many tokens the network reads of it."""
        return len(self.tokens) + sum(question.size for question in self.questions)


class Encoder:
    """Turns cases into tokens, exactly as the product hands the same prompt to llama.cpp."""

    def __init__(self, tokeniser: Tokeniser) -> None:
        self._tokeniser = tokeniser
        self._begin = tokeniser.encode_frame(ASKED)
        self._ask = tokeniser.encode_frame(ANSWERING)

    def screen(self, shown: ElementList, cases: Iterable[Case]) -> Screen:
        """The list and its questions."""
        tokens = self._begin + self._tokeniser.encode(screen_text(shown, BUILT_IN))
        names = self._names(tokens, shown)
        columns = {ref: column for ref, (column, _, _) in names.items()}
        questions = tuple(self._question(case, columns) for case in cases)
        return Screen(tuple(tokens), tuple(place for place in names.values() if place[2] > place[1]), questions)

    def _names(self, tokens: Sequence[int], shown: ElementList) -> dict[str, tuple[int, int, int]]:
        """By reference: the column of its token, and where the name of its line begins and ends."""
        found: dict[str, tuple[int, int, int]] = {}
        texts = [self._tokeniser.tokens[token].text for token in tokens]
        due, began = iter([*shown.lines, None]), 0
        line = next(due)
        for column, text in enumerate(texts):
            if text.startswith("\n"):
                began = column
            elif line is not None and text in (f" [{line.ref}]", f' " [{line.ref}]'):
                size = len(self._tokeniser.encode(" " + folded(line.name.replace('"', "'")))) if line.name else 0
                found[line.ref] = (column, began + 1, min(began + 1 + size, column))
                line = next(due)
        return found

    def _question(self, case: Case, columns: dict[str, int]) -> Question:
        text = "\n" + question_text(case.situation, BUILT_IN)
        prompt = self._tokeniser.encode(text)
        answer = self._tokeniser.encode(answer_text(case.answer))
        return Question(
            prompt=(*prompt, *self._ask),
            answer=(*answer, self._tokeniser.end),
            kind=case.kind,
            element=columns.get(getattr(case.answer, "element", ""), -1),
            mention=self._marked(text, prompt, case, case.supervision.mention),
            copied=self._copied(text, prompt, case),
        )

    def _copied(self, text: str, prompt: Sequence[int], case: Case) -> Span | None:
        if not isinstance(case.answer, TypeInto):
            return None
        wanted = self._tokeniser.encode(" " + folded(case.answer.text))
        marked = self._marked(text, prompt, case, case.supervision.text)
        if marked is not None and list(prompt[slice(*marked)]) == wanted:
            return marked
        starts = (
            at for at in range(len(prompt) - len(wanted), -1, -1) if list(prompt[at : at + len(wanted)]) == wanted
        )
        at = next(starts, None)
        return None if at is None or not wanted else (at, at + len(wanted))

    def _marked(self, text: str, prompt: Sequence[int], case: Case, span: Marked | None) -> Span | None:
        """The tokens of a span of the situation; None where folding leaves nothing of it to find."""
        found = _found(text, case, span) if span is not None else None
        if found is None:
            return None
        places = self._tokeniser.places(prompt)
        inside = [at for at, (begin, end) in enumerate(places) if begin < found[1] and end > found[0]]
        return (inside[0], inside[-1] + 1) if inside else None


def answer_text(answer: Choice) -> str:
    """The answer as the model writes it: compact JSON, typed text folded and with a space before it.

    The space makes the text the same tokens that stand in the prompt; `folding.unfolded` takes both back.
    """
    if isinstance(answer, TypeInto):
        answer = msgspec.structs.replace(answer, text=" " + folded(answer.text))
    return msgspec.json.encode(answer).decode()


def _found(text: str, case: Case, span: Marked) -> Span | None:
    """The bytes of the question's text where the span stands."""
    line = _line(case, span)
    if line is None:
        return None
    label, words = line
    wanted = folded(words[span.start : span.end])
    whole = folded(label + told(words))
    at = text.find("\n" + whole)
    before = len(folded(label + told(words[: span.start])))
    inside = whole.find(wanted, max(before - 1, 0))
    if not wanted or at < 0 or inside < 0:
        return None
    begin = len(text[: at + 1 + inside].encode())
    return begin, begin + len(wanted.encode())


def _line(case: Case, span: Marked) -> tuple[str, str] | None:
    """The label of the line that a span is in, and the line's words."""
    asked = case.situation
    due = [step.words for example in asked.examples for step in example.steps if step.mark == 0]
    lines = {
        "task": ("task: ", [asked.task]),
        "goal": ("goal: ", [asked.goal] if asked.goal else []),
        "example": ("example: ", [example.task for example in asked.examples[:1]]),
        "step": ("0: ", due[:1]),
        "done": ("done: ", list(asked.done[-1:])),
    }
    label, words = lines[span.place]
    return (label, words[0]) if words else None


@dataclass(frozen=True)
class Guides:
    """Where guided heads should look, rows numbered in the padded layout of screens, questions and places.

    `elements`, `copies`: (row, column). `names` (rows of lists), `mentions` (rows of questions): (row, first, end).
    """

    elements: Tensor
    copies: Tensor
    names: Tensor
    mentions: Tensor


@dataclass(frozen=True)
class Packed:
    """A batch: all tokens in one row, and how they are laid out for attention.

    `tokens`, `positions`: (tokens,). `list_slots` (screens, list) and `question_slots` (screens, rows, place) number
    the packed tokens, padding with the first; a row holds several questions, told apart by `segments` of the same
    shape. `packed_slots` says where each packed token is laid, lists first, then questions. `rows` are the packed
    tokens that predict, `targets` what they should, `parts` which part of the answer it is (0 the action, 1 the
    element, 2 the rest), `owners` whose question.
    """

    tokens: Tensor
    positions: Tensor
    list_slots: Tensor
    list_sizes: Tensor
    question_slots: Tensor
    segments: Tensor
    packed_slots: Tensor
    rows: Tensor
    targets: Tensor
    parts: Tensor
    owners: Tensor
    guides: Guides | None = None

    def on(self, device: torch.device) -> "Packed":
        """The batch on another device."""
        if device.type == "cpu":
            return self
        moved = {each.name: getattr(self, each.name) for each in fields(self)}
        tensors = {name: value.to(device, non_blocking=True) for name, value in moved.items() if name != "guides"}
        return Packed(**tensors, guides=_moved(self.guides, device))

    def unguided(self) -> "Packed":
        """The batch without what only training needs."""
        return replace(self, guides=None)


def _moved(guides: Guides | None, device: torch.device) -> Guides | None:
    if guides is None:
        return None
    return Guides(*(getattr(guides, each.name).to(device, non_blocking=True) for each in fields(guides)))


def packed(screens: Sequence[Screen], *, guided: bool = True) -> Packed:
    """The batch of these screens, in memory of the processor."""
    return _Packing(screens).packed(guided=guided)


class _Packing:
    """One batch while it is put together."""

    def __init__(self, screens: Sequence[Screen]) -> None:
        self._screens = screens
        self._size = sum(screen.size for screen in screens)
        self._list = max(len(screen.tokens) for screen in screens)
        self._own = max(question.size for screen in screens for question in screen.questions)
        self._shelves = [_shelved([question.size for question in screen.questions], self._own) for screen in screens]
        self._most = max(row for shelf in self._shelves for row, _ in shelf) + 1
        self._tokens = np.zeros(self._size, np.int64)
        self._positions = np.zeros(self._size, np.int64)
        self._lists = np.zeros((len(screens), self._list), np.int64)
        self._questions = np.zeros((len(screens), self._most, self._own), np.int64)
        self._segments = np.full(self._questions.shape, -1, np.int64)
        self._laid = np.zeros(self._size, np.int64)
        self._answers: list[tuple[int, int, int, int]] = []
        self._guides: dict[str, list[tuple[int, ...]]] = {"elements": [], "copies": [], "names": [], "mentions": []}

    def packed(self, *, guided: bool) -> Packed:
        at = owner = 0
        for number, screen in enumerate(self._screens):
            at = self._put_list(number, screen, at)
            for question, shelf in zip(screen.questions, self._shelves[number], strict=True):
                self._put_question((number, *shelf, owner), question, at, len(screen.tokens))
                at += question.size
                owner += 1
        return self._finished(guided=guided)

    def _put_list(self, number: int, screen: Screen, at: int) -> int:
        end = at + len(screen.tokens)
        self._tokens[at:end] = screen.tokens
        self._positions[at:end] = self._lists[number, : end - at] = np.arange(end - at)
        self._lists[number, : end - at] += at
        row = number * self._list
        self._laid[at:end] = row + np.arange(end - at)
        self._guides["names"] += [(row + column, first, last) for column, first, last in screen.names]
        return end

    def _put_question(self, place: tuple[int, int, int, int], question: Question, at: int, after: int) -> None:
        number, shelf, begin, owner = place
        here = np.arange(question.size)
        self._tokens[at : at + question.size] = question.prompt + question.answer[:-1]
        self._positions[at : at + question.size] = after + here
        self._questions[number, shelf, begin : begin + question.size] = at + here
        self._segments[number, shelf, begin : begin + question.size] = owner
        row = (number * self._most + shelf) * self._own + begin
        self._laid[at : at + question.size] = self._lists.size + row + here
        first = len(question.prompt) - 1
        for step, token in enumerate(question.answer):
            part = 0 if step == 0 else 1 if step == 1 and question.element >= 0 else 2
            self._answers.append((at + first + step, token, part, owner))
        self._guide(row + first, begin, question)

    def _guide(self, row: int, begin: int, question: Question) -> None:
        """`row` predicts the first token of the answer, the next one the element, later ones the copied text."""
        rows = (row, row + 1) if question.element >= 0 else (row,)
        if question.element >= 0:
            self._guides["elements"] += [(each, question.element) for each in rows]
        if question.mention is not None:
            first, last = question.mention
            self._guides["mentions"] += [(each, begin + first, begin + last) for each in rows]
        if question.copied is not None:
            first, last = question.copied
            self._guides["copies"] += [(row + 2 + step, begin + first + step) for step in range(last - first)]

    def _finished(self, *, guided: bool) -> Packed:
        rows, targets, parts, owners = (np.asarray(column) for column in zip(*self._answers, strict=True))
        arrays = {
            "tokens": self._tokens,
            "positions": self._positions,
            "list_slots": self._lists,
            "list_sizes": np.asarray([len(screen.tokens) for screen in self._screens]),
            "question_slots": self._questions,
            "segments": self._segments,
            "packed_slots": self._laid,
            "rows": rows,
            "targets": targets,
            "parts": parts,
            "owners": owners,
        }
        tensors = {name: torch.from_numpy(np.ascontiguousarray(array, np.int64)) for name, array in arrays.items()}
        return Packed(**tensors, guides=self._guides_as_tensors() if guided else None)

    def _guides_as_tensors(self) -> Guides:
        widths = {"elements": 2, "copies": 2, "names": 3, "mentions": 3}
        return Guides(
            **{
                name: torch.tensor(self._guides[name], dtype=torch.int64).view(-1, width)
                for name, width in widths.items()
            }
        )


def _shelved(sizes: Sequence[int], width: int) -> list[tuple[int, int]]:
    """Row and place of each question when rows of that width are filled, the longest questions first."""
    found = [(0, 0)] * len(sizes)
    filled: list[int] = []
    for number in sorted(range(len(sizes)), key=lambda at: -sizes[at]):
        row = next((row for row, used in enumerate(filled) if used + sizes[number] <= width), len(filled))
        if row == len(filled):
            filled.append(0)
        found[number] = (row, filled[row])
        filled[row] += sizes[number]
    return found
