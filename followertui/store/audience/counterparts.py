"""Which account of one store is which of another copy of it.

Owns the comparison by X id, else by handle: row numbers agree only as far as both copies imported
the same. Only ``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from followertui.store.file.connection import Store


def counterparts(here: Store, there: Store, rows: Iterable[int]) -> dict[int, int]:
    """Row there -> row here; accounts this store does not have are left out."""
    asked = json.dumps(sorted(rows))
    found: dict[int, int] = {}
    for row, x_id, handle in there.con.execute(
        "SELECT row, x_id, handle FROM account WHERE merged_into IS NULL AND row IN (SELECT value FROM json_each(?))",
        [asked],
    ).fetchall():
        own = _row_of(here, x_id, handle)
        if own is not None:
            found[row] = own
    return found


def _row_of(store: Store, x_id: int | None, handle: str | None) -> int | None:
    if x_id is not None:
        by_id = store.con.execute("SELECT row FROM account WHERE x_id = ?", [x_id]).fetchone()
        if by_id is not None:
            return int(by_id[0])
    if handle is None:
        return None
    # A handle passes from one account to another: where both ids are known they have to agree.
    lines = store.con.execute(
        "SELECT row FROM account WHERE handle = ? AND merged_into IS NULL AND (x_id IS NULL OR ?)",
        [handle, x_id is None],
    ).fetchall()
    return int(lines[0][0]) if len(lines) == 1 else None


def matches_like(here: Store, there: Store, pairs: dict[int, int], match_ids: Sequence[int]) -> dict[int, int]:
    """Number of a match there -> number of the match of the same account, entity and relation here.

    Args:
        here: this store.
        there: the copy.
        pairs: see ``counterparts``.
        match_ids: matches there.
    """
    sql = (
        "SELECT m.id, m.row, m.relation, e.type, e.name FROM match m JOIN entity e ON e.id = m.entity_id "
        "WHERE m.id IN (SELECT value FROM json_each(?))"
    )
    found: dict[int, int] = {}
    for number, row, relation, kind, name in there.con.execute(sql, [json.dumps(list(match_ids))]).fetchall():
        own = here.con.execute(
            "SELECT m.id FROM match m JOIN entity e ON e.id = m.entity_id "
            "WHERE m.row = ? AND m.relation = ? AND e.type = ? AND e.name = ?",
            [pairs.get(row), relation, kind, name],
        ).fetchone()
        if own is not None:
            found[number] = int(own[0])
    return found


def match_rows(store: Store, match_ids: Sequence[int]) -> dict[int, int]:
    """Number of a match -> the account it is about."""
    sql = "SELECT id, row FROM match WHERE id IN (SELECT value FROM json_each(?))"
    return dict(store.con.execute(sql, [json.dumps(list(match_ids))]).fetchall())
