"""Where secrets may go: into a password field of an application that the person named, and only those on offer.

What stands on the screen has no say in it, and neither has what a model asked or noted: only the person's own words
count, which is the task. The rule says nothing about which page of a browser or which account it is: that is for the
person to see, who is asked before every secret (`workbench.approval`).
"""

import re
from dataclasses import dataclass

from workbench.actions import TypeText
from workbench.approval import Decision
from workbench.session.roles import Approver, Grounding, Proposal, Taken
from workbench.trajectory import Element

_WORD = re.compile(r"\w+")
_SAYS_LITTLE = frozenset(["app", "application", "browser", "client", "desktop", "editor", "google", "linux", "mail"])
_SAYS_NOTHING = frozenset(["main", "program", "python", "python3", "window", "terminal", "the", "web", "with"])
_SHORTEST = 4


def is_named(app: str, said: tuple[str, ...]) -> bool:
    """Whether the person named the application: its whole name, or a word of it that no other would go by."""
    name = _words(app)
    own = [word for word in name if len(word) >= _SHORTEST and word not in _SAYS_LITTLE | _SAYS_NOTHING]
    return any(_holds(_words(words), name) or any(word in _words(words) for word in own) for words in said)


def secret_refusal(secret: str, field: Element | None, said: tuple[str, ...], offered: tuple[str, ...]) -> str:
    """Why the secret may not be typed there, in a sentence; empty where it may."""
    if secret not in offered:
        return f"the secret “{secret}” was not offered for this task"
    if field is None or not field.password:
        return f"the secret “{secret}” may only be typed into a password field"
    if not is_named(field.app, said):
        return (
            f"the secret “{secret}” would go to {field.app}, which the task does not name; "
            "name the application in the task if it is meant"
        )
    return ""


@dataclass(frozen=True)
class SecretApprover:
    """Refuses secrets in the wrong place, whoever would approve them; everything else goes to `first`.

    `said` are the person's own words: the task, and nothing that a model or the screen has a part in. A step that a
    person put in its place is looked at in the same way.
    """

    first: Approver
    said: tuple[str, ...]
    offered: tuple[str, ...]

    def decide(self, proposal: Proposal, grounding: Grounding) -> Decision:
        """A refusal by the policy, or what the other approver says."""
        refusal = self._refusal(proposal.step.action, grounding.element)
        if refusal:
            return Decision("reject", "policy", refusal)
        decision = self.first.decide(proposal, grounding)
        if decision.step is None or decision.step == proposal.step:
            return decision
        target = decision.step.target
        refusal = self._refusal(decision.step.action, (target.element if target else None) or grounding.element)
        return Decision("reject", "policy", refusal) if refusal else decision

    def learn(self, taken: Taken) -> None:
        """The other approver hears how the step went."""
        self.first.learn(taken)

    def _refusal(self, action: object, field: Element | None) -> str:
        if not isinstance(action, TypeText) or action.secret is None:
            return ""
        return secret_refusal(action.secret, field, self.said, self.offered)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _holds(words: list[str], name: list[str]) -> bool:
    """Whether the name stands in the words, its own words side by side."""
    if not name or all(word in _SAYS_NOTHING for word in name):
        return False
    return any(words[place : place + len(name)] == name for place in range(len(words) - len(name) + 1))
