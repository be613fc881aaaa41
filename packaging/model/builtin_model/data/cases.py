"""Questions to learn from and to test with, without end and the same for the same seed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

from agents.screen.listing import ElementList
from builtin_model.case import KINDS, Case, Kind, Split
from builtin_model.data import absence, commanding, composing, following, naming, unnamed, writing
from builtin_model.data.screens import Stage, stage

Maker = Callable[[Stage], Case | None]

MAKERS: Mapping[Kind, Maker] = {
    "exact": naming.exact,
    "partial": naming.partial,
    "plural": naming.plural,
    "synonym": naming.synonym,
    "ordinal": naming.ordinals,
    "role": naming.role,
    "relation": naming.relation,
    "typo": naming.typo,
    "type_quoted": writing.type_quoted,
    "type_plain": writing.type_plain,
    "set_value": writing.set_value,
    "ex_type": following.ex_type,
    "ex_click": following.ex_click,
    "ex_param": following.ex_param,
    "ex_follow": following.ex_follow,
    "finish": writing.finish,
    "goal": composing.goal,
    "sequence": composing.sequence,
    "press": writing.press,
    "ask": writing.ask,
    "none": absence.none,
    "none_hard": absence.none_hard,
    "command": commanding.command,
    "none_command": commanding.none_command,
    "place": unnamed.place,
    "nameless": unnamed.nameless,
}

_SHARES: Mapping[Kind, float] = {
    **dict.fromkeys(KINDS, 1.0),
    "exact": 2.4,
    "partial": 2.2,
    "synonym": 2.6,
    "role": 1.4,
    "relation": 2.6,
    "type_quoted": 1.2,
    "type_plain": 1.8,
    "set_value": 1.8,
    "ex_follow": 2.0,
    "finish": 1.6,
    "goal": 2.0,
    "sequence": 3.2,
    "ask": 1.6,
    "none": 1.4,
    "none_hard": 1.8,
    "ordinal": 1.4,
    "plural": 0.6,
    "press": 0.7,
    "typo": 1.2,
    "command": 12.0,
    "none_command": 2.0,
    "place": 2.2,
    "nameless": 2.0,
}
"""How often the kinds are wanted, relative to each other."""

_REAL: frozenset[Kind] = frozenset({"command", "none_command", "place", "nameless"})
"""What the test asks about screens of applications: their labels stand in both splits, only the sentences are apart."""

_TRIES_PER_CASE = 8
_EVEN = 12
"""Kinds that came up less often than their share are tried more often, the less this is the sooner."""


def cases(
    seed: int, split: Split, *, screens: int, per_screen: int, kinds: Sequence[Kind] | None = None
) -> Iterator[tuple[ElementList, list[Case]]]:
    """So many screens, each with so many questions about it, of the kinds (all, where none are given).

    The same arguments give the same cases. The words, sentences and layouts of the splits are apart. Kinds need
    controls that not every screen has: screens that cannot be asked about often enough are passed over.
    """
    wanted = {kind: _SHARES[kind] for kind in kinds or KINDS}
    rng = Random(f"{seed} {split}")  # noqa: S311 - the same seed has to give the same cases
    had: Counter[Kind] = Counter()
    made = 0
    while made < screens:
        at = stage(rng, split)
        fitting = _fitting(at, wanted)
        if not fitting:
            continue
        asked = _asked(at, {kind: _weight(share, had[kind]) for kind, share in fitting.items()}, per_screen)
        if len(asked) == per_screen:
            made += 1
            had.update(case.kind for case in asked)
            yield at.shown, asked


def _weight(share: float, had: int) -> float:
    return share / (had / share + _EVEN) ** 3


def _fitting(at: Stage, wanted: Mapping[Kind, float]) -> Mapping[Kind, float]:
    """The kinds that may be asked about the screen."""
    held_apart = at.split == "test" and at.application is not None
    return {kind: share for kind, share in wanted.items() if kind in _REAL} if held_apart else wanted


def _asked(at: Stage, weights: Mapping[Kind, float], count: int) -> list[Case]:
    found: dict[tuple[str, str], Case] = {}
    for kind in at.rng.choices(tuple(weights), tuple(weights.values()), k=count * _TRIES_PER_CASE):
        case = MAKERS[kind](at)
        if case is not None:
            found.setdefault((case.situation.task, case.situation.goal), case)
        if len(found) == count:
            break
    return list(found.values())
