"""A sheet of controls that layouts draw on, with fresh labels that collide as often as those of real programs do."""

from dataclasses import dataclass, field
from random import Random

from agents.screen.listing import MOST_LINES, Line, Role, State
from builtin_model.case import Split
from builtin_model.data.labels import label, label_alike, value

FIELDS: frozenset[Role] = frozenset({"field", "text area", "password field", "number field"})
TICKED: frozenset[Role] = frozenset({"checkbox", "switch"})

_NAMELESS = 0.03
_ALIKE = 0.14
_SAME = 0.07
"""How often a control has no name, a name with a word of another's, and another's name."""


@dataclass
class Sheet:
    """Controls in reading order. `group` is what the next ones stand in."""

    rng: Random
    split: Split
    lines: list[Line] = field(default_factory=list)
    group: str = ""

    def chance(self, share: float) -> bool:
        """True in so many of all cases."""
        return self.rng.random() < share

    def some(self, fewest: int, most: int) -> range:
        """A range of a length between the two."""
        return range(self.rng.randint(fewest, most))

    def label(self) -> str:
        """A fresh name, or none, or one like another on the sheet."""
        chance, names = self.rng.random(), [line.name for line in self.lines if line.name]
        if chance < _NAMELESS:
            return ""
        if names and chance < _NAMELESS + _SAME:
            return self.rng.choice(names)
        if names and chance < _NAMELESS + _SAME + _ALIKE:
            return label_alike(self.rng, self.split, self.rng.choice(names))
        return label(self.rng, self.split)

    def value(self) -> str:
        """A text for a field."""
        return value(self.rng, self.split)

    def add(self, role: Role, name: str | None = None, *, value: str = "", states: tuple[State, ...] = ()) -> None:
        """One control more; without a name it gets a fresh one."""
        if len(self.lines) < MOST_LINES:
            shown = self.label() if name is None else name
            self.lines.append(Line("e1", role, shown, value, states, self.group))

    def maybe(self, share: float, state: State) -> tuple[State, ...]:
        """The state in so many of all cases."""
        return (state,) if self.chance(share) else ()
