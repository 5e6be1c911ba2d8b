"""Accounts from sources: identity, and which source's value of a field wins.

Owns the tables account, handle_history and import_change while an import writes them. Does
not own snapshots, matches or what a person decided (``store.merging`` unites those when two
rows turn out to be one). Only ``store`` and ``services`` import it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from followertui.domain.account import PROFILE_FIELDS, RELATION_FLAGS, AccountRecord, RecordColumns
from followertui.store.audience import merging
from followertui.store.audience.account_rows import (
    FIELD_COUNT,
    HANDLE,
    SELECT,
    KnownAccount,
    insert,
    known_account,
    marks,
    note_changes,
    record_undo,
    update,
)
from followertui.store.audience.pages import TextRenewal
from followertui.store.file import watermarks
from followertui.store.file.connection import Store

_WIDEST_ID = 2**63 - 1
_HANDLE_INDEX = "CREATE INDEX IF NOT EXISTS account_handle ON account(handle) WHERE handle IS NOT NULL"


class UpsertResult(NamedTuple):
    """The result of one batch.

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


class AccountWriter:
    """Imports the records of one import, batch by batch.

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
        self._lacks_index = False
        with store.write() as own:
            # A first load that was killed may have left it out.
            own.execute(_HANDLE_INDEX)
        self._text = TextRenewal(store)
        self._has_history = con.execute("SELECT 1 FROM handle_history LIMIT 1").fetchone() is not None
        self._moments: dict[int, tuple[int, int, int]] = {
            line[0]: (line[1], line[2], line[0]) if line[3] != "undone" else (-1, 0, line[0])
            for line in con.execute("SELECT id, as_of, source_rank, state FROM import_run")
        }
        self._moment = self._moments[import_id]
        self._own_id = watermarks.PROFILE_ID.read(store)
        self._own_handle = watermarks.PROFILE_HANDLE.read(store).lower() or None

    def upsert(self, con: sqlite3.Connection, records: Sequence[AccountRecord]) -> UpsertResult:
        """Import one batch inside the caller's transaction.

        Args:
            con: the connection of the open transaction.
            records: at most a few hundred, any order; the same account may come twice.

        Returns:
            The row of every record and what became of them.
        """
        columns = RecordColumns.of(records)
        if self._is_first_load:
            first = self._insert_all(con, columns)
            if first is not None:
                return first
        self.settle(con)
        batch = _Batch(self, con, list(columns))
        return batch.take()

    def settle(self, con: sqlite3.Connection) -> None:
        """Do what a first load deferred; to be called after the last batch."""
        if self._lacks_index:
            con.execute(_HANDLE_INDEX)
            self._lacks_index = False

    def _hurry(self, con: sqlite3.Connection) -> None:
        """Leave the index of handles for the end: handles come in no order, and every one would touch a page."""
        con.execute("DROP INDEX IF EXISTS account_handle")
        self._lacks_index = True

    def _insert_all(self, con: sqlite3.Connection, records: RecordColumns) -> UpsertResult | None:
        """Insert a batch of nothing but new ids at once; None where it holds anything else."""
        ids = set(records.column("x_id"))
        if not ids or len(ids) != len(records) or None in ids or self._own_id in ids:
            return None
        if min(ids) < 0:
            return None
        own = self._own_handle
        if own and any(handle and handle.lower() == own for handle in records.column("handle")):
            return None
        if self.next_row == 1:
            self._hurry(con)
        rows = array("I", range(self.next_row, self.next_row + len(records)))
        con.execute("SAVEPOINT first_load")
        try:
            insert(con, self.import_id, rows, {n: v for n, v in records.columns.items() if n not in RELATION_FLAGS})
        except (sqlite3.IntegrityError, OverflowError):
            con.execute("ROLLBACK TO first_load")
            return None
        finally:
            con.execute("RELEASE first_load")
        self.next_row += len(records)
        self.store.bump("profile", rows)
        return UpsertResult(rows, len(records), 0, 0, 0, [])

    def expect_text(self, con: sqlite3.Connection, changed: Sequence[KnownAccount]) -> None:
        """What is searched of these accounts is about to change."""
        self._text.expect(con, sum(known.changes_search_text for known in changed))

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
        """As-of of this import's source, epoch seconds UTC."""
        return self._moment[0]

    def wins_over(self, other: int | None) -> bool:
        """Whether this import's values of a field group outrank another import's.

        Newer wins, ties go to the better source, then to the later import; within one
        import the first word stands, so that a resumed run changes nothing.
        """
        if other is None:
            return True
        return other != self.import_id and self._moment > self._moments.get(other, (-1, 0, 0))

    def moment_of(self, import_id: int | None) -> int:
        """As-of of an import's source, epoch seconds UTC."""
        return self._moments[import_id][0] if import_id in self._moments else 0

    def is_own(self, record: AccountRecord) -> bool:
        """Whether a record is the profile whose audience this is."""
        if record[0] is not None and self._own_id is not None:
            return record[0] == self._own_id
        return bool(self._own_handle and record[1] and record[1].lower() == self._own_handle)


