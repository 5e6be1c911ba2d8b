"""Repairs of a store that lose nothing: rows that nobody can see, references to nothing, indexes.

Owns what counts as safe. A row goes only where the account, match or plan item it speaks of does
not exist; a reference that may be empty is emptied. Only ``services`` imports it.
"""

from __future__ import annotations

import shutil
import sqlite3
from typing import NamedTuple

from followertui.store.file import copies
from followertui.store.file.connection import Store

_SAFE_PARENTS = ("account", "match", "plan_item")
_OF_AN_INDEX = ("missing from index", "wrong # of entries in index", "non-unique entry in index")
_MOST_ROUNDS = 5


class Repair(NamedTuple):
    """What is repaired, how, and how many rows."""

    what: str
    done: str
    rows: int


class _Reference(NamedTuple):
    table: str
    column: str
    parent: str
    key: str
    may_be_empty: bool

    @property
    def to_nothing(self) -> str:
        """The SQL condition of a row that refers to nothing."""
        return (
            f'"{self.column}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{self.parent}" AS parent '
            f'WHERE parent."{self.key}" = "{self.table}"."{self.column}")'
        )

    @property
    def is_safe(self) -> bool:
        """Whether such a row can be mended without losing anything."""
        return self.may_be_empty or self.parent in _SAFE_PARENTS


def repairs(store: Store) -> set[str]:
    """Tables all of whose references to nothing can be mended."""
    unsafe = {
        reference.table
        for reference in _references(store.con)
        if not reference.is_safe
        and store.con.execute(f'SELECT 1 FROM "{reference.table}" WHERE {reference.to_nothing} LIMIT 1').fetchone()
    }
    return {reference.table for reference in _references(store.con)} - unsafe


def is_of_an_index(problem: str) -> bool:
    """Whether a line of ``copies.integrity`` speaks of an index, which is built again from its table."""
    return any(words in problem for words in _OF_AN_INDEX)


def mend(store: Store) -> list[Repair]:
    """Repair what is safe in one transaction; the derived files are thrown away.

    Raises:
        StoreError: the store is read-only or cannot be written.
    """
    done: list[Repair] = []
    broken = copies.integrity(store)
    with store.write() as con:
        if broken and all(map(is_of_an_index, broken)):
            con.execute("REINDEX")
            done.append(Repair("indexes", "named by SQLite, every index built again", len(broken)))
        for _ in range(_MOST_ROUNDS):
            round_ = [repair for reference in _references(con) for repair in _mended(con, reference)]
            if not round_:
                break
            done += round_
        lost = con.execute(
            f"UPDATE account SET merged_into = NULL WHERE {copies.MERGED_INTO_NOTHING} RETURNING row"
        ).fetchall()
        if lost:
            done.append(Repair("table account", "merged into nothing, shown again", len(lost)))
            store.bump("profile", [row for (row,) in lost])
        dead = [holder.name for holder in store.leases.holders() if not holder.is_alive]
        con.executemany("DELETE FROM lease WHERE name = ?", [(name,) for name in dead])
        if dead:
            done.append(Repair("work", "of a process that ended, removed", len(dead)))
    if done:
        shutil.rmtree(store.path.with_name(f"{store.path.name}.cache"), ignore_errors=True)
    return done


def _mended(con: sqlite3.Connection, reference: _Reference) -> list[Repair]:
    if not reference.is_safe:
        return []
    if reference.may_be_empty:
        statement, done = f'UPDATE "{reference.table}" SET "{reference.column}" = NULL', "kept, its {} emptied"
    else:
        statement, done = f'DELETE FROM "{reference.table}"', "removed, its {} does not exist"
    count = con.execute(f"{statement} WHERE {reference.to_nothing}").rowcount
    parent = reference.parent.replace("_", " ")
    return [Repair(f"table {reference.table}", done.format(parent), count)] if count else []


def _references(con: sqlite3.Connection) -> list[_Reference]:
    found = []
    tables = [line[0] for line in con.execute("SELECT name FROM pragma_table_list WHERE type = 'table'").fetchall()]
    for table in sorted(tables):
        needed = {line[1] for line in con.execute(f'PRAGMA table_info("{table}")') if line[3] or line[5]}
        for line in con.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
            found.append(_Reference(table, line[3], line[2], line[4], line[3] not in needed))
    return found
