"""The lines of the account table while an import changes them.

Owns the columns an import writes, one account in memory, and the writing of what changed
with the way back. Only ``store.accounts`` and ``store.imports`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from followertui.domain.account import (
    ABOUT_FIELDS,
    COUNT_FIELDS,
    FLAG_FIELDS,
    IDENTITY_FIELDS,
    PROFILE_FIELDS,
)
from followertui.store.connection import Store
from followertui.text.domains import registrable_domain

FIELD_COUNT = len(PROFILE_FIELDS)
_AT = {name: position for position, name in enumerate(PROFILE_FIELDS)}
HANDLE, URL, SITE, VERIFIED = _AT["handle"], _AT["url"], _AT["site"], _AT["verified"]
GROUPS: tuple[tuple[int, ...], ...] = tuple(
    tuple(_AT[name] for name in names) for names in (IDENTITY_FIELDS, ABOUT_FIELDS, COUNT_FIELDS, FLAG_FIELDS)
)
_FROM = ("identity_from", "about_from", "counts_from", "flags_from")
_COMPARED = frozenset(("handle", "name", "bio", "location", "url", "site", "affiliation"))
_SEARCHED_ORDER = ("handle", "name", "bio", "location")
_SEARCHED = frozenset(_SEARCHED_ORDER)
_SHORTENED = ("https://t.co/", "http://t.co/")

_COLUMNS = ", ".join((*PROFILE_FIELDS, "domain", *_FROM, "first_import", "hidden_by"))
SELECT = f"SELECT row, {_COLUMNS} FROM account"
INSERT = f"INSERT INTO account(row, {_COLUMNS}) VALUES ({', '.join('?' * (FIELD_COUNT + 8))})"
_QUIET = [name for name in PROFILE_FIELDS if name not in _SEARCHED and name != "x_id"]
_UPDATE = f"UPDATE account SET {' = ?, '.join((*_QUIET, 'domain', *_FROM, 'hidden_by'))} = ? WHERE row = ?"
_UPDATE_SEARCHED = "UPDATE account SET handle = ?, name = ?, bio = ?, location = ? WHERE row = ?"


class KnownAccount:
    """One account while a batch is being taken in.

    Attributes:
        values: profile fields, in the order of ``PROFILE_FIELDS``.
        froms: the import that last spoke of each field group.
        before: column -> value before this batch, for what changed.
    """

    __slots__ = ("before", "first_import", "froms", "hidden_by", "is_added", "row", "values")

    def __init__(self, row: int, values: list[object], froms: list[int | None], first_import: int) -> None:
        self.row = row
        self.values = values
        self.froms = froms
        self.first_import = first_import
        self.hidden_by: int | None = None
        self.is_added = False
        self.before: dict[str, object] = {}

    def change(self, position: int, value: object) -> None:
        """Set a field and remember what it was."""
        self.before.setdefault(PROFILE_FIELDS[position], self.values[position])
        self.values[position] = value

    def change_from(self, group: int, import_id: int | None) -> None:
        """Note who spoke of a group last, whether or not that changes."""
        self.before.setdefault(_FROM[group], self.froms[group])
        self.froms[group] = import_id

    def now(self, column: str) -> object:
        """Present value of a column named in ``before``."""
        if column in _AT:
            return self.values[_AT[column]]
        return self.hidden_by if column == "hidden_by" else self.froms[_FROM.index(column)]


def insert(con: sqlite3.Connection, added: Sequence[KnownAccount]) -> None:
    """Write accounts that are new."""
    con.executemany(
        INSERT,
        [
            (k.row, *k.values, domain_of_links(k.values[SITE], k.values[URL]), *k.froms, k.first_import, None)
            for k in added
        ],
    )


def update(con: sqlite3.Connection, changed: Sequence[KnownAccount]) -> None:
    """Write accounts that changed; text that is searched only where it changed, for the index's sake."""
    named = [known for known in changed if "x_id" in known.before]
    con.executemany("UPDATE account SET x_id = ? WHERE row = ?", [(k.values[0], k.row) for k in named])
    searched = [k for k in changed if not _SEARCHED.isdisjoint(k.before)]
    con.executemany(_UPDATE_SEARCHED, [(*(k.values[_AT[name]] for name in _SEARCHED_ORDER), k.row) for k in searched])
    quiet = [_AT[name] for name in _QUIET]
    con.executemany(
        _UPDATE,
        [
            (
                *(k.values[p] for p in quiet),
                domain_of_links(k.values[SITE], k.values[URL]),
                *k.froms,
                k.hidden_by,
                k.row,
            )
            for k in changed
        ],
    )
    compared = [(k.row,) for k in changed if not _COMPARED.isdisjoint(k.before)]
    con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", compared)
    con.executemany("INSERT OR IGNORE INTO judge_pending VALUES (?)", [(k.row,) for k in changed])


def keep_way_back(
    con: sqlite3.Connection, import_id: int, changed: Sequence[KnownAccount], history: Sequence[tuple[int, str, int]]
) -> None:
    """Keep what was overwritten; the first value stays where an import changes it again.

    Args:
        con: the connection of the open transaction.
        import_id: the running import; accounts it added itself need no way back.
        changed: accounts that changed.
        history: (row, handle, until) written to handle_history.
    """
    known_before = {known.row: known for known in changed if known.first_import != import_id}
    former: dict[int, list[list[object]]] = {}
    for row, handle, until in history:
        former.setdefault(row, []).append([handle, until, import_id])
    rows = sorted({*known_before, *former})
    earlier = dict(
        con.execute(
            f"SELECT row, before FROM import_change WHERE import_id = ? AND row IN ({marks(rows)})", [import_id, *rows]
        ).fetchall()
    )
    lines = []
    for row in rows:
        change: dict[str, list[object]] = json.loads(earlier.get(row, "{}"))
        known = known_before.get(row)
        for column, before in known.before.items() if known is not None else ():
            change[column] = [change.get(column, [before])[0], known.now(column) if known is not None else None]
        if row in former:
            change["handle_history"] = [*change.get("handle_history", []), *former[row]]
        lines.append((import_id, row, json.dumps(change, ensure_ascii=False)))
    con.executemany("INSERT OR REPLACE INTO import_change VALUES (?, ?, ?)", lines)


def note_changes(store: Store, accounts: Sequence[KnownAccount]) -> None:
    """Bump the profile counter for accounts and start afresh with them."""
    store.bump("profile", [known.row for known in accounts])
    for known in accounts:
        known.before = {}
        known.is_added = False


def says(position: int, value: object) -> bool:
    """Whether a source says something of a field; "" means "not verified" and else nothing."""
    return value is not None and (value != "" or position == VERIFIED)


def marks(values: Sequence[object]) -> str:
    """Question marks for an IN list."""
    return ",".join("?" * len(values))


def domain_of_links(site: object, url: object) -> str | None:
    """Registrable domain of an account's site; X's own shortener says nothing."""
    for link in (site, url):
        if link and not str(link).startswith(_SHORTENED):
            return registrable_domain(str(link))
    return None
