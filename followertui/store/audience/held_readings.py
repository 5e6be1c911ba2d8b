"""What finished readings hold: the accounts of one, of the last complete one, and who is known of those in a file.

Owns looking into readings; what follows from them is ``relations``. Only ``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from followertui.store.audience.relations import members, merged_rows, row_size
from followertui.store.audience.spells import Rows
from followertui.store.file.connection import Store


class Held(NamedTuple):
    """A finished snapshot.

    Attributes:
        direction, completeness, identity, as_of: as they are stored.
        seen: by row number, 1 where it holds the account or one that was merged into it.
    """

    direction: str
    completeness: str
    identity: str
    as_of: int
    seen: bytearray


def held_by(store: Store, import_id: int) -> list[Held]:
    """What an import was itself a list of, not what only its flags name."""
    found = []
    survivors = merged_rows(store.con, size := row_size(store.con))
    for direction, completeness, identity, as_of, blob in store.con.execute(
        "SELECT direction, completeness, identity, as_of, members FROM snapshot "
        "WHERE import_id = ? AND is_main AND members IS NOT NULL ORDER BY id",
        [import_id],
    ):
        seen = np.zeros(size, np.uint8)
        seen[members(blob) if survivors is None else survivors[members(blob)]] = 1
        found.append(Held(direction, completeness, identity, as_of, bytearray(seen.tobytes())))
    return found


class KnownAccount(NamedTuple):
    """An account by what it is known: row number, X id and handle or None."""

    row: int
    x_id: int | None
    handle: str | None

    @property
    def name(self) -> str:
        """``@handle``, else the id."""
        return f"@{self.handle}" if self.handle else str(self.x_id)


def known_accounts(store: Store, rows: Sequence[int]) -> list[KnownAccount]:
    """Accounts by row number, in order, each as the one it was merged into; rows of none are left out."""
    found = []
    for row in rows:
        line = store.con.execute(
            "SELECT row, x_id, handle FROM account "
            "WHERE row = (SELECT ifnull(merged_into, row) FROM account WHERE row = ?)",
            [row],
        ).fetchone()
        if line is not None:
            found.append(KnownAccount(*line))
    return found


def known_rows_of(store: Store, ids: Sequence[int], handles: Sequence[str]) -> set[int]:
    """Rows of accounts that are known here.

    Args:
        store: the open store.
        ids: X ids.
        handles: of accounts of which no id is said, without @, in any case.
    """
    found = store.con.execute(
        "SELECT row FROM account WHERE x_id IN (SELECT value FROM json_each(?)) UNION "
        "SELECT row FROM account WHERE handle IN (SELECT value FROM json_each(?)) AND merged_into IS NULL",
        [json.dumps(ids), json.dumps(handles)],
    )
    return {row for (row,) in found}


def missing_of_last(store: Store, as_of: int, seen: bytearray, ended: set[int]) -> tuple[int, int]:
    """How many accounts of the newest complete reading of who we follow another lacks, and how many it had to hold.

    Args:
        store: the open store.
        as_of: the latest moment the complete one may be of, epoch seconds UTC.
        seen: by row number, 1 where the reading holds the account; later rows are not in it.
        ended: rows we ceased to follow since; they need not be in it.
    """
    rows = last_complete(store, "following", as_of)
    if rows is None:
        return 0, 0
    due = rows[~np.isin(rows, np.fromiter(ended, rows.dtype, len(ended)))]
    held = np.zeros(max(len(seen), int(due.max(initial=0)) + 1), np.bool_)
    held[: len(seen)] = np.frombuffer(bytes(seen), np.bool_)
    return int(np.count_nonzero(~held[due])), len(due)


def last_complete(store: Store, direction: str, as_of: int) -> Rows | None:
    """Row numbers of the newest complete snapshot that counts, in reading order; None where there is none.

    Args:
        store: the open store.
        direction: one of ``DIRECTIONS``.
        as_of: the latest moment it may be of, epoch seconds UTC.
    """
    line = store.con.execute(
        "SELECT members FROM snapshot JOIN import_run ON import_run.id = import_id WHERE direction = ? "
        "AND completeness = 'complete' AND state = 'done' AND members IS NOT NULL AND snapshot.as_of <= ? "
        "ORDER BY snapshot.as_of DESC, snapshot.id DESC LIMIT 1",
        [direction, as_of],
    ).fetchone()
    if line is None:
        return None
    rows, survivors = members(line[0]), merged_rows(store.con, row_size(store.con))
    return rows if survivors is None else survivors[rows]
