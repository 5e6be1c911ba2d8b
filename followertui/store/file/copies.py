"""Copies of a store file: made, checked and put back; and what its keeper wants to know of it.

Owns the SQLite side of backup, restore and doctor. Only ``services`` imports it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

from followertui.domain.errors import BadInput, Busy, StoreError
from followertui.store.file import schema
from followertui.store.file.connection import Store


def copy_to(store: Store, target: Path) -> None:
    """Copy the open store into a new file of mode 0600, consistent even while it is written to.

    Raises:
        BadInput: the file exists or cannot be written.
    """
    make_private(target)
    try:
        with contextlib.closing(sqlite3.connect(target)) as copy:
            store.con.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise BadInput(f"{target}: cannot be written ({error}); choose another place") from None


def make_private(target: Path) -> None:
    """Make an empty file only its owner can read.

    Raises:
        BadInput: it exists or cannot be made.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise BadInput(f"{target}: exists already; name another file") from None
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None


def check_file(path: Path) -> int:
    """Make sure a file is a whole store this program can read; returns how many accounts it has.

    Raises:
        BadInput: it is not.
    """
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as con:
            if con.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
                raise BadInput(f"{path}: is no backup of a followertui store")
            version = con.execute("PRAGMA user_version").fetchone()[0]
            if version > schema.SCHEMA_VERSION:
                raise BadInput(f"{path}: was written by a newer followertui (schema {version}); upgrade followertui")
            problems = [line[0] for line in con.execute("PRAGMA integrity_check(3)")]
            if problems != ["ok"]:
                raise BadInput(f"{path}: is damaged ({problems[0]}); take another backup")
            return int(con.execute("SELECT count(*) FROM account").fetchone()[0])
    except sqlite3.DatabaseError:
        raise BadInput(f"{path}: is no backup of a followertui store") from None


def put_in_place(source: Path, target: Path, aside: Path) -> bool:
    """Make a checked file the store at ``target``; what was there is kept as ``aside``.

    Returns:
        Whether a store was there.

    Raises:
        Busy: another program has the store open.
        BadInput: the files cannot be written.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        had = target.exists()
        if had:
            _settle(target)
        make_private(part)
        shutil.copyfile(source, part)
        if had:
            target.rename(aside)
        part.replace(target)
    except OSError as error:
        raise BadInput(f"{target}: cannot be replaced ({error.strerror})") from None
    finally:
        part.unlink(missing_ok=True)
    shutil.rmtree(target.with_name(target.name + ".cache"), ignore_errors=True)
    return had


def _settle(path: Path) -> None:
    """Fold the write-ahead log into the file; possible only while no other process has it open."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as con:
            con.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise Busy(f"{path}: is open in another window; close it and restore again") from None
    except sqlite3.DatabaseError:
        # A store too broken to open is the very reason to restore.
        return


def integrity(store: Store) -> list[str]:
    """What SQLite says is broken, at most ten lines; empty when all is well."""
    try:
        found = [str(line[0]) for line in store.con.execute("PRAGMA integrity_check(10)")]
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{store.path}: is damaged ({error}); put a backup back: followertui restore FILE") from None
    return [] if found == ["ok"] else found


def strays(store: Store) -> dict[str, int]:
    """Table -> how many of its rows refer to something that does not exist; only what is above zero."""
    found = Counter(line[0] for line in store.con.execute("PRAGMA foreign_key_check"))
    found["account"] += int(store.con.execute(_MERGED_INTO_NOTHING).fetchone()[0])
    return {table: count for table, count in sorted(found.items()) if count}


_MERGED_INTO_NOTHING = (
    "SELECT count(*) FROM account WHERE merged_into > 0 AND merged_into NOT IN (SELECT row FROM account)"
)
"""No foreign key: 0 is where a purged account was merged into."""


def unended_imports(store: Store) -> list[tuple[int, str]]:
    """Unfinished imports while none is running, oldest first: (number, file name)."""
    if store.leases.is_held("import"):
        return []
    return store.con.execute("SELECT id, source FROM import_run WHERE state = 'running' ORDER BY id").fetchall()


def sizes(store: Store) -> dict[str, int]:
    """Table -> rows, for what a person counts."""
    names = ("account", "list", "entry", "match", "decision", "plan_item", "journal", "import_run")
    return {name: int(store.con.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}


def sqlite_version() -> str:
    """Version of the SQLite library in use."""
    return sqlite3.sqlite_version
