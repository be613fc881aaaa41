"""How a recording stands, in words that fit on a small bar."""

from dataclasses import dataclass, field, replace

from recorder.options import Counters
from ui.qt.recording.reviewing import Glance


@dataclass(frozen=True)
class Standing:
    """What is known of a recording that goes on; `remark` is the newest thing that it said, `alarming` if it warns."""

    counters: Counters = field(default_factory=Counters)
    glance: Glance = field(default_factory=Glance)
    remark: str = ""
    alarming: bool = False

    @property
    def time(self) -> str:
        """Minutes and seconds since it began, with hours where there are any."""
        minutes, seconds = divmod(int(self.counters.seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    @property
    def steps(self) -> str:
        """How many steps there are so far."""
        return counted(self.glance.steps, "step")

    @property
    def words(self) -> str:
        """What a person must know now: a state that changes what is recorded comes before remarks."""
        state = ""
        if self.counters.paused:
            state = "Paused: nothing is recorded"
        elif self.counters.secret:
            state = "Hidden: what you type is a secret, and no pictures are taken"
        parts = [state, self.remark, masked(self.glance), self._lost()]
        return " · ".join(part for part in parts if part)

    def said(self, remark: str, *, alarming: bool = False) -> "Standing":
        """The same with another remark; a warning stays until another one comes."""
        if self.alarming and not alarming:
            return self
        return replace(self, remark=remark, alarming=alarming)

    def _lost(self) -> str:
        return f"{counted(self.counters.dropped, 'input')} lost" if self.counters.dropped else ""


def masked(glance: Glance) -> str:
    """What privacy left out so far, in words; empty where there is nothing."""
    parts = [
        f"{counted(glance.hidden, 'password')} hidden" if glance.hidden else "",
        _left_out(glance.left_out),
    ]
    return " · ".join(part for part in parts if part)


def _left_out(times: int) -> str:
    if not times:
        return ""
    return "an excluded window left out" if times == 1 else f"excluded windows left out {times} times"


def counted(number: int, what: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
