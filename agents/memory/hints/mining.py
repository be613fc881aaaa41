"""What can be learned from a life, by rules: what leads where, what is in the way, what people refused.

After JEF Hinter (offline knowledge from successes and failures alike, linked to the steps that show it). A rule says
what was seen and never why; a person decides whether it is worth telling.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from agents.memory.hints.living import Life, Lived
from agents.planning.wording import same_step
from agents.screen.alike import likeness, split
from workbench.report.words import quoted, tidy

Rule = Literal["reached", "instead", "scrolled", "interrupted", "refused", "idle"]

WITHIN = 4
"""A way to a control that could not be used at first is no longer than this."""

LONGEST = 240
"""Characters of a hint; one that would be longer is not made."""

_TARGETED = ("click", "type_text")
_CLOSING = ("click", "press_keys")
_SAME_NAME = 0.85


@dataclass(frozen=True)
class Card:
    """One thing that a life shows: `about` is the step or the window that it is about, `first` to `last` the steps."""

    rule: Rule
    app: str
    window: str
    about: str
    words: str
    first: int
    last: int


def cards_of(life: Life) -> tuple[Card, ...]:
    """Everything that the rules see, in its order; nothing that would tell typed text, or that is too long."""
    found = [card for rule in _RULES for card in rule(life.steps)]
    clean = [
        one
        for one in found
        if one.app and len(one.words) <= LONGEST and not life.tells(f"{one.words} {one.about} {one.window}")
    ]
    return tuple(sorted(clean, key=lambda card: card.first))


def contradicts(life: Life, card: Card) -> bool:
    """Whether the life shows that what the card calls without effect has one in that window."""
    if card.rule not in ("instead", "idle"):
        return False
    there = (one for one in life.steps if one.app == card.app and one.window == card.window)
    return any(one.how == "worked" and same_step(one.words, card.about) for one in there)


def _reached(steps: Sequence[Lived]) -> Iterator[Card]:
    """What could not be used at first could be after other steps, which lead to it."""
    for place, one in enumerate(steps):
        way = _way(steps, place)
        if way:
            there = steps[place + len(way) + 1]
            led = ", then ".join(step.words for step in way)
            yield _card(
                "reached", one, f"first {led}: only then does {there.words} work", (one, there), about=there.words
            )


def _instead(steps: Sequence[Lived]) -> Iterator[Card]:
    """Right after a step without effect another one worked, in the same window."""
    for place, (one, after) in enumerate(pairwise(steps)):
        other = after.how == "worked" and after.kind != "scroll" and not _same_target(one, after)
        if one.how == "failed" and other and _together(one, after) and not _way(steps, place):
            yield _card("instead", one, f"{one.words} had no effect; {after.words} had", (one, after))


def _scrolled(steps: Sequence[Lived]) -> Iterator[Card]:
    """A control was used right after scrolling."""
    for one, after in pairwise(steps):
        used = after.kind in _TARGETED and after.target and after.how == "worked"
        if one.kind == "scroll" and one.how != "failed" and used and _together(one, after):
            yield _card("scrolled", after, f"{after.target} may be out of sight: {one.words} first", (one, after))


def _interrupted(steps: Sequence[Lived]) -> Iterator[Card]:
    """A window that nobody had asked for came up, and one step closed it."""
    for before, there, after in zip(steps, steps[1:], steps[2:], strict=False):
        came = there.window and _title(there) != _title(before) and _title(after) == _title(before)
        closed = there.kind in _CLOSING and there.how in ("worked", "unclear")
        if came and closed and not _asked_for(before, there.window):
            words = f"when the window {quoted(there.window)} comes in the way, {there.words} closes it"
            yield _card("interrupted", there, words, (there, there), about=there.window)


def _refused(steps: Sequence[Lived]) -> Iterator[Card]:
    """A person refused a step with words, or put another in its place."""
    for one in steps:
        if one.how == "rejected" and one.said.strip():
            yield _card(
                "refused", one, f"a person refused to {one.words}, saying {quoted(one.said, LONGEST)}", (one, one)
            )
        elif one.how == "modified" and one.instead and not same_step(one.instead, one.words):
            yield _card("refused", one, f"instead of {one.words}, a person had this done: {one.instead}", (one, one))


def _idle(steps: Sequence[Lived]) -> Iterator[Card]:
    """A step was tried more than once in one window, and never had an effect."""
    failed = [one for one in steps if one.how == "failed"]
    for place, one in enumerate(failed):
        again = [other for other in failed[place + 1 :] if _together(one, other) and same_step(one.words, other.words)]
        earlier = any(_together(one, other) and same_step(one.words, other.words) for other in failed[:place])
        if again and not earlier:
            yield _card("idle", one, f"{one.words} has no effect here, however often it is done", (one, again[-1]))


_RULES: tuple[Callable[[Sequence[Lived]], Iterator[Card]], ...] = (
    _reached,
    _instead,
    _scrolled,
    _interrupted,
    _refused,
    _idle,
)


def _card(rule: Rule, where: Lived, words: str, span: tuple[Lived, Lived], *, about: str = "") -> Card:
    first, last = sorted((span[0].number, span[1].number))
    return Card(rule, where.app, where.window, about or where.words, tidy(words, LONGEST + 1), first, last)


def _way(steps: Sequence[Lived], place: int) -> Sequence[Lived]:
    """The steps, all of which worked, between one that failed and the same one when it worked; empty without."""
    one = steps[place]
    if one.how != "failed" or not one.target:
        return ()
    for end in range(place + 1, min(len(steps), place + 2 + WITHIN)):
        if steps[end].how != "worked" or steps[end].app != one.app:
            return ()
        if steps[end].kind == one.kind and _same_target(one, steps[end]):
            return steps[place + 1 : end]
    return ()


def _same_target(one: Lived, other: Lived) -> bool:
    if not one.target or not other.target:
        return same_step(one.words, other.words)
    names, others = split(one.target), split(other.target)
    return min(likeness(names, others), likeness(others, names)) >= _SAME_NAME


def _together(one: Lived, other: Lived) -> bool:
    return (one.app, _title(one)) == (other.app, _title(other))


def _title(one: Lived) -> str:
    """The title without the mark that a document was changed."""
    return one.window.lstrip("*•● ").strip()


def _asked_for(before: Lived, title: str) -> bool:
    """Whether the step before may well be what opened the window: it names it, promises one, or is a shortcut."""
    name = before.target.partition(' "')[2].removesuffix('"')
    if before.kind == "press_keys" or name.endswith(("…", "...")):
        return True
    wanted, found = split(name), split(title)
    return max(likeness(found, wanted), likeness(wanted, found)) >= _SAME_NAME
