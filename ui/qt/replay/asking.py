"""What the replay says to the person, and the answers they can give: one card at a time."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ui.orders.facts import facts_of
from ui.orders.mending import told_lines
from ui.qt.conducting import Asked, Place
from ui.qt.core import Core
from ui.qt.parts.card import Card, Choice, Line
from ui.qt.replay.debugger import Debugger, Ended
from ui.qt.replay.evidence import votes_in_words
from workbench.approval import RISKY, Decision
from workbench.geometry import Point
from workbench.report.words import caption, sentence

_ENDINGS = {"finished": "finished", "failed": "failed", "stopped": "was stopped"}

_APPROVE = Decision("approve", "person")
_REJECT = Decision("reject", "person", "refused by the person")
_TAKE_OVER = Decision("take-over", "person", "the person took over")


class Asking(QObject):
    """Puts what the debugger asks on the card, and what the person says to the debugger.

    `picking` says whether a place is wanted in today's picture; `report_wanted` has the run (an `Ended`) to report on.
    """

    picking = Signal(bool)
    report_wanted = Signal(object)

    def __init__(self, core: Core, debugger: Debugger, card: Card) -> None:
        super().__init__(card)
        self._core, self._debugger, self._card = core, debugger, card
        self._place: Place | None = None
        self._drifted = 0
        debugger.conductor.placed.connect(self._placed)
        debugger.asked.connect(self.show_asked)
        debugger.question.connect(self.show_question)
        debugger.drifted.connect(self.show_drifted)
        debugger.taken_over.connect(self.show_taken_over)
        debugger.ended.connect(self.show_ended)
        debugger.steered.connect(self._put_away)
        debugger.opened.connect(card.clear)

    def show_asked(self, asked: Asked) -> None:
        """A step needs approval."""
        step = asked.proposed.step if asked.proposed else None
        facts = facts_of(step, asked.event, asked.proposed.why if asked.proposed else "")
        lines = [Line(sentence(caption(step)))] if step else []
        risky = "warning" if asked.event.risk in RISKY else "faint"
        lines += [Line(f"{fact.about}: {fact.words}", risky if fact.about == "Risk" else "faint") for fact in facts]

        def decide(decision: Decision) -> None:
            self._debugger.decide(asked.index, decision)

        choices = [
            Choice("&Approve", lambda: decide(_APPROVE), "Return", "primary"),
            Choice("&Reject", lambda: decide(_REJECT), "R"),
        ]
        if not self._unseen:
            choices.append(Choice("&Take over", lambda: decide(_TAKE_OVER), "T"))
        choices.append(self._stop())
        self._card.ask(f"May step {asked.index} happen?", lines, choices)

    def show_question(self, index: int, words: str) -> None:
        """A step asks the person something."""

        def answer() -> None:
            field = self._card.field
            self._debugger.answer(index, field.text() if field is not None else None)

        choices = [
            Choice("&Answer", answer, "Return", "primary"),
            Choice("&No answer", lambda: self._debugger.answer(index, None)),
            self._stop(),
        ]
        self._card.ask(f"Step {index} asks", [Line(words)], choices, field="Your answer")

    def show_drifted(self, index: int) -> None:
        """The witnesses could not settle on a place."""
        self._drifted = index
        choices = [Choice("&Choose it in the picture", lambda: self.picking.emit(True), "C", "primary")]
        if not self._unseen:
            choices.append(Choice("Click it on the &desktop", lambda: self._debugger.point(index, None), "D"))
        choices.append(self._stop())
        self._card.ask(f"Where does step {index} go?", [*self._evidence(index)], choices)

    def show_taken_over(self, index: int) -> None:
        """The desktop is the person's."""
        words = f"Do step {index} yourself, then come back here."
        go_on = Choice("&Continue behind it", self._debugger.proceed, "Return", "primary")
        self._card.ask("The desktop is yours", [Line(words)], [go_on, self._stop()])

    def show_ended(self, ended: Ended) -> None:
        """A run is over: how, why, what is offered."""
        row = f"Row {ended.row} of {ended.rows}: " if ended.rows > 1 else ""
        lines = [Line(sentence(ended.summary))]
        failed = next((i for i, one in self._debugger.progress.steps.items() if one.halted), 0)
        if failed:
            lines += self._evidence(failed)[1:]
            lines.append(Line("Under Set up, Drift can ask you for the place or let a model repair the step.", "faint"))
        choices = []
        if ended.mends:
            lines += [Line(line, "mono") for line in told_lines(ended.mends)]
            choices += [
                Choice("&Keep the repairs", self._debugger.keep, "Return", "primary"),
                Choice("&Leave as it was", self._debugger.leave, "L"),
            ]
        choices.append(Choice("&Report", lambda: self.report_wanted.emit(ended), "Ctrl+P"))
        what = "The rehearsal" if ended.order.pace.dry else "The replay"
        self._drifted = 0
        self.picking.emit(False)
        self._card.ask(f"{row}{what} {_ENDINGS[ended.outcome]}", lines, choices)

    def picked(self, where: Point) -> None:
        """A place was chosen in today's picture."""
        if self._drifted:
            index, self._drifted = self._drifted, 0
            self._debugger.point(index, where)

    @property
    def _unseen(self) -> bool:
        return self._place is not None and self._place.private

    def _placed(self, place: Place) -> None:
        self._place = place

    def _put_away(self) -> None:
        """Nothing is asked while the run goes on."""
        if self._debugger.state in ("starting", "running"):
            self._card.clear()
            self._drifted = 0
            self.picking.emit(False)

    def _stop(self) -> Choice:
        return Choice("&Stop", self._debugger.stop, "", "danger")

    def _evidence(self, index: int) -> list[Line]:
        """Why the step halts, in the words of those who looked."""
        verdict = self._debugger.progress.of(index).verdict
        if verdict is None:
            return []
        lines = [Line(f"Step {index} halted: {verdict.reason}.", "warning")]
        said = (": ".join(filter(None, [f"{who} – {what}", why])) for who, what, why in votes_in_words(verdict.votes))
        return [*lines, *(Line(words, "faint") for words in said)]


def report_folder(core: Core, ended: Ended) -> Path:
    """Where the report of a run is written: beside the library's other files."""
    return core.library_folder / "reports" / ended.order.run
