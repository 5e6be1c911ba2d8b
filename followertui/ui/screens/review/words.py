"""What the review says around its table: the hint in the empty filter, the counts, an empty view."""

from __future__ import annotations

from collections.abc import Sequence
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


def way_on(queues: Sequence[Queue], here: str) -> str:
    """Where to go from a queue that is done: the nearest in the bar that holds something, with its keys.

    Args:
        queues: all queues with their counts.
        here: id of the queue that is done.
    """
    bar = [queue for queue in queues if queue.is_main]
    at = next((number for number, queue in enumerate(bar) if queue.id == here), None)
    after, before = (-1, 0) if at is None else (at, at)
    for steps in range(1, len(bar)):
        for key, queue in (("]", bar[(after + steps) % len(bar)]), ("[", bar[before - steps])):
            if queue.count:
                return f"{' '.join([key] * steps)} goes to {queue.title} {counted(queue.count)}"
    return "] goes to the next queue"


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
