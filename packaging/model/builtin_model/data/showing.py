"""Show what the generator makes: counts, speed, examples of each kind, and how far matching letters alone comes.

python -m builtin_model.data.showing [--split test] [--each 3] [--seed 1]
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from time import perf_counter

from msgspec.json import encode

from agents.prompts.choosing import BUILT_IN, Finished, NoneFits, Press, question_text, screen_text
from builtin_model.case import KINDS, Case, Split
from builtin_model.data.applications import applications
from builtin_model.data.cases import cases
from builtin_model.data.phrases import templates
from builtin_model.data.testing import held_out
from builtin_model.data.vocabulary import LANGUAGES, english, foreign, nouns, synonyms

_MEASURED = 300
"""Screens over which speed and shares are measured."""


def counts() -> Iterator[str]:
    """Words, templates and groups of synonyms, in lines to read."""
    others = {name: len(foreign(name, "train")) + len(foreign(name, "test")) for name in LANGUAGES}
    yield f"English words: {len(english())}, of them apart {len(nouns('train'))} train, {len(nouns('test'))} test"
    yield "other words: " + ", ".join(f"{name} {count}" for name, count in others.items())
    yield f"groups of synonyms: {len(synonyms())}"
    commands = [command for application in applications() for command in application.commands]
    asked = sum(len(command.sentences) + len(command.off) for command in commands)
    yield f"applications: {len(applications())}, controls {len(commands)}, ways to ask for them {asked}"
    for split in ("train", "test"):
        sections = templates(split)
        composed = len(sections["act"]) * len(sections["framing"])
        written = ", ".join(f"{name} {len(lines)}" for name, lines in sections.items())
        yield f"templates, {split}: {written}; click composed {composed}"


def speed(split: Split) -> str:
    """Cases per second on one thread, and how long the lists are."""
    start = perf_counter()
    made = list(cases(1, split, screens=_MEASURED, per_screen=8))
    seconds = perf_counter() - start
    lines = sum(len(shown.lines) for shown, _ in made) / len(made)
    kinds = [case.kind for _, asked in made for case in asked]
    shares = ", ".join(f"{kind} {kinds.count(kind) / len(kinds):.1%}" for kind in KINDS)
    return f"{split}: {len(kinds) / seconds:.0f} cases/s, {lines:.1f} lines a screen; {shares}"


def by_letters(asked: list[Case]) -> str:
    """How often the line most alike is the right one, per kind; no line alike stands for `none`."""
    right = {kind: [_most_alike(case) for case in asked if case.kind == kind] for kind in KINDS}
    return ", ".join(f"{kind} {sum(found) / len(found):.0%}" for kind, found in right.items() if found)


def _most_alike(case: Case) -> bool:
    told = case.situation.alike or case.situation.shown
    if isinstance(case.answer, NoneFits):
        return not told
    if isinstance(case.answer, Finished | Press):
        return False
    return bool(told) and told[0].ref == case.answer.element


def example(case: Case) -> str:
    """The question, the line that is right, and the answer."""
    ref = getattr(case.answer, "element", "")
    line = next((one for one in screen_text(case.situation.shown_list, BUILT_IN).split("\n") if f"[{ref}]" in one), "")
    spans = f"{case.supervision.mention} {case.supervision.text}"
    return "\n".join([question_text(case.situation, BUILT_IN), line, encode(case.answer).decode(), spans, ""])


def main(arguments: list[str]) -> None:
    """Write it all to standard output."""
    parser = ArgumentParser(description="Show what the generator of the built-in model's data makes.")
    parser.add_argument("--split", choices=("train", "test"), default="train", help="the split of the examples")
    parser.add_argument("--each", type=int, default=2, help="examples of each kind")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other examples")
    options = parser.parse_args(arguments)
    lines = [*counts(), speed("train"), speed("test"), "by letters: " + by_letters(held_out(3, 40, fewest=10, most=30))]
    for kind in KINDS:
        drawn = cases(options.seed, options.split, screens=options.each, per_screen=1, kinds=[kind])
        lines += [f"== {kind}", *(example(case) for _, asked in drawn for case in asked)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
