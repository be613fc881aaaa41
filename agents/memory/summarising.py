"""The summary that needs no model: what was done for a subgoal and what was seen last, in one short line."""

from agents.memory.tree import Entry, Remark, Subgoal, entries
from agents.screen.listing import cut

LONGEST_RULE_SUMMARY = 240
"""In characters, for a summary made by rules; what is longer is cut in the middle."""

_LONGEST_STEP = 50
_LONGEST_SEEN = 80
_LONGEST_NOTES = 80
_FEW = 2
"""So many steps are named each; of more, the first and the last."""


def rule_summary(subgoal: Subgoal) -> str:
    """One line about what was done below the subgoal, at most `LONGEST_RULE_SUMMARY` characters."""
    steps = entries(subgoal)
    parts = [_done(steps), *_failures(steps), *_seen(steps), *_notes(subgoal)]
    return cut("; ".join(parts), LONGEST_RULE_SUMMARY)


def _done(steps: tuple[Entry, ...]) -> str:
    if not steps:
        return "nothing was done"
    words = [cut(step.words, _LONGEST_STEP) for step in steps]
    if len(words) <= _FEW:
        return ", then ".join(words)
    return f"{len(words)} steps from {words[0]} to {words[-1]}"


def _failures(steps: tuple[Entry, ...]) -> list[str]:
    failed = sum(step.verified is False for step in steps)
    return [f"{failed} failed"] if failed else []


def _seen(steps: tuple[Entry, ...]) -> list[str]:
    seen = next((step.observed for step in reversed(steps) if step.observed), "")
    return [f"last seen: {cut(seen, _LONGEST_SEEN)}"] if seen else []


def _notes(subgoal: Subgoal) -> list[str]:
    """Notes of the planner in its own chunk; those of inner subgoals are in the summaries of these."""
    notes = [node.words for node in subgoal.children if isinstance(node, Remark) and node.by == "planner"]
    return [f"noted: {cut(', '.join(notes), _LONGEST_NOTES)}"] if notes else []
