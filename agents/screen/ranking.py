"""Which controls a model is shown when there are more than it can weigh."""

from collections.abc import Sequence

from agents.screen.alike import alike
from agents.screen.changes import Seen
from agents.screen.listing import Line
from agents.screen.roles import FILLED, PARTS

_FOCUSED, _ALIKE, _DIFFERENT, _ON_TOP, _ACTED_ON, _FILLED = 64, 16, 12, 8, 4, 2


def ranked(found: Sequence[Seen], *, most: int, wanted: str) -> list[Seen]:
    """At most so many of the controls, the worthiest, in the order in which they came.

    In order of worth: what has the focus, what is called like the words that are wanted, what is new or changed, what
    lies on top in a menu or dialog, what can be acted on, what is filled in; the rest is text. Of equals the first.
    """
    if len(found) <= most:
        return list(found)
    likeness = _likeness(found, wanted)
    worth = [_worth(seen) + likeness.get(place, 0) for place, seen in enumerate(found)]
    best = sorted(range(len(found)), key=lambda place: (-worth[place], place))[:most]
    return [found[place] for place in sorted(best)]


def _likeness(found: Sequence[Seen], wanted: str) -> dict[int, int]:
    if not wanted:
        return {}
    lines = [Line(str(place), seen.control.role, seen.control.name) for place, seen in enumerate(found)]
    return {int(one.ref): _ALIKE + one.score for one in alike(wanted, lines, most=len(lines))}


def _worth(seen: Seen) -> int:
    control = seen.control
    return (
        _FOCUSED * ("focused" in control.states)
        + _DIFFERENT * bool(seen.mark)
        + _ON_TOP * control.on_top
        + _ACTED_ON * (control.role not in PARTS)
        + _FILLED * (control.role in FILLED)
    )
