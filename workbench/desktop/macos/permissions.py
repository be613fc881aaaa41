"""What macOS lets this program do, and where a person can allow the rest."""

from dataclasses import dataclass

from workbench.errors import UnavailableError

_WHERE = "System Settings > Privacy & Security"


@dataclass(frozen=True)
class Permissions:
    """The three permissions that driving and recording a Mac takes."""

    screen_recording: bool
    accessibility: bool
    input_monitoring: bool


def read() -> Permissions:
    """The permissions of the program that runs Python (often the terminal), as they are now."""
    import ApplicationServices
    import Quartz

    return Permissions(
        screen_recording=bool(Quartz.CGPreflightScreenCaptureAccess()),
        accessibility=bool(ApplicationServices.AXIsProcessTrusted()),
        input_monitoring=bool(Quartz.CGPreflightListenEventAccess()),
    )


def require_eyes_and_hands(granted: Permissions) -> None:
    """Raise `UnavailableError` that names what is missing to see and to act.

    Without Screen Recording pictures show an empty desktop instead of failing, so this is asked first.
    """
    if not granted.screen_recording:
        raise UnavailableError(_line("see the screen", "Screen & System Audio Recording"))
    if not granted.accessibility:
        raise UnavailableError(_line("move the pointer, type and read elements", "Accessibility"))


def require_ears(granted: Permissions) -> None:
    """Raise `UnavailableError` when input may not be observed."""
    if not granted.input_monitoring:
        raise UnavailableError(_line("record mouse and keyboard", "Input Monitoring"))


def _line(purpose: str, pane: str) -> str:
    return (
        f"macOS does not let this program {purpose}: open {_WHERE} > {pane}, switch on the program that started it "
        "(your terminal, or Python), then start it again"
    )
