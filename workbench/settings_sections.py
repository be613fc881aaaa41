"""The sections of the settings: each field carries its default, its limits and a sentence of help.

Their docstrings say in the window and in docs/settings.md what a section is about.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.approval import Mode, Rule
from workbench.settings_values import Kind

Drift = Literal["halt", "ask", "repair"]
Theme = Literal["system", "light", "dark"]
Face = Literal["terminal", "window", "both"]
Way = Literal["whole", "steps"]
Number = Literal["0", "1", "2", "3"]
Switch = Literal["on", "off"]
Joining = Literal["never", "ask", "always"]


def _about(
    help_text: str, kind: Kind, *, limits: tuple[float, float] | None = None, face: Face = "both"
) -> dict[str, Any]:
    return {"help": help_text, "kind": kind, "limits": limits, "face": face}


@dataclass(frozen=True)
class LibrarySettings:
    """Where trajectories are kept."""

    folder: str = field(
        default="", metadata=_about("The folder of the library; empty means the platform's user data folder.", "folder")
    )


@dataclass(frozen=True)
class RecordSettings:
    """How a person's work is recorded; the hotkeys work everywhere and never become steps."""

    start_hotkey: str = field(
        default="",
        metadata=_about(
            "Begins a recording, whichever program has the keyboard; empty takes no key. Only on X11.",
            "hotkey",
            face="window",
        ),
    )
    stop_hotkey: str = field(default="ctrl+alt+s", metadata=_about("Ends the recording and saves it.", "hotkey"))
    pause_hotkey: str = field(default="ctrl+alt+p", metadata=_about("Pauses the recording, and resumes it.", "hotkey"))
    forget_hotkey: str = field(
        default="ctrl+alt+f", metadata=_about("Forgets the last 30 seconds of the recording.", "hotkey")
    )
    note_hotkey: str = field(
        default="ctrl+alt+n", metadata=_about("Marks this moment of the recording with a note.", "hotkey")
    )
    secret_hotkey: str = field(
        default="ctrl+alt+k",
        metadata=_about(
            "Says that what is typed next is a secret, where the program cannot see that itself.", "hotkey"
        ),
    )
    exclude: tuple[str, ...] = field(
        default=(),
        metadata=_about("Applications or parts of window titles that are left out of pictures and events.", "list"),
    )


@dataclass(frozen=True)
class ReplaySettings:
    """How a recorded trajectory is done again."""

    approve: Mode = field(default="risky", metadata=_about("Which steps of a replay ask for approval.", "choice"))
    timeout_s: float = field(
        default=20.0,
        metadata=_about(
            "The longest that one step may wait for its target or its effect, in seconds.",
            "number",
            limits=(0.1, 86400),
        ),
    )
    speed: float = field(
        default=0.0,
        metadata=_about(
            "The recorded pace times this factor; 0 goes on without any pause.", "number", limits=(0, 1000)
        ),
    )
    on_drift: Drift = field(
        default="halt", metadata=_about("What happens where a step's place cannot be found for sure.", "choice")
    )
    emergency_hotkey: str = field(
        default="ctrl+alt+Escape", metadata=_about("Stops all input at once and releases every key.", "hotkey")
    )


@dataclass(frozen=True)
class RunSettings:
    """How a model carries out a task."""

    approve: Mode = field(default="ask", metadata=_about("Which steps of a model ask for approval.", "choice"))
    approve_hotkey: str = field(
        default="ctrl+alt+Return",
        metadata=_about(
            "Lets the step happen that a run asks about, or lets the run go on, whichever program has the keyboard.",
            "hotkey",
            face="window",
        ),
    )
    reject_hotkey: str = field(
        default="ctrl+alt+BackSpace",
        metadata=_about(
            "Refuses the step that a run asks about, whichever program has the keyboard.", "hotkey", face="window"
        ),
    )
    take_over_hotkey: str = field(
        default="ctrl+alt+t",
        metadata=_about(
            "Takes over the step that a run asks about, whichever program has the keyboard.", "hotkey", face="window"
        ),
    )


