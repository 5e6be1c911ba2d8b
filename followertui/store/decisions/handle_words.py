"""Words a person said of a handle alone, and the accounts with an id that have the handle now.

Owns the SQL; which words are given on is ``services.review.kept_handles``'s. Only ``services``
imports it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store, unpacked

# CROSS JOIN fixes the order of the loops: from a few rows to their handles, never from all words.
_ALL = "FROM {table} w CROSS JOIN account b ON b.row = w.row CROSS JOIN account a ON a.handle = b.handle "
_SOME = (
    "FROM json_each(:rows) j CROSS JOIN account a ON a.row = j.value CROSS JOIN account b ON b.handle = a.handle "
    "CROSS JOIN {table} w ON w.row = b.row "
)
# The plus keeps SQLite from walking all accounts without an id where the index of handles tells the few.
_HOLDS = (
    "+b.x_id IS NULL AND b.hidden_by IS NULL AND b.merged_into IS NULL "
    "AND a.x_id IS NOT NULL AND a.hidden_by IS NULL AND a.merged_into IS NULL"
)


class Unfollowed(NamedTuple):
    """What was said of handles and not yet of the accounts that have them.

    Attributes:
        kept: row of the account -> (who said keep, when).
        kinds: row -> (kind, who said it, when), where none is said of the account.
        releases: (row, guard, hash of what it rested on, who, when), where the account has none from that guard.
    """

    kept: dict[int, tuple[str, int]]
    kinds: dict[int, tuple[str, str, int]]
    releases: list[tuple[int, str, str, str, int]]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.kept or self.kinds or self.releases)


def unfollowed(store: Store, rows: Sequence[int] | None = None) -> Unfollowed:
    """Words on a handle no id was known for, of accounts with an id that have the handle.

    Args:
        store: the open store.
        rows: only these; None for all.
    """
    values = {"rows": json.dumps([int(row) for row in rows or ()])}
    loops = _ALL if rows is None else _SOME
    kept = store.con.execute(
        f"SELECT a.row, w.reviewer, w.at {loops.format(table='decision')} LEFT JOIN decision o ON o.row = a.row "
        f"WHERE {_HOLDS} AND w.decision = 'keep' AND o.decision IS NOT 'keep' ORDER BY a.row, w.at DESC",
        values,
    ).fetchall()
    kinds = store.con.execute(
        f"SELECT a.row, w.kind, w.reviewer, w.at {loops.format(table='kind_word')} "
        f"LEFT JOIN kind_word o ON o.row = a.row WHERE {_HOLDS} AND o.row IS NULL ORDER BY w.at",
        values,
    ).fetchall()
    releases = store.con.execute(
        f"SELECT a.row, w.guard, w.evidence_hash, w.reviewer, w.at {loops.format(table='release')} "
        f"LEFT JOIN release o ON o.row = a.row AND o.guard = w.guard WHERE {_HOLDS} AND o.row IS NULL ORDER BY w.at",
        values,
    ).fetchall()
    return Unfollowed(
        {row: (who, at) for row, who, at in kept}, {row: (kind, who, at) for row, kind, who, at in kinds}, releases
    )


def given(store: Store, command: str) -> set[tuple[str, int]]:
    """(slot, row) of what entries of a command changed, undone ones too."""
    found: set[tuple[str, int]] = set()
    for (payload,) in store.con.execute("SELECT payload FROM journal WHERE command = ?", [command]):
        for slot, _, _, keys in json.loads(zlib.decompress(payload)):
            found.update((slot, row) for row in unpacked(base64.b64decode(keys)))
    return found
