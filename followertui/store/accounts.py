"""Accounts as sources tell of them: who is who, and whose word on a field stands.

Owns the tables account, handle_history and import_change while an import writes them. Does
not own snapshots, matches or what a person decided (``store.merging`` unites those when two
rows turn out to be one). Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from followertui.domain.account import (
    ABOUT_FIELDS,
    COUNT_FIELDS,
    FLAG_FIELDS,
    IDENTITY_FIELDS,
    PROFILE_FIELDS,
    AccountRecord,
)
from followertui.store import merging
from followertui.store.connection import Store
from followertui.text.domains import registrable_domain

_FIELDS = len(PROFILE_FIELDS)
_AT = {name: position for position, name in enumerate(PROFILE_FIELDS)}
_HANDLE, _URL, _SITE, _VERIFIED = _AT["handle"], _AT["url"], _AT["site"], _AT["verified"]
_GROUPS: tuple[tuple[int, ...], ...] = tuple(
    tuple(_AT[name] for name in names) for names in (IDENTITY_FIELDS, ABOUT_FIELDS, COUNT_FIELDS, FLAG_FIELDS)
)
_FROM = ("identity_from", "about_from", "counts_from", "flags_from")
_COMPARED = frozenset(_AT[name] for name in ("handle", "name", "bio", "location", "url", "site", "affiliation"))
_SEARCHED = frozenset(_AT[name] for name in ("handle", "name", "bio", "location"))
_SHORTENED = ("https://t.co/", "http://t.co/")
_WIDEST_ID = 2**63 - 1

_COLUMNS = ", ".join((*PROFILE_FIELDS, "domain", *_FROM, "first_import", "hidden_by"))
_SELECT = f"SELECT row, {_COLUMNS} FROM account"
_INSERT = f"INSERT INTO account(row, {_COLUMNS}) VALUES ({', '.join('?' * (_FIELDS + 8))})"
_QUIET = [name for position, name in enumerate(PROFILE_FIELDS) if position not in _SEARCHED and position]
_UPDATE = f"UPDATE account SET {' = ?, '.join((*_QUIET, 'domain', *_FROM, 'hidden_by'))} = ? WHERE row = ?"
_UPDATE_SEARCHED = "UPDATE account SET handle = ?, name = ?, bio = ?, location = ? WHERE row = ?"


class UpsertResult(NamedTuple):
    """What became of one batch.

    Attributes:
        rows: row of every record, in record order; 0 where it was refused or is our own account.
        added, updated, unchanged, merged: accounts; merged counts rows united with an older one.
        refused: (position in the batch, column, value, reason).
    """

    rows: array[int]
    added: int
    updated: int
    unchanged: int
    merged: int
    refused: list[tuple[int, str, str, str]]


class _Known:
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


class AccountWriter:
    """Takes in the records of one import, batch by batch.

    Args:
        store: the open store.
        import_id: the running import all records belong to.
    """

    def __init__(self, store: Store, import_id: int) -> None:
        self.store = store
        self.import_id = import_id
        con = store.con
        self.next_row = int(con.execute("SELECT coalesce(max(row), 0) + 1 FROM account").fetchone()[0])
        self._is_first_load = self.next_row == 1
        self._has_history = con.execute("SELECT 1 FROM handle_history LIMIT 1").fetchone() is not None
        self._moments: dict[int, tuple[int, int, int]] = {
            line[0]: (line[1], line[2], line[0]) if line[3] != "undone" else (-1, 0, line[0])
            for line in con.execute("SELECT id, as_of, source_rank, state FROM import_run")
        }
        self._moment = self._moments[import_id]
        own_id = store.meta("profile_x_id")
        self._own_id = int(own_id) if own_id and own_id.isdigit() else None
        self._own_handle = (store.meta("profile_handle") or "").lower() or None

    def upsert(self, con: sqlite3.Connection, records: Sequence[AccountRecord]) -> UpsertResult:
        """Take in one batch inside the caller's transaction.

        Args:
            con: the connection of the open transaction.
            records: at most a few hundred, any order; the same account may come twice.

        Returns:
            The row of every record and what became of them.
        """
        if self._is_first_load:
            first = self._insert_all(con, records)
            if first is not None:
                return first
        batch = _Batch(self, con, records)
        return batch.take()

    def _insert_all(self, con: sqlite3.Connection, records: Sequence[AccountRecord]) -> UpsertResult | None:
        """Insert a batch of nothing but new ids at once; None where it holds anything else."""
        ids = {record[0] for record in records}
        if len(ids) != len(records) or None in ids or self._own_id in ids or min(x_id or 0 for x_id in ids) <= 0:
            return None
        if self._own_handle and any(record[1] and record[1].lower() == self._own_handle for record in records):
            return None
        import_id = self.import_id
        tail = (import_id, import_id, import_id, import_id, import_id, None)
        lines = [
            (row, *record[:_FIELDS], domain_of_links(record[_SITE], record[_URL]), *tail)
            for row, record in enumerate(records, self.next_row)
        ]
        con.execute("SAVEPOINT first_load")
        try:
            con.executemany(_INSERT, lines)
        except (sqlite3.IntegrityError, OverflowError):
            con.execute("ROLLBACK TO first_load")
            return None
        finally:
            con.execute("RELEASE first_load")
        rows = array("I", range(self.next_row, self.next_row + len(records)))
        self.next_row += len(records)
        self.store.bump("profile", rows)
        return UpsertResult(rows, len(records), 0, 0, 0, [])

    def note_handle_only(self) -> None:
        """From here on a record with an id may meet a row without one."""
        self._is_first_load = False

    def note_history(self) -> None:
        """From here on handles have a past."""
        self._has_history = True

    @property
    def has_history(self) -> bool:
        """Whether any account ever changed its handle."""
        return self._has_history

    @property
    def as_of(self) -> int:
        """When this import's source speaks of, epoch seconds UTC."""
        return self._moment[0]

    def wins_over(self, other: int | None) -> bool:
        """Whether this import's word on a field group stands against another import's.

        Newer wins, ties go to the better source, then to the later import; within one
        import the first word stands, so that a resumed run changes nothing.
        """
        if other is None:
            return True
        return other != self.import_id and self._moment > self._moments.get(other, (-1, 0, 0))

    def moment_of(self, import_id: int | None) -> int:
        """When the source of an import speaks of, epoch seconds UTC."""
        return self._moments[import_id][0] if import_id in self._moments else 0

    def is_own(self, record: AccountRecord) -> bool:
        """Whether a record is the profile whose audience this is."""
        if record[0] is not None and self._own_id is not None:
            return record[0] == self._own_id
        return bool(self._own_handle and record[1] and record[1].lower() == self._own_handle)


