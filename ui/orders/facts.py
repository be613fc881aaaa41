"""What a person should know of a step before they decide about it, in words: where, what follows, risk, sureness."""

from dataclasses import dataclass

from workbench.approval import Risk
from workbench.events import ApprovalAsked
from workbench.locate.verdict import Verdict
from workbench.report.words import describe_target, quoted, tidy
from workbench.trajectory import Outcome, Step, Window

RISKS: dict[Risk, str] = {
    "harmless": "harmless",
    "reversible": "reversible",
    "leaves-machine": "leaves-machine, others get to know of it",
    "irreversible": "irreversible, nobody can take it back",
}


@dataclass(frozen=True)
class Fact:
    """One thing to know: what it is about, and the words."""

    about: str
    words: str


def facts_of(step: Step | None, asked: ApprovalAsked, why: str = "") -> tuple[Fact, ...]:
    """All that is known, in the order in which people want it."""
    facts = (
        Fact("Where", where_of(step, asked.verdict) if step else ""),
        Fact("Expected", expected_of(step) if step else ""),
        Fact("Risk", risk_of(asked)),
        Fact("Confidence", confidence_of(asked)),
        Fact("Witnesses", witnesses_of(asked.verdict)),
        Fact("Why", why or (step.thought if step else "")),
        Fact("Next", batch_of(asked)),
    )
    return tuple(fact for fact in facts if fact.words)


def risk_of(asked: ApprovalAsked) -> str:
    """How much the step could cost, and why."""
    return "; ".join(filter(None, [RISKS[asked.risk], asked.reason]))


def confidence_of(asked: ApprovalAsked) -> str:
    """How sure the plan and the place are together; empty where nobody says."""
    return "" if asked.confidence is None else f"{asked.confidence:.2f}, {asked.sureness}"


def batch_of(asked: ApprovalAsked) -> str:
    """What could be approved together with the step, and why; empty where history is not sure of anything."""
    batch = asked.batch
    if batch is None:
        return ""
    steps = "; ".join(f"{number}. {tidy(words)}" for number, words in enumerate(batch.steps, 1))
    how_many = "1 more step" if batch.size == 1 else f"{batch.size} more steps"
    return f"{how_many} {batch.why}: {steps}"


def where_of(step: Step, verdict: Verdict | None) -> str:
    """The window, the element and the point."""
    target = step.target
    window = (target.window if target else None) or step.observation.window
    element = describe_target(target) if target else ""
    point = verdict.point if verdict else None
    place = f"at {point.x}, {point.y}" if point else ""
    return ", ".join(filter(None, [_window(window), f"{element} {place}".strip()]))


def expected_of(step: Step) -> str:
    """What should be seen afterwards; empty where nothing is known."""
    outcome, before = step.outcome, step.observation.window
    window = outcome.window
    same = window is not None and before is not None and (window.app, window.title) == (before.app, before.title)
    parts = ["" if window is None or same else f"the window {quoted(window.title)} in front", _held(outcome)]
    said = " and ".join(part for part in parts if part)
    return said or ("a change on the screen" if outcome.changed else "")


def witnesses_of(verdict: Verdict | None) -> str:
    """Who knows the place, and who does not or says otherwise."""
    if verdict is None:
        return ""
    agree = f"{', '.join(verdict.located_by)} agree" if len(verdict.located_by) > 1 else ""
    agree = f"only {verdict.located_by[0]} knows the place" if len(verdict.located_by) == 1 else agree
    others = [
        f"{vote.witness} {_doubt(vote.state)}" for vote in verdict.votes if vote.witness not in verdict.located_by
    ]
    return "; ".join(filter(None, [agree, *others]))


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    return f"{tidy(window.app)}, window {quoted(window.title)}" if window.title.strip() else tidy(window.app)


def _held(outcome: Outcome) -> str:
    element = outcome.element
    if element is None or element.password or not (element.value or "").strip():
        return ""
    name = element.name or element.label
    return f"{quoted(name) if name else f'the {tidy(element.role)}'} holds {quoted(element.value or '')}"


def _doubt(state: str) -> str:
    words = {
        "found": "names another place",
        "absent": "does not find it",
        "blind": "cannot see",
        "veto": "is against it",
    }
    return words[state]
