"""A person decides about a step at the terminal: approve, modify, reject, take over, approve the next ones, or stop."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.orders.modifying import takes_place, takes_text, with_element, with_keys, with_text
from workbench.approval import MOST_SAME, Decision
from workbench.events import ApprovalAsked
from workbench.report.words import describe_target
from workbench.trajectory import Element, Step, Target

QUESTION = "approve, modify, reject, take over, approve the next ones, or stop?"
LETTERS = "amrtns"
BATCH_QUESTION = "approve, approve the batch, modify, reject, take over, approve the next ones, or stop?"
BATCH_LETTERS = "abmrtns"
MOST_LISTED = 12
"""More elements than this are not read out at once; other words make them fewer."""

CUT = "the window has more than are listed here; take over where the one you mean is missing"


@dataclass(frozen=True)
class Deciding:
    """One question to a person; `say` tells them something, `ask` returns their line, or None when they have gone."""

    say: Callable[[str], None]
    ask: Callable[[str], str | None]

    def decide(self, step: Step | None, asked: ApprovalAsked) -> Decision | None:
        """The person's decision; None when they end the input instead of giving one."""
        question, letters = (BATCH_QUESTION, BATCH_LETTERS) if asked.batch else (QUESTION, LETTERS)
        while (letter := self._letter(f"{question} [{'/'.join(letters)}]", letters)) is not None:
            decision = self._decision(letter, step, asked)
            if decision is not None:
                return decision
        return None

    def _decision(self, letter: str, step: Step | None, asked: ApprovalAsked) -> Decision | None:
        """What the letter stands for; None leads back to the question."""
        match letter:
            case "a":
                return Decision("approve", "person")
            case "b" if asked.batch:
                return Decision("approve", "person", ahead=asked.batch.size)
            case "m":
                changed = self._modified(step, asked) if step else None
                return Decision("modify", "person", "changed by the person", changed) if changed else None
            case "r":
                words = self.ask("what should be done instead? (Enter says nothing)")
                return None if words is None else Decision("reject", "person", _refused(words), words=words)
            case "t":
                return Decision("take-over", "person", "the person took over")
            case "n":
                count = self._count()
                return Decision("approve", "person", next_same=count) if count else None
        return Decision("stop", "person", "the person stopped it")

    def _letter(self, question: str, letters: str) -> str | None:
        """One of the letters, asked for until it is given."""
        while (answer := self.ask(question)) is not None:
            if answer and answer[0].lower() in letters:
                return answer[0].lower()
        return None

    def _count(self) -> int:
        """How many more; 0 when the person thinks better of it."""
        while answer := self.ask(f"how many more steps of this kind? [1-{MOST_SAME}, Enter goes back]"):
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= MOST_SAME:
                return int(answer)
        return 0

    def _modified(self, step: Step, asked: ApprovalAsked) -> Step | None:
        """The step as the person wants it; None when they think better of it."""
        ways = {"k": "other keys"}
        if takes_text(step):
            ways["t"] = "another text"
        if takes_place(step) and asked.elements:
            ways["e"] = "another element"
        letters = "/".join(ways)
        answer = self.ask(f"{', '.join(ways.values())}? [{letters}, Enter goes back]")
        match answer[:1].lower() if answer else "":
            case "t" if "t" in ways:
                return self._other_text(step)
            case "e" if "e" in ways:
                return self._other_element(step, asked)
            case "k":
                return self._other_keys(step)
        return None

    def _other_text(self, step: Step) -> Step | None:
        text = self.ask("which text instead? (Enter goes back)")
        return with_text(step, text) if text else None

    def _other_keys(self, step: Step) -> Step | None:
        while answer := self.ask("which keys instead, such as ctrl+s? (Enter goes back)"):
            try:
                return with_keys(step, answer)
            except ValueError as error:
                self.say(str(error))
        return None

    def _other_element(self, step: Step, asked: ApprovalAsked) -> Step | None:
        named = [(f"e{number}", element) for number, element in enumerate(asked.elements, 1)]
        while answer := self.ask("which element? [its words, its reference such as e3, ? lists them, Enter goes back]"):
            found = [one for one in named if _means(answer, *one)]
            exact = [one for one in found if answer.casefold() in (one[0], one[1].name.casefold())]
            if len(exact) == 1 or len(found) == 1:
                element = (exact or found)[0][1]
                return with_element(step, element)
            self._list(found or named, none=not found)
            if asked.elements_cut:
                self.say(CUT)
        return None

    def _list(self, elements: list[tuple[str, Element]], *, none: bool) -> None:
        if none:
            self.say("no element is called so; these are there:")
        for reference, element in elements[:MOST_LISTED]:
            self.say(f"  {reference}  {describe_target(Target(element.bounds.centre, element=element))}")
        if len(elements) > MOST_LISTED:
            self.say(f"  and {len(elements) - MOST_LISTED} more; say a word of the one you mean")


def _means(answer: str, reference: str, element: Element) -> bool:
    words = f"{element.role} {element.name or element.label}".casefold()
    return answer == "?" or answer.casefold() == reference or all(word in words for word in answer.casefold().split())


def _refused(words: str) -> str:
    return f"refused by the person: {words}" if words else "refused by the person"