@dataclass(frozen=True)
class ApprovalSettings:
    """What needs approval: auto lets a step happen, ask asks a person, block refuses it whatever --approve says."""

    harmless: str = field(
        default="auto ask ask", metadata=_about("Steps that change nothing: looking, waiting, scrolling.", "rules")
    )
    reversible: str = field(
        default="auto ask ask", metadata=_about("Steps that can be undone: most clicks, typing.", "rules")
    )
    leaves_machine: str = field(
        default="ask ask ask",
        metadata=_about("Steps that others get to know of: sending, publishing, logging in, installing.", "rules"),
    )
    irreversible: str = field(
        default="ask ask block",
        metadata=_about("Steps that nobody can take back: deleting, paying, unknown commands in a terminal.", "rules"),
    )
    sure_from: float = field(
        default=0.75, metadata=_about("Steps with at least this confidence are sure.", "number", limits=(0, 1))
    )
    doubt_below: float = field(
        default=0.3, metadata=_about("Steps with less confidence than this are doubtful.", "number", limits=(0, 1))
    )
    misplaced: Rule = field(
        default="block",
        metadata=_about("A secret that a model or a foreign trajectory types where no password belongs.", "choice"),
    )


@dataclass(frozen=True)
class ModelSettings:
    """The models that run on this machine, and where new ones come from."""

    folder: str = field(
        default="",
        metadata=_about("The folder of the models; empty means the platform's user data folder.", "folder"),
    )
    gpu_layers: str = field(
        default="auto",
        metadata=_about(
            "Layers of a model that go onto the GPU: auto puts there what fits, 0 keeps to the CPU.",
            "automatic",
            limits=(0, 1000),
        ),
    )
    threads: str = field(
        default="auto",
        metadata=_about("Threads that compute an answer: auto takes one per core.", "automatic", limits=(1, 256)),
    )
    context: str = field(
        default="auto",
        metadata=_about(
            "Tokens that a prompt and its answer may take together: auto takes what the model was trained with, "
            "at most 8192.",
            "automatic",
            limits=(256, 1_048_576),
        ),
    )
    hub: str = field(
        default="https://huggingface.co",
        metadata=_about("The address of the hub that `models get` fetches from.", "address"),
    )


@dataclass(frozen=True)
class LearningSettings:
    """What past work lends to a model; it is found by words, or by the model that has the role of the embedder."""

    exemplars: Number = field(
        default="1",
        metadata=_about("How many recorded trajectories a run is shown at once; 0 shows none.", "choice"),
    )
    lend: Way = field(
        default="whole",
        metadata=_about(
            "Whether trajectories of alike tasks are followed as a whole, or steps are searched for at each step.",
            "choice",
        ),
    )
    tokens: float = field(
        default=600.0,
        metadata=_about("The most that they may add to a prompt, in tokens.", "number", limits=(50, 4000)),
    )
    workflows: Switch = field(
        default="off", metadata=_about("Whether a model may call the workflows that you approved.", "choice")
    )
    hints: Switch = field(
        default="off", metadata=_about("Whether a model is told the hints that you approved.", "choice")
    )
    unapproved_hints: Switch = field(
        default="off", metadata=_about("Whether it is also told hints that nobody has looked at yet.", "choice")
    )
    crops: Switch = field(
        default="off",
        metadata=_about(
            "Whether a model that plans and sees is shown pictures of what lent steps touched, as far as the tokens "
            "have room.",
            "choice",
        ),
    )
    join: Joining = field(
        default="never",
        metadata=_about("Whether runs of a model that reached their task are shown to later runs.", "choice"),
    )


@dataclass(frozen=True)
class DesktopSettings:
    """Desktops that the program starts for itself."""

    private_size: str = field(default="1280x800", metadata=_about("The size of a private desktop, in pixels.", "size"))


@dataclass(frozen=True)
class WindowSettings:
    """How the window looks."""

    theme: Theme = field(default="system", metadata=_about("The colours of the window.", "choice", face="window"))