class _Batch:
    """One batch against what the store knows."""

    def __init__(self, writer: AccountWriter, con: sqlite3.Connection, records: Sequence[AccountRecord]) -> None:
        self.writer = writer
        self.con = con
        self.records = records
        self.by_id: dict[int, _Known] = {}
        self.by_handle: dict[str, list[_Known]] = {}
        self.by_row: dict[int, _Known] = {}
        self.past: dict[int, list[tuple[str, int]]] = {}
        self.added: list[_Known] = []
        self.history: list[tuple[int, str, int]] = []
        self.refused: list[tuple[int, str, str, str]] = []
        self.touched: set[int] = set()
        self.merged = 0
        self.updated = 0

    def take(self) -> UpsertResult:
        """Find, renew or add every record, then write what changed."""
        self._load()
        rows = array("I")
        seen: set[int] = set()
        added = 0
        for position, record in enumerate(self.records):
            x_id = record[0]
            if self.writer.is_own(record):
                rows.append(0)
                continue
            if (x_id is None and not record[1]) or (x_id is not None and not 0 < x_id <= _WIDEST_ID):
                self.refused.append(
                    (position, "id", "" if x_id is None else str(x_id), "neither a usable id nor a handle")
                )
                rows.append(0)
                continue
            known = self._find(record)
            if known is None:
                known = self._add(record)
                added += 1
            else:
                self._renew(known, record)
            rows.append(known.row)
            seen.add(known.row)
        self._write()
        return UpsertResult(rows, added, self.updated, len(seen) - added - self.updated, self.merged, self.refused)

    def _load(self) -> None:
        ids = [record[0] for record in self.records if record[0] is not None and 0 < record[0] <= _WIDEST_ID]
        handles = sorted({record[1].lower() for record in self.records if record[1]})
        self._keep(self.con.execute(f"{_SELECT} WHERE x_id IN ({_marks(ids)})", ids))
        self._keep(self.con.execute(f"{_SELECT} WHERE handle IN ({_marks(handles)}) AND merged_into IS NULL", handles))
        if self.writer.has_history:
            found = self.con.execute(f"SELECT row FROM handle_history WHERE handle IN ({_marks(handles)})", handles)
            former = [line[0] for line in found if line[0] not in self.by_row]
            self._keep(self.con.execute(f"{_SELECT} WHERE row IN ({_marks(former)}) AND merged_into IS NULL", former))
            every = list(self.by_row)
            for row, handle, until in self.con.execute(
                f"SELECT row, handle, until FROM handle_history WHERE row IN ({_marks(every)}) ORDER BY until", every
            ):
                self._remember(row, handle.lower(), until)

    def _keep(self, lines: Iterable[Sequence[object]]) -> None:
        for line in lines:
            row = int(str(line[0]))
            if row in self.by_row:
                continue
            values = list(line[1 : _FIELDS + 1])
            froms = [None if value is None else int(str(value)) for value in line[_FIELDS + 2 : _FIELDS + 6]]
            known = _Known(row, values, froms, int(str(line[_FIELDS + 6])))
            hidden_by = line[_FIELDS + 7]
            known.hidden_by = None if hidden_by is None else int(str(hidden_by))
            self._index(known)

    def _index(self, known: _Known) -> None:
        self.by_row[known.row] = known
        x_id, handle = known.values[0], known.values[_HANDLE]
        if isinstance(x_id, int):
            self.by_id[x_id] = known
        if handle:
            self.by_handle.setdefault(str(handle).lower(), []).append(known)

    def _remember(self, row: int, handle: str, until: int) -> None:
        self.past.setdefault(row, []).append((handle, until))
        self.past[row].sort(key=lambda moment: moment[1])
        known = self.by_row.get(row)
        if known is not None and known not in self.by_handle.setdefault(handle, []):
            self.by_handle[handle].append(known)

    def _held(self, known: _Known, handle: str, at: int) -> bool:
        """Whether an account held a handle at a moment, as far as its history tells."""
        for former, until in self.past.get(known.row, ()):
            if at < until:
                return former == handle
        return str(known.values[_HANDLE] or "").lower() == handle

    def _find(self, record: AccountRecord) -> _Known | None:
        handle = record[1].lower() if record[1] else ""
        at = self.writer.as_of
        candidates = self.by_handle.get(handle, ()) if handle else ()
        bare = next((known for known in candidates if known.values[0] is None and self._is_live(known)), None)
        if record[0] is None:
            holders = [k for k in candidates if k.values[0] is not None and self._is_live(k)]
            held = [k for k in holders if self._held(k, handle, at)]
            return held[0] if held else bare
        known = self.by_id.get(record[0])
        if bare is None:
            return known
        if known is None:
            bare.before.setdefault("x_id", None)
            bare.values[0] = record[0]
            self.by_id[record[0]] = bare
            return bare
        if self._would_hold(known, record, self.writer.moment_of(bare.froms[0])):
            return self._unite(known, bare)
        return known

    def _is_live(self, known: _Known) -> bool:
        return self.by_row.get(known.row) is known

    def _would_hold(self, known: _Known, record: AccountRecord, at: int) -> bool:
        """Whether the account held the record's handle at a moment, the record's own word included."""
        handle = str(record[1]).lower()
        present = str(known.values[_HANDLE] or "").lower()
        if present and present != handle and self.writer.wins_over(known.froms[0]):
            return at >= self.writer.as_of
        return self._held(known, handle, at) or not present

    def _add(self, record: AccountRecord) -> _Known:
        writer = self.writer
        known = _Known(writer.next_row, list(record[:_FIELDS]), [writer.import_id] * 4, writer.import_id)
        known.is_added = True
        writer.next_row += 1
        if record[0] is None:
            writer.note_handle_only()
        self._free_handle(known, record)
        self.added.append(known)
        self._index(known)
        return known

    def _renew(self, known: _Known, record: AccountRecord) -> None:
        """Let the record's fields stand where they are newer, or where nothing was known."""
        writer = self.writer
        values = known.values
        if known.hidden_by is not None:
            known.before.setdefault("hidden_by", known.hidden_by)
            known.hidden_by = None
        for group, positions in enumerate(_GROUPS):
            differing = [p for p in positions if record[p] != values[p] and _says(p, record[p])]
            if not differing:
                continue
            wins = writer.wins_over(known.froms[group])
            if group == 0 and _HANDLE in differing:
                self._change_handle(known, record, wins)
            for position in differing:
                if wins or values[position] is None:
                    known.change(position, record[position])
                    known.change_from(group, writer.import_id if wins else known.froms[group])

    def _change_handle(self, known: _Known, record: AccountRecord, wins: bool) -> None:
        """Keep the handle that is not, or no longer, the account's own."""
        old, new = str(known.values[_HANDLE] or ""), str(record[1])
        if old.lower() == new.lower():
            return
        if wins:
            if old:
                self._past(known, old, self.writer.as_of)
            self._free_handle(known, record)
            self.by_handle.setdefault(new.lower(), []).append(known)
        elif old and known.froms[0] != self.writer.import_id and not self._held(known, new.lower(), self.writer.as_of):
            self._past(known, new, self.writer.moment_of(known.froms[0]))

    def _past(self, known: _Known, handle: str, until: int) -> None:
        self.history.append((known.row, handle, until))
        self._remember(known.row, handle.lower(), until)
        self.writer.note_history()

    def _free_handle(self, known: _Known, record: AccountRecord) -> None:
        """Take a handle from another id that a newer source shows it with: handles are recycled."""
        if record[0] is None or not record[1]:
            return
        for other in list(self.by_handle.get(record[1].lower(), ())):
            holds = str(other.values[_HANDLE] or "").lower() == record[1].lower()
            if other is known or other.values[0] is None or not holds or not self._is_live(other):
                continue
            if self.writer.as_of > self.writer.moment_of(other.froms[0]):
                self._past(other, str(other.values[_HANDLE]), self.writer.as_of)
                other.change(_HANDLE, None)
                other.change_from(0, self.writer.import_id)
                self.touched.add(other.row)

    def _unite(self, known: _Known, bare: _Known) -> _Known:
        """Two rows turn out to be one: the older survives."""
        self._write()
        survivor, gone = min(known.row, bare.row), max(known.row, bare.row)
        merging.unite(self.writer.store, self.con, self.writer.import_id, survivor, gone)
        self.merged += 1
        for row in (survivor, gone):
            former = self.by_row.pop(row)
            for holders in self.by_handle.values():
                if former in holders:
                    holders.remove(former)
        self._keep(self.con.execute(f"{_SELECT} WHERE row = ?", [survivor]))
        united = self.by_row[survivor]
        for handle, _ in self.past.get(gone, ()):
            self.past.setdefault(survivor, []).append((handle, self.writer.as_of))
        return united

    def _write(self) -> None:
        added, self.added = self.added, []
        self.con.executemany(_INSERT, [
            (k.row, *k.values, domain_of_links(k.values[_SITE], k.values[_URL]), *k.froms, k.first_import, None) for k in added
        ])  # fmt: skip
        changed = [known for known in self.by_row.values() if known.before and not known.is_added]
        self._update(changed)
        self.con.executemany(
            "INSERT OR IGNORE INTO handle_history VALUES (?, ?, ?, ?)",
            [(*moment, self.writer.import_id) for moment in self.history],
        )
        self.updated += len(changed)
        self.writer.store.bump("profile", [known.row for known in (*added, *changed)])
        for known in (*added, *changed):
            known.before = {}
            known.is_added = False
        self.history = []

    def _update(self, changed: Sequence[_Known]) -> None:
        con = self.con
        named = [known for known in changed if "x_id" in known.before]
        con.executemany("UPDATE account SET x_id = ? WHERE row = ?", [(k.values[0], k.row) for k in named])
        searched = [k for k in changed if any(PROFILE_FIELDS[p] in k.before for p in _SEARCHED)]
        at = [_AT[name] for name in ("handle", "name", "bio", "location")]
        con.executemany(_UPDATE_SEARCHED, [(*(k.values[p] for p in at), k.row) for k in searched])
        quiet = [_AT[name] for name in _QUIET]
        con.executemany(_UPDATE, [
            (*(k.values[p] for p in quiet), domain_of_links(k.values[_SITE], k.values[_URL]), *k.froms, k.hidden_by, k.row)
            for k in changed
        ])  # fmt: skip
        compared = [(k.row,) for k in changed if any(PROFILE_FIELDS[p] in k.before for p in _COMPARED)]
        con.executemany("INSERT OR IGNORE INTO compare_pending VALUES (?)", compared)
        con.executemany("INSERT OR IGNORE INTO judge_pending VALUES (?)", [(k.row,) for k in changed])
        self._keep_way_back([known for known in changed if known.first_import != self.writer.import_id])

    def _keep_way_back(self, changed: Sequence[_Known]) -> None:
        rows = [known.row for known in changed]
        earlier = dict(self.con.execute(
            f"SELECT row, before FROM import_change WHERE import_id = ? AND row IN ({_marks(rows)})",
            [self.writer.import_id, *rows],
        ).fetchall())  # fmt: skip
        former: dict[int, list[list[object]]] = {}
        for row, handle, until in self.history:
            former.setdefault(row, []).append([handle, until, self.writer.import_id])
        lines = []
        for known in changed:
            change: dict[str, list[object]] = json.loads(earlier.get(known.row, "{}"))
            for column, before in known.before.items():
                change[column] = [change.get(column, [before])[0], known.now(column)]
            if known.row in former:
                change["handle_history"] = [*change.get("handle_history", []), *former[known.row]]
            lines.append((self.writer.import_id, known.row, json.dumps(change, ensure_ascii=False)))
        self.con.executemany("INSERT OR REPLACE INTO import_change VALUES (?, ?, ?)", lines)


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


def add_contacts(con: sqlite3.Connection, contacts: Sequence[Contact]) -> None:
    """Keep conversations with accounts the store knows, by id or by handle."""
    dated = [contact for contact in contacts if contact.at is not None]
    con.executemany(
        "INSERT OR IGNORE INTO interaction SELECT coalesce(merged_into, row), ?, ?, 'archive', ? FROM account "
        "WHERE x_id = ?",
        [(one.kind, one.at, str(one.post_id or ""), one.x_id) for one in dated],
    )
    con.executemany(
        "INSERT OR IGNORE INTO interaction SELECT row, ?, ?, 'archive', ? FROM account WHERE handle = ? AND x_id IS NULL",
        [(one.kind, one.at, str(one.post_id or ""), one.handle) for one in dated if one.handle],
    )


def _says(position: int, value: object) -> bool:
    """Whether a source says something of a field; "" means "not verified" and else nothing."""
    return value is not None and (value != "" or position == _VERIFIED)


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def domain_of_links(site: object, url: object) -> str | None:
    """Registrable domain of an account's site; X's own shortener says nothing."""
    for link in (site, url):
        if link and not str(link).startswith(_SHORTENED):
            return registrable_domain(str(link))
    return None
