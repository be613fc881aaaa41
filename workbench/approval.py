"""May a step happen: risk, policy and decisions, without any face in it."""

import re
from typing import Literal

from msgspec import Struct

from workbench.actions import Action, Call, Click, PressKeys, TypeText
from workbench.trajectory import Step

Mode = Literal["ask", "auto", "risky", "never"]
Risk = Literal["harmless", "reversible", "leaves-machine", "irreversible"]
Word = Literal["approve", "modify", "reject", "take-over", "stop"]
Decider = Literal["policy", "person"]

RISKY: tuple[Risk, ...] = ("leaves-machine", "irreversible")

_IRREVERSIBLE = re.compile(
    r"\b(delete|remove|erase|format|discard|overwrite|pay|buy|purchase|order|uninstall|shut ?down|log ?out)\b", re.I
)
_LEAVES = re.compile(r"\b(send|submit|post|publish|upload|share|log ?in|sign ?in|install|reply|transfer)\b", re.I)


class Decision(Struct, frozen=True, omit_defaults=True):
    """What was decided about one step, by whom and why; `step` replaces the proposal when modified."""

    word: Word
    by: Decider
    reason: str = ""
    step: Step | None = None


def risk_of(step: Step) -> Risk:
    """How much a step could cost, read off what it is and what its target is called."""
    action = step.action
    if isinstance(action, TypeText) and action.secret:
        return "leaves-machine"
    if not isinstance(action, Click | PressKeys | Call):
        return "reversible" if isinstance(action, TypeText) else "harmless"
    name = _called(step)
    if _IRREVERSIBLE.search(name):
        return "irreversible"
    return "leaves-machine" if _LEAVES.search(name) else "reversible"


def decide(mode: Mode, step: Step, *, reviewed: bool) -> Decision | None:
    """What the policy says alone; None means that a person has to be asked.

    A trajectory that nobody has reviewed (`reviewed` false) asks at every step unless the mode is `auto`.
    """
    if mode == "auto":
        return Decision("approve", "policy", "approved in advance")
    risk = risk_of(step)
    asks = mode == "ask" or not reviewed or risk in RISKY
    if not asks:
        return Decision("approve", "policy", f"{risk}")
    if mode == "never":
        why = f"its risk is {risk}" if reviewed else "nobody has reviewed this trajectory"
        return Decision("reject", "policy", f"the policy would ask ({why}) and --approve never refuses that")
    return None


def _called(step: Step) -> str:
    action: Action = step.action
    keys = " ".join(action.keys) if isinstance(action, PressKeys) else ""
    element = step.target.element if step.target else None
    printed = step.target.text if step.target else None
    return " ".join(filter(None, [keys, element.name if element else "", printed.text if printed else ""]))
