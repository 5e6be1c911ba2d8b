"""The open store file: connections, transactions, checks, change counters.

Owns how the file is opened and written. One connection per thread, one writer at a time,
WAL, short transactions. Nothing above ``services`` imports it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from followertui.domain.errors import Busy, StoreError
from followertui.late import late
from followertui.store.file import closing, location, opening, schema
from followertui.store.file.leases import Leases
from followertui.store.file.open_file import Belief, OpenFile

if TYPE_CHECKING:
    from followertui.store.file import upgrading
else:
    upgrading = late("followertui.store.file.upgrading")

_LOG_KEEP = 4000
_USUAL_PAGES, _LONG_RUN_PAGES = 1_000, 20_000
"""Pages of the write-ahead log from which it is carried over into the file: SQLite's own number, and ours."""
_DB_MOVED = 8 | 4 << 8
"""SQLITE_READONLY_DBMOVED, which not every build of Python's module names."""
_LOOKS, _LOOK_SECONDS = 20, 0.05
"""How often, and how far apart, a file is looked at that another process may be compacting."""
_CLOSE_SECONDS = 5.0
"""How long closing waits for the threads that still read or write."""


class Store:
    """One store file.

    Args:
        path: the file; created with mode 0600 unless ``must_exist``.
        is_read_only: never write, not even a migration.
        must_exist: refuse to create.

    Attributes:
        keeps_backups: whether backups are kept beside the file.
        before_first_write: called once, before the first transaction that writes.
        ignores_log: the newest transactions cannot be read from where the file is.

    Raises:
        StoreError: the file is no store, is from a newer version, or cannot be opened.
    """

    def __init__(self, path: Path, is_read_only: bool = False, must_exist: bool = False) -> None:
        self.path = path
        self.is_read_only = is_read_only
        self._local = threading.local()
        self._lock = threading.RLock()
        self._depth = 0
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._opening, self._closing = threading.Lock(), threading.Event()
        self._changed: dict[str, list[bytes]] = {}
        self._own_changes = 0
        self._counting = threading.Lock()
        self.leases = Leases(self)
        self.backup_path: Path | None = None
        self.keeps_backups = False
        self.before_first_write: Callable[[], None] | None = None
        self.ignores_log = False
        self._open_file: OpenFile | None = None
        try:
            self._open(must_exist)
        except BaseException:
            self.close()
            raise

    def _open(self, must_exist: bool) -> None:
        if not self.path.exists():
            if must_exist or self.is_read_only:
                raise StoreError(
                    f"{self.path}: no such store; `followertui import FILE` or `followertui auth login` makes one"
                )
            opening.create(self.path)
        elif self.path.is_dir():
            raise StoreError(f"{self.path}: is a folder; name a file for --store")
        elif not self.path.is_file():
            raise StoreError(f"{self.path}: is no regular file; choose another --store")
        con = self.con
        version = opening.checked_version(con, self.path, self.is_read_only)
        if version < schema.SCHEMA_VERSION:
            if self.is_read_only:
                raise StoreError(f"{self.path}: is of an older version; open it once without --read-only")
            self.backup_path = upgrading.upgrade(con, self.path)
        if not self.is_read_only:
            try:
                con.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                raise StoreError(f"{self.path}: cannot be written ({error}); open it with --read-only") from None
            self._open_file = OpenFile(self.path, con)

    @property
    def con(self) -> sqlite3.Connection:
        """This thread's connection, made on first use.

        Raises:
            StoreError: the store was closed, or cannot be opened.
        """
        con: sqlite3.Connection | None = getattr(self._local, "con", None)
        return self._connected() if con is None else con

    def _connected(self) -> sqlite3.Connection:
        with self._opening:
            if self._closing.is_set():
                raise StoreError(f"{self.path}: was closed")
            con, ignores_log = opening.connect(self.path, self.is_read_only)
            self.ignores_log |= ignores_log
            self._local.con = con
            self._connections.append((threading.current_thread(), con))
            return con

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging state of the file for several statements; nothing may be written inside."""
        con = self.con
        if con.in_transaction:
            yield con
            return
        con.execute("BEGIN")
        try:
            yield con
        finally:
            con.execute("COMMIT")

    def _begin(self, con: sqlite3.Connection) -> None:
        """Begin to write, to the file that has the name and no other."""
        for _ in range(_LOOKS):
            self._begin_immediate(con)
            if self._open_file is None or not self._open_file.is_there:
                con.execute("ROLLBACK")
                raise self._moved()
            belief = self._open_file.look(con)
            if belief is Belief.OURS:
                return
            con.execute("ROLLBACK")
            if belief is Belief.FOREIGN:
                break
            if con.execute("PRAGMA busy_timeout").fetchone() == (0,):
                raise Busy(f"{self.path}: is being compacted; try again")
            self._closing.wait(_LOOK_SECONDS)
        raise self._overwritten()

    def _begin_immediate(self, con: sqlite3.Connection) -> None:
        try:
            con.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if (failure := self._failure(error)) is not None:
                raise failure from None
            raise Busy(f"{self.path}: cannot be written now ({error}); try again") from None
        except sqlite3.DatabaseError as error:
            raise self._overwritten() from error

    def _moved(self) -> StoreError:
        return StoreError(
            f"{self.path}: was removed, moved or replaced while it was open; this was not saved: "
            "put the file back or restore a backup, then start again"
        )

    def _overwritten(self) -> StoreError:
        return StoreError(
            f"{self.path}: was overwritten by another program while it was open, or is damaged; this was not saved: "
            "close it in every window, put the file there once more or restore a backup, then start again"
        )

    def _failure(self, error: sqlite3.Error) -> StoreError | None:
        """What stops every write until a person does something, as one line; None for anything else."""
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return StoreError(f"{self.path}: the disk is full; this was not saved: make room, then try again")
        if error.sqlite_errorcode == _DB_MOVED:
            return self._moved()
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_IOERR:
            return StoreError(
                f"{self.path}: the disk refuses ({error}); this was not saved: it may be full, over a quota or failing"
            )
        return None

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; nested calls join the outer one. Change counters move with it.

        Raises:
            StoreError: the store is read-only, or the file cannot be written.
        """
        if self.is_read_only:
            raise StoreError(f"{self.path}: is open read-only; leave out --read-only to change it")
        with self._lock:
            con = self.con
            if self._depth:
                self._depth += 1
                try:
                    yield con
                finally:
                    self._depth -= 1
                return
            if self.before_first_write is not None:
                before, self.before_first_write = self.before_first_write, None
                before()
            self._begin(con)
            # A row may be replaced by one of the same key before the transaction ends.
            con.execute("PRAGMA defer_foreign_keys = ON")
            self._depth = 1
            self._changed = {}
            try:
                yield con
                self.leases.renew(con)
                changes = self._log_changes(con)
                with self._counting:
                    con.execute("COMMIT")
                    self._own_changes += changes
            except BaseException as error:
                # A full disk makes SQLite roll back by itself; a second one would hide the reason.
                if con.in_transaction:
                    con.execute("ROLLBACK")
                if isinstance(error, sqlite3.OperationalError) and (failure := self._failure(error)) is not None:
                    raise failure from None
                raise
            finally:
                self._depth = 0

    @contextlib.contextmanager
    def exclusively(self) -> Iterator[None]:
        """Let no other thread of this process write, for what cannot run inside a transaction."""
        with self._lock:
            yield

    @contextlib.contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Let writes of this thread inside the block give up at once where another writes.

        Raises:
            Busy: another thread of this process writes, before the block is entered.
        """
        if not self._lock.acquire(blocking=False):
            raise Busy(f"{self.path}: is being written; try again")
        [(waits,)] = self.con.execute("PRAGMA busy_timeout")
        try:
            self.con.execute("PRAGMA busy_timeout = 0")
            yield
        finally:
            self.con.execute(f"PRAGMA busy_timeout = {waits}")
            self._lock.release()

    @contextlib.contextmanager
    def many_writes(self) -> Iterator[None]:
        """A long run of small transactions: pages written again and again need not reach the file each time."""
        self.con.execute(f"PRAGMA wal_autocheckpoint = {_LONG_RUN_PAGES}")
        try:
            yield
        finally:
            self.con.execute(f"PRAGMA wal_autocheckpoint = {_USUAL_PAGES}")
            # Now, at the end of a long run, and not at the next key.
            self.con.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def bump(self, domain: str, rows: Iterable[int]) -> None:
        """Say inside a transaction that rows changed in a domain.

        Args:
            domain: one of ``schema.CHANGE_DOMAINS``.
            rows: row numbers, any order.
        """
        packed = rows.tobytes() if isinstance(rows, array) and rows.typecode == "I" else array("I", rows).tobytes()
        if packed:
            self._changed.setdefault(domain, []).append(packed)

    def _log_changes(self, con: sqlite3.Connection) -> int:
        """Write down which rows changed; returns by how much the counters grew."""
        for domain, blobs in self._changed.items():
            counter, stamp = con.execute(
                "UPDATE change SET counter = counter + 1, stamp = randomblob(8) WHERE domain = ? "
                "RETURNING counter, stamp",
                [domain],
            ).fetchone()
            con.execute("INSERT INTO change_log VALUES (?, ?, ?, ?)", [domain, counter, stamp, b"".join(blobs)])
            if counter % 500 == 0:
                con.execute("DELETE FROM change_log WHERE domain = ? AND counter <= ?", [domain, counter - _LOG_KEEP])
        return len(self._changed)

    def counters(self) -> dict[str, int]:
        """Domain -> how often it changed so far."""
        return dict(self.con.execute("SELECT domain, counter FROM change"))

    def lineage(self) -> dict[str, tuple[int, str]]:
        """Domain -> its counter and the stamp drawn with it: the same in no two histories of a store."""
        found = self.con.execute("SELECT domain, counter, hex(stamp) FROM change ORDER BY domain")
        return {domain: (counter, stamp) for domain, counter, stamp in found}

    def stamp_of(self, domain: str, counter: int) -> str | None:
        """The stamp drawn when a counter came to a value, None where it never did or is forgotten."""
        found = self.con.execute(
            "SELECT hex(stamp) FROM change WHERE domain = :domain AND counter = :counter UNION ALL "
            "SELECT hex(stamp) FROM change_log WHERE domain = :domain AND counter = :counter",
            {"domain": domain, "counter": counter},
        ).fetchone()
        return None if found is None else str(found[0])

    def changed_since(self, domain: str, counter: int) -> array[int] | None:
        """Rows that changed after ``counter``, with repeats, or None when the log no longer reaches back."""
        found = self.con.execute(
            "SELECT counter, rows FROM change_log WHERE domain = ? AND counter > ? ORDER BY counter", [domain, counter]
        ).fetchall()
        now = self.con.execute("SELECT counter FROM change WHERE domain = ?", [domain]).fetchone()[0]
        if len(found) != now - counter:
            return None
        rows = array("I")
        for _, blob in found:
            rows.frombytes(blob)
        return rows

    def foreign_changes(self) -> int:
        """Grows whenever another process changed rows; our own threads do not count."""
        with self._counting:
            return sum(self.counters().values()) - self._own_changes

    def warnings(self) -> list[str]:
        """Warnings about the location of the file."""
        found = location.warnings(self.path)
        if self.ignores_log:
            found.append(
                f"{self.path}-wal holds newer changes that cannot be read here, as the folder cannot be written; "
                "copy all of the store's files elsewhere and open them there"
            )
        return found

    def close(self) -> None:
        """Close every connection; what other threads still read is interrupted, what they write is waited for."""
        is_free = self._lock.acquire(timeout=_CLOSE_SECONDS)
        try:
            self.leases.close(may_write=is_free)
            with self._opening:
                self._closing.set()
                # This drops the reference of every thread that is not inside SQLite just now.
                self._local = threading.local()
            is_read = not closing.close_all(self._connections.pop() for _ in range(len(self._connections)))
        finally:
            if is_free:
                self._lock.release()
        # With a reader left the descriptor stays too: closing it would drop that reader's locks.
        if self._open_file is not None and not is_read:
            self._open_file.close()
        self._open_file = None


def packed(rows: Sequence[int]) -> bytes:
    """Row numbers as uint32 little-endian bytes, in order."""
    return rows.tobytes() if isinstance(rows, array) and rows.typecode == "I" else array("I", rows).tobytes()


def unpacked(blob: bytes) -> array[int]:
    """Row numbers from uint32 little-endian bytes, in order."""
    rows = array("I")
    rows.frombytes(blob)
    return rows
