"""What witnesses answer, and what was decided from it."""

from typing import Literal

from msgspec import Struct

from workbench.geometry import Point, Rect

WitnessName = Literal["element", "crop", "text", "model", "person"]

Cause = Literal[
    "",
    "wrong-application",
    "wrong-window",
    "renamed",
    "missing",
    "ambiguous",
    "disagreement",
    "disabled",
    "weak",
    "covered",
    "no-witness",
    "unsteady",
]
"""Why a step halts: nobody may vote there; another name or role stands at the place; no witness sees it; two places
look alike; witnesses name different places; it is there but cannot be used; one witness alone is not sure enough;
another window lies over it; the recording has nothing but a point; it does not stand still."""


class Vote(Struct, frozen=True, omit_defaults=True):
    """One witness's answer: a place with a confidence from 0 to 1, or that it is absent, or that it cannot see.

    `runner_up` is the confidence of the best other place. `region` is what it recognised. `reason` is a sentence.
    """

    witness: WitnessName
    state: Literal["found", "absent", "blind", "veto"]
    point: Point | None = None
    region: Rect | None = None
    confidence: float = 0.0
    runner_up: float = 0.0
    reason: str = ""
    cause: Cause = ""
    elapsed_ms: float = 0.0


class Verdict(Struct, frozen=True, omit_defaults=True):
    """Where to act, and which witnesses agreed; with `point` None the step halts for `cause`, said in `reason`."""

    point: Point | None = None
    located_by: tuple[WitnessName, ...] = ()
    confidence: float = 0.0
    votes: tuple[Vote, ...] = ()
    cause: Cause = ""
    reason: str = ""
