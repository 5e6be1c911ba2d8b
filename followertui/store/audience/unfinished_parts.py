"""Parts of a snapshot that is still being read, for a reading that goes on after an interruption.

Owns reading them back and adding to one; how a snapshot begins and ends is ``relations``. Only
``services`` imports it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store, packed, unpacked


def extend_part(con: sqlite3.Connection, snapshot_id: int, part: int, rows: Sequence[int]) -> None:
    """Add rows to the end of a part that is there."""
    con.execute(
        "UPDATE snapshot_part SET members = CAST(members || ? AS BLOB) WHERE snapshot_id = ? AND part = ?",
        [packed(rows), snapshot_id, part],
    )


class UnfinishedPart(NamedTuple):
    """One part of a snapshot that is still being read: row numbers in reading order."""

    snapshot_id: int
    direction: str
    is_main: bool
    rows: array[int]


def unfinished_parts(store: Store, import_id: int) -> Iterator[UnfinishedPart]:
    """What an unfinished import has read, by snapshot, in reading order."""
    for snapshot_id, direction, is_main, blob in store.con.execute(
        "SELECT id, direction, is_main, part.members FROM snapshot JOIN snapshot_part part ON snapshot_id = id "
        "WHERE import_id = ? ORDER BY id, part",
        [import_id],
    ):
        yield UnfinishedPart(snapshot_id, direction, bool(is_main), unpacked(blob))
