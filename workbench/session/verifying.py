"""Proving that a step did what the recording shows, by looking until it can be seen."""

import time
from dataclasses import dataclass

from workbench.actions import SILENT
from workbench.session.expecting import expectations
from workbench.session.eyes import Eyes
from workbench.session.roles import Grounding, Verification
from workbench.trajectory import Step


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
        now = self.eyes.look()
        while missing := [e for e in expected if not e.met(grounding, now)]:
            if not self.eyes.wait(start_s + self.timeout_s):
                break
            now = self.eyes.look()
        waited_ms = (time.monotonic() - start_s) * 1000
        by = ", ".join(dict.fromkeys(e.by for e in expected)) or "nothing was expected to change"
        differed, frame = tuple(e.missing for e in missing), self.eyes.keep(now.frame)
        return Verification(not missing, by, differed, frame, waited_ms, sight=now)
