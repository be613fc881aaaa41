"""Sentences from templates, and where in them the words stand that matter."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from builtin_model.case import Span, Split
from builtin_model.data.vocabulary import pseudo

FOLDER = Path(__file__).parent / "phrases"

_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"(?:the|this|that|my|our|a) ")
_OWNED = re.compile(r"\b(?:the|my|our|a|an|this|that) \{x\}")


@dataclass(frozen=True)
class Marked:
    """A text, and the characters from and to which its marked parts reach."""

    text: str
    marks: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def span(self, mark: str, place: str) -> Span | None:
        """Where the marked part stands, if there is one, as a span of that text of the situation."""
        if mark not in self.marks:
            return None
        start, end = self.marks[mark]
        return Span(place, start, end)  # type: ignore[arg-type]  # callers pass one of Span's literals

    def without_article(self) -> "Marked":
        """The same without a leading article."""
        found = _ARTICLE.match(self.text)
        if found is None or any(start < found.end() for start, _ in self.marks.values()):
            return self
        cut = found.end()
        return Marked(self.text[cut:], {name: (start - cut, end - cut) for name, (start, end) in self.marks.items()})


def marked(text: str, mark: str) -> Marked:
    """The whole text as a marked part."""
    return Marked(text, {mark: (0, len(text))})


def filled(template: str, **slots: Marked | str) -> Marked:
    """The template with its slots filled; the marks of the parts move along."""
    text, marks = "", {}
    for number, piece in enumerate(_pieces(template)):
        part = slots[piece] if number % 2 else piece
        if isinstance(part, Marked):
            marks.update({name: (start + len(text), end + len(text)) for name, (start, end) in part.marks.items()})
            part = part.text
        text += part
    return Marked(text, marks)


@cache
def templates(split: Split) -> Mapping[str, tuple[str, ...]]:
    """The templates of a split by section; those that stand several times are drawn so much more often."""
    sections: dict[str, str] = tomllib.loads((FOLDER / f"{split}.toml").read_text("utf-8"))
    return {name: tuple(filter(None, text.split("\n"))) for name, text in sections.items()}


def template(rng: Random, split: Split, section: str) -> str:
    """One of the templates of a section; half of those for clicks are composed of a verb and a frame."""
    if section == "click" and rng.random() < 0.4:
        frame = rng.choice(templates(split)["framing"])
        return frame.replace("{a}", rng.choice(templates(split)["act"]))
    return rng.choice(templates(split)[section])


def sentence(rng: Random, split: Split, frame: str, *, shown: frozenset[str], **slots: Marked | str) -> Marked:
    """The frame filled, and around it what people say without meaning anything by it.

    No word that is a name on the screen (`shown`, folded) is said in passing, and nothing that could be taken for a
    part of a value that stands without quotation marks at an end of the sentence.
    """
    core = bare(frame, **slots)
    said = filled("{b}{c}{d}", b=_opening(rng, split, core, shown), c=core, d=_closing(rng, split, core, shown))
    return _capitalised(said) if rng.random() < 0.5 else said


def bare(frame: str, **slots: Marked | str) -> Marked:
    """The frame filled, with nothing around it and one article at most before what is mentioned."""
    mention = slots.get("x")
    if isinstance(mention, Marked) and _OWNED.search(frame):
        slots["x"] = mention.without_article()
    return filled(frame, **slots)


def _opening(rng: Random, split: Split, core: Marked, shown: frozenset[str]) -> str:
    if rng.random() < 0.6:
        return ""
    words = _noise(rng) if rng.random() < 0.15 else rng.choice(templates(split)["before"])
    bare_start = core.marks.get("v", (1, 0))[0] == 0
    if (bare_start and not words.endswith((",", ":"))) or not shown.isdisjoint(words.rstrip(",.:").split()):
        return ""
    return words + " "


def _closing(rng: Random, split: Split, core: Marked, shown: frozenset[str]) -> str:
    chance = rng.random()
    if chance < 0.6:
        return rng.choice(("", "", "", ".", "!"))
    said = _purpose(rng, split) if chance < 0.66 else rng.choice(templates(split)["after"])
    if chance > 0.95:
        said = _noise(rng)
    bare_end = core.marks.get("v", (0, -1))[1] == len(core.text)
    if (bare_end and not said.startswith((",", "!", "."))) or not shown.isdisjoint(said.strip(",.!? ").split()):
        return ""
    return said if said[0] in ",!.?" else " " + said


def _purpose(rng: Random, split: Split) -> str:
    return rng.choice(templates(split)["purpose"]).replace("{f}", pseudo(rng))


def _noise(rng: Random) -> str:
    return " ".join(pseudo(rng) for _ in range(rng.choice((1, 1, 2, 3))))


def _capitalised(said: Marked) -> Marked:
    return Marked(said.text[:1].upper() + said.text[1:], said.marks)


@cache
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_SLOT.split(text))
