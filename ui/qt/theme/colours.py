"""The window's colours, light and dark, and its distances; nothing else in the program names a colour."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

SPACE = 8
"""Distances are multiples of this, in device-independent pixels."""

RADIUS = 6


@dataclass(frozen=True)
class Colours:
    """One set of colours, as CSS writes them. `faint` texts still have a contrast of 4.5 to 1 on `ground`.

    `ground` is behind everything, `raised` behind cards and lists, `sunken` behind fields and pictures, `rail` behind
    the navigation. `accent` marks what is chosen, `recording` that a recording is on.
    """

    dark: bool
    ground: str
    raised: str
    sunken: str
    rail: str
    line: str
    text: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    hover: str
    good: str
    warning: str
    bad: str
    recording: str
    on_recording: str


LIGHT = Colours(
    dark=False,
    ground="#fbfbfc",
    raised="#ffffff",
    sunken="#f1f2f5",
    rail="#f3f4f7",
    line="#dfe1e7",
    text="#1b1d23",
    faint="#60646f",
    accent="#4f46e5",
    accent_soft="#e6e5fb",
    on_accent="#ffffff",
    hover="#e9eaef",
    good="#17734a",
    warning="#9a5b00",
    bad="#c62a2f",
    recording="#d92d20",
    on_recording="#ffffff",
)

DARK = Colours(
    dark=True,
    ground="#16171b",
    raised="#1d1f24",
    sunken="#121317",
    rail="#131418",
    line="#2f323a",
    text="#e8e9ec",
    faint="#9a9eaa",
    accent="#8b85ff",
    accent_soft="#29274c",
    on_accent="#0f0f14",
    hover="#26282f",
    good="#4cc38a",
    warning="#f1a10d",
    bad="#ff6369",
    recording="#ff5a4f",
    on_recording="#0f0f14",
)


def palette(colours: Colours) -> QPalette:
    """The colours as Qt's own widgets use them."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.ground,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.raised,
        QPalette.ColorRole.AlternateBase: colours.sunken,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Accent: colours.accent,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return made
