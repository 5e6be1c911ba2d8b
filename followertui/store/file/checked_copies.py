"""Copies of files that may be anything, checked until they can be believed to be a store.

Owns what a file must be before it replaces a store: a whole SQLite file with exactly the
structure this program makes and the rows it relies on. Everything happens on a copy and ends
after a time limit. Only ``services`` imports it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import stat
import time
from pathlib import Path
from typing import BinaryIO, NamedTuple

from followertui import private_files
from followertui.domain.errors import BadInput
from followertui.store.file import migrations, schema, settings, structure, upgrading, watermarks

LOGS = ("-wal", "-journal")
"""What SQLite keeps beside a file that was not closed; without it the newest transactions are missing."""

_LEAST_SECONDS = 30
_BYTES_A_SECOND = 2_000_000
"""Checking and copying on a slow disk; more time than this is not needed by a real store."""
_BLOCK = 1 << 20
_STEPS = 20_000
_NO_BACKUP = "is no backup of a followertui store"


class TimeLimit:
    """Ends work on a file that takes longer than a file of its size can need.

    Args:
        path: the file, for the message.
        size: in bytes.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._ends_at = time.monotonic() + _LEAST_SECONDS + size / _BYTES_A_SECOND

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._ends_at

    def check(self) -> None:
        """Raise BadInput once the time is up."""
        if self.is_over:
            raise BadInput(f"{self._path}: takes too long to read; nothing was replaced, use another backup")


class Checked(NamedTuple):
    """A copy that is a store: how many accounts it holds, and the schema version it came with."""

    accounts: int
    version: int


def regular_file(path: Path) -> os.stat_result:
    """Facts of a file one can read to its end.

    Raises:
        BadInput: there is none, or it is a folder, a pipe or a device.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, ValueError):
        raise BadInput(f"{path}: no such file; `followertui restore --list` names backups") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    if stat.S_ISDIR(found.st_mode):
        raise BadInput(f"{path}: is a folder; name a backup file")
    if not stat.S_ISREG(found.st_mode):
        raise BadInput(f"{path}: is no regular file; name a backup file")
    return found


def copy_with_logs(source: Path, target: Path, limit: TimeLimit) -> None:
    """Copy a database file and the logs beside it, unless it is written to meanwhile.

    Raises:
        BadInput: it cannot be read, is in use, or there is not enough room.
    """
    pairs = [(source, target)]
    pairs += [(Path(f"{source}{log}"), Path(f"{target}{log}")) for log in LOGS if os.path.isfile(f"{source}{log}")]
    before = [_moment(one) for one, _ in pairs]
    need_room(target.parent, sum(size for _, size, _ in before))
    for one, other in pairs:
        try:
            with one.open("rb") as inner, private_files.create(other) as outer:
                copy_blocks(inner, outer, limit)
        except OSError as error:
            raise BadInput(f"{one}: cannot be copied ({error.strerror}); nothing was replaced") from None
    if [_moment(one) for one, _ in pairs] != before:
        raise BadInput(f"{source}: is being written; close what uses it, or copy it with `followertui backup`")


def _moment(path: Path) -> tuple[int, int, int]:
    found = regular_file(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def copy_blocks(inner: BinaryIO, outer: BinaryIO, limit: TimeLimit, most_bytes: int | None = None) -> None:
    """Copy block by block.

    Raises:
        BadInput: there is more than ``most_bytes``, or the time is up.
    """
    copied = 0
    while block := inner.read(_BLOCK):
        copied += len(block)
        limit.check()
        if most_bytes is not None and copied > most_bytes:
            raise BadInput(f"{inner.name}: holds more than it says; {_NO_BACKUP}")
        outer.write(block)


def need_room(folder: Path, size: int) -> None:
    """Raise BadInput where a folder's disk has no room for ``size`` bytes."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if size > free:
        raise BadInput(
            f"{folder}: has no room for {size / 1e6:,.0f} MB ({free / 1e6:,.0f} MB are free); nothing was replaced"
        )


def check(path: Path, shown: Path, limit: TimeLimit) -> Checked:
    """Make sure a copy is a store, and bring it to the schema of this program.

    Args:
        path: the copy; it is written to.
        shown: the file it was copied from, for messages.
        limit: of the time this may take.

    Raises:
        BadInput: it is not; the line says in what.
    """
    try:
        version = _version(path, shown, limit)
        if version < schema.SCHEMA_VERSION:
            _migrate(path, shown, limit)
        with contextlib.closing(_opened(path, limit)) as con:
            is_current = con.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA_VERSION
            differs = structure.difference(con) if is_current else f"schema {version} without its migrations"
            if differs:
                raise BadInput(f"{shown}: is not built as a store is ({differs}); take another backup")
            problems = [str(line[0]) for line in con.execute("PRAGMA integrity_check(3)")]
            if problems != ["ok"]:
                raise BadInput(f"{shown}: is damaged ({problems[0].splitlines()[-1]}); take another backup")
            _check_rows(con, shown)
            # Who held them worked on another file.
            con.execute("DELETE FROM lease")
            con.execute("PRAGMA journal_mode = DELETE")
            return Checked(int(con.execute("SELECT count(*) FROM account").fetchone()[0]), version)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        limit.check()
        why = f"is damaged ({error})" if "malformed" in str(error) else _NO_BACKUP
        raise BadInput(f"{shown}: {why}; take another backup") from None


def _version(path: Path, shown: Path, limit: TimeLimit) -> int:
    with contextlib.closing(_opened(path, limit)) as con:
        if con.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
            raise BadInput(f"{shown}: {_NO_BACKUP}")
        version = int(con.execute("PRAGMA user_version").fetchone()[0])
        if version > schema.SCHEMA_VERSION:
            raise BadInput(f"{shown}: was written by a newer followertui (schema {version}); upgrade followertui")
        if not version > 0:
            raise BadInput(f"{shown}: {_NO_BACKUP}")
        # Before anything is written: a foreign trigger would be executed by a migration.
        known, found = structure.our_programs(), structure.programs_of(con)
        for name in sorted(found):
            if known.get(name) != found[name]:
                raise BadInput(f"{shown}: is not built as a store is (view or trigger {name} is not ours)")
        return version


def _opened(path: Path, limit: TimeLimit) -> sqlite3.Connection:
    con = sqlite3.connect(path, isolation_level=None, timeout=1)
    con.execute("PRAGMA trusted_schema = OFF")
    con.execute("PRAGMA cell_size_check = ON")
    con.set_progress_handler(lambda: limit.is_over, _STEPS)
    return con


def _migrate(path: Path, shown: Path, limit: TimeLimit) -> None:
    try:
        with contextlib.closing(_opened(path, limit)) as con, upgrading.migrating(con):
            migrations.migrate(con)
    except (sqlite3.Error, TypeError, KeyError, ValueError):
        limit.check()
        raise BadInput(f"{shown}: cannot be brought to this version; take another backup") from None


def _check_rows(con: sqlite3.Connection, shown: Path) -> None:
    """What is read at every start must be there and readable."""
    domains = {line[0] for line in con.execute("SELECT domain FROM change")}
    if not domains.issuperset(schema.CHANGE_DOMAINS):
        raise BadInput(f"{shown}: lacks its change counters; take another backup")
    for name in [*watermarks.unreadable(con), *settings.unreadable(con)]:
        raise BadInput(f"{shown}: its value {name!r} is missing or cannot be read; take another backup")