class _Batch:
    """One batch being joined with the store."""

    def __init__(self, writer: AccountWriter, con: sqlite3.Connection, records: Sequence[AccountRecord]) -> None:
        self.writer = writer
        self.con = con
        self.records = records
        self.by_id: dict[int, KnownAccount] = {}
        self.by_handle: dict[str, list[KnownAccount]] = {}
        self.by_row: dict[int, KnownAccount] = {}
        self.past: dict[int, list[tuple[str, int]]] = {}
        self.added: list[KnownAccount] = []
        self.history: list[tuple[int, str, int]] = []
        self.refused: list[tuple[int, str, str, str]] = []
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
            if (x_id is None and not record[1]) or (x_id is not None and not 0 <= x_id <= _WIDEST_ID):
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
        ids = [record[0] for record in self.records if record[0] is not None and 0 <= record[0] <= _WIDEST_ID]
        handles = sorted({record[1].lower() for record in self.records if record[1]})
        self._keep(self.con.execute(f"{SELECT} WHERE x_id IN ({marks(ids)})", ids))
        # The index of handles alone tells the rows; most of them are here by their ids.
        self._keep_rows(self.con.execute(f"SELECT row FROM account WHERE handle IN ({marks(handles)})", handles))
        if self.writer.has_history:
            found = self.con.execute(f"SELECT row FROM handle_history WHERE handle IN ({marks(handles)})", handles)
            self._keep_rows(found)
            every = list(self.by_row)
            for row, handle, until in self.con.execute(
                f"SELECT row, handle, until FROM handle_history WHERE row IN ({marks(every)}) ORDER BY until", every
            ):
                self._remember(row, handle.lower(), until)

    def _keep_rows(self, lines: Iterable[Sequence[int]]) -> None:
        rows = [line[0] for line in lines if line[0] not in self.by_row]
        if rows:
            self._keep(self.con.execute(f"{SELECT} WHERE row IN ({marks(rows)}) AND merged_into IS NULL", rows))

    def _keep(self, lines: Iterable[Sequence[Any]]) -> None:
        for line in lines:
            if line[0] not in self.by_row:
                self._index(known_account(line))

    def _index(self, known: KnownAccount) -> None:
        self.by_row[known.row] = known
        x_id, handle = known.values[0], known.values[HANDLE]
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

    def _held(self, known: KnownAccount, handle: str, at: int) -> bool:
        """Whether an account held a handle at a moment, as far as its history tells."""
        for former, until in self.past.get(known.row, ()):
            if at < until:
                return former == handle
        return str(known.values[HANDLE] or "").lower() == handle

    def _find(self, record: AccountRecord) -> KnownAccount | None:
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

    def _is_live(self, known: KnownAccount) -> bool:
        return self.by_row.get(known.row) is known

    def _would_hold(self, known: KnownAccount, record: AccountRecord, at: int) -> bool:
        """Whether the account held the record's handle at a moment, the record's own word included."""
        handle = str(record[1]).lower()
        present = str(known.values[HANDLE] or "").lower()
        if present and present != handle and self.writer.wins_over(known.froms[0]):
            return at >= self.writer.as_of
        return self._held(known, handle, at) or not present

    def _add(self, record: AccountRecord) -> KnownAccount:
        writer = self.writer
        known = KnownAccount(writer.next_row, list(record[:FIELD_COUNT]), [writer.import_id] * 4, writer.import_id)
        known.is_added = True
        writer.next_row += 1
        if record[0] is None:
            writer.note_handle_only()
        self._free_handle(known, record)
        self.added.append(known)
        self._index(known)
        return known

    def _renew(self, known: KnownAccount, record: AccountRecord) -> None:
        """Let the record's fields stand where they are newer, or where nothing was known."""
        writer = self.writer
        values = known.values
        if known.hidden_by is not None:
            known.before.setdefault("hidden_by", known.hidden_by)
            known.hidden_by = None
        for group, differing in enumerate(known.newer(record)):
            if not differing:
                continue
            wins = writer.wins_over(known.froms[group])
            if group == 0 and HANDLE in differing:
                self._change_handle(known, record, wins)
            if known.take(record, differing if wins else [p for p in differing if values[p] is None]):
                known.change_from(group, writer.import_id if wins else known.froms[group])

    def _change_handle(self, known: KnownAccount, record: AccountRecord, wins: bool) -> None:
        """Keep the handle that is not, or no longer, the account's own."""
        old, new = str(known.values[HANDLE] or ""), str(record[1])
        if old.lower() == new.lower():
            return
        if wins:
            if old:
                self._past(known, old, self.writer.as_of)
            self._free_handle(known, record)
            self.by_handle.setdefault(new.lower(), []).append(known)
        elif old and known.froms[0] != self.writer.import_id and not self._held(known, new.lower(), self.writer.as_of):
            self._past(known, new, self.writer.moment_of(known.froms[0]))

    def _past(self, known: KnownAccount, handle: str, until: int) -> None:
        self.history.append((known.row, handle, until))
        self._remember(known.row, handle.lower(), until)
        self.writer.note_history()

    def _free_handle(self, known: KnownAccount, record: AccountRecord) -> None:
        """Take a handle from another id that a newer source shows it with: handles are recycled."""
        if record[0] is None or not record[1]:
            return
        for other in list(self.by_handle.get(record[1].lower(), ())):
            holds = str(other.values[HANDLE] or "").lower() == record[1].lower()
            if other is known or other.values[0] is None or not holds or not self._is_live(other):
                continue
            if self.writer.as_of > self.writer.moment_of(other.froms[0]):
                self._past(other, str(other.values[HANDLE]), self.writer.as_of)
                other.change(HANDLE, None)
                other.change_from(0, self.writer.import_id)

    def _unite(self, known: KnownAccount, bare: KnownAccount) -> KnownAccount:
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
        self._keep(self.con.execute(f"{SELECT} WHERE row = ?", [survivor]))
        united = self.by_row[survivor]
        for handle, _ in self.past.get(gone, ()):
            self.past.setdefault(survivor, []).append((handle, self.writer.as_of))
        return united

    def _write(self) -> None:
        added, self.added = self.added, []
        changed = [known for known in self.by_row.values() if known.before and not known.is_added]
        insert(
            self.con,
            self.writer.import_id,
            [known.row for known in added],
            dict(zip(PROFILE_FIELDS, zip(*(known.values for known in added), strict=True), strict=False)),
        )
        self.writer.expect_text(self.con, changed)
        update(self.con, changed)
        self.con.executemany(
            "INSERT OR IGNORE INTO handle_history(row, handle, until, import_id) VALUES (?, ?, ?, ?)",
            [(*moment, self.writer.import_id) for moment in self.history],
        )
        record_undo(self.con, self.writer.import_id, changed, self.history)
        # A handle of the past is compared like the one of today.
        self.writer.store.bump("profile", [row for row, _, _ in self.history])
        self.updated += len(changed)
        self.history = []
        note_changes(self.writer.store, [*added, *changed])
