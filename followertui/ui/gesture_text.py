"""What a gesture did, in one line.

Owns the wording of what was held back. Screens that change rows use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.ui.cells import counted

if TYPE_CHECKING:
    from followertui.services.values import Gesture, HeldBack


def held_text(held: Sequence[HeldBack], verb: str = "held back") -> str:
    """How many rows a gesture passed over and why, in one line; "" if none.

    Args:
        held: what was passed over, by reason.
        verb: what happened to those rows.
    """
    if not held:
        return ""
    total = sum(item.count for item in held)
    return f"{counted(total)} {verb}: " + ", ".join(f"{counted(item.count)} {item.reason}" for item in held)


def gesture_line(gesture: Gesture) -> str:
    """What a gesture did, with what was held back unless its own words say so."""
    held = held_text(gesture.held)
    return gesture.text if not held or "held back" in gesture.text else f"{gesture.text} · {held}"
