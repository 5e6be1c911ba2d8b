"""Conversations and outcomes: whom we talked to and what they did, as far as the account is known.

Owns the table interaction while an import writes it, and which account a logged line speaks
of. Only ``services`` imports it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from followertui.store.file.connection import Store

_CHUNK = 20_000
_STANDS = "merged_into IS NULL AND hidden_by IS NULL"

_TAKE_OVER = (
    "ON CONFLICT(row, at, kind, reference) DO UPDATE SET source = excluded.source, import_id = excluded.import_id "
    "WHERE import_id IN (SELECT id FROM import_run WHERE state = 'undone')"
)
"""What two imports bring is kept once, under the first that is not undone."""


class Contact(Protocol):
    """One contact with someone; the reader of archives gives them."""

    @property
    def x_id(self) -> int:
        """Who."""

    @property
    def handle(self) -> str | None:
        """Their handle then."""

    @property
    def at(self) -> int | None:
        """Epoch seconds UTC."""

    @property
    def kind(self) -> str:
        """Such as "reply"."""

    @property
    def post_id(self) -> int | None:
        """The post."""


def add_contacts(con: sqlite3.Connection, import_id: int, contacts: Sequence[Contact]) -> None:
    """Keep conversations with accounts the store knows, by id or by handle."""
    dated = [contact for contact in contacts if contact.at is not None]
    con.executemany(
        "INSERT INTO interaction(row, at, kind, reference, source, import_id) "
        f"SELECT coalesce(merged_into, row), ?, ?, ?, 'archive', ? FROM account WHERE x_id = ? {_TAKE_OVER}",
        [(one.at, one.kind, str(one.post_id or ""), import_id, one.x_id) for one in dated],
    )
    con.executemany(
        "INSERT INTO interaction(row, at, kind, reference, source, import_id) "
        f"SELECT row, ?, ?, ?, 'archive', ? FROM account WHERE handle = ? AND x_id IS NULL {_TAKE_OVER}",
        [(one.at, one.kind, str(one.post_id or ""), import_id, one.handle) for one in dated if one.handle],
    )


class Happening(NamedTuple):
    """One line of the timeline of an account: its row, what, when (epoch seconds UTC), about what."""

    row: int
    kind: str
    at: int
    reference: str


class Known:
    """Finds accounts by whatever a log identifies people by.

    Handles and ids come first, then the address of a list's entry whose match a person
    confirmed, then the domain of a site only one account has.

    Args:
        store: the open store.
        handles, x_ids, emails, domains: everything the log names, lower case.
    """

    def __init__(
        self, store: Store, handles: Iterable[str], x_ids: Iterable[int], emails: Iterable[str], domains: Iterable[str]
    ) -> None:
        self._con = store.con
        self._by_handle: dict[object, int] = {}
        now = f"SELECT lower(handle), row FROM account WHERE handle IN ({{}}) AND {_STANDS}"
        once = "SELECT lower(handle), row FROM handle_history WHERE handle IN ({})"
        names = list(handles)
        for sql in (once, now):
            self._by_handle |= self._found(sql, names)
        self._by_id = self._found("SELECT x_id, coalesce(merged_into, row) FROM account WHERE x_id IN ({})", x_ids)
        self._by_email = self._found(
            "SELECT address.value, m.row FROM match_word w JOIN match m ON m.id = w.match_id JOIN entry e "
            "ON e.id = m.entry_id, json_each(e.data, '$.emails') address "
            "WHERE w.state = 'confirmed' AND m.relation = 'is' AND address.value IN ({})",
            emails,
        )
        self._by_domain = self._found(
            f"SELECT lower(domain), min(row) FROM account WHERE domain IN ({{}}) AND {_STANDS} "
            "GROUP BY 1 HAVING count(*) = 1",
            domains,
        )

    def _found(self, sql: str, values: Iterable[object]) -> dict[object, int]:
        found: dict[object, int] = {}
        some = list(dict.fromkeys(value for value in values if value))
        for at in range(0, len(some), _CHUNK):
            part = some[at : at + _CHUNK]
            found.update(self._con.execute(sql.format(",".join("?" * len(part))), part).fetchall())
        return found

    def row(self, handle: str, x_id: int | None, email: str, domain: str) -> int | None:
        """The account of a person, None where the store has none."""
        return (
            self._by_id.get(x_id)
            or self._by_handle.get(handle.lower())
            or self._by_email.get(email)
            or self._by_domain.get(domain)
        )


def add_happenings(store: Store, import_id: int, source: str, happenings: Sequence[Happening]) -> int:
    """Keep what happened, inside the caller's transaction; returns how much was not known before."""
    con = store.con
    before = con.total_changes
    con.executemany(
        f"INSERT INTO interaction(row, kind, at, reference, source, import_id) VALUES (?, ?, ?, ?, ?, ?) {_TAKE_OVER}",
        [(*one, source, import_id) for one in happenings],
    )
    store.bump("relation", {one.row for one in happenings})
    return con.total_changes - before


def last_of_step(con: sqlite3.Connection, import_id: int, after: int, most: int) -> int | None:
    """The account with the last of the next few interactions an import brought.

    Args:
        con: a connection.
        import_id: the import that brought them.
        after: accounts up to this row are done.
        most: how many interactions, unless one account has more.

    Returns:
        Its row, None where there are no more.
    """
    rows = con.execute(
        "SELECT row FROM interaction WHERE import_id = ? AND row > ? ORDER BY row LIMIT ?",
        [import_id, after, most],
    ).fetchall()
    return int(rows[-1][0]) if rows else None


def reverse(store: Store, import_id: int) -> int:
    """Note inside the caller's transaction that what an import brought counts no longer, or again; returns how much."""
    rows = [line[0] for line in store.con.execute("SELECT row FROM interaction WHERE import_id = ?", [import_id])]
    store.bump("relation", set(rows))
    return len(rows)


def delete(con: sqlite3.Connection, import_id: int, after: int, last: int) -> int:
    """Delete interactions of an unfinished import, inside the caller's transaction; returns how many.

    Args:
        con: the connection of the open transaction.
        import_id: the import that brought them.
        after: of accounts above this row,
        last: up to this one.
    """
    return con.execute(
        "DELETE FROM interaction WHERE import_id = ? AND row > ? AND row <= ?",
        [import_id, after, last],
    ).rowcount
