"""May a step happen: risks, rules, policy and decisions, as data and without any face in it."""

from typing import Literal

from msgspec import Struct

from workbench.errors import BadInputError
from workbench.trajectory import Step

Mode = Literal["ask", "auto", "risky", "never"]
Risk = Literal["harmless", "reversible", "leaves-machine", "irreversible"]
Word = Literal["approve", "modify", "reject", "take-over", "stop"]
Decider = Literal["policy", "person"]
Rule = Literal["auto", "ask", "block"]
Sureness = Literal["sure", "unsure", "doubtful"]
Origin = Literal["reviewed", "unreviewed", "model"]
"""Where a step comes from: a trajectory that a person has reviewed, one that nobody has, or a model."""

RISKS: tuple[Risk, ...] = ("harmless", "reversible", "leaves-machine", "irreversible")
"""From what costs nothing to what nobody can take back."""

RULES: tuple[Rule, ...] = ("auto", "ask", "block")
SURENESSES: tuple[Sureness, ...] = ("sure", "unsure", "doubtful")
RISKY: tuple[Risk, ...] = ("leaves-machine", "irreversible")

MOST_SAME = 99
"""How many steps of one kind can be approved at once."""


class Batch(Struct, frozen=True, omit_defaults=True):
    """Steps that history expects next and that can be approved together with the one that is asked about.

    `confidence`, from 0 to 1, is that of all `size` of them together, `lent` are the trajectories that it comes from.
    `steps` say them in words without what is typed, `why` says on what it rests; a log holds neither of both.
    """

    size: int
    confidence: float
    steps: tuple[str, ...] = ()
    why: str = ""
    lent: tuple[str, ...] = ()


class Decision(Struct, frozen=True, omit_defaults=True):
    """What was decided about one step, by whom and why; `step` replaces the proposal when modified.

    `words` are the person's own, for the planner. `next_same` approves as many further steps of the same kind,
    `ahead` as many of the batch that was offered. `risk` and `confidence` are those that it was decided at.
    """

    word: Word
    by: Decider
    reason: str = ""
    step: Step | None = None
    words: str = ""
    next_same: int = 0
    ahead: int = 0
    risk: Risk | None = None
    confidence: float | None = None


class Assessment(Struct, frozen=True):
    """How much a step could cost, and why in words; `misplaced` is a secret that would go where no password belongs."""

    risk: Risk
    reason: str = ""
    misplaced: bool = False


class Policy(Struct, frozen=True):
    """The table risk × confidence; a row holds the rules for steps that are sure, unsure and doubtful.

    Confidences from `sure_from` on are sure, those below `doubt_below` doubtful. `misplaced` is the rule for a
    secret that would be typed anywhere but into a password field.
    """

    harmless: tuple[Rule, Rule, Rule] = ("auto", "ask", "ask")
    reversible: tuple[Rule, Rule, Rule] = ("auto", "ask", "ask")
    leaves_machine: tuple[Rule, Rule, Rule] = ("ask", "ask", "ask")
    irreversible: tuple[Rule, Rule, Rule] = ("ask", "ask", "block")
    sure_from: float = 0.75
    doubt_below: float = 0.3
    misplaced: Rule = "block"

    def rule(self, risk: Risk, confidence: float | None) -> Rule:
        """What the table says about a step of this risk; without a confidence nobody doubts it."""
        row: tuple[Rule, Rule, Rule] = getattr(self, risk.replace("-", "_"))
        return row[SURENESSES.index(self.sureness(confidence))]

    def sureness(self, confidence: float | None) -> Sureness:
        """The column of the table."""
        if confidence is None or confidence >= self.sure_from:
            return "sure"
        return "doubtful" if confidence < self.doubt_below else "unsure"


class Case(Struct, frozen=True):
    """One step before the policy: its risk, how sure its place and its purpose are (None: undoubted), its origin.

    A `silent` step does nothing on the desktop: it waits, asks the person, notes something or ends the run.
    """

    assessment: Assessment
    confidence: float | None = None
    origin: Origin = "model"
    silent: bool = False


def decide(mode: Mode, case: Case, policy: Policy) -> Decision | None:
    """What the policy says alone; None means that a person has to be asked.

    What it blocks stays blocked in every mode, and nobody is asked about a silent step. A trajectory that nobody has
    reviewed asks at every other step unless the mode is `auto`.
    """
    rule, why = _rule(case, policy)
    if rule == "block":
        return Decision("reject", "policy", f"the policy blocks it ({why}); only the settings of approval change that")
    if mode == "auto":
        return Decision("approve", "policy", "approved in advance")
    if case.silent:
        return Decision("approve", "policy", "it does nothing on the desktop")
    asks = mode == "ask" or case.origin == "unreviewed" or rule == "ask"
    if not asks:
        return Decision("approve", "policy", case.assessment.risk)
    if mode != "never":
        return None
    why = "nobody has reviewed this trajectory" if case.origin == "unreviewed" and rule != "ask" else why
    return Decision("reject", "policy", f"the policy would ask ({why}) and --approve never refuses that")


def parse_row(text: str) -> tuple[Rule, Rule, Rule]:
    """A row of the table from its words, such as `auto ask block`.

    Raises `BadInputError` for anything else, and for a row that allows more where less is sure.
    """
    words = text.replace(",", " ").split()
    rules = tuple(rule for word in words for rule in RULES if rule == word)
    if len(words) != 3 or len(rules) != 3 or sorted(rules, key=RULES.index) != list(rules):
        raise BadInputError(
            f"“{text[:40]}” is no row of the approval table; write three of auto, ask, block that never grow milder"
        )
    return rules[0], rules[1], rules[2]


def _rule(case: Case, policy: Policy) -> tuple[Rule, str]:
    """The strictest rule that holds, and why."""
    found, why = case.assessment, f"its risk is {case.assessment.risk}"
    by_table = policy.rule(found.risk, case.confidence)
    if by_table != policy.rule(found.risk, None):
        why += f", and it is {policy.sureness(case.confidence)}"
    if found.misplaced and RULES.index(policy.misplaced) >= RULES.index(by_table):
        return policy.misplaced, found.reason
    return by_table, why
