"""What undo and redo passed over, in one line.

Owns the wording. Screens that change rows use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.domain.guards import reason_for
from followertui.ui.cells import counted

if TYPE_CHECKING:
    from followertui.services.values import HeldBack


def skipped_text(held: Sequence[HeldBack], verb: str) -> str:
    """How many rows were passed over and why, in one line; "" if none.

    Args:
        held: what was passed over, by reason.
        verb: what happened to those rows.
    """
    if not held:
        return ""
    total = sum(item.count for item in held)
    return f"{counted(total)} {verb}: " + ", ".join(
        f"{counted(item.count)} {reason_for(item.count, item.reason)}" for item in held
    )
