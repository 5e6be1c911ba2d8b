"""What X answers about accounts it is asked for one by one: shown, gone, suspended; muted, blocked, listed.

Owns the tables x_seen and own_mark, and the status of an account where X tells it. Only ``services``
imports it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store

GONE, SUSPENDED, RENAMED = 1, 2, 3
"""Values of ``account.status``; 0: it exists. Renamed: nobody has the handle any more it is known by alone."""

MUTED, BLOCKED, LISTED = "muted", "blocked", "listed"
"""Values of ``own_mark.mark``."""


class Address(NamedTuple):
    """How X can be asked for an account.

    Attributes:
        row: its row.
        x_id: its id, None where only the handle is known.
        handle: without @, None where unknown.
        seen_at: when it was last read from X or looked up there, epoch seconds UTC, 0 for never.
        read_at: the moment its bio is of, epoch seconds UTC, 0 where it has none.
    """

    row: int
    x_id: int | None
    handle: str | None
    seen_at: int
    read_at: int


def addresses(store: Store, rows: Sequence[int]) -> list[Address]:
    """How X can be asked for accounts, in their order; those of which neither id nor handle is known are left out."""
    found = {
        line[0]: Address(*line)
        for line in store.con.execute(
            "SELECT a.row, a.x_id, a.handle, max(coalesce(s.at, 0), coalesce(iif(i.what IN ('sync', 'lookup'), "
            "i.as_of, 0), 0)), max(coalesce(s.at, 0), coalesce(i.as_of, 0)) FROM account a "
            "LEFT JOIN x_seen s ON s.row = a.row LEFT JOIN import_run i ON i.id = a.about_from "
            "WHERE a.row IN (SELECT value FROM json_each(?)) AND coalesce(a.x_id, a.handle) IS NOT NULL",
            [json.dumps([int(row) for row in rows])],
        )
    }
    return [found[row] for row in map(int, rows) if row in found]


def note_shown(store: Store, rows: Iterable[int], at: int) -> None:
    """Note that X showed accounts it was asked for: they exist, whatever was known before."""
    some = [(row, at) for row in rows if row]
    with store.write() as con:
        con.executemany("INSERT OR REPLACE INTO x_seen VALUES (?, ?)", some)
        note_existing(store, con, [row for row, _ in some])
        store.bump("profile", [row for row, _ in some])


def note_existing(store: Store, con: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Take back that accounts are gone or suspended, inside the caller's transaction: X shows them."""
    back = con.execute(
        "SELECT row FROM account WHERE status <> 0 AND row IN (SELECT value FROM json_each(?))",
        [json.dumps([int(row) for row in rows])],
    ).fetchall()
    if back:
        con.executemany("UPDATE account SET status = 0 WHERE row = ?", back)
        store.bump("profile", [row for (row,) in back])


def note_missing(store: Store, statuses: Mapping[int, int], at: int) -> None:
    """Note that X no longer shows accounts.

    Args:
        store: the open store.
        statuses: row -> ``GONE``, ``SUSPENDED`` or ``RENAMED``.
        at: epoch seconds UTC.
    """
    with store.write() as con:
        con.executemany("UPDATE account SET status = ? WHERE row = ?", [(s, row) for row, s in statuses.items()])
        con.executemany("INSERT OR REPLACE INTO x_seen VALUES (?, ?)", [(row, at) for row in statuses])
        store.bump("profile", list(statuses))


def set_marks(store: Store, mark: str, list_name: str, rows: Iterable[int], at: int) -> None:
    """Keep who is muted, blocked or on one list of ours, instead of what was kept of that before."""
    with store.write() as con:
        before = con.execute("SELECT row FROM own_mark WHERE mark = ? AND list = ?", [mark, list_name]).fetchall()
        con.execute("DELETE FROM own_mark WHERE mark = ? AND list = ?", [mark, list_name])
        some = sorted({row for row in rows if row})
        con.executemany("INSERT INTO own_mark VALUES (?, ?, ?, ?)", [(row, mark, list_name, at) for row in some])
        store.bump("profile", [*(row for (row,) in before), *some])


def drop_lists_but(store: Store, names: Sequence[str]) -> None:
    """Forget who was on lists that are no longer ours."""
    with store.write() as con:
        gone = con.execute(
            "SELECT row FROM own_mark WHERE mark = 'listed' AND list NOT IN (SELECT value FROM json_each(?))",
            [json.dumps(list(names))],
        ).fetchall()
        con.execute(
            "DELETE FROM own_mark WHERE mark = 'listed' AND list NOT IN (SELECT value FROM json_each(?))",
            [json.dumps(list(names))],
        )
        store.bump("profile", [row for (row,) in gone])


def marks_of(store: Store, row: int) -> list[tuple[str, str]]:
    """What we did to an account on X, as (mark, list), lists last."""
    found = store.con.execute(
        "SELECT mark, list FROM own_mark WHERE row = ? ORDER BY mark = 'listed', mark, list", [row]
    )
    return [(mark, name) for mark, name in found]


def rows_marked(store: Store, mark: str) -> list[int]:
    """Rows we muted, blocked or listed, ascending."""
    found = store.con.execute("SELECT DISTINCT row FROM own_mark WHERE mark = ? ORDER BY row", [mark])
    return [row for (row,) in found]
