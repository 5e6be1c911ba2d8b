"""What the review says around its table: the hint in the empty filter, the counts, an empty view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.ui.cells import counted
from followertui.ui.widgets.accounts import AccountTable

if TYPE_CHECKING:
    from followertui.services.values import Queue, View

LONGEST_HINT = 44
"""A queue's own query longer than this is not shown in the empty filter line."""


def filter_hint(queue: Queue | None) -> str:
    """What stands in the empty filter line: what the queue itself filters by."""
    if queue is None:
        return "all accounts"
    return queue.query if 0 < len(queue.query) <= LONGEST_HINT else f"filter {queue.title}"


def empty_text(queue: Queue | None, text: str) -> str:
    """What an empty table says, and which keys lead on.

    Args:
        queue: the queue that is open, None for all accounts.
        text: the filter.
    """
    if text:
        return "Nothing matches this filter\n/ changes it, Esc twice clears it"
    return (queue.empty_text if queue else "") or "Nothing here\n] goes to the next queue, I brings files in"


def shown_counts(view: View, table: AccountTable) -> str:
    """How many rows are in view, marked, marked out of view, and in the range."""
    shown = f"{counted(len(view.rows))} of {counted(view.of)}"
    marked = len(table.marks)
    if marked:
        outside = marked - table.marks.among(table.in_view())
        shown += f" · {counted(marked)} marked"
        if outside:
            shown += f", {counted(outside)} out of view"
    if table.range_from is not None:
        shown += f" · range {counted(len(table.ranged()))}"
    return shown
