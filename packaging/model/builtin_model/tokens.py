"""The model's vocabulary and how text becomes tokens, the same in Python and in llama.cpp.

It has three layers. Bytes and learned merges spell any text. Fixed pieces (USER_DEFINED in the file) are the parts
of the choosing prompt and of the answers that are always the same; every one of them holds a line break, a quotation
mark next to a sign or a comma before a reference with its score, so that words and names that merely hold "e7" are
spelled like any other word. Control tokens stand only where the chat template puts them.

A control's reference occurs in several forms: ` [e7]` and ` " [e7]` end its line, `"e7"}` and `"e7","text":"` name it
in the answer, `alike: e7 5` tells its likeness. Each form is a token of its own, but their rows of the embedding are
sums of shared *factors*: one for the reference, one for the form, one for the score. What is learned of e7 in one form
is known in all, no two rows are equal, and so no logit has to be masked. The exported file holds the sums.

A model that sees names places in two tokens, `{"x":37` and `,"y":52}`, composed of the cell's factor and the form's.
They stand last, so that a model that only reads has the same tokens without them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from agents.screen.listing import MOST_LINES, ROLES
from builtin_model.merges import Pair, applied, bytes_of_letters, chunks_pattern, learned, letters_of_bytes, spelled

ASKED = "<|im_start|>user\n"
ANSWERING = "<|im_end|>\n<|im_start|>assistant\n"
END = "<|im_end|>"
PADDING = "<|endoftext|>"

_CONTROL = (PADDING, "<|im_start|>", END, ASKED, ANSWERING)
_LINES = tuple(f"\n{label}:" for label in ("task", "goal", "done", "example", "-3", "-2", "-1", "0", "+1", "+2", "+3"))
_WITH_ELEMENT = tuple(
    f'{{"action":"{name}","element":' for name in ("click", "double-click", "right-click", "type", "ask")
)
_WITHOUT = ('{"action":"press","keys":"', '{"action":"finish"}', '{"action":"none"}')
CLOSE = '"}'
_PLAIN = (*_LINES, *_WITH_ELEMENT, *_WITHOUT, CLOSE)

_REFERENCE = r"e[1-9][0-9]?"
_FIXED = re.compile(
    rf"\n(?:alike|shown): {_REFERENCE} [1-9]"
    rf"|\n(?:{'|'.join(sorted(ROLES, key=len, reverse=True))})(?: \")?"
    rf"|, {_REFERENCE} [1-9]"
    rf'| (?:" )?\[{_REFERENCE}\]'
    rf'|"{_REFERENCE}(?:"\}}|","text":")'
    "|" + "|".join(re.escape(piece) for piece in sorted(_PLAIN, key=len, reverse=True))
)

_CONTROLS = re.compile("(" + "|".join(re.escape(word) for word in sorted(_CONTROL, key=len, reverse=True)) + ")")

Kind = Literal["byte", "merge", "fixed", "control"]
Span = tuple[int, int]


@dataclass(frozen=True)
class Token:
    """One entry of the vocabulary: its text as the file holds it, its kind, and the factors its row is the sum of.

    Tokens without factors have a row of their own.
    """

    text: str
    kind: Kind
    factors: tuple[str, ...] = ()


def _composed() -> list[Token]:
    references = [f"e{number}" for number in range(1, MOST_LINES + 1)]
    found = [
        Token(shape.replace("@", ref), "fixed", (ref, shape))
        for shape in (" [@]", ' " [@]', '"@"}', '"@","text":"')
        for ref in references
    ]
    found += [
        Token(f"{shape} {ref} {score}", "fixed", (ref, shape, f"score {score}"))
        for shape in ("\nalike:", "\nshown:", ",")
        for ref in references
        for score in range(1, 10)
    ]
    return found + [Token(f"\n{role}{end}", "fixed", (role, f"line{end}")) for role in ROLES for end in ("", ' "')]


ACROSS, DOWN, DOWN_END = '{"x":', ',"y":', "}"


def _cells(cells: int) -> list[Token]:
    """The tokens that name columns, then those that name rows."""
    return [
        Token(f"{start}{cell}{end}", "fixed", (f"cell {cell}", start))
        for start, end in ((ACROSS, ""), (DOWN, DOWN_END))
        for cell in range(cells)
    ]


def _fixed(cells: int) -> re.Pattern[str]:
    """What finds fixed pieces in a text."""
    if not cells:
        return _FIXED
    digits = len(str(cells - 1))
    if cells != 10**digits:
        raise ValueError(f"cells are counted to 10, 100 or 1000, not to {cells}")
    number = f"(?:0|[1-9][0-9]{{0,{digits - 1}}})"
    return re.compile(f"{re.escape(ACROSS)}{number}|{re.escape(DOWN)}{number}{DOWN_END}|{_FIXED.pattern}")


class Tokeniser:
    """Text to tokens and back with the merges given; `tokens` is the vocabulary in the order of the file.

    `cells` is how many columns and rows of a picture its model can name, a power of ten; 0 for one that sees nothing.
    """

    def __init__(self, merges: Sequence[Pair], cells: int = 0) -> None:
        self.merges = tuple(merges)
        self.cells = cells
        self._fixed = _fixed(cells)
        self._ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        spelt = dict.fromkeys((*letters_of_bytes(), *(one + other for one, other in self.merges)))
        self.tokens = (
            *(Token(text, "byte" if len(text) == 1 else "merge") for text in spelt),
            *(Token(text, "control") for text in _CONTROL),
            *(Token(text, "fixed") for text in _PLAIN),
            *_composed(),
            *_cells(cells),
        )
        self.numbers = {token.text: number for number, token in enumerate(self.tokens)}
        if len(self.numbers) != len(self.tokens):
            raise ValueError("two tokens have the same text: llama.cpp would refuse the file")
        self._known: dict[str, tuple[int, ...]] = {}

    @property
    def end(self) -> int:
        """The token that ends an answer."""
        return self.numbers[END]

    @property
    def padding(self) -> int:
        """The token that means nothing."""
        return self.numbers[PADDING]

    @property
    def columns(self) -> tuple[int, int]:
        """The first token that names a column of a picture, and the first one behind them."""
        return len(self.tokens) - 2 * self.cells, len(self.tokens) - self.cells

    @property
    def rows(self) -> tuple[int, int]:
        """The first token that names a row of a picture, and the first one behind them."""
        return len(self.tokens) - self.cells, len(self.tokens)

    @cached_property
    def own_rows(self) -> int:
        """How many tokens, the first ones, have a row of their own in the embedding."""
        return next(number for number, token in enumerate(self.tokens) if token.factors)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """The names of all factors, in the order of their rows."""
        return tuple(dict.fromkeys(factor for token in self.tokens for factor in token.factors))

    def encode(self, text: str) -> list[int]:
        """The tokens of text in which nothing becomes a control token, as the product hands over prompts."""
        found: list[int] = []
        at = 0
        for fixed in self._fixed.finditer(text):
            found += self._spelled(text[at : fixed.start()])
            found.append(self.numbers[fixed.group()])
            at = fixed.end()
        return found + self._spelled(text[at:])

    def encode_frame(self, text: str) -> list[int]:
        """The tokens of what the chat template writes, control tokens included."""
        found: list[int] = []
        for part in _CONTROLS.split(text):
            found += [self.numbers[part]] if part in _CONTROL else self.encode(part)
        return found

    def decode(self, tokens: Iterable[int]) -> str:
        """The text of tokens, control tokens as they are written."""
        return b"".join(map(self.piece, tokens)).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        """The bytes of one token."""
        known = self.tokens[token]
        if known.kind in ("fixed", "control"):
            return known.text.encode()
        return bytes(bytes_of_letters()[letter] for letter in known.text)

    def places(self, tokens: Sequence[int]) -> list[Span]:
        """Where each token begins and ends in the bytes of the text."""
        found: list[Span] = []
        at = 0
        for token in tokens:
            size = len(self.piece(token))
            found.append((at, at + size))
            at += size
        return found

    def _spelled(self, text: str) -> list[int]:
        return [token for chunk in chunks_pattern().findall(text) for token in self._chunk(chunk)]

    def _chunk(self, chunk: str) -> tuple[int, ...]:
        known = self._known.get(chunk)
        if known is None:
            known = tuple(self.numbers[part] for part in applied(spelled(chunk), self._ranks))
            if len(self._known) < 200_000:
                self._known[chunk] = known
        return known


def learned_tokeniser(texts: Iterable[str], merges: int) -> Tokeniser:
    """The tokeniser that spells these texts shortly; they are what the model will read, outside the fixed pieces.

    A space before a quotation mark or a digit is always one token with it.
    """
    chunks: Counter[str] = Counter()
    for text in texts:
        for part in _FIXED.split(text):
            chunks.update(chunks_pattern().findall(part))
    space = spelled(" ")
    return Tokeniser(_without_doubles(learned(chunks, merges, forced=[(space, sign) for sign in '"0123456789'])))


def _without_doubles(merges: Sequence[Pair]) -> list[Pair]:
    """The merges without those that would spell a fixed piece or need such a one."""
    taken = {*_CONTROL, *_PLAIN, *(token.text for token in _composed())}
    kept: list[Pair] = []
    missing: set[str] = set()
    for one, other in merges:
        if one + other in taken or one in missing or other in missing:
            missing.add(one + other)
        else:
            kept.append((one, other))
    return kept
