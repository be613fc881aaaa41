"""Show 4 with a model: `run` is killed at any instant, and `run --resume` finishes the task without doing a step twice.

The model is scripted, but it looks: it presses the digit that the display lacks, as the element list tells it. What the
calculator shows in the end is the judge. `WORKBENCH_SHOWS=full` kills at 30 instants instead of six.
"""

import json
import os
import random
import re
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from Xlib.display import Display

from workbench.desktop.atspi import open_accessibility
from workbench.desktop.private import PrivateDesktop
from workbench.desktop.x11.connection import connect
from workbench.desktop.x11.windows import X11Windows
from workbench.events import StepActing
from workbench.library.store import Library
from workbench.session.resuming import resumable

Plan = dict[str, Any]

KILLS = 30 if os.environ.get("WORKBENCH_SHOWS") == "full" else 6
PATIENCE_S = 90.0
GOAL = "1234"
TASK = f"enter {GOAL}"
UNSURE = "may or may not have happened"


def next_digit(prompt: str) -> Plan:
    """Press what the display lacks; whatever else stands there is a failure that the test will see."""
    shown = re.search(r'^(?:text|field|text area|display)[^\n]*"(\d*)"', prompt, re.M)
    assert shown, prompt
    number = shown[1].lstrip("0")
    if number == GOAL:
        return {"thought": "all are there", "step": {"action": "finish", "answer": number}}
    if not GOAL.startswith(number):
        return {"thought": "", "step": {"action": "fail", "reason": f"the display shows {number}"}}
    digit = GOAL[len(number)]
    return {"thought": f"{number} stands there", "step": {"action": "click", "target": f'button "{digit}"'}}
