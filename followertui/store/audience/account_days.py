"""Our own days: who followed, who left, who looked at the profile, how often we posted.

X's account analytics tell of all of it, an archive of posts alone. Owns the table account_day. Of
several imports that tell of one day the newest reading counts, as X revises its last days. Only
``services`` imports it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from followertui.store.file.connection import Store

COLUMNS = ("new_follows", "unfollows", "profile_visits", "impressions", "posts")
"""What is told of a day, each None where it is not."""


class AccountDay(NamedTuple):
    """One day of our own account.

    Attributes:
        day: its UTC midnight, epoch seconds.
        new_follows: accounts that followed.
        unfollows: accounts that stopped following.
        profile_visits: how often the profile was opened.
        impressions: how often our posts were shown.
        posts: posts we wrote.
    """

    day: int
    new_follows: int | None
    unfollows: int | None
    profile_visits: int | None
    impressions: int | None
    posts: int | None


def add(con: sqlite3.Connection, import_id: int, days: Iterable[Sequence[int | None]]) -> None:
    """Keep the days of an import, inside the caller's transaction; of a day told twice the last line stands."""
    con.executemany(
        "INSERT OR REPLACE INTO account_day VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(day, import_id, *told) for day, *told in days],
    )


def known(store: Store) -> dict[int, AccountDay]:
    """Every day that is told of, by its UTC midnight, oldest first; of each count what was read last stands."""
    lines = store.con.execute(
        f"SELECT d.day, {', '.join(f'd.{name}' for name in COLUMNS)} FROM account_day d "
        "JOIN import_run i ON i.id = d.import_id WHERE i.state = 'done' ORDER BY d.day, i.as_of, i.id"
    )
    found: dict[int, AccountDay] = {}
    for day, *told in lines:
        before = found.get(day, AccountDay(day, None, None, None, None, None))[1:]
        newest = (old if new is None else new for old, new in zip(before, told, strict=True))
        found[day] = AccountDay(day, *newest)
    return found


def is_any(store: Store) -> bool:
    """Whether any day is told of."""
    found = store.con.execute(
        "SELECT 1 FROM account_day d JOIN import_run i ON i.id = d.import_id WHERE i.state = 'done' LIMIT 1"
    )
    return found.fetchone() is not None
