"""Proving that a step did what the recording shows, by looking until it can be seen."""

import time
from dataclasses import dataclass

from workbench.actions import SILENT
from workbench.session.expecting import Expectation, expectations
from workbench.session.eyes import Eyes
from workbench.session.roles import Grounding, Verification
from workbench.trajectory import Step

QUIET_S = 0.018
REST_S = 0.06
"""How long to let the screen come to rest for the picture afterwards, once everything expected has been seen."""


@dataclass(frozen=True)
class OutcomeVerifier:
    """Waits for everything that the recorded outcome promises, at most `timeout_s`."""

    eyes: Eyes
    timeout_s: float

    def verify(self, step: Step, grounding: Grounding) -> Verification:
        """What was seen; `differed` names each expectation that did not come true."""
        if isinstance(step.action, SILENT):
            return Verification(None)
        start_s = time.monotonic()
        expected = expectations(step, grounding)
        while missing := self._missing(expected, grounding):
            if not self.eyes.wait(start_s + self.timeout_s):
                break
        waited_ms = (time.monotonic() - start_s) * 1000
        self._rest()
        frame = self.eyes.keep(self.eyes.desktop.screens.grab())
        by = ", ".join(dict.fromkeys(e.by for e in expected)) or "nothing was expected to change"
        return Verification(not missing, by, tuple(e.missing for e in missing), frame, waited_ms)

    def _missing(self, expected: tuple[Expectation, ...], grounding: Grounding) -> list[Expectation]:
        if not expected:
            return []
        now = self.eyes.look()
        return [e for e in expected if not e.met(grounding, now)]

    def _rest(self) -> None:
        until_s = time.monotonic() + REST_S
        while time.monotonic() < until_s and self.eyes.desktop.screens.wait_for_change(QUIET_S):
            self.eyes.desktop.screens.grab()
