"""The lines of the account table while an import changes them.

Owns the columns an import writes, one account in memory, and the writing of what changed
with the undo record. Only ``store.accounts`` and ``store.imports`` import it, and readers of ``services`` its domains.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from followertui.domain.account import (
    ABOUT_FIELDS,
    COUNT_FIELDS,
    FLAG_FIELDS,
    IDENTITY_FIELDS,
    PROFILE_FIELDS,
)
from followertui.store.audience.pages import SEARCHED
from followertui.store.file.connection import Store
from followertui.text.domains import registrable_domain

FIELD_COUNT = len(PROFILE_FIELDS)
DOMAIN = "domain"
"""The column that is no profile field: it is derived from site and url, and a reader may compute it ahead."""

_AT = {name: position for position, name in enumerate(PROFILE_FIELDS)}
HANDLE, URL, SITE, VERIFIED = _AT["handle"], _AT["url"], _AT["site"], _AT["verified"]
GROUPS: tuple[tuple[int, ...], ...] = tuple(
    tuple(_AT[name] for name in names) for names in (IDENTITY_FIELDS, ABOUT_FIELDS, COUNT_FIELDS, FLAG_FIELDS)
)
_GROUP_OF = tuple(next((n for n, group in enumerate(GROUPS) if p in group), -1) for p in range(FIELD_COUNT))
_FROM = ("identity_from", "about_from", "counts_from", "flags_from")
_COMPARED = frozenset(("handle", "name", "bio", "location", "url", "site", "affiliation"))
_PLAIN_LINK = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|$)")
_SHORTENED = ("https://t.co/", "http://t.co/")

_COLUMNS = ", ".join((*PROFILE_FIELDS, "domain", *_FROM, "first_import", "hidden_by"))
SELECT = f"SELECT row, {_COLUMNS} FROM account"

_CHANGEABLE = (*PROFILE_FIELDS, *_FROM, "hidden_by")
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_STAGE = f"CREATE TEMP TABLE IF NOT EXISTS changed_account(row INTEGER PRIMARY KEY, {', '.join(_CHANGEABLE)})"


class KnownAccount:
    """One account while a batch is imported.

    Attributes:
        values: profile fields, in the order of ``PROFILE_FIELDS``.
        froms: the import that last set each field group.
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

    def newer(self, record: Sequence[object]) -> list[list[int]]:
        """Positions of fields whose value a record changes, by group, each ascending.

        None says nothing; "" means "not verified" and else nothing.
        """
        # The last one is for the id, which is in no group.
        found: list[list[int]] = [[] for _ in (*GROUPS, None)]
        for position, (said, known) in enumerate(zip(record, self.values, strict=False)):
            if said != known and said is not None and (said != "" or position == VERIFIED):
                found[_GROUP_OF[position]].append(position)
        return found[:-1]

    def take(self, record: Sequence[object], positions: Sequence[int]) -> bool:
        """Apply some fields of a record and remember the old values; returns whether there were any."""
        before, values = self.before, self.values
        for position in positions:
            name = PROFILE_FIELDS[position]
            if name not in before:
                before[name] = values[position]
            values[position] = record[position]
        return bool(positions)

    def change(self, position: int, value: object) -> None:
        """Set a field and remember what it was."""
        self.before.setdefault(PROFILE_FIELDS[position], self.values[position])
        self.values[position] = value

    def change_from(self, group: int, import_id: int | None) -> None:
        """Note which import set a group last, whether or not a value changes."""
        self.before.setdefault(_FROM[group], self.froms[group])
        self.froms[group] = import_id

    @property
    def changes_search_text(self) -> bool:
        """Whether a text that is searched changed in this batch."""
        return not SEARCHED.isdisjoint(self.before)

    def put(self, column: str, value: object) -> None:
        """Set one of the columns an import may change and remember what it was."""
        at = _AT.get(column)
        if at is not None:
            self.change(at, value)
        else:
            self.before.setdefault(column, self.now(column))
            self.froms[_FROM.index(column)] = cast("int | None", value)

    def now(self, column: str) -> object:
        """Present value of one of the columns an import may change."""
        at = _AT.get(column)
        if at is not None:
            return self.values[at]
        return self.hidden_by if column == "hidden_by" else self.froms[_FROM.index(column)]


def known_account(line: Sequence[Any]) -> KnownAccount:
    """An account as ``SELECT`` gives it."""
    froms = list(line[FIELD_COUNT + 2 : FIELD_COUNT + 6])
    known = KnownAccount(line[0], list(line[1 : FIELD_COUNT + 1]), froms, line[FIELD_COUNT + 6])
    known.hidden_by = line[FIELD_COUNT + 7]
    return known


def insert(
    con: sqlite3.Connection, import_id: int, rows: Sequence[int], profiles: Mapping[str, Sequence[object]]
) -> None:
    """Write accounts that are new.

    Columns without values are left out: binding None costs sqlite3 ten times what a text does.

    Args:
        con: the connection of the open transaction.
        import_id: the running import, which sets every field.
        rows: row numbers.
        profiles: field of ``PROFILE_FIELDS`` -> values, in the order of ``rows``; absent fields are unknown,
            an absent ``DOMAIN`` is computed here.
    """
    if not rows:
        return
    columns: dict[str, Sequence[object]] = {"row": rows, **profiles}
    if DOMAIN not in columns:
        columns[DOMAIN] = domains_of(profiles, len(rows))
    filled = {name: values for name, values in columns.items() if values.count(None) < len(rows)}
    con.executemany(
        f"INSERT INTO account({', '.join(filled)}, {', '.join(_FROM)}, first_import) "
        f"VALUES ({marks(list(filled))}, {', '.join([str(int(import_id))] * 5)})",
        zip(*filled.values(), strict=True),
    )


