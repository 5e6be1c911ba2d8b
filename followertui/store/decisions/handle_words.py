"""Words a person said of a handle alone, and the accounts with an id that have the handle now.

Owns the SQL; which words are given on is ``services.review.kept_handles``'s. Only ``services``
imports it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence

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


def unfollowed(store: Store, rows: Sequence[int] | None = None) -> tuple[list[int], dict[int, str]]:
    """Accounts with an id that have a handle a person spoke of while no id was known for it.

    Args:
        store: the open store.
        rows: only these; None for all.

    Returns:
        (rows whose handle is kept and that are not, row -> kind said of its handle where none is said of the row).
    """
    values = {"rows": json.dumps([int(row) for row in rows or ()])}
    loops = _ALL if rows is None else _SOME
    kept = store.con.execute(
        f"SELECT DISTINCT a.row {loops.format(table='decision')} LEFT JOIN decision o ON o.row = a.row "
        f"WHERE {_HOLDS} AND w.decision = 'keep' AND o.decision IS NOT 'keep' ORDER BY a.row",
        values,
    ).fetchall()
    kinds = store.con.execute(
        f"SELECT a.row, w.kind {loops.format(table='kind_word')} LEFT JOIN kind_word o ON o.row = a.row "
        f"WHERE {_HOLDS} AND o.row IS NULL ORDER BY w.at",
        values,
    ).fetchall()
    return [line[0] for line in kept], dict(kinds)


def given(store: Store, command: str) -> set[int]:
    """Rows that entries of a command changed, undone ones too."""
    found: set[int] = set()
    for (payload,) in store.con.execute("SELECT payload FROM journal WHERE command = ?", [command]):
        for _, _, _, keys in json.loads(zlib.decompress(payload)):
            found.update(unpacked(base64.b64decode(keys)))
    return found
