"""Which accounts go by a handle: now, or at a moment of the past.

Owns the SQL. Handles change hands, so one may lead to several accounts; which of them is meant is
``services.naming``'s. Only ``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store


class Holder(NamedTuple):
    """An account that has a handle, or had it.

    Attributes:
        row: its number.
        x_id: X's id, None where only the handle is known.
        handle: what it is called now, "" where unknown.
        until: when it was last known to have the handle no longer, epoch seconds UTC; None: it has it now.
    """

    row: int
    x_id: int | None
    handle: str
    until: int | None


_LIVE = "a.hidden_by IS NULL AND a.merged_into IS NULL"
_HOLDERS = f"""
SELECT row, x_id, handle, until FROM (
  SELECT a.row, a.x_id, coalesce(a.handle, '') AS handle, NULL AS until FROM account a
  WHERE a.handle = :handle AND {_LIVE}
  UNION ALL
  SELECT a.row, a.x_id, coalesce(a.handle, ''), max(h.until)
  FROM handle_history h CROSS JOIN account a ON a.row = h.row
  WHERE h.handle = :handle AND {_LIVE} AND (a.handle IS NULL OR a.handle <> :handle) GROUP BY a.row)
ORDER BY until IS NOT NULL, x_id IS NULL, until DESC, row
"""


def holders(store: Store, handle: str) -> list[Holder]:
    """Every account that has a handle or had it.

    Args:
        store: the open store.
        handle: without @, any case.

    Returns:
        Who has it now first, with an id before without; then who had it, the latest first.
    """
    return [Holder._make(line) for line in store.con.execute(_HOLDERS, {"handle": handle})]


def namesakes(store: Store, rows: Sequence[int]) -> dict[int, list[int]]:
    """Accounts with an id that have the handle by which alone others are known.

    Args:
        store: the open store.
        rows: row numbers of any accounts.

    Returns:
        Row known by its handle alone -> rows with an id and that handle: X shows one page for both.
    """
    found: dict[int, list[int]] = {}
    for row, other in store.con.execute(
        "SELECT b.row, a.row FROM json_each(?) j CROSS JOIN account b ON b.row = j.value "
        f"CROSS JOIN account a ON a.handle = b.handle WHERE b.x_id IS NULL AND a.x_id IS NOT NULL AND {_LIVE}",
        [json.dumps([int(row) for row in rows])],
    ):
        found.setdefault(row, []).append(other)
    return found


def on_one_page(store: Store, rows: Sequence[int]) -> dict[int, list[int]]:
    """Accounts X shows on the same page, one of them known by its handle alone, the other with an id.

    Args:
        store: the open store.
        rows: row numbers of any accounts.

    Returns:
        Row -> the others on its page; rows alone on theirs are left out.
    """
    found: dict[int, list[int]] = {}
    for row, other in store.con.execute(
        "SELECT b.row, a.row FROM json_each(?) j CROSS JOIN account b ON b.row = j.value CROSS JOIN account a "
        f"ON a.handle = b.handle WHERE (b.x_id IS NULL) <> (a.x_id IS NULL) AND {_LIVE}",
        [json.dumps([int(row) for row in rows])],
    ):
        found.setdefault(row, []).append(other)
    return found


def known(store: Store, asked: Iterable[str]) -> frozenset[str]:
    """Which of some handles, lower case, an account of the store has or had."""
    wanted = json.dumps(sorted(asked))
    lines = store.con.execute(
        "SELECT lower(handle) FROM account WHERE handle IN (SELECT value FROM json_each(?1)) "
        "UNION SELECT lower(handle) FROM handle_history WHERE handle IN (SELECT value FROM json_each(?1))",
        [wanted],
    )
    return frozenset(handle for (handle,) in lines)
