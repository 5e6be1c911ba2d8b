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

_HOLDERS = (
    "JOIN account b ON b.row = w.row AND b.x_id IS NULL AND b.hidden_by IS NULL AND b.merged_into IS NULL "
    "JOIN account a ON a.handle = b.handle AND a.x_id IS NOT NULL AND a.hidden_by IS NULL AND a.merged_into IS NULL "
)
_OF_SOME = (
    "FROM account a JOIN account b ON b.handle = a.handle AND b.x_id IS NULL AND b.hidden_by IS NULL "
    "AND b.merged_into IS NULL JOIN {table} w ON w.row = b.row "
)


def unfollowed(store: Store, rows: Sequence[int] | None = None) -> tuple[list[int], dict[int, str]]:
    """Accounts with an id that have a handle a person spoke of while no id was known for it.

    Args:
        store: the open store.
        rows: only these; None for all.

    Returns:
        (rows whose handle is kept and that are not, row -> kind said of its handle where none is said of the row).
    """
    some = "" if rows is None else "AND a.row IN (SELECT value FROM json_each(:rows)) "
    values = {"rows": json.dumps([int(row) for row in rows or ()])}

    def holders(table: str) -> str:
        """FROM and joins that lead from a table of decisions to the accounts of today."""
        return f"FROM {table} w {_HOLDERS}" if rows is None else _OF_SOME.format(table=table)

    kept = store.con.execute(
        f"SELECT a.row {holders('decision')} LEFT JOIN decision o ON o.row = a.row WHERE a.x_id IS NOT NULL {some}"
        "AND w.decision = 'keep' AND o.decision IS NOT 'keep' ORDER BY a.row",
        values,
    ).fetchall()
    kinds = store.con.execute(
        f"SELECT a.row, w.kind {holders('kind_word')} LEFT JOIN kind_word o ON o.row = a.row "
        f"WHERE a.x_id IS NOT NULL {some}AND o.row IS NULL ORDER BY w.at",
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
