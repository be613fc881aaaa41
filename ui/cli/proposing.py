"""What a person is told at the terminal before they decide about a step: short sentences, at most 80 columns wide.

Each line begins with what it is about, so that it can be followed when it is read aloud.
"""

import textwrap

from ui.orders.facts import Fact, facts_of
from workbench.events import ApprovalAsked
from workbench.report.words import caption, tidy
from workbench.trajectory import Step

WIDTH = 80
LONGEST_WHY = 300


def proposal_lines(step: Step | None, asked: ApprovalAsked, *, of: int, why: str = "") -> list[str]:
    """The step, its place, what should follow, what it could cost and how sure it is; what is unknown is left out."""
    count = f" of {of}" if of else ""
    head = f"step {asked.index}{count}: {caption(step) if step else ''}"
    return [
        *_wrapped(head, "  "),
        *(line for fact in facts_of(step, asked, why) for line in _lines(fact)),
    ]


def _lines(fact: Fact) -> list[str]:
    return _wrapped(f"  {fact.about}: {tidy(fact.words, LONGEST_WHY)}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False)
