"""Whether what the window writes can be read: the contrast of its colours, as WCAG 2.2 counts it."""

import itertools

import pytest
from PySide6.QtGui import QColor

from ui.qt.theme.colours import DARK, LIGHT

TEXT = 4.5
SHAPE = 3.0

GROUNDS = ("ground", "raised", "sunken", "rail")


def luminance(colour):
    """Relative luminance, 0 to 1."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """From 1, the same, to 21, black on white."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_counted_as_the_standard_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("words", "behind"),
    [
        *itertools.product(("text", "faint", "good", "warning", "bad", "accent"), GROUNDS),
        *itertools.product(("text", "faint", "good", "warning", "bad"), ("hover",)),
        ("text", "accent_soft"),
        ("faint", "accent_soft"),
        ("accent", "accent_soft"),
        ("on_accent", "accent"),
        ("on_recording", "recording"),
    ],
)
def test_every_text_stands_out_from_what_is_behind_it(colours, words, behind):
    assert contrast(getattr(colours, words), getattr(colours, behind)) >= TEXT


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "behind"), [*itertools.product(("accent", "faint", "recording"), GROUNDS)])
def test_marks_and_frames_of_what_has_the_keyboard_are_seen(colours, shape, behind):
    assert contrast(getattr(colours, shape), getattr(colours, behind)) >= SHAPE
