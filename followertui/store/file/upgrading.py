"""Bringing an older store to the schema of this program: copied first, then one transaction.

Owns the backup before a migration and what is said where it fails; the steps themselves are
``migrations``, the tables of a file that is new ``new_file``. Only ``store.file`` imports it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from followertui import private_files
from followertui.domain.errors import StoreError
from followertui.late import late
from followertui.store.file import backup_folder, new_file, schema

if TYPE_CHECKING:
    from followertui.store.file import migrations
else:
    migrations = late("followertui.store.file.migrations")


def upgrade(con: sqlite3.Connection, path: Path) -> Path | None:
    """Copy an older store into the folder of its backups and migrate it; an empty file only gets its tables.

    Args:
        con: an open connection, with no transaction.
        path: the file.

    Returns:
        The copy, None where none was made: the file is new, or another process was first.

    Raises:
        StoreError: it cannot be copied or migrated; nothing was changed.
    """
    backup = None
    try:
        with migrating(con):
            version = new_file.version_of(con)
            if version == 0:
                new_file.make_tables(con)
            elif version < schema.SCHEMA_VERSION:
                backup = _copy(path, version)
                migrations.migrate(con)
    except (sqlite3.OperationalError, OSError) as error:
        raise StoreError(
            f"{path}: cannot be brought to this version ({error}); nothing was changed, try again"
        ) from error
    if backup is not None:
        backup_folder.thin_out(path)
    return backup


@contextlib.contextmanager
def migrating(con: sqlite3.Connection) -> Iterator[None]:
    """One write transaction in which tables that others refer to may be rebuilt."""
    # Possible only without enforcement, and that cannot be switched inside a transaction.
    con.execute("PRAGMA foreign_keys = OFF")
    try:
        con.execute("BEGIN IMMEDIATE")
        yield
        con.execute("COMMIT")
    finally:
        if con.in_transaction:
            con.execute("ROLLBACK")
        con.execute("PRAGMA foreign_keys = ON")


def _copy(path: Path, version: int) -> Path:
    """What stood before the transaction that is open, as a backup of the version it has."""
    folder = backup_folder.made(path)
    target = backup_folder.free_name(folder, int(time.time()), f"schema{version}")
    part = private_files.part_of(target)
    private_files.create(part).close()
    try:
        with (
            # A connection of its own reads what is committed, and the file only.
            contextlib.closing(sqlite3.connect(os.path.abspath(path), isolation_level=None)) as original,
            contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        os.replace(part, target)
    finally:
        for log in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{log}").unlink(missing_ok=True)
    return target
