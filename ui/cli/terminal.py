"""A terminal as the face of a run: it shows progress on standard error and asks where there is somebody to ask."""

from collections.abc import Callable
from dataclasses import dataclass

from ui.cli.console import Console
from ui.cli.deciding import Deciding
from ui.cli.proposing import proposal_lines
from workbench import events
from workbench.actions import Fail
from workbench.approval import Decision, Risk
from workbench.errors import StoppedError
from workbench.locate.verdict import Verdict
from workbench.report.lending import loan_line
from workbench.report.words import caption, duration
from workbench.session.messages import Resume
from workbench.trajectory import Step

MARKS = {"done": "ok", "repaired": "repaired", "would-do": "would do", "failed": "FAILED", "skipped": "skipped"}


@dataclass
class Terminal:
    """Shows a run's events and answers its questions; without a terminal nobody is there and everything stops.

    `seen` says whether a person can see the desktop of the run, and so point at it. `called` tells what people call a
    trajectory or a lesson of that id.
    """

    console: Console
    seen: bool
    called: Callable[[str], str] = str
    _step: Step | None = None
    _of: int = 0
    _why: str = ""
    _asked_about: events.ApprovalAsked | None = None
    _handed_over: bool = False
    _lent: tuple[tuple[str, int, int], ...] = ()

    def hear(self, event: events.Event) -> None:
        """Show what happened, in a line where it is worth one."""
        match event:
            case events.RunStarted():
                self._of = event.steps or 0
            case events.StepProposed():
                self._step, self._why, self._asked_about = event.step, event.why, None
            case events.ExperienceLent():
                self._tell_loans(event)
            case events.ApprovalAsked():
                self._asked_about = event
            case events.TakeOverBegan():
                self._handed_over = True
            case events.TakeOverEnded():
                self.console.say(event.words)
            case events.StepEnded():
                self._show(event)
            case events.Progress():
                self.console.say(event.text)

    def decide(self, index: int, risk: Risk, reason: str) -> Decision:
        """Ask on the terminal; nobody there means stop."""
        if not self.console.interactive:
            return _nobody(risk, reason)
        asked = self._asked_about or events.ApprovalAsked(index=index, risk=risk, reason=reason)
        for line in proposal_lines(self._step, asked, of=self._of, why=self._why):
            self.console.say(line)
        return Deciding(self.console.say, self._asked).decide(self._step, asked) or _nobody(risk, reason)

    def answer(self, index: int, question: str) -> str | None:
        """The person's answer, or None without a terminal."""
        return self._asked(f"step {index} asks: {question}")

    def point(self, index: int, verdict: Verdict) -> bool:
        """Ask the person to click on the place."""
        if not self.seen or not self.console.interactive:
            return False
        self.console.say(f"step {index}: {verdict.reason}. Click on the place where it should go (Escape stops).")
        return True

    def resume(self, index: int) -> Resume:
        """Wait at a pause, or while the person acts themself, until they say how to go on."""
        if self._handed_over:
            return self._take_back(index)
        if not self.console.interactive:
            self.console.say(f"paused before step {index}, and nobody is there to go on")
            return "stop"
        words: dict[str, Resume] = {"c": "continue", "s": "step", "q": "stop"}
        return words.get(self._letter(f"before step {index}: continue, step or quit? [c/s/q]", "csq"), "stop")

    def _take_back(self, index: int) -> Resume:
        """Wait until the person has done what they took over to do; whoever is not there any more ends the run."""
        self._handed_over = False
        self.console.say(f"the desktop is yours: do step {index} yourself, then come back here")
        return "continue" if self._letter("continue behind it, or quit? [c/q]", "cq") == "c" else "stop"

    def _tell_loans(self, event: events.ExperienceLent) -> None:
        """Say what the model was shown, where that is not what it was shown for the step before."""
        lent = tuple((loan.lent, loan.first, loan.last) for loan in event.loans)
        if lent != self._lent:
            self._lent = lent
            for loan in event.loans:
                self.console.say(f"step {event.index}: {loan_line(loan, self.called(loan.lent))}")

    def _show(self, event: events.StepEnded) -> None:
        gave_up = self._step is not None and isinstance(self._step.action, Fail)
        mark = "gave up" if gave_up and event.status == "done" else MARKS[event.status]
        remark = f" – {event.message}" if event.message and event.status != "done" else ""
        number = f"{event.index:>{len(str(self._of))}}/{self._of}" if self._of else f"{event.index:>2}"
        self.console.say(f"{number}  {mark:<8}  {duration(event.elapsed_ms):>8}  {self._caption()}{remark}")

    def _caption(self) -> str:
        return caption(self._step) if self._step else ""

    def _letter(self, question: str, letters: str) -> str:
        """One of the letters, asked for until it is given; empty when the person ends the input instead."""
        while (answer := self._asked(question)) is not None:
            if answer and answer[0].lower() in letters:
                return answer[0].lower()
        return ""

    def _asked(self, question: str) -> str | None:
        if not self.console.interactive:
            return None
        try:
            return self.console.ask(question)
        except StoppedError:
            return None


def _nobody(risk: Risk, reason: str) -> Decision:
    why = f"; {reason}" if reason else ""
    return Decision("stop", "policy", f"it needs approval ({risk}{why}) and nobody is there to ask")
