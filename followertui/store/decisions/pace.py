"""When a reviewer answered: what the pace is measured by.

Reads only. Only ``services`` imports it.
"""

from __future__ import annotations

from followertui.store.file.connection import Store

_LATEST = 500
"""Answers that count: people get quicker."""


def answers_to_matches(store: Store, reviewer: str) -> list[int]:
    """When a reviewer last confirmed or rejected one match at a time.

    Args:
        store: the open store.
        reviewer: whose answers.

    Returns:
        Seconds since 1970, ascending; a bulk answer is left out, and so is what was undone.
    """
    found = store.con.execute(
        "SELECT at FROM journal WHERE reviewer = ? AND command IN ('match.confirmed', 'match.rejected') "
        "AND rows = 1 AND inverse_of IS NULL AND undone_by IS NULL ORDER BY id DESC LIMIT ?",
        [reviewer, _LATEST],
    )
    return sorted(at for (at,) in found)
