"""Calls and clicks that come after a reading with a later date: the clock was set back, or a file dates itself ahead.

Owns the correction of their time. Without it a reading made before a call would seem to tell
what came of it. Only ``store.decisions`` and ``services`` import it.
"""

from __future__ import annotations

from followertui.store.file import watermarks
from followertui.store.file.connection import Store


def note(store: Store, call_id: int, at: int) -> None:
    """Note a call if any reading in the store has a later date; inside the transaction that writes the call.

    Args:
        store: the open store.
        call_id: the newest call.
        at: what the clock says, epoch seconds UTC.
    """
    newest = store.con.execute("SELECT coalesce(max(as_of), 0) FROM snapshot").fetchone()[0]
    if newest >= at:
        known = watermarks.EARLY_CALLS.read(store) or watermarks.EarlyCalls(call_id, call_id, 0)
        watermarks.EARLY_CALLS.write(store, watermarks.EarlyCalls(known.first, call_id, max(newest, known.at)))


def made_at(store: Store, call_id: int, at: int) -> int:
    """When a call was made, on the scale of the dates of readings.

    Args:
        store: the open store.
        call_id: its number.
        at: what the clock said, epoch seconds UTC.

    Returns:
        Epoch seconds UTC, no earlier than any reading that was in the store by then.
    """
    early = watermarks.EARLY_CALLS.read(store)
    return max(at, early.at) if early is not None and early.first <= call_id <= early.upto else at
