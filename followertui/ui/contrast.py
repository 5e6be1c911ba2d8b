"""Colours that can be read: how far two are apart, and what to do where it is not enough.

Owns the measure of WCAG 2.2 (success criterion 1.4.3) and the correction. Free of screens.
Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

from __future__ import annotations

from rich.color import Color
from rich.color_triplet import ColorTriplet

READABLE = 4.5
"""Contrast of text that is to be read."""
RECEDING = 3.0
"""Contrast of text that is meant to recede, such as a row that is decided."""
_STEPS = 20


def luminance(colour: ColorTriplet) -> float:
    """Relative luminance, 0 black to 1 white."""
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable(text: Color, ground: Color, least: float = READABLE) -> Color:
    """A text colour as near to the wanted one as its ground allows.

    Args:
        text: the wanted colour.
        ground: what it stands on.
        least: contrast it must have.

    Returns:
        The colour itself where it is far enough from its ground or the terminal decides either of
        them; otherwise one nearer to white or black, whichever is farther from the ground.
    """
    if text.triplet is None or ground.triplet is None:
        return text
    if contrast(text.triplet, ground.triplet) >= least:
        return text
    white, black = ColorTriplet(255, 255, 255), ColorTriplet(0, 0, 0)
    end = white if contrast(white, ground.triplet) >= contrast(black, ground.triplet) else black
    for step in range(1, _STEPS + 1):
        share = step / _STEPS
        mixed = ColorTriplet(*(round(a + (b - a) * share) for a, b in zip(text.triplet, end, strict=True)))
        if contrast(mixed, ground.triplet) >= least:
            return Color.from_triplet(mixed)
    return Color.from_triplet(end)
