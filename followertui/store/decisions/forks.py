"""Two journals of one store that went apart: up to where they agree, and who touched what since.

Owns the comparison, of calls too. Only ``services`` imports it.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.store.decisions.journal import Journal
from followertui.store.file.connection import Store

_IDENTITY = "SELECT id, at, session FROM journal"


class Touch(NamedTuple):
    """Who changed a key last, and when, epoch seconds UTC."""

    reviewer: str
    at: int


class Mark(NamedTuple):
    """One entry of a journal, told from entries of the same number in other copies."""

    id: int
    at: int
    session: str


def fork(here: Store, there: Store) -> int:
    """Number of the newest entry up to which both journals are the same, 0 where none is."""
    last = 0
    order = f"{_IDENTITY} ORDER BY id"
    for one, other in zip(here.con.execute(order), there.con.execute(order), strict=False):
        if tuple(one) != tuple(other):
            break
        last = int(one[0])
    return last


def newest(store: Store) -> Mark | None:
    """The newest entry of a journal."""
    found = store.con.execute(f"{_IDENTITY} ORDER BY id DESC LIMIT 1").fetchone()
    return Mark(*found) if found else None


def holds(store: Store, mark: Mark) -> bool:
    """Whether a journal has that very entry."""
    found = store.con.execute(f"{_IDENTITY} WHERE id = ?", [mark.id]).fetchone()
    return found is not None and tuple(found) == tuple(mark)


def stands(store: Store, entry_id: int) -> bool:
    """Whether a gesture is in force: neither undone nor gone."""
    sql = "SELECT 1 FROM journal WHERE id = ? AND undone_by IS NULL"
    return store.con.execute(sql, [entry_id]).fetchone() is not None


def touched_since(journal: Journal, entry_id: int) -> dict[str, dict[int, Touch]]:
    """Name of a slot -> key -> who changed it last, in all entries after one."""
    found: dict[str, dict[int, Touch]] = {}
    sql = "SELECT id, reviewer, at FROM journal WHERE id > ? ORDER BY id"
    for number, reviewer, at in journal.store.con.execute(sql, [entry_id]).fetchall():
        for segment in journal.segments(number):
            touched = found.setdefault(segment.slot.name, {})
            touched.update(dict.fromkeys(map(int, segment.keys), Touch(reviewer, at)))
    return found


def calls_beyond(here: Store, there: Store) -> int:
    """How many calls and clicks a copy made that this store does not know."""
    sql = "SELECT id, at, row FROM call WHERE state <> 'ATTEMPTING'"
    return len(set(map(tuple, there.con.execute(sql))) - set(map(tuple, here.con.execute(sql))))
