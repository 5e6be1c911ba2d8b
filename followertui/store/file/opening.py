"""How SQLite opens a store file: created, connected, told from files of other programs.

Owns the checks before a file is believed to be a store, and the settings of a connection. Only
``store.file`` imports it.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from followertui import private_files
from followertui.domain.errors import StoreError
from followertui.store.file import schema

_WAIT_SECONDS = 30
"""How long a write waits for another process to finish its own."""


_MAPPED = 1 << 30
"""Bytes of the file that are read through memory."""


class Connection(sqlite3.Connection):
    """A connection one can refer to without keeping it open."""


def let_go_of_pages(con: sqlite3.Connection) -> None:
    """Give back what was read of the file so far, which is mapped into memory; it is mapped again when it is read.

    For reading a whole table once. Does nothing while a statement is open.
    """
    con.execute("PRAGMA mmap_size = 0").close()
    con.execute(f"PRAGMA mmap_size = {_MAPPED}").close()


def create(path: Path) -> None:
    """Create an empty file of mode 0600, and its folder.

    Raises:
        StoreError: it cannot be created.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        private_files.create(path).close()
    except OSError as error:
        raise StoreError(f"{path}: cannot be created ({error.strerror}); choose another --store") from None


def checked_version(con: sqlite3.Connection, path: Path, is_read_only: bool) -> int:
    """The schema version of an open file, 0 for an empty one.

    Raises:
        StoreError: it is no store, of a newer version, or may not be written.
    """
    try:
        application = int(con.execute("PRAGMA application_id").fetchone()[0])
        version = int(con.execute("PRAGMA user_version").fetchone()[0])
        tables = int(con.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.DatabaseError:
        raise StoreError(f"{path}: is not a followertui store; choose another --store") from None
    if tables and application != schema.APPLICATION_ID:
        raise StoreError(f"{path}: is a database of another program; choose another --store")
    if version > schema.SCHEMA_VERSION:
        raise StoreError(
            f"{path}: was written by a newer followertui (schema {version}, this one knows "
            f"{schema.SCHEMA_VERSION}); upgrade followertui"
        )
    if not is_read_only and not os.access(path, os.W_OK):
        raise StoreError(f"{path}: cannot be written; open it with --read-only or change its permissions")
    return version


def connect(path: Path, is_read_only: bool) -> tuple[sqlite3.Connection, bool]:
    """A new connection to a store file.

    Args:
        path: the file.
        is_read_only: it never writes.

    Returns:
        The connection, and whether it cannot read the newest transactions from where the file is.

    Raises:
        StoreError: the file cannot be opened or is no database.
    """
    try:
        ignores_log = False
        if is_read_only:
            con, ignores_log = _connect_read_only(path)
        else:
            # SQLite may take a name that begins with "file:" for an address; an absolute path never does.
            con = sqlite3.connect(
                os.path.abspath(path), isolation_level=None, check_same_thread=False, timeout=_WAIT_SECONDS,
                factory=Connection,
            )  # fmt: skip
        con.execute("PRAGMA foreign_keys = ON")
        con.execute("PRAGMA synchronous = NORMAL")
        con.execute("PRAGMA temp_store = MEMORY")
        con.execute("PRAGMA cache_size = -65536")
        con.execute(f"PRAGMA mmap_size = {_MAPPED}")
        # SQLite folds ASCII only; names are compared without case in every script.
        con.create_function("casefold", 1, _casefold, deterministic=True)
    except sqlite3.OperationalError as error:
        hint = "" if is_read_only else "; open it with --read-only or change its permissions"
        raise StoreError(f"{path}: cannot be opened ({error}){hint}") from None
    except sqlite3.DatabaseError:
        raise StoreError(f"{path}: is not a followertui store; choose another --store") from None
    return con, ignores_log


def _connect_read_only(path: Path) -> tuple[sqlite3.Connection, bool]:
    name = path.resolve().as_uri()
    con = sqlite3.connect(
        f"{name}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, factory=Connection
    )
    try:
        con.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # A WAL file in a folder that cannot be written needs immutable to be read at all.
        con.close()
        con = sqlite3.connect(
            f"{name}?immutable=1", uri=True, isolation_level=None, check_same_thread=False, factory=Connection
        )
        return con, _size(Path(f"{path.resolve()}-wal")) > 0
    return con, False


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