def update(con: sqlite3.Connection, changed: Sequence[KnownAccount]) -> None:
    """Write what changed and nothing else, so that the search index follows only where it must.

    Accounts that touch the same indexes are staged and written by one statement, rows ascending:
    the search index goes to the file at every statement and at every row that does not rise.
    """
    alike: dict[tuple[bool, bool, bool], list[KnownAccount]] = {}
    for known in sorted(changed, key=_row_of):
        before = known.before
        alike.setdefault(("x_id" in before, "handle" in before, known.changes_search_text), []).append(known)
    for group in alike.values():
        _update_alike(con, group)
    linked = [k for k in changed if "site" in k.before or "url" in k.before]
    con.executemany(
        "UPDATE account SET domain = ? WHERE row = ?",
        [(domain_of_links(k.values[SITE], k.values[URL]), k.row) for k in linked],
    )
    compared = [(k.row,) for k in changed if not _COMPARED.isdisjoint(k.before)]
    con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", compared)
    con.executemany("INSERT OR IGNORE INTO judge_pending VALUES (?)", [(k.row,) for k in changed])


def _row_of(known: KnownAccount) -> int:
    return known.row


def _update_alike(con: sqlite3.Connection, group: Sequence[KnownAccount]) -> None:
    """Write every column any of these accounts changed, into all of them."""
    touched = set().union(*(known.before for known in group))
    names = [name for name in _CHANGEABLE if name in touched]
    line_of = itemgetter(0, *[_CHANGEABLE.index(name) + 1 for name in names])
    lines = [line_of((known.row, *known.values, *known.froms, known.hidden_by)) for known in group]
    if len(lines) == 1:
        assigned = ", ".join(f"{name} = ?" for name in names)
        con.execute(f"UPDATE account SET {assigned} WHERE row = ?", [*lines[0][1:], lines[0][0]])
        return
    con.execute(_STAGE)
    con.execute("DELETE FROM temp.changed_account")
    con.executemany(f"INSERT INTO temp.changed_account(row, {', '.join(names)}) VALUES ({marks(lines[0])})", lines)
    assigned = ", ".join(f"{name} = staged.{name}" for name in names)
    # The plus keeps SQLite from walking all accounts and asking of each whether it is staged.
    con.execute(f"UPDATE account SET {assigned} FROM temp.changed_account AS staged WHERE account.row = +staged.row")


def record_undo(
    con: sqlite3.Connection, import_id: int, changed: Sequence[KnownAccount], history: Sequence[tuple[int, str, int]]
) -> None:
    """Record overwritten values; the first one stays where an import changes a field again.

    Args:
        con: the connection of the open transaction.
        import_id: the running import; accounts it added itself need no undo record.
        changed: accounts that changed.
        history: (row, handle, until) written to handle_history.
    """
    known_before = {known.row: known for known in changed if known.first_import != import_id}
    former: dict[int, list[list[object]]] = {}
    for row, handle, until in history:
        former.setdefault(row, []).append([handle, until, import_id])
    rows = sorted({*known_before, *former})
    # A handle of the past may be the one on a list.
    con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", [(row,) for row in former])
    earlier = dict(
        con.execute(
            f"SELECT row, before FROM import_change WHERE import_id = ? AND row IN ({marks(rows)})", [import_id, *rows]
        ).fetchall()
    )
    lines = []
    for row in rows:
        change: dict[str, Sequence[object]] = json.loads(earlier[row]) if row in earlier else {}
        known = known_before.get(row)
        if known is not None:
            values, now = known.values, known.now
            for column, before in known.before.items():
                at = _AT.get(column)
                after = now(column) if at is None else values[at]
                change[column] = (change[column][0] if column in change else before, after)
        if row in former:
            change["handle_history"] = [*change.get("handle_history", []), *former[row]]
        lines.append((import_id, row, _encoded(change)))
    con.executemany("INSERT OR REPLACE INTO import_change VALUES (?, ?, ?)", lines)


def note_changes(store: Store, accounts: Sequence[KnownAccount]) -> None:
    """Bump the profile counter for accounts and start afresh with them."""
    store.bump("profile", [known.row for known in accounts])
    for known in accounts:
        known.before = {}
        known.is_added = False


def marks(values: Sequence[object]) -> str:
    """Placeholders for an IN list."""
    return ",".join("?" * len(values))


def domains_of(profiles: Mapping[str, Sequence[object]], count: int) -> list[str | None]:
    """The domain each of some accounts links to, in order."""
    nothing = (None,) * count
    return list(map(domain_of_links, profiles.get("site", nothing), profiles.get("url", nothing)))


def domain_of_links(site: object, url: object) -> str | None:
    """Registrable domain of an account's site; X's own shortener says nothing."""
    for link in (site, url):
        if link and not str(link).startswith(_SHORTENED):
            plain = _PLAIN_LINK.match(str(link))
            return _domain_of(plain.group(1) if plain else str(link))
    return None


@lru_cache(maxsize=4096)
def _domain_of(link: str) -> str | None:
    return registrable_domain(link)
