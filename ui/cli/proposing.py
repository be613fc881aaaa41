"""What a person is told at the terminal before they decide about a step: short sentences, at most 80 columns wide.

Each line begins with what it is about, so that it can be followed when it is read aloud.
"""

import textwrap

from workbench.approval import Risk
from workbench.events import ApprovalAsked
from workbench.locate.verdict import Verdict
from workbench.report.words import caption, describe_target, quoted, tidy
from workbench.trajectory import Outcome, Step, Window

WIDTH = 80
LONGEST_WHY = 300

_RISKS: dict[Risk, str] = {
    "harmless": "harmless",
    "reversible": "reversible",
    "leaves-machine": "leaves-machine, others get to know of it",
    "irreversible": "irreversible, nobody can take it back",
}


def proposal_lines(step: Step | None, asked: ApprovalAsked, *, of: int, why: str = "") -> list[str]:
    """The step, its place, what should follow, what it could cost and how sure it is; what is unknown is left out."""
    count = f" of {of}" if of else ""
    facts = [
        ("Where", _where(step, asked.verdict) if step else ""),
        ("Expected", _expected(step) if step else ""),
        ("Risk", "; ".join(filter(None, [_RISKS[asked.risk], asked.reason]))),
        ("Confidence", _confidence(asked)),
        ("Witnesses", _witnesses(asked.verdict)),
        ("Why", why or (step.thought if step else "")),
    ]
    head = f"step {asked.index}{count}: {caption(step) if step else ''}"
    return [*_wrapped(head, "  "), *(line for name, text in facts if text for line in _fact(name, text))]


def _fact(name: str, text: str) -> list[str]:
    return _wrapped(f"  {name}: {tidy(text, LONGEST_WHY)}", "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, drop_whitespace=True, break_on_hyphens=False)


def _where(step: Step, verdict: Verdict | None) -> str:
    target = step.target
    window = (target.window if target else None) or step.observation.window
    element = describe_target(target) if target else ""
    point = verdict.point if verdict else None
    place = f"at {point.x}, {point.y}" if point else ""
    return ", ".join(filter(None, [_window(window), f"{element} {place}".strip()]))


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    return f"{tidy(window.app)}, window {quoted(window.title)}" if window.title.strip() else tidy(window.app)


def _expected(step: Step) -> str:
    outcome, before = step.outcome, step.observation.window
    window = outcome.window
    same = window is not None and before is not None and (window.app, window.title) == (before.app, before.title)
    parts = ["" if window is None or same else f"the window {quoted(window.title)} in front", _held(outcome)]
    said = " and ".join(part for part in parts if part)
    return said or ("a change on the screen" if outcome.changed else "")


def _held(outcome: Outcome) -> str:
    element = outcome.element
    if element is None or element.password or not (element.value or "").strip():
        return ""
    name = element.name or element.label
    return f"{quoted(name) if name else f'the {tidy(element.role)}'} holds {quoted(element.value or '')}"


def _confidence(asked: ApprovalAsked) -> str:
    return "" if asked.confidence is None else f"{asked.confidence:.2f}, {asked.sureness}"


def _witnesses(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    agree = f"{', '.join(verdict.located_by)} agree" if len(verdict.located_by) > 1 else ""
    agree = f"only {verdict.located_by[0]} knows the place" if len(verdict.located_by) == 1 else agree
    others = [
        f"{vote.witness} {_doubt(vote.state)}" for vote in verdict.votes if vote.witness not in verdict.located_by
    ]
    return "; ".join(filter(None, [agree, *others]))


def _doubt(state: str) -> str:
    words = {
        "found": "names another place",
        "absent": "does not find it",
        "blind": "cannot see",
        "veto": "is against it",
    }
    return words[state]
